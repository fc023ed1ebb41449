"""Phrase patterns: a small notation that a linguist can write and that always runs in linear time.

A pattern is a sequence of words over the lower-case text, spaces and elisions flexible:

    livrer               exactly this word
    livr*                a word with this beginning
    *eront               a word with this ending
    +absatz              this word, alone or as the last part of a compound ("Jahresabsatz")
    (livre|remet) _      alternatives of sequences; `_` is any one word
    [très] bon           an optional part
    ouvr* ~3 commandes   a gap of at most three words, no punctuation between
    d' intérêt           an elision sticks to the next word
    <months>             alternatives kept apart under a name (see `spell_out`)

A pattern must begin with a word, a stem or an ending, so that it can be looked up from the words of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.text import Pieces

_TOKEN = re.compile(r"[()|\[\]]|[^\s()|\[\]]+")
_NAME = re.compile(r"<(\w+)>")
_GAP = re.compile(r"~(\d)")
_MAX_GAP = 6
SYMBOLS = "%€$"
_SINGLE = re.compile(rf"\w+\*?|[*+]\w+|[{SYMBOLS}]")
_STEM_KEY = 5
_ENDING_KEY = 3
_WORDS_KEPT = 1 << 16
_PATTERNS_KEPT = 1 << 12
_NEEDS_KEPT = 2  # of a phrase; the others seldom tell more
_SEPARATOR = r"(?:[\s-]+|(?<='))"
_ANY_WORD = r"[\w%€$]+(?:[.,]\w+)*'?"


# What a word can be: "=word", "^stem" or "$ending", "" for any word at all.
Head = str
# The first word of a piece with the one behind it, which is None where the piece may end in between.
Opening = tuple[Head, Head | None]
# Words of which one stands in every text of a piece.
Need = frozenset[Head]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern: its regex, the words that it can open with, and those without which it is not found."""

    regex: str
    openings: tuple[Opening, ...]
    optional: bool = False
    gap: bool = False
    needs: tuple[Need, ...] = ()


class Phrase:
    """One pattern, its regex compiled when it is first tried; `payload` is the number that its owner gave it.

    `openings` are the words that it can begin with, each with those that may follow it, "" among them where anything
    may. Of each of `needs` a text must hold a word, or the phrase is not in it.
    """

    __slots__ = ("_expression", "_regex", "needs", "openings", "payload", "source")

    def __init__(
        self,
        source: str,
        expression: str,
        openings: Mapping[Head, tuple[Head, ...]],
        needs: tuple[Need, ...],
        payload: int,
    ) -> None:
        self.source = source
        self.openings = openings
        self.needs = needs
        self.payload = payload
        self._expression = expression
        self._regex: re.Pattern[str] | None = None

    def match(self, lower: str, start: int) -> int:
        """Where the phrase that begins at `start` ends, or -1."""
        if self._regex is None:
            self._regex = re.compile(self._expression)
        found = self._regex.match(lower, start)
        return found.end() if found else -1


def spell_out(pattern: str, phrases: Mapping[str, str]) -> str:
    """`pattern` with each `<name>` replaced by its alternatives in `phrases`, which may name others that stand there.

    Raises ValueError where a name is unknown or stands for itself.
    """

    def alternatives(match: re.Match[str], known: frozenset[str] = frozenset()) -> str:
        name = match.group(1)
        if name not in phrases or name in known:
            raise ValueError(f"pattern {pattern!r}: {match.group()} stands for nothing")
        return f"({_NAME.sub(lambda inner: alternatives(inner, known | {name}), phrases[name])})"

    return _NAME.sub(alternatives, pattern)


def compile_phrase(source: str, payload: int = 0) -> Phrase:
    """Compile one pattern. Raises ValueError, naming the pattern, where the notation is wrong."""
    return Phrase(source, *_compiled(source), payload)


@lru_cache(maxsize=_PATTERNS_KEPT)
def _compiled(source: str) -> tuple[str, Mapping[Head, tuple[Head, ...]], tuple[Need, ...]]:
    """The regex of a pattern, what it can begin with and needs; kept, as a pack is checked before it is used."""
    tokens = _TOKEN.findall(source)
    try:
        part, rest = _sequence([*tokens, ")"], 0)
    except ValueError as error:
        raise ValueError(f"pattern {source!r}: {error}") from None
    if rest != len(tokens):
        raise ValueError(f"pattern {source!r}: unexpected {tokens[rest]!r}")
    if not all(head for head, _ in part.openings):
        raise ValueError(f"pattern {source!r}: must begin with a word, a stem or an ending")
    openings: dict[Head, list[Head]] = {}
    for head, following in part.openings:
        openings.setdefault(head, []).append(following or "")
    needs = sorted(dict.fromkeys(part.needs), key=_rarity, reverse=True)
    return part.regex, {head: tuple(dict.fromkeys(after)) for head, after in openings.items()}, tuple(needs)


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
    if len(parts) == 1 and not parts[0].optional and not parts[0].gap:
        return parts[0], at
    needs = tuple(need for part in parts if not part.optional for need in part.needs)
    return _Part(_joined(parts), _openings(parts), needs=needs), at


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


