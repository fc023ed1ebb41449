"""How time grows with length on text that was made to take time: every compiled pattern, and whole extraction.

usage: growth.py [--size N] [--documents N]

A pattern is anything that the package gives to `re`, at import or with a language pack. For each, strings are made from
its own parts: what can repeat is repeated, behind what must stand before it and before what it cannot end with. The
time at N characters is held against that at a quarter of them: four times is linear, sixteen its square. With --size 0
only documents are measured: pieces of text, repeated, through the whole extraction. Ends with exit code 1 where
anything grows faster.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import re
import re._constants as op
import re._parser as parser
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

FIRST = 4_000
_TIMES, _TOO_FAST = 8.0, 0.0004
_PARSED = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_MANY = 9
_SHOWN = {op.CATEGORY_DIGIT: "1", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a", op.CATEGORY_NOT_WORD: "-"}
_ANY = "aA1 -.,(\n'\"<&é"
# Given no more than so many characters, or text of our own, wherever they search from a place that they choose.
WINDOWS = {
    "pipeline.annotate.brat:_BREAKS": "our own annotations",
    "pipeline.corpus.": "our own corpus",
    "pipeline.evaluate.": "names of gold and facts, some words long",
    "pipeline.detect.cues:_LEAD": "_LEAD_REACH",
    "pipeline.detect.known_names:_COMPOUND_HEAD": "_COMPOUND_REACH",
    "pipeline.detect.new_names:_TOWN": "_TOWN_REACH",
    "pipeline.detect.date_templates:_PART": "templates of a pack",
    "pipeline.language.date_words:": "spans and clauses of a sentence, which segment.py cuts at 2,000 characters",
    "pipeline.language.patterns:": "a pack",
    "pipeline.link.stance:_BRACKETS": "a gap in a sentence, which segment.py cuts at 2,000 characters",
    "pipeline.detect.date_grammar:": "words of a pack; a sentence's codes",
    "pipeline.detect.lexicon:": "60 characters",
    "pipeline.detect.quantity_tables:": "60 characters",
    "pipeline.tables.sql:_VIEW": "our own views",
}
# Pieces of text that make the stages compare what stands together.
FRAGMENTS = (
    "(", "« ", "-", ".", ". ", ", ", "\n", "\n\n", "A", "A ", "A.", "Aa-", "Aa'", "Aa. ", "Aa Bb, ", "Aa Bb et ", "1",
    "1 ", "1.", "1-", "1/",
    "$1", "€ ", "1 € ", "(1 €", "1 km, ", "2024 ", "2024-", "en mars ", "de 1 à ", "entre 1 et ", "mille ", "Renault-",
    "Renault, ", "Renault et ", "la Renault 5 ", "le groupe ", "Lei Jun, ", "M. Aa ", "(ABC) ", "d'", "n'a pas ",
    "a livré 20 ", "Renault a livré 20 000 véhicules. ", "Renault a livré 20 000 véhicules, ", "selon Reuters, ",
    "lance la Renault 5 ", "respectivement ", "depuis ", "au lieu de ", "\u0301", "\U0001f697", "\u202e",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """A pattern, the module and name under which it is kept, and whether it is only ever tried at one place."""

    pattern: str | bytes
    flags: int
    where: str
    matched: bool

    @property
    def window(self) -> str | None:
        return next((why for name, why in WINDOWS.items() if self.where.startswith(name)), None)


@dataclass(frozen=True, slots=True)
class Slow:
    """What grows too fast: seconds at two lengths on the repeated part."""

    where: str
    part: str
    seconds: tuple[float, float]


def main() -> None:
    argument = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    argument.add_argument("--size", type=int, default=1_000_000)
    argument.add_argument("--documents", type=int, default=32_000)
    options = argument.parse_args()
    slow = list(slow_patterns(patterns(), options.size)) if options.size else []
    slow += slow_documents(options.documents) if options.documents else []
    for each in slow:
        print(each)
    sys.exit(bool(slow))


# ---- patterns


def patterns() -> list[Given]:
    """All patterns of the package: it must not have been imported before."""
    assert "pipeline" not in sys.modules
    found: dict[tuple[str | bytes, int], str] = {}
    real = re._compile  # type: ignore[attr-defined]

    def spy(pattern: Any, flags: int) -> re.Pattern[Any]:
        caller = sys._getframe(2)
        made: re.Pattern[Any] = real(pattern, flags)
        name = caller.f_globals.get("__name__", "")
        if name.startswith("pipeline."):
            found.setdefault((made.pattern, made.flags), name)
        return made

    re._compile = spy  # type: ignore[attr-defined]
    try:
        modules = _load_all()
    finally:
        re._compile = real  # type: ignore[attr-defined]
    named = {
        (value.pattern, value.flags): f"{module.__name__}:{name}"
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }
    sources = {module.__name__: inspect.getsource(module) for module in modules}
    return [
        Given(pattern, flags, name := named.get((pattern, flags), f"{where}:"), _matched(name, sources))
        for (pattern, flags), where in found.items()
    ]


def _load_all() -> list[ModuleType]:
    """Import every module, load every pack, and have each read something, so that all is compiled."""
    import pipeline
    from pipeline.extract import Extractor
    from pipeline.ingest import available_packs
    from pipeline.schema import Article

    modules = []
    for each in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        with suppress(ModuleNotFoundError):  # of an extra that is not installed
            modules.append(importlib.import_module(each.name))
    for lang in sorted(available_packs()):
        Extractor.load(lang, rules_only=True).extract(Article("a", "Renault, 2024. 21 400 km.", lang=lang))
    return modules


def _matched(where: str, sources: dict[str, str]) -> bool:
    """Whether the pattern kept at `where` is only matched from a given place on, never searched for."""
    module, _, name = where.partition(":")
    uses = set(re.findall(rf"\b{name}\.(\w+)\(", sources[module])) if name else set()
    return bool(uses) and uses <= {"match", "fullmatch"}


def slow_patterns(given: list[Given], size: int) -> Iterator[Slow]:
    """Those of `given` that take more than linear time on strings of up to `size` characters."""
    for each in given:
        if each.window:
            continue
        compiled = re.compile(each.pattern, each.flags)
        run = compiled.match if each.matched else compiled.search
        binary = isinstance(each.pattern, bytes)
        for attack in attacks(each.pattern, each.flags):
            for length in dict.fromkeys([min(FIRST, size), size]):
                short, long = (_built(attack, n, binary) for n in (length // 4, length))
                if seconds := _grown(run, short, long):
                    yield Slow(f"{each.where} {each.pattern!r:.80}", repr(attack), seconds)
                    break


def _grown(run: Callable[[Any], object], short: object, long: object) -> tuple[float, float] | None:
    """The seconds for `short` and `long`, four times as long, where they tell of more than linear growth."""
    for _ in range(3):  # a busy machine may be slow once
        before, after = _seconds(run, short), _seconds(run, long)
        if after < _TIMES * max(before, _TOO_FAST):
            return None
    return round(before, 4), round(after, 4)


def _seconds(run: Callable[[Any], object], text: object) -> float:
    started = time.process_time()
    run(text)
    return time.process_time() - started


def _built(attack: tuple[str, str, str], length: int, binary: bool) -> str | bytes:
    head, part, tail = attack
    text = head + part * max((length - len(head) - len(tail)) // len(part), 1) + tail
    return text.encode("utf-8", "replace") if binary else text


def attacks(pattern: str | bytes, flags: int) -> list[tuple[str, str, str]]:
    """Strings that may take the pattern long: what stands at the beginning, what is repeated, what ends it."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(text, flags & ~op.SRE_FLAG_UNICODE)
    repeats = list(dict.fromkeys(_repeats(tree, "")))
    found = [(head, part, tail) for head, part in repeats for tail in ("", "\0", "\n")]
    found += [("", head + part, "\0") for head, part in repeats if head]
    found += [("", head, "\0") for head, _ in repeats if head]
    found += [(head, part + other, "\0") for head, part in repeats for _, other in repeats[:3] if other != part]
    found += [("", part, "\0") for part in (_sample(tree), _sample(tree)[:-1], " ", "1", "a", "A", ".") if part]
    return list(dict.fromkeys(found))


