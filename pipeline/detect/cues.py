"""Cues of the language pack in a document."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from pipeline.language.cue_words import Cue, CueTable
from pipeline.language.patterns import SYMBOLS
from pipeline.schema import CueMention, Document
from pipeline.text import Pieces

_SYMBOL = re.compile(f"[{SYMBOLS}]")

# Start, end (negative, so that of hits that begin together the longest sorts first), number of the cue, pattern.
_Hit = tuple[int, int, int, str]


def detect_cues(doc: Document, table: CueTable) -> tuple[CueMention, ...]:
    """Every cue of `table` in `doc`, by offset, none across sentences. Within a category the longest reading of a
    place stands."""
    found: dict[str, list[_Hit]] = {}
    tokens, cues = _tokens(doc), table.cues
    edges = [0, *(s.start for s in doc.sentences), len(doc.lower)]
    borders = [bisect_left(tokens.starts, edge) for edge in edges]
    for (first, stop), high in zip(pairwise(borders), edges[1:], strict=True):
        for start, end, phrase in table.index.find(doc.lower, tokens, first, stop):
            if end <= high:
                category = cues[phrase.payload].category
                found.setdefault(category, []).append((start, -end, phrase.payload, phrase.source))
    kept = [(hit, cues[hit[2]]) for hits in found.values() for hit in _longest(hits)]
    kept.sort(key=lambda k: (k[0][0], -k[0][1], k[1].category, k[1].value))
    return tuple([_mention(doc, hit, cue) for hit, cue in kept])


def _mention(doc: Document, hit: _Hit, cue: Cue) -> CueMention:
    start, end, _, source = hit
    rule = f"{cue.category}:{cue.value}:{source}"
    return CueMention(doc.span(start, -end), cue.category, cue.value, rule, cue.payload)


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


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """Drop hits inside a longer one; hits of the same span with different meanings all stay."""
    kept: list[_Hit] = []
    reach, reach_start = -1, -1
    seen: set[tuple[int, int, int]] = set()
    for hit in sorted(hits):
        start, end, payload = hit[0], -hit[1], hit[2]
        inside = end <= reach and (start, end) != (reach_start, reach)
        if inside or (start, end, payload) in seen:
            continue
        seen.add((start, end, payload))
        kept.append(hit)
        if end > reach:
            reach, reach_start = end, start
    return kept
