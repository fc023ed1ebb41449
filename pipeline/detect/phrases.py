"""Phrases of a pack matched token by token at a given place, longest first, in time linear in their length."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Generic, TypeVar

T = TypeVar("T")

TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_REACH = 72
_OPTIONAL = re.compile(r"\(([^\W\d_]+)\)")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text, lower case, with its offsets."""

    text: str
    start: int
    end: int


def spell(phrase: str, endings: Iterable[str] = ()) -> list[str]:
    """All spellings of `phrase`: "(s)" is optional, "~" is one of `endings`; tokens are parted by one space."""
    stems = [phrase.replace("~", e, 1) for e in endings] if "~" in phrase else [phrase]
    forms: list[str] = []
    for stem in stems:
        parts = _OPTIONAL.split(stem)
        choices = [(p,) if i % 2 == 0 else ("", p) for i, p in enumerate(parts)]
        forms += [" ".join(TOKEN.findall("".join(c))) for c in product(*choices)]
    return forms


def tokens_after(lower: str, at: int, count: int) -> list[Token]:
    """Up to `count` tokens of `lower` from offset `at` on, none behind a line end that ends a block."""
    found: list[Token] = []
    last = at
    for match in TOKEN.finditer(lower, at, min(len(lower), at + _REACH)):
        start, end = match.span()
        if start > last and lower.count("\n", last, start) > 1:
            break
        found.append(Token(match.group(), start, end))
        if len(found) == count:
            break
        last = end
    return found


def tokens_before(lower: str, at: int, count: int) -> list[Token]:
    """Up to `count` tokens of `lower` that end before offset `at`, in the order of the text."""
    begin = max(0, at - _REACH)
    while begin and lower[begin - 1].isalnum():
        begin -= 1
    cut = lower.rfind("\n\n", begin, at)
    begin = cut + 2 if cut >= 0 else begin
    return [Token(m.group(), *m.span()) for m in TOKEN.finditer(lower, begin, at)][-count:]


@dataclass(slots=True)
class PhraseTable(Generic[T]):
    """Phrases with what they stand for; the first to claim a spelling keeps it."""

    entries: dict[str, T] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    reach: int = 0

    def add(self, phrase: str, value: T, endings: Iterable[str] = ()) -> None:
        for form in spell(phrase, endings):
            self.entries.setdefault(form, value)
            first, length = form.split(" ", 1)[0], form.count(" ") + 1
            self.longest[first] = max(length, self.longest.get(first, 0))
            self.reach = max(self.reach, length)

    def at(self, tokens: list[Token], index: int = 0) -> tuple[T, int] | None:
        """The longest phrase that starts at `tokens[index]`: its value and the index behind it."""
        if index >= len(tokens):
            return None
        most = self.longest.get(tokens[index].text, 0)
        for size in range(min(most, len(tokens) - index), 0, -1):
            value = self.entries.get(" ".join(t.text for t in tokens[index : index + size]))
            if value is not None:
                return value, index + size
        return None

    def ending(self, tokens: list[Token], stop: int) -> tuple[T, int] | None:
        """The longest phrase that ends before `tokens[stop]`: its value and the index of its first token."""
        for size in range(min(self.reach, stop), 0, -1):
            value = self.entries.get(" ".join(t.text for t in tokens[stop - size : stop]))
            if value is not None:
                return value, stop - size
        return None
