"""Ranks by an ordinal ("troisième place"), counts by one ("le 500 000e véhicule"), and factors by a verb ("a doublé")
or phrase ("le double")."""

from __future__ import annotations

from decimal import Decimal

from pipeline.detect.drafts import qualifier_before
from pipeline.detect.phrases import Tokens
from pipeline.detect.quantity_tables import Tables
from pipeline.schema import Document, Qualifier, QuantityMention

_SCOPE_REACH = 4
_ORDINAL_REACH = 4  # words before a superlative in which an ordinal gives the rank ("la deuxième voiture la plus …")
_GROUP = 3  # digits of a group
_STOP = "."  # behind digits, where a language writes ordinals so
_CLITICS = 3  # words between the one that opens an infinitive and its verb, the verb among them


def ranks(doc: Document, tokens: Tokens, at: list[int], tables: Tables) -> list[QuantityMention]:
    """Ranks that an ordinal gives: before a noun of rank, or before a noun with its scope behind it.

    `at` are the indices of tokens that may be ordinals or their suffixes ("3", "e").
    """
    words = tables.words.ranks
    found: list[QuantityMention] = []
    for index in _within_sentences(doc, tokens, at):
        start, value = tokens.starts[index], words.ordinals.get(tokens.texts[index])
        if value is None and index and tokens.ends[index - 1] == start and tokens.texts[index - 1].isdecimal():
            start, value = tokens.starts[index - 1], int(tokens.texts[index - 1])
        if value is None or value > words.limit or (index and tokens.texts[index - 1] in tables.words.every):
            continue
        noun = tokens.text(index + 1)
        behind = tokens.texts[index + 2 : index + 2 + _SCOPE_REACH]
        if index and tokens.ends[index - 1] < start and tokens.texts[index - 1] in words.verbs:
            span = doc.span(start, tokens.ends[index])
            found.append(QuantityMention(span, span, Decimal(value), None, None, "rank", noun=span.text.lower()))
        elif noun in words.nouns or (noun in words.scoped and not words.scopes.isdisjoint(behind)):
            if _is_turn(tokens, index + 2, tables):
                continue
            span, figure = doc.span(start, tokens.ends[index + 1]), doc.span(start, tokens.ends[index])
            found.append(QuantityMention(span, figure, Decimal(value), None, None, "rank", noun=noun))
    return found


def shares(doc: Document, tokens: Tokens, at: list[int], tables: Tables) -> list[QuantityMention]:
    """Shares that an ordinal gives behind a word for every one ("jedes vierte Auto"), in per cent.

    `at` are the indices of tokens that may be ordinals.
    """
    words = tables.words
    found: list[QuantityMention] = []
    for index in at if words.every else ():
        value = words.ranks.ordinals.get(tokens.texts[index], 0)
        if value > 1 and tokens.text(index - 1) in words.every:
            figure = doc.span(tokens.starts[index - 1], tokens.ends[index])
            qualifier, start = qualifier_before(tokens, figure.start, tables)
            span = doc.span(start, figure.end)
            bound = qualifier or Qualifier.EXACT
            noun = figure.text.lower()
            found.append(QuantityMention(span, figure, Decimal(100) / value, None, None, "%", bound, noun=noun))
    return found


def milestones(doc: Document, tokens: Tokens, at: list[int], tables: Tables) -> list[QuantityMention]:
    """Counts that an ordinal beyond all ranks gives before what is counted ("le 500 000e véhicule").

    `at` are the indices of tokens that may be ordinals or their suffixes.
    """
    words = tables.words.ranks
    found: list[QuantityMention] = []
    for index in _within_sentences(doc, tokens, at):
        first, value = index, words.ordinals.get(tokens.texts[index])
        if value is None:
            first, value = _grouped(tokens, index)
        unit = tables.after.at(tokens, index + 1) if value and value > words.limit else None
        if unit and unit[0] == tables.units.dimension(unit[0]):
            span = doc.span(tokens.starts[first], tokens.ends[unit[1] - 1])
            figure, noun = doc.span(span.start, tokens.ends[index]), tokens.text(index + 1)
            found.append(QuantityMention(span, figure, Decimal(value or 0), None, None, unit[0], noun=noun))
    return found


