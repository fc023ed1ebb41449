"""Intervals, the test of a difference, calibration and thresholds: by hand where they can be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from short_facts import article, fact

from pipeline.evaluate.bootstrap import intervals, p_value
from pipeline.evaluate.calibration import Outcome, calibration, outcomes, thresholds
from pipeline.evaluate.gold import GoldArticle
from pipeline.evaluate.judging import judge
from pipeline.evaluate.measures import PRF, Scores
from pipeline.evaluate.scores import evaluate

GOOD, BAD = PRF(tp=1), PRF(fp=1, fn=1)
PRFS = st.builds(PRF, tp=st.integers(0, 5), fp=st.integers(0, 5), fn=st.integers(0, 5))


def scores(*parts: PRF) -> list[Scores]:
    return [Scores(core=each, full=each) for each in parts]


# ---- intervals


def test_intervals_are_the_same_each_time_and_change_with_the_seed() -> None:
    articles = scores(*[GOOD, BAD, PRF(tp=2, fp=1)] * 7)
    assert intervals(articles) == intervals(articles)
    assert intervals(articles) != intervals(articles, seed=1)


def test_without_variation_there_is_no_width() -> None:
    found = intervals(scores(*[PRF(tp=3, fp=1, fn=1)] * 5))
    assert found is not None
    assert (found.core.precision.low, found.core.f1.high) == (0.75, 0.75)
    assert (found.rounds, found.level) == (1000, 0.95)


def test_one_good_and_one_bad_article_give_all_from_nothing_to_everything() -> None:
    found = intervals(scores(GOOD, BAD))
    assert found is not None
    assert (found.full.f1.low, found.full.f1.high) == (0, 1)


def test_the_share_of_draws_is_that_of_chance() -> None:
    """Of the draws of two out of two articles a quarter holds only the bad one."""
    found = intervals(scores(GOOD, BAD), rounds=4000, level=0.49)
    assert found is not None
    assert found.core.f1.low == 0.5  # 25.5 % lie below: past the quarter of zeros
    found = intervals(scores(GOOD, BAD), rounds=4000, level=0.55)
    assert found is not None
    assert found.core.f1.low == 0  # 22.5 %: within it


def test_no_articles_no_intervals_and_nothing_counted_is_zero() -> None:
    assert intervals([]) is None
    found = intervals(scores(PRF(), PRF()))
    assert found is not None
    assert found.core.f1.high == 0


@given(parts=st.lists(PRFS, min_size=1, max_size=6))
def test_intervals_are_ordered_shares(parts: list[PRF]) -> None:
    found = intervals(scores(*parts), rounds=50)
    assert found is not None
    for each in (found.core.precision, found.core.recall, found.core.f1):
        assert 0 <= each.low <= each.high <= 1


def test_a_thousand_draws_of_many_articles_take_no_time() -> None:
    started = time.perf_counter()
    intervals(scores(*[GOOD, BAD] * 250))
    assert time.perf_counter() - started < 1


# ---- the test of a difference


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # Any change of sides leaves the difference: of one article, and of runs that are alike.
        ([GOOD], [BAD], 1.0),
        ([GOOD, BAD], [GOOD, BAD], 1.0),
        # Of 2 ** 3 ways only the one observed and its mirror set all three apart.
        ([GOOD] * 3, [BAD] * 3, 2 / 8),
        # The third article is the same in both: 4 of the 8 ways set the other two apart.
        ([GOOD, GOOD, BAD], [BAD, BAD, BAD], 4 / 8),
        ([], [], 1.0),
    ],
)
def test_p_values_by_hand(one: list[PRF], other: list[PRF], expected: float) -> None:
    assert p_value(one, other) == expected
    assert p_value(other, one) == expected


def test_many_articles_are_sampled_with_a_fixed_seed() -> None:
    one, other = [GOOD] * 20, [BAD] * 12 + [GOOD] * 8
    assert p_value(one, other) == p_value(one, other) < 0.01
    assert p_value([GOOD, BAD] * 10, [BAD, GOOD] * 10) == 1.0
    exact = p_value([GOOD] * 6 + [BAD] * 4, [BAD] * 4 + [GOOD] * 6)
    assert p_value([GOOD] * 6 + [BAD] * 4, [BAD] * 4 + [GOOD] * 6, rounds=1000) == pytest.approx(exact, abs=0.05)


def test_runs_on_other_articles_are_refused() -> None:
    with pytest.raises(ValueError, match="1 articles against 2"):
        p_value([GOOD], [GOOD, BAD])


# ---- calibration

TABLE = [
    Outcome(0.95, core=True, right=True, full=True),
    Outcome(0.92, core=True, right=True),
    Outcome(0.65, core=True, right=True),
    Outcome(0.60, core=True),
    Outcome(0.20),
]


def test_the_calibration_error_by_hand() -> None:
    found = calibration(TABLE)
    assert found is not None
    assert [(each.low, each.high, each.facts) for each in found.bins] == [(0.2, 0.3, 1), (0.6, 0.7, 2), (0.9, 1.0, 2)]
    assert [each.right for each in found.bins] == [0, 0.5, 1]
    assert [each.confidence for each in found.bins] == pytest.approx([0.2, 0.625, 0.935])
    assert found.ece == pytest.approx((1 * 0.2 + 2 * 0.125 + 2 * 0.065) / 5)


def test_certainty_belongs_to_the_last_bin() -> None:
    found = calibration([Outcome(1.0, True, True), Outcome(0.0)])
    assert found is not None
    assert [(each.low, each.right) for each in found.bins] == [(0.0, 0.0), (0.9, 1.0)]
    assert found.ece == 0


def test_thresholds_by_hand() -> None:
    found = thresholds(TABLE, gold=6, wanted=0.75)
    assert found is not None
    points = {point.threshold: point for point in found.points}
    assert [max(points), len(points)] == [0.95, 96]
    assert (points[0.0].kept, points[0.6].kept, points[0.61].kept, points[0.95].kept) == (5, 4, 3, 1)
    assert points[0.6].core == PRF(tp=4, fp=0, fn=2)
    assert points[0.6].right == PRF(tp=3, fp=1, fn=3)
    assert points[0.0].full == PRF(tp=1, fp=4, fn=5)
    # At 0 four of five are core matches; three of the four from 0.6 on are right; only the surest is a full match.
    assert found.suggested == {"core": 0.0, "right": 0.21, "full": 0.93}
    unreachable = thresholds(TABLE[3:], gold=6, wanted=0.75)
    assert unreachable is not None
    assert unreachable.suggested["right"] is None


def test_nothing_predicted_has_neither() -> None:
    assert calibration([]) is None
    assert thresholds([], gold=3) is None


def test_outcomes_follow_the_pairs_and_leave_optional_gold_out() -> None:
    sale = {"type": "sales", "subject": "company:BYD", "value": 500}
    gold = [sale, {**sale, "value": 600}, {**sale, "value": 700, "optional": True}]
    predicted = [
        {**sale, "period": "2024", "confidence": 0.9},
        {**sale, "value": 600, "subject": "company:Kia", "confidence": 0.8},
        {**sale, "value": 700, "confidence": 0.7},
        {**sale, "value": 800, "confidence": 0.6},
    ]
    articles = {"a": GoldArticle.model_validate(article(gold))}
    facts = {"a": [fact(short, number=at) for at, short in enumerate(predicted)]}
    found = outcomes(judge(articles, facts).pairings.values())
    assert sorted(found, key=lambda each: -each.confidence) == [
        Outcome(0.9, core=True, right=True),
        Outcome(0.8, core=True),
        Outcome(0.6),
    ]
    report = evaluate(articles, facts)
    assert report.thresholds is not None
    assert report.thresholds.points[0].core == report.facts.core
    assert report.thresholds.points[0].full == report.facts.full
