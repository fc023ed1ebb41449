"""The two articles that the project began with: every fact of their gold, and hardly anything beside it."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from pipeline.emit import article_record
from pipeline.evaluate.agreement import FULL_SLOTS
from pipeline.evaluate.gold import ArticleMentions, GoldArticle, load_gold
from pipeline.evaluate.report import Report
from pipeline.evaluate.scores import evaluate
from pipeline.extract import Extractor
from pipeline.ingest import read_articles
from pipeline.schema import Article, Extraction, Span

SEEDS = Path(os.path.abspath(Path(__file__).parents[1] / ".." / "shared" / "seeds"))
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no seeds in {SEEDS}")


@pytest.fixture(scope="module")
def gold() -> dict[str, GoldArticle]:
    return load_gold(SEEDS / "gold")


@pytest.fixture(scope="module")
def extractions() -> dict[str, Extraction]:
    extractor = Extractor.load("fr")
    articles = [a for a in read_articles([SEEDS]) if isinstance(a, Article)]
    return {article.id: extractor.extract(article) for article in articles}


@pytest.fixture(scope="module")
def report(gold: dict[str, GoldArticle], extractions: dict[str, Extraction]) -> Report:
    mentions = {
        name: ArticleMentions.model_validate(article_record(found).model_dump())
        for name, found in extractions.items()
    }
    return evaluate(gold, {name: found.facts for name, found in extractions.items()}, mentions)


def test_all_articles_are_read_with_their_dates(
    gold: dict[str, GoldArticle], extractions: dict[str, Extraction]
) -> None:
    read = {name: e.article.published and e.article.published.value for name, e in extractions.items()}
    assert read == {name: article.published for name, article in gold.items()}


def test_every_fact_of_the_gold_is_found_in_full(report: Report) -> None:
    causes = ("missed", *(f"wrong {slot}" for slot in FULL_SLOTS))
    assert {cause: report.errors[cause] for cause in causes if cause in report.errors} == {}
    assert report.facts.full.fn == 0


def test_at_most_one_fact_beside_the_gold(report: Report) -> None:
    extra = report.errors.get("extra", [])
    counts = Counter(failure.article_id for failure in extra)
    assert not counts or max(counts.values()) <= 1, extra


def test_all_dates_are_found(report: Report) -> None:
    assert report.dates is not None
    assert report.errors.get("missed date", []) == []


def test_all_entities_are_found(report: Report) -> None:
    assert report.entities is not None
    assert report.errors.get("missed entity", []) == []


def test_every_span_is_a_slice_of_its_text(extractions: dict[str, Extraction]) -> None:
    for found in extractions.values():
        assert found.facts
        for span in _spans(found):
            assert found.article.text[span.start : span.end] == span.text


def _spans(found: Extraction) -> list[Span]:
    slots = ("subject", "object", "quantity", "converted", "previous", "period", "place", "source")
    spans = [span for fact in found.facts for span in fact.evidence]
    filled = [getattr(fact, slot) for fact in found.facts for slot in slots]
    spans += [value.span for value in filled if value is not None and value.span is not None]
    m = found.mentions
    for mentions in (m.dates, m.numbers, m.quantities, m.entities, m.cues):
        spans += [mention.span for mention in mentions]
    return spans
