"""Events without a figure: the table of sentences, and what repeated tellings become."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.extract import Extractor
from pipeline.ontology import load_ontology
from pipeline.schema import Article, Fact, Polarity, Published

TABLE = Path(__file__).parent / "tables" / "events_fr.toml"
CASES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load("fr")


def _events(extractor: Extractor, text: str) -> list[Fact]:
    article = Article("x", text, Published("2024-06-12"))
    types = load_ontology().types
    facts = extractor.extract(article).facts
    return [f for f in facts if types[f.type].group == "events" and f.quantity is None]


def _row(fact: Fact) -> tuple[str, ...]:
    parties = [p.name if p else "" for p in (fact.subject, fact.object)]
    return (fact.type, *parties, fact.period.value if fact.period else "", fact.modality.value)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:50])
def test_sentences(extractor: Extractor, case: dict[str, Any]) -> None:
    found = sorted(_row(f) for f in _events(extractor, case["text"]))
    assert found == sorted(tuple(row) for row in case["facts"])


def test_the_table_is_wide_enough() -> None:
    types = {row[0] for case in CASES for row in case["facts"]}
    events = {n for n, t in load_ontology().types.items() if t.group == "events" and t.figure != "required"}
    assert events == types
    assert sum(not case["facts"] for case in CASES) >= 15


def test_heading_and_text_are_one_event(extractor: Extractor) -> None:
    text = "Audi va fermer son usine de Bruxelles\n\nAudi fermera son usine de Bruxelles en 2025, selon la direction."
    (fact,) = _events(extractor, text)
    assert fact.period is not None
    assert fact.period.value == "2025"
    assert len(fact.evidence) == 2


def test_a_denied_event_is_negative(extractor: Extractor) -> None:
    (fact,) = _events(extractor, "Nissan ne construira pas d'usine en Espagne.")
    assert fact.polarity is Polarity.NEGATIVE


def test_titles_go_to_basis(extractor: Extractor) -> None:
    (fact,) = _events(extractor, "Carlos Tavares prendra la présidence du directoire de PSA en mars 2025.")
    assert fact.basis == ["président du directoire"]
