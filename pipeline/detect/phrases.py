"""Phrases of a pack, matched token by token at a given place, longest first."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Generic, TypeVar

from pipeline.text import pieces

T = TypeVar("T")

# a run of letters, a run of digits, one mark, or the end of a paragraph
_TOKEN = re.compile(r"([a-zªµºß-öø-ʯͰ-ӿḀ-ỿ]+|[0-9]+|\n\s*\n|\S)")
_OPTIONAL = re.compile(r"\(([^\W\d_]+)\)")


class Tokens:
    """The tokens of a text in lower case, with their offsets; an empty line is a token of its own."""

    __slots__ = ("ends", "lower", "starts", "texts")

    def __init__(self, lower: str) -> None:
        self.lower = lower
        self.texts, self.starts, self.ends = pieces(_TOKEN, lower)

    def after(self, offset: int) -> int:
        """Index of the first token that starts at `offset` or behind it."""
        return bisect_left(self.starts, offset)

    def before(self, offset: int) -> int:
        """Index behind the last token that ends at `offset` or before it."""
        return bisect_right(self.ends, offset)

    def text(self, index: int) -> str:
        """The token at `index`, "" outside the text."""
        return self.texts[index] if 0 <= index < len(self.texts) else ""

    def between(self, start: int, end: int) -> str:
        """The tokens between two offsets, joined by one space."""
        return " ".join(self.texts[self.after(start) : self.before(end)])


@lru_cache(maxsize=4)
def tokens_of(lower: str) -> Tokens:
    """The tokens of `lower`, kept for the detectors and linkers that read the same text one after the other."""
    return Tokens(lower)


def spell(phrase: str, endings: Iterable[str] = ()) -> list[str]:
    """All spellings of `phrase`: "(s)" is optional, "~" is one of `endings`; one space parts tokens."""
    stems = [phrase.replace("~", e, 1) for e in endings] if "~" in phrase[1:] else [phrase]
    forms: list[str] = []
    for stem in stems:
        parts = _OPTIONAL.split(stem)
        choices = [(p,) if i % 2 == 0 else ("", p) for i, p in enumerate(parts)]
        forms += [" ".join(_TOKEN.findall("".join(c))) for c in product(*choices)]
    return forms


@dataclass(slots=True)
class PhraseTable(Generic[T]):
    """Phrases with what they stand for; the first to claim a spelling keeps it."""

    entries: dict[str, T] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    longest_back: dict[str, int] = field(default_factory=dict)

    def add(self, phrase: str, value: T, endings: Iterable[str] = ()) -> None:
        for form in spell(phrase, endings):
            self.entries.setdefault(form, value)
            parts = form.split(" ")
            first, last, length = parts[0], parts[-1], len(parts)
            self.longest[first] = max(length, self.longest.get(first, 0))
            self.longest_back[last] = max(length, self.longest_back.get(last, 0))

    def at(self, tokens: Tokens, index: int) -> tuple[T, int] | None:
        """The longest phrase that starts at token `index`: its value and the index behind it."""
        most = self.longest.get(tokens.text(index), 0)
        for size in range(most, 0, -1):
            value = self.entries.get(" ".join(tokens.texts[index : index + size]))
            if value is not None and index + size <= len(tokens.texts):
                return value, index + size
        return None

    def ending(self, texts: list[str], stop: int) -> tuple[T, int] | None:
        """The longest phrase of `texts` that ends before index `stop`: its value and its first index."""
        most = self.longest_back.get(texts[stop - 1], 0) if stop else 0
        for size in range(min(most, stop), 0, -1):
            value = self.entries.get(" ".join(texts[stop - size : stop]))
            if value is not None:
                return value, stop - size
        return None
