"""The [quantities] section of a pack, compiled to phrase tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from typing import TypeVar

from pipeline.detect.identity import Same
from pipeline.detect.phrases import PhraseTable, spell
from pipeline.language.number_words import QuantityWords
from pipeline.schema import Qualifier
from pipeline.units import Units

T = TypeVar("T")


class Anchor(IntEnum):
    """What a token may start that needs no figure."""

    ORDINAL = 1
    FACTOR = 2
    ARTICLE = 3
    SUPERLATIVE = 4


@dataclass(frozen=True, slots=True)
class Prefix:
    """A unit that stands before its figure; `inverse` marks a factor that divides."""

    unit: str
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """Compiled words of quantities. Sets of phrases hold tokens joined by one space."""

    words: QuantityWords
    units: Units
    after: PhraseTable[str]
    before: PhraseTable[Prefix]
    of: PhraseTable[str]
    qualifiers: PhraseTable[Qualifier]
    price_qualifiers: PhraseTable[Qualifier]
    measure_qualifiers: PhraseTable[Qualifier]
    count_qualifiers: PhraseTable[Qualifier]
    qualifiers_after: PhraseTable[Qualifier]
    rates: PhraseTable[str]
    factors: PhraseTable[Decimal]
    changes_by: PhraseTable[Decimal]
    superlatives: PhraseTable[Decimal]
    articles: PhraseTable[Decimal]
    anchors: dict[str, Anchor]
    changes: re.Pattern[str]
    lists: frozenset[str]
    list_ends: frozenset[str]
    conversions: frozenset[str]
    range_to: frozenset[str]
    change_to: frozenset[str]


def tables(words: QuantityWords, units: Units) -> Tables:
    """The compiled section, made once. Raises ValueError where it names an unknown unit or qualifier."""
    return _compiled(Same(words), Same(units))


@lru_cache(maxsize=16)
def _compiled(section: Same[QuantityWords], table: Same[Units]) -> Tables:
    words, units = section.value, table.value
    for unit in (*words.units, *words.before):
        try:
            units.dimension(unit)
        except LookupError as error:
            raise ValueError(f"quantities: {error.args[0]}") from error
    endings = words.verb_endings
    after: PhraseTable[str] = PhraseTable()
    for unit, phrases in words.units.items():
        _add(after, phrases, unit)
    for alias, unit in units.aliases.items():
        after.add(alias, unit)
    before: PhraseTable[Prefix] = PhraseTable()
    for phrase in words.inverse_before:
        before.add(phrase, Prefix("x", inverse=True), endings)
    for unit, phrases in words.before.items():
        _add(before, phrases, Prefix(unit), endings)
    for alias, unit in units.aliases.items():
        if units.is_currency(unit):
            before.add(alias, Prefix(unit))
    factors, articles = _factors(words), _numbers(words.articles)
    changes = _numbers(words.factors.changes)
    superlatives = _numbers(dict.fromkeys(words.ranks.superlatives, "1"))
    return Tables(
        words,
        units,
        after,
        before,
        _add(PhraseTable(), words.of, "of"),
        _by_qualifier(words.qualifiers, words),
        _by_qualifier(words.price_qualifiers, words),
        _by_qualifier(words.measure_qualifiers, words),
        _by_qualifier(words.count_qualifiers, words),
        _by_qualifier(words.qualifiers_after, words, keep=True),
        _by_key(words.rates),
        factors,
        changes,
        superlatives,
        articles,
        _anchors(
            words,
            (
                (Anchor.SUPERLATIVE, superlatives),
                (Anchor.FACTOR, factors),
                (Anchor.FACTOR, changes),
                (Anchor.ARTICLE, articles),
            ),
        ),
        re.compile(rf"\b(?:{'|'.join(words.change_verbs)})(?:{'|'.join(endings)})?\b[^.;:,\n]{{0,28}}$"),
        _joined(words.lists),
        _joined(words.list_ends),
        _joined(words.conversions),
        _joined(words.range_to),
        _joined(words.range_to | words.change_to),
    )


def _numbers(phrases: dict[str, str]) -> PhraseTable[Decimal]:
    table: PhraseTable[Decimal] = PhraseTable()
    for phrase, value in phrases.items():
        table.add(phrase, Decimal(value))
    return table


def _factors(words: QuantityWords) -> PhraseTable[Decimal]:
    stems = {s + e: v for s, v in words.factors.stems.items() for e in words.factors.endings}
    return _numbers({**words.factors.phrases, **stems})


def _anchors(words: QuantityWords, phrases: Iterable[tuple[Anchor, PhraseTable[Decimal]]]) -> dict[str, Anchor]:
    """What a token may start, so that one look at each token of a text is enough."""
    found = dict.fromkeys((*words.ranks.ordinals, *words.ranks.suffixes), Anchor.ORDINAL)
    for anchor, table in phrases:
        found |= dict.fromkeys(table.longest, anchor)
    return found


def _add(
    table: PhraseTable[T], phrases: Iterable[str], value: T, endings: Iterable[str] = ()
) -> PhraseTable[T]:
    for phrase in phrases:
        table.add(phrase, value, endings)
    return table


def _by_key(groups: dict[str, tuple[str, ...]]) -> PhraseTable[str]:
    table: PhraseTable[str] = PhraseTable()
    for key, phrases in groups.items():
        _add(table, phrases, key)
    return table


def _by_qualifier(
    groups: dict[str, tuple[str, ...]], words: QuantityWords, keep: bool = False
) -> PhraseTable[Qualifier]:
    """Qualifiers, without the fillers that the text may hold at any place in them, unless `keep` is set."""
    table: PhraseTable[Qualifier] = PhraseTable()
    for key, phrases in groups.items():
        for phrase in phrases:
            for form in spell(phrase, words.verb_endings):
                kept = [t for t in form.split(" ") if keep or t not in words.fillers]
                table.add(" ".join(kept), Qualifier(key))
    return table


def _joined(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(form for phrase in phrases for form in spell(phrase))
