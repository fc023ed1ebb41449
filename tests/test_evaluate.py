"""The evaluation: loading, agreement of slots, pairing and scores."""

from __future__ import annotations

import itertools
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from short_facts import BRANDS, article, fact, figure, gold_fact, party, table

from pipeline.evaluate import PRF, error_lines, evaluate_files, load_facts, load_gold
from pipeline.evaluate.agreement import Agreement, is_full, load_nearness
from pipeline.evaluate.gold import ArticleMentions, GoldArticle, GoldFact
from pipeline.evaluate.mentions import Found, Noted, score_dates, score_entities, score_figures
from pipeline.evaluate.names import Name, load_name_rules
from pipeline.evaluate.pairing import Pair, pair_up, rank
from pipeline.evaluate.report import Report
from pipeline.evaluate.scores import evaluate
from pipeline.evaluate.statement import Statement, from_fact, from_gold
from pipeline.ontology import load_ontology
from pipeline.schema import Kind, Modality, Period, Quantity
from pipeline.units import load_units

AGREEMENT_TABLE = table("evaluate_agreement.toml")
SCORES_TABLE = table("evaluate_scores.toml")
MENTIONS_TABLE = table("evaluate_mentions.toml")
NAMES = load_name_rules().with_brands(BRANDS)
AGREEMENT = Agreement(NAMES, load_units(), load_nearness())


def name(text: str) -> Name | None:
    values = party(text)
    return Name(values["name"], Kind(values["kind"])) if values else None


# ---- agreement of slots ----


@pytest.mark.parametrize("row", AGREEMENT_TABLE["names"], ids=lambda row: f"{row['one']} = {row['other']}")
def test_names(row: dict[str, Any]) -> None:
    one, other = name(row["one"]), name(row["other"])
    assert NAMES.agree(one, other) is row["agree"]
    assert NAMES.agree(other, one) is row["agree"]


def test_a_brand_is_missing_only_where_it_is_known() -> None:
    short, full = Name("C10", Kind.MODEL), Name("Leapmotor C10", Kind.MODEL)
    assert not NAMES.agree(short, full)
    assert NAMES.with_brands(["Leapmotor"]).agree(short, full)


@pytest.mark.parametrize("row", AGREEMENT_TABLE["figures"], ids=str)
def test_figures(row: dict[str, Any]) -> None:
    predicted = Quantity.model_validate(figure(row["predicted"], row["unit"]))
    gold = Quantity.model_validate(figure(row["gold"], row["gold_unit"]))
    assert AGREEMENT.figures(predicted, gold) is row["agree"]


@pytest.mark.parametrize("row", AGREEMENT_TABLE["periods"], ids=str)
def test_periods(row: dict[str, Any]) -> None:
    def read(parts: list[str]) -> Period | None:
        if not parts:
            return None
        return Period.model_validate({"value": parts[0], "start": parts[1] or None, "end": parts[2] or None})

    predicted, gold = read(row["predicted"]), read(row["gold"])
    assert AGREEMENT.periods(predicted, gold) is row["agree"]
    assert AGREEMENT.periods(gold, predicted) is row["agree"]


def test_near_types_and_units_are_those_of_the_tables() -> None:
    near = load_nearness()
    assert {one for one, _ in near.types} <= load_ontology().types.keys()
    assert {one for one, _ in near.units} <= load_units().dimensions.keys()


# ---- pairing ----

STATEMENTS = st.builds(
    Statement,
    type=st.sampled_from(["sales", "registrations", "deliveries", "price"]),
    subject=st.sampled_from([Name("BMW", Kind.COMPANY), Name("Kia", Kind.COMPANY)]),
    figure=st.sampled_from([None, Quantity(value=Decimal(1), unit="vehicle")]),
    modality=st.sampled_from([Modality.ACTUAL, Modality.PLANNED]),
    basis=st.sampled_from([frozenset(), frozenset({"net"}), frozenset({"net", "operating"})]),
    optional=st.booleans(),
)
FEW = st.lists(STATEMENTS, max_size=4)