def _repeats(tree: Any, head: str) -> Iterator[tuple[str, str]]:
    """For each part that can repeat: what must stand before it, and what fits in it."""
    for kind, value in tree:
        if kind in _PARSED:
            least, most, body = value
            if most >= _MANY:
                yield from ((head, part) for part in _samples(body) if part)
            yield from _repeats(body, head)
            head += _sample(body) * least
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, head)
            head += _sample(value[1][0])
        elif kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
            body = value[3] if kind is op.SUBPATTERN else value
            yield from _repeats(body, head)
            head += _sample(body)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from _repeats(value[1], head)
        else:
            head += _sample([(kind, value)])


def _samples(tree: Any) -> set[str]:
    if len(tree) == 1 and tree[0][0] is op.IN:
        return set(_members(tree[0][1]))
    return {_sample(tree)}


def _sample(tree: Any) -> str:
    """A short string that the pattern fits."""
    return "".join(_piece(kind, value) for kind, value in tree)


def _piece(kind: Any, value: Any) -> str:
    makers: dict[Any, Callable[[], str]] = {
        op.LITERAL: lambda: chr(value),
        op.NOT_LITERAL: lambda: "b" if value == ord("a") else "a",
        op.ANY: lambda: "a",
        op.IN: lambda: _members(value)[0],
        op.BRANCH: lambda: _sample(value[1][0]),
        op.SUBPATTERN: lambda: _sample(value[3]),
        op.ATOMIC_GROUP: lambda: _sample(value),
        **dict.fromkeys(_PARSED, lambda: _sample(value[2]) * int(value[0])),
    }
    return makers[kind]() if kind in makers else ""


def _members(items: Any) -> list[str]:
    """Some characters of a class."""
    if items[0][0] is op.NEGATE:
        return [char for char in _ANY if not any(_holds(kind, value, char) for kind, value in items[1:])][:2] or ["中"]
    found = []
    for kind, value in items:
        if kind is op.CATEGORY:
            found.append(_SHOWN.get(value, "a"))
        else:
            found.append(chr(value if kind is op.LITERAL else value[0]))
    return found[:3]


def _holds(kind: Any, value: Any, char: str) -> bool:
    if kind is op.CATEGORY:
        name = str(value)
        fits = (
            char.isdigit() if "DIGIT" in name else char.isspace() if "SPACE" in name else char.isalnum() or char == "_"
        )
        return fits != ("NOT" in name)
    low, high = (value, value) if kind is op.LITERAL else value
    return bool(low <= ord(char) <= high)


# ---- documents


def slow_documents(size: int, fragments: tuple[str, ...] = FRAGMENTS) -> list[Slow]:
    """The fragments that, repeated, make extraction grow faster than the text."""
    from pipeline.extract import Extractor
    from pipeline.schema import Article, Published

    extractor = Extractor.load("fr")

    def run(text: str) -> None:
        extractor.extract(Article("a", text, Published("2024-10")))

    run("Renault a livré 20 000 véhicules.")
    found = []
    for part in fragments:
        short, long = (str(_built(("", part, ""), length, False)) for length in (size // 4, size))
        if seconds := _grown(run, short, long):
            found.append(Slow("extraction", part, seconds))
    return found


if __name__ == "__main__":
    main()
