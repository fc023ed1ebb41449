"""What a calendar expression means that counts from the publication date, or from a date named before.

Readings as in `date_readings`.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.detect import calendar as cal
from pipeline.detect.date_scene import PRIOR, SIGN, Captures, Reading, Scene, year_of
from pipeline.language.date_words import FormName

# "Two years ago" names a year, "two weeks ago" a day: no calendar unit is closer to what is meant.
_AGO_GRAIN = {"week": "day", "fortnight": "day", "weekend": "day"}
_RECENT = 75 * cal.DAY  # how long ago a period ended on which an article still reports
_HALF_OF = {"year": ("month", 6), "month": ("day", 15), "week": ("day", 3), "decade": ("year", 5)}


def _last_n(c: Captures, s: Scene) -> str:
    unit, sign, number = c.str("unit") or "", SIGN[c.str("rel") or "this"], c.int("number")
    anchor = s.need()
    if not sign or not number:
        raise ValueError("neither before nor after")
    if not anchor.holds(unit):
        return anchor.value
    return cal.units_from(cal.step(anchor.first, unit, sign), unit, sign * number)


def _so_far(c: Captures, s: Scene) -> str:
    """ "Over eight months": January to August, where that is what the article can report on."""
    anchor, number = s.need(), c.int("number")
    if s.lean > 0 or number not in (anchor.first.month - 1, anchor.first.month - 2) or number < 2:
        raise ValueError("any months")
    return cal.units_from(anchor.first.replace(month=1, day=1), "month", number)


def _year_to_date(c: Captures, s: Scene) -> str:
    """ "So far this year": opened at its end as "since the start of the year" is (see `dates`)."""
    s.bound = "since"
    return f"{s.need().first.year:04}"


def _within(c: Captures, s: Scene) -> str:
    anchor, unit, number = s.need(), c.str("unit") or "", _count(c)
    if "within" in c:
        s.bound = "until"
        return _stepped(anchor, unit, number)
    return (
        cal.units_from(cal.step(anchor.first, unit, 1), unit, number) if anchor.holds(unit) else anchor.value
    )


def _stepped(anchor: cal.Anchor, unit: str, count: int) -> str:
    grain = _AGO_GRAIN.get(unit, unit)
    return cal.unit_at(cal.step(anchor.first, unit, count), grain if anchor.holds(grain) else anchor.grain)


def _offset(c: Captures, s: Scene) -> str:
    return _stepped(s.need(), c.str("unit") or "", -_count(c))


def _count(c: Captures) -> int:
    """The number before the unit; one for a word that stands for it there ("a year ago")."""
    return 1 if "one" in c else c.int("number")


def _ago(c: Captures, s: Scene) -> str:
    anchor, sign = s.need(), -1 if "ago" in c else 1
    day, unit = anchor.first, c.str("unit") or ""
    day = cal.step(day, unit, sign * _count(c))
    for number, finer in (("n2", "unit2"), ("n3", "unit3")):
        if number in c:
            unit = c.str(finer) or ""
            day = cal.step(day, unit, sign * c.int(number))
    if "and_half" in c and unit in _HALF_OF:
        unit, number_of = _HALF_OF[unit]
        day = cal.step(day, unit, sign * number_of)
    grain = _AGO_GRAIN.get(unit, unit)
    if unit == "year" and _count(c) == 1 and "ago" in c and _just_over(s.reported, anchor):
        return cal.moved(s.reported or "", "year", -1)  # figures are compared with those of the same period
    if grain == "year" and _count(c) == 1 and anchor.holds("month"):
        grain = "month"  # a year ago is this month a year ago, not the year before
    return cal.unit_at(day, grain if anchor.holds(grain) else anchor.grain)


def _just_over(value: str | None, anchor: cal.Anchor) -> bool:
    """Whether a period of months has ended not long before the anchor."""
    if value is None or cal.grain_of(value.split("/")[0]) not in ("month", "quarter", "half"):
        return False
    return cal.DAY <= anchor.first - cal.bounds(value)[1] <= _RECENT


def _shift(c: Captures, s: Scene) -> str:
    unit, number = c.str("unit") or "", _count(c)
    context = s.context
    if "earlier" in c and unit == "year" and s.reported is not None:
        context = s.reported  # figures are compared with those of the same period, not of the day
    if context is not None:
        return cal.moved(context, unit, number if "later" in c else -number)
    if "later" in c:
        raise ValueError("nothing to count from")
    return _stepped(s.need(), unit, -number)


def _same(c: Captures, s: Scene) -> str:
    year = year_of(c, s)
    if year is None:
        raise ValueError("no year")
    context = s.reported or s.context if c.str("yrel") == PRIOR else s.context
    if context and "/" not in context and cal.grain_of(context) == "day":
        context = s.reported or context  # figures are compared with those of a period, not of a day
    if context and cal.grain_of(context.split("/")[0]) not in ("year", "decade"):
        return cal.moved(context, "year", year - cal.bounds(context)[1].year)
    return f"{year:04}"


def _relative_unit(c: Captures, s: Scene) -> str:
    unit, rel = c.str("unit") or "year", c.str("rel") or "this"
    if "there" in c:
        rel = "there"
    if "same_as" in c:
        rel = "there" if s.context else "this"
    if rel == "there" and unit == "day" and s.context and cal.grain_of(s.context.split("/")[0]) != "day":
        raise ValueError("no day named before")
    if rel == PRIOR and s.reported:
        return cal.unit_at(cal.step(cal.bounds(s.reported)[0], unit, -1), unit)
    if rel in ("following", "previous", "there") and s.context:
        return cal.unit_at(cal.step(cal.bounds(s.context)[0], unit, SIGN.get(rel, 0)), unit)
    if rel == "there" or (unit == "day" and rel in ("last", "next")):
        raise ValueError("nothing to look back to")
    if "unit_weekend" in c and "unit" not in c:
        return _plain_weekend(s)
    anchor = s.need()
    if not anchor.holds(unit):
        return anchor.value
    steps = SIGN[rel] * (2 if "later" in c else 1)  # "the week after next"
    return cal.unit_at(cal.step(anchor.first, unit, steps), unit)


def _plain_weekend(s: Scene) -> str:
    anchor = s.need()
    if anchor.grain != "day":
        return anchor.value
    weeks = [cal.unit_at(anchor.first + n * cal.DAY, "weekend") for n in (-7, 0)]
    return weeks[0] if s.lean < 0 and anchor.first.isoweekday() < 6 else weeks[1]


def _part_unit(c: Captures, s: Scene) -> str:
    """ "Early, mid or late in the year": the anchor's, save an end that is just over."""
    anchor, unit = s.need(), c.str("unit") or ""
    if not anchor.holds(unit):
        return anchor.value
    if c.str("part") == "DURING" and s.reported is not None and cal.grain_of(s.reported.split("/")[0]) == unit:
        return s.reported  # "over the quarter" is the one reported on
    first, last = cal.bounds(cal.unit_at(anchor.first, unit))
    just_begun = (anchor.first - first) * 4 < last - first
    if c.str("part") == "END" and just_begun and not {"bound", "det"} & c.values.keys() and s.lean < 0:
        return cal.unit_at(first - cal.DAY, unit)
    return cal.unit_at(anchor.first, unit)


