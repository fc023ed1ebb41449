"""The corpus itself: gold that fits its articles, splits that name each article once, texts as the format says."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from pipeline.evaluate.lint import lint_corpus
from pipeline.ingest import read_articles
from pipeline.schema import Article

CORPUS = Path(__file__).parents[1] / "corpus"
PATHS = sorted((CORPUS / "articles").glob("*.md"))
SPLITS: dict[str, list[str]] = tomllib.loads((CORPUS / "splits.toml").read_text(encoding="utf-8"))["splits"]


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {a.id: a for a in read_articles([CORPUS / "articles"]) if isinstance(a, Article)}


def test_gold_fits_articles_and_contract() -> None:
    assert [str(problem) for problem in lint_corpus(CORPUS)] == []


def test_every_article_is_in_one_split() -> None:
    named = Counter(name for names in SPLITS.values() for name in names)
    assert {name: count for name, count in named.items() if count > 1} == {}
    assert set(named) == {path.stem for path in PATHS}


def test_splits_are_parted_by_batch() -> None:
    assert set(SPLITS) == {"dev", "test"}
    batches = {split: {name[:4] for name in names} for split, names in SPLITS.items()}
    assert not batches["dev"] & batches["test"]


def test_all_articles_are_read(articles: dict[str, Article]) -> None:
    assert sorted(articles) == [path.stem for path in PATHS]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_text_is_title_blank_line_body(articles: dict[str, Article], path: Path) -> None:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    metadata = yaml.safe_load(head)
    article = articles[path.stem]
    assert article.text == f"{article.title}\n\n{body.strip()}"
    # Ingest tidies the spaces of a title, those without a break included.
    assert article.title == " ".join(metadata["title"].split())
    assert article.lang == metadata["lang"]
    assert article.published is not None
    assert article.published.value == str(metadata["published"])
