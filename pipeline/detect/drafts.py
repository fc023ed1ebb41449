"""A quantity in the making, and what stands around it: qualifiers before and behind, rates."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.detect.phrases import PhraseTable, Tokens
from pipeline.detect.quantity_tables import Tables
from pipeline.schema import Document, NumberMention, Qualifier, QuantityMention

_STRENGTH = {
    Qualifier.EXACT: 0,
    Qualifier.ABOUT: 1,
    Qualifier.NEARLY: 1,
    Qualifier.MORE_THAN: 2,
    Qualifier.AT_LEAST: 2,
    Qualifier.LESS_THAN: 2,
    Qualifier.AT_MOST: 2,
    Qualifier.BETWEEN: 3,
}
_CHAIN = 3
_LOOKBACK = 9
_PASSED = 2


@dataclass(slots=True)
class Draft:
    """A figure with its unit. `start` and `end` bound the mention, `tail` ends all that was read behind
    it.
    """

    number: NumberMention
    figure_start: int
    figure_end: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    noun: str
    start: int
    end: int
    tail: int
    qualifier: Qualifier = Qualifier.EXACT
    per: str | None = None
    converted: Draft | None = None
    list_id: int | None = None
    prefixed: bool = False

    def finish(self, doc: Document) -> QuantityMention:
        """The mention, frozen."""
        head = doc.plain[self.figure_start]
        # a figure in digits that starts with anything else starts with its sign ("+", "moins")
        signed = head in "+-–" or (self.number.digits and head.isalpha())
        return QuantityMention(
            doc.span(self.start, self.end),
            doc.span(self.figure_start, self.figure_end),
            self.value,
            self.low,
            self.high,
            self.unit,
            self.qualifier,
            self.per,
            self.noun,
            signed,
            self.converted.finish(doc) if self.converted else None,
            self.list_id,
        )


def stronger(first: Qualifier, second: Qualifier) -> Qualifier:
    """The one that wins where two meet: a range over a bound, a bound over a rounding (contract §3)."""
    return second if _STRENGTH[second] > _STRENGTH[first] else first


def qualify(draft: Draft, tokens: Tokens, tables: Tables) -> None:
    """Sets the qualifier, start and end of `draft` from the words around it."""
    qualifier = draft.number.qualifier or Qualifier.EXACT
    if draft.low is not None:
        qualifier = Qualifier.BETWEEN
        draft.start = _range_start(draft, tokens, tables)
    found, start = qualifier_before(tokens, draft.start, tables, draft.unit)
    draft.qualifier, draft.start = stronger(qualifier, found) if found else qualifier, start
    first = tokens.after(draft.tail)
    match = tables.qualifiers_after.at(tokens, first)
    if match and tokens.starts[first] - draft.tail <= 1 and not tokens.text(match[1]).isdecimal():
        draft.qualifier = stronger(draft.qualifier, match[0])
        draft.end = draft.tail = tokens.ends[match[1] - 1]


def qualifier_before(
    tokens: Tokens, start: int, tables: Tables, unit: str | None = None
) -> tuple[Qualifier | None, int]:
    """The qualifier that ends before offset `start`, None where there is none, and its own offset.

    `unit` admits those that bound only a price ("dès 20 000 euros"), a measure ("bridé à 180 km/h") or a count
    ("limité à 500 exemplaires").
    """
    special = None if unit is None else _of_unit(unit, tables)
    stop = tokens.before(start)
    fillers = tables.words.fillers
    kept = [i for i in range(max(0, stop - _LOOKBACK), stop) if tokens.texts[i] not in fillers]
    texts = [tokens.texts[i] for i in kept]
    found: Qualifier | None = None
    stop = len(kept)
    for _ in range(_CHAIN):
        match = tables.qualifiers.ending(texts, stop)
        if match is None and special is not None:
            match = special.ending(texts, stop)
        if match is None:
            break
        value, stop = match
        found = value if found is None else stronger(found, value)
        start = tokens.starts[kept[stop]]
    return found, start


def _of_unit(unit: str, tables: Tables) -> PhraseTable[Qualifier]:
    """The qualifiers that only figures of such a unit have."""
    if tables.units.is_currency(unit):
        return tables.price_qualifiers
    return tables.count_qualifiers if tables.units.dimension(unit) == unit else tables.measure_qualifiers


def word_before(tokens: Tokens, offset: int) -> int:
    """Index of the word before `offset`, over an apostrophe; -1 where there is none."""
    index = tokens.before(offset) - 1
    return index - 1 if tokens.text(index) == "'" else index


def _range_start(draft: Draft, tokens: Tokens, tables: Tables) -> int:
    """The offset of the word that opens a range ("entre", "de"), or of the figure where there is none."""
    index = word_before(tokens, draft.start)
    opens = tokens.text(index) in tables.words.between or tokens.text(index) in tables.words.range_from
    return tokens.starts[index] if opens else draft.start


def rate(draft: Draft, tokens: Tokens, tables: Tables) -> None:
    """Sets `per` from the words behind the unit ("par an"), over up to two words in between."""
    if tables.units.dimension(draft.unit) in tables.words.rate_free:
        return
    first = tokens.after(draft.tail)
    for index in range(first, first + _PASSED + 1):
        match = tables.rates.at(tokens, index)
        if match:
            period, stop = match
            # the pack's key for phrases that only look like a rate ("l'an dernier") is no duration
            if period.startswith("P"):
                draft.per, draft.tail = period, tokens.ends[stop - 1]
            return
        text = tokens.text(index)
        if len(text) < 2 or not text.isalpha() or text in tables.words.rate_stops:
            return
