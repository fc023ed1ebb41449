"""What a calendar expression means: one short function for each form of the pack's templates.

A reading takes the captured words and the scene (anchor, tense, the date named before) and returns a TIMEX3 value.
It raises ValueError where the words make no date, `Unanchored` where the publication date is missing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.detect import calendar as cal
from pipeline.detect.date_grammar import Form, Token, expand
from pipeline.language.date_words import FormName

_NUMBERED = re.compile(r"_\d+$")
_SIGN = {"next": 1, "following": 1, "this": 0, "last": -1, "previous": -1}
# "Two years ago" names a year, "two weeks ago" a day: no calendar unit is closer to what is meant.
_AGO_GRAIN = {"week": "day", "fortnight": "day", "weekend": "day"}
_HALF_OF = {"year": ("month", 6), "month": ("day", 15), "week": ("day", 3), "decade": ("year", 5)}


class Unanchored(Exception):
    """The expression is relative and there is no publication date."""


@dataclass(slots=True)
class Scene:
    """What a reading may look at, and what it says about itself beside the value.

    `lean` is the tense around (see `calendar.nearest`), `context` the value named before; `relative` and `yearless`
    are set when the anchor was used and when it gave the year; `bound` when the form itself opens an end.
    """

    anchor: cal.Anchor | None
    order: str
    lean: int = 0
    context: str | None = None
    relative: bool = False
    yearless: bool = False
    bound: str | None = None

    def need(self) -> cal.Anchor:
        self.relative = True
        if self.anchor is None:
            raise Unanchored
        return self.anchor


@dataclass(frozen=True, slots=True)
class Captures:
    """The words of one match by the names of its template."""

    values: Mapping[str, str | int] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Form, match: re.Match[str], tokens: list[Token]) -> Captures:
        values: dict[str, str | int] = {}
        for name, role in form.roles.items():
            at = match.start(name)
            if at >= 0:
                values.setdefault(_NUMBERED.sub("", name), tokens[at].roles[role])
                if role.startswith("MARK") and "MARK_YEAR" in tokens[at].roles:
                    values["year"] = tokens[at].roles["MARK_YEAR"]
        return cls(values)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def int(self, name: str) -> int:
        """The number behind `name`; raises ValueError where there is none."""
        value = self.values.get(name)
        if value is None:
            raise ValueError(f"no {name}")
        return int(value)

    def str(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value is None else str(value)


Reading = Callable[[Captures, Scene], str]


def _year(c: Captures, s: Scene) -> int | None:
    """The year that the tail of an expression names, or None."""
    for name in ("year", "short"):
        if name in c:
            return c.int(name)
    if "unit_year" not in c:
        return None
    rel = c.str("yrel")
    if rel in ("following", "previous") and s.context:
        return cal.bounds(s.context)[0].year + _SIGN[rel]
    return s.need().first.year + _SIGN[rel or "this"]


def _placed(c: Captures, s: Scene, make: Callable[[int], str]) -> str:
    """`make` of the year that the words, the relative word or the tense point to."""
    year = _year(c, s)
    if year is not None:
        return make(year)
    anchor = s.need()
    s.yearless = True
    rel = c.str("rel")
    options = _options(make, anchor.first.year, 1) or _options(make, anchor.first.year, 8)
    if not options:
        raise ValueError("no such date")
    if rel in ("next", "following"):
        return cal.beyond(anchor, options, 1)
    if rel in ("last", "previous"):
        return cal.beyond(anchor, options, -1)
    return cal.nearest(anchor, options, s.lean)


def _options(make: Callable[[int], str], year: int, reach: int) -> list[str]:
    options = []
    for candidate in range(year - reach, year + reach + 1):
        try:
            value = make(candidate)
            cal.bounds(value)
        except ValueError:
            continue
        options.append(value)
    return options


def _date(year: int, month: int, day: int) -> str:
    return dt.date(year, month, day).isoformat()


def _numeric(c: Captures, s: Scene) -> str:
    texts = [c.str("a") or "", c.str("b") or "", c.str("c") or ""]
    numbers = [int(t) for t in texts]
    if len(texts[0]) == 4:
        year, month, day = numbers
    elif len(texts[2]) in (2, 4):
        day, month, year = numbers if s.order != "mdy" else (numbers[1], numbers[0], numbers[2])
        if month > 12 >= day:
            day, month = month, day
        year = year if len(texts[2]) == 4 else expand(year)
    else:
        raise ValueError("no year")
    if not 1900 <= year <= 2100 or max(len(texts[1]), 4 - len(texts[0])) > 3:
        raise ValueError("no date")
    return _date(year, month, day)


def _numeric_month(c: Captures, s: Scene) -> str:
    if len(c.str("a") or "") > 2:
        raise ValueError("no month")
    return cal.unit_at(dt.date(c.int("year"), c.int("a"), 1), "month")


def _numeric_day(c: Captures, s: Scene) -> str:
    a, b = c.int("a"), c.int("b")
    day, month = (b, a) if s.order in ("mdy", "ymd") else (a, b)
    return _placed(c, s, lambda year: _date(year, month, day))


def _day(c: Captures, s: Scene) -> str:
    return _placed(c, s, lambda year: _date(year, c.int("month"), c.int("day")))


def _month_of(c: Captures, s: Scene) -> str:
    """The month that holds a day or a week: named, or relative ("du mois prochain")."""
    if "month" in c:
        return _placed(c, s, lambda year: f"{year:04}-{c.int('month'):02}")
    anchor = s.need()
    return cal.unit_at(cal.step(anchor.first, "month", _SIGN[c.str("rel") or c.str("yrel") or "this"]), "month")


def _day_of_month(c: Captures, s: Scene) -> str:
    first = cal.bounds(_month_of(c, s))[0]
    return first.replace(day=c.int("day")).isoformat()


def _weekday_day(c: Captures, s: Scene) -> str:
    anchor = s.need()
    reach, options = (6 if "weekday" in c else 1), []
    for count in range(-reach, reach + 1):
        month = cal.add_months(anchor.first.replace(day=1), count)
        if c.int("day") <= cal.bounds(cal.unit_at(month, "month"))[1].day:
            day = month.replace(day=c.int("day"))
            if "weekday" not in c or day.isoweekday() == c.int("weekday"):
                options.append(day.isoformat())
    if not options:
        raise ValueError("no such day")
    return cal.nearest(anchor, options, s.lean)


def _month(c: Captures, s: Scene) -> str:
    return _placed(c, s, lambda year: f"{year:04}-{c.int('month'):02}")


def _plain_year(c: Captures, s: Scene) -> str:
    return f"{c.int('year'):04}"


def _quarter(c: Captures, s: Scene) -> str:
    return _placed(c, s, _part_of_year("Q", c.int("mark_quarter") if "mark_quarter" in c else c.values.get("ord"), 4))


def _half(c: Captures, s: Scene) -> str:
    return _placed(c, s, _part_of_year("H", c.int("mark_half") if "mark_half" in c else c.values.get("ord"), 2))


def _part_of_year(letter: str, number: str | int | None, count: int) -> Callable[[int], str]:
    which = count if number is None else int(number)
    if not 1 <= which <= count:
        raise ValueError(f"no part {which} of {count}")
    return lambda year: f"{year:04}-{letter}{which}"


def _first_n(c: Captures, s: Scene) -> str:
    unit, number = c.str("unit") or "", c.int("number")
    if c.int("ord") != 1 or unit in ("year", "decade"):
        raise ValueError("no part of a year")
    year = _year(c, s)
    if year is None:
        anchor = s.need()
        s.yearless = True
        year = anchor.first.year
        if s.lean <= 0 and cal.bounds(cal.units_from(dt.date(year, 1, 1), unit, number))[1] > cal.bounds(
            cal.unit_at(anchor.last, "month")
        )[1]:
            year -= 1
    return _within_year(cal.units_from(dt.date(year, 1, 1), unit, number))


def _within_year(value: str) -> str:
    first, last = cal.bounds(value)
    if last - first > 366 * cal.DAY:
        raise ValueError("more than a year")
    return value


def _last_n_of(c: Captures, s: Scene) -> str:
    year = _year(c, s)
    if year is None or c.str("rel") != "last":
        raise ValueError("no part of a year")
    return _within_year(cal.units_from(dt.date(year, 12, 31), c.str("unit") or "", -c.int("number")))


def _last_n(c: Captures, s: Scene) -> str:
    unit, sign, number = c.str("unit") or "", _SIGN[c.str("rel") or "this"], c.int("number")
    anchor = s.need()
    if not sign or not number:
        raise ValueError("neither before nor after")
    if not anchor.holds(unit):
        return anchor.value
    return cal.units_from(cal.step(anchor.first, unit, sign), unit, sign * number)


def _within(c: Captures, s: Scene) -> str:
    anchor, unit, number = s.need(), c.str("unit") or "", c.int("number")
    if "within" in c:
        s.bound = "until"
        return _stepped(anchor, unit, number)
    return cal.units_from(cal.step(anchor.first, unit, 1), unit, number) if anchor.holds(unit) else anchor.value


def _stepped(anchor: cal.Anchor, unit: str, count: int) -> str:
    grain = _AGO_GRAIN.get(unit, unit)
    return cal.unit_at(cal.step(anchor.first, unit, count), grain if anchor.holds(grain) else anchor.grain)


def _offset(c: Captures, s: Scene) -> str:
    return _stepped(s.need(), c.str("unit") or "", -c.int("number"))


def _ago(c: Captures, s: Scene) -> str:
    anchor, sign = s.need(), -1 if "ago" in c else 1
    day, unit = anchor.first, c.str("unit") or ""
    day = cal.step(day, unit, sign * c.int("number"))
    for number, finer in (("n2", "unit2"), ("n3", "unit3")):
        if number in c:
            unit = c.str(finer) or ""
            day = cal.step(day, unit, sign * c.int(number))
    if "and_half" in c and unit in _HALF_OF:
        unit, number_of = _HALF_OF[unit]
        day = cal.step(day, unit, sign * number_of)
    grain = _AGO_GRAIN.get(unit, unit)
    return cal.unit_at(day, grain if anchor.holds(grain) else anchor.grain)


def _shift(c: Captures, s: Scene) -> str:
    base = s.context or s.need().value
    return cal.moved(base, c.str("unit") or "", c.int("number") * (1 if "later" in c else -1))


def _same(c: Captures, s: Scene) -> str:
    year = _year(c, s)
    if year is None:
        raise ValueError("no year")
    if s.context and cal.grain_of(s.context.split("/")[0]) not in ("year", "decade"):
        return cal.moved(s.context, "year", year - cal.bounds(s.context)[1].year)
    return f"{year:04}"


def _nth_unit(c: Captures, s: Scene) -> str:
    number = c.int("ord") if "ord" in c else {"last": -1}.get(c.str("rel") or "", 0)
    year = None if "month" in c or "unit_month" in c else _year(c, s)
    first, last = cal.bounds(f"{year:04}" if year is not None else _month_in(c, s))
    unit = "weekday" if "weekday" in c else c.str("unit") or ""
    if number == 0 or unit in ("year", "decade", "half", "quarter"):
        raise ValueError("no part")
    if unit == "fortnight":
        return cal.fortnight(first.year, first.month, 2 if number < 0 else _at_most(number, 2))
    if unit == "month":
        return cal.unit_at(cal.add_months(first, _at_most(number, 12) - 1 if number > 0 else 11), "month")
    if unit == "week":
        return _nth_week(first, last, number)
    weekday = {"day": 0, "weekend": 6}.get(unit) if unit != "weekday" else c.int("weekday")
    found = _nth_day(first, last, number, weekday or 0)
    return cal.unit_at(found, "weekend" if unit == "weekend" else "day")


def _month_in(c: Captures, s: Scene) -> str:
    return _month_of(Captures({k: v for k, v in c.values.items() if k != "rel"}), s)


def _at_most(number: int, limit: int) -> int:
    if number > limit:
        raise ValueError(f"{number} of {limit}")
    return number


def _nth_day(first: dt.date, last: dt.date, number: int, weekday: int) -> dt.date:
    """The day of that number from the start or (negative) the end; of one weekday only, unless that is 0."""
    if not weekday:
        found = first + (number - 1) * cal.DAY if number > 0 else last
    elif number > 0:
        found = first + ((weekday - first.isoweekday()) % 7 + 7 * (number - 1)) * cal.DAY
    else:
        found = last - ((last.isoweekday() - weekday) % 7) * cal.DAY
    if not first <= found <= last:
        raise ValueError("no such day")
    return found


def _nth_week(first: dt.date, last: dt.date, number: int) -> str:
    """ISO weeks of a year; of a month the weeks from its first Monday, and the last with most of its days in it."""
    if number < 0:
        return cal.unit_at(_nth_day(first, last, -1, 4), "week")
    weekday = 4 if last - first > 300 * cal.DAY else 1
    return cal.unit_at(_nth_day(first, last, number, weekday), "week")


def _season(c: Captures, s: Scene) -> str:
    return _placed(c, s, lambda year: f"{year:04}-{c.str('season')}")


def _season_span(c: Captures, s: Scene) -> str:
    later = c.int("y2") if "y2" in c else c.int("short" if "short" in c else "num")
    if c.str("season") != "WI" or later % 100 != (c.int("year") + 1) % 100:
        raise ValueError("not one winter")
    return f"{c.int('year'):04}-WI"


def _holiday(c: Captures, s: Scene) -> str:
    code = c.str("holiday") or ""
    return _placed(c, s, lambda year: _feast(code, year))


def _feast(code: str, year: int) -> str:
    """The value of a pack's holiday code: `12-25`, `09`, `07_08`, `easter`, `easter_1`."""
    if code.startswith("easter"):
        return (cal.easter(year) + int(code[7:] or 0) * cal.DAY).isoformat()
    if "_" in code:
        return cal.span(*(f"{year:04}-{month}" for month in code.split("_")))
    return f"{year:04}-{code}"


