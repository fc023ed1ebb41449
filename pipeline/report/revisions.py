"""Figures of the future that replace others: what was said before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.page import Box, Chart, Label, Line, Mark
from pipeline.report.chart_table import ChartSettings
from pipeline.report.drawing import WIDTH, Drawing, Panel, amount, known_dimension, label, mark, shortened, summary
from pipeline.report.wording import Wording
from pipeline.schema import Fact, Quantity
from pipeline.text import visible

_ROW, _TOP, _LEFT, _RIGHT = 64.0, 4.0, 12.0, 346.0
_NAME, _FIGURES, _BAR = 15.0, 31.0, 46.0  # from the top of a row
_ROOM = 54  # characters in the width of a panel
_MOST = 1.0  # a change by all of the old figure fills the half of the axis
_MIDDLE, _HALF = (_LEFT + _RIGHT) / 2, (_RIGHT - _LEFT) / 2 - 6


@dataclass(frozen=True, slots=True)
class _Revision:
    """A figure and the one before it; `change` is a share of the old one, 0.05 for 5 % more."""

    fact: Fact
    before: Quantity
    after: Quantity
    change: float


def draw_revisions(facts: Sequence[Fact], settings: ChartSettings, words: Wording) -> Drawing:
    """The newest revisions, of one article or from article to article."""
    leave = settings.dimensions
    usable = [fact for fact in facts if fact.quantity and known_dimension(fact.quantity.unit) not in leave]
    found = {revision.fact.id: revision for revision in [*_across(usable), *_within(usable)]}
    newest = sorted(found.values(), key=lambda each: (each.fact.published or "", each.fact.id), reverse=True)
    # What several articles report is shown once.
    once = list({_said(each): each for each in reversed(newest)}.values())[::-1]
    size = settings.rows_most
    chunks = [once[at * size : (at + 1) * size] for at in range(settings.panels)]
    return Drawing(
        tuple(_panel(chunk, settings, words) for chunk in chunks if chunk),
        tuple((each.fact, _figures(each, words)) for chunk in chunks for each in chunk),
    )


def _said(revision: _Revision) -> tuple[object, ...]:
    fact = revision.fact
    names = tuple(slot and slot.name for slot in (fact.subject, fact.object))
    return (names, fact.type, amount(revision.before), amount(revision.after), revision.after.unit)


def _within(facts: Sequence[Fact]) -> Iterator[_Revision]:
    for fact in facts:
        if fact.quantity and fact.previous and (found := _revision(fact, fact.previous, fact.quantity)):
            yield found


def _across(facts: Sequence[Fact]) -> Iterator[_Revision]:
    """Differing figures for the same thing and period, in the order of publication."""
    series: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.subject and fact.period and fact.published:
            names = tuple(slot and slot.name for slot in (fact.subject, fact.object, fact.place, fact.source))
            unit = (fact.quantity.unit, fact.quantity.per) if fact.quantity else ()
            kind = (fact.type, fact.metric, fact.modality, tuple(fact.basis or ()))
            series[(names, unit, kind, fact.period.value, fact.period.mod)].append(fact)
    for its in series.values():
        in_time = sorted(its, key=lambda fact: (fact.published or "", fact.id))
        for earlier, later in pairwise(in_time):
            if earlier.published == later.published or earlier.article_id == later.article_id:
                continue
            if earlier.quantity and later.quantity and (found := _revision(later, earlier.quantity, later.quantity)):
                yield found


def _revision(fact: Fact, before: Quantity, after: Quantity) -> _Revision | None:
    old, new = amount(before), amount(after)
    if before.unit != after.unit or not old or new is None or old == new:
        return None
    return _Revision(fact, before, after, (new - old) / abs(old))


def _figures(revision: _Revision, words: Wording) -> str:
    return words.change(revision.before, revision.after)


def _panel(chosen: Sequence[_Revision], settings: ChartSettings, words: Wording) -> Panel:
    marks: list[Mark] = []
    boxes: list[Box] = []
    labels: list[Label] = []
    for at, each in enumerate(chosen):
        top = _TOP + at * _ROW
        y = top + _BAR
        figures = _figures(each, words)
        end = round(_MIDDLE + max(-_MOST, min(_MOST, each.change)) * _HALF, 1)
        words_for_it = label(each.fact, figures, words)
        style = f"change {each.fact.modality}"
        boxes.append(Box(min(end, _MIDDLE), y - 3, round(abs(end - _MIDDLE), 1), 6, words_for_it, style))
        marks.append(mark(each.fact, end, y, words_for_it))
        labels.append(Label(_LEFT, top + _NAME, shortened(_name(each.fact, words), 42)))
        labels.append(Label(_RIGHT, top + _NAME, words.share(each.change), "end strong"))
        dated = visible(words.published(each.fact.published))
        labels.append(Label(_LEFT, top + _FIGURES, shortened(figures, _ROOM - len(dated)), "soft"))
        labels.append(Label(_RIGHT, top + _FIGURES, dated, "end soft"))
    bottom = _TOP + len(chosen) * _ROW
    chart = Chart(
        summary=summary(words.say(settings.title), marks),
        width=WIDTH,
        height=bottom + 4,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=bottom,
        lines=(Line(f"{_MIDDLE},{_TOP} {_MIDDLE},{bottom}", "rule"),),
        boxes=tuple(boxes),
        marks=tuple(marks),
        labels=tuple(labels),
    )
    return Panel("", "", chart)


def _name(fact: Fact, words: Wording) -> str:
    parts = [words.party(fact), words.type(fact.type).lower(), words.period(fact.period) if fact.period else ""]
    return " · ".join(part for part in parts if part)
