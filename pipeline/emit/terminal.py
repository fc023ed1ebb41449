"""One article for the eye: its text with the mentions coloured, and its facts in a table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.schema import Extraction, Fact, Period, Quantity, Span
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
    table.add_column("type", no_wrap=True)
    for name in ("subject", "figure", "period", "modality", "source"):
        table.add_column(name, overflow="fold")
    table.add_column("confidence", justify="right")
    for fact in facts:
        cells = (
            fact.type,
            _party(fact),
            _figure(fact.quantity),
            _period(fact.period),
            fact.modality if fact.polarity == "positive" else f"{fact.modality}, {fact.polarity}",
            fact.source.name if fact.source else "",
            f"{fact.confidence:.2f}",
        )
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table


def _party(fact: Fact) -> str:
    names = [party.name for party in (fact.subject, fact.object) if party]
    return " → ".join(names)


def _figure(quantity: Quantity | None) -> str:
    if quantity is None:
        return ""
    bounds = [_number(v) for v in (quantity.value, quantity.low, quantity.high) if v is not None]
    qualifier = "" if quantity.qualifier in ("exact", "between") else f"{quantity.qualifier} "
    per = f" / {quantity.per}" if quantity.per else ""
    return f"{qualifier}{' to '.join(bounds)} {quantity.unit}{per}"


def _number(value: Decimal) -> str:
    # A no-break space between thousands: the cell must not be folded there.
    return f"{value:,f}".replace(",", "\u202f")


def _period(period: Period | None) -> str:
    if period is None:
        return ""
    return f"{period.value} {period.mod}" if period.mod else period.value
