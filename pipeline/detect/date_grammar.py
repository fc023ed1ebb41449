"""Tokens and templates of calendar expressions, compiled from a pack's [dates].

A text becomes a string of *codes*, one character a token: a character of its own for each set of roles that a word
can play ("mars" a month, "second" an ordinal), `_` for any other word, punctuation for itself. Templates over roles
become regular expressions over that string, so that scanning an article costs one pass over some hundred characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.date_words import DateWords, FormName
from pipeline.schema import Document, Span

OTHER, BREAK = "_", "|"
_PUNCTUATION = {",": ",", ".": ".", "/": "/", "-": "-", "–": "-", "—": "-", "~": "-"}
_SYMBOLS = {"COMMA": ",", "DOT": r"\.", "SLASH": "/", "DASH": "-"}
_CODES = 0xE000  # the private-use area: characters that no pattern syntax claims
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"(?:(?P<name>[A-Za-z0-9_]+):)?(?P<role>[A-Z][A-Z0-9_]*)|(?P<syntax>[()|?])|\s+")
_GLUE = re.compile(r"[ '\-–\n＇]{1,3}")
_SPACE = re.compile(r"[ ']{0,3}\n?[ ']{0,3}|＇")
_PHRASE_LIMIT = 6

Roles = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, phrase or punctuation mark: offsets into the text, its code, the roles that it can play."""

    start: int
    end: int
    code: str
    roles: Roles


@dataclass(frozen=True, slots=True)
class Form:
    """One template: `pattern` has a named group for each role, `roles` says which; `name` chooses the reading."""

    name: FormName
    pattern: re.Pattern[str]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """A pack's [dates], compiled."""

    words: DateWords
    phrases: dict[str, list[tuple[tuple[str, ...], bool, Roles]]]
    codes: dict[frozenset[str], str]
    marks: dict[str, str]
    suffixes: frozenset[str]
    decades: frozenset[str]
    scanner: re.Pattern[str]
    forms: tuple[Form, ...]
    counted: re.Pattern[str]
    negated: re.Pattern[str]
    future: re.Pattern[str]
    past: re.Pattern[str]

    def tokens(self, document: Document, blocked: Sequence[Span]) -> list[Token]:
        """The tokens of `document`, in order; a word within a blocked span plays no role."""
        found: list[Token] = []
        words, low, index, taken = document.words, document.lower, 0, _starts(document, blocked)
        previous = 0
        while index < len(words):
            start, end = words[index]
            if found:
                found.extend(_between(document.plain, previous, start))
            word = low[start:end]
            roles: Roles = {}
            if index not in taken:
                roles, count, end = self._read(low, words, index)
                index += count - 1
            code = self.codes.get(frozenset(roles), OTHER) if roles else OTHER
            found.append(Token(start, end, code, roles if roles else {"WORD": word}))
            previous = end
            index += 1
        return found

    def _read(self, low: str, words: Sequence[tuple[int, int]], index: int) -> tuple[Roles, int, int]:
        """Roles, number of words and end of the token that starts at word `index`."""
        start, end = words[index]
        for rest, dotted, roles in self.phrases.get(low[start:end], ()):
            stop, at = end, index
            for word in rest:
                at += 1
                if at >= len(words) or low[slice(*words[at])] != word or not _GLUE.fullmatch(low, stop, words[at][0]):
                    break
                stop = words[at][1]
            else:
                return roles, len(rest) + 1, stop + (dotted and low[stop : stop + 1] == ".")
        return shape(low[start:end], self.marks, self.suffixes, self.decades), 1, end


