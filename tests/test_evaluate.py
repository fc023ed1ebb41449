"""The evaluation: loading, agreement of slots, pairing, scores, and the check of gold."""

from __future__ import annotations

import itertools
import json
import random
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detect.calendar import bounds
from pipeline.evaluate import PRF, error_lines, evaluate_files, lint_corpus, load_facts, load_gold
from pipeline.evaluate.agreement import Agreement, is_full, load_nearness
from pipeline.evaluate.gold import ArticleMentions, GoldArticle, GoldFact
from pipeline.evaluate.mentions import score_dates, score_entities
from pipeline.evaluate.names import Name, load_name_rules
from pipeline.evaluate.pairing import Pair, pair_up, rank
from pipeline.evaluate.report import Report
from pipeline.evaluate.scores import evaluate
from pipeline.evaluate.statement import Statement, from_fact, from_gold
from pipeline.ontology import load_ontology
from pipeline.schema import Fact, Kind, Modality, Period, Quantity
from pipeline.units import load_units

ROOT = Path(__file__).parent
BRANDS = ("Xiaomi", "Xpeng", "Kia", "Peugeot", "Land Rover", "Mercedes-Benz", "Tesla", "Volkswagen", "BMW")


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "tables" / name).read_text(encoding="utf-8"))


AGREEMENT_TABLE = table("evaluate_agreement.toml")
SCORES_TABLE = table("evaluate_scores.toml")
MENTIONS_TABLE = table("evaluate_mentions.toml")
NAMES = load_name_rules().with_brands(BRANDS)
AGREEMENT = Agreement(NAMES, load_units(), load_nearness())


def party(text: str | None) -> dict[str, str] | None:
    if not text:
        return None
    kind, _, name = text.partition(":")
    return {"kind": kind, "name": name}


def period(value: str | None) -> dict[str, str | None] | None:
    if value is None:
        return None
    first, last = bounds(value)
    return {"value": value, "mod": None, "start": first.isoformat(), "end": last.isoformat()}


def figure(parts: list[float] | None, unit: str) -> dict[str, Any] | None:
    if not parts:
        return None
    value, low, high = (parts[0], None, None) if len(parts) == 1 else (None, *parts)
    return {"value": value, "low": low, "high": high, "unit": unit}


def gold_fact(short: dict[str, Any]) -> dict[str, Any]:
    """A gold fact as it is written to a file, from the short form of the tables."""
    empty = dict.fromkeys(("metric", "value", "low", "high", "per", "basis", "place", "source", "converted"))
    has_figure = "value" in short or "low" in short
    unit = short.get("unit", "vehicle") if has_figure else None
    return {
        **empty,
        "unit": unit,
        "qualifier": "exact" if has_figure else None,
        "modality": "actual",
        "polarity": "positive",
        "quote": f"{short['type']} {short.get('value', '')}".strip(),
        "optional": False,
        **short,
        "subject": party(short.get("subject")),
        "object": party(short.get("object")),
        "period": period(short.get("period")),
        "previous": figure(short.get("previous"), unit or "vehicle"),
    }


def fact(short: dict[str, Any], article_id: str = "a", number: int = 0) -> Fact:
    """A predicted fact from the same short form."""
    gold = gold_fact(short)
    quantity = None
    if gold["unit"]:
        quantity = {key: gold[key] for key in ("value", "low", "high", "unit", "qualifier", "per")}
    values = {key: gold[key] for key in Fact.model_fields if key in gold}
    return Fact.model_validate(
        values
        | {
            "id": f"f:{number:016x}",
            "article_id": article_id,
            "published": "2024-10",
            "lang": "fr",
            "quantity": quantity,
            "converted": None,
            "place": {"name": gold["place"]} if gold["place"] else None,
            "source": {"name": gold["source"]} if gold["source"] else None,
            "evidence": [{"start": 0, "end": 8, "text": "sentence"}],
            "confidence": 0.5,
            "extractor": "autofacts 0.1.0",
        }
    )


