"""A document with its mentions, arranged for questions of nearness."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import Protocol, TypeVar

from pipeline.schema import CueMention, Document, Mentions, Published, QuantityMention, Sentence, Span

# Cost in words of crossing a mark; brackets set their content apart most.
_MARKS = {",": 1.0, ";": 5.0, ":": 1.5, "(": 2.5, ")": 2.5, "–": 2.0, "—": 2.0, "«": 1.0, "»": 1.0}

_MARK = re.compile(f"[{re.escape(''.join(_MARKS))}]")
_start, _end = attrgetter("span.start"), attrgetter("span.end")


class Spanned(Protocol):
    """Anything that stands at a span of the text."""

    @property
    def span(self) -> Span: ...


S = TypeVar("S", bound=Spanned)


class Scene:
    """One document under link: sentences, clause costs, and lookups by offset."""

    def __init__(self, doc: Document, mentions: Mentions) -> None:
        self.doc = doc
        self.mentions = mentions
        self._sentence_starts = [s.start for s in doc.sentences]
        self._word_starts = doc.word_starts
        self._lower = doc.lower
        self._quantities: dict[int, Sequence[QuantityMention]] = {}
        self._boundaries = self._clause_costs()
        self._boundary_starts = [at for at, _ in self._boundaries]
        self._cost_sums = [0.0]
        for _, cost in self._boundaries:
            self._cost_sums.append(self._cost_sums[-1] + cost)

    def quantities_in(self, index: int) -> Sequence[QuantityMention]:
        """The quantities that begin in sentence `index`, by offset."""
        found = self._quantities.get(index)
        if found is None:
            sentence = self.sentence(index)
            found = within(self.mentions.quantities, sentence.start, sentence.end)
            self._quantities[index] = found
        return found

    @property
    def published(self) -> Published | None:
        return self.doc.article.published

    def _clause_costs(self) -> list[tuple[int, float]]:
        figures = [n.span for n in self.mentions.numbers] + [q.span for q in self.mentions.quantities]
        inside = {at for span in figures for at in range(span.start, span.end)}
        marks = ((m.start(), m.group()) for m in _MARK.finditer(self.doc.plain))
        found = [(at, _MARKS[mark]) for at, mark in marks if at not in inside]
        found += [(c.span.start, float(c.value)) for c in self.cues("clause")]
        return sorted(found)

    @cached_property
    def _cues_by_category(self) -> dict[str, list[CueMention]]:
        table: dict[str, list[CueMention]] = {}
        for cue in self.mentions.cues:
            table.setdefault(cue.category, []).append(cue)
        return table

    def cues(self, category: str) -> Sequence[CueMention]:
        """Cues of one category, by offset."""
        return self._cues_by_category.get(category, ())

    @cached_property
    def _cue_starts(self) -> dict[str, list[int]]:
        return {category: [c.span.start for c in cues] for category, cues in self._cues_by_category.items()}

    def cues_in(self, category: str, start: int, end: int) -> list[CueMention]:
        """Cues of one category that begin in [start, end)."""
        starts = self._cue_starts.get(category)
        if starts is None:
            return []
        first = bisect_left(starts, start)
        if first == len(starts) or starts[first] >= end:
            return []
        return self._cues_by_category[category][first : bisect_left(starts, end, first)]

    @cached_property
    def trigger_counts(self) -> list[tuple[CueMention, int]]:
        """One trigger of each sort (value and attributes) with their number, in the order of first mention."""
        counts: dict[tuple[object, ...], int] = {}
        first: dict[tuple[object, ...], CueMention] = {}
        for cue in self.cues("trigger"):
            sort = (cue.value, cue.attributes)
            counts[sort] = counts.get(sort, 0) + 1
            first.setdefault(sort, cue)
        return [(first[sort], count) for sort, count in counts.items()]

    @cached_property
    def _headings(self) -> list[int]:
        return [index for index, sentence in enumerate(self.doc.sentences) if sentence.heading]

    def heading_above(self, index: int) -> int | None:
        """Index of the last heading before sentence `index`."""
        at = bisect_left(self._headings, index)
        return self._headings[at - 1] if at else None

    def sentence_index(self, offset: int) -> int:
        """Index of the sentence in which `offset` lies (the first one for what stands before it)."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    def sentence(self, index: int) -> Sentence:
        return self.doc.sentences[index]

    def word_index(self, offset: int) -> int:
        return bisect_left(self._word_starts, offset)

    def words_between(self, a: Span, b: Span) -> int:
        """Number of words strictly between two spans (0 where they touch or overlap)."""
        first, second = (a, b) if a.start <= b.start else (b, a)
        if second.start <= first.end:
            return 0
        return bisect_left(self._word_starts, second.start) - bisect_left(self._word_starts, first.end)

    def words_before(self, span: Span, index: int) -> int:
        """Number of words between the first character of sentence `index` and a span (0 where they touch)."""
        start = self.sentence(index).start
        if span.start <= start + 1:
            return 0
        return bisect_left(self._word_starts, span.start) - bisect_left(self._word_starts, start + 1)

    def crossing(self, a: Span, b: Span) -> float:
        """Cost of the clause boundaries between two spans."""
        first, second = (a, b) if a.start <= b.start else (b, a)
        if second.start <= first.end:
            return 0.0
        low = bisect_left(self._boundary_starts, first.end)
        high = bisect_left(self._boundary_starts, second.start)
        return self._cost_sums[high] - self._cost_sums[low]

    def distance(self, a: Span, b: Span) -> float:
        """Words between two spans, clause boundaries counted on top: `words_between` and twice `crossing` at once."""
        low, high = (a.end, b.start) if a.start <= b.start else (b.end, a.start)
        if high <= low:
            return 0.0
        words, edges, sums = self._word_starts, self._boundary_starts, self._cost_sums
        first, edge = bisect_left(words, low), bisect_left(edges, low)
        return bisect_left(words, high, first) - first + 2.0 * (sums[bisect_left(edges, high, edge)] - sums[edge])

    def before(self, span: Span, length: int = 40) -> str:
        """The lower-case text right before a span, within its sentence."""
        at, starts = span.start, self._sentence_starts
        start = starts[(bisect_right(starts, at) or 1) - 1]
        return self._lower[start if start > at - length else at - length : at]

    def after(self, span: Span, length: int = 40) -> str:
        """The lower-case text right after a span, within its sentence."""
        at = span.end
        end = self.doc.sentences[(bisect_right(self._sentence_starts, at - 1) or 1) - 1].end
        return self._lower[at : end if end < at + length else at + length]

    def between(self, a: Span, b: Span) -> str:
        first, second = (a, b) if a.start <= b.start else (b, a)
        return self.doc.lower[first.end : second.start]


def within(items: Sequence[S], start: int, end: int) -> Sequence[S]:
    """Those of `items`, sorted by offset, whose span begins in [start, end)."""
    if not items:
        return items
    first = bisect_left(items, start, key=_start)
    return items[first : bisect_left(items, end, first, key=_start)]


def touching(items: Sequence[S], span: Span) -> Sequence[S]:
    """Those of `items`, sorted by offset and apart from each other, that overlap `span`."""
    first = bisect_right(items, span.start, key=_end)
    return items[first : bisect_left(items, span.end, first, key=_start)]
