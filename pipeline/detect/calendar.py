"""TIMEX3 arithmetic: values of calendar units, their first and last day, and the nearest of several.

A value is a TIMEX3 string: `2024`, `202` (a decade), `2024-10`, `2024-10-03`, `2024-Q3`, `2024-H1`, `2024-SU`
(meteorological seasons; winter runs into the next year), `2024-W40`, `2024-W40-WE`, `A/B` for a span of two.
Functions raise ValueError or OverflowError for what no calendar holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.schema import Published

DAY = dt.timedelta(days=1)
SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
_DAYS = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}
_ORDER = ("day", "weekend", "week", "fortnight", "month", "quarter", "half", "year", "decade")
# How far away a date of the anchor's own year counts, where the text does not say: news looks back.
_PAST_SAME_YEAR, _FUTURE_SAME_YEAR, _PAST_IN_FUTURE = 0.25, 0.35, 10.0
_SOON, _SOON_DAY, _LONG_AGO = 31, 75, 270  # days


@dataclass(frozen=True, slots=True)
class Anchor:
    """A publication date as an interval, with its grain: "day", "month" or "year"."""

    value: str
    first: dt.date
    last: dt.date
    grain: str

    @classmethod
    def of(cls, published: Published) -> Anchor:
        """The anchor of `published`. Raises ValueError where its value is no date."""
        grain = ("year", "month", "day")[published.value.count("-")]
        return cls(published.value, published.first, published.last, grain)

    def holds(self, unit: str) -> bool:
        """True where the anchor is precise enough to count in `unit`."""
        return _ORDER.index(unit) >= _ORDER.index(self.grain)


@lru_cache(maxsize=4096)
def bounds(value: str) -> tuple[dt.date, dt.date]:
    """First and last day of a TIMEX3 value."""
    if "/" in value:
        left, right = value.split("/")
        return bounds(left)[0], bounds(right)[1]
    grain = grain_of(value)
    if grain == "day":
        day = dt.date.fromisoformat(value)
        return day, day
    if grain in ("week", "weekend"):
        monday = dt.date.fromisocalendar(int(value[:4]), int(value[6:8]), 1)
        return monday + (5 if grain == "weekend" else 0) * DAY, monday + 6 * DAY
    if grain == "decade":
        return dt.date(int(value) * 10, 1, 1), dt.date(int(value) * 10 + 9, 12, 31)
    if grain == "season":
        return _months(int(value[:4]), SEASON_MONTH[value[5:]], 3)
    count = _MONTHS[grain]
    number = int(value[5:].lstrip("QH") or 1)
    return _months(int(value[:4]), (number - 1) * count + 1, count)


def _months(year: int, month: int, count: int) -> tuple[dt.date, dt.date]:
    first = dt.date(year, month, 1)
    return first, add_months(first, count) - DAY


def add_months(day: dt.date, count: int) -> dt.date:
    """`day` moved by `count` months, clamped to the month's last day."""
    total = day.year * 12 + day.month - 1 + count
    year, month = total // 12, total % 12 + 1
    return dt.date(year, month, min(day.day, _month_length(year, month)))


