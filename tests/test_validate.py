"""Candidates to facts: refusals with a reason, repeats merged, rounded headings, ids."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from pipeline.link.candidate import Candidate
from pipeline.link.parties import PartyMention
from pipeline.ontology import load_ontology
from pipeline.schema import Article, Fact, Kind, Modality, Period, Polarity, QuantityMention, Source, Span
from pipeline.scorer import Scorer, Weights
from pipeline.validate import Judge, Validated, validate

TEXT = "Près de 60 000 Spring\n\nDacia a vendu 59 870 Spring en 2023. Dacia a bien vendu 59 870 Spring."
ARTICLE = Article("a", TEXT)
HEADING = Span.cut(TEXT, 0, 21)
FIRST = Span.cut(TEXT, 23, 59)
SECOND = Span.cut(TEXT, 60, len(TEXT))
Y2023, Y2022 = Period(value="2023"), Period(value="2022")


def party(name: str, kind: Kind = Kind.BRAND) -> PartyMention:
    return PartyMention(Span(23, 23 + len(name), name), name, kind, 1)


def quantity(value: int | None, unit: str = "vehicle", **fields: Any) -> QuantityMention:
    at = Span.cut(TEXT, 37, 43)
    number = None if value is None else Decimal(value)
    return QuantityMention(at, at, number, fields.pop("low", None), fields.pop("high", None), unit, **fields)


def candidate(sentence: Span = FIRST, **fields: Any) -> Candidate:
    made = Candidate(
        type="sales",
        sentence=sentence,
        anchor=Span.cut(TEXT, sentence.start + 1, sentence.start + 3),
        strength=1.0,
        subject_score=1.0,
        subject=party("Dacia"),
        modality=Modality.ACTUAL,
        polarity=Polarity.POSITIVE,
        quantity=quantity(59870),
        period=Y2023,
        heading=sentence is HEADING,
        reasons=("trigger",),
    )
    return made._replace(**fields)


def check(*candidates: Candidate, article: Article = ARTICLE) -> Validated:
    return validate(article, candidates, Judge(load_ontology(), None, "fr"), "autofacts test")


def one(*candidates: Candidate, article: Article = ARTICLE) -> Fact:
    (fact,) = check(*candidates, article=article).facts
    return fact


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"subject": None}, "no_subject"),
        ({"quantity": None}, "no_figure"),
        ({"type": "approval"}, "figure_not_allowed"),
        ({"quantity": quantity(1, unit="")}, "schema"),
    ],
)
def test_what_is_no_fact_is_rejected_with_its_reason_and_place(fields: dict[str, Any], reason: str) -> None:
    bad = candidate(**fields)
    found = check(bad, candidate(SECOND))
    (rejection,) = found.rejections
    assert (rejection.reason, rejection.span, rejection.type) == (reason, bad.anchor, bad.type)
    assert len(found.facts) == 1


def test_a_repeat_is_one_fact_with_the_evidence_of_both() -> None:
    assert one(candidate(), candidate(SECOND)).evidence == [FIRST, SECOND]


def test_a_repeat_in_the_same_sentence_is_no_further_evidence() -> None:
    assert one(candidate(), candidate()).evidence == [FIRST]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_fuller_of_two_repeats_stands(order: tuple[int, int]) -> None:
    pair = (candidate(), candidate(SECOND, period=None))
    fact = one(*(pair[i] for i in order))
    assert fact.period == Y2023
    assert fact.evidence == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("second", "expected"), [(Source(name="Reuters"), Source(name="Reuters")), (None, None)], ids=["both", "one"]
)
def test_what_the_article_also_says_in_its_own_voice_is_credited_to_nobody(
    second: Source | None, expected: Source | None
) -> None:
    pair = (candidate(source=Source(name="Reuters")), candidate(SECOND, source=second))
    assert one(*pair).source == one(*reversed(pair)).source == expected


@pytest.mark.parametrize(
    "periods",
    list(permutations((None, Y2022, Y2023))),
)
def test_a_statement_without_a_period_does_not_join_two_periods(periods: tuple[Period | None, ...]) -> None:
    found = check(*(candidate(period=period) for period in periods)).facts
    assert sorted(fact.period.value for fact in found if fact.period) == ["2022", "2023"]
    assert len(found) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "deliveries"},
        {"subject": party("Renault")},
        {"quantity": quantity(59871)},
        {"quantity": quantity(59870, unit="order")},
        {"quantity": quantity(None, low=Decimal(1), high=Decimal(59870))},
        {"period": Y2022},
        {"basis": ("hybrid",)},
        {"sign": -1},
    ],
)
def test_another_type_subject_figure_period_or_basis_is_another_fact(fields: dict[str, Any]) -> None:
    assert len(check(candidate(), candidate(SECOND, **fields)).facts) == 2


def test_events_of_other_objects_are_other_facts() -> None:
    event = candidate(type="launch", quantity=None, object=party("Spring", Kind.MODEL))
    assert len(check(event, event._replace(object=party("Bigster", Kind.MODEL))).facts) == 2
    assert len(check(event, event._replace(sentence=SECOND)).facts) == 1


def test_a_rounded_heading_is_evidence_of_the_exact_figure() -> None:
    heading = candidate(HEADING, quantity=quantity(60000), period=None)
    for candidates in permutations((heading, candidate())):
        fact = one(*candidates)
        assert fact.quantity is not None
        assert fact.quantity.value == 59870
        assert fact.evidence == [HEADING, FIRST]


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": quantity(80000)},
        {"quantity": quantity(60000, unit="order")},
        {"quantity": quantity(60000), "type": "production"},
        {"quantity": quantity(60000), "subject": party("Renault")},
    ],
)
def test_another_figure_in_a_heading_is_a_fact_of_its_own(fields: dict[str, Any]) -> None:
    assert len(check(candidate(HEADING, **fields), candidate()).facts) == 2


def test_rounded_figures_in_the_text_stay() -> None:
    assert len(check(candidate(), candidate(SECOND, quantity=quantity(60000))).facts) == 2


def test_a_heading_alone_is_a_fact() -> None:
    assert one(candidate(HEADING, quantity=quantity(60000))).evidence == [HEADING]


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        (quantity(5), (-5, None, None)),
        (quantity(-5), (-5, None, None)),
        (quantity(0), (0, None, None)),
        (quantity(None, low=Decimal(2), high=Decimal(4)), (None, -4, -2)),
    ],
)
def test_a_negative_sign_is_said_once_and_keeps_ranges_in_order(
    mention: QuantityMention, expected: tuple[int | None, ...]
) -> None:
    figure = one(candidate(quantity=mention, sign=-1)).quantity
    assert figure is not None
    assert (figure.value, figure.low, figure.high) == expected


def test_a_conversion_goes_to_its_own_slot() -> None:
    fact = one(candidate(type="price", quantity=quantity(209900, "CNY", converted=quantity(27100, "EUR"))))
    assert fact.quantity is not None
    assert fact.converted is not None
    assert (fact.quantity.value, fact.quantity.unit) == (Decimal(209900), "CNY")
    assert (fact.converted.value, fact.converted.unit) == (Decimal(27100), "EUR")


def test_ids_are_stable_hashes() -> None:
    made = one(candidate())
    assert re.fullmatch(r"f:[0-9a-f]{16}", made.id)
    assert one(candidate(strength=0.2, reasons=())).id == made.id
    assert one(candidate(), candidate(SECOND)).id == made.id


@pytest.mark.parametrize(
    "other",
    [
        one(candidate(), article=Article("b", TEXT)),
        one(candidate(type="deliveries")),
        one(candidate(subject=party("Renault"))),
        one(candidate(quantity=quantity(59871))),
        one(candidate(period=Y2022)),
    ],
    ids=["article", "type", "subject", "figure", "period"],
)
def test_an_id_tells_apart_article_type_subject_figure_and_period(other: Fact) -> None:
    assert other.id != one(candidate()).id


@pytest.mark.parametrize(
    "fields",
    [
        {"basis": ("hybrid",)},
        {"modality": Modality.PLANNED, "period": Y2022},
        {"metric": "price"},
    ],
)
def test_no_two_facts_of_an_article_share_an_id(fields: dict[str, Any]) -> None:
    found = check(candidate(), candidate(SECOND, **fields))
    assert len({fact.id for fact in found.facts}) == len(found.facts) == 2
    assert set(found.traces) == {fact.id for fact in found.facts}


def test_facts_stand_in_the_order_of_the_text_whatever_the_order_of_candidates() -> None:
    candidates = (
        candidate(HEADING, quantity=quantity(80000)),
        candidate(),
        candidate(SECOND, quantity=quantity(7)),
    )
    results = [check(*order).facts for order in permutations(candidates)]
    assert all(result == results[0] for result in results)
    assert [fact.evidence[0] for fact in results[0]] == [HEADING, FIRST, SECOND]


def scored(*candidates: Candidate, reject_below: float) -> Validated:
    """With a scorer for which nothing but the strength of a candidate counts."""
    weights = Weights(bias=0.0, features={"strength": 1.0})
    judge = Judge(load_ontology(), Scorer(core=weights, right=weights, reject_below=reject_below), "fr")
    return validate(ARTICLE, candidates, judge, "autofacts test")


def test_a_candidate_for_which_too_little_speaks_is_rejected_with_its_probability() -> None:
    found = scored(candidate(strength=0.0), candidate(SECOND, strength=1.0, period=Y2022), reject_below=0.6)
    assert [(fact.period, fact.confidence) for fact in found.facts] == [(Y2022, 0.731)]
    assert [(each.reason, each.detail) for each in found.rejections] == [("unlikely", "probability 0.500")]


def test_each_fact_comes_with_the_evidence_for_it() -> None:
    found = scored(candidate(strength=1.0), reject_below=0.0)
    (fact,) = found.facts
    shown = found.evidence[fact.id]
    assert shown["strength"] == 1.0
    assert {"type:sales", "rule:trigger", "unit:vehicle", "subject:brand", "period"} <= shown.keys()
    assert "object" not in shown


def test_rules_alone_reject_nothing_as_unlikely() -> None:
    assert len(check(candidate(strength=0.0, subject_score=0.0)).facts) == 1
