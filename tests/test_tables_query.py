"""Views and questions: the same answers from every engine; a question reads the run and nothing else."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from run_of_views import ANSWERS, RUN
from small_run import article, fact, write_run
from stand_in import SENTENCE, use_stand_in
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.tables.export import Format, export
from pipeline.tables.query import QueryError, query


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_run(folder, RUN)
    export(folder, [Format.SQLITE, Format.DUCKDB])
    return folder


def ask(*args: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(args), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("sql", ANSWERS)
def test_views_answer_in_duckdb(run: Path, sql: str) -> None:
    assert list(query(run, sql).rows) == ANSWERS[sql]


@pytest.mark.parametrize("sql", ANSWERS)
def test_views_answer_in_sqlite(run: Path, sql: str) -> None:
    with closing(sqlite3.connect(run / "facts.sqlite")) as database:
        assert database.execute(sql).fetchall() == [
            tuple(float(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in ANSWERS[sql]
        ]


def test_tables_are_made_where_they_are_missing_or_outdated(tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    count = "SELECT count(*) FROM facts"
    assert list(query(tmp_path, count).rows) == [(11,)]
    made = (tmp_path / "facts.duckdb").stat()
    assert list(query(tmp_path, count).rows) == [(11,)]
    assert (tmp_path / "facts.duckdb").stat().st_ino == made.st_ino
    write_run(tmp_path, RUN[:1])
    later = made.st_mtime_ns + 1
    os.utime(tmp_path / "facts.jsonl", ns=(later, later))
    assert list(query(tmp_path, count).rows) == [(6,)]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC", "Parser Error"),
        ("SELECT nothing FROM facts", "nothing"),
        ("DROP TABLE facts", "read-only"),
        ("INSERT INTO parties (name, kind, known) VALUES ('a', 'b', true)", "read-only"),
        ("SELECT * FROM read_csv('/etc/hosts')", "disabled by configuration"),
        ("COPY facts TO '/tmp/should_not_be.csv'", "disabled by configuration"),
        ("ATTACH '/tmp/should_not_be.duckdb'", "disabled by configuration"),
        ("SET enable_external_access = true", "configuration has been locked"),
        ("", "no question"),
    ],
)
def test_a_question_that_fails_or_reaches_out_is_refused(run: Path, sql: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        query(run, sql)


def test_answers_are_printed_as_table_json_and_csv(run: Path) -> None:
    sql = (
        "SELECT subject AS model, value, low, basis, period_start, '=1' AS formula FROM facts"
        " WHERE subject_kind = 'model' OR period = '2024' ORDER BY value LIMIT 2"
    )
    table = ask("query", str(run), sql).stdout
    assert [line.strip() for line in table.split("\n") if line.strip()] == [
        "| model | value | low | basis | period_start | formula |",
        "|-------|-------|-----|-------|--------------|---------|",
        "| Tesla | 1000  |     |       | 2024-01-01   | =1      |",
        "| Tesla | 1150  |     |       | 2024-01-01   | =1      |",
    ]
    lines = ask("query", str(run), sql, "--json").stdout.splitlines()
    tesla = {"model": "Tesla", "low": None, "basis": None, "period_start": "2024-01-01", "formula": "=1"}
    assert [json.loads(line) for line in lines] == [tesla | {"value": value} for value in (1000, 1150)]
    head, first, _ = ask("query", str(run), sql, "--csv").stdout.splitlines()
    assert (head, first) == ("model,value,low,basis,period_start,formula", "Tesla,1000,,,2024-01-01,'=1")


def test_lists_structures_and_times_are_printed(run: Path) -> None:
    sql = "SELECT basis, {'a': value} AS s, TIMESTAMP '2024-01-02 03:04:05' AS t FROM prices_by_model_x"
    sql = sql.replace("prices_by_model_x", "facts WHERE basis IS NOT NULL")
    (line,) = ask("query", str(run), sql, "--json").stdout.splitlines()
    assert json.loads(line) == {"basis": ["after_subsidy"], "s": {"a": 28990.5}, "t": "2024-01-02T03:04:05"}
    assert '["after_subsidy"]' in ask("query", str(run), sql).stdout


# ---- commands


def test_export_says_where_the_tables_are(run: Path, tmp_path: Path) -> None:
    said = ask("export", str(run), "--to", "csv,parquet", "--to", "sqlite", "--output", str(tmp_path), "--excel").stderr
    assert said == f"11 facts in tables; see {tmp_path}/csv, {tmp_path}/parquet, {tmp_path}/facts.sqlite\n"
    assert (tmp_path / "csv" / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    write_run(tmp_path, [article("a", None, fact("x", "price", "model:X", "1e18 EUR"))])
    assert "left out: " in ask("export", str(tmp_path), "--to", "csv").stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["export", "RUN", "--to", "xlsx"], "no format 'xlsx'; there are: jsonld, csv, parquet, sqlite, duckdb"),
        (["export", "RUN"], "Missing option '--to'"),
        (["export", "NOWHERE", "--to", "csv"], "not the folder of a run of extract"),
        (["query", "NOWHERE", "SELECT 1"], "not the folder of a run of extract"),
        (["query", "RUN", "SELEC"], "autofacts: Parser Error"),
        (["extract", "RUN", "--output", "OUT", "--format", "xlsx"], "no format 'xlsx'; there are: jsonl, csv, parquet"),
    ],
)
def test_what_cannot_be_done_is_said_with_code_2(run: Path, tmp_path: Path, args: list[str], message: str) -> None:
    places = {"RUN": str(run), "NOWHERE": str(tmp_path / "nowhere"), "OUT": str(tmp_path / "out")}
    assert message in " ".join(ask(*(places.get(arg, arg) for arg in args), code=2).stderr.split())
    assert not (tmp_path / "out").exists()


def test_extract_writes_tables_beside_the_json_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_in(monkeypatch)
    (tmp_path / "a.txt").write_text(f" date 2024-10 {SENTENCE}", encoding="utf-8")
    out = tmp_path / "out"
    ask("extract", str(tmp_path / "a.txt"), "--output", str(out), "--format", "jsonl,csv", "--format", "sqlite")
    assert sorted(path.name for path in out.glob("[!.]*")) == [
        "articles.jsonl",
        "csv",
        "errors.jsonl",
        "facts.jsonl",
        "facts.sqlite",
        "run.json",
    ]


@pytest.mark.parametrize("hours", [-1000, 1000])
def test_tables_of_old_files_are_told_whatever_the_clock_says(tmp_path: Path, hours: int) -> None:
    """The files of the run were written while the clock was wrong."""
    run = tmp_path
    write_run(run, RUN)
    query(run, "SELECT 1")
    path = run / "facts.jsonl"
    path.write_text("", encoding="utf-8")
    stamp = path.stat().st_mtime + 3600 * hours
    for name in ("facts.jsonl", "articles.jsonl"):
        os.utime(run / name, (stamp, stamp))
    assert list(query(run, "SELECT count(*) FROM facts").rows) == [(0,)]