def _month_length(year: int, month: int) -> int:
    return (dt.date(year + month // 12, month % 12 + 1, 1) - DAY).day if year < 9999 else 31


def unit_at(day: dt.date, unit: str) -> str:
    """The value of the calendar unit ("day", "week", "weekend", "month", "quarter", …) that holds `day`."""
    if unit in ("week", "weekend"):
        iso = day.isocalendar()
        return f"{iso.year:04}-W{iso.week:02}" + ("-WE" if unit == "weekend" else "")
    if unit == "fortnight":
        return fortnight(day.year, day.month, 1 if day.day <= 15 else 2)
    year, month = day.year, day.month
    values = {
        "decade": f"{year // 10:03}",
        "year": f"{year:04}",
        "half": f"{year:04}-H{(month + 5) // 6}",
        "quarter": f"{year:04}-Q{(month + 2) // 3}",
        "month": f"{year:04}-{month:02}",
        "day": day.isoformat(),
    }
    if unit not in values:
        raise ValueError(f"no calendar unit {unit!r}")
    return values[unit]


def fortnight(year: int, month: int, which: int) -> str:
    """The first or second half of a month, as a span of days."""
    first, last = _months(year, month, 1)
    return (
        span(first.isoformat(), first.replace(day=15).isoformat())
        if which == 1
        else span(first.replace(day=16).isoformat(), last.isoformat())
    )


def step(day: dt.date, unit: str, count: int) -> dt.date:
    """`day` moved by `count` units."""
    if unit in _DAYS:
        return day + count * _DAYS[unit] * DAY
    return add_months(day, count * _MONTHS[unit])


def moved(value: str, unit: str, count: int) -> str:
    """A value moved by `count` units, in the grain it has: 2024-Q3 by a year is 2025-Q3."""
    if "/" in value:
        return span(*(moved(part, unit, count) for part in value.split("/")))
    grain = grain_of(value)
    if grain == "season":
        if unit != "year":
            raise ValueError("seasons move by years")
        return f"{int(value[:4]) + count:04}{value[4:]}"
    if unit == "month" and count % 12 == 0 and grain == "year":
        return unit_at(step(bounds(value)[0], unit, count), grain)
    finer = unit if _ORDER.index(unit) < _ORDER.index(grain) else grain
    return unit_at(step(bounds(value)[0], unit, count), finer)


def grain_of(value: str) -> str:
    """The unit of a value that is no span ("season" for seasons)."""
    year, _, rest = value.partition("-")
    if not rest and len(year) == 3:
        return "decade"
    if len(year) != 4:
        raise ValueError(f"{value!r} is beyond the calendar")
    if not rest:
        return "year"
    if rest in SEASON_MONTH:
        return "season"
    if rest[0] in "WQH":
        return "weekend" if rest.endswith("-WE") else {"W": "week", "Q": "quarter", "H": "half"}[rest[0]]
    return "month" if len(rest) == 2 else "day"


def span(first: str, last: str) -> str:
    """The value from `first` to `last`; raises ValueError where it would run backwards."""
    if bounds(first)[0] > bounds(last)[1]:
        raise ValueError(f"{first} is later than {last}")
    return first if first == last else f"{first}/{last}"


def units_from(day: dt.date, unit: str, count: int) -> str:
    """The span of `count` whole units from the one that holds `day` (up to it where `count` is negative)."""
    other = unit_at(step(day, unit, count - 1 if count > 0 else count + 1), unit)
    here = unit_at(day, unit)
    left, right = (here, other) if count > 0 else (other, here)
    return span(left.split("/", maxsplit=1)[0], right.rsplit("/", maxsplit=1)[-1])


def easter(year: int) -> dt.date:
    """Easter Sunday (Gregorian computus of Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def nearest(anchor: Anchor, options: Sequence[str], lean: int) -> str:
    """The one of `options` (in order of time) that the text means.

    `lean` is 1 where the text speaks of the future, -1 where of the past, 0 where it does not say. The future
    is a leaning (a month just gone may stand beside "will"), the past a rule, save for a date that is about
    to come; 2 and -2 are rules without exception.
    """
    ends = [bounds(option) for option in options]
    if lean < 0:
        reached = [n for n, (first, _) in enumerate(ends) if first <= anchor.last]
        if not reached:
            return options[0]
        at = reached[-1]
        if lean < -1 or at + 1 == len(options) or (anchor.first - ends[at][1]).days <= _LONG_AGO:
            return options[at]
        first, last = ends[at + 1]
        soon = (first - anchor.last).days <= (_SOON_DAY if first == last else _SOON)
        return options[at + 1 if soon else at]
    if lean > 1:
        return next(
            (o for o, (_, last) in zip(options, ends, strict=True) if last >= anchor.first), options[-1]
        )
    past = _PAST_IN_FUTURE if lean > 0 else 1.0

    def distance(index: int) -> float:
        first, last = ends[index]
        if first > anchor.last:
            return (first - anchor.last).days * (_FUTURE_SAME_YEAR if first.year == anchor.last.year else 1.0)
        return (
            past
            * max(0, (anchor.first - last).days)
            * (_PAST_SAME_YEAR if last.year == anchor.first.year else 1.0)
        )

    return options[min(range(len(options)), key=distance)]


def beyond(anchor: Anchor, options: Sequence[str], sign: int) -> str:
    """The first of `options` after the anchor (sign 1), or the last before it (sign -1)."""
    if sign > 0:
        return next((o for o in options if bounds(o)[0] > anchor.first), options[-1])
    return next((o for o in reversed(options) if bounds(o)[1] < anchor.last), options[0])
