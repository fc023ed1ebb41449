"""The learned scorer: its curves, its checksum, and what it is trained from."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import Extractor
from pipeline.schema import Article
from pipeline.scorer import MANIFEST, SCORER, Scorer, Weights, load_scorer
from pipeline.train.logistic import Table, fit, frequent, ranking
from pipeline.train.scorer import train_scorer
from pipeline.versions import models_folder

CORPUS = Path(__file__).parent.parent / "corpus"


def test_a_curve_by_hand() -> None:
    weights = Weights(bias=-1.0, features={"strength": 2.0, "heading": -0.5})
    assert weights.probability({}) == pytest.approx(1 / (1 + math.e))
    assert weights.probability({"strength": 0.5}) == 0.5
    assert weights.probability({"strength": 0.5, "heading": 1, "unknown": 9}) == pytest.approx(1 / (1 + math.exp(0.5)))


def test_a_subject_is_never_surer_than_the_fact_that_it_belongs_to() -> None:
    scorer = Scorer(core=Weights(bias=0.0, features={}), right=Weights(bias=3.0, features={}), reject_below=0.3)
    assert scorer.odds({}).right == scorer.odds({}).core == 0.5


@given(st.dictionaries(st.sampled_from(sorted(load_scorer().right.features)), st.floats(0, 6)))
def test_whatever_speaks_for_a_candidate_its_odds_are_probabilities(features: dict[str, float]) -> None:
    odds = load_scorer().odds(features)
    assert 0 <= odds.right <= odds.core <= 1


def test_a_model_that_was_changed_is_refused(tmp_path: Path) -> None:
    for name in (SCORER, MANIFEST):
        shutil.copy(models_folder() / name, tmp_path)
    assert load_scorer(tmp_path) == load_scorer()
    load_scorer.cache_clear()
    with (tmp_path / SCORER).open("a") as stream:
        stream.write(" ")
    with pytest.raises(ValueError, match=r"scorer\.json: is not the model of manifest\.toml"):
        load_scorer(tmp_path)


def test_rules_alone_say_the_same_of_every_fact() -> None:
    text = "Renault a livré 21 400 voitures en 2024. Dacia a investi 30 millions d'euros à Mioveni."
    alone = Extractor.load("fr", rules_only=True).extract(Article("a", text)).facts
    both = Extractor.load("fr").extract(Article("a", text)).facts
    assert {fact.id for fact in both} <= {fact.id for fact in alone}
    assert {fact.confidence for fact in alone} == {0.7}
    assert len({fact.confidence for fact in both}) == len(both) == 2


# ---- training


def test_weights_are_found_that_tell_right_from_wrong() -> None:
    rows = [{"good": 1.0}, {"good": 1.0}, {"bad": 1.0}, {"bad": 1.0}, {"rare": 1.0, "bad": 1.0}]
    names = frequent(rows, 2)
    assert names == ["bad", "good"]
    found = fit(Table.of(rows, names), np.array([1.0, 1, 0, 0, 1]), penalty=0.1)
    assert found.probability({"good": 1}) > 0.8
    assert found.probability({"bad": 1}) < 0.5


def test_a_strong_penalty_leaves_the_share_of_what_is_right() -> None:
    rows = [{"a": 1.0}, {"a": 1.0}, {"b": 1.0}, {"b": 1.0}]
    found = fit(Table.of(rows, ["a", "b"]), np.array([1.0, 1, 1, 0]), penalty=1e6)
    assert found.probability({"a": 1}) == pytest.approx(0.75, abs=1e-3)


@pytest.mark.parametrize(
    ("probabilities", "outcomes", "expected"),
    [
        ([0.9, 0.8, 0.2], [1, 1, 0], 1.0),
        ([0.1, 0.8, 0.2], [1, 0, 0], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0], 0.5),
        ([0.9, 0.3, 0.5], [1, 1, 0], 0.5),
        ([0.9, 0.3], [1, 1], 0.5),
    ],
)
def test_ranking_by_hand(probabilities: list[float], outcomes: list[int], expected: float) -> None:
    assert ranking(np.array(probabilities), np.array(outcomes, dtype=float)) == expected


def test_training_twice_gives_the_same_files_and_a_card(tmp_path: Path) -> None:
    """On a corpus of a few articles, train and dev alike."""
    corpus = tmp_path / "corpus"
    names = sorted(path.stem for path in (CORPUS / "gold").glob("fr-h0*.json"))[:6]
    for folder, suffix in (("articles", ".md"), ("gold", ".json")):
        (corpus / folder).mkdir(parents=True)
        for name in names:
            shutil.copy(CORPUS / folder / f"{name}{suffix}", corpus / folder)
    (corpus / "splits.toml").write_text(f"[splits]\ntrain = {names[:4]}\ndev = {names[4:]}\n", encoding="utf-8")
    report = train_scorer(corpus, tmp_path / "one")
    train_scorer(corpus, tmp_path / "two")
    for name in (SCORER, MANIFEST, "scorer.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert load_scorer(tmp_path / "one").reject_below == report.reject_below
    assert f"| {report.dev.facts} |" in (tmp_path / "one" / "scorer.md").read_text(encoding="utf-8")
