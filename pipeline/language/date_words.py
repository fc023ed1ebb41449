"""The [dates] section of a pack: words of the calendar and the order they come in.

Words are given in lower case; a phrase is written as in running text, a trailing full stop marks an
abbreviation and is optional in the text. `forms` are templates over *roles*, compiled by
`detect/date_templates.py`: capitals name a role, `NAME:ROLE` gives it a name of its own, `?`, `|` and
brackets are those of regular expressions, a name of `macros` stands for its text. `prefix` goes before every
template but those that start with ^. `capitals` says that months and weekdays have a capital everywhere, `month_first`
that the month may stand before its day. `guards` and `patterns` tell dates from counts and names, and past from
future. `fused` are words that say in one what others say in several ("Vorjahr"): by a role of their own that forms
name, then by what is captured (`rel=previous unit=year`). `capital_nouns` where common nouns have capitals, so that a
capital tells no name. A bound that is `open` is `since` or `from`, as its date lies behind or ahead ("desde marzo").
`examples` are (text, publication date, value) of one date each, `counters` texts without any.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from pydantic import Field, field_validator

from pipeline.language.base import Section

Words = tuple[str, ...]
UnitName = Literal["decade", "year", "half", "quarter", "month", "fortnight", "week", "weekend", "day"]
BoundName = Literal["until", "before", "from", "since", "open", "after", "not_before", "about", "at"]
RelativeName = Literal["next", "last", "this", "following", "previous", "after_next", "before_last", "prior"]
PartName = Literal["START", "MID", "END", "DURING"]
GlueName = Literal[
    "DET",
    "DET_MANY",
    "OWN",
    "THIS",
    "AT",
    "OF",
    "FROM",
    "FROM_THE",
    "TO",
    "TO_THE",
    "BETWEEN",
    "AND",
    "HERE",
    "THERE",
    "AGO",
    "AHEAD",
    "WITHIN",
    "LATER",
    "EARLIER",
    "AND_HALF",
    "REST",
    "SAME",
    "SAME_AS",
    "YEARS",
    "HALFOF",
    "QUARTEROF",
    "MORE",
    "LESS",
    "WHOLE",
    "TURN",
    "FISCAL",
    "CLOSED",
    "CLOSING",
    "LATEST",
    "EARLIEST",
    "ONWARDS",
    "ONE",
    "SO_FAR",
]
FusedName = Literal["PART_UNIT", "REL_UNIT", "WHOLE_UNIT", "SAME_PERIOD", "TAIL_UNIT"]
GuardName = Literal[
    "homographs",
    "year_before",
    "never_before",
    "counted",
    "function_words",
    "habitual",
    "qualifying",
    "totals",
    "verbal",
]
PatternName = Literal["plural", "negated", "future", "past", "future_before", "past_before"]
FormName = Literal[
    "numeric",
    "numeric_month",
    "numeric_day",
    "numeric_range",
    "day",
    "month_day",
    "weekday_day",
    "bare_day",
    "month",
    "year",
    "quarter",
    "half",
    "first_n",
    "last_n",
    "last_n_of",
    "nth_unit",
    "season",
    "season_span",
    "holiday",
    "decade",
    "relative_unit",
    "part_unit",
    "offset",
    "within",
    "ago",
    "shift",
    "deictic",
    "next_day",
    "weekday",
    "rest",
    "same",
    "week",
    "turn",
    "day_range",
    "month_range",
    "year_range",
    "day_of_month",
    "whole",
    "closed",
    "so_far",
    "year_to_date",
]


_OPTIONAL_GUARDS: frozenset[GuardName] = frozenset({"verbal"})


class DateWords(Section):
    """Words of calendar expressions, and the templates that put them together."""

    numeric_order: Literal["dmy", "mdy", "ymd"]
    capitals: bool = False
    month_first: bool = False
    months: tuple[Words, ...]
    weekdays: tuple[Words, ...]
    cardinals: tuple[Words, ...]
    tens: dict[str, Words]
    year_words: dict[str, Words]
    weeks_on: dict[str, Words]
    ordinals: tuple[Words, ...]
    ordinal_suffixes: Words
    decade_suffixes: Words
    marks: dict[Literal["quarter", "half"], Words]
    seasons: dict[Literal["SP", "SU", "FA", "WI"], Words]
    units: dict[UnitName, Words]
    parts: dict[PartName, Words]
    bounds: dict[BoundName, Words]
    relative: dict[RelativeName, Words]
    relative_many: dict[RelativeName, Words]
    deictic: dict[str, Words]
    holidays: dict[str, Words]
    glue: dict[GlueName, Words]
    never: Words
    fused: dict[FusedName, dict[str, Words]] = Field(default_factory=dict)
    capital_nouns: bool = False
    examples: tuple[tuple[str, str, str], ...] = Field(min_length=1)
    counters: Words = Field(min_length=1)
    guards: dict[GuardName, Words]
    patterns: dict[PatternName, str]
    prefix: str
    macros: dict[str, str]
    forms: dict[FormName, Words]

    # A pack is loaded once; identity makes it a key of the cache of compiled grammars.
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    @field_validator("patterns")
    @classmethod
    def _compiles(cls, patterns: dict[PatternName, str]) -> dict[PatternName, str]:
        for name, pattern in patterns.items():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{name}: {pattern!r}: {error}") from error
        if missing := set(get_args(PatternName)) - set(patterns):
            raise ValueError(f"missing: {', '.join(sorted(missing))}")
        return patterns

    @field_validator("guards")
    @classmethod
    def _all_guards(cls, guards: dict[GuardName, Words]) -> dict[GuardName, Words]:
        if missing := set(get_args(GuardName)) - set(guards) - _OPTIONAL_GUARDS:
            raise ValueError(f"missing: {', '.join(sorted(missing))}")
        return {**dict.fromkeys(_OPTIONAL_GUARDS, ()), **guards}

    @field_validator("fused")
    @classmethod
    def _captures(cls, fused: dict[FusedName, dict[str, Words]]) -> dict[FusedName, dict[str, Words]]:
        for captures in (key for table in fused.values() for key in table):
            if not all(len(part.split("=")) == 2 for part in captures.split()):
                raise ValueError(f"{captures!r} is not written as name=value, parted by spaces")
        return fused

    @field_validator("months", "weekdays")
    @classmethod
    def _complete(cls, names: tuple[Words, ...]) -> tuple[Words, ...]:
        if len(names) not in (7, 12):
            raise ValueError("twelve months and seven weekdays are wanted")
        return names
