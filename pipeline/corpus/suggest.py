"""Which articles to annotate next: those that have no gold and of whose facts the extractor is unsure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.schema import Extraction, Fact, Span

_ASKED = ("encoder:type", "encoder:subject", "encoder:modality")  # probabilities of what became the fact
_PRIOR = 3.0  # facts that the mean of all articles counts as, so that one odd fact does not rank its article first


class Suggestion(BaseModel):
    """An article, or a passage of one, worth annotating. `doubt` (0 to 1) is the share of its facts that is expected to
    be wrong, drawn towards the mean of all; `text` and offsets are those of a passage, None for a whole article."""

    model_config = ConfigDict(frozen=True)

    doubt: float
    article_id: str
    path: str | None
    facts: int
    start: int | None = None
    end: int | None = None
    text: str | None = None


class _Part(NamedTuple):
    extraction: Extraction
    passage: Span | None
    doubts: Sequence[float]


def suggest(extractions: Iterable[Extraction], corpus: Path | None, *, by_passage: bool = False) -> list[Suggestion]:
    """The articles (or the sentences) of `extractions` by how much is to be learned from them, the most first.

    Left out are articles without facts, and those that have gold in `corpus`, known by id or text. What speaks for
    doubt is the confidence of each fact and, where an encoder was asked, how much it holds of type, subject and
    modality. Raises ValueError for gold that cannot be read.
    """
    known = _Known(load_gold(corpus / "gold").values() if corpus and (corpus / "gold").is_dir() else ())
    parts = [part for each in extractions if each not in known for part in _parts(each, by_passage)]
    doubts = [doubt for part in parts for doubt in part.doubts]
    mean = sum(doubts) / len(doubts) if doubts else 0.0
    found = [_suggestion(part, mean) for part in parts]
    return sorted(found, key=lambda each: (-each.doubt, each.article_id, each.start or 0))


def doubt(fact: Fact, extraction: Extraction) -> float:
    """How likely something about a fact is wrong (0 to 1), by all who were asked, each counting the same."""
    evidence = extraction.evidence.get(fact.id, {})
    sure = [fact.confidence, *(evidence[name] for name in _ASKED if name in evidence)]
    return 1.0 - sum(sure) / len(sure)


class _Known:
    """The articles that have gold."""

    def __init__(self, gold: Iterable[GoldArticle]) -> None:
        articles = list(gold)
        self._ids = {each.id for each in articles}
        self._texts = {each.sha256 for each in articles}

    def __contains__(self, extraction: Extraction) -> bool:
        article = extraction.article
        return article.id in self._ids or hashlib.sha256(article.text.encode()).hexdigest() in self._texts


def _parts(extraction: Extraction, by_passage: bool) -> Iterator[_Part]:
    if not by_passage:
        if extraction.facts:
            yield _Part(extraction, None, [doubt(fact, extraction) for fact in extraction.facts])
        return
    passages: dict[Span, list[float]] = {}
    for fact in extraction.facts:
        passages.setdefault(fact.evidence[0], []).append(doubt(fact, extraction))
    for passage, doubts in passages.items():
        yield _Part(extraction, passage, doubts)


def _suggestion(part: _Part, mean: float) -> Suggestion:
    article, passage = part.extraction.article, part.passage
    return Suggestion(
        doubt=round((sum(part.doubts) + _PRIOR * mean) / (len(part.doubts) + _PRIOR), 4),
        article_id=article.id,
        path=article.path,
        facts=len(part.doubts),
        start=passage.start if passage else None,
        end=passage.end if passage else None,
        text=passage.text if passage else None,
    )
