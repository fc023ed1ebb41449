"""Values and days to places on an axis, with round ticks."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_WIDE = 40  # the largest value over the smallest, from which an axis is logarithmic
_MARGIN = 1.1  # of a logarithmic axis, beyond its values
_TICKS = 7
_YEAR = 366
_STEPS = (1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 24_000)  # months, up to all years


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`, drawn from `first` to `last`; `ticks` are values on it."""

    low: float
    high: float
    first: float
    last: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Where `value` stands, to a tenth of a unit of the view box."""
        low, high, here = (math.log(each) if self.logarithmic else each for each in (self.low, self.high, value))
        share = (here - low) / (high - low)
        return round(self.first + share * (self.last - self.first), 1)


def linear(values: Iterable[float], first: float, last: float, ticks: int = 5) -> Scale:
    """An axis that holds zero and `values`, with about so many ticks at round figures."""
    found = [0.0, *values]
    low, high = min(found), max(found)
    step = _round_step((high - low) / ticks or 1.0)
    from_, to = math.floor(low / step), math.ceil(high / step)
    to = max(to, from_ + 1)
    return Scale(from_ * step, to * step, first, last, tuple(at * step for at in range(from_, to + 1)))


def spread(values: Sequence[float], first: float, last: float) -> Scale:
    """An axis for `values`: logarithmic where they are positive and far apart, else as `linear`."""
    if min(values) <= 0 or max(values) / min(values) < _WIDE:
        return linear(values, first, last)
    low, high = min(values) / _MARGIN, max(values) * _MARGIN
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
    inside = [tick for tick in ticks if low <= tick <= high]
    if len(inside) > _TICKS:
        inside = [10.0**power for power in powers if low <= 10.0**power <= high]
    return Scale(low, high, first, last, tuple(inside[:: math.ceil(len(inside) / _TICKS)]), logarithmic=True)


def days(given: Iterable[dt.date], first: float, last: float) -> tuple[Scale, tuple[dt.date, ...]]:
    """An axis of days (ordinals) that holds `given`, and its ticks: firsts of January, or of months where it is
    short."""
    found = sorted(given)
    low, high = found[0], found[-1]
    # The labels of months are longer than those of years.
    short = high.toordinal() - low.toordinal() < _YEAR
    start = low.replace(day=1) if short else low.replace(month=1, day=1)
    least, most = (1, 4) if short else (12, 6)
    step = next(each for each in _STEPS if each >= least and _count(start, high, each) <= most)
    ticks = [start]
    while ticks[-1] <= high and ticks[-1].year + step // 12 < dt.MAXYEAR:
        ticks.append(_later(ticks[-1], step))
    end = max(ticks[-1].toordinal(), high.toordinal() + 1)
    return Scale(start.toordinal(), end, first, last, tuple(float(day.toordinal()) for day in ticks)), tuple(ticks)


def _count(start: dt.date, end: dt.date, step: int) -> int:
    return math.ceil(((end.year - start.year) * 12 + end.month - start.month + 1) / step)


def _later(day: dt.date, months: int) -> dt.date:
    total = day.year * 12 + day.month - 1 + months
    return dt.date(total // 12, total % 12 + 1, 1)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(each * power for each in _ROUND if each * power >= rough * 0.999)
