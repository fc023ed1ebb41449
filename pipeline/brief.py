"""A fact in a few words, for people: in the terminal, in a notebook."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.schema import Fact, Period, Quantity

COLUMNS = ("type", "subject", "figure", "period", "modality", "source", "confidence")


def cells(fact: Fact) -> tuple[str, ...]:
    """What stands in the row of `fact` in a table with `COLUMNS`; empty where the fact is silent."""
    return (
        fact.type,
        " → ".join(party.name for party in (fact.subject, fact.object) if party),
        _figure(fact.quantity),
        _period(fact.period),
        fact.modality if fact.polarity == "positive" else f"{fact.modality}, {fact.polarity}",
        fact.source.name if fact.source else "",
        f"{fact.confidence:.2f}",
    )


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
