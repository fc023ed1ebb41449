"""Values of cells: decimals that every format holds, and their text and JSON."""

from __future__ import annotations

import datetime as dt
import json
from decimal import ROUND_HALF_EVEN, Context, Decimal

from pipeline.tables.shape import DIGITS, SCALE

_LEAST = Decimal(1).scaleb(-SCALE)
# SQLite's whole numbers end at 2 ** 63: no other engine holds less.
_LIMIT = Decimal(1).scaleb(18)
_EXACT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


def number(value: Decimal | None) -> Decimal | None:
    """`value` as a decimal column holds it, rounded to 18 digits behind the point.

    Raises ValueError where it has more than 18 digits before it.
    """
    if value is None:
        return None
    if abs(value) >= _LIMIT:
        raise ValueError(f"{value:.3E} has more than 18 digits before the point")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -SCALE:
        return value.quantize(_LEAST, context=_EXACT)
    return value


def plain_number(value: Decimal) -> str:
    """`value` without exponent and without zeros that say nothing: 21400, -2.4."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def cell_text(cell: object) -> str:
    """A value as text for people and files: plain numbers, ISO dates, lists as JSON, null as nothing."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case Decimal():
            return plain_number(cell)
        case tuple() | list() | dict():
            return json.dumps(cell, ensure_ascii=False, default=json_value)
    return str(cell)


def json_value(cell: object) -> object:
    """A value as JSON has it: numbers as in facts.jsonl, dates and whatever JSON lacks as text."""
    match cell:
        case None | bool() | int() | float() | str() | tuple() | list() | dict():
            return cell
        case Decimal():
            return int(cell) if cell == cell.to_integral_value() else float(cell)
        case dt.date() | dt.time():
            return cell.isoformat()
    return str(cell)
