"""docs/tables.md and docs/consolidate.md: their commands are run, in order, and say what stands there.

Run with UPDATE_DOCS=1 to write what they say now into the pages.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.consolidate.judge import Relation, Verdict
from pipeline.consolidate.tables import CONSOLIDATED_SHAPE
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.shape import Shape, describe
from pipeline.tables.sql import create_views

ROOT = Path(__file__).parents[1]
TABLES, CONSOLIDATE = ROOT / "docs" / "tables.md", ROOT / "docs" / "consolidate.md"
COMMAND = re.compile(r"```sh\n(autofacts .*?)```(?:\n```text\n(.*?)```)?", re.S)


def run(command: str) -> Result:
    program, *args = shlex.split(command)
    assert program == "autofacts"
    result = CliRunner().invoke(app, args, env={"COLUMNS": "160"})
    assert result.exit_code == 0, f"{command}: {result.output}"
    return result


def holds(path: Path, old: str, new: str) -> None:
    """The page holds `new` where `old` stands; with UPDATE_DOCS it is put there."""
    if os.environ.get("UPDATE_DOCS") and old != new:
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return
    assert new == old, f"{path.name} is not up to date: UPDATE_DOCS=1 pytest {Path(__file__).name}"


def test_every_command_of_the_page_on_tables_gives_what_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    monkeypatch.chdir(tmp_path)
    blocks = COMMAND.findall(TABLES.read_text(encoding="utf-8"))
    assert len(blocks) >= 6
    for commands, output in blocks:
        results = [run(command) for command in commands.splitlines()]
        if " query " in commands:
            printed = "".join(f"{line.rstrip()}\n" for line in results[-1].stdout.splitlines() if line.strip())
            assert printed.count("\n") > 2, f"{commands} has no answer"
            holds(TABLES, f"{commands}```\n```text\n{output}```", f"{commands}```\n```text\n{printed}```")
    assert (tmp_path / "for-excel" / "csv" / "facts.csv").is_file()
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"csv", "parquet", "facts.sqlite", "facts.duckdb"}


def test_every_command_of_the_page_on_consolidation_gives_what_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = CONSOLIDATE.read_text(encoding="utf-8")
    (tmp_path / "articles").mkdir()
    articles = re.findall(r"<!-- article (\S+) -->\n```text\n(.*?)```", page, re.S)
    assert len(articles) == 3
    for name, text in articles:
        (tmp_path / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    first, second = [block.splitlines() for block, _ in COMMAND.findall(page)]
    said = [run(command).stderr for command in first][-1]
    block = re.search(r"<!-- said -->\n```text\n.*?```", page, re.S)
    assert block
    holds(CONSOLIDATE, block.group(0), f"<!-- said -->\n```text\n{said}```")
    lines = (tmp_path / "out" / "consolidated.jsonl").read_text(encoding="utf-8").splitlines()
    group = next(line for line in map(json.loads, lines) if line["verdict"] == Verdict.REVISED)
    block = re.search(r"<!-- group -->\n```json\n.*?```", page, re.S)
    assert block
    holds(CONSOLIDATE, block.group(0), f"<!-- group -->\n```json\n{_set_out(group)}\n```")
    for command in second:
        run(command)
    lines = (tmp_path / "out" / "consolidated.jsonl").read_text(encoding="utf-8").splitlines()
    assert {s["rate"] for g in map(json.loads, lines) for s in g["statements"] if s["converted"]} == {0.92}


def _set_out(record: dict[str, object]) -> str:
    """A record with one line for each key, and for each item of a list of records."""
    lines = []
    for key, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            items = ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in value)
            lines.append(f'  "{key}": [\n{items}\n  ]')
        else:
            lines.append(f'  "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(lines) + "\n}"


@pytest.mark.parametrize(("path", "shape"), [(TABLES, FACTS_SHAPE), (CONSOLIDATE, CONSOLIDATED_SHAPE)])
def test_the_columns_on_the_page_are_those_of_the_shape(path: Path, shape: Shape) -> None:
    page = path.read_text(encoding="utf-8")
    block = re.search(r"<!-- tables -->\n.*?<!-- end of tables -->", page, re.S)
    assert block
    holds(path, block.group(0), f"<!-- tables -->\n\n{describe(shape)}\n<!-- end of tables -->")


def test_every_option_view_verdict_and_relation_is_on_the_pages() -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in (TABLES, CONSOLIDATE)}
    for command, path in (("export", TABLES), ("query", TABLES), ("load", TABLES), ("consolidate", CONSOLIDATE)):
        words = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
        for option in set(re.findall(r"--[a-z-]+", words)) - {"--help"}:
            assert option in pages[path], f"{option} of {command}"
    for name in create_views(FACTS_SHAPE):
        assert f"`{name}`" in pages[TABLES]
    for word in (*Verdict, *Relation):
        assert f"`{word}`" in pages[CONSOLIDATE]