def _decade(c: Captures, s: Scene) -> str:
    name = next(n for n in ("year", "decade", "short", "tens", "number") if n in c)
    year = c.int(name) + (1900 if name in ("tens", "number") else 0)
    if year % 10:
        raise ValueError("not a decade")
    if name == "number" and year < 1920:
        year += 100
    return f"{year // 10:03}"


def _relative_unit(c: Captures, s: Scene) -> str:
    unit, rel = c.str("unit") or "", c.str("rel") or "this"
    if "there" in c:
        rel = "there"
    if "same_as" in c:
        rel = "there" if s.context else "this"
    if rel in ("following", "previous", "there") and s.context:
        return cal.unit_at(cal.step(cal.bounds(s.context)[0], unit, _SIGN.get(rel, 0)), unit)
    if rel == "there" or (unit == "day" and rel in ("last", "next")):
        raise ValueError("nothing to look back to")
    if "unit_weekend" in c and "unit" not in c:
        return _plain_weekend(s)
    anchor = s.need()
    if not anchor.holds(unit):
        return anchor.value
    return cal.unit_at(cal.step(anchor.first, unit, _SIGN[rel]), unit)


def _plain_weekend(s: Scene) -> str:
    anchor = s.need()
    if anchor.grain != "day":
        return anchor.value
    weeks = [cal.unit_at(anchor.first + n * cal.DAY, "weekend") for n in (-7, 0)]
    return weeks[0] if s.lean < 0 and anchor.first.isoweekday() < 6 else weeks[1]


