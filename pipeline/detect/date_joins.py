"""Expressions that belong together: ranges, counted offsets, a year that only the last of several names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.detect import calendar as cal
from pipeline.detect.date_grammar import Token

_PARTS = {"quarter": 3, "half": 6}  # months of the parts of a fiscal year
_MOST_OF_A_YEAR = 360  # days
_YEARS = frozenset({"fiscal_year", "fiscal_year_range"})
_COUNTED = {"after": 1, "from": 1, "before": -1}  # which way a figure before such a boundary counts
_SHIFTS = {"LATER": "after", "EARLIER": "before"}  # the boundary that a word behind a counted unit is, before a date


@dataclass(frozen=True, slots=True)
class Found:
    """A reading before its ends are opened: tokens [first, last), offsets, what the words said."""

    first: int
    last: int
    start: int
    end: int
    form: str
    value: str | None
    bound: str | None
    part: str | None
    relative: bool
    yearless: bool
    now: bool = False


def join(found: Sequence[Found], tokens: Sequence[Token], anchor: cal.Anchor | None = None) -> list[Found]:
    """Ranges: "from A to B", "between A and B", "A - B"; a month takes the year of the one behind it.

    `anchor` tells which fiscal year is the current one.
    """
    out: list[Found] = []
    for one in (_counted_from(f, tokens) for f in _fiscal(found, anchor)):
        item = one
        if out and (shifted := _shifted(out[-1], one, tokens)):
            out[-1] = shifted
            continue
        if out and one.first < out[-1].last:
            # "In two days from today": the count has been read as a date of its own.
            whole = out.pop()
            item = replace(one, first=whole.first, start=whole.start)
        merged = (_merge(out[-1], item, tokens) or _pair(out[-1], item, tokens)) if out else None
        if merged is not None:
            out[-1] = merged
            continue
        out.append(item)
    for index in range(len(out) - 2, -1, -1):
        out[index] = _year_from(out[index], out[index + 1], tokens)
    return out


def _fiscal(found: Sequence[Found], anchor: cal.Anchor | None) -> Sequence[Found]:
    """ "Fiscal 2027" as the year that starts in 2027, where the article says in which month books close; quarters and
    halves without a year are then those of the fiscal year too."""
    closed = next((f.value for f in found if _tells_close(f)), None)
    if closed is None or (month := cal.bounds(closed)[1].month) == 12:
        return found
    return [_of_fiscal_year(item, month, anchor) for item in found]


def _tells_close(item: Found) -> bool:
    """Whether the date tells in which month books close: "fiscal 2025, ended in March", "the year to March 2026"."""
    if item.form == "closed" and item.value:
        first, last = cal.bounds(item.value)
        return (last - first).days > _MOST_OF_A_YEAR
    return item.form == "fiscal_closed" or (item.form in _YEARS and item.value is not None and "-" in item.value)


def _of_fiscal_year(item: Found, month: int, anchor: cal.Anchor | None) -> Found:
    """`item` counted from the fiscal year that ends with `month`, where it is a part of one."""
    if item.form in _YEARS:
        return _fiscal_year(item, month)
    if item.form == "fiscal_relative_unit" and item.value and anchor is not None:
        begun = int(item.value) - (1 if anchor.first.month <= month else 0)
        return _fiscal_year(replace(item, value=f"{begun:04}"), month)
    part = _PARTS.get(item.form.removeprefix("fiscal_"))
    if part is None or item.value is None or "/" in item.value or not (item.yearless or "fiscal" in item.form):
        return item
    first = cal.add_months(cal.bounds(item.value)[0], month)
    return replace(item, value=cal.units_from(first, "month", part))


def _fiscal_year(item: Found, month: int) -> Found:
    """The year of `item` as the twelve months up to `month` of the next."""
    if item.value is None or "-" in item.value:
        return item
    first, last = cal.bounds(item.value)
    if last.year > first.year + 1:
        return item
    return replace(item, value=cal.units_from(dt.date(first.year + 1, month, 1), "month", -12))


def _counted_from(item: Found, tokens: Sequence[Token]) -> Found:
    """ "Two weeks after Easter": the date moved by the figure before it."""
    sign = _COUNTED.get(item.bound or "", 0)
    if not sign or item.first < 2 or item.value is None or "/" in item.value:
        return item
    number, unit = (tokens[item.first - n].roles for n in (2, 1))
    # "Two years from January" lasts; "two days from today" is a day.
    if "NUMBER" not in number or "UNIT" not in unit or (item.bound == "from" and item.form != "deictic"):
        return item
    try:
        value = cal.moved(item.value, str(unit["UNIT"]), sign * int(number["NUMBER"]))
        first, bound = item.first - 2, None
        before = tokens[first - 1].roles if first else {}
        if "LESS" in before:
            value = cal.span(*((item.value, value) if sign > 0 else (value, item.value)))
        elif "MORE" in before:
            bound = "from" if sign > 0 else "until"
    except (ValueError, OverflowError):
        return item
    first -= "MORE" in before or "LESS" in before
    return replace(item, first=first, start=tokens[first].start, value=value, bound=bound, yearless=False)


def _shifted(left: Found, right: Found, tokens: Sequence[Token]) -> Found | None:
    """ "Two weeks before 3 May": the date counted from the one behind, where `left` has been read by itself."""
    if left.form != "shift" or left.last != right.first or right.bound is not None:
        return None
    bound = next((_SHIFTS[role] for role in tokens[left.last - 1].roles if role in _SHIFTS), None)
    moved = _counted_from(replace(right, first=left.last - 1, bound=bound), tokens)
    return moved if moved.bound != bound else None


def _merge(left: Found, right: Found, tokens: Sequence[Token]) -> Found | None:
    """The range from `left` to `right`, or None where the words between them make none."""
    between = tokens[left.last : right.first]
    to_bound = right.first < right.last and "TO" in tokens[right.first].roles and not between
    before = tokens[left.first - 1].roles if left.first else {}
    if not (to_bound or len(between) == 1) or left.value is None or right.value is None:
        return None
    own = left.bound == "from" and "FROM" in tokens[left.first].roles  # "from May to July" has one word for both
    if (left.bound not in (None, "since") and not own) or (right.bound is not None and not to_bound):
        return None
    code, roles = ("", tokens[right.first].roles) if to_bound else (between[0].code, between[0].roles)
    opened = "FROM" in before or left.bound == "since" or own
    days = (
        "/" not in left.value + right.value and cal.grain_of(left.value) == cal.grain_of(right.value) == "day"
    )
    fits = (
        ("TO" in roles and (opened or days))
        or ("AND" in roles and "BETWEEN" in before)
        or (code == "-" and days)
    )
    if not fits:
        return None
    try:
        value = _range(left, right)
    except (ValueError, OverflowError):
        return None
    first = left.first - (1 if "FROM" in before or "BETWEEN" in before else 0)
    return replace(
        right, first=first, start=tokens[first].start, value=value, bound=None, part=None, form="range",
        relative=left.relative or right.relative, yearless=False,
    )  # fmt: skip


def _pair(left: Found, right: Found, tokens: Sequence[Token]) -> Found | None:
    """Two months or years in a row as one span ("in January and February"), or None."""
    between = tokens[left.last : right.first]
    before = tokens[left.first - 1].code if left.first else ""
    if len(between) != 1 or "AND" not in between[0].roles or before == "," or left.form != right.form:
        return None
    if left.form not in ("month", "year") or left.part or right.part or right.bound or not (left.value and right.value):
        return None
    try:
        value = _range(left, right)
        first, last = (cal.bounds(v) for v in value.split("/"))
    except (ValueError, OverflowError):
        return None
    if first[1] + cal.DAY != last[0]:
        return None
    return replace(
        right, first=left.first, start=left.start, value=value, bound=left.bound, form="range",
        relative=right.relative or (left.relative and not left.yearless), yearless=False,
    )  # fmt: skip


def _range(left: Found, right: Found) -> str:
    first, last = left.value or "", right.value or ""
    if left.form == right.form == "weekday" and first > last:
        first = cal.moved(first, "day", -7)
    if right.yearless and not left.yearless:
        last = cal.moved(last, "year", cal.bounds(first)[0].year - cal.bounds(last)[0].year)
        if cal.bounds(first)[0] > cal.bounds(last)[1]:
            last = cal.moved(last, "year", 1)
    elif left.yearless:
        first = cal.moved(first, "year", cal.bounds(last)[0].year - cal.bounds(first)[0].year)
        if cal.bounds(first)[0] > cal.bounds(last)[1]:
            first = cal.moved(first, "year", -1)
    return cal.span(first, last)


def _year_from(left: Found, right: Found, tokens: Sequence[Token]) -> Found:
    """`left` with the year that only `right` names: "in November and December 2023"."""
    between = tokens[left.last : right.first]
    if not (left.yearless and left.value and right.value) or right.relative or not 1 <= len(between) <= 2:
        return left
    joint = "AND" in between[0].roles and all("AND" in t.roles or "AT" in t.roles for t in between)
    if left.form != right.form or not (joint or (len(between) == 1 and between[0].code == ",")):
        return left
    years = cal.bounds(right.value)[0].year - cal.bounds(left.value)[0].year
    return replace(left, value=cal.moved(left.value, "year", years), yearless=False, relative=False)
