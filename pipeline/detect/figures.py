"""Figures written in digits: `12 500`, `12.500`, `12'500`, `1 234,56`, `1,234.56`, `3/4`, `1,2e6`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.language.number_words import DecimalMark

_SPACED = r"(?P<spaced>[0-9]{1,3}(?: [0-9]{3})+(?![0-9]))"
_QUOTED = r"(?P<quoted>[1-9][0-9]{0,2}(?:'[0-9]{3})+(?![0-9]))(?P<qd>[.,][0-9]+)?"
_PLAIN = r"(?P<plain>[0-9]+(?:[.,][0-9]+(?![0-9]*\.[0-9]))?)"
# By the decimal mark of the language: "12.500" is a whole number where that is a comma, "12,500" where it is a point;
# two groups, or a group and the other mark, are one in both. A first group of two digits is that of lakh and crore.
_FIGURES = {
    ",": re.compile(
        rf"{_SPACED}(?P<sd>,[0-9]+|\.[0-9]{{1,2}}(?![0-9]))?"
        r"|(?P<pointed>[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?![0-9]))(?P<pd>,[0-9]+)?"
        rf"|{_QUOTED}"
        r"|(?P<commas>[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}(?![0-9])(?:\.[0-9]+)?"
        r"|[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]{1,2}(?![0-9]))"
        rf"|{_PLAIN}"
    ),
    ".": re.compile(
        rf"{_SPACED}(?P<sd>\.[0-9]+|,[0-9]{{1,2}}(?![0-9]))?"
        r"|(?P<commas>[1-9][0-9]{0,2}(?:,[0-9]{2,3})*,[0-9]{3}(?![0-9])(?:\.[0-9]+)?)"
        rf"|{_QUOTED}"
        r"|(?P<pointed>[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}(?![0-9])"
        r"|[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?=,[0-9]{1,2}(?![0-9])))(?P<pd>,[0-9]+)?"
        rf"|{_PLAIN}"
    ),
}
_WHOLE = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+")
_EXPONENT = re.compile(r"e([+-]?[0-9]{1,2})(?![\w.,])")
_POWER = re.compile(r"\^([+-]?[0-9]{1,3})(?![\w.,])")
_FRACTION = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?![/\w]|[.,][0-9])")
_MIXED = re.compile(r" {1,2}([0-9])/([0-9]{1,2})(?![/\w])")
_MAX_DENOMINATOR = 20
_HIGHEST_MIXED = 1000

# fractions of one character
VULGAR = {
    char: Decimal(above) / below
    for char, above, below in (
        ("½", 1, 2), ("⅓", 1, 3), ("⅔", 2, 3), ("¼", 1, 4), ("¾", 3, 4), ("⅕", 1, 5),
        ("⅖", 2, 5), ("⅗", 3, 5), ("⅘", 4, 5), ("⅙", 1, 6), ("⅚", 5, 6),
        ("⅛", 1, 8), ("⅜", 3, 8), ("⅝", 5, 8), ("⅞", 7, 8),
    )
}  # fmt: skip


class Figure(NamedTuple):
    """A figure in digits, without sign, and the offset behind it. `fraction` marks "3/4" and "½"."""

    value: Decimal
    end: int
    fraction: bool = False


def read_figure(plain: str, at: int, stop: int, mark: DecimalMark = ",") -> Figure | None:
    """The figure of `plain` that starts at offset `at` and ends at `stop` at the latest, or None. `mark` is the decimal
    mark of the language, which tells a group of three digits from decimals."""
    fraction = _FRACTION.match(plain, at, stop)
    if fraction and (part := _part(fraction[1], fraction[2])):
        return Figure(part, fraction.end(), True)
    if at > 1 and plain[at - 1] == "." and plain[at - 2].isdecimal():
        # behind "192.168." only a whole number goes on
        whole = _WHOLE.match(plain, at, stop)
        return Figure(Decimal(whole[0].replace(" ", "")), whole.end()) if whole else None
    match = _FIGURES[mark].match(plain, at, stop)
    if match is None:
        return None
    if match["plain"] and at and plain[at - 1] == mark and plain[max(0, at - 2) : at - 1] in ("", " ", "\n"):
        # ",5": the zero is left out
        return Figure(Decimal(f"0.{match['plain']}"), match.end()) if match["plain"].isdecimal() else None
    return _extended(plain, stop, match)


def _part(above: str, below: str) -> Decimal | None:
    return Decimal(above) / int(below) if 0 < int(above) < int(below) <= _MAX_DENOMINATOR else None


def _extended(plain: str, stop: int, match: re.Match[str]) -> Figure:
    """The figure with what goes on behind its digits: "2 1/4", "1,2e6", "2½"."""
    value, end = _value(match), match.end()
    mixed = _MIXED.match(plain, end, stop)
    if mixed and value < _HIGHEST_MIXED and value % 1 == 0 and (part := _part(mixed[1], mixed[2])):
        return Figure(value + part, mixed.end())
    # "500e" and "2e" are names and ordinals: an exponent has a decimal mantissa
    exponent = _EXPONENT.match(plain, end, stop)
    if exponent and ("," in match[0] or "." in match[0]):
        return Figure(value.scaleb(int(exponent[1])), exponent.end())
    if power := _POWER.match(plain, end, stop):
        return Figure(value ** int(power[1]), power.end()) if value else Figure(value, end)
    if end < stop and plain[end] in VULGAR and value < _HIGHEST_MIXED:
        return Figure(value + VULGAR[plain[end]], end + 1)
    return Figure(value, end)


def _value(match: re.Match[str]) -> Decimal:
    if match["spaced"]:
        return Decimal(match["spaced"].replace(" ", "") + (match["sd"] or "").replace(",", "."))
    if match["pointed"]:
        return Decimal(match["pointed"].replace(".", "") + (match["pd"] or "").replace(",", "."))
    if match["quoted"]:
        return Decimal(match["quoted"].replace("'", "") + (match["qd"] or "").replace(",", "."))
    if match["commas"]:
        return Decimal(match["commas"].replace(",", ""))
    return Decimal(match["plain"].replace(",", "."))
