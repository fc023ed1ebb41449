"""Events without a figure: the table of sentences, and what repeated tellings become."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest
from languages import cases, params

from pipeline.extract import Extractor
from pipeline.ontology import load_ontology
from pipeline.schema import Article, Fact, Polarity, Published

CASES: list[dict[str, Any]] = cases("events", "fr")


@lru_cache(maxsize=1)
def _extractor(lang: str) -> Extractor:
    """The cases come by language, so that one extractor at a time is enough."""
    return Extractor.load(lang)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load("fr")


def _events(extractor: Extractor, text: str, lang: str = "fr") -> list[Fact]:
    article = Article("x", text, Published("2024-06-12"), lang)
    types = load_ontology().types
    facts = extractor.extract(article).facts
    return [f for f in facts if types[f.type].group == "events" and f.quantity is None]


def _row(fact: Fact) -> tuple[str, ...]:
    parties = [p.name if p else "" for p in (fact.subject, fact.object)]
    return (fact.type, *parties, fact.period.value if fact.period else "", fact.modality.value)


@pytest.mark.parametrize(("lang", "case"), params("events", lambda case: case["text"]))
def test_sentences(lang: str, case: dict[str, Any]) -> None:
    found = sorted(_row(f) for f in _events(_extractor(lang), case["text"], lang))
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
