"""What the scorer learns from: the candidates of annotated articles, and whether they were right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.evaluate.gold import GoldArticle
from pipeline.evaluate.judging import judge
from pipeline.extract import Extractor
from pipeline.ingest import read_articles
from pipeline.schema import ErrorRecord, Extraction


@dataclass(frozen=True, slots=True)
class Sample:
    """One fact that the rules made: its features, and whether it met a gold fact (`core`), with that one's very type
    and subject (`right`), and with its period, modality and polarity (`full`)."""

    article: str
    features: Mapping[str, float]
    core: bool
    right: bool
    full: bool


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of some articles in their order, and how many required gold facts no candidate met (`missed`)."""

    rows: tuple[Sample, ...]
    missed: int


Load = Callable[[str], Extractor]
"""Loads the extractor of a language (ISO 639-1)."""


def rules_alone(lang: str) -> Extractor:
    """The extractor of a language with nothing learned."""
    return Extractor.load(lang, rules_only=True)


def collect(
    articles: Path, gold: Mapping[str, GoldArticle], known: Mapping[str, GoldArticle], load: Load = rules_alone
) -> Samples:
    """Extract the articles ID.md of `articles` that have `gold`, by extractors without a scorer, and hold them against
    it.

    Facts that met an optional gold fact are left out. `known` is all the gold there is. Raises ValueError for an
    article that cannot be read.
    """
    found = {each.article.id: each for each in _extractions(articles, sorted(gold), load)}
    judgement = judge(gold, {key: each.facts for key, each in found.items()}, None, known)
    rows: list[Sample] = []
    missed = 0
    for key, pairing in judgement.pairings.items():
        evidence = found[key].evidence
        for pair in (pair for pair in pairing.pairs if not pair.gold.optional):
            right = pair.slots["type"] and pair.slots["subject"]
            rows.append(Sample(key, evidence[pair.predicted.ref], True, right, pair.full))
        rows += [Sample(key, evidence[each.ref], False, False, False) for each in pairing.extra]
        missed += sum(not each.optional for each in pairing.missed)
    return Samples(tuple(rows), missed)


def _extractions(articles: Path, ids: Sequence[str], load: Load) -> Iterable[Extraction]:
    extractors: dict[str, Extractor] = {}
    for article in read_articles([articles / f"{each}.md" for each in ids]):
        if isinstance(article, ErrorRecord):
            raise ValueError(f"{article.path}: {article.reason}: {article.message}")
        if article.lang not in extractors:
            extractors[article.lang] = load(article.lang)
        yield extractors[article.lang].extract(article)
