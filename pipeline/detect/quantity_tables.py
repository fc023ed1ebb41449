"""The [quantities] section of a pack, compiled to phrase tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from pipeline.detect.identity import Same
from pipeline.detect.phrases import PhraseTable, spell
from pipeline.language.number_words import QuantityWords
from pipeline.schema import Qualifier
from pipeline.units import Units

T = TypeVar("T")


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
    qualifiers_after: PhraseTable[Qualifier]
    rates: PhraseTable[str]
    factors: dict[str, Decimal]
    factor_phrases: re.Pattern[str]
    articles: re.Pattern[str]
    changes: re.Pattern[str]
    lists: frozenset[str]
    list_ends: frozenset[str]
    conversions: frozenset[str]
    range_to: frozenset[str]


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
    return Tables(
        words,
        units,
        after,
        before,
        _add(PhraseTable(), words.of, "of"),
        _by_qualifier(words.qualifiers, endings),
        _by_qualifier(words.price_qualifiers, endings),
        _by_qualifier(words.qualifiers_after, endings),
        _by_key(words.rates),
        {s + e: Decimal(v) for s, v in words.factors.stems.items() for e in words.factors.endings},
        _factor_pattern(words),
        _any_of(words.articles),
        re.compile(
            rf"\b(?:{'|'.join(words.change_verbs)})(?:{'|'.join(endings)})?\b[^.;:,\n]{{0,28}}$"
        ),
        _joined(words.lists),
        _joined(words.list_ends),
        _joined(words.conversions),
        _joined(words.range_to),
    )


def _factor_pattern(words: QuantityWords) -> re.Pattern[str]:
    stems = "|".join(re.escape(s) for s in words.factors.stems)
    phrases = "|".join(re.escape(p) for p in sorted(words.factors.phrases, key=len, reverse=True))
    return re.compile(rf"\b(?:(?P<phrase>{phrases})|(?P<verb>(?:{stems})\w{{1,5}}))\b")


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))})\b")


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


def _by_qualifier(groups: dict[str, tuple[str, ...]], endings: Iterable[str]) -> PhraseTable[Qualifier]:
    table: PhraseTable[Qualifier] = PhraseTable()
    for key, phrases in groups.items():
        _add(table, phrases, Qualifier(key), endings)
    return table


def _joined(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(form for phrase in phrases for form in spell(phrase))