def best_by_trying(predicted: list[Statement], gold: list[Statement]) -> tuple[int, ...]:
    """The best sum of ranks over all one-to-one choices of pairs."""
    seats: list[Statement | None] = [*gold, *[None] * len(predicted)]
    best = (0,) * 5
    for seating in itertools.permutations(seats, len(predicted)):
        pairs = [
            Pair(p, g, AGREEMENT.slots(p, g))
            for p, g in zip(predicted, seating, strict=True)
            if g is not None and AGREEMENT.may_pair(p, g)
        ]
        best = max(best, total(pairs))
    return best


def total(pairs: list[Pair]) -> tuple[int, ...]:
    return tuple(sum(parts) for parts in zip(*map(rank, pairs), strict=True)) or (0,) * 5


@settings(max_examples=120, deadline=None)
@given(predicted=FEW, gold=FEW)
def test_pairing_is_the_best_of_all(predicted: list[Statement], gold: list[Statement]) -> None:
    pairing = pair_up(predicted, gold, AGREEMENT)
    assert total(list(pairing.pairs)) == best_by_trying(predicted, gold)
    assert all(AGREEMENT.may_pair(pair.predicted, pair.gold) for pair in pairing.pairs)
    assert len(pairing.pairs) + len(pairing.extra) == len(predicted)
    assert len(pairing.pairs) + len(pairing.missed) == len(gold)


@settings(max_examples=60, deadline=None)
@given(predicted=FEW, gold=FEW, seed=st.integers(0, 99))
def test_pairing_does_not_depend_on_order(
    predicted: list[Statement], gold: list[Statement], seed: int
) -> None:
    shuffled_predicted, shuffled_gold = list(predicted), list(gold)
    random.Random(seed).shuffle(shuffled_predicted)
    random.Random(seed + 1).shuffle(shuffled_gold)
    assert pair_up(predicted, gold, AGREEMENT) == pair_up(shuffled_predicted, shuffled_gold, AGREEMENT)


def test_a_full_match_is_not_given_up_for_more_pairs() -> None:
    bmw, kia, xpeng, tesla = (Name(each, Kind.COMPANY) for each in ("BMW", "Kia", "Xpeng", "Tesla"))
    gold = [Statement("launch", bmw, kia), Statement("launch", Name("Seat"), tesla)]
    predicted = [Statement("launch", bmw, tesla), Statement("launch", xpeng, kia)]
    pairing = pair_up(predicted, gold, AGREEMENT)
    assert [(pair.predicted, pair.gold) for pair in pairing.pairs] == [(predicted[0], gold[0])]


# ---- scores ----


def counts(prf: PRF) -> list[int]:
    return [prf.tp, prf.fp, prf.fn]


def evaluate_case(case: dict[str, Any]) -> Report:
    entities = [{"name": brand, "type": "ORG"} for brand in (*BRANDS, *case.get("entities", ()))]
    gold = GoldArticle.model_validate(article(case["gold"], entities=entities))
    return evaluate({"a": gold}, {"a": [fact(short) for short in case["predicted"]]})


@pytest.mark.parametrize("case", SCORES_TABLE["case"], ids=lambda case: case["name"])
def test_scores(case: dict[str, Any]) -> None:
    report = evaluate_case(case)
    assert counts(report.facts.core) == case["core"]
    assert counts(report.facts.full) == case["full"]
    wrong = {slot: score.total - score.right for slot, score in report.slots.items()}
    assert {slot: number for slot, number in wrong.items() if number} == case.get("wrong", {})
    listed = {cause.removeprefix("wrong "): len(found) for cause, found in report.errors.items()}
    assert listed.pop("missed", 0) == case["core"][2]
    assert listed.pop("extra", 0) == case["core"][1]
    assert listed == case.get("wrong", {})