def shape(word: str, marks: Mapping[str, str], suffixes: frozenset[str], decades: frozenset[str]) -> Roles:
    """Roles of a word with digits in it: numbers, ordinals (`3e`), period marks (`t3`, `3t24`), decades (`1990s`)."""
    if word.isalpha():
        return {}
    digits = len(word) - len(word.lstrip("0123456789"))
    if digits == len(word):
        return _number(word)
    head, tail = word[:digits], word[digits:]
    if digits and len(head) <= 2 and tail in suffixes:
        value = int(head)
        return {"ORD": value, "DAY": value} if 1 <= value <= 31 else {"ORD": value}
    if digits in (2, 4) and tail in decades:
        return {"DECADE": int(head) if digits == 4 else 1900 + int(head)}
    if not digits and tail[:1] in marks and tail[1:].isdigit() and len(tail) == 2:
        return _mark(marks[tail[0]], int(tail[1]), None)
    if digits == 1 and tail[0] in marks and tail[1:].isdigit() and len(tail) in (3, 5):
        return _mark(marks[tail[0]], int(head), int(tail[1:]) + (2000 if len(tail) == 3 else 0))
    return {}


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


def _mark(unit: str, number: int, year: int | None) -> Roles:
    if not 1 <= number <= {"quarter": 4, "half": 2}[unit]:
        return {}
    role = f"MARK_{unit.upper()}"
    return {role: number} if year is None else {role: number, "MARK_YEAR": year}


def _starts(document: Document, blocked: Sequence[Span]) -> set[int]:
    """Indexes of the words that overlap a blocked span."""
    if not blocked:
        return set()
    ordered = sorted((b.start, b.end) for b in blocked)
    taken, at = set(), 0
    for index, (start, end) in enumerate(document.words):
        while at < len(ordered) and ordered[at][1] <= start:
            at += 1
        if at < len(ordered) and ordered[at][0] < end:
            taken.add(index)
    return taken


def _between(plain: str, start: int, end: int) -> Iterator[Token]:
    """Tokens for what stands between two words; plain spaces and apostrophes count for nothing."""
    gap = plain[start:end]
    if gap == " " or _SPACE.fullmatch(gap):
        return
    mark = gap.strip(" \n")
    code = _PUNCTUATION.get(mark, BREAK)
    if "\n" in gap or (mark in ",." and gap[0] == " "):
        code = BREAK
    yield Token(start, end, code, {})


@lru_cache(maxsize=8)
def grammar(words: DateWords) -> Grammar:
    """The compiled form of a pack's [dates]. Raises ValueError where a template names an unknown role."""
    lexicon = _lexicon(words)
    marks = {letter: unit for unit, letters in words.marks.items() for letter in letters}
    suffixes, decades = frozenset(words.ordinal_suffixes), frozenset(words.decade_suffixes)
    samples = ["1", "01", "13", "00", "32", "99", "123", "2024", "12345", *words.decade_suffixes]
    samples += [f"{n}{s}" for s in words.ordinal_suffixes[:1] for n in (1, 40)] + [f"2010{s}" for s in words.decade_suffixes]
    samples += [f"{m}1" for m in marks] + [f"1{m}24" for m in marks]
    sets = {frozenset(shape(s, marks, suffixes, decades)) for s in samples} | {frozenset(r) for r in lexicon.values()}
    ordered = sorted((s for s in sets if s), key=sorted)
    codes = {roles: chr(_CODES + n) for n, roles in enumerate(ordered)}
    compiler = _Compiler(codes, words)
    return Grammar(
        words=words,
        phrases=_trie(lexicon),
        codes=codes,
        marks=marks,
        suffixes=suffixes,
        decades=decades,
        scanner=compiler.scanner(t for templates in words.forms.values() for t in templates),
        forms=tuple(compiler.form(name, t) for name, templates in words.forms.items() for t in templates),
        counted=re.compile(words.counted_pattern),
        negated=re.compile(words.negated),
        future=re.compile(words.future),
        past=re.compile(words.past),
    )


