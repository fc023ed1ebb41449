"""A run to its groups: facts are sorted by what they state on disk, and judged group by group."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TextIO

from pipeline.batch import FACTS
from pipeline.consolidate.figures import Conversion, load_rounding
from pipeline.consolidate.judge import Verdict, judge
from pipeline.consolidate.records import GroupRecord, group_record, group_rows
from pipeline.consolidate.statement import Knowledge, group_key, statement_of
from pipeline.consolidate.tables import CONSOLIDATED_SHAPE
from pipeline.emit import json_line
from pipeline.evaluate.names import load_name_rules
from pipeline.gazetteer import load_gazetteer
from pipeline.ontology import load_ontology
from pipeline.schema import Fact
from pipeline.tables.export import Format, target_path, write_tables
from pipeline.tables.rows import TableRow
from pipeline.tables.source import records
from pipeline.tables.whole import appear_whole
from pipeline.units import load_units

CONSOLIDATED = "consolidated.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolidateOptions:
    """What is converted, the least confidence of the facts that count, and the tables that are wanted besides."""

    conversion: Conversion = field(default_factory=Conversion)
    least_confidence: float = 0.0
    formats: Collection[Format] = ()


@dataclass(frozen=True, slots=True)
class Consolidated:
    """How many facts were read, how many groups there are of each verdict, and the paths written.

    `left_out` says which facts could not be compared, with file, line and reason.
    """

    facts: int
    verdicts: dict[Verdict, int]
    paths: tuple[Path, ...]
    left_out: tuple[str, ...]


def consolidate(
    run: Path, *, output: Path | None = None, options: ConsolidateOptions = ConsolidateOptions()
) -> Consolidated:
    """Group the facts of the run in the folder `run` by what they state, and write the groups into `output`, by default
    `run`: as consolidated.jsonl, and as tables in the formats of `options`.

    Memory holds one group at a time. Raises ValueError naming file and line, FileNotFoundError, MissingExtraError and
    OSError.
    """
    folder = output or run
    knowledge = Knowledge(
        load_ontology(), load_units(), load_gazetteer(), load_name_rules(), load_rounding(), options.conversion
    )
    verdicts: Counter[Verdict] = Counter()
    left_out: list[str] = []
    target = folder / CONSOLIDATED
    # An empty name is a database of SQLite's own in a temporary file, which goes with the connection.
    with appear_whole([target]) as (partial,), closing(sqlite3.connect("")) as database:
        facts = _sort(database, run / FACTS, knowledge, options.least_confidence, left_out)
        with partial.open("w", encoding="utf-8", newline="\n") as stream:
            rows = _written(_groups(database, knowledge), stream, verdicts, left_out)
            write_tables(CONSOLIDATED_SHAPE, rows, folder, options.formats)
    tables = (target_path(folder, CONSOLIDATED_SHAPE, format) for format in options.formats)
    return Consolidated(facts, dict(sorted(verdicts.items())), (target, *tables), tuple(left_out))


def _sort(database: sqlite3.Connection, path: Path, knowledge: Knowledge, least: float, left_out: list[str]) -> int:
    """Put the facts into `database` under the keys of their groups; their number."""
    database.execute("CREATE TABLE facts (key TEXT, id TEXT, line TEXT)")
    count = 0
    for number, fact in records(path, Fact):
        if fact.confidence < least:
            continue
        try:
            key = group_key(fact, knowledge)
            statement_of(fact, knowledge)
        except (LookupError, ValueError) as error:
            left_out.append(f"{path}, line {number}: {error}")
            continue
        database.execute("INSERT INTO facts VALUES (?, ?, ?)", (key, fact.id, json_line(fact)))
        count += 1
    return count


def _groups(database: sqlite3.Connection, knowledge: Knowledge) -> Iterator[GroupRecord]:
    ordered = database.execute("SELECT key, line FROM facts ORDER BY key, id")
    for key, lines in groupby(ordered, key=lambda row: str(row[0])):
        facts = (Fact.model_validate_json(line) for _, line in lines)
        for group in judge((statement_of(fact, knowledge) for fact in facts), knowledge):
            yield group_record(key, group, knowledge.conversion)


def _written(
    groups: Iterator[GroupRecord], stream: TextIO, verdicts: Counter[Verdict], left_out: list[str]
) -> Iterator[TableRow]:
    for record in groups:
        try:
            rows = list(group_rows(record))
        except ValueError as error:
            left_out.append(f"{record.id}: {error}")
            continue
        stream.write(json_line(record) + "\n")
        verdicts[record.verdict] += 1
        yield from rows
