"""When: the period of a statement, chosen among the dates of its sentence and the periods that govern it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.language.link_words import LinkWords
from pipeline.link.modality import ModalityFinder
from pipeline.link.period_features import Frames, Neighbourhood, governs, is_day
from pipeline.link.scene import Scene, within
from pipeline.schema import DateMention, Period, Published, Span

# What each feature of an option adds to its cost; the cheapest option is chosen. Distances are words, boundaries
# counted (`Scene.distance`). A date whose cost is above that of "none" is never taken.
_COSTS: Mapping[str, float] = {
    "distance": 1.0,
    "behind": 3.0,  # behind the figure, in another clause
    "apart": 2.6,  # per clause boundary, for types whose figures usually hold without a time
    "day": 8.0,  # a single day, which mostly dates the announcement
    "told": 8.0,  # beside a verb of saying
    "ahead": -4.0,  # a coming date that opens the sentence, of a figure that lies ahead
    "balance": 1.0,  # a day at which stock is taken ("au 31 octobre")
    "dated": 10.0,  # behind a participle that takes it ("founded in 1997")
    "made": 12.0,  # at which the vehicles were made, not called back
    "held": 3.0,  # behind another figure of the same unit, which it dates
    "fresh": 22.0,  # a single day right before publication, of a figure that counts over a time
    "rivals": 3.0,  # per other figure of the same unit between the figure and the date
    "block": 26.0,  # the period of an earlier statement, or opening, of the same paragraph
    "before": 30.5,  # the last period of the paragraph before
    "heading": 27.0,
    "title": 28.0,
    "main": 29.0,  # the first period that a figure of the article took
    "lead": 30.0,  # a period of the first sentences
    "year": 39.0,  # the year of publication, named anywhere, of a figure that lies ahead
    "running": 4.0,  # a governing period that is not over, of a figure that does not lie ahead
    "old": 4.0,  # a governing period that ended long before publication
    "taken_up": 6.0,  # the date that words of the sentence take up ("à la même date")
    "effect": 8.0,  # the day from which terms hold
    "away": 1.0,  # per paragraph between it and the figure
    "over": 12.0,  # a governing period that is over, of a figure that lies ahead
    "none_inherited": 41.0,
    "none_local": 10.5,
}
_OPENER = 6.0  # distance at which a date that opens the sentence counts at most
_HELD = 3  # words between a figure and the date behind it that is its own
_DAY = 10  # characters of a single day ("2025-08-01")
_RECALLED = 12.0  # distance at which words that take up a date still bear on a figure
_NEARBY = 2  # paragraphs, headings among them, back to a date that is taken up, or from which terms hold


@dataclass(frozen=True, slots=True)
class Figure:
    """The statement whose period is wanted: its spans, its sentence, and the other figures of its unit there.

    `inherits` lets an earlier sentence or heading give the period; a figure that `cumulates` since a date runs to
    publication; one that `takes_effect` does so on a day that its paragraph names; one `of_made` vehicles is not of the
    time at which they were made.
    """

    anchors: Sequence[Span]
    index: int
    inherits: bool
    cumulates: bool = False
    rivals: Sequence[Span] = ()
    takes_effect: bool = False
    of_made: bool = False


class PeriodOption(NamedTuple):
    """One period that a statement may have, None for none: where it was found, its features, their total cost."""

    origin: str
    date: DateMention | None
    features: Mapping[str, float]
    cost: float


class PeriodFinder:
    """Chooses among the dates of one scene."""

    def __init__(self, scene: Scene, words: LinkWords, modality: ModalityFinder) -> None:
        self.scene = scene
        self._modality = modality
        self.dates = [d for d in scene.mentions.dates if d.value and not d.vague_now]
        # With the number of its block, each day from which something may hold.
        days = (d for d in self.dates if d.mod is None and d.end is None and len(d.value or "") == _DAY)
        self._days = [(scene.sentence(scene.sentence_index(d.span.start)).block, d) for d in days]
        self._near = Neighbourhood(scene, words)
        self._frames = Frames(scene, self.dates, self._near)

    def find(self, figure: Figure) -> Period | None:
        """The period of a statement: the cheapest of its options."""
        chosen = min(self.options(figure), key=lambda o: (o.cost, o.date.span.start if o.date else math.inf)).date
        if chosen is None:
            return None
        own = chosen.span.start >= self.scene.sentence(figure.index).start
        if figure.inherits:
            self._frames.remember(chosen, figure.index, own=own)
        if figure.inherits and self._near.closes(chosen):
            return _year_to(chosen)
        published = self.scene.published
        if figure.cumulates and chosen.end is None and published and self._frames.is_past(chosen):
            return _until(chosen, published)
        return to_period(chosen, self._reported_end(figure.index) if chosen.since_start else None)

    def takes(self, date: DateMention) -> bool:
        """Whether a participle before the past date takes it ("l'usine, ouverte en 1973, ferme")."""
        return self._near.dated(date)

    def options(self, figure: Figure) -> list[PeriodOption]:
        """Every period that the statement may have, and none, with what speaks for and against each."""
        none = _option("none", None, {"none_inherited" if figure.inherits else "none_local": 1.0})
        local = [
            _option("sentence", date, self._features(date, figure))
            for date in self._local(figure.index)
            if not self._near.compared(date)
        ]
        local += [*self._taken_up(figure), *self._effective(figure)]
        if not figure.inherits:
            return [*local, none]
        return [*local, *self._governing(figure), none]

    def _local(self, index: int) -> Sequence[DateMention]:
        sentence = self.scene.sentence(index)
        return within(self.dates, sentence.start, sentence.end)

    def _features(self, date: DateMention, figure: Figure) -> dict[str, float]:
        """What bears on a date of the figure's own sentence."""
        scene, near, first = self.scene, self._near, figure.anchors[0]
        distance = min(scene.distance(date.span, a) for a in figure.anchors)
        opens = near.opens(date)
        behind = not opens and date.span.start > first.end and scene.crossing(date.span, first) >= 1
        day = is_day(date)
        told = near.told(date)
        balance = near.balance(date)
        held = not opens and any(self._holds(r, date, first) for r in figure.rivals)
        return {
            "distance": min(distance, _OPENER) if opens else distance,
            "behind": float(behind),
            "apart": 0.0 if figure.inherits else min(scene.crossing(date.span, a) for a in figure.anchors),
            "day": float(day and not balance),
            "told": float(told),
            "ahead": float(not self._frames.is_past(date) and opens and self._lies_ahead(figure)),
            "balance": float(balance),
            "dated": float(near.dated(date)),
            "made": float(figure.of_made and near.made(date, first)),
            "held": float(held),
            "fresh": float(figure.inherits and near.fresh(date)),
            "rivals": float(sum(1 for r in figure.rivals if _between(r, date.span, first))),
        }

    def _taken_up(self, figure: Figure) -> Iterator[PeriodOption]:
        """The date named last before words that take it up in the figure's sentence ("à la même date")."""
        date = self.taken_up(figure.anchors, figure.index)
        if date is not None:
            yield _option("taken_up", date, {"taken_up": 1.0})

    def taken_up(self, anchors: Sequence[Span], index: int) -> DateMention | None:
        """The date that words near `anchors` take up, where one was named in their paragraph or the one before."""
        sentence = self.scene.sentence(index)
        for cue in self.scene.cues_in("when", sentence.start, sentence.end):
            dated = any(cue.span.overlaps(d.span) for d in within(self.dates, sentence.start, sentence.end))
            if dated or min(self.scene.distance(cue.span, a) for a in anchors) > _RECALLED:
                continue
            for date in reversed(within(self.dates, 0, cue.span.start)):
                block = self.scene.sentence(self.scene.sentence_index(date.span.start)).block
                if sentence.block - block > _NEARBY:
                    break
                if not self._near.compared(date) and (governs(date) or not self._near.fresh(date)):
                    return date
        return None

    def _effective(self, figure: Figure) -> Iterator[PeriodOption]:
        """The day, named in the figure's paragraph or before it, from which its terms hold."""
        if not figure.takes_effect:
            return
        block = self.scene.sentence(figure.index).block
        for at, date in self._days:
            away = block - at
            if away < 0:
                return
            if away <= _NEARBY:
                yield _option("effect", date, {"effect": 1.0, "away": float(away)})

    def _governing(self, figure: Figure) -> Iterator[PeriodOption]:
        """The periods that govern the figure's sentence from outside it."""
        found = list(self._frames.above(figure.index))
        year = self._frames.running_year()
        ahead = (bool(found) or year is not None) and self._lies_ahead(figure)
        if ahead and year is not None:
            yield _option("year", year, {"year": 1.0})
        for origin, date in found:
            over = ahead and self._frames.is_past(date)
            running = not ahead and not self._frames.is_over(date)
            old = origin != "block" and self._frames.is_old(date)
            features = {origin: 1.0, "over": float(over), "running": float(running), "old": float(old)}
            yield _option(origin, date, features)

    def _lies_ahead(self, figure: Figure) -> bool:
        return self._modality.lies_ahead(figure.anchors, figure.index)

    def _holds(self, rival: Span, date: DateMention, figure: Span) -> bool:
        """Whether the date stands right behind a figure that comes before this one ("1,9 % en 2019, 14 % en 2020")."""
        if not rival.end <= date.span.start < figure.start:
            return False
        return self.scene.words_between(rival, date.span) <= _HELD and self.scene.crossing(rival, date.span) == 0

    def _reported_end(self, index: int) -> dt.date | None:
        """Last day of the period that the sentence reports on, for totals since the start of the year."""
        published = self.scene.published
        if published is None:
            return None
        found = [*self._local(index), *(d for _, d in self._frames.above(index))]
        ends = [d.end for d in found if not d.since_start and d.end and d.end <= published.last]
        return max(ends, default=published.last)


