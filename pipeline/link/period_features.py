"""What the words around a date say about it, and the dates that govern more than their own sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from pipeline.language.link_words import LinkWords
from pipeline.link.scene import Scene, within
from pipeline.schema import DateMention, Mod, Span

_LOOK_BACK = 45  # characters in which "more than in" stands before its date
_PER_CENT = "%"
_SHARE = 24  # characters that such a figure with its qualifier may take up
_COMPARED = 7  # words between a comparison and its date
_OPENING = 3  # words before a date that still opens its sentence
_DATED = 30  # characters in which a word stands before the date that it takes
_MADE = 40  # the same for a participle of making, a month or two dates in between
_TIED = 3  # words between a count and the years of what it counts
_TOLD = 3  # words between a verb of saying and the day of the announcement
_FRESH = dt.timedelta(days=10)  # a day so close to publication dates the news
_WEEK = dt.timedelta(days=6)
_MONTH = dt.timedelta(days=31)
_NEWS = dt.timedelta(days=500)  # what lies further back is history, not news
_LEAD = 4  # first sentences, which may set the period of an article


def is_day(date: DateMention) -> bool:
    return date.start is not None and date.start == date.end


def governs(date: DateMention) -> bool:
    """Whether the date can be the period of what follows too: longer than a week, and closed."""
    if date.start is None or date.end is None:
        return False
    return date.end - date.start > _WEEK


class Neighbourhood:
    """The words around the dates of one scene."""

    def __init__(self, scene: Scene, words: LinkWords) -> None:
        self._scene = scene
        self._words = words
        self._compared: dict[int, bool] = {}

    def opens(self, date: DateMention) -> bool:
        """Whether the date opens its sentence and so sets its scene."""
        start = self._scene.sentence(self._scene.sentence_index(date.span.start)).start
        return self._scene.word_index(date.span.start) - self._scene.word_index(start) <= _OPENING

    def told(self, date: DateMention) -> bool:
        """Whether the date stands beside a verb of saying: it dates the announcement."""
        sentence = self._scene.sentence(self._scene.sentence_index(date.span.start))
        low, high = max(sentence.start, date.span.start - 30), min(sentence.end, date.span.end + 30)
        return any(
            self._scene.words_between(cue.span, date.span) <= _TOLD and self._scene.crossing(cue.span, date.span) == 0
            for cue in self._scene.cues_in("source", low, high)
            if cue.value == "before"
        )

    def balance(self, date: DateMention) -> bool:
        """Whether the date is a single day at which a state is taken stock of ("au 31 octobre")."""
        return is_day(date) and f" {self._scene.before(date.span, _DATED)}".rstrip().endswith(self._words.balances)

    def dated(self, date: DateMention) -> bool:
        """Whether a participle before the past date takes it ("founded in 1997, X sells …")."""
        published, words = self._scene.published, self._words
        if date.start is None or date.end is None or (published and date.start > published.last):
            return False
        before = self._scene.before(date.span, _DATED).split()
        while before and (before[-1] in words.prepositions or before[-1] in words.determiners):
            before.pop()
        return bool(before) and before[-1] in words.dated and words.auxiliaries.isdisjoint(before[-2:-1])

    def made(self, date: DateMention, figure: Span) -> bool:
        """Whether the date says when the vehicles that `figure` counts were made ("220 000 véhicules des années 2002 et
        2003", "68 763 voitures produites entre 2014 et 2016")."""
        words = self._words
        before = self._scene.before(date.span, _MADE).split()
        while before and (before[-1] in words.prepositions or before[-1] in words.determiners):
            before.pop()
        if before and before[-1] in words.made:
            return True
        gap = self._scene.between(figure, date.span).split() if figure.end <= date.span.start else []
        return 0 < len(gap) <= _TIED and gap[-1] in words.market_genitives

    def fresh(self, date: DateMention) -> bool:
        """Whether the date is a single day at or right before publication."""
        published = self._scene.published
        if published is None or date.start is None or date.start != date.end:
            return False
        return published.first - _FRESH <= date.start <= published.last

    def closes(self, date: DateMention) -> bool:
        """Whether the date closes a running total ("à fin juin"): the end of a month after January, behind a word that
        says so or in a sentence of totals."""
        if date.mod is not Mod.END or date.start is None or date.end is None or date.start.month == 1:
            return False
        if date.end - date.start > _MONTH:
            return False
        before = self._scene.before(date.span, 20).split()
        return bool(before) and before[-1] in self._words.closers

    def compared(self, date: DateMention) -> bool:
        """Whether the date belongs to a comparison ("par rapport à 2019", "contre … en 2023")."""
        known = self._compared.get(date.span.start)
        if known is None:
            known = self._compared[date.span.start] = self._is_compared(date)
        return known

    def echoed(self, date: DateMention) -> bool:
        """Whether the date is one that another is compared with ("la même période de 2014")."""
        return any(word in date.span.text.lower() for word in self._words.echoes)

    def _is_compared(self, date: DateMention) -> bool:
        scene = self._scene
        before = scene.before(date.span, _LOOK_BACK).rstrip()
        if self._words.bases and date.span.text.lower().startswith(self._words.bases) and self._behind_share(date):
            return True
        if before.endswith(self._words.comparisons):
            return True
        if before.endswith(self._words.than) and not self._words.comparatives.isdisjoint(before.split()):
            return True
        if not self.opens(date) and self.echoed(date):
            return True
        floor = scene.sentence(scene.sentence_index(date.span.start)).start
        for cue in scene.cues_in("previous", max(floor, date.span.start - 60), date.span.start):
            looks_back = cue.attribute("side") != "right" or cue.value == "base"
            near = scene.crossing(cue.span, date.span) < 1 and scene.words_between(cue.span, date.span) <= _COMPARED
            whole = scene.after(cue.span, 1) != "-"  # "contre-performance" compares nothing
            if looks_back and near and whole and cue.span.end <= date.span.start:
                return True
        return False


    def _behind_share(self, date: DateMention) -> bool:
        """Whether a percentage stands right before the date ("up 6% from April")."""
        start = date.span.start
        near = within(self._scene.mentions.quantities, start - _SHARE, start)
        return any(q.unit == _PER_CENT and q.span.end == start - 1 for q in near)


class Frames:
    """The periods that hold beyond their own sentence: of a paragraph, of a heading, of the article."""

    def __init__(self, scene: Scene, dates: Sequence[DateMention], near: Neighbourhood) -> None:
        self._scene = scene
        self._dates = dates
        self._near = near
        self._of_block: dict[int, DateMention] = {}
        self._main: DateMention | None = None
        self._first: dict[int, DateMention | None] = {}

    def remember(self, date: DateMention, index: int, *, own: bool) -> None:
        """Keep the period that a figure of sentence `index` took, from its `own` sentence or not, for what follows."""
        if not governs(date) or not self.is_past(date) or self._near.echoed(date):
            return
        if self._main is None and not date.since_start:
            self._main = date
        if own and (not date.since_start or self._near.opens(date)):
            self._of_block[self._scene.sentence(index).block] = date

    def above(self, index: int) -> Iterator[tuple[str, DateMention]]:
        """What governs sentence `index`, with its origin: its paragraph, the one before, the heading above, the title,
        the article."""
        block = self._of_block.get(self._scene.sentence(index).block)
        if block is not None:
            yield "block", block
        before = self._of_block.get(self._scene.sentence(index).block - 1)
        if before is not None and block is None:
            yield "before", before
        heading = self._scene.heading_above(index)
        if heading:
            yield from self._named("heading", heading)
        if index > 0:
            yield from self._named("title", 0)
        if self._main is not None:
            yield "main", self._main
        for lead in range(min(index, _LEAD)):
            yield from self._named("lead", lead)

    def running_year(self) -> DateMention | None:
        """The first mention of the year in which the article appeared."""
        published = self._scene.published
        if published is None:
            return None
        year = published.value[:4]
        return next((d for d in self._dates if d.value == year and d.mod is None and not d.since_start), None)

    def _named(self, origin: str, index: int) -> Iterator[tuple[str, DateMention]]:
        if index not in self._first:
            self._first[index] = self._first_in(index)
        date = self._first[index]
        if date is not None:
            yield origin, date

    def _first_in(self, index: int) -> DateMention | None:
        sentence = self._scene.sentence(index)
        for date in within(self._dates, sentence.start, sentence.end):
            if governs(date) and self.is_past(date) and not self._near.compared(date) and not date.since_start:
                return date
        return None

    def is_past(self, date: DateMention) -> bool:
        """Whether the date has begun by publication."""
        published = self._scene.published
        return published is None or (date.start is not None and date.start <= published.last)

    def is_over(self, date: DateMention) -> bool:
        """Whether the date has ended by publication, or will within a month."""
        published = self._scene.published
        return published is None or (date.end is not None and date.end <= published.last + _MONTH)

    def is_old(self, date: DateMention) -> bool:
        """Whether the date ended longer before publication than news is told."""
        published = self._scene.published
        return published is not None and date.end is not None and date.end < published.first - _NEWS
