"""When: the period of a statement, from its clause, its sentence, or the heading that governs it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.language.link_words import LinkWords
from pipeline.link.scene import Scene, within
from pipeline.schema import DateMention, Period, Span

_REACH = 26.0  # words (boundaries counted) beyond which a date of the same sentence no longer bears on a figure
_TIGHT = 9.0  # the same for types whose figures usually hold without a time
_OPENER = 6.0  # distance at which a date that opens the sentence counts at most
_BEHIND = 3.0  # added to a date behind the figure, in another clause
_APART = 3.0  # what a clause boundary adds for types whose figures usually hold without a time
_ANNOUNCED = 8.0  # distance added to a single day, which mostly dates the announcement
_COMPARED = 7  # words between a comparison and its date
_OPENING = 3  # words before a date that still opens its sentence
_LEAD = 4  # first sentences, which may set the period of an article


class PeriodFinder:
    """Chooses among the dates of one scene."""

    def __init__(self, scene: Scene, words: LinkWords) -> None:
        self.scene = scene
        self.dates = [d for d in scene.mentions.dates if d.value and not d.vague_now]
        self._frames: list[tuple[int, DateMention]] = []
        self._main: DateMention | None = None
        self._comparisons = {id(d) for d in self.dates if _compared(scene, d, words)}

    def find(
        self, anchors: Sequence[Span], index: int, *, inherits: bool, rivals: Sequence[Span] = ()
    ) -> Period | None:
        """The period of the statement at `anchors` in sentence `index`.

        `inherits` lets an earlier sentence or heading give it; `rivals` are the other figures of the sentence, which
        keep the dates that stand nearer to them.
        """
        sentence = self.scene.sentence(index)
        local = within(self.dates, sentence.start, sentence.end)
        chosen = self._nearest(local, anchors, inherits, rivals)
        if chosen is not None and inherits:
            self._remember(chosen, index)
        if chosen is None and inherits:
            chosen = self._governing(index)
        return to_period(chosen, self._reported_end(local, index)) if chosen else None

    def _remember(self, date: DateMention, index: int) -> None:
        """Keep a period that sets the scene: the first one of the article, and one that opens a sentence."""
        if not _governs(date) or not self._is_past(date):
            return
        if self._main is None:
            self._main = date
        if self._opens(date):
            self._frames.append((index, date))

    def _opens(self, date: DateMention) -> bool:
        """Whether the date opens its sentence and so sets its scene."""
        start = self.scene.sentence(self.scene.sentence_index(date.span.start)).start
        return self.scene.word_index(date.span.start) - self.scene.word_index(start) <= _OPENING

    def _nearest(
        self, local: Sequence[DateMention], anchors: Sequence[Span], inherits: bool, rivals: Sequence[Span]
    ) -> DateMention | None:
        reach = _REACH if inherits else _TIGHT
        best: tuple[float, int] | None = None
        chosen = None
        for date in local:
            if id(date) in self._comparisons:
                continue
            cost = min(self.scene.distance(date.span, a) for a in anchors)
            if self._opens(date):
                cost = min(cost, _OPENER)
            elif date.span.start > anchors[0].end and self.scene.crossing(date.span, anchors[0]) >= 1:
                cost += _BEHIND
            if not inherits:
                cost += _APART * min(self.scene.crossing(date.span, a) for a in anchors)
            if _is_day(date) or self._announces(date):
                cost += _ANNOUNCED
            cost += 3.0 * sum(1 for r in rivals if _between(r, date.span, anchors[0]))
            key = (cost, date.span.start)
            if cost <= reach and (best is None or key < best):
                best, chosen = key, date
        return chosen

    def _announces(self, date: DateMention) -> bool:
        """Whether the date stands beside a verb of saying: it dates the announcement."""
        return any(
            self.scene.words_between(cue.span, date.span) <= 3 and self.scene.crossing(cue.span, date.span) == 0
            for cue in within(self.scene.cues("source"), date.span.start - 30, date.span.end + 30)
            if cue.value == "before"
        )

    def _governing(self, index: int) -> DateMention | None:
        """The period that governs sentence `index`: that of the sentence that opened the block's scene, else of the
        heading above, else of the article."""
        block = self.scene.sentence(index).block
        at = bisect_right(self._frames, index, key=lambda frame: frame[0])
        if at and self.scene.sentence(self._frames[at - 1][0]).block == block:
            return self._frames[at - 1][1]
        above = self.scene.heading_above(index)
        return (self._first_in(above) if above else None) or self._of_article(index)

    def _of_article(self, index: int) -> DateMention | None:
        """The period of the title, else the first one that a figure took, else one of the first sentences."""
        if index > 0:
            titled = self._first_in(0)
            if titled or self._main:
                return titled or self._main
        return next((d for i in range(min(index, _LEAD)) if (d := self._first_in(i))), None)

    def _first_in(self, index: int) -> DateMention | None:
        sentence = self.scene.sentence(index)
        for date in within(self.dates, sentence.start, sentence.end):
            if id(date) not in self._comparisons and _governs(date) and self._is_past(date):
                return date
        return None

    def _is_past(self, date: DateMention) -> bool:
        published = self.scene.published
        return published is None or (date.start is not None and date.start <= published.last)

    def _reported_end(self, local: Sequence[DateMention], index: int) -> dt.date | None:
        """Last day of the period that the sentence reports on, for totals since the start of the year."""
        published = self.scene.published
        if published is None:
            return None
        sentence = self.scene.sentence(index)
        found = [d for d in local if not d.since_start]
        if not found:
            frame = self._governing(index)
            found = [frame] if frame and not frame.since_start else []
        ends = [d.end for d in found if d.end and d.end <= published.last and d.span.start < sentence.end]
        return max(ends, default=published.last)


def _is_day(date: DateMention) -> bool:
    return date.start is not None and date.start == date.end


def _governs(date: DateMention) -> bool:
    """Whether the date can be the period of what follows too: longer than a week, closed, no running total."""
    if date.since_start or date.start is None or date.end is None:
        return False
    return date.end - date.start > dt.timedelta(6)


def _between(span: Span, a: Span, b: Span) -> bool:
    low, high = min(a.end, b.end), max(a.start, b.start)
    return low <= span.start and span.end <= high


def _compared(scene: Scene, date: DateMention, words: LinkWords) -> bool:
    """Whether the date belongs to a comparison ("par rapport à 2019", "contre … en 2023")."""
    before = scene.before(date.span, 30).rstrip()
    for comparison in words.comparisons:
        if before.endswith(comparison):
            return True
    for cue in within(scene.cues("previous"), date.span.start - 60, date.span.start):
        looks_back = cue.attribute("side") != "right" and cue.span.end <= date.span.start
        near = scene.crossing(cue.span, date.span) < 1 and scene.words_between(cue.span, date.span) <= _COMPARED
        if looks_back and near:
            return True
    return False


def to_period(date: DateMention, reported_end: dt.date | None = None) -> Period:
    """The period of a date mention; a total since the start of the year ends with `reported_end`."""
    if date.since_start and reported_end and date.start and date.start <= reported_end:
        value = f"{date.start:%Y-%m}/{reported_end:%Y-%m}"
        return Period(value=value, mod=None, start=date.start, end=reported_end, span=date.span)
    return Period(value=date.value or "", mod=date.mod, start=date.start, end=date.end, span=date.span)
