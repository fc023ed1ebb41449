"""Tokens and templates of calendar expressions, compiled from a pack's [dates].

A text becomes a string of *codes*, one character a token: a character of its own for each set of roles that a
word can play (a month, an ordinal), `_` for any other word, punctuation for itself. Templates over roles
become regular expressions over that string, found by the code that a form starts with, so that an article of
some hundred words costs some dozen short matches.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from pipeline.detect.date_templates import Form, TemplateCompiler
from pipeline.language.date_words import DateWords, FormName
from pipeline.schema import Document, Span

OTHER, BREAK = "_", "|"
_PUNCTUATION = {",": ",", ".": ".", "/": "/", "-": "-", "–": "-", "—": "-", "~": "-"}
_RUNS_KEPT = 1 << 14
_NUMBERED = re.compile(r"_\d+$")
_CODES = 0xE000  # the private-use area: characters that no pattern syntax claims
_WORD = re.compile(r"\w+")
_GLUE = re.compile(r"[ '\-–\n＇]{1,3}")
_SPACE = re.compile(r"[ ']{0,3}\n?[ ']{0,3}|＇")

Roles = Mapping[str, str | int]
NO_ROLES: Roles = {}


class Token(NamedTuple):
    """A word, phrase or punctuation mark: offsets into the text, its code, the roles that it can play."""

    start: int
    end: int
    code: str
    roles: Roles


class Phrase(NamedTuple):
    """A vocabulary entry behind its first word; `dotted` where a full stop belongs to it."""

    rest: tuple[str, ...]
    dotted: bool
    code: str
    roles: Roles


class Phrases(NamedTuple):
    """The entries that start with one word, longest first: of that word alone, the others by the second; code and roles
    of the word alone where no full stop belongs to it."""

    single: list[Phrase]
    longer: dict[str, list[Phrase]]
    bare: tuple[str, Roles] | None = None


@dataclass(frozen=True)
class Forms:
    """The forms that start with one code; `source` is a pattern, without groups, of any of them."""

    source: str
    forms: tuple[Form, ...]

    @cached_property
    def quick(self) -> re.Pattern[str]:
        """`source`, compiled when the code is first met."""
        return re.compile(self.source)


@dataclass(frozen=True, slots=True, eq=False)
class Numerals:
    """How a pack writes words with digits in them."""

    marks: Mapping[str, str]
    suffixes: frozenset[str]
    decades: frozenset[str]


class Option(NamedTuple):
    """A form at the head of some codes: where its core begins, where it ends, and its groups: name, role, place."""

    core: int
    end: int
    form: Form
    groups: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """A pack's [dates], compiled.

    `starts` finds the tokens that can open an expression (alone, or before another word of the vocabulary);
    `prefix` is what may stand before a form; `by_code` holds the forms by the code of their first token,
    `whole` those that bring their own prefix; `reach` is the most codes that any of them takes.
    """

    words: DateWords
    numerals: Numerals
    phrases: Mapping[str, Phrases]
    codes: Mapping[frozenset[str], str]
    starts: re.Pattern[str]
    prefix: re.Pattern[str]
    reach: int
    by_code: Mapping[str, Forms]
    whole: Mapping[str, Forms]
    patterns: Mapping[str, re.Pattern[str]]
    sets: Mapping[str, frozenset[str]]

    def tokens(self, document: Document, blocked: Sequence[Span]) -> list[Token]:
        """The tokens of `document`, in order; a word within a blocked span plays no role."""
        found: list[Token] = []
        words, texts, low, plain = document.words, document.lower_words, document.lower, document.plain
        # The loop runs for every word of the text: `make` builds a token without the checks of `Token()`.
        add, make, known = found.append, tuple.__new__, self.phrases
        taken = _blocked_words(document, blocked)
        previous, following, last = 0, 0, len(words) - 1
        for index, (start, end) in enumerate(words):
            if index < following:
                continue
            if previous and plain[previous:start] != " ":
                mark = _gap(plain[previous:start])
                if mark:
                    add(make(Token, (previous, start, mark, NO_ROLES)))
            word = texts[index]
            token = None
            if phrases := known.get(word):
                if index not in taken:
                    if phrases.bare and (index == last or texts[index + 1] not in phrases.longer):
                        token = make(Token, (start, end, *phrases.bare))
                    else:
                        token, used = _longest(phrases, low, words, texts, index)
                        following = index + used + 1
            elif not word.isalpha() and (word[0].isdecimal() or word[-1].isdecimal()) and index not in taken:
                roles = shape(word, self.numerals)
                token = Token(start, end, self.codes[frozenset(roles)], roles) if roles else None
            add(token or make(Token, (start, end, OTHER, NO_ROLES)))
            previous = token.end if token else end
        return found


def _longest(
    phrases: Phrases, low: str, words: Sequence[tuple[int, int]], texts: Sequence[str], index: int
) -> tuple[Token | None, int]:
    """The longest phrase that starts with word `index`, and how many more words it takes."""
    start, end = words[index]
    if phrases.longer and index + 1 < len(words):
        for rest, dotted, code, roles in phrases.longer.get(texts[index + 1], ()):
            stop, at = end, index
            for word in rest:
                at += 1
                if at >= len(words) or texts[at] != word or not _GLUE.fullmatch(low, stop, words[at][0]):
                    break
                stop = words[at][1]
            else:
                if not dotted or low[stop : stop + 1] == ".":
                    return Token(start, stop + dotted, code, roles), len(rest)
    for _, dotted, code, roles in phrases.single:
        if not dotted or low[end : end + 1] == ".":
            return Token(start, end + dotted, code, roles), 0
    return None, 0


@lru_cache(maxsize=4096)
def shape(word: str, numerals: Numerals) -> Roles:
    """Roles of a word with digits: numbers, ordinals (`3e`), period marks (`t3`, `3t24`), decades
    (`1990s`)."""
    if word.isalpha() or (not word.isascii() and not word[0].isdecimal()):
        return NO_ROLES
    digits = len(word) - len(word.lstrip("0123456789"))
    if digits == len(word):
        return _number(word)
    head, tail = word[:digits], word[digits:]
    if digits and len(head) <= 2 and tail in numerals.suffixes:
        value = int(head)
        return {"ORD": value, "DAY": value} if 1 <= value <= 31 else {"ORD": value}
    if digits in (2, 4) and tail in numerals.decades:
        return {"DECADE": int(head) if digits == 4 else 1900 + int(head)}
    return _mark(head, tail, numerals.marks)


def _mark(head: str, tail: str, marks: Mapping[str, str]) -> Roles:
    """A quarter or half by its mark: `t3`, `trimestre3`, or `3t24` with its year."""
    mark = tail.rstrip("0123456789")
    figures = tail[len(mark) :]
    if mark not in marks or not tail.isascii() or len(figures) not in ((2, 4) if head else (1,)):
        return NO_ROLES
    role, limit = f"MARK_{marks[mark].upper()}", {"quarter": 4, "half": 2}[marks[mark]]
    number = int(head or figures)
    if not 1 <= number <= limit:
        return NO_ROLES
    if not head:
        return {role: number}
    return {role: number, "MARK_YEAR": int(figures) + (2000 if len(figures) == 2 else 0)}


def _number(word: str) -> Roles:
    value, width = int(word[:9]), len(word)
    roles: dict[str, str | int] = {"NUM": word}
    if width <= 2:
        roles |= {"NUMBER": value} | ({"DAY": value} if 1 <= value <= 31 else {})
    if width == 2:
        roles |= {"TWO": value} | ({"SHORT": expand(value)} if value > 31 else {})
    if width == 4 and 1900 <= value <= 2100:
        roles["YEAR"] = value
    return roles


def expand(short: int) -> int:
    """A year from its last two digits."""
    return short + (2000 if short < 50 else 1900)


def _blocked_words(document: Document, blocked: Sequence[Span]) -> set[int]:
    """Indexes of the words that overlap a blocked span."""
    if not blocked:
        return set()
    words, starts = document.words, document.word_starts
    taken, behind = set(), 0
    for start, end in sorted((b.start, b.end) for b in blocked):
        # The word that holds the first character may begin before the span.
        index = max(behind, bisect_right(starts, start) - 1)
        while index < len(words) and starts[index] < end:
            if words[index][1] > start:
                taken.add(index)
            index += 1
        behind = max(behind, index - 1)
    return taken


@lru_cache(maxsize=_RUNS_KEPT)
def options(grammar: Grammar, run: str) -> tuple[Option, ...]:
    """The forms that match at the head of `run`, longest first; kept, as texts repeat few runs of codes."""
    prefixed = grammar.prefix.match(run)
    core = prefixed.end() if prefixed else 0
    found: list[Option] = []
    tables = [(core, core, grammar.by_code), (0, 0, grammar.by_code), (0, core, grammar.whole)]
    for place, start, table in tables[0 if core else 1 :]:
        group = table.get(run[place]) if place < len(run) else None
        if group is None or not group.quick.match(run, place):
            continue
        for form in group.forms:
            if match := form.pattern.match(run):
                taken = [(name, role) for name, role in form.roles.items() if match[name]]
                groups = tuple((_NUMBERED.sub("", name), role, match.start(name)) for name, role in taken)
                found.append(Option(start, match.end(), form, groups))
    return tuple(sorted(found, key=lambda option: -option.end))


@lru_cache(maxsize=1024)
def _gap(gap: str) -> str:
    """The code of what stands between two words; spaces and apostrophes count for nothing."""
    if _SPACE.fullmatch(gap):
        return ""
    mark = gap.strip(" \n")
    if "\n" in gap or (mark in (",", ".") and gap[0] == " "):
        return BREAK
    if mark[:1] == "." and len(mark) > 1:
        mark = mark[1:].lstrip()  # "14. - 15.10.": the stop of an ordinal
    return _PUNCTUATION.get(mark, BREAK)


@lru_cache(maxsize=8)
def grammar(words: DateWords) -> Grammar:
    """The compiled form of a pack's [dates]. Raises ValueError where a template cannot be read."""
    entries = _lexicon(words)
    numerals = Numerals(
        {mark: unit for unit, marks in words.marks.items() for mark in marks},
        frozenset(words.ordinal_suffixes),
        frozenset(words.decade_suffixes),
    )
    sets = {frozenset(shape(s, numerals)) for s in _samples(numerals)} | {
        frozenset(r) for r in entries.values()
    }
    codes = {roles: chr(_CODES + n) for n, roles in enumerate(sorted((s for s in sets if s), key=sorted))}
    compiler = TemplateCompiler(codes, words.prefix, words.macros)
    templates = [(name, template) for name, group in words.forms.items() for template in group]
    by_code = _dispatch(compiler, [t for t in templates if not t[1].startswith("^")])
    whole = _dispatch(compiler, [t for t in templates if t[1].startswith("^")])
    pieces = [compiler.piece(template.removeprefix("^"), None) for _, template in templates]
    longest = max(piece.longest for piece in pieces)
    prefix = compiler.piece(words.prefix, None)
    alone = frozenset().union(*(piece.alone for piece in pieces))
    opening = prefix.first | by_code.keys() | whole.keys()
    return Grammar(
        words=words,
        numerals=numerals,
        phrases=_trie(entries, codes),
        codes=codes,
        # One class of codes first, so that the search skips from one to the next.
        starts=re.compile(
            f"[{''.join(sorted(opening))}](?:(?<=[{''.join(sorted(alone))}])|(?=[^{OTHER}{re.escape(BREAK)}]))"
        ),
        prefix=re.compile(prefix.source),
        reach=prefix.longest + longest,
        by_code=by_code,
        whole=whole,
        patterns={name: re.compile(text) for name, text in words.patterns.items()},
        sets={
            **{name: frozenset(group) for name, group in words.guards.items()},
            "decade_suffixes": numerals.decades,
        },
    )


