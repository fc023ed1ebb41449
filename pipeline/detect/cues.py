"""Cues of the language pack in a document."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, pairwise

from pipeline.language.cue_words import ASIDE, CueTable
from pipeline.language.patterns import SYMBOLS, Phrase
from pipeline.schema import CueMention, Document, Span
from pipeline.text import Pieces

_SYMBOL = re.compile(f"[{SYMBOLS}]")
_LEAD = re.compile(r"(\w+) $")
_LEAD_REACH = 12  # characters before a date in which its preposition stands

# Start, end (negative, so that of hits that begin together the longest sorts first), number of the cue, pattern.
_Hit = tuple[int, int, int, str]


def detect_cues(
    doc: Document, table: CueTable, asides: Sequence[Span] = (), leads: Collection[str] = ()
) -> tuple[CueMention, ...]:
    """Every cue of `table` in `doc`, by offset, none across sentences. Within a category the longest reading of a
    place stands, among the cues that speak of figures of one sort those of that sort only.

    The phrases of events are also read over what is put in their midst, an adverb or one of `asides`, dates and places
    ("a signé lundi un accord"), of which each may have one of `leads` before it ("lance en mars la production").
    """
    found: dict[tuple[str, str | None], list[_Hit]] = {}
    tokens, cues = _tokens(doc), table.cues
    edges = [0, *(s.start for s in doc.sentences), len(doc.lower)]
    borders = [bisect_left(tokens.starts, edge) for edge in edges]
    spans = _asides(doc, asides, leads)
    for (first, stop), (low, high) in zip(pairwise(borders), pairwise(edges), strict=True):
        plain = list(table.index.find(doc.lower, tokens, first, stop))
        between = [(a, b) for a, b, phrase in plain if cues[phrase.payload].category == ASIDE]
        between = sorted([*spans[bisect_left(spans, (low,)) : bisect_left(spans, (high,))], *between])
        for start, end, phrase in chain(plain, _over(doc.lower, tokens, (first, stop), table, between)):
            if end <= high:
                hits = found.setdefault(table.sorts[phrase.payload], [])
                hits.append((start, -end, phrase.payload, phrase.source))
    kept = [hit for hits in found.values() for hit in _longest(hits)]
    kept.sort(key=lambda hit: (hit[0], -hit[1], table.ranks[hit[2]]))
    return tuple([_mention(doc, hit, table) for hit in kept])


def _mention(doc: Document, hit: _Hit, table: CueTable) -> CueMention:
    start, end, number, source = hit
    cue = table.cues[number]
    return CueMention(doc.span(start, -end), cue.category, cue.value, table.rules[number, source], cue.payload)


def _tokens(doc: Document) -> Pieces:
    """The words of `doc` and the symbols between them."""
    tokens, done = Pieces([], [], []), 0
    ends = [end for _, end in doc.words]
    for symbol in _SYMBOL.finditer(doc.lower):
        reached = bisect_left(doc.word_starts, symbol.start(), done)
        tokens.texts.extend((*doc.lower_words[done:reached], symbol.group()))
        tokens.starts.extend((*doc.word_starts[done:reached], symbol.start()))
        tokens.ends.extend((*ends[done:reached], symbol.end()))
        done = reached
    tokens.texts.extend(doc.lower_words[done:])
    tokens.starts.extend(doc.word_starts[done:])
    tokens.ends.extend(ends[done:])
    return tokens


def _asides(doc: Document, spans: Sequence[Span], leads: Collection[str]) -> list[tuple[int, int]]:
    """The offsets of `spans` with the preposition before each, and with the commas that set it apart."""
    found = []
    for span in spans:
        start, end = span.start, span.end
        lead = _LEAD.search(doc.lower, max(start - _LEAD_REACH, 0), start)
        if lead and lead.group(1) in leads:
            start = lead.start()
        if doc.lower[start - 2 : start] == ", " and doc.lower[end : end + 1] == ",":
            start, end = start - 2, end + 1
        found.append((start, end))
    return found


def _over(
    lower: str, tokens: Pieces, sentence: tuple[int, int], table: CueTable, asides: list[tuple[int, int]]
) -> Iterator[tuple[int, int, Phrase]]:
    """The phrases of events of one sentence (numbers of its first token and of that behind its last) that are found
    once `asides` are blotted out, with one in their midst."""
    first, stop = sentence
    if first == stop or not asides:
        return
    begin, last, end = tokens.starts[first], tokens.starts[stop - 1], tokens.ends[stop - 1]
    asides = [(a, b) for a, b in asides if begin < a and b < last]
    if not asides:
        return
    text = lower[begin:end]
    for a, b in asides:
        text = text[: a - begin] + " " * (b - a) + text[b - begin :]
    kept = [at for at in range(first, stop) if text[tokens.starts[at] - begin] != " "]
    left = Pieces(
        [tokens.texts[at] for at in kept],
        [tokens.starts[at] - begin for at in kept],
        [tokens.ends[at] - begin for at in kept],
    )
    for start, till, phrase in table.events.find(text, left, 0, len(kept)):
        if any(start + begin < a and b < till + begin for a, b in asides):
            yield start + begin, till + begin, phrase


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """Drop hits inside a longer one; hits of the same span with different meanings all stay."""
    if len(hits) == 1:
        return hits
    kept: list[_Hit] = []
    reach, reach_start = -1, -1
    last: tuple[int, int, int] | None = None  # of a cue that several of its patterns find, the first stands
    for hit in sorted(hits):
        start, end, payload = hit[0], -hit[1], hit[2]
        inside = end <= reach and (start, end) != (reach_start, reach)
        if inside or (start, end, payload) == last:
            continue
        last = start, end, payload
        kept.append(hit)
        if end > reach:
            reach, reach_start = end, start
    return kept
