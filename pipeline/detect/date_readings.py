"""What a calendar expression of its own means: days, months, parts of years, ranges.

One short function for each form of the pack's templates. A reading takes the captured words and the scene and
returns a TIMEX3 value; it raises ValueError where the words make no date, `UnanchoredError` where the
publication date is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from pipeline.detect import calendar as cal
from pipeline.detect.date_grammar import expand
from pipeline.detect.date_scene import SIGN, Captures, Reading, Scene, options_of, placed, year_of
from pipeline.language.date_words import FormName

_MONTHS = 12


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
    if month > _MONTHS >= day:
        day, month = month, day
    return placed(c, s, lambda year: _date(year, month, day))


def _numeric_range(c: Captures, s: Scene) -> str:
    """ "12/05 - 19/05", "28/12-3/1/2017"."""
    days = [(c.int(a), c.int(b)) for a, b in (("a", "b"), ("a2", "b2"))]
    (day, month), (day2, month2) = [(b, a) for a, b in days] if s.order in ("mdy", "ymd") else days
    clear = "year" in c or max(day, day2) > 12 or any((c.str(b) or "").startswith("0") for b in ("b", "b2"))
    if not clear:
        raise ValueError("as well a pair of fractions")
    back = 1 if (month2, day2) < (month, day) else 0
    return placed(c, s, lambda year: cal.span(_date(year - back, month, day), _date(year, month2, day2)))


def _day(c: Captures, s: Scene) -> str:
    def make(year: int) -> str:
        return _date(year, c.int("month"), c.int("day"))

    if "weekday" in c and "rel" not in c and year_of(c, s) is None:
        wanted = c.int("weekday")
        options = [o for o in options_of(make, s.need().first.year, 1) if _weekday_of(o) == wanted]
        if options:
            s.yearless = True
            return cal.nearest(s.need(), options, s.lean)
    return placed(c, s, make)


def _weekday_of(day: str) -> int:
    return dt.date.fromisoformat(day).isoweekday()


def _month_of(c: Captures, s: Scene) -> str:
    """The month that holds a day or a week: named, or relative ("du mois prochain")."""
    if "month" in c:
        return placed(c, s, lambda year: f"{year:04}-{c.int('month'):02}")
    anchor = s.need()
    return cal.unit_at(
        cal.step(anchor.first, "month", SIGN[c.str("rel") or c.str("yrel") or "this"]), "month"
    )


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
    return placed(c, s, lambda year: f"{year:04}-{c.int('month'):02}")


def _plain_year(c: Captures, s: Scene) -> str:
    return f"{c.int('year'):04}"


def _quarter(c: Captures, s: Scene) -> str:
    if "o2" in c:
        first, last = (_part_of_year("Q", c.int(name), 4) for name in ("ord", "o2"))
        return placed(c, s, lambda year: cal.span(first(year), last(year)))
    return placed(
        c, s, _part_of_year("Q", c.int("mark_quarter") if "mark_quarter" in c else c.values.get("ord"), 4)
    )


def _half(c: Captures, s: Scene) -> str:
    return placed(
        c, s, _part_of_year("H", c.int("mark_half") if "mark_half" in c else c.values.get("ord"), 2)
    )


def _part_of_year(letter: str, number: str | int | None, count: int) -> Callable[[int], str]:
    which = count if number is None else int(number)
    if not 1 <= which <= count:
        raise ValueError(f"no part {which} of {count}")
    return lambda year: f"{year:04}-{letter}{which}"


def _first_n(c: Captures, s: Scene) -> str:
    unit, number = c.str("unit") or "", c.int("number")
    if c.int("ord") != 1 or unit in ("year", "decade"):
        raise ValueError("no part of a year")
    year = year_of(c, s)
    if year is None:
        anchor = s.need()
        s.yearless = True
        year = anchor.first.year
        if (
            s.lean <= 0
            and cal.bounds(cal.units_from(dt.date(year, 1, 1), unit, number))[1]
            > cal.bounds(cal.unit_at(anchor.last, "month"))[1]
        ):
            year -= 1
    return _within_year(cal.units_from(dt.date(year, 1, 1), unit, number))


def _within_year(value: str) -> str:
    first, last = cal.bounds(value)
    if last - first > 366 * cal.DAY:
        raise ValueError("more than a year")
    return value


def _last_n_of(c: Captures, s: Scene) -> str:
    year = year_of(c, s)
    if year is None or c.str("rel") != "last":
        raise ValueError("no part of a year")
    return _within_year(cal.units_from(dt.date(year, 12, 31), c.str("unit") or "", -c.int("number")))


def _nth_unit(c: Captures, s: Scene) -> str:
    number = c.int("ord") if "ord" in c else {"last": -1}.get(c.str("rel") or "", 0)
    year = None if "month" in c or "unit_month" in c else year_of(c, s)
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
    """ISO weeks of a year; of a month those from its first Monday, and the last that is mostly in it."""
    if number < 0:
        return cal.unit_at(_nth_day(first, last, -1, 4), "week")
    weekday = 4 if last - first > 300 * cal.DAY else 1
    return cal.unit_at(_nth_day(first, last, number, weekday), "week")


def _season(c: Captures, s: Scene) -> str:
    if "there" in c:
        if s.context is None:
            raise ValueError("nothing to look back to")
        return f"{cal.bounds(s.context)[0].year:04}-{c.str('season')}"
    return placed(c, s, lambda year: f"{year:04}-{c.str('season')}")


def _season_span(c: Captures, s: Scene) -> str:
    later = c.int("y2") if "y2" in c else c.int("short" if "short" in c else "num")
    if c.str("season") != "WI" or later % 100 != (c.int("year") + 1) % 100:
        raise ValueError("not one winter")
    return f"{c.int('year'):04}-WI"


def _holiday(c: Captures, s: Scene) -> str:
    code = c.str("holiday") or ""
    return placed(c, s, lambda year: _feast(code, year))


def _feast(code: str, year: int) -> str:
    """The value of a pack's holiday code: `12-25`, `09`, `07_08`, `easter`, `easter_1`, `11-4x4_1`."""
    if code.startswith("easter"):
        return (cal.easter(year) + int(code[7:] or 0) * cal.DAY).isoformat()
    if "x" in code:
        day, _, more = code.partition("_")
        first, last = cal.bounds(f"{year:04}-{day[:2]}")
        return (_nth_day(first, last, int(day[3]), int(day[5])) + int(more or 0) * cal.DAY).isoformat()
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


