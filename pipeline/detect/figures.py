"""Figures written in digits: `12 500`, `12.500`, `12'500`, `1 234,56`, `3/4`, `1,2e6`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_FIGURE = re.compile(
    r"(?P<spaced>[0-9]{1,3}(?: [0-9]{3})+(?![0-9]))(?P<sd>,[0-9]+|\.[0-9]{1,2}(?![0-9]))?"
    r"|(?P<pointed>[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?![0-9]))(?P<pd>,[0-9]+)?"
    r"|(?P<quoted>[1-9][0-9]{0,2}(?:'[0-9]{3})+(?![0-9]))(?P<qd>[.,][0-9]+)?"
    r"|(?P<commas>[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}(?![0-9])(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]{1,2}(?![0-9]))"
    r"|(?P<plain>[0-9]+(?:[.,][0-9]+(?![0-9]*\.[0-9]))?)"
)
_EXPONENT = re.compile(r"e([+-]?[0-9]{1,2})(?![\w.,])")
_FRACTION = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?![/\w]|[.,][0-9])")
_MIXED = re.compile(r" {1,2}([0-9])/([0-9]{1,2})(?![/\w])")
_MAX_DENOMINATOR = 20
_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅕": "0.2", "⅛": "0.125"}
_VULGAR_PARTS = {"⅓": (1, 3), "⅔": (2, 3), "⅙": (1, 6), "⅚": (5, 6), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5)}


class Figure(NamedTuple):
    """A figure in digits, without sign, and the offset behind it. `fraction` marks "3/4" and "½"."""

    value: Decimal
    end: int
    fraction: bool = False


def vulgar(char: str) -> Decimal | None:
    """The value of a one-character fraction, None for any other character."""
    if char in _VULGAR:
        return Decimal(_VULGAR[char])
    parts = _VULGAR_PARTS.get(char)
    return None if parts is None else Decimal(parts[0]) / Decimal(parts[1])


def read_figure(plain: str, at: int, stop: int) -> Figure | None:
    """The figure of `plain` that starts at offset `at` and ends at `stop` at the latest, or None."""
    fraction = _FRACTION.match(plain, at, stop)
    if fraction:
        above, below = int(fraction[1]), int(fraction[2])
        if 0 < above < below <= _MAX_DENOMINATOR:
            return Figure(Decimal(above) / below, fraction.end(), True)
    match = _FIGURE.match(plain, at, stop)
    if match is None:
        return None
    value, end = _value(match), match.end()
    if mixed := _MIXED.match(plain, end, stop):
        above, below = int(mixed[1]), int(mixed[2])
        if 0 < above < below <= _MAX_DENOMINATOR and value == value.to_integral_value():
            return Figure(value + Decimal(above) / below, mixed.end())
    if exponent := _EXPONENT.match(plain, end, stop):
        # "500e" and "2e" are names and ordinals: an exponent has a decimal mantissa
        if "," in match.group() or "." in match.group():
            return Figure(value.scaleb(int(exponent[1])), exponent.end())
    if end < stop and vulgar(plain[end]) is not None and value < 1000:
        return Figure(value + (vulgar(plain[end]) or 0), end + 1)
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