@pytest.mark.parametrize("case", SCORES_TABLE["case"], ids=lambda case: case["name"])
def test_parts_add_up(case: dict[str, Any]) -> None:
    report = evaluate_case(case)
    assert report.quantities + report.events == report.facts
    by_type = report.by_type.values()
    assert sum((score.core for score in by_type), PRF()) == report.facts.core
    assert sum((score.full for score in by_type), PRF()) == report.facts.full


def test_measures() -> None:
    prf = PRF(tp=3, fp=1, fn=2) + PRF(tp=1)
    assert (prf.precision, prf.recall) == (0.8, pytest.approx(4 / 6))
    assert prf.f1 == pytest.approx(2 * 0.8 * (4 / 6) / (0.8 + 4 / 6))
    assert (PRF().precision, PRF().recall, PRF().f1) == (0, 0, 0)


def test_slots_are_counted_where_they_are_filled_too() -> None:
    shorts: list[dict[str, Any]] = [
        {"type": "sales", "subject": "company:BYD", "value": 1, "source": "CNBC"},
        {"type": "sales", "subject": "company:BYD", "value": 2},
        {"type": "launch", "subject": "company:BYD"},
    ]
    predicted = [shorts[0], {**shorts[1], "source": "Reuters"}, shorts[2]]
    report = evaluate_case({"gold": shorts, "predicted": predicted})
    source = report.slots["source"]
    assert (source.right, source.total, source.filled_right, source.filled) == (2, 3, 1, 2)
    assert report.slots["unit"].total == 2  # an event has none
    assert counts(report.events.core) == [1, 0, 0]


def test_a_type_is_scored_under_golds_name() -> None:
    report = evaluate_case(
        {
            "gold": [{"type": "sales", "subject": "company:BYD", "value": 1}],
            "predicted": [
                {"type": "registrations", "subject": "company:BYD", "value": 1},
                {"type": "stock", "subject": "company:BYD", "value": 2},
            ],
        }
    )
    assert counts(report.by_type["sales"].core) == [1, 0, 0]
    assert counts(report.by_type["sales"].full) == [0, 0, 1]
    assert counts(report.by_type["registrations"].full) == [0, 1, 0]
    assert counts(report.by_type["stock"].core) == [0, 1, 0]


@pytest.mark.parametrize("row", MENTIONS_TABLE["dates"], ids=lambda row: row["name"])
def test_dates(row: dict[str, Any]) -> None:
    gold = article([]) | {"dates": [{"text": text, "value": value} for text, value in row["gold"]]}
    predicted = [{"text": text, "value": value or None} for text, value in row["predicted"]]
    mentions = ArticleMentions.model_validate({"id": "a", "dates": predicted, "entities": []})
    assert counts(score_dates(mentions, GoldArticle.model_validate(gold)).counts) == row["counts"]


@pytest.mark.parametrize("row", MENTIONS_TABLE["entities"], ids=lambda row: row["name"])
def test_entities(row: dict[str, Any]) -> None:
    pairs = [text.partition(":") for text in row["gold"]]
    gold = article([]) | {"entities": [{"name": right, "type": kind} for kind, _, right in pairs]}
    predicted = [party(text) for text in row["predicted"]]
    mentions = ArticleMentions.model_validate({"id": "a", "dates": [], "entities": predicted})
    found = score_entities(mentions, GoldArticle.model_validate(gold), NAMES)
    assert counts(found.counts) == row["counts"]


# ---- figures ----


def found_figures(
    gold: dict[str, Any], *quantities: tuple[int, str, float, str], built: bool = True
) -> Found:
    """Quantities are given by offset, text, value and unit."""
    if not built:
        gold["facts"] = [each | {"span": None} for each in gold["facts"]]
    predicted = [
        {"start": at, "end": at + len(text), "text": text, "value": value, "unit": unit}
        for at, text, value, unit in quantities
    ]
    mentions = {"id": "a", "dates": [], "entities": [], "quantities": predicted}
    return score_figures(
        ArticleMentions.model_validate(mentions), GoldArticle.model_validate(gold), AGREEMENT
    )


