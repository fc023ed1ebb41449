"""The corpus itself: nothing in it that lint complains of, gold as the annotations say, texts as the format says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.corpus import build_corpus, lint_corpus, load_splits
from pipeline.ingest import available_packs, read_articles
from pipeline.schema import Article

CORPUS = Path(__file__).parents[1] / "corpus"
PATHS = sorted((CORPUS / "articles").glob("*.md"))
# What these batches hold has been read while rules were written.
DEVELOPED_ON = ("fr-a", "fr-b", "fr-c", "fr-d", "fr-e")


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {a.id: a for a in read_articles([CORPUS / "articles"]) if isinstance(a, Article)}


def test_lint_finds_nothing_wrong() -> None:
    """Splits, their digests and near-duplicates included."""
    assert [str(problem) for problem in lint_corpus(CORPUS) if not problem.warning] == []


def test_gold_is_what_the_annotations_say() -> None:
    done = build_corpus(CORPUS, check=True)
    assert (done.written, done.stale, [str(problem) for problem in done.problems]) == ((), (), [])


def test_what_was_developed_on_is_not_held_out() -> None:
    assert [name for name in load_splits(CORPUS).splits["test"] if name.startswith(DEVELOPED_ON)] == []


def _metadata(path: Path) -> tuple[dict[str, str], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.load(head, yaml.BaseLoader), body


def test_all_articles_in_a_language_with_a_pack_are_read(articles: dict[str, Article]) -> None:
    assert sorted(articles) == [path.stem for path in PATHS if _metadata(path)[0]["lang"] in available_packs()]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_text_is_title_blank_line_body(articles: dict[str, Article], path: Path) -> None:
    metadata, body = _metadata(path)
    if metadata["lang"] not in available_packs():
        pytest.skip(f"no pack for {metadata['lang']}")
    article = articles[path.stem]
    assert article.text == f"{article.title}\n\n{body.strip()}"
    # Ingest tidies the spaces of a title, those without a break included.
    assert article.title == " ".join(metadata["title"].split())
    assert article.lang == metadata["lang"]
    assert article.published is not None
    assert article.published.value == metadata["published"]
