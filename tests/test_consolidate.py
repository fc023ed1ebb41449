"""Facts across articles: which state the same, and the verdict on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_run import article, fact, figure, write_run
from tables_back import READERS
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.consolidate.figures import Conversion, figure_of, load_rounding
from pipeline.consolidate.run import Consolidated, ConsolidateOptions, consolidate
from pipeline.consolidate.tables import CONSOLIDATED_SHAPE
from pipeline.consolidate.times import event_days
from pipeline.schema import Mod, Period, Quantity
from pipeline.tables.export import Format
from pipeline.units import load_units

GOLDEN = Path(__file__).parent / "golden" / "consolidate" / "consolidated.jsonl"
Told = tuple[str | None, str | None, dict[str, Any]]


def groups(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "consolidated.jsonl").read_text(encoding="utf-8").splitlines()]


def told(folder: Path, statements: Sequence[Told], **common: Any) -> list[tuple[str, list[str]]]:
    """The verdicts and relations of the groups that statements (date, figure, slots) of one article each make."""
    slots = {"type": "deliveries", "subject": "company:Tesla", "period": "2024", "modality": "planned"} | common
    articles = [
        article(f"a{at}", published, fact(f"Phrase {at}.", **(slots | more), quantity=quantity))
        for at, (published, quantity, more) in enumerate(statements)
    ]
    write_run(folder, articles)
    consolidate(folder)
    return sorted((group["verdict"], [d["relation"] for d in group["differences"]]) for group in groups(folder))


# ---- figures


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("75000 vehicle", "75000 vehicle", "agree"),
        ("75000 vehicle", "75120 vehicle", "agree"),
        ("75000 vehicle", "76000 vehicle", "exclude"),
        ("75000 vehicle", "75600 vehicle", "exclude"),
        ("75000 vehicle", "75000.5 vehicle", "agree"),
        ("75230 vehicle", "75240 vehicle", "exclude"),
        ("200000 vehicle", "238000 vehicle", "exclude"),
        ("1810000 vehicle", "1800000 vehicle", "agree"),
        ("about 75000 vehicle", "75120 vehicle", "agree"),
        ("about 75000 vehicle", "78000 vehicle", "agree"),
        ("about 75000 vehicle", "80000 vehicle", "exclude"),
        ("nearly 5000 person", "4900 person", "agree"),
        ("more_than 20000 vehicle", "20940 vehicle", "agree"),
        ("more_than 20000 vehicle", "40000 vehicle", "compatible"),
        ("more_than 20000 vehicle", "19000 vehicle", "exclude"),
        ("at_least 20000 EUR", "at_least 25000 EUR", "exclude"),
        ("at_least 20000 EUR", "more_than 20000 EUR", "agree"),
        ("at_least 20000 EUR", "at_most 30000 EUR", "compatible"),
        ("at_most 20000 EUR", "at_least 30000 EUR", "exclude"),
        ("at_most 20000 EUR", "19500 EUR", "agree"),
        ("25000..30000 EUR", "28000 EUR", "agree"),
        ("25000..30000 EUR", "31000 EUR", "exclude"),
        ("25000..30000 EUR", "25000..30000 EUR", "agree"),
        ("25000..30000 EUR", "27000..32000 EUR", "exclude"),
        ("more_than -2000000000 EUR", "-2100000000 EUR", "agree"),
        ("more_than -2000000000 EUR", "-1500000000 EUR", "exclude"),
        ("-2.4 %", "2.4 %", "exclude"),
        ("0 %", "0 %", "agree"),
        ("0 %", "0.1 %", "exclude"),
        ("208 ch", "153 kW", "agree"),
        ("0.5 h", "30 min", "agree"),
        ("1 h", "30 min", "exclude"),
    ],
)
def test_figures_agree_exclude_each_other_or_are_compatible(one: str, other: str, relation: str) -> None:
    a, b = (
        figure_of(Quantity.model_validate(figure(text)), load_units(), Conversion(), load_rounding())
        for text in (one, other)
    )
    for left, right in ((a, b), (b, a)):
        found = "agree" if left.agrees(right) else "exclude" if left.excludes(right) else "compatible"
        assert found == relation


@given(st.decimals(-(10**12), 10**12, places=2), st.decimals(-(10**12), 10**12, places=2), st.data())
@settings(max_examples=60)
def test_agreement_is_symmetric_and_never_excludes(one: Decimal, other: Decimal, data: st.DataObject) -> None:
    words = st.sampled_from(["exact", "about", "more_than", "at_most", "nearly"])
    a, b = (
        figure_of(
            Quantity(value=value, unit="EUR", qualifier=data.draw(words)), load_units(), Conversion(), load_rounding()
        )
        for value in (one, other)
    )
    assert a.agrees(a)
    assert a.agrees(b) == b.agrees(a)
    assert a.excludes(b) == b.excludes(a)
    assert not (a.agrees(b) and a.excludes(b))


@pytest.mark.parametrize(
    ("mod", "days"),
    [
        (None, "2025-01-01 2025-12-31"),
        (Mod.START, "2025-01-01 2025-05-01"),
        (Mod.MID, "2025-05-02 2025-08-31"),
        (Mod.END, "2025-09-01 2025-12-31"),
        (Mod.APPROX, "2025-01-01 2025-12-31"),
    ],
)
def test_a_modifier_leaves_a_third_of_the_year(mod: Mod | None, days: str) -> None:
    found = event_days(Period(value="2025", mod=mod, start="2025-01-01", end="2025-12-31"))
    assert f"{found.first} {found.last}" == days


# ---- verdicts

N = "75000 vehicle"
CASES: dict[str, tuple[list[Told], dict[str, Any], list[tuple[str, list[str]]]]] = {
    "one article": ([("2024-01", N, {})], {}, [("single", [])]),
    "the same in two": ([("2024-01", N, {}), ("2024-02", "about 75100 vehicle", {})], {}, [("agree", [])]),
    "75 000 here, 76 000 there": (
        [("2024-01", N, {}), ("2024-02", "76000 vehicle", {})],
        {"modality": "actual"},
        [("contradict", ["contradicts"])],
    ),
    "more than 20 000, and 40 000": (
        [("2024-01", "more_than 20000 vehicle", {}), ("2024-02", "40000 vehicle", {})],
        {"modality": "actual"},
        [("compatible", [])],
    ),
    "an aim raised": ([("2024-01", N, {}), ("2024-05", "80000 vehicle", {})], {}, [("revised", ["raised"])]),
    "an aim raised, then lowered": (
        [("2024-01", N, {}), ("2024-05", "80000 vehicle", {}), ("2024-09-03", "70000 vehicle", {})],
        {},
        [("revised", ["raised", "lowered"])],
    ),
    "an aim of two figures on one day": (
        [("2024-01-02", N, {}), ("2024-01-02", "80000 vehicle", {})],
        {},
        [("contradict", ["contradicts"])],
    ),
    "the month of one holds the day of the other": (
        [("2024-01", N, {}), ("2024-01-20", "80000 vehicle", {})],
        {},
        [("contradict", ["contradicts"])],
    ),
    "no dates of publication": ([(None, N, {}), (None, "80000 vehicle", {})], {}, [("contradict", ["contradicts"])]),
    "a range moved": (
        [("2024-01", "70000..75000 vehicle", {}), ("2024-05", "60000..65000 vehicle", {})],
        {},
        [("revised", ["lowered"])],
    ),
    "an aim abandoned": (
        [("2024-01", N, {}), ("2024-05", N, {"polarity": "negative"})],
        {},
        [("revised", ["abandoned"])],
    ),
    "analysts who differ": (
        [("2024-01", N, {"source": "CNBC"}), ("2024-05", "80000 vehicle", {"source": "Reuters"})],
        {"modality": "forecast"},
        [("contradict", ["contradicts"])],
    ),
    "an analyst who corrects himself": (
        [("2024-01", N, {"source": "CNBC"}), ("2024-05", "80000 vehicle", {"source": "cnbc"})],
        {"modality": "forecast"},
        [("revised", ["raised"])],
    ),
    "an aim and a forecast": (
        [("2024-01", N, {}), ("2024-05", "80000 vehicle", {"modality": "forecast"})],
        {},
        [("single", []), ("single", [])],
    ),
    "another period": (
        [("2024-01", N, {}), ("2024-05", "80000 vehicle", {"period": "2025"})],
        {},
        [("single", []), ("single", [])],
    ),
    "the same days in other words": (
        [("2024-01", N, {"period": "2024-Q1"}), ("2024-05", N, {"period": "2024-01/2024-03"})],
        {},
        [("agree", [])],
    ),
    "other spellings of the party": (
        [("2024-01", N, {"subject": "company:Zoltra S.A."}), ("2024-05", N, {"subject": "brand:ZOLTRA"})],
        {},
        [("agree", [])],
    ),
    "an alias of the gazetteer": (
        [("2024-01", N, {"subject": "brand:Volkswagen"}), ("2024-05", N, {"subject": "company:Groupe Volkswagen"})],
        {},
        [("single", []), ("single", [])],
    ),
    "another place": (
        [("2024-01", N, {"place": "France:FR"}), ("2024-05", "80000 vehicle", {"place": "Chine:CN"})],
        {},
        [("single", []), ("single", [])],
    ),
    "the order of the basis": (
        [("2024-01", N, {"basis": ["net", "group_share"]}), ("2024-05", N, {"basis": ["group_share", "net"]})],
        {},
        [("agree", [])],
    ),
    "two units of one dimension": (
        [("2024-01", "208 ch", {}), ("2024-05", "153 kW", {})],
        {"type": "power", "subject": "model:Peugeot 208 GTi", "modality": "actual"},
        [("agree", [])],
    ),
    "two currencies": (
        [("2024-01", "30000 EUR", {}), ("2024-05", "33000 USD", {})],
        {"type": "price", "subject": "model:MG4", "modality": "actual", "period": None},
        [("single", []), ("single", [])],
    ),
    "a price that changed": (
        [("2023", "30000 EUR", {}), ("2024-05", "28000 EUR", {})],
        {"type": "price", "subject": "model:MG4", "modality": "actual", "period": None},
        [("changed", ["lowered"])],
    ),
    "amounts without a period are no one thing": (
        [("2023", "30000000 EUR", {}), ("2024-05", "28000000 EUR", {}), ("2024-06", "28000000 EUR", {})],
        {"type": "investment", "modality": "actual", "period": None},
        [("agree", []), ("single", [])],
    ),
    "a launch put off": (
        [("2023", None, {"period": "2024"}), ("2024", None, {"period": "2025-03"})],
        {"type": "launch", "object": "model:Tesla Cybertruck"},
        [("revised", ["delayed"])],
    ),
    "a launch brought forward within the year": (
        [("2023", None, {"mod": "END"}), ("2024", None, {"mod": "START"})],
        {"type": "launch", "object": "model:Tesla Cybertruck"},
        [("revised", ["brought_forward"])],
    ),
    "a launch told more closely": (
        [
            ("2023", None, {"period": "2024"}),
            ("2024", None, {"period": "2024-03-05"}),
            ("2024", None, {"period": None}),
        ],
        {"type": "launch", "object": "model:Tesla Cybertruck"},
        [("agree", [])],
    ),
    "what has happened may happen again": (
        [("2013", None, {"period": "2013"}), ("2020", None, {"period": "2020"})],
        {"type": "partnership", "object": "company:Panasonic", "modality": "actual"},
        [("single", []), ("single", [])],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_verdicts(tmp_path: Path, case: str) -> None:
    statements, common, verdicts = CASES[case]
    assert told(tmp_path, statements, **common) == verdicts


@pytest.mark.parametrize("case", [case for case in CASES if len(CASES[case][0]) == 3])
def test_the_order_of_the_files_makes_no_difference(tmp_path: Path, case: str) -> None:
    statements, common, verdicts = CASES[case]
    for at, order in enumerate(permutations(statements)):
        assert told(tmp_path / str(at), order, **common) == verdicts


def test_one_article_with_several_figures_speaks_of_several_things(tmp_path: Path) -> None:
    versions = [fact(f"Version à {n}.", "price", "model:MG4", f"{n} EUR") for n in (28000, 33000)]
    write_run(
        tmp_path,
        [
            article("a", "2024", *versions),
            article("b", "2025", fact("À 28 000.", "price", "model:MG4", "28000 EUR")),
        ],
    )
    consolidate(tmp_path)
    assert sorted((g["verdict"], g["articles"]) for g in groups(tmp_path)) == [("agree", 2), ("single", 1)]


def test_the_tightest_of_those_that_agree_stands_and_of_a_revision_the_last(tmp_path: Path) -> None:
    def stands(*figures: str, modality: str) -> str | None:
        told(tmp_path, [(f"2024-0{at}", text, {}) for at, text in enumerate(figures, 1)], modality=modality)
        (group,) = groups(tmp_path)
        return next((s["sentence"] for s in group["statements"] if s["fact_id"] == group["stands"]), None)

    assert stands("about 75000 vehicle", "75120 vehicle", "more_than 75000 vehicle", modality="actual") == "Phrase 1."
    assert stands("75000 vehicle", "80000 vehicle", modality="planned") == "Phrase 1."
    assert stands("75000 vehicle", "80000 vehicle", modality="actual") is None


# ---- conversion

PRICES = [
    article("a", "2024-01", fact("À 30 000 €.", "price", "model:MG4", "30000 EUR")),
    article(
        "b",
        "2024-01",
        fact("À 33 000 $.", "price", "model:MG4", "33000 USD"),
        fact("208 ch", "power", "model:MG4", "208 ch"),
    ),
]


def conversion(*into: str, **rates: str) -> Conversion:
    return Conversion.of(into, {key: Decimal(rate) for key, rate in rates.items()}, load_units())


def test_currencies_are_converted_at_a_rate_that_is_named(tmp_path: Path) -> None:
    write_run(tmp_path, PRICES)
    consolidate(tmp_path, options=ConsolidateOptions(conversion=conversion("EUR", "kW", USD="0.92")))
    price, power = sorted(groups(tmp_path), key=lambda group: group["type"], reverse=True)
    assert (price["verdict"], power["verdict"]) == ("agree", "single")
    euros, dollars = sorted(price["statements"], key=lambda each: each["article_id"])
    assert (euros["converted"], euros["rate"]) == (None, None)
    assert (dollars["quantity"]["value"], dollars["quantity"]["unit"]) == (33000, "USD")
    assert (dollars["converted"]["value"], dollars["converted"]["unit"], dollars["rate"]) == (30360, "EUR", 0.92)
    (watts,) = power["statements"]
    assert (watts["converted"]["value"], watts["converted"]["unit"], watts["rate"]) == (152.98374, "kW", None)


def test_nothing_is_converted_unless_asked(tmp_path: Path) -> None:
    write_run(tmp_path, PRICES)
    consolidate(tmp_path)
    assert [s["converted"] for g in groups(tmp_path) for s in g["statements"]] == [None] * 3
    assert {g["verdict"] for g in groups(tmp_path)} == {"single"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--into", "bushel"], "unknown unit 'bushel'"),
        (["--into", "EUR", "--into", "USD"], "EUR and USD are of one dimension"),
        (["--rate", "USD=0.92"], "rates say nothing without a currency"),
        (["--into", "EUR", "--rate", "USD"], "'USD' is not of the form USD=0.92"),
        (["--into", "EUR", "--rate", "USD=-1"], "the rate of USD is no positive number"),
        (["--into", "EUR", "--rate", "USD=NaN"], "the rate of USD is no positive number"),
        (["--into", "EUR", "--rate", "dollar=1"], "'dollar' is no currency"),
        (["--into", "EUR", "--rate", "EUR=1"], "the rate of EUR is that of the currency to convert into"),
        (["--format", "xlsx"], "no format 'xlsx'"),
    ],
)
def test_what_cannot_be_done_is_said_with_code_2(tmp_path: Path, args: list[str], message: str) -> None:
    write_run(tmp_path, PRICES)
    result = run("consolidate", str(tmp_path), *args, code=2)
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert not (tmp_path / "consolidated.jsonl").exists()


def run(*args: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(args), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


# ---- what is written

AIM = {"type": "deliveries", "subject": "company:Xiaomi", "period": "2024", "modality": "planned"}
DONE = {"type": "deliveries", "subject": "company:Xiaomi", "period": "2024-01/2024-10"}
LAUNCH = {"type": "launch", "subject": "company:Xiaomi", "object": "model:Xiaomi YU7", "modality": "planned"}
STORY = [
    article("a", "2023-11", fact("Xiaomi vise 76 000 voitures.", quantity="76000 vehicle", **AIM)),
    article(
        "b",
        "2024-05-23",
        fact("Xiaomi vise désormais 100 000 voitures.", quantity="100000 vehicle", source="Xiaomi", **AIM),
        fact("Le SUV sortira en 2024.", period="2024", **LAUNCH),
    ),
    article(
        "c",
        "2024-11",
        fact("75 000 livraisons.", quantity="75000 vehicle", **DONE),
        fact("Le SUV sortira mi-2025.", period="2025", mod="MID", **LAUNCH),
    ),
    article("d", "2024-11-12", fact("76 000 livraisons.", quantity="76000 vehicle", **DONE)),
]


def test_groups_are_those_of_the_golden_file(tmp_path: Path) -> None:
    write_run(tmp_path, STORY)
    done = consolidate(tmp_path)
    assert (tmp_path / "consolidated.jsonl").read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8")
    assert done == Consolidated(6, {"contradict": 1, "revised": 2}, (tmp_path / "consolidated.jsonl",), ())  # type: ignore[arg-type]


@pytest.mark.parametrize("format", READERS)
def test_tables_hold_what_the_groups_hold(tmp_path: Path, format: str) -> None:
    write_run(tmp_path, STORY)
    consolidate(tmp_path, options=ConsolidateOptions(formats=[Format(format)]))
    target = tmp_path / (format if format in ("csv", "parquet") else f"consolidated.{format}")
    rows = READERS[format](target, CONSOLIDATED_SHAPE)
    told_groups = groups(tmp_path)
    assert [(r["group_id"], r["verdict"], r["articles"], r["stands"]) for r in rows["groups"]] == [
        (g["id"], g["verdict"], g["articles"], g["stands"]) for g in told_groups
    ]
    assert [(r["group_id"], r["fact_id"], r["value"], r["sentence"]) for r in rows["statements"]] == [
        (g["id"], s["fact_id"], (s["quantity"] or {}).get("value"), s["sentence"])
        for g in told_groups
        for s in g["statements"]
    ]
    assert [(r["group_id"], r["relation"], r["earlier"], r["later"]) for r in rows["differences"]] == [
        (g["id"], d["relation"], d["earlier"], d["later"]) for g in told_groups for d in g["differences"]
    ]


def test_the_command_counts_the_verdicts(tmp_path: Path) -> None:
    write_run(tmp_path, STORY)
    said = run("consolidate", str(tmp_path), "--output", str(tmp_path / "out"), "--format", "csv").stderr
    assert said == (
        f"6 facts in groups: 1 contradict, 2 revised; see {tmp_path}/out/consolidated.jsonl, {tmp_path}/out/csv\n"
    )


def test_unsure_facts_and_unknown_units_are_left_out(tmp_path: Path) -> None:
    write_run(
        tmp_path,
        [
            article("a", None, fact("x", "price", "model:X", "1 EUR", confidence=0.4)),
            article("b", None, fact("y", "price", "model:X", "1 bushel"), fact("z", "price", "model:X", "1 EUR")),
        ],
    )
    done = consolidate(tmp_path, options=ConsolidateOptions(least_confidence=0.5))
    assert done.facts == 1
    assert done.left_out == (f"{tmp_path}/facts.jsonl, line 2: unknown unit 'bushel'",)


def test_a_broken_run_leaves_the_earlier_groups(tmp_path: Path) -> None:
    write_run(tmp_path, STORY)
    consolidate(tmp_path)
    before = (tmp_path / "consolidated.jsonl").read_bytes()
    (tmp_path / "facts.jsonl").write_text("nonsense", encoding="utf-8")
    assert "facts.jsonl, line 1" in run("consolidate", str(tmp_path), code=2).stderr
    assert (tmp_path / "consolidated.jsonl").read_bytes() == before
    assert not list(tmp_path.glob(".*"))