def _unaccented(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _lexicon(words: DateWords) -> dict[tuple[tuple[str, ...], bool], dict[str, str | int]]:
    """(words of a phrase, whether a full stop belongs to it) to its roles."""
    entries: dict[tuple[tuple[str, ...], bool], dict[str, str | int]] = {}

    def add(phrases: Sequence[str], role: str, value: str | int, bare: bool = False) -> None:
        for phrase in {*phrases, *((_unaccented(p) for p in phrases) if bare else ())}:
            key = (tuple(_WORD.findall(phrase)), phrase.endswith("."))
            entries.setdefault(key, {}).setdefault(role, value)

    for number, names in enumerate(words.months, 1):
        add(names, "MONTH", number, bare=True)
    for number, names in enumerate(words.weekdays, 1):
        add(names, "WEEKDAY", number)
    for number, names in enumerate(words.cardinals, 1):
        add(names, "NUMBER", number)
        add(names, "DAY", number)
    for text, names in words.tens.items():
        add(names, "TENS", int(text))
    for text, heads in words.year_words.items():
        for number, names in enumerate(words.cardinals, 1):
            add([f"{head} {name}" for head in heads for name in names], "YEAR", int(text) + number)
    for text, names in words.weeks_on.items():
        add(names, "WEEKS_ON", int(text))
    for number, names in enumerate(words.ordinals, 1):
        add(names, "ORD", number, bare=True)
        if number == 1:
            add(names, "DAY", 1)
    for unit, names in words.units.items():
        add(names, "UNIT", unit, bare=True)
        add(names, f"UNIT_{unit.upper()}", unit, bare=True)
    for role, table in (
        ("SEASON", words.seasons), ("PART", words.parts), ("BOUND", words.bounds), ("REL", words.relative),
        ("REL_MANY", words.relative_many), ("HOLIDAY", words.holidays),
    ):  # fmt: skip
        for value, names in table.items():
            add(names, role, value)
    for value, names in words.deictic.items():
        add(names, "TEXTDAY" if value in ("following", "previous") else "DEICTIC", value)
    for glue, names in words.glue.items():
        add(names, glue, glue)
    add(words.never, "NEVER", "never")
    return entries


def _trie(
    entries: Mapping[tuple[tuple[str, ...], bool], Roles],
) -> dict[str, list[tuple[tuple[str, ...], bool, Roles]]]:
    phrases: dict[str, list[tuple[tuple[str, ...], bool, Roles]]] = {}
    for (parts, dotted), roles in entries.items():
        phrases.setdefault(parts[0], []).append((parts[1:], dotted, roles))
    for options in phrases.values():
        options.sort(key=lambda o: -len(o[0]))
    return phrases


class _Compiler:
    """Templates over roles to regular expressions over codes."""

    def __init__(self, codes: Mapping[frozenset[str], str], words: DateWords) -> None:
        self._macros = words.macros
        self._prefix = words.prefix
        self._classes: dict[str, str] = dict(_SYMBOLS)
        for roles, code in codes.items():
            for role in roles:
                self._classes[role] = self._classes.get(role, "") + code

    def form(self, name: FormName, template: str) -> Form:
        """The form of `template`; the second group of a name is called name_2, and so on."""
        roles: dict[str, str] = {}
        return Form(name, re.compile(self._source(f"{self._prefix} {template}", roles)), roles)

    def scanner(self, templates: Iterable[str]) -> re.Pattern[str]:
        """One pattern, without groups, that matches where any of `templates` does."""
        alternatives = "|".join(f"(?:{self._source(t, None)})" for t in templates)
        return re.compile(f"{self._source(self._prefix, None)}(?:{alternatives})")

    def _source(self, template: str, roles: dict[str, str] | None) -> str:
        out: list[str] = []
        at = 0
        while at < len(template):
            found = _NAME.match(template, at)
            if found is None:
                raise ValueError(f"date template {template!r}: cannot read {template[at:]!r}")
            at = found.end()
            role = found["role"]
            if found["syntax"]:
                out.append("(?:" if found["syntax"] == "(" else found["syntax"])
            elif role in self._macros:
                out.append(f"(?:{self._source(self._macros[role], roles)})")
            elif role in _SYMBOLS:
                out.append(_SYMBOLS[role])
            elif role:
                out.append(self._group(role, (found["name"] or role).lower(), roles))
        return "".join(out)

    def _group(self, role: str, name: str, roles: dict[str, str] | None) -> str:
        if role not in self._classes:
            raise ValueError(f"[dates]: no word plays the role {role}")
        if roles is None:
            return f"[{self._classes[role]}]"
        number = 1
        while (key := name if number == 1 else f"{name}_{number}") in roles:
            number += 1
        roles[key] = role
        return f"(?P<{key}>[{self._classes[role]}])"
