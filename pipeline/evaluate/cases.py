"""The errors of an evaluation as a reader wants to see them: each in its sentence, with what the extractor did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from pipeline.evaluate.agreement import EMPTY
from pipeline.evaluate.gold import GoldArticle
from pipeline.evaluate.report import Failure, Report
from pipeline.evaluate.run import Run
from pipeline.language import load_pack
from pipeline.schema import Article, Fact
from pipeline.segment import segment
from pipeline.text import plain

GOLD = "gold"
_SLOTS = ("quantity", "subject", "object", "period", "place", "source", "previous", "converted")
Range = tuple[int, int]
_Caused = tuple[str, Failure]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks: "gold" for gold's quote, the slot's name for what was extracted."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is wrong: the slot, or "fact" where there is no pair, with both contents."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Case:
    """One gold fact, prediction or mention with all that is wrong about it. `excerpts` are the sentences that hold
    it, in pieces; `reasons` is what led the extractor there, or what it rejected."""

    causes: tuple[str, ...]
    article_id: str
    type: str
    figure: str
    excerpts: tuple[tuple[Piece, ...], ...]
    rows: tuple[Row, ...]
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    start: int = field(default=0, repr=False)


def cases(report: Report, gold: Mapping[str, GoldArticle], run: Run) -> list[Case]:
    """The errors that `report` lists, one case a statement, by article and place in its text.

    Sentences are shown where the run's articles are there with their texts, else the quotes alone.
    """
    grouped: dict[tuple[object, ...], list[_Caused]] = {}
    for cause, failures in report.errors.items():
        for at, failure in enumerate(failures):
            anonymous = (cause, at) if failure.gold_at is None and failure.fact_id is None else ()
            key = (failure.article_id, failure.gold_at, failure.fact_id, *anonymous)
            grouped.setdefault(key, []).append((cause, failure))
    facts = {(fact.article_id, fact.id): fact for found in run.facts.values() for fact in found}
    made = [
        _case(group, gold[group[0][1].article_id], facts.get((group[0][1].article_id, group[0][1].fact_id or "")), run)
        for group in grouped.values()
    ]
    return sorted(made, key=lambda case: (case.article_id, case.start, case.type, case.causes))


def _case(group: Sequence[_Caused], gold: GoldArticle, fact: Fact | None, run: Run) -> Case:
    _, first = group[0]
    mentions = run.mentions.get(gold.id) if run.mentions else None
    text = mentions.text if mentions else ""
    quoted = _quoted(first, gold, text)
    marks = [*([(GOLD, quoted)] if quoted else []), *_fact_marks(fact)]
    places = [quoted] if quoted else []
    places += [(span.start, span.end) for span in fact.evidence] if fact else []
    reasons = run.reasons.get((gold.id, fact.id), ()) if fact else tuple(_rejected(run, gold.id, quoted))
    return Case(
        causes=tuple(cause for cause, _ in group),
        article_id=gold.id,
        type=first.type,
        figure=first.figure,
        excerpts=_excerpts(text, gold.lang, places, marks) or ((Piece(first.surface or first.quote),),),
        rows=tuple(_row(cause, failure) for cause, failure in group),
        confidence=fact.confidence if fact else None,
        reasons=reasons,
        start=min((start for start, _ in places), default=0),
    )


def _row(cause: str, failure: Failure) -> Row:
    side, _, what = cause.partition(" ")
    if failure.surface:
        sides = (failure.quote, EMPTY) if side == "missed" else (EMPTY, failure.quote)
        return Row(what, *sides)
    if what:
        return Row(what, failure.expected, failure.found)
    # Of a fact without a pair the other side can only say under which types it has the very figure.
    expected, found = failure.expected, failure.found
    if side == "missed":
        found = EMPTY if found == EMPTY else f"this figure as {found}"
    else:
        expected = EMPTY if expected == EMPTY else f"this figure as {expected}"
    return Row("fact", expected, found)


def _quoted(failure: Failure, gold: GoldArticle, text: str) -> Range | None:
    """Where the words of gold, or of a mention, stand in the text; None for an extra fact."""
    words = failure.surface
    if failure.gold_at is not None:
        fact = gold.facts[failure.gold_at]
        if fact.span and fact.span.end <= len(text):
            return fact.span.start, fact.span.end
        words = fact.quote
    pattern = r"\s+".join(re.escape(word) for word in plain(words).split())
    match = re.search(pattern, plain(text), re.IGNORECASE) if pattern else None
    return match.span() if match else None


def _fact_marks(fact: Fact | None) -> Iterator[tuple[str, Range]]:
    for slot in _SLOTS if fact else ():
        span = getattr(getattr(fact, slot), "span", None)
        if span is not None:
            yield slot, (span.start, span.end)


def _rejected(run: Run, article_id: str, quoted: Range | None) -> Iterator[str]:
    """The rejected candidates that lie in or about the quote."""
    for each in run.rejections.get(article_id, ()) if quoted else ():
        if quoted and each.span.start < quoted[1] and quoted[0] < each.span.end:
            detail = f": {each.detail}" if each.detail else ""
            yield f"rejected {each.type or ''} ({each.reason}{detail})".replace("  ", " ")


def _excerpts(
    text: str, lang: str, places: Sequence[Range], marks: Sequence[tuple[str, Range]]
) -> tuple[tuple[Piece, ...], ...]:
    """The sentences that hold `places`, one after another; sentences that follow each other are one excerpt."""
    inside = [
        (start, end) for start, end in _sentences(text, lang) if any(a < end and start < b for a, b in places)
    ]
    joined: list[Range] = []
    for start, end in inside:
        follows = bool(joined) and not text[joined[-1][1] : start].strip()
        joined.append((joined.pop()[0] if follows else start, end))
    return tuple(tuple(_pieces(text, each, marks)) for each in joined)


def _pieces(text: str, excerpt: Range, marks: Sequence[tuple[str, Range]]) -> Iterator[Piece]:
    start, end = excerpt
    edges = {start, end} | {edge for _, where in marks for edge in where if start < edge < end}
    for a, b in pairwise(sorted(edges)):
        yield Piece(text[a:b], tuple(name for name, (first, last) in marks if first <= a and b <= last))


@lru_cache(maxsize=8)
def _sentences(text: str, lang: str) -> tuple[Range, ...]:
    """The sentences of a text; its lines, where there is no pack for its language."""
    try:
        words = load_pack(lang).segment
    except LookupError:
        return tuple(match.span() for match in re.finditer(r"[^\n]+", text))
    return tuple((each.start, each.end) for each in segment(Article("", text, None, lang), words).sentences)
