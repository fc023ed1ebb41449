"""The number words of a pack, compiled to one table: a spelling and what it does in a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from pipeline.detect.compounds import compounds
from pipeline.detect.identity import Same
from pipeline.language.number_words import NumberWords
from pipeline.text import unaccent


class Role(IntEnum):
    """What a word does in a number."""

    ATOM = 1
    HUNDRED = 2
    SCALE = 3
    COLLECTIVE = 4
    FRACTION = 5
    ORDINAL = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of number. `room` is how much may be added behind an atom; `bare` says that it stands alone,
    `vague` that it does so in the plural only, for an unknown number of its kind."""

    role: Role
    value: int | Decimal
    room: int = 0
    bare: bool = False
    vague: bool = False
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`entries` by word; `pairs` are atoms of two words, by both words joined by a space; `followers` are
    the words that may stand behind a number and make more of it.
    """

    entries: dict[str, Entry]
    pairs: dict[str, Entry]
    ordinals: dict[str, Entry]
    words: NumberWords
    changes: re.Pattern[str]
    followers: frozenset[str]

    def entries_of(self, texts: Iterable[str]) -> Mapping[str, Entry]:
        """`entries` with the numbers among the words `texts` that are written in one word."""
        known = compounds(self.words)
        if known is None:
            return self.entries
        found = known.among(set(texts) - self.entries.keys())
        return {**self.entries, **{word: Entry(Role.ATOM, v, _room_behind(v)) for word, v in found.items()}}


def _room(value: int, declared: int | None) -> int:
    if declared is not None:
        return declared
    return 10 if value >= 20 and value % 10 == 0 else 0


def _room_behind(value: Decimal) -> int:
    """How much may follow a number written in one word: hundreds behind thousands ("zweitausend fünfhundert")."""
    return next((size for size in (1000, 100) if value >= size and value % size == 0), 0)


def lexicon(words: NumberWords) -> Lexicon:
    """The compiled number words of a pack, made once for each section."""
    return _compiled(Same(words))


@lru_cache(maxsize=16)
def _compiled(section: Same[NumberWords]) -> Lexicon:
    words = section.value
    entries: dict[str, Entry] = {}
    pairs: dict[str, Entry] = {}
    ordinals: dict[str, Entry] = {}

    def put(word: str, entry: Entry, table: dict[str, Entry]) -> None:
        table.setdefault(word, entry)
        table.setdefault(unaccent(word), entry)

    for word, value in words.atoms.items():
        put(
            word,
            Entry(Role.ATOM, value, _room(value, words.rooms.get(word))),
            pairs if " " in word else entries,
        )
    for word in words.hundreds:
        put(word, Entry(Role.HUNDRED, 100, bare=word in words.bare_hundreds), entries)
    for word, value in words.scales.items():
        vague = word in words.vague_scales
        put(word, Entry(Role.SCALE, value, bare=word in words.bare_scales, vague=vague), entries)
    for word, value in words.collectives.items():
        put(word, Entry(Role.COLLECTIVE, value), entries)
    for word, value in words.collectives_vague.items():
        put(word, Entry(Role.COLLECTIVE, value, vague=True), entries)
    for word, value in words.fractions.items():
        put(word, Entry(Role.FRACTION, value, bare=word in words.fraction_alone), entries)
    for word, value in words.ordinals.items():
        put(word, Entry(Role.ORDINAL, value), ordinals)
        for ending in words.ordinal_plurals:
            put(word + ending, Entry(Role.ORDINAL, value, plural=True), ordinals)
    followers = {
        *entries,
        *ordinals,
        *words.decimal,
        *(phrase.split()[0] for phrase in words.ratio),
        *words.alternatives,
        *words.range_between.values(),
        *(w for phrase in words.range_to for w in phrase.split("'")),
        *(w for pair in pairs for w in pair.split()),
        words.joiner,
    }
    return Lexicon(entries, pairs, ordinals, words, _changes(words), frozenset(followers))


def _changes(words: NumberWords) -> re.Pattern[str]:
    """A verb of change a few words before the end of the text, in the same clause."""
    stems, endings = ("|".join(map(re.escape, w)) for w in (words.change_verbs, words.verb_endings))
    return re.compile(rf"\b(?:{stems})(?:{endings})\b[^.;:,\n]{{0,28}}$")
