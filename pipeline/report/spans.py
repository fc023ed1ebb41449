"""Figures over the days of their periods, a panel for each series."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from pipeline.page import Chart, Line, Tick
from pipeline.report import scales
from pipeline.report.chart_table import ChartSettings
from pipeline.report.drawing import WIDTH, Drawing, Panel, amount, label, mark, shortened, summary
from pipeline.report.wording import Wording
from pipeline.schema import Fact
from pipeline.text import visible

_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 210.0, 52.0, 334.0, 10.0, 184.0
_SHORT = 731  # days of an axis whose ticks need their month


@dataclass(frozen=True, slots=True)
class _Point:
    """A figure with the days it holds for, stated by `articles` articles; `fact` is the surest."""

    fact: Fact
    value: float
    start: dt.date
    end: dt.date
    articles: int


def draw_spans(facts: Sequence[Fact], settings: ChartSettings, words: Wording) -> Drawing:
    """The series with most figures. Series differ in who, type, unit, rate, place or basis."""
    series: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.subject and fact.quantity and amount(fact.quantity) is not None and _days(fact):
            series[_key(fact)].append(fact)
    order = count()
    ranked = sorted(((-len(_points(its)), next(order), _points(its)) for its in series.values()), key=lambda s: s[:2])
    chosen = [points for _, _, points in ranked if len(points) >= settings.least][: settings.panels]
    return Drawing(
        tuple(_panel(points, words) for points in chosen),
        tuple((point.fact, words.fact_figure(point.fact)) for points in chosen for point in points),
    )


def _key(fact: Fact) -> tuple[object, ...]:
    names = tuple(party.name for party in (fact.subject, fact.object, fact.place) if party)
    unit = (fact.quantity.unit, fact.quantity.per) if fact.quantity else ()
    return (names, bool(fact.object), fact.type, unit, tuple(fact.basis or ()))


def _days(fact: Fact) -> tuple[dt.date, dt.date] | None:
    """The days of a period; one that is open has the day that it has."""
    if fact.period is None:
        return None
    known = [day for day in (fact.period.start, fact.period.end) if day]
    return (known[0], known[-1]) if known else None


def _points(facts: Sequence[Fact]) -> list[_Point]:
    """The figures of a series by their days; what several articles state is one point."""
    same: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        same[(_days(fact), amount(fact.quantity), fact.modality)].append(fact)
    points = []
    for its in same.values():
        best = max(its, key=lambda fact: fact.confidence)
        days, value = _days(best), amount(best.quantity)
        if days and value is not None:
            points.append(_Point(best, value, *days, len({fact.article_id for fact in its})))
    return sorted(points, key=lambda point: (point.start, point.end, point.value, point.fact.id))


def _panel(points: Sequence[_Point], words: Wording) -> Panel:
    across, ticks = scales.days([day for p in points for day in (p.start, p.end)], _LEFT + 8, _RIGHT)
    up = scales.linear([point.value for point in points], _BOTTOM, _TOP + 6, ticks=4)
    marks, lines = [], []
    for point in points:
        y = up.at(point.value)
        ends = across.at(point.start.toordinal()), across.at(point.end.toordinal())
        lines.append(Line(f"{ends[0]},{y} {ends[1]},{y}", f"period {point.fact.modality}"))
        figure = words.fact_figure(point.fact)
        middle = round(sum(ends) / 2, 1)
        marks.append(mark(point.fact, middle, y, label(point.fact, figure, words, point.articles)))
    first = points[0].fact
    short = across.high - across.low < _SHORT
    title = visible(" · ".join([words.party(first), words.type(first.type)]))
    basis = [words.basis(first.basis), first.place.name if first.place else ""]
    unit = words.unit(first.quantity.unit, first.quantity.per) if first.quantity else ""
    chart = Chart(
        summary=summary(title, marks),
        width=WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        x_ticks=tuple(
            Tick(across.at(day.toordinal()), words.month(day) if short else str(day.year)) for day in ticks
        ),
        y_ticks=tuple(Tick(up.at(value), words.compact(value)) for value in up.ticks),
        lines=tuple(lines),
        marks=tuple(marks),
    )
    return Panel(shortened(title, 60), visible(", ".join(part for part in [*basis, unit] if part)), chart)
