"""Tables: every format holds what the JSON lines hold, appears whole, and says what it cannot hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_of_tables import RUN
from small_run import article, fact, write_run
from tables_back import READERS, facts_back
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.tables import writer
from pipeline.tables.csv_files import guarded, unguarded
from pipeline.tables.export import Exported, Format, export, parse_formats
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.shape import Column, Table, Type
from pipeline.tables.sql import Dialect, create_table
from pipeline.tables.values import json_value, number, plain_number

GOLDEN = Path(__file__).parent / "golden" / "tables"
TARGETS = {"csv": "csv", "parquet": "parquet", "sqlite": "facts.sqlite", "duckdb": "facts.duckdb"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_run(folder, RUN)
    return folder


@pytest.fixture(scope="module")
def tables(run: Path) -> Exported:
    return export(run, list(Format))


# ---- what is written


def test_all_formats_are_written_in_one_pass(run: Path, tables: Exported) -> None:
    assert tables == Exported(3, 8, tuple(run / TARGETS[f] for f in Format), ())
    assert not list(run.rglob("*.partial")) + list(run.rglob("*.wal"))


@pytest.mark.parametrize("format", TARGETS)
def test_every_fact_comes_back_equal(run: Path, tables: Exported, format: str) -> None:
    lines = (run / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    back = facts_back(READERS[format](run / TARGETS[format]))
    assert [json.loads(one.model_dump_json()) for one in back] == [json.loads(line) for line in lines]


@pytest.mark.parametrize("format", TARGETS)
def test_every_article_comes_back_equal(run: Path, tables: Exported, format: str) -> None:
    rows = READERS[format](run / TARGETS[format])
    lines = [json.loads(line) for line in (run / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    for row, line in zip(rows["articles"], lines, strict=True):
        for key in ("path", "title", "lang", "published", "published_origin", "text", "sha256"):
            assert row[key] == line[key]
        assert (row["article_id"], row["characters"]) == (line["id"], len(line["text"]))
    found = [(r["article_id"], r["mention"], r["text"], r["timex"], r["value"], r["name"]) for r in rows["mentions"]]
    assert found == [
        ("a", "date", "fin 2024", "2024", None, None),
        ("a", "quantity", "20 000", None, 20000, None),
        ("a", "entity", "Renault", None, None, "Renault"),
    ]


@pytest.mark.parametrize("format", TARGETS)
def test_publication_dates_have_a_first_and_a_last_day(run: Path, tables: Exported, format: str) -> None:
    rows = READERS[format](run / TARGETS[format])["articles"]
    assert [(str(r["published_start"]), str(r["published_end"])) for r in rows] == [
        ("2024-10-03", "2024-10-03"),
        ("2024-01-01", "2024-12-31"),
        ("None", "None"),
    ]


@pytest.mark.parametrize("format", TARGETS)
def test_parties_are_known_by_the_gazetteer_or_not(run: Path, tables: Exported, format: str) -> None:
    rows = READERS[format](run / TARGETS[format])["parties"]
    found = {row["name"]: tuple(row.values()) for row in rows}
    assert found["Renault 5"] == ("Renault 5", "model", True, "Renault", "Renault Group", "FR")
    assert found["France"][:3] == ("France", "place", True)
    assert found["=SUM(A1:A9)"] == ("=SUM(A1:A9)", "market", False, None, "=SUM(A1:A9)", None)
    assert len(rows) == len({(row["name"], row["kind"]) for row in rows})


# Not `parties`: what it holds changes with the gazetteer.
@pytest.mark.parametrize(
    "name", [table.name for table in FACTS_SHAPE.tables if table.parent or table.name == "articles"]
)
def test_csv_is_the_golden_file(run: Path, tables: Exported, name: str) -> None:
    assert (run / "csv" / f"{name}.csv").read_bytes() == (GOLDEN / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("format", ["csv", "parquet", "sqlite"])
def test_a_second_export_writes_the_same_bytes(run: Path, tables: Exported, tmp_path: Path, format: str) -> None:
    export(run, [Format(format)], output=tmp_path)
    for path in sorted(p for p in tmp_path.rglob("*") if p.is_file()):
        assert path.read_bytes() == (run / path.relative_to(tmp_path)).read_bytes()


# ---- CSV in spreadsheets


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+33 1 23", "'+33 1 23"),
        ("-2,4 %", "'-2,4 %"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("＝1", "'＝1"),
        ("＠x", "'＠x"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'t Hof", "'t Hof"),
        ("Renault", "Renault"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_a_formula_is_guarded_and_comes_back(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


@given(st.text())
def test_guarded_cells_always_come_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_negative_numbers_stay_numbers(run: Path, tables: Exported) -> None:
    text = (run / "csv" / "facts.csv").read_text(encoding="utf-8")
    assert ",-33.333333333333336," in text
    assert ",-10000000000," in text
    assert "'=cmd|" in text


def test_csv_for_excel_has_the_signature_and_cells_that_fit(tmp_path: Path) -> None:
    write_run(tmp_path, [article("a", None, text="é" * 40_000)])
    export(tmp_path, [Format.CSV], excel=True)
    content = (tmp_path / "csv" / "articles.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert (len(row["text"]), row["characters"]) == (32_767, "40000")


# ---- what does not fit, and what is no run


def test_a_figure_that_no_column_holds_is_left_out_and_told(tmp_path: Path) -> None:
    write_run(tmp_path, [article("a", None, fact("x", "price", "model:X", "1e18 EUR"), fact("y", "price", "model:Y"))])
    done = export(tmp_path, [Format.CSV])
    assert done.facts == 1
    assert done.left_out == (f"{tmp_path}/facts.jsonl, line 1: 1.000E+18 has more than 18 digits before the point",)


def test_a_mention_that_no_column_holds_takes_no_article_with_it(tmp_path: Path) -> None:
    write_run(tmp_path, [article("a", None, fact("20 000", "price", "model:X", "1 EUR"))])
    path = tmp_path / "articles.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"value":20000', '"value":1e30'), encoding="utf-8")
    done = export(tmp_path, [Format.CSV])
    assert (done.articles, done.facts) == (1, 1)
    assert done.left_out == (
        f"{path}, line 1: the figure '20 000': 1.000E+30 has more than 18 digits before the point",
    )


@pytest.mark.parametrize(
    ("facts", "articles", "message"),
    [
        ("{}\n", None, "facts.jsonl, line 1: id: Field required"),
        ("nonsense\n", None, "facts.jsonl, line 1: (all): Invalid JSON"),
        ("FACT\nFACT\n", None, "facts.jsonl, line 2: the id 'f:"),
        ("FACT\n", "", "facts.jsonl, line 1: the article 'a' is not in articles.jsonl"),
        ("FACT\n", "{}\n", "articles.jsonl, line 1: id: Field required"),
        ("FACT\n", "ARTICLE\nARTICLE\n", "articles.jsonl, line 2: the id 'a' stands twice"),
    ],
)
def test_a_broken_run_is_refused_and_nothing_is_written(
    tmp_path: Path, facts: str, articles: str | None, message: str
) -> None:
    write_run(tmp_path, [article("a", None, fact("x", "price", "model:X", "1 EUR"))])
    for path, text in ((tmp_path / "facts.jsonl", facts), (tmp_path / "articles.jsonl", articles)):
        if text is not None:
            line = path.read_text(encoding="utf-8").rstrip("\n")
            path.write_text(text.replace("FACT", line).replace("ARTICLE", line), encoding="utf-8")
    with pytest.raises(ValueError, match=r".") as error:
        export(tmp_path, list(Format), output=tmp_path / "out")
    assert message in str(error.value)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_a_failed_export_leaves_the_earlier_one(tmp_path: Path) -> None:
    write_run(tmp_path, [article("a", None, fact("x", "price", "model:X", "1 EUR"))])
    export(tmp_path, list(Format))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "facts.jsonl").write_text("nonsense", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        export(tmp_path, list(Format))
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {p: b for p, b in after.items() if p.name != "facts.jsonl"} == {
        p: b for p, b in before.items() if p.name != "facts.jsonl"
    }


def test_no_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"articles\.jsonl: not the folder of a run"):
        export(tmp_path, [Format.CSV])


@pytest.mark.parametrize("format", ["parquet", "duckdb"])
def test_a_missing_library_is_named_with_its_extra(
    run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, format: str
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(writer, "import_module", missing)
    with pytest.raises(ImportError, match=r"pip install 'autofacts\[tables\]'"):
        export(run, [Format(format)], output=tmp_path)
    result = CliRunner().invoke(app, ["extract", str(run), "--output", str(tmp_path / "out"), "--format", format])
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


# ---- values


@pytest.mark.parametrize(
    ("words", "formats"),
    [
        (["csv"], ["csv"]),
        (["duckdb,csv"], ["csv", "duckdb"]),
        (["jsonl, sqlite", "parquet"], ["parquet", "sqlite"]),
        (["jsonl"], []),
        ([], []),
    ],
)
def test_formats_are_named_with_commas_or_one_by_one(words: Sequence[str], formats: Sequence[str]) -> None:
    assert parse_formats(words, also=["jsonl"]) == formats


@pytest.mark.parametrize("word", ["xlsx", "CSV", "", "csv,", "jsonl"])
def test_unknown_formats_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match="no format"):
        parse_formats([word])


@pytest.mark.parametrize(
    ("value", "text", "json_number"),
    [
        ("21400", "21400", 21400),
        ("21400.000", "21400", 21400),
        ("2E+4", "20000", 20000),
        ("-2.40", "-2.4", -2.4),
        ("0.00", "0", 0),
        ("-0", "0", 0),
        ("1E-18", "0.000000000000000001", 1e-18),
        ("100", "100", 100),
    ],
)
def test_numbers_are_written_plainly(value: str, text: str, json_number: float) -> None:
    assert plain_number(Decimal(value)) == text
    assert json_value(Decimal(value)) == json_number


def test_numbers_are_rounded_behind_the_eighteenth_digit() -> None:
    assert number(Decimal("123456789012345678.1234567890123456785")) == Decimal("123456789012345678.123456789012345678")
    with pytest.raises(ValueError, match="18 digits"):
        number(Decimal(10**18))


def test_a_row_has_the_columns_of_its_table() -> None:
    table = Table("t", "", (Column("a", Type.TEXT, "", key=True), Column("b", Type.INTEGER, "")))
    assert table.row({"a": "x"}) == ("x", None)
    with pytest.raises(KeyError, match="c"):
        table.row({"a": "x", "c": 1})
    with pytest.raises(ValueError, match=r"t\.a is empty"):
        table.row({"b": 1})


@pytest.mark.parametrize("dialect", list(Dialect))
def test_ddl_names_types_and_keys(dialect: Dialect) -> None:
    parent = Table("p", "", (Column("a", Type.TEXT, "", key=True),))
    child = Table("c", "", (*parent.columns, Column("b", Type.DECIMAL, "", needed=True)), "p", "a")
    text, kind = {
        Dialect.SQLITE: ("TEXT", "NUMERIC"),
        Dialect.DUCKDB: ("VARCHAR", "DECIMAL(38, 18)"),
        Dialect.POSTGRESQL: ("text", "numeric"),
    }[dialect]
    cascade = "" if dialect is Dialect.DUCKDB else " ON DELETE CASCADE"
    assert create_table(child, dialect) == (
        f"CREATE TABLE c (\n  a {text} NOT NULL,\n  b {kind} NOT NULL,\n  PRIMARY KEY (a),\n"
        f"  FOREIGN KEY (a) REFERENCES p{cascade}\n)"
    )


# ---- whatever the facts are

# What JSON carries of a figure: whole numbers, and doubles.
FIGURES = st.integers(-(10**18) + 1, 10**18 - 1).map(str) | st.floats(-1e15, 1e15, allow_nan=False).filter(
    lambda x: x == 0 or abs(x) > 1e-2
).map(repr)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    text = draw(TEXTS)
    form = fact(text, draw(TEXTS), f"company:{draw(TEXTS)}", f"{draw(FIGURES)} EUR")
    form["basis"] = draw(st.none() | st.lists(TEXTS, max_size=3))
    form["object"] = draw(st.none() | TEXTS.map(lambda name: f"model:{name}"))
    form["previous"] = draw(st.none() | FIGURES.map(lambda figure: f"{figure} km@P1Y"))
    form["period"] = draw(st.none() | st.sampled_from(["2024-10", "2024-Q3", "1999", "2024-01/2024-09"]))
    form["spans"] = {"subject": text} if draw(st.booleans()) else {}
    return form


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(forms(), min_size=1, max_size=4))
def test_whatever_is_exported_comes_back(tmp_path_factory: pytest.TempPathFactory, made: list[dict[str, Any]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    articles = [article(str(at), None, form) for at, form in enumerate(made)]
    written = [one.model_dump_json() for one in write_run(folder, articles)]
    export(folder, list(Format))
    for format, target in TARGETS.items():
        back = facts_back(READERS[format](folder / target))
        assert [one.model_dump_json() for one in back] == written, format
