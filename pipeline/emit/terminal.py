"""One article for the eye: its text with the mentions coloured, and its facts in a table."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.brief import COLUMNS, cells
from pipeline.schema import Extraction, Fact, Span

_STYLES = {"date": "green", "quantity": "bold cyan", "entity": "magenta"}
# Control characters and marks that turn the direction of a line could draw on the terminal.
_SHOWN = {code: 0x2400 + code for code in range(32) if code != 0x0A} | {0x7F: 0x2421}
_SHOWN |= dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)


def render(extraction: Extraction) -> RenderableType:
    """`extraction` for a rich console: a line about the article, a legend, the text, the facts."""
    article = extraction.article
    published = article.published
    dated = f"{published.value} ({published.origin})" if published else "undated"
    head = Text(_safe(f"{article.id}  {dated}  {article.lang}"), style="bold")
    legend = Text("  ").join(Text(name, style=style) for name, style in _STYLES.items())
    return Group(head, legend, Text(), _coloured(extraction), Text(), _table(extraction.facts))


def _coloured(extraction: Extraction) -> Text:
    text = Text(_safe(extraction.article.text))
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
        table.add_row(*(Text(_safe(cell)) for cell in cells(fact)))
    return table


def _safe(text: str) -> str:
    """`text` with what could act on a terminal shown as pictures, one for one."""
    return text.translate(_SHOWN)
