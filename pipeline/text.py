"""One-for-one character views: they change how a text looks to a pattern, never its length."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate
from typing import NamedTuple

_SPACES = "\u00a0\u202f\u2007\u2009\u2008\u200a\u2002\u2003\u2005\u3000\t"
_PLAIN = dict.fromkeys("’‘ʼ′`´", "'") | dict.fromkeys(_SPACES, " ") | dict.fromkeys("\u2010\u2011\u2212", "-")
# Control characters and marks that turn the direction of a line.
_SHOWN = {code: 0x2400 + code for code in range(32) if code not in (0x09, 0x0A)} | {0x7F: 0x2421}
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN |= dict.fromkeys([*range(0x80, 0xA0), *_TURNING], 0xFFFD)
WORD = re.compile(r"(\w+)")


def plain(text: str) -> str:
    """`text` with typographic apostrophes as ', all spaces but line ends as " ", and hyphens as -."""
    for char in _PLAIN.keys() & set(text):
        text = text.replace(char, _PLAIN[char])
    return text


def lower(text: str) -> str:
    """`text` in lower case, characters whose lower case is longer left as they are, so that the length holds."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def unaccent(text: str) -> str:
    """`text` without accents, for comparing names; the length may change."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def visible(text: str) -> str:
    """`text` with what could act on a terminal or turn the direction of a line shown as pictures, one for one."""
    return text.translate(_SHOWN)


class Pieces(NamedTuple):
    """The matches of a pattern in a text, with the offsets at which they start and end."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


def pieces(pattern: re.Pattern[str], text: str) -> Pieces:
    """The matches of `pattern` in `text`; the pattern has one group, around all of it.

    One split finds them all, several times as fast as one match after the other.
    """
    parts = pattern.split(text)  # gap, match, gap, …, match, gap
    edges = list(accumulate(map(len, parts)))
    return Pieces(parts[1::2], edges[:-1:2], edges[1::2])