def _openings(parts: Sequence[_Part]) -> tuple[Opening, ...]:
    """What the sequence can open with: its first part, or the next where that one is optional."""
    found: list[Opening] = []
    for index, part in enumerate(parts):
        behind = _heads(parts[index + 1 :])
        for head, following in part.openings:
            found += [(head, after) for after in (behind if following is None else (following,))]
        if not part.optional:
            return tuple(dict.fromkeys(found))
    return (("", None),)


def _heads(parts: Sequence[_Part]) -> list[Head | None]:
    """The words that `parts` can begin with, None among them where all may be left out."""
    found: list[Head | None] = []
    for part in parts:
        found += [head for head, _ in part.openings]
        if not part.optional:
            return found
    return [*found, None]


def _item(tokens: Sequence[str], at: int) -> tuple[_Part, int]:
    token = tokens[at]
    if token not in ("(", "["):
        return _word(token), at + 1
    end = _closing(tokens, at) + 1
    return _bracket(tuple(tokens[at:end])), end


def _closing(tokens: Sequence[str], at: int) -> int:
    """Where the bracket that opens at `at` is closed."""
    depth = 0
    for index in range(at, len(tokens)):
        token = tokens[index]
        depth += (token in ("(", "[")) - (token in (")", "]"))
        if depth == 0:
            return index
    raise ValueError("a bracket is not closed")


@lru_cache(maxsize=_PATTERNS_KEPT)
def _bracket(tokens: tuple[str, ...]) -> _Part:
    """Alternatives in brackets; kept, as many patterns hold the same ones."""
    branches: list[_Part] = []
    at = 0
    while not branches or tokens[at] == "|":
        branch, at = _sequence(tokens, at + 1)
        branches.append(branch)
    if tokens[at] != (")" if tokens[0] == "(" else "]"):
        raise ValueError(f"{tokens[0]!r} is closed by {tokens[at]!r}")
    regex = "(?:" + "|".join(b.regex for b in branches) + ")"
    openings = tuple(dict.fromkeys(o for b in branches for o in b.openings))
    # One branch must be there, and with it the rarest word that it needs.
    either = all(branch.needs for branch in branches)
    needs = (frozenset().union(*(max(b.needs, key=_rarity) for b in branches)),) if either else ()
    return _Part(regex, openings, optional=tokens[0] == "[", needs=needs)


def _rarity(need: Need) -> tuple[int, int]:
    """A measure of how seldom texts hold a word of `need`: long words are rare, few words rarer than many."""
    return min(map(len, need)), -len(need)


@lru_cache(maxsize=_WORDS_KEPT)
def _word(token: str) -> _Part:
    gap = _GAP.fullmatch(token)
    if gap:
        size = min(int(gap.group(1)), _MAX_GAP)
        return _Part(f"(?:{_ANY_WORD}{_SEPARATOR}){{0,{size}}}?", (("", None),), gap=True)
    if token == "_":
        return _Part(_ANY_WORD, (("", None),))
    if token.startswith("*"):
        head = "$" + token[1:][-_ENDING_KEY:]
        return _Part(rf"\b\w+{re.escape(token[1:])}(?!\w)", ((head, None),), needs=(frozenset({head}),))
    if token.startswith("+") and token[1:].isalpha():
        head = "$" + token[1:][-_ENDING_KEY:]
        return _Part(rf"\b\w*{re.escape(token[1:])}(?!\w)", ((head, None),), needs=(frozenset({head}),))
    if token in SYMBOLS:
        return _Part(re.escape(token), (("=" + token, None),))
    return _plain_word(token)


def _plain_word(token: str) -> _Part:
    leading = re.match(r"\w*", token)
    first = leading.group() if leading else ""
    if not first:
        return _Part(re.escape(token), (("", None),))
    # Where a hyphen or apostrophe stands in it, more words of the text belong to the token.
    following = None if token[len(first) :] in ("", "*", "'") else ""
    if token.endswith("*"):
        head = "^" + first[:_STEM_KEY] if following is None else "=" + first
        return _Part(rf"(?<!\w){re.escape(token[:-1])}\w*", ((head, following),), needs=(frozenset({head}),))
    closing, head = "" if token.endswith("'") else r"(?!\w)", "=" + first
    return _Part(rf"(?<!\w){re.escape(token)}{closing}", ((head, following),), needs=(frozenset({head}),))


