"""Days of publication and of events: which comes first, and which may be the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.schema import Mod, Period, Published

# Which third of a period its modifier leaves.
_THIRDS = {Mod.START: (0, 1), Mod.MID: (1, 2), Mod.END: (2, 3)}


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day; None is an open end."""

    first: dt.date | None
    last: dt.date | None

    def before(self, other: Days) -> bool:
        """Whether all of these days come before all of the others."""
        return self.last is not None and other.first is not None and self.last < other.first

    def meets(self, other: Days) -> bool:
        """Whether they may be the same day."""
        return not self.before(other) and not other.before(self)


ANY = Days(None, None)


def publication(published: str | None) -> Days:
    """The days on which an article may have been published."""
    if published is None:
        return ANY
    date = Published(published)
    return Days(date.first, date.last)


def event_days(period: Period | None) -> Days:
    """The days on which an event may take place: of "early 2025" the first third of the year."""
    if period is None:
        return ANY
    if period.mod not in _THIRDS or period.start is None or period.end is None:
        return Days(period.start, period.end)
    length = (period.end - period.start).days + 1
    begin, end = (length * third // 3 for third in _THIRDS[period.mod])
    return Days(period.start + dt.timedelta(days=begin), period.start + dt.timedelta(days=max(begin, end - 1)))