def _option(origin: str, date: DateMention | None, features: Mapping[str, float]) -> PeriodOption:
    return PeriodOption(origin, date, features, sum(_COSTS[name] * value for name, value in features.items()))


def _between(span: Span, a: Span, b: Span) -> bool:
    low, high = min(a.end, b.end), max(a.start, b.start)
    return low <= span.start and span.end <= high


def _year_to(date: DateMention) -> Period:
    """The year up to the end of the date ("à fin juin": January to June)."""
    assert date.start is not None
    assert date.end is not None
    start = dt.date(date.start.year, 1, 1)
    value = f"{start:%Y-%m}/{date.end:%Y-%m}"
    return Period(value=value, mod=None, start=start, end=date.end, span=date.span)


def _until(date: DateMention, published: Published) -> Period:
    """From the date to publication ("depuis 2021, il en a vendu …")."""
    value = f"{date.value}/{published.value}"
    return Period(value=value, mod=None, start=date.start, end=published.last, span=date.span)


def to_period(date: DateMention, reported_end: dt.date | None = None) -> Period:
    """The period of a date mention; a total since the start of the year ends with `reported_end`."""
    if date.since_start and reported_end and date.start and date.start <= reported_end:
        value = f"{date.start:%Y-%m}/{reported_end:%Y-%m}"
        return Period(value=value, mod=None, start=date.start, end=reported_end, span=date.span)
    return Period(value=date.value or "", mod=date.mod, start=date.start, end=date.end, span=date.span)
