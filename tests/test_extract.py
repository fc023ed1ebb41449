"""The whole way on short texts: the table of what the contract sees in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from languages import cases, params
from scipy.optimize import linear_sum_assignment

import pipeline
from pipeline.extract import Extractor
from pipeline.ontology import load_ontology
from pipeline.schema import Article, Fact, Published

CASES: list[dict[str, Any]] = cases("facts", "fr")
DEFAULT_DATE = "2024-06-12"


@lru_cache(maxsize=1)
def _extractor(lang: str) -> Extractor:
    """The cases come by language, so that one extractor at a time is enough."""
    return Extractor.load(lang, rules_only=True)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load("fr", rules_only=True)


def _flat(fact: Fact) -> dict[str, object]:
    """The slots of a fact under the names that the table uses; an empty one is ""."""
    dumped: dict[str, Any] = fact.model_dump(mode="json")
    quantity, period = dumped["quantity"] or {}, dumped["period"] or {}
    flat = {key: dumped[key] for key in ("type", "metric", "modality", "polarity")}
    flat |= {key: (dumped[key] or {}).get("name") for key in ("subject", "object", "place", "source")}
    flat |= {key: quantity.get(key) for key in ("value", "low", "high", "unit", "qualifier", "per")}
    flat |= {key: (dumped[key] or {}).get("value") for key in ("previous", "converted")}
    flat |= {"period": period.get("value"), **{key: period.get(key) for key in ("mod", "start", "end")}}
    filled = {key: "" if value is None else value for key, value in flat.items()}
    return filled | {"kind": fact.subject.kind.value if fact.subject else "", "basis": dumped["basis"] or []}


def _differences(expected: dict[str, Any], found: dict[str, object]) -> list[str]:
    return [f"{key}: {found[key]!r}, not {want!r}" for key, want in expected.items() if found[key] != want]


def _compare(expected: list[dict[str, Any]], found: list[dict[str, object]]) -> list[str]:
    """What is wrong, each expected fact beside the found one that is most like it."""
    costs = np.array([[len(_differences(e, f)) for f in found] for e in expected]).reshape(
        len(expected), len(found)
    )
    pairs = list(zip(*linear_sum_assignment(costs), strict=True))
    wrong = [f"{expected[i]['type']}: {d}" for i, j in pairs for d in _differences(expected[i], found[j])]
    wrong += [f"missed: {e}" for i, e in enumerate(expected) if i not in {i for i, _ in pairs}]
    return wrong + [f"extra: {f}" for j, f in enumerate(found) if j not in {j for _, j in pairs}]


@pytest.mark.parametrize(("lang", "case"), params("facts", lambda case: case["about"]))
def test_facts(lang: str, case: dict[str, Any]) -> None:
    published = Published(case.get("published", DEFAULT_DATE))
    facts = _extractor(lang).extract(Article("x", case["text"].strip(), published, lang)).facts
    assert _compare(case.get("facts", []), [_flat(fact) for fact in facts]) == []


def test_the_table_is_wide_enough() -> None:
    types = {name for name, row in load_ontology().types.items() if row.figure == "required"}
    assert types <= {fact["type"] for case in CASES for fact in case.get("facts", [])}
    assert all(("facts" in case) != case.get("none", False) for case in CASES)
    assert sum("facts" in case for case in CASES) >= 70
    assert sum(case.get("none", False) for case in CASES) >= 20
    assert len({case["about"] for case in CASES}) == len(CASES)


def test_the_function_does_what_the_extractor_does() -> None:
    text = "Xpeng a livré 30 895 véhicules en février."
    article = Article("a", text, Published("2025-03"))
    assert pipeline.extract(text, published="2025-03", article_id="a") == Extractor.load("fr").extract(article)


def test_without_a_publication_date_relative_periods_stay_open() -> None:
    (fact,) = pipeline.extract("Xpeng a livré 30 895 véhicules le mois dernier.").facts
    assert fact.published is None
    assert fact.period is None or fact.period.start is None


def test_a_language_without_a_pack_is_an_error_that_names_it() -> None:
    with pytest.raises(LookupError, match="xx"):
        pipeline.extract("text", lang="xx")


def test_a_text_without_words_has_no_facts() -> None:
    assert pipeline.extract("").facts == ()
    assert pipeline.extract(" \n\n … ").facts == ()


def test_every_fact_says_why(extractor: Extractor) -> None:
    found = extractor.extract(Article("x", "La Citroën ë-C3 démarre à 23 300 euros.", Published("2024")))
    assert set(found.traces) == {fact.id for fact in found.facts}
    assert all(found.traces.values())
