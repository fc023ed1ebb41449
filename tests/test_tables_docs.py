"""docs/tables.md and docs/consolidate.md: their commands are run, in order, and say what stands there.

Run with UPDATE_DOCS=1 to write what they say now into the pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from doc_pages import DOCS, ROOT, autofacts, carry_out, holds, steps
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.consolidate.judge import Relation, Verdict
from pipeline.consolidate.tables import CONSOLIDATED_SHAPE
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.shape import Shape, describe
from pipeline.tables.sql import create_views

TABLES, CONSOLIDATE = DOCS / "tables.md", DOCS / "consolidate.md"


def test_every_command_of_the_page_on_tables_gives_what_stands_there(tmp_path: Path) -> None:
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    carry_out(TABLES, tmp_path)
    answers = [shown for block, shown in steps(TABLES.read_text(encoding="utf-8")) if " query " in block.content]
    assert len(answers) >= 5
    assert all(shown and shown.content.count("\n") > 2 for shown in answers)
    assert (tmp_path / "for-excel" / "csv" / "facts.csv").is_file()
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"csv", "parquet", "facts.sqlite", "facts.duckdb"}


def test_every_command_of_the_page_on_consolidation_gives_what_stands_there(tmp_path: Path) -> None:
    written: list[list[dict[str, Any]]] = []

    def kept(words: Sequence[str]) -> str:
        printed = autofacts(words)
        if words[0] == "consolidate":
            lines = (tmp_path / "out" / "consolidated.jsonl").read_text(encoding="utf-8").splitlines()
            written.append(list(map(json.loads, lines)))
        return printed

    carry_out(CONSOLIDATE, tmp_path, {"autofacts": kept})
    first, converted = written
    group = next(group for group in first if group["verdict"] == Verdict.REVISED)
    holds(CONSOLIDATE, "group", f"```json\n{_set_out(group)}\n```")
    assert {s["rate"] for group in converted for s in group["statements"] if s["converted"]} == {0.92}


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
    holds(path, "tables", describe(shape))


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
