"""Figures of many names along one axis, a row for each name, a panel for each unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipeline.page import Chart, Label, Line, Mark, Tick
from pipeline.report import scales
from pipeline.report.chart_table import ChartSettings
from pipeline.report.drawing import WIDTH, Drawing, Panel, amount, label, mark, shortened, summary
from pipeline.report.wording import Wording
from pipeline.schema import Fact, Quantity
from pipeline.text import visible

_ROW, _TOP, _FOOT, _LEFT, _RIGHT = 38.0, 4.0, 24.0, 12.0, 346.0
_WORDS, _LINE = 15.0, 28.0  # from the top of a row
_ROOM = 50  # characters in the width of a panel
_OWNERS = 2
Rows = dict[str, list[Fact]]
Unit = tuple[str, str | None]


def draw_spread(facts: Sequence[Fact], settings: ChartSettings, words: Wording) -> Drawing:
    """For the units with most figures: the names with most figures, the largest first."""
    units: dict[Unit, Rows] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        name = _name(fact, settings)
        quantity = fact.quantity
        if name and quantity and amount(quantity) is not None and quantity.per in (settings.rate, None):
            units[quantity.unit, settings.rate][name].append(fact)
    sizes = {unit: sum(map(len, rows.values())) for unit, rows in units.items()}
    chosen = sorted((unit for unit in units if sizes[unit] >= settings.least), key=lambda unit: (-sizes[unit], unit[0]))
    panels, drawn = [], []
    for unit in chosen[: settings.panels]:
        rows = _rows(units[unit], settings)
        panels.append(_panel(unit, rows, settings, words))
        drawn += [(fact, words.fact_figure(fact)) for its in rows.values() for fact in its]
    return Drawing(tuple(panels), tuple(drawn))


def _name(fact: Fact, settings: ChartSettings) -> str | None:
    if settings.rows == "place" and fact.place:
        return fact.place.name
    return fact.subject.name if fact.subject else None


def _rows(rows: Rows, settings: ChartSettings) -> Rows:
    most = sorted(rows, key=lambda name: (-len(rows[name]), name))[: settings.rows_most]
    return {name: rows[name] for name in sorted(most, key=lambda name: (-max(_values(rows[name])), name))}


def _values(facts: Sequence[Fact]) -> list[float]:
    return [value for fact in facts if (value := amount(fact.quantity)) is not None]


def _panel(unit: Unit, rows: Rows, settings: ChartSettings, words: Wording) -> Panel:
    scale = scales.spread([value for its in rows.values() for value in _values(its)], _LEFT, _RIGHT - 14)
    marks: list[Mark] = []
    lines: list[Line] = []
    labels: list[Label] = []
    for at, (name, facts) in enumerate(rows.items()):
        top = _TOP + at * _ROW
        y = top + _LINE
        values = _values(facts)
        lines.append(Line(f"{_LEFT},{y} {_RIGHT},{y}", "rule"))
        lines.append(Line(f"{scale.at(min(values))},{y} {scale.at(max(values))},{y}", "reach"))
        reach = visible(_reach(values, unit, words))
        labels.append(Label(_LEFT, top + _WORDS, shortened(_row_name(name, facts, settings), _ROOM - len(reach))))
        labels.append(Label(_RIGHT, top + _WORDS, reach, "end soft"))
        marks += [
            mark(fact, scale.at(value), y, label(fact, words.fact_figure(fact), words))
            for fact, value in zip(facts, values, strict=True)
        ]
    bottom = _TOP + len(rows) * _ROW + 4
    title = words.say(settings.title)
    counted = words.unit(*unit)
    chart = Chart(
        summary=summary(f"{title}, {counted}", marks),
        width=WIDTH,
        height=bottom + _FOOT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=bottom,
        x_ticks=tuple(Tick(scale.at(value), words.compact(value)) for value in scale.ticks),
        lines=tuple(lines),
        marks=tuple(marks),
        labels=tuple(labels),
    )
    return Panel(visible(counted), words.ui("log_scale") if scale.logarithmic else "", chart)


def _row_name(name: str, facts: Sequence[Fact], settings: ChartSettings) -> str:
    if settings.rows == "subject":
        return name
    owners = Counter(fact.subject.name for fact in facts if fact.subject and fact.subject.name != name)
    return " · ".join([name, *(owner for owner, _ in owners.most_common(_OWNERS))])


def _reach(values: Sequence[float], unit: Unit, words: Wording) -> str:
    low, high = (Decimal(str(each)) for each in (min(values), max(values)))
    symbol, _ = unit
    return words.figure(Quantity(value=low, unit=symbol) if low == high else Quantity(low=low, high=high, unit=symbol))
