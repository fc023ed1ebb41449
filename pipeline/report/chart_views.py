"""The charts of the report, drawn in the words of one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.report.chart_table import ChartSettings, ChartTable
from pipeline.report.drawing import Drawing, Panel, Row, candidates, row
from pipeline.report.revisions import draw_revisions
from pipeline.report.spans import draw_spans
from pipeline.report.spread import draw_spread
from pipeline.report.wording import Wording
from pipeline.schema import Fact

_FORMS: Mapping[str, Callable[[Sequence[Fact], ChartSettings, Wording], Drawing]] = {
    "spans": draw_spans,
    "spread": draw_spread,
    "revisions": draw_revisions,
}
_HEADS = ("who", "type", "slot_quantity", "slot_period", "modality", "published")


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart with its words, its figures as a table, and how many facts it shows and does not show."""

    id: str
    form: str
    title: str
    note: str
    panels: tuple[Panel, ...]
    rows: tuple[Row, ...]
    table_title: str
    heads: tuple[str, ...]
    drawn: str
    not_drawn: str


def chart_views(facts: Sequence[Fact], table: ChartTable, words: Wording) -> tuple[ChartView, ...]:
    """All charts of `table` that have something to show."""
    views = []
    for settings in table.charts:
        about = candidates(facts, settings, table.least_confidence)
        drawing = _FORMS[settings.form](about, settings, words)
        if not drawing.panels:
            continue
        hidden = len(about) - len(drawing.drawn)
        views.append(
            ChartView(
                id=settings.id,
                form=settings.form,
                title=words.say(settings.title),
                note=words.say(settings.note),
                panels=drawing.panels,
                rows=tuple(row(fact, figure, words) for fact, figure in drawing.drawn),
                table_title=words.ui("table"),
                heads=tuple(words.ui(key) for key in _HEADS),
                drawn=words.ui("drawn", n=words.count(len(drawing.drawn))),
                not_drawn=words.ui("not_drawn", n=words.count(hidden)) if hidden else "",
            )
        )
    return tuple(views)
