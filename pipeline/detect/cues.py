"""Cues of the language pack in a document."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from pipeline.language.cue_words import CueTable
from pipeline.language.patterns import SYMBOLS
from pipeline.schema import CueMention, Document

_SYMBOL = re.compile(f"[{SYMBOLS}]")


def detect_cues(doc: Document, table: CueTable) -> tuple[CueMention, ...]:
    """Every cue of `table` in `doc`, by offset, none across sentences. Within a category the longest reading of a
    place stands."""
    found: dict[tuple[str, str | None], list[tuple[int, int, int, str]]] = {}
    tokens = sorted([*doc.words, *(m.span() for m in _SYMBOL.finditer(doc.lower))])
    edges = [0, *(s.start for s in doc.sentences), len(doc.lower)]
    for low, high in pairwise(edges):
        for start, end, phrase in table.index.find(doc.lower, _begin_in(tokens, low, high)):
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