def _dispatch(compiler: TemplateCompiler, templates: Iterable[tuple[FormName, str]]) -> dict[str, Forms]:
    """Forms by the code that they can start with, in the order of the pack."""
    found: dict[str, list[tuple[str, Form]]] = {}
    for name, template in templates:
        form, piece = compiler.form(name, template)
        for code in piece.first:
            found.setdefault(code, []).append((piece.source, form))
    return {
        code: Forms("|".join(source for source, _ in options), tuple(form for _, form in options))
        for code, options in found.items()
    }


def _samples(numerals: Numerals) -> Iterable[str]:
    """One word of each shape that figures come in."""
    yield from ("0", "1", "01", "13", "00", "32", "99", "123", "2024", "12345")
    yield from (f"{number}{suffix}" for suffix in numerals.suffixes for number in (1, 40))
    yield from (f"{number}{suffix}" for suffix in numerals.decades for number in (90, 1990))
    yield from (text for mark in numerals.marks for text in (f"{mark}1", f"1{mark}24"))


def _unaccented(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


Entries = dict[tuple[tuple[str, ...], bool], dict[str, str | int]]


def _lexicon(words: DateWords) -> Entries:
    """(words of a phrase, whether a full stop belongs to it) to its roles."""
    entries: Entries = {}

    def add(phrases: Iterable[str], role: str, value: str | int) -> None:
        for phrase in phrases:
            parts = tuple(_WORD.findall(phrase))
            for dotted in (True, False) if phrase.endswith(".") else (False,):
                entries.setdefault((parts, dotted), {}).setdefault(role, value)

    for role, rows in (
        ("MONTH", words.months), ("WEEKDAY", words.weekdays), ("ORD", words.ordinals), ("NUMBER", words.cardinals),
    ):  # fmt: skip
        for number, names in enumerate(rows, 1):
            bare = () if role == "NUMBER" else map(_unaccented, names)
            add((*names, *bare), role, number)
            if (role == "NUMBER" and number <= 31) or (role == "ORD" and number == 1):
                add(names, "DAY", number)
    # "Twenty five" is 25, not 2005.
    counts = {name.replace("-", " ") for names in words.cardinals for name in names}
    for text, heads in words.year_words.items():
        for number, names in enumerate(words.cardinals, 1):
            add(sorted({f"{head} {name}" for head in heads for name in names} - counts), "YEAR", int(text) + number)
    for unit, names in words.units.items():
        for role in ("UNIT", f"UNIT_{unit.upper()}"):
            add((*names, *map(_unaccented, names)), role, unit)
    for text, names in (*words.tens.items(), *words.weeks_on.items()):
        add(names, "TENS" if text in words.tens else "WEEKS_ON", int(text))
    for role, value, names in _valued(words):
        add(names, role, value)
    for value, names in words.deictic.items():
        add(names, "TEXTDAY" if value in ("following", "previous") else "DEICTIC", value)
    for glue, names in words.glue.items():
        add(names, glue, glue)
    add(words.never, "NEVER", "never")
    return entries


def _valued(words: DateWords) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The role, the value and the words of each table whose keys are values."""
    tables: tuple[tuple[str, Iterable[tuple[str, tuple[str, ...]]]], ...] = (
        ("SEASON", words.seasons.items()), ("PART", words.parts.items()), ("BOUND", words.bounds.items()),
        ("REL", words.relative.items()), ("REL_MANY", words.relative_many.items()), ("HOLIDAY", words.holidays.items()),
        *((role, table.items()) for role, table in words.fused.items()),
    )  # fmt: skip
    return ((role, value, names) for role, table in tables for value, names in table)


def _trie(entries: Entries, codes: Mapping[frozenset[str], str]) -> dict[str, Phrases]:
    found: dict[str, Phrases] = {}
    for (parts, dotted), roles in entries.items():
        phrases = found.setdefault(parts[0], Phrases([], {}))
        options = phrases.longer.setdefault(parts[1], []) if len(parts) > 1 else phrases.single
        options.append(Phrase(parts[1:], dotted, codes[frozenset(roles)], roles))
    for phrases in found.values():
        for options in (phrases.single, *phrases.longer.values()):
            options.sort(key=lambda p: (-len(p.rest), not p.dotted))
    alone = {word: phrases.single[0] for word, phrases in found.items() if phrases.single}
    bare = {word: (phrase.code, phrase.roles) for word, phrase in alone.items() if not phrase.dotted}
    return {word: phrases._replace(bare=bare.get(word)) for word, phrases in found.items()}