def _part_unit(c: Captures, s: Scene) -> str:
    anchor, unit = s.need(), c.str("unit") or ""
    return cal.unit_at(anchor.first, unit) if anchor.holds(unit) else anchor.value


def _deictic(c: Captures, s: Scene) -> str:
    anchor, code = s.need(), c.str("deictic") or ""
    if anchor.grain != "day":
        return anchor.value
    return (anchor.first + (int(code) if code.lstrip("-").isdigit() else 0) * cal.DAY).isoformat()


def _next_day(c: Captures, s: Scene) -> str:
    base = s.context or s.need().value
    if cal.grain_of(base.split("/")[0]) != "day":
        raise ValueError("no day before")
    return cal.moved(base, "day", _SIGN[c.str("textday") or ""])


def _weekday(c: Captures, s: Scene) -> str:
    anchor, wanted, rel = s.need(), c.int("weekday"), c.str("rel")
    if anchor.grain != "day":
        return anchor.value
    monday = anchor.first - (anchor.first.isoweekday() - 1) * cal.DAY
    ahead = (wanted - anchor.first.isoweekday()) % 7
    if "weeks_on" in c:
        return (anchor.first + (ahead + 7 * c.int("weeks_on")) * cal.DAY).isoformat()
    if "wrel" in c:
        return (monday + (wanted - 1 + 7 * _SIGN[c.str("wrel") or ""]) * cal.DAY).isoformat()
    if rel in ("next", "following"):
        return (anchor.first + (ahead or 7) * cal.DAY).isoformat()
    if rel in ("last", "previous"):
        return (anchor.first - (7 - ahead) * cal.DAY).isoformat()
    if "this" in c and s.lean == 0:
        return (monday + (wanted - 1) * cal.DAY).isoformat()
    return (anchor.first + (ahead if s.lean > 0 or not ahead else ahead - 7) * cal.DAY).isoformat()


