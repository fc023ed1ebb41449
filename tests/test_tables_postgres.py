"""PostgreSQL: a real server takes the tables, keeps them up to date by key, and is migrated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres_server import running_server
from psycopg import sql
from psycopg.rows import dict_row
from run_of_tables import RUN
from run_of_views import ANSWERS
from run_of_views import RUN as ASKED_RUN
from small_run import article, fact, write_run
from tables_back import facts_back
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.postgres import Changes, LoadError, load

Asked = Callable[[str], list[dict[str, Any]]]
NONE = Changes(0, 0, 0)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture
def url(server: str) -> Iterator[str]:
    """The server, with nothing in it."""
    yield server
    with psycopg.connect(server) as database:
        for (name,) in database.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information'"):
            database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        database.execute("CREATE SCHEMA public")


@pytest.fixture
def ask(url: str) -> Asked:
    def asked(question: str) -> list[dict[str, Any]]:
        with psycopg.connect(url, row_factory=dict_row) as database:
            return database.execute(question).fetchall()

    return asked


def ids(ask: Asked, table: str, key: str) -> list[str]:
    return [row[key] for row in ask(f"SELECT {key} FROM {table} ORDER BY {key}")]


def test_what_is_loaded_comes_back_equal(url: str, ask: Asked, tmp_path: Path) -> None:
    facts = write_run(tmp_path, RUN)
    loaded = load(tmp_path, url)
    assert (loaded.articles, loaded.facts, loaded.left_out) == (3, 8, ())
    assert loaded.changes["facts"] == Changes(8, 0, 0)
    rows = {table.name: ask(f"SELECT * FROM {table.name}") for table in FACTS_SHAPE.tables}
    back = {one.id: one for one in facts_back(rows)}
    assert {key: json.loads(one.model_dump_json()) for key, one in back.items()} == {
        one.id: json.loads(one.model_dump_json()) for one in facts
    }
    assert {row["article_id"]: row["text"] for row in rows["articles"]} == {a["id"]: a["text"] for a in RUN}
    assert len(rows["mentions"]) == 3


def test_loading_twice_changes_nothing(url: str, ask: Asked, tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    load(tmp_path, url)
    # xmin is the transaction that wrote a row last, ctid its place on disk.
    written = [ask(f"SELECT xmin, ctid, t::text FROM {table.name} t ORDER BY 3") for table in FACTS_SHAPE.tables]
    again = load(tmp_path, url)
    assert set(again.changes.values()) == {NONE}
    assert [ask(f"SELECT xmin, ctid, t::text FROM {table.name} t ORDER BY 3") for table in FACTS_SHAPE.tables] == (
        written
    )


def test_a_new_version_of_an_article_replaces_its_facts_and_no_others(url: str, ask: Asked, tmp_path: Path) -> None:
    kept, gone, other = (fact(word, "price", f"model:{word}", "1 EUR") for word in ("Kept", "Gone", "Other"))
    (first,) = write_run(tmp_path / "other", [article("b", None, other)])
    load(tmp_path / "other", url)
    write_run(tmp_path / "one", [article("a", "2024", kept, gone, text="Kept Gone")])
    load(tmp_path / "one", url)
    new = fact("New", "price", "model:New", "2 EUR")
    facts = write_run(tmp_path / "two", [article("a", "2024", kept, new, text="Kept New")])
    changes = load(tmp_path / "two", url).changes
    assert changes["articles"] == Changes(0, 1, 0)
    assert changes["facts"] == Changes(1, 0, 1)
    assert changes["parties"] == Changes(1, 0, 1)
    assert ids(ask, "facts", "fact_id") == sorted([first.id, *(one.id for one in facts)])
    assert ids(ask, "evidence", "fact_id") == ids(ask, "facts", "fact_id")
    assert ids(ask, "parties", "name") == ["Kept", "New", "Other"]


def test_an_article_without_facts_keeps_none(url: str, ask: Asked, tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    load(tmp_path, url)
    write_run(tmp_path, [source | {"facts": [], "text": "Rien."} for source in RUN])
    assert load(tmp_path, url).changes["facts"] == Changes(0, 0, 8)
    for table in ("facts", "evidence", "parties", "mentions"):
        assert ask(f"SELECT * FROM {table}") == []


def test_a_broken_run_changes_nothing(url: str, ask: Asked, tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    load(tmp_path, url)
    write_run(tmp_path, [article("a", None, fact("x", "price", "model:X", "1 EUR"))])
    with (tmp_path / "facts.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("nonsense\n")
    with pytest.raises(ValueError, match=r"facts\.jsonl, line 2"):
        load(tmp_path, url)
    assert len(ask("SELECT * FROM facts")) == 8


def test_columns_that_are_missing_are_added_and_foreign_ones_kept(url: str, ask: Asked, tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    load(tmp_path, url)
    with psycopg.connect(url) as database:
        database.execute("DROP VIEW deliveries_by_month, prices_by_model, targets_and_actuals, forecast_revisions")
        database.execute("ALTER TABLE facts DROP COLUMN sentence, DROP COLUMN source, ADD COLUMN note text DEFAULT 'n'")
        database.execute("DROP TABLE mentions")
    changes = load(tmp_path, url).changes
    assert changes["facts"] == Changes(0, 8, 0)
    assert changes["mentions"] == Changes(3, 0, 0)
    assert {row["note"] for row in ask("SELECT note FROM facts")} == {"n"}
    assert all(row["sentence"] for row in ask("SELECT sentence FROM facts"))
    assert ask("SELECT count(*) FROM prices_by_model") == [{"count": 2}]


def test_a_table_of_another_program_is_not_touched(url: str, ask: Asked, tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE facts (fact_id bigint)")
    with pytest.raises(LoadError, match=r"facts\.fact_id is bigint, not text"):
        load(tmp_path, url)
    assert ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [{"tablename": "facts"}]
    assert load(tmp_path, url, schema='odd "name').facts == 8
    assert len(ask('SELECT * FROM "odd ""name".prices_by_model')) == 2


def test_the_character_zero_is_replaced(url: str, ask: Asked, tmp_path: Path) -> None:
    write_run(tmp_path, [article("a", None, fact("x\0y", "price", "model:X\0", "1 EUR", basis=["b\0"]))])
    load(tmp_path, url)
    assert ask("SELECT subject, sentence, basis FROM facts") == [
        {"subject": "X\ufffd", "sentence": "x\ufffdy", "basis": ["b\ufffd"]}
    ]


@pytest.mark.parametrize("question", ANSWERS)
def test_views_answer_as_in_the_other_engines(url: str, ask: Asked, tmp_path: Path, question: str) -> None:
    write_run(tmp_path, ASKED_RUN)
    load(tmp_path, url)
    assert [tuple(row.values()) for row in ask(question)] == ANSWERS[question]


def test_the_command_says_what_it_did(url: str, tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    for said in ("3 articles, 8 facts: 8 added, 0 changed, 0 removed", "0 added, 0 changed, 0 removed"):
        result = CliRunner().invoke(app, ["load", str(tmp_path), url])
        assert result.exit_code == 0, result.output
        assert said in result.stderr


def test_columns_say_what_they_hold(url: str, ask: Asked, tmp_path: Path) -> None:
    write_run(tmp_path, [])
    load(tmp_path, url)
    (row,) = ask("SELECT col_description('facts'::regclass, 1) AS about")
    assert row["about"] == "the fact's id in `facts.jsonl`"


def test_a_server_that_is_not_there_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    url = f"postgresql://tests:secret@/postgres?host={tmp_path}"
    result = CliRunner().invoke(app, ["load", str(tmp_path), url])
    assert result.exit_code == 2
    assert result.stderr.startswith("autofacts: connection")
    assert "secret" not in result.stderr
