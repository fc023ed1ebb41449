"""A run to be judged: the facts, the articles with their mentions, and why each fact was made or rejected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.batch import ARTICLES, EXPLANATIONS, FACTS, REJECTIONS, extract_all
from pipeline.emit import ExplanationRecord, article_record, explanation_records
from pipeline.evaluate.gold import ArticleMentions, load_facts, load_lines, load_mentions
from pipeline.ingest import read_articles
from pipeline.schema import ErrorRecord, Fact, Rejection

FactKey = tuple[str, str]
"""Article id and fact id."""


@dataclass(frozen=True, slots=True)
class Run:
    """Facts and articles by article id; `mentions` is None where no articles were written beside the facts.
    `reasons` holds what led to a fact, `rejections` the candidates of an article that became no fact, where they were
    written down, `errors` the articles that could not be read or processed: they have no facts."""

    facts: Mapping[str, Sequence[Fact]]
    mentions: Mapping[str, ArticleMentions] | None = None
    reasons: Mapping[FactKey, tuple[str, ...]] = field(default_factory=dict)
    rejections: Mapping[str, Sequence[Rejection]] = field(default_factory=dict)
    errors: tuple[ErrorRecord, ...] = ()


def load_run(facts_file: Path, articles_file: Path | None = None) -> Run:
    """The run that wrote `facts_file`; its articles, explanations and rejections are read beside it, where they are.

    Raises ValueError, naming file, line and key, for what is not valid, and FileNotFoundError.
    """
    beside = facts_file.with_name(ARTICLES)
    if articles_file is None and beside.is_file():
        articles_file = beside
    explanations, rejections = (facts_file.with_name(name) for name in (EXPLANATIONS, REJECTIONS))
    rejected: dict[str, list[Rejection]] = defaultdict(list)
    for each in load_lines(rejections, Rejection) if rejections.is_file() else ():
        rejected[each.article_id].append(each)
    return Run(
        facts=load_facts(facts_file),
        mentions=load_mentions(articles_file) if articles_file else None,
        reasons=_reasons(load_lines(explanations, ExplanationRecord)) if explanations.is_file() else {},
        rejections=rejected,
    )


def load_folder(folder: Path) -> Run:
    """The run that wrote its files to `folder`. Raises as `load_run`."""
    return load_run(folder / FACTS)


def extract_run(folder: Path, ids: Iterable[str]) -> Run:
    """Extract the articles ID.md of `folder` here and now, and no others; what fails is among the run's errors."""
    facts: dict[str, Sequence[Fact]] = {}
    mentions: dict[str, ArticleMentions] = {}
    reasons: dict[FactKey, tuple[str, ...]] = {}
    rejections: dict[str, Sequence[Rejection]] = {}
    errors: list[ErrorRecord] = []
    for result in extract_all(read_articles([folder / f"{each}.md" for each in sorted(ids)])):
        if isinstance(result, ErrorRecord):
            errors.append(result)
            continue
        key = result.article.id
        facts[key], rejections[key] = result.facts, result.rejections
        mentions[key] = ArticleMentions.model_validate(article_record(result).model_dump())
        reasons |= _reasons(explanation_records(result))
    return Run(facts, mentions, reasons, rejections, tuple(errors))


def _reasons(records: Iterable[ExplanationRecord]) -> dict[FactKey, tuple[str, ...]]:
    return {(record.article_id, record.fact_id): record.trace for record in records}