def _rest(c: Captures, s: Scene) -> str:
    anchor, unit = s.need(), c.str("unit") or ""
    if not anchor.holds(unit) or unit == anchor.grain:
        return anchor.value
    last = cal.bounds(cal.unit_at(anchor.first, unit))[1]
    return cal.span(anchor.value, cal.unit_at(last, anchor.grain))


def _week(c: Captures, s: Scene) -> str:
    if "day" in c:
        return cal.unit_at(dt.date.fromisoformat(_day(c, s)), "week")
    return _placed(c, s, lambda year: f"{year:04}-W{c.int('num'):02}")


def _turn(c: Captures, s: Scene) -> str:
    anchor = s.need()
    if "unit_decade" in c:
        year = (anchor.first.year + 5) // 10 * 10
        return cal.span(f"{year - 1:04}", f"{year:04}")
    year = anchor.first.year + (1 if anchor.first.month > 6 else 0)
    return cal.span(f"{year - 1:04}-12", f"{year:04}-01")


def _day_range(c: Captures, s: Scene) -> str:
    first, last = c.int("day"), c.int("d2")
    if last <= first or ("and" in c and "between" not in c and last != first + 1):
        raise ValueError("not a range")
    if "month" in c:
        month = c.int("month")
        return _placed(c, s, lambda year: cal.span(_date(year, month, first), _date(year, month, last)))
    if "unit_month" in c:
        value = _month_of(c, s)
        return cal.span(f"{value}-{first:02}", f"{value}-{last:02}")
    month_value = cal.unit_at(s.need().first, "month")
    return cal.span(f"{month_value}-{first:02}", f"{month_value}-{last:02}")