# A loss of 5 EUR against 6 the year before at [0, 20), and an ignored figure at [40, 50).
LOSS = {"type": "profit", "subject": "company:BYD", "value": -5, "unit": "EUR", "previous": [-6]}
LOSS_ARTICLE = {"facts": [{"span": {"start": 0, "end": 20}, "quote": "perd 5 euros après 6"}]}


def loss_article() -> dict[str, Any]:
    made = article([LOSS])
    made["facts"][0] |= LOSS_ARTICLE["facts"][0]
    made["ignored"] = [{"quote": "8 kg de riz", "why": "rice", "span": {"start": 40, "end": 50}}]
    return made


def test_figures_are_found_whatever_their_sign_and_once_each() -> None:
    found = found_figures(loss_article(), (5, "5 euros", 5, "EUR"), (19, "6", 6, "EUR"), (60, "5 euros", 5, "EUR"))
    assert (counts(found.counts), found.missed, found.extra) == ([2, 0, 0], (), ())


def test_a_figure_is_extra_where_nothing_accounts_for_it() -> None:
    right = (5, "5 euros", 5, "EUR"), (19, "6", 6, "EUR")
    found = found_figures(loss_article(), *right, (40, "8 kg", 8, "kg"), (70, "9 kg", 9, "kg"), (3, "1 kg", 1, "kg"))
    assert counts(found.counts) == [2, 1, 0]
    assert found.extra == (Noted("9 kg = 9 kg", "9 kg"),)


def test_a_misread_figure_in_a_quote_is_missed_and_extra() -> None:
    found = found_figures(loss_article(), (5, "5 euros", 50, "EUR"), (19, "6", 6, "EUR"))
    assert counts(found.counts) == [1, 1, 1]
    assert found.missed == (Noted("5 EUR", "perd 5 euros après 6"),)


def test_without_marks_in_the_gold_further_figures_are_not_judged() -> None:
    gold = loss_article() | {"ignored": []}
    found = found_figures(gold, (5, "5 euros", 5, "EUR"), (70, "9 kg", 9, "kg"), built=False)
    assert (counts(found.counts), found.unjudged) == ([1, 0, 1], 1)


def test_an_article_without_mentions_has_missed_them() -> None:
    gold = article([]) | {"dates": [{"text": "2024", "value": "2024"}]}
    assert counts(score_dates(None, GoldArticle.model_validate(gold)).counts) == [0, 0, 1]


# ---- files ----