def article(
    facts: list[dict[str, Any]], article_id: str = "a", entities: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {
        "id": article_id,
        "lang": "fr",
        "published": "2024-10",
        "facts": [gold_fact(short) for short in facts],
        "entities": entities or [],
        "dates": [],
    }


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

CORPUS_GOLD = ROOT.parent / "corpus" / "gold"
TEXT = "En 2024, BYD a écoulé 500 voitures, puis 500 autres. BMW lance la i3."


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


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one article with nothing wrong in it."""
    (tmp_path / "gold").mkdir()
    (tmp_path / "articles").mkdir()
    head = '---\ntitle: "BYD accélère"\npublished: 2024-10\nlang: fr\n---\n'
    (tmp_path / "articles" / "a.md").write_text(head + TEXT + "\n", encoding="utf-8")
    write_gold(tmp_path, {})
    return tmp_path


def write_gold(folder: Path, change: dict[str, Any]) -> None:
    """Write the sound gold of the article, changed: keys at its top, or under `facts.0` of its first fact."""
    gold = article([{**SALE, "quote": "écoulé 500 voitures", "period": "2024"}])
    gold |= {"entities": [{"name": "BYD", "type": "ORG"}], "dates": [{"text": "2024", "value": "2024"}]}
    gold["facts"][0] |= change.get("facts.0", {})
    gold |= {key: value for key, value in change.items() if key != "facts.0"}
    (folder / "gold" / "a.json").write_text(json.dumps(gold), encoding="utf-8")


def test_a_sound_corpus_has_no_problems(corpus: Path) -> None:
    assert lint_corpus(corpus) == []


def days(value: str, start: str | None, end: str | None) -> dict[str, Any]:
    return {"period": {"value": value, "mod": None, "start": start, "end": end}}


FLAWS: list[tuple[dict[str, Any], str]] = [
    ({"facts.0": {"quote": "écoulé 600 voitures"}}, "facts.0.quote: 'écoulé 600 voitures' occurs 0 times"),
    ({"facts.0": {"quote": "500"}}, "facts.0.quote: '500' occurs 2 times"),
    ({"facts.0": {"quote": "BYD"}}, "facts.0.quote: 'BYD' occurs 2 times"),
    ({"facts.0": {"type": "waiting_time"}}, "facts.0.type: unknown type 'waiting_time'"),
    ({"facts.0": {"unit": "parsec"}}, "facts.0.unit: unknown unit 'parsec'"),
    ({"facts.0": {"unit": "EUR"}}, "facts.0.unit: EUR does not fit sales"),
    ({"facts.0": {"value": None, "unit": None, "qualifier": None}}, "facts.0.value: sales needs a figure"),
    ({"facts.0": {"type": "approval"}}, "facts.0.value: approval has no figure"),
    ({"facts.0": {"qualifier": None}}, "facts.0.qualifier: is missing"),
    ({"facts.0": {"qualifier": "between"}}, "facts.0.qualifier: between with one value"),
    ({"facts.0": {"qualifier": "around"}}, "facts.0.qualifier: Input should be"),
    ({"facts.0": {"value": None, "low": 1, "high": 2}}, "facts.0.qualifier: exact with a range"),
    ({"facts.0": {"per": "year"}}, "facts.0.per: 'year' is no ISO 8601 duration"),
    ({"facts.0": {"metric": "speed"}}, "facts.0.metric: unknown type 'speed'"),
    ({"facts.0": {"basis": []}}, "facts.0.basis: an empty list"),
    ({"facts.0": {"subject": None}}, "facts.0.subject: is missing"),
    ({"facts.0": {"previous": figure([400], "EUR")}}, "facts.0.previous.unit: EUR beside vehicle"),
    ({"facts.0": {"converted": figure([400], "parsec")}}, "facts.0.converted.unit: unknown unit 'parsec'"),
    ({"facts.0": days("2024", "2024-01-01", "2024-12-30")}, "facts.0.period.end: 2024-12-30, but 2024 ends"),
    (
        {"facts.0": days("2024-Q3", "2024-06-01", None)},
        "facts.0.period.start: 2024-06-01, but 2024-Q3 starts",
    ),
    ({"facts.0": days("2024", None, None)}, "facts.0.period.start: both ends are open"),
    ({"facts.0": days("2024-13", "2024-01-01", None)}, "facts.0.period.value: "),
    ({"facts.0": days("2025/2024", "2025-01-01", None)}, "facts.0.period.value: '2025/2024' runs backwards"),
    ({"facts.0": days("printemps", None, None)}, "facts.0.period.value: 'printemps' is no TIMEX3 date"),
    ({"dates": [{"text": "hier", "value": "2024-10-01"}]}, "dates.0.text: 'hier' is not in the article"),
    ({"dates": [{"text": "2024", "value": "hier"}]}, "dates.0.value: 'hier' is no TIMEX3 date"),
    ({"entities": [{"name": "BYD", "type": "ORG"}] * 2}, "entities: 'BYD' occurs 2 times"),
    ({"published": "2024-11"}, "published: 2024-11, but the article has 2024-10"),
    ({"lang": "de"}, "lang: de, but the article has fr"),
    ({"id": "b"}, "id: 'b' is not the file's name"),
    ({"facts": [{"type": "sales"}]}, "facts.0.subject: Field required"),
]


@pytest.mark.parametrize(("change", "expected"), FLAWS, ids=str)
def test_flaws_of_gold_are_found(change: dict[str, Any], expected: str, corpus: Path) -> None:
    write_gold(corpus, change)
    assert any(str(problem).startswith(f"a.json: {expected}") for problem in lint_corpus(corpus))


def test_a_repeated_fact_is_found(corpus: Path) -> None:
    gold = json.loads((corpus / "gold" / "a.json").read_text(encoding="utf-8"))
    gold["facts"].append(gold["facts"][0] | {"quote": "puis 500 autres"})
    (corpus / "gold" / "a.json").write_text(json.dumps(gold), encoding="utf-8")
    assert [str(problem) for problem in lint_corpus(corpus)] == ["a.json: facts.1: repeats facts.0"]


def test_articles_and_gold_go_together(corpus: Path) -> None:
    (corpus / "articles" / "a.md").rename(corpus / "articles" / "b.md")
    assert {str(problem) for problem in lint_corpus(corpus)} == {
        "a.json: id: no article 'a'",
        "b: (all): an article without gold",
    }


def test_gold_that_is_no_json_is_found(corpus: Path) -> None:
    (corpus / "gold" / "a.json").write_text("{", encoding="utf-8")
    assert [problem.key for problem in lint_corpus(corpus)] == ["(all)"]


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2024-WI", "2024-12-01", "2025-02-28"),
        ("2021-04/2022-03", "2021-04-01", "2022-03-31"),
        ("2026", None, "2026-12-31"),
        ("2025-W19", "2025-05-05", "2025-05-11"),
        ("203", "2030-01-01", "2039-12-31"),
    ],
)
def test_sound_periods_have_no_problems(value: str, start: str | None, end: str | None, corpus: Path) -> None:
    write_gold(corpus, {"facts.0": days(value, start, end)})
    assert lint_corpus(corpus) == []