def _month_range(c: Captures, s: Scene) -> str:
    first, last = c.int("month"), c.int("m2")
    back = 1 if last <= first else 0
    return _placed(c, s, lambda year: cal.span(f"{year - back:04}-{first:02}", f"{year:04}-{last:02}"))


def _year_range(c: Captures, s: Scene) -> str:
    first = c.int("year")
    last = c.int("y2") if "y2" in c else first // 100 * 100 + c.int("two")
    if not first < last <= first + 60 or ("y2" not in c and last > first + 12):
        raise ValueError("not a range")
    if "closed" in c and "month" in c and last == first + 1:
        month = c.int("month")
        return cal.span(cal.unit_at(cal.add_months(dt.date(first, month, 1), 1), "month"), f"{last:04}-{month:02}")
    return cal.span(f"{first:04}", f"{last:04}")


def _whole(c: Captures, s: Scene) -> str:
    unit, anchor = c.str("unit") or "", s.need()
    if "ahead" in c:
        return cal.unit_at(anchor.first, unit) if anchor.holds(unit) else anchor.value
    if unit != "year":
        raise ValueError("not a year")
    return f"{anchor.first.year - (1 if anchor.grain != 'year' and anchor.first.month <= 2 else 0):04}"


READINGS: Mapping[FormName, Reading] = {
    "numeric": _numeric, "numeric_month": _numeric_month, "numeric_day": _numeric_day, "day": _day,
    "weekday_day": _weekday_day, "bare_day": _weekday_day, "day_of_month": _day_of_month, "month": _month,
    "year": _plain_year, "quarter": _quarter, "half": _half, "first_n": _first_n, "last_n": _last_n,
    "last_n_of": _last_n_of, "nth_unit": _nth_unit, "season": _season, "season_span": _season_span,
    "holiday": _holiday, "decade": _decade, "relative_unit": _relative_unit, "part_unit": _part_unit,
    "offset": _offset, "within": _within, "ago": _ago, "shift": _shift, "deictic": _deictic,
    "next_day": _next_day, "weekday": _weekday, "rest": _rest, "same": _same, "week": _week, "turn": _turn,
    "day_range": _day_range, "month_range": _month_range, "year_range": _year_range, "whole": _whole,
}  # fmt: skip
