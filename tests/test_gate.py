"""Floors under the scores: checked, raised, never lowered unless told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from short_facts import article, fact

from pipeline.evaluate.gate import Baseline, check, check_text, load_baseline, measured, save_baseline, update
from pipeline.evaluate.gold import GoldArticle
from pipeline.evaluate.report import Report
from pipeline.evaluate.scores import evaluate

SALE = {"type": "sales", "subject": "company:BYD", "value": 500}


def report(found: int, of: int = 3) -> Report:
    """Of `of` gold facts `found` are found."""
    gold = GoldArticle.model_validate(article([{**SALE, "value": 500 * (at + 1)} for at in range(of)]))
    facts = [fact({**SALE, "value": 500 * (at + 1)}, number=at) for at in range(found)]
    return evaluate({"a": gold}, {"a": facts})


def floors(**scores: float) -> Baseline:
    return Baseline(split=None, articles=1, gold_facts=3, epsilon=0.01, floors=scores)


def test_what_is_measured_is_rounded_down() -> None:
    scores = measured(report(1))
    assert scores == {"core_f1": 0.5, "full_f1": 0.5, "quantities_core_f1": 0.5, "events_core_f1": 0.0}
    assert measured(report(2, of=5))["core_f1"] == 0.5714  # 4 / 7


@pytest.mark.parametrize(("floor", "holds"), [(0.4, True), (0.5, True), (0.51, True), (0.52, False)])
def test_a_score_may_be_epsilon_below_its_floor(floor: float, holds: bool) -> None:
    (core, *_) = check(report(1), floors(core_f1=floor))
    assert (core.name, core.score, core.holds) == ("core_f1", 0.5, holds)


def test_a_score_without_a_floor_holds_and_a_floor_without_a_score_does_not() -> None:
    found = {each.name: each.holds for each in check(report(1), floors(dates_f1=0.9, unheard_of=0.1))}
    assert found["core_f1"]
    assert not found["dates_f1"]
    assert not found["unheard_of"]


def test_floors_of_another_split_are_refused() -> None:
    with pytest.raises(ValueError, match="those of split dev, the scores those of None"):
        check(report(1), floors().model_copy(update={"split": "dev"}))


def test_floors_are_raised() -> None:
    raised = update(report(2), floors(core_f1=0.5, full_f1=0.805))
    assert raised.floors["core_f1"] == 0.8
    assert raised.floors["full_f1"] == 0.805  # a score within epsilon does not lower its floor
    assert raised.epsilon == 0.01
    assert update(report(2), None).floors == measured(report(2))


def test_floors_are_not_lowered_unless_told_to() -> None:
    pinned = floors(core_f1=0.9, full_f1=0.1, dates_f1=0.5)
    with pytest.raises(ValueError, match=r"core_f1 0.5000 \(floor 0.9000\), dates_f1 not measured \(floor 0.5000\)"):
        update(report(1), pinned)
    assert update(report(1), pinned, allow_lower=True).floors == measured(report(1))


def test_the_table_says_what_fell_and_that_the_gold_is_another() -> None:
    pinned = floors(core_f1=0.9)
    text = check_text(check(report(1), pinned), pinned, report(1))
    assert "core_f1                 0.5000  0.9000  -0.4000   BELOW ITS FLOOR" in text
    assert "measured on" not in text
    other = report(1, of=4)
    assert "measured on 1 articles with 3 facts, the scores on 1 with 4" in check_text([], pinned, other)


def test_a_baseline_survives_its_file_and_a_broken_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    save_baseline(floors(core_f1=0.5), path)
    assert load_baseline(path) == floors(core_f1=0.5)
    path.write_text('{"split": null}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"baseline\.json: articles: Field required"):
        load_baseline(path)
