"""A quantity in the making, and what stands around it: qualifiers before and behind, rates."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.detect.phrases import Token, tokens_after, tokens_before
from pipeline.detect.quantity_tables import Tables
from pipeline.schema import Document, NumberMention, Qualifier, QuantityMention
from pipeline.units import MONEY

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


@dataclass(slots=True)
class Draft:
    """A figure with its unit. `start` and `end` bound the mention, `tail` is the end of all that was read behind."""

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
        signed = doc.plain[self.figure_start] in "+-–" or (
            self.number.digits and not doc.plain[self.figure_start].isdigit() and self.figure_start < self.figure_end
            and doc.plain[self.figure_start].isalpha()
        )
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


def qualify(draft: Draft, doc: Document, tables: Tables) -> None:
    """Sets the qualifier, start and end of `draft` from the words around it."""
    money = tables.units.is_currency(draft.unit)
    qualifier = draft.number.qualifier or Qualifier.EXACT
    if draft.low is not None:
        qualifier = Qualifier.BETWEEN
    found, start = qualifier_before(doc, draft.start, tables, money)
    draft.qualifier, draft.start = stronger(qualifier, found) if found else qualifier, start
    following = tokens_after(doc.lower, draft.tail, 4)
    match = tables.qualifiers_after.at(following)
    if match and following[0].start - draft.tail <= 1:
        value, index = match
        last = following[index - 1].end
        rest = doc.lower[last : last + 2].strip()
        if not rest[:1].isdigit():
            draft.qualifier = stronger(draft.qualifier, value)
            draft.end = draft.tail = last


def qualifier_before(
    doc: Document, start: int, tables: Tables, money: bool = False
) -> tuple[Qualifier | None, int]:
    """The qualifier that ends before offset `start` of `doc`, None where there is none, and its own offset.

    `money` admits those that bound a price only ("dès 20 000 euros").
    """
    tokens = tokens_before(doc.lower, start, _LOOKBACK)
    bounds = _range_opener(tokens, tables)
    if bounds:
        start = bounds.start
        tokens = tokens[:-1]
    kept = [t for t in tokens if t.text not in tables.words.fillers]
    found: Qualifier | None = None
    stop = len(kept)
    for _ in range(_CHAIN):
        match = tables.qualifiers.ending(kept, stop)
        if match is None and money:
            match = tables.price_qualifiers.ending(kept, stop)
        if match is None:
            break
        value, stop = match
        found = value if found is None else stronger(found, value)
        start = kept[stop].start
    return found, start


def _range_opener(tokens: list[Token], tables: Tables) -> Token | None:
    return tokens[-1] if tokens and tokens[-1].text in tables.words.between else None


def rate(draft: Draft, doc: Document, tables: Tables) -> None:
    """Sets `per` from the words behind the unit ("par an"), over up to two words in between."""
    if tables.units.dimension(draft.unit) in tables.words.rate_free:
        return
    tokens = tokens_after(doc.lower, draft.tail, 8)
    for skipped in range(3):
        match = tables.rates.at(tokens, skipped)
        if match:
            period, index = match
            if period in tables.words.rates and period[0] == "P":
                draft.per = period
                draft.tail = tokens[index - 1].end
            return
        if skipped >= len(tokens) or not _may_pass(tokens[skipped], tables):
            return


def _may_pass(token: Token, tables: Tables) -> bool:
    return token.text.isalpha() and len(token.text) > 1 and token.text not in tables.words.rate_stops


def is_money(unit: str, tables: Tables) -> bool:
    return tables.units.dimension(unit) == MONEY
