"""Cues of the language pack in a document."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, pairwise

from pipeline.language.cue_words import ASIDE, CueTable
from pipeline.language.patterns import SYMBOLS, Phrase
from pipeline.schema import CueMention, Document, Span

_SYMBOL = re.compile(f"[{SYMBOLS}]")
_LEAD = re.compile(r"(\w+) $")
_LEAD_REACH = 12  # characters before a date in which its preposition stands


def detect_cues(
    doc: Document, table: CueTable, asides: Sequence[Span] = (), leads: Collection[str] = ()
) -> tuple[CueMention, ...]:
    """Every cue of `table` in `doc`, by offset, none across sentences. Within a category the longest reading of a
    place stands, among the cues that speak of figures of one sort those of that sort only.

    The phrases of events are also read over what is put in their midst, an adverb or one of `asides`, dates and places
    ("a signé lundi un accord"), of which each may have one of `leads` before it ("lance en mars la production").
    """
    found: dict[tuple[str, str | None], list[tuple[int, int, int, str]]] = {}
    tokens = sorted([*doc.words, *(m.span() for m in _SYMBOL.finditer(doc.lower))])
    edges = [0, *(s.start for s in doc.sentences), len(doc.lower)]
    spans = _asides(doc, asides, leads)
    for low, high in pairwise(edges):
        local = _begin_in(tokens, low, high)
        plain = list(table.index.find(doc.lower, local))
        between = [(a, b) for a, b, phrase in plain if table.cues[phrase.payload].category == ASIDE]
        between = sorted([*_begin_in(spans, low, high), *between])
        for start, end, phrase in chain(plain, _over(doc.lower, local, table, between)):
            if end <= high:
                cue = table.cues[phrase.payload]
                sort = (cue.category, cue.attributes.get("dimensions"))
                found.setdefault(sort, []).append((start, end, phrase.payload, phrase.source))
    mentions = []
    for hits in found.values():
        for start, end, payload, source in _longest(hits):
            cue = table.cues[payload]
            rule = f"{cue.category}:{cue.value}:{source}"
            mentions.append(CueMention(doc.span(start, end), cue.category, cue.value, rule, cue.payload))
    mentions.sort(key=lambda m: (m.span.start, m.span.end, m.category, m.value))
    return tuple(mentions)


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
    lower: str, tokens: list[tuple[int, int]], table: CueTable, asides: list[tuple[int, int]]
) -> Iterator[tuple[int, int, Phrase]]:
    """The phrases of events of one sentence that are found once `asides` are blotted out, with one in their midst."""
    asides = [(a, b) for a, b in asides if tokens and tokens[0][0] < a and b < tokens[-1][0]]
    if not asides:
        return
    first, last = tokens[0][0], tokens[-1][1]
    text = lower[first:last]
    for a, b in asides:
        text = text[: a - first] + " " * (b - a) + text[b - first :]
    kept = [(a - first, b - first) for a, b in tokens if text[a - first] != " "]
    for start, end, phrase in table.events.find(text, kept):
        if any(start + first < a and b < end + first for a, b in asides):
            yield start + first, end + first, phrase


def _begin_in(tokens: list[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """Those of `tokens` that begin in [low, high)."""
    first = bisect_left(tokens, (low,))
    return tokens[first : bisect_left(tokens, (high,), first)]


def _longest(hits: list[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    """Drop hits inside a longer one; hits of the same span with different meanings all stay."""
    kept: list[tuple[int, int, int, str]] = []
    reach, reach_start = -1, -1
    seen: set[tuple[int, int, int]] = set()
    for hit in sorted(hits, key=lambda h: (h[0], -h[1], h[2], h[3])):
        start, end, payload, _ = hit
        inside = end <= reach and (start, end) != (reach_start, reach)
        if inside or (start, end, payload) in seen:
            continue
        seen.add((start, end, payload))
        kept.append(hit)
        if end > reach:
            reach, reach_start = end, start
    return kept