class _Trial(NamedTuple):
    """A phrase that may begin at a word, and what the text must hold for it besides the words that stand there."""

    phrase: Phrase
    needs: tuple[Need, ...]


class _Word(NamedTuple):
    """What phrases make of one word: the heads that it has for them, the phrases that it is, those that it may begin
    whatever follows, and those that it may begin by a head of the word behind it."""

    heads: tuple[Head, ...]
    whole: tuple[Phrase, ...]
    sure: tuple[_Trial, ...]
    paired: Mapping[Head, tuple[_Trial, ...]]
    begins: bool


def _heads_of(word: str) -> list[Head]:
    """All that `word` can be."""
    heads = ["=" + word]
    heads += ["^" + word[:size] for size in range(1, min(_STEM_KEY, len(word)) + 1)]
    heads += ["$" + word[-size:] for size in range(1, min(_ENDING_KEY, len(word)) + 1)]
    return heads


def _is_whole(source: str, word: str) -> bool:
    """Whether a pattern of a single word, stem or ending finds all of `word`."""
    if source.endswith("*"):
        return word.startswith(source[:-1])
    if source[0] == "+":
        return word.endswith(source[1:])
    return word == source or (source[0] == "*" and word.endswith(source[1:]) and len(word) >= len(source))


class PhraseIndex:
    """Many phrases looked up at once from the words of a text, so that cost grows with the text alone."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._openings: dict[Head, list[Phrase]] = {}
        asked: set[Head] = set()
        for phrase in phrases:
            asked.update(*phrase.needs, *phrase.openings.values())
            for head in phrase.openings:
                self._openings.setdefault(head, []).append(phrase)
        self._asked = frozenset(asked)
        self._known = lru_cache(maxsize=_WORDS_KEPT)(self._word)

    def _word(self, word: str) -> _Word:
        heads = _heads_of(word)
        asked = tuple(head for head in heads if head in self._asked)
        found = [
            (following, phrase)
            for head in heads
            for phrase in self._openings.get(head, ())
            for following in phrase.openings[head]
        ]
        open_ended = dict.fromkeys(phrase for following, phrase in found if not following)
        single = [p for p in open_ended if _SINGLE.fullmatch(p.source)]
        whole = tuple(p for p in single if _is_whole(p.source, word))
        sure = tuple(_trial(p, heads) for p in open_ended if p not in single)
        paired: dict[Head, list[_Trial]] = {}
        for following, phrase in dict.fromkeys(found):
            if phrase not in open_ended:
                paired.setdefault(following, []).append(_trial(phrase, [*heads, following]))
        by_head = {head: tuple(trials) for head, trials in paired.items()}
        return _Word(asked, whole, sure, by_head, bool(whole or sure or by_head))

    def find(self, lower: str, tokens: Pieces, first: int, stop: int) -> Iterator[tuple[int, int, Phrase]]:
        """Yield `(start, end, phrase)` for each phrase that begins at one of `tokens[first:stop]`, in the order of the
        text; more than once where it can begin there in several ways.

        `tokens` are the words and the `SYMBOLS` of `lower`, those from `first` to `stop` a sentence. A phrase is
        tried where its first two words stand and its rarest ones are in the sentence, so that one that begins with
        frequent words costs little; one that goes on behind the sentence may not be found.
        """
        words = list(map(self._known, tokens.texts[first:stop]))
        present: set[Head] = set()
        for index, (_, whole, sure, paired, begins) in enumerate(words):
            if not begins:
                continue
            start = tokens.starts[first + index]
            for phrase in whole:
                yield start, tokens.ends[first + index], phrase
            trials = sure
            if paired and index + 1 < len(words):
                for head in words[index + 1].heads:
                    if head in paired:
                        trials += paired[head]
            if trials and not present:
                present.update(*[word.heads for word in words])
            for phrase, needs in trials:
                for need in needs:
                    if present.isdisjoint(need):
                        break
                else:
                    end = phrase.match(lower, start)
                    if end >= 0:
                        yield start, end, phrase


def _trial(phrase: Phrase, given: Sequence[Head]) -> _Trial:
    """`phrase` where words with the heads `given` stand."""
    return _Trial(phrase, tuple(need for need in phrase.needs if need.isdisjoint(given))[:_NEEDS_KEPT])
