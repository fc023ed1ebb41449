"""Figures of a text that neither a fact, nor a name, nor a date, nor an `ignored` mark accounts for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.corpus.check_names import fold
from pipeline.corpus.problem import Complaint
from pipeline.detect.figures import read_figure
from pipeline.evaluate.gold import GoldArticle, GoldFact
from pipeline.schema import Mentions
from pipeline.text import plain
from pipeline.units import Units

_START = re.compile(r"(?<![\w.,-])\d")
_LINE = re.compile(r"[^\n]+")
_FINAL = re.compile(r"[.!?…:;,][»\"”')\]\s]*$")
_BEFORE, _BEHIND = re.compile(r"([\w-]+)[ -]$"), re.compile(r"[ -]?([\w-]+)")
_COMPOUND = re.compile(r"-[^\W\d]")
_NUMBERED = re.compile(r"^\n?\d{1,2}[.)] ")
_OPENING = re.compile(r"(?:^|[.!?\n])\s*$")
_SHORT = re.compile(r"\d|(?:19|20)\d\d")
_SIGN = re.compile(r" ?[%€$£]")
_CAPITALS = re.compile(r"[A-ZÀ-Ý].*[A-ZÀ-Ý]")
_EXACT, _ROUND = Decimal("0.005"), Decimal("0.05")
_TELLING = 3
_CONTEXT = 30

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A figure of the text; `dimension` is that of its unit, where it has one. `vague` is a word that may be no
    figure ("double", "half" of an idiom)."""

    start: int
    end: int
    values: tuple[Decimal, ...]
    dimension: str | None = None
    digits: bool = True
    vague: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure of a fact, where its quote stands, and whether it is the fact's own or one beside it."""

    value: Decimal
    dimension: str
    start: int
    own: bool


