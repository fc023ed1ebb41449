"""Signs of scale behind digits: "1,2 M", "25k€", "3 Mio. Euro"."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.language.number_words import NumberWords
from pipeline.units import Units

_MONEY = frozenset("€$£¥")
_BLANKS = 2
_LONGEST = 4


class ScaleSign(NamedTuple):
    """A sign of scale as written, what it stands for, and the offset behind it."""

    text: str
    value: int
    end: int


def scale_sign(plain: str, at: int, limit: int, words: NumberWords, units: Units) -> ScaleSign | None:
    """The sign behind digits that end at offset `at` of `plain`, ending before `limit`, or None."""
    start = at
    while start < limit and start - at < _BLANKS and plain[start] == " ":
        start += 1
    stop = start
    while stop < limit and stop - start < _LONGEST and plain[stop].isalpha():
        stop += 1
    for size in range(stop - start, 0, -1):
        text = plain[start : start + size]
        value, dotted = _value(plain, text, start + size, words, units)
        if value is None:
            continue
        end = start + size + dotted
        rest = plain[end : end + 4]
        if rest[:1].isalnum() and rest[:3] not in units.press_currencies:
            return None
        initial = start > at and size == 1 and not dotted and _is_initial(rest, units)
        return None if initial else ScaleSign(text, value, end)
    return None


def _value(plain: str, text: str, end: int, words: NumberWords, units: Units) -> tuple[int | None, bool]:
    """What the sign `text` that ends at `end` stands for, and whether a full stop belongs to it."""
    if plain[end : end + 1] == "." and f"{text}." in words.scale_signs:
        return words.scale_signs[f"{text}."], True
    value, behind = words.scale_signs.get(text), plain[end : end + 3]
    if value is None and (behind[:1] in _MONEY or behind in units.press_currencies):
        value = words.money_signs.get(text)
    return value, False


def _is_initial(rest: str, units: Units) -> bool:
    """True behind the M of "en 2013 M. Dupont"; a currency code may stand behind a sign of scale."""
    if rest[:1] == ".":
        return rest[2:3].isupper()
    return rest[:1] == " " and rest[1:2].isupper() and rest[1:4] not in units.press_currencies