def _deictic(c: Captures, s: Scene) -> str:
    anchor, code = s.need(), c.str("deictic") or ""
    if anchor.grain != "day":
        return anchor.value
    return (anchor.first + (int(code) if code.lstrip("-").isdecimal() else 0) * cal.DAY).isoformat()


def _next_day(c: Captures, s: Scene) -> str:
    base = s.context or s.need().value
    if cal.grain_of(base.split("/")[0]) != "day":
        raise ValueError("no day before")
    return cal.moved(base, "day", SIGN[c.str("textday") or ""])


def _weekday(c: Captures, s: Scene) -> str:
    anchor = s.need()
    if anchor.grain != "day":
        return anchor.value
    return (anchor.first + _days_to(c, s, anchor.first.isoweekday()) * cal.DAY).isoformat()


def _days_to(c: Captures, s: Scene, today: int) -> int:
    """Days from a weekday (1 to 7) to the one meant; without a word that tells, news speaks of the last."""
    wanted, rel = c.int("weekday"), c.str("rel")
    ahead = (wanted - today) % 7
    if "weeks_on" in c:
        return ahead + 7 * c.int("weeks_on")
    if "wrel" in c:
        return wanted - today + 7 * SIGN[c.str("wrel") or ""]
    if rel in ("next", "following"):
        return (ahead or 7) + (7 if "later" in c else 0)  # "Friday after next"
    if rel in ("last", "previous"):
        return ahead - 7
    if "this" in c and s.lean == 0:
        return wanted - today
    return ahead if s.lean > 0 or not ahead else ahead - 7


def _rest(c: Captures, s: Scene) -> str:
    anchor, unit = s.need(), c.str("unit") or ""
    if not anchor.holds(unit) or unit == anchor.grain:
        return anchor.value
    last = cal.bounds(cal.unit_at(anchor.first, unit))[1]
    return cal.span(anchor.value, cal.unit_at(last, anchor.grain))


def _turn(c: Captures, s: Scene) -> str:
    anchor = s.need()
    if "unit_decade" in c:
        year = (anchor.first.year + 5) // 10 * 10
        return cal.span(f"{year - 1:04}", f"{year:04}")
    year = anchor.first.year + (1 if anchor.first.month > 6 else 0)
    return cal.span(f"{year - 1:04}-12", f"{year:04}-01")


def _whole(c: Captures, s: Scene) -> str:
    unit, anchor = c.str("unit") or "", s.need()
    if "ahead" in c and unit != "day":
        return cal.unit_at(anchor.first, unit) if anchor.holds(unit) else anchor.value
    if unit != "year":
        raise ValueError("not a year")
    return f"{anchor.first.year - (1 if anchor.grain != 'year' and anchor.first.month <= 2 else 0):04}"


RELATIVE: Mapping[FormName, Reading] = {
    "last_n": _last_n,
    "so_far": _so_far,
    "year_to_date": _year_to_date,
    "relative_unit": _relative_unit,
    "part_unit": _part_unit,
    "offset": _offset,
    "within": _within,
    "ago": _ago,
    "shift": _shift,
    "deictic": _deictic,
    "next_day": _next_day,
    "weekday": _weekday,
    "rest": _rest,
    "same": _same,
    "turn": _turn,
    "whole": _whole,
}