class _Lines:
    """The paragraphs and headings of a text."""

    def __init__(self, text: str) -> None:
        self.spans = [match.span() for match in _LINE.finditer(text)]
        self.starts = [start for start, _ in self.spans]
        self.headings = [not _FINAL.search(text[start:end]) for start, end in self.spans]

    def at(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1


def unaccounted(gold: GoldArticle, text: str, mentions: Mentions | None, units: Units) -> Iterator[Complaint]:
    """A complaint for each figure of `text` that `gold` says nothing of.

    `mentions` are what the pipeline detects in the text; without them (a language that has no pack) figures in
    digits alone are looked at.
    """
    view = plain(text)
    figures = _digits(view) if mentions is None else _detected(mentions, units)
    covered = [*_covered(gold, view), *(_spans_of_names(mentions) if mentions else ())]
    account = _Account(gold, view, units)
    for figure in figures:
        if any(figure.start < end and start < figure.end for start, end in covered):
            continue
        if account.holds(figure):
            continue
        context = " ".join(view[max(0, figure.start - _CONTEXT) : figure.end + _CONTEXT].split())
        message = f"{view[figure.start : figure.end]!r} in “… {context} …” is in no quote of a fact and not ignored"
        yield Complaint("ignored", message, warning=figure.vague)


def _digits(view: str) -> Iterator[_Seen]:
    at = 0
    while match := _START.search(view, at):
        figure = read_figure(view, match.start(), len(view))
        at = figure.end if figure else match.end()
        if figure:
            yield _Seen(match.start(), figure.end, (figure.value,))


def _detected(mentions: Mentions, units: Units) -> list[_Seen]:
    by_figure = {q.figure.start: q for q in mentions.quantities}
    found = []
    for number in mentions.numbers:
        span = number.span
        quantity = by_figure.get(span.start)
        if quantity is None:
            values, dimension = (number.value, number.low, number.high), None
        else:
            values, dimension = (quantity.value, quantity.low, quantity.high), units.dimension(quantity.unit)
        given = tuple(abs(value) for value in values if value is not None)
        # A fraction in words that is of nothing is an idiom: "half asleep".
        if number.digits or dimension or any(value >= 1 for value in given):
            found.append(_Seen(span.start, span.end, given, dimension, number.digits))
    taken = {(seen.start, seen.end) for seen in found}
    for quantity in mentions.quantities:
        span = quantity.figure
        free = not any(span.start < end and start < span.end for start, end in taken)
        if free and quantity.value is not None and units.dimension(quantity.unit) == "factor":
            found.append(_Seen(span.start, span.end, (quantity.value,), "factor", digits=False, vague=True))
    return sorted(found, key=lambda seen: seen.start)


def _covered(gold: GoldArticle, view: str) -> Iterator[Place]:
    """Quotes of facts, marks, dates wherever their words stand."""
    yield from ((fact.span.start, fact.span.end) for fact in gold.facts if fact.span)
    yield from ((mark.span.start, mark.span.end) for mark in gold.ignored)
    for words in {plain(date.text) for date in gold.dates}:
        yield from (match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", view))


def _spans_of_names(mentions: Mentions) -> Iterator[Place]:
    for span in (*(entity.span for entity in mentions.entities), *(date.span for date in mentions.dates)):
        yield span.start, span.end


class _Account:
    """What the gold of an article says of its figures beside the quotes."""

    def __init__(self, gold: GoldArticle, view: str, units: Units) -> None:
        self.view, self.lines = view, _Lines(view)
        self.said = [said for fact in gold.facts for said in _figures(fact, units)]
        placed = ((fact.span, fact.basis) for fact in gold.facts)
        self.basis = [(self.lines.at(span.start), fold(" ".join(basis))) for span, basis in placed if span and basis]
        parties = (party for fact in gold.facts for party in (fact.subject, fact.object) if party)
        names = {entity.name for entity in gold.entities} | {party.name for party in parties}
        self.names = [fold(name) for name in sorted(names) if any(char.isdigit() for char in name)]

    def holds(self, seen: _Seen) -> bool:
        """True for a figure that is beside a fact's own, a fact's told again, a word of a basis or of a name."""
        return (
            self._beside(seen)
            or self._again(seen)
            or self._in_basis(seen)
            or self._in_known_name(seen)
            or self._in_name(seen)
        )

    def _beside(self, seen: _Seen) -> bool:
        """The previous or converted figure of a fact whose quote stands in the same paragraph."""
        line = self.lines.at(seen.start)
        near = [said.value for said in self.said if not said.own and self.lines.at(said.start) == line]
        return bool(near) and all(any(_alike(value, one, _EXACT) for one in near) for value in seen.values)

    def _again(self, seen: _Seen) -> bool:
        """A heading's figure that a fact holds, perhaps less round; elsewhere the same figure to the digit."""
        heading = self.lines.headings[self.lines.at(seen.start)]
        telling = all(len(value.normalize().as_tuple().digits) >= _TELLING for value in seen.values)
        if not heading and not telling:
            return False
        tolerance = _ROUND if heading else Decimal(0)
        held = [said.value for said in self.said if seen.dimension in (None, said.dimension)]
        return all(any(_alike(value, one, tolerance) for one in held) for value in seen.values)

    def _in_basis(self, seen: _Seen) -> bool:
        line, words = self.lines.at(seen.start), set(self._words(seen))
        figures = {word for word in words if word.isdigit()} or words
        return bool(figures) and any(at == line and figures <= set(basis) for at, basis in self.basis)

    def _in_known_name(self, seen: _Seen) -> bool:
        """ "la [2] CV" where gold names "Citroën 2 CV": the figure and a word beside it are in the name. A long
        figure that counts nothing ("baptised [009]") needs no such word."""
        words = self._words(seen)
        named = [name for name in self.names if words and set(words) <= set(name)]
        if named and seen.dimension is None and len(words[0]) >= _TELLING:
            return True
        beside = {word for side in (self._before(seen), self._behind(seen)) for word in fold(side)}
        return any(beside & set(name) - set(words) for name in named)

    def _in_name(self, seen: _Seen) -> bool:
        """ "[1.6] BlueHDi", "PureTech [110]", "Euro [6]", "Plan [2030]", "[deux]-roues", "[1]. " before a line."""
        view, before = self.view, self._before(seen)
        if not seen.digits:
            return bool(_COMPOUND.match(view, seen.end))
        if _NUMBERED.search(view[max(0, seen.start - 1) : seen.end + 2]):
            return True
        # A currency that seems to stand before the figure may be the name of a norm.
        if seen.dimension is not None and not before[:1].isupper():
            return False
        if _CAPITALS.match(before) or (seen.dimension is None and _CAPITALS.match(self._behind(seen))):
            return True
        opens = _OPENING.search(view[: max(0, seen.start - len(before) - 1)])
        short = _SHORT.fullmatch(view[seen.start : seen.end]) and not _SIGN.match(view, seen.end)
        return bool(short and before[:1].isupper() and not opens)

    def _words(self, seen: _Seen) -> tuple[str, ...]:
        return fold(self.view[seen.start : seen.end])

    def _before(self, seen: _Seen) -> str:
        match = _BEFORE.search(self.view[max(0, seen.start - _CONTEXT) : seen.start])
        return match[1] if match else ""

    def _behind(self, seen: _Seen) -> str:
        match = _BEHIND.match(self.view, seen.end)
        return match[1] if match else ""


def _figures(fact: GoldFact, units: Units) -> Iterator[_Said]:
    start = fact.span.start if fact.span else 0
    for figure, own in ((fact, True), (fact.previous, False), (fact.converted, False)):
        if figure is None or figure.unit is None:
            continue
        try:
            dimension = units.dimension(figure.unit)
        except LookupError:
            continue
        for value in (figure.value, figure.low, figure.high):
            if value is not None:
                yield _Said(abs(value), dimension, start, own)


def _alike(one: Decimal, two: Decimal, tolerance: Decimal) -> bool:
    return abs(one - two) <= tolerance * max(one, two)
