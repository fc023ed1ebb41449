"""What to annotate next: articles without gold, the least sure first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_corpus import BODY, put_article
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.corpus import suggest
from pipeline.extract import extract
from pipeline.schema import Extraction

CORPUS = Path(__file__).parents[1] / "corpus"
SENTENCE = "Renault a livré 21 400 exemplaires en septembre."


def sure(confidences: list[float], name: str) -> Extraction:
    """An extraction of some facts with these confidences."""
    found = extract(SENTENCE, published="2024-10", article_id=name)
    facts = tuple(found.facts[0].model_copy(update={"confidence": each}) for each in confidences)
    return replace(found, facts=facts, evidence={})


@pytest.mark.parametrize(
    ("articles", "order"),
    [
        ({"sure": [0.95, 0.9], "unsure": [0.5, 0.6]}, ["unsure", "sure"]),
        # One odd fact is weaker evidence than many.
        ({"one": [0.4], "many": [0.45] * 12, "sure": [0.95] * 12}, ["many", "one", "sure"]),
        ({"none": [], "some": [0.9]}, ["some"]),
        ({}, []),
    ],
)
def test_the_least_sure_comes_first(articles: dict[str, list[float]], order: list[str]) -> None:
    found = suggest([sure(each, name) for name, each in articles.items()], None)
    assert [each.article_id for each in found] == order


def test_what_the_encoder_doubts_counts_too() -> None:
    plain = sure([0.8], "plain")
    doubted = replace(sure([0.8], "doubted"), evidence={plain.facts[0].id: {"encoder:subject": 0.1}})
    doubted = replace(doubted, evidence={doubted.facts[0].id: {"encoder:subject": 0.1}})
    assert [each.article_id for each in suggest([plain, doubted], None)] == ["doubted", "plain"]


def test_passages_are_sentences_at_their_offsets() -> None:
    text = f"{SENTENCE} Peugeot vise 30 000 ventes en 2025."
    found = suggest([extract(text, published="2024-10")], None, by_passage=True)
    assert sorted(each.text or "" for each in found) == [text[len(SENTENCE) + 1 :], SENTENCE]
    assert all(text[each.start : each.end] == each.text for each in found)


def test_annotated_articles_are_left_out(tmp_path: Path) -> None:
    annotated = CORPUS / "articles" / "fr-a01-psa-resultats-2013.md"
    put_article(tmp_path, "fr-x01-byd", body=BODY)
    (tmp_path / "articles" / "copy.md").write_bytes(annotated.read_bytes())  # known by its text
    done = CliRunner().invoke(app, ["corpus", "suggest", str(tmp_path), "--corpus", str(CORPUS), "--json"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["article_id"] for row in rows] == ["fr-x01-byd"]
    assert "1 ranked of 2 articles, 0 not read" in done.stderr


def test_the_table_has_a_line_for_each(tmp_path: Path) -> None:
    put_article(tmp_path, "fr-x01-byd", body=BODY)
    done = CliRunner().invoke(app, ["corpus", "suggest", str(tmp_path), "--passages", "--limit", "1"])
    assert len(done.stdout.splitlines()) == 1
    assert "fr-x01-byd:" in done.stdout
