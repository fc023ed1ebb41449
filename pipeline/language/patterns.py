"""Phrase patterns: a small notation that a linguist can write and that always runs in linear time.

A pattern is a sequence of words over the lower-case text, spaces and elisions flexible:

    livrer               exactly this word
    livr*                a word with this beginning
    *eront               a word with this ending
    (livre|remet) _      alternatives of sequences; `_` is any one word
    [très] bon           an optional part
    ouvr* ~3 commandes   a gap of at most three words, no punctuation between
    d' intérêt           an elision sticks to the next word

A pattern must begin with a word, a stem or an ending, so that it can be looked up from the words of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"[()|\[\]]|[^\s()|\[\]]+")
_GAP = re.compile(r"~(\d)")
_MAX_GAP = 6
SYMBOLS = "%€$"
_STEM_KEY = 5
_ENDING_KEY = 3
_WORDS_KEPT = 1 << 16
_SEPARATOR = r"(?:[\s-]+|(?<='))"
_ANY_WORD = r"[\w%€$]+(?:[.,]\w+)*'?"


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern: its regex, and what its first word can be: "=word", "^stem" or "$ending"."""

    regex: str
    heads: tuple[str, ...]
    optional: bool = False
    gap: bool = False


class Phrase:
    """One pattern, its regex compiled when it is first tried; `payload` is the number that its owner gave it."""

    __slots__ = ("_expression", "_regex", "heads", "payload", "source")

    def __init__(self, source: str, expression: str, heads: tuple[str, ...], payload: int) -> None:
        self.source = source
        self.heads = heads
        self.payload = payload
        self._expression = expression
        self._regex: re.Pattern[str] | None = None

    def match(self, lower: str, start: int) -> int:
        """Where the phrase that begins at `start` ends, or -1."""
        if self._regex is None:
            self._regex = re.compile(self._expression)
        found = self._regex.match(lower, start)
        return found.end() if found else -1


def compile_phrase(source: str, payload: int = 0) -> Phrase:
    """Compile one pattern. Raises ValueError, naming the pattern, where the notation is wrong."""
    tokens = _TOKEN.findall(source)
    try:
        part, rest = _sequence([*tokens, ")"], 0)
    except ValueError as error:
        raise ValueError(f"pattern {source!r}: {error}") from None
    if rest != len(tokens):
        raise ValueError(f"pattern {source!r}: unexpected {tokens[rest]!r}")
    if not part.heads or "" in part.heads:
        raise ValueError(f"pattern {source!r}: must begin with a word, a stem or an ending")
    return Phrase(source, part.regex, part.heads, payload)


def _sequence(tokens: Sequence[str], at: int) -> tuple[_Part, int]:
    """Read items up to a closing bracket or bar (a closing bracket ends `tokens`)."""
    parts: list[_Part] = []
    while tokens[at] not in (")", "|", "]"):
        part, at = _item(tokens, at)
        parts.append(part)
        if at >= len(tokens):
            raise ValueError("a bracket is not closed")
    if not parts:
        raise ValueError("an empty part")
    return _Part(_joined(parts), _heads(parts)), at


def _joined(parts: Sequence[_Part]) -> str:
    regex, separated = "", True
    for part in parts:
        if part.gap:
            regex += ("" if separated else _SEPARATOR) + part.regex
            separated = True
        elif part.optional and separated:
            regex += f"(?:{part.regex}{_SEPARATOR})?"
        elif part.optional:
            regex += f"(?:{_SEPARATOR}{part.regex})?"
        else:
            regex += ("" if separated else _SEPARATOR) + part.regex
            separated = False
    return regex


def _heads(parts: Sequence[_Part]) -> tuple[str, ...]:
    heads: list[str] = []
    for part in parts:
        heads.extend(part.heads)
        if not part.optional:
            return tuple(dict.fromkeys(heads))
    return ("",)


def _item(tokens: Sequence[str], at: int) -> tuple[_Part, int]:
    token = tokens[at]
    if token not in ("(", "["):
        return _word(token), at + 1
    branches: list[_Part] = []
    while not branches or tokens[at] == "|":
        branch, at = _sequence(tokens, at + 1)
        branches.append(branch)
    if tokens[at] != (")" if token == "(" else "]"):
        raise ValueError(f"{token!r} is closed by {tokens[at]!r}")
    regex = "(?:" + "|".join(b.regex for b in branches) + ")"
    heads = tuple(dict.fromkeys(h for b in branches for h in b.heads))
    return _Part(regex, heads, optional=token == "["), at + 1


def _word(token: str) -> _Part:
    gap = _GAP.fullmatch(token)
    if gap:
        size = min(int(gap.group(1)), _MAX_GAP)
        return _Part(f"(?:{_ANY_WORD}{_SEPARATOR}){{0,{size}}}?", ("",), gap=True)
    if token == "_":
        return _Part(_ANY_WORD, ("",))
    if token in SYMBOLS:
        return _Part(re.escape(token), ("=" + token,))
    if token.startswith("*"):
        return _Part(rf"\b\w+{re.escape(token[1:])}(?!\w)", ("$" + token[1:][-_ENDING_KEY:],))
    return _plain_word(token)


def _plain_word(token: str) -> _Part:
    leading = re.match(r"\w*", token)
    first = leading.group() if leading else ""
    if not first:
        return _Part(re.escape(token), ("",))
    if token.endswith("*"):
        # Where a hyphen or apostrophe comes before the star, the first word of the text is whole.
        head = "^" + first[:_STEM_KEY] if len(first) == len(token) - 1 else "=" + first
        return _Part(rf"(?<!\w){re.escape(token[:-1])}\w*", (head,))
    closing = "" if token.endswith("'") else r"(?!\w)"
    return _Part(rf"(?<!\w){re.escape(token)}{closing}", ("=" + first,))


class PhraseIndex:
    """Many phrases looked up at once from the words of a text, so that cost grows with the text alone."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._words: dict[str, list[Phrase]] = {}
        self._stems: dict[str, list[Phrase]] = {}
        self._endings: dict[str, list[Phrase]] = {}
        tables = {"=": self._words, "^": self._stems, "$": self._endings}
        for phrase in phrases:
            for head in phrase.heads:
                tables[head[0]].setdefault(head[1:], []).append(phrase)
        self._candidates = lru_cache(maxsize=_WORDS_KEPT)(self._look_up)

    def _look_up(self, word: str) -> list[Phrase]:
        found = list(self._words.get(word, ()))
        for size in range(1, min(_STEM_KEY, len(word)) + 1):
            found += self._stems.get(word[:size], ())
        for size in range(1, min(_ENDING_KEY, len(word)) + 1):
            found += self._endings.get(word[-size:], ())
        return found

    def find(self, lower: str, words: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, Phrase]]:
        """Yield `(start, end, phrase)` for each phrase at each of `words`, in the order of the text."""
        for start, end in words:
            for phrase in self._candidates(lower[start:end]):
                stop = phrase.match(lower, start)
                if stop >= 0:
                    yield start, stop, phrase