SALE = {"type": "sales", "subject": "company:BYD", "value": 500}
STOCK = {"type": "stock", "subject": "company:BYD", "value": 7}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A folder with the gold of two articles, and the facts of one of them and of a third."""
    (tmp_path / "gold").mkdir()
    for article_id, facts in (("a", [SALE, STOCK]), ("b", [SALE])):
        text = json.dumps(article(facts, article_id) | {"sha256": "further keys do no harm"})
        (tmp_path / "gold" / f"{article_id}.json").write_text(text, encoding="utf-8")
    predictions = [fact(SALE, "a"), fact({**STOCK, "value": 8}, "a", 1), fact(SALE, "c", 2)]
    lines = "\n".join(prediction.model_dump_json() for prediction in predictions)
    (tmp_path / "facts.jsonl").write_text(lines + "\n", encoding="utf-8")
    return tmp_path


def test_files(run: Path) -> None:
    report = evaluate_files(run / "gold", run / "facts.jsonl")
    assert counts(report.facts.core) == [1, 1, 2]
    assert (report.articles, report.gold_facts, report.predicted_facts, report.ignored) == (2, 3, 2, 1)
    assert report.dates is None
    assert report.model_dump(mode="json")["facts"]["core"]["recall"] == pytest.approx(1 / 3)


def test_articles_beside_the_facts_are_read(run: Path) -> None:
    line = {"id": "a", "dates": [{"text": "2024", "value": "2024"}], "entities": [], "sha256": "…"}
    (run / "articles.jsonl").write_text(json.dumps(line), encoding="utf-8")
    report = evaluate_files(run / "gold", run / "facts.jsonl")
    assert report.dates == PRF(fp=1)
    assert report.errors["extra date"][0].quote == "2024 = 2024"
    assert evaluate_files(run / "gold", run / "facts.jsonl", run / "articles.jsonl") == report


def test_text_and_error_lines(run: Path) -> None:
    report = evaluate_files(run / "gold", run / "facts.jsonl")
    text = report.to_text()
    assert "core              P 0.500  R 0.333  F1 0.400  (tp 1, fp 1, fn 2)" in text
    assert "1 predicted facts ignored" in text
    assert error_lines(report) == [
        "missed | a | stock | 7 vehicle | expected BYD > -, -, actual, found - | « stock 7 »",
        "missed | b | sales | 500 vehicle | expected BYD > -, -, actual, found - | « sales 500 »",
        "extra | a | stock | 8 vehicle | expected -, found BYD > -, -, actual | « sentence »",
    ]


def test_an_error_names_the_type_under_which_the_figure_stands() -> None:
    report = evaluate_case({"gold": [SALE], "predicted": [{**SALE, "type": "stock"}]})
    assert report.errors["missed"][0].found == "stock"
    assert report.errors["extra"][0].expected == "sales"


BROKEN = [
    ("facts.0.modality", {"modality": "maybe"}),
    ("facts.0.value", {"value": "500"}),
    ("facts.0.subject.kind", {"subject": {"name": "BYD", "kind": "maker"}}),
    ("facts.0", {"unit": None}),
    ("facts.0", {"low": 1, "high": 2}),
    ("facts.0", {"value": None, "low": 1}),
    ("facts.0.period.end", {"period": {"value": "2024", "mod": None, "start": "2024-01-01"}}),
]


@pytest.mark.parametrize(("key", "change"), BROKEN, ids=str)
def test_broken_gold_is_named_by_file_and_key(key: str, change: dict[str, Any], run: Path) -> None:
    broken = article([SALE])
    broken["facts"][0] |= change
    (run / "gold" / "a.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"a\.json: {key}: "):
        load_gold(run / "gold")


def test_gold_without_a_key_is_broken(run: Path) -> None:
    broken = article([SALE])
    del broken["facts"][0]["metric"]
    (run / "gold" / "a.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(ValueError, match=r"facts\.0\.metric: Field required"):
        load_gold(run / "gold")


def test_gold_ids_are_distinct_and_there_is_some(run: Path, tmp_path: Path) -> None:
    (run / "gold" / "z.json").write_text(json.dumps(article([SALE], "a")), encoding="utf-8")
    with pytest.raises(ValueError, match=r"z\.json: id: a occurs twice"):
        load_gold(run / "gold")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError):
        load_gold(tmp_path / "empty")


def test_a_broken_fact_is_named_by_line(run: Path) -> None:
    lines = (run / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    lines[1:1] = ["", json.dumps(json.loads(lines[0]) | {"confidence": 2})]
    (run / "facts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ValueError, match="line 3: confidence: "):
        load_facts(run / "facts.jsonl")


# ---- the gold itself ----

CORPUS_GOLD = Path(__file__).parents[1] / "corpus" / "gold"


def test_gold_against_itself_is_perfect() -> None:
    gold = load_gold(CORPUS_GOLD)
    agreement = Agreement(NAMES, load_units(), load_nearness())
    for each in gold.values():
        statements = [from_gold(right) for right in each.facts]
        pairing = pair_up(statements, statements, agreement)
        assert not pairing.extra, each.id
        assert all(is_full(pair.slots) and all(pair.slots.values()) for pair in pairing.pairs), each.id


def test_gold_and_prediction_become_the_same_statement() -> None:
    short = {**SALE, "period": "2024-10", "source": "CNBC", "previous": [400], "place": "Chine", "per": "P1Y"}
    gold = from_gold(GoldFact.model_validate(gold_fact(short)))
    predicted = from_fact(fact(short))
    assert all(AGREEMENT.slots(predicted, gold).values())
