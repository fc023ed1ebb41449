"""What the readings of calendar expressions share: the captured words, the scene, the choice of a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from pipeline.detect import calendar as cal
from pipeline.detect.date_grammar import Option, Token
from pipeline.language.date_words import FusedName

SIGN = {
    "after_next": 2, "next": 1, "following": 1, "this": 0, "last": -1, "previous": -1, "prior": -1, "before_last": -2,
}  # fmt: skip


PRIOR = "prior"  # before the period that is reported on ("Vorjahr")
_FUSED: frozenset[str] = frozenset(get_args(FusedName))


class UnanchoredError(Exception):
    """The expression is relative and there is no publication date."""


@dataclass(slots=True)
class Scene:
    """What a reading may look at, and what it says about itself beside the value.

    `reported` is the nearest period before it that is over and longer than a day;
    `tense` tells past from future (see `calendar.nearest`) and is asked only where that matters; `context` is
    the value named before; `relative` and `yearless` are set when the anchor was used and when it gave the
    year; `bound` when the form itself opens an end.
    """

    anchor: cal.Anchor | None
    order: str
    tense: Callable[[], int]
    context: str | None = None
    reported: str | None = None
    relative: bool = False
    yearless: bool = False
    bound: str | None = None

    @property
    def lean(self) -> int:
        """1 future, -1 past, 0 unknown; 2 and -2 where the words leave no doubt."""
        return self.tense()

    def need(self) -> cal.Anchor:
        self.relative = True
        if self.anchor is None:
            raise UnanchoredError
        return self.anchor


@dataclass(frozen=True, slots=True)
class Captures:
    """The words of one match by the names of its template."""

    values: Mapping[str, str | int] = field(default_factory=dict)

    @classmethod
    def of(cls, option: Option, at: int, tokens: list[Token]) -> Captures:
        """The words of `option` from token `at` on."""
        values: dict[str, str | int] = {}
        for name, role, place in option.groups:
            roles = tokens[at + place].roles
            if role in _FUSED:
                values |= dict(part.split("=") for part in str(roles[role]).split())
                continue
            values.setdefault(name, roles[role])
            if role.startswith("MARK") and "MARK_YEAR" in roles:
                values["year"] = roles["MARK_YEAR"]
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


def year_of(c: Captures, s: Scene) -> int | None:
    """The year that the tail of an expression names, or None."""
    for name in ("year", "short"):
        if name in c:
            return c.int(name)
    if "unit_year" not in c:
        return None
    rel = c.str("yrel")
    if rel == PRIOR and s.reported:
        return cal.bounds(s.reported)[1].year - 1
    if rel in ("following", "previous") and s.context:
        return cal.bounds(s.context)[0].year + SIGN[rel]
    return s.need().first.year + SIGN[rel or "this"]


def placed(c: Captures, s: Scene, make: Callable[[int], str]) -> str:
    """`make` of the year that the words, the relative word or the tense point to."""
    year = year_of(c, s)
    if year is not None:
        return make(year)
    anchor = s.need()
    s.yearless = True
    rel = c.str("rel")
    options = options_of(make, anchor.first.year, 1) or options_of(make, anchor.first.year, 8)
    if not options:
        raise ValueError("no such date")
    if rel in ("next", "following"):
        return cal.beyond(anchor, options, 1)
    if rel in ("last", "previous"):
        return cal.beyond(anchor, options, -1)
    return cal.nearest(anchor, options, s.lean)


def options_of(make: Callable[[int], str], year: int, reach: int) -> list[str]:
    options = []
    for candidate in range(year - reach, year + reach + 1):
        try:
            value = make(candidate)
            cal.bounds(value)
        except ValueError:
            continue
        options.append(value)
    return options