def _within_sentences(doc: Document, tokens: Tokens, at: list[int]) -> list[int]:
    """Those of the tokens `at` that are no full stop at the end of a sentence."""
    if not any(tokens.texts[index] == _STOP for index in at):
        return at
    ends = {sentence.end for sentence in doc.sentences}
    return [index for index in at if tokens.texts[index] != _STOP or tokens.ends[index] not in ends]


def _grouped(tokens: Tokens, suffix: int) -> tuple[int, int | None]:
    """The first token and the value of the figure whose groups of digits end where the token `suffix` begins."""
    first = suffix - 1
    if suffix < 1 or tokens.ends[first] != tokens.starts[suffix] or not tokens.texts[first].isdecimal():
        return suffix, None
    digits = tokens.texts[first]
    while first and len(tokens.texts[first]) == _GROUP:
        gap = tokens.starts[first] - tokens.ends[first - 1]
        before = first - 1 if gap == 1 else first - 2  # a space, or a mark that is a token of its own
        text = tokens.text(before) if before >= 0 else ""
        if not text.isdecimal() or len(text) > _GROUP or tokens.starts[first] - tokens.ends[before] != 1:
            break
        first, digits = before, text + digits
    return first, int(digits)


def _is_turn(tokens: Tokens, start: int, tables: Tables) -> bool:
    """Whether an infinitive tells what was done in that turn ("le deuxième groupe français à s'installer")."""
    words = tables.words.ranks
    texts = tokens.texts[start : start + _SCOPE_REACH + _CLITICS]
    for at, text in enumerate(texts[:_SCOPE_REACH]):
        if text in words.deeds:
            return any(t.endswith(words.infinitive_endings) for t in texts[at + 1 : at + 1 + _CLITICS] if len(t) > 2)
    return False


def superlatives(doc: Document, tokens: Tokens, at: list[int], tables: Tables) -> list[QuantityMention]:
    """Ranks that a superlative gives: the first, or that of an ordinal shortly before.

    `at` are the indices of tokens that start one of the pack's superlatives.
    """
    ordinals = tables.words.ranks.ordinals
    found: list[QuantityMention] = []
    for index in at:
        match = tables.superlatives.at(tokens, index)
        if match:
            before = (ordinals.get(t) for t in tokens.texts[max(index - _ORDINAL_REACH, 0) : index])
            value = next((Decimal(n) for n in before if n), match[0])
            span = doc.span(tokens.starts[index], tokens.ends[match[1] - 1])
            found.append(QuantityMention(span, span, value, None, None, "rank", noun=span.text.lower()))
    return found


def factors(doc: Document, tokens: Tokens, at: list[int], tables: Tables) -> list[QuantityMention]:
    """Factors without a figure: "a doublé", "le triple", "moitié moins".

    `at` are the indices of tokens that start a form of such a verb or phrase.
    """
    found: list[QuantityMention] = []
    for index in at:
        change = tables.changes_by.at(tokens, index)
        match = change or tables.factors.at(tokens, index)
        if match:
            value, stop = match
            figure = doc.span(tokens.starts[index], tokens.ends[stop - 1])
            qualifier, start = qualifier_before(tokens, figure.start, tables)
            if qualifier is None and stop > index + 1:
                # "plus du double": the qualifier ends inside the phrase
                qualifier, start = qualifier_before(tokens, tokens.starts[index + 1], tables)
                start = min(start, figure.start)
            span, noun = doc.span(start, figure.end), doc.lower[figure.start : figure.end]
            bound = qualifier or Qualifier.EXACT
            unit = "%" if change else "x"
            found.append(
                QuantityMention(span, figure, value, None, None, unit, bound, noun=noun, signed=change is not None)
            )
    return found