def _week(c: Captures, s: Scene) -> str:
    if "day" in c:
        return cal.unit_at(dt.date.fromisoformat(_day(c, s)), "week")
    return placed(c, s, lambda year: f"{year:04}-W{c.int('num'):02}")


def _day_range(c: Captures, s: Scene) -> str:
    first, last = c.int("day"), c.int("d2")
    if last <= first or ("and" in c and "between" not in c and last != first + 1):
        raise ValueError("not a range")
    if "month" in c:
        month = c.int("month")
        return placed(c, s, lambda year: cal.span(_date(year, month, first), _date(year, month, last)))
    if "unit_month" in c:
        value = _month_of(c, s)
        return cal.span(f"{value}-{first:02}", f"{value}-{last:02}")
    month_value = cal.unit_at(s.need().first, "month")
    return cal.span(f"{month_value}-{first:02}", f"{month_value}-{last:02}")


def _month_range(c: Captures, s: Scene) -> str:
    first, last = c.int("month"), c.int("m2")
    back = 1 if last <= first else 0
    return placed(c, s, lambda year: cal.span(f"{year - back:04}-{first:02}", f"{year:04}-{last:02}"))


def _year_range(c: Captures, s: Scene) -> str:
    first = c.int("year")
    last = c.int("y2") if "y2" in c else first // 100 * 100 + c.int("two")
    if not first < last <= first + 60 or ("y2" not in c and last > first + 12):
        raise ValueError("not a range")
    if "closed" in c and "month" in c and last == first + 1:
        month = c.int("month")
        return cal.span(
            cal.unit_at(cal.add_months(dt.date(first, month, 1), 1), "month"), f"{last:04}-{month:02}"
        )
    return cal.span(f"{first:04}", f"{last:04}")


def _closed(c: Captures, s: Scene) -> str:
    """A period that is told by its end: "the year that ends in March", "nine months to 31 December"."""
    year = year_of(c, s)
    month = c.int("month")
    if year is None:
        options = options_of(lambda y: f"{y:04}-{month:02}", s.need().first.year, 1)
        end = cal.nearest(s.need(), options, 2 if "closing" in c else -2)
    else:
        end = f"{year:04}-{month:02}"
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(c.str("unit") or "year")
    if months is None:
        raise ValueError("not in months")
    count = months * (c.int("number") if "number" in c else 1)
    return cal.units_from(cal.bounds(end)[0], "month", -count)


ABSOLUTE: Mapping[FormName, Reading] = {
    "numeric": _numeric,
    "numeric_month": _numeric_month,
    "numeric_day": _numeric_day,
    "numeric_range": _numeric_range,
    "day": _day,
    "month_day": _day,
    "weekday_day": _weekday_day,
    "bare_day": _weekday_day,
    "day_of_month": _day_of_month,
    "month": _month,
    "year": _plain_year,
    "quarter": _quarter,
    "half": _half,
    "first_n": _first_n,
    "last_n_of": _last_n_of,
    "nth_unit": _nth_unit,
    "season": _season,
    "season_span": _season_span,
    "holiday": _holiday,
    "decade": _decade,
    "week": _week,
    "day_range": _day_range,
    "month_range": _month_range,
    "year_range": _year_range,
    "closed": _closed,
}
