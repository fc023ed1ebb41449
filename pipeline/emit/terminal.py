"""One article for the eye: its text with the mentions coloured, and its facts in a table."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.brief import COLUMNS, cells
from pipeline.schema import Extraction, Fact, Span
from pipeline.text import visible

_STYLES = {"date": "green", "quantity": "bold cyan", "entity": "magenta"}


def render(extraction: Extraction) -> RenderableType:
    """`extraction` for a rich console: a line about the article, a legend, the text, the facts."""
    article = extraction.article
    published = article.published
    dated = f"{published.value} ({published.origin})" if published else "undated"
    head = Text(visible(f"{article.id}  {dated}  {article.lang}"), style="bold")
    legend = Text("  ").join(Text(name, style=style) for name, style in _STYLES.items())
    return Group(head, legend, Text(), _coloured(extraction), Text(), _table(extraction.facts))


def _coloured(extraction: Extraction) -> Text:
    text = Text(visible(extraction.article.text))
    for kind, span in _mentions(extraction):
        text.stylize(_STYLES[kind], span.start, span.end)
    return text


def _mentions(extraction: Extraction) -> Iterator[tuple[str, Span]]:
    found = extraction.mentions
    yield from (("entity", m.span) for m in found.entities)
    yield from (("quantity", m.span) for m in found.quantities)
    yield from (("date", m.span) for m in found.dates)


def _table(facts: tuple[Fact, ...]) -> Table:
    table = Table(title=f"facts: {len(facts)}", title_justify="left")
    for name in COLUMNS:
        table.add_column(name, overflow="fold", no_wrap=name == COLUMNS[0])
    table.columns[-1].justify = "right"
    for fact in facts:
        table.add_row(*(Text(visible(cell)) for cell in cells(fact)))
    return table
