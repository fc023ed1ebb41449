"""Each format read with a library of its own, as lists of cells by table; and facts put together again from them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet

from pipeline.schema import Fact
from pipeline.tables.csv_files import unguarded
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.shape import Shape, Table, Type

Rows = dict[str, list[dict[str, Any]]]


def read_csv(folder: Path, shape: Shape = FACTS_SHAPE) -> Rows:
    found: Rows = {}
    for table in shape.tables:
        with (folder / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            found[table.name] = [_typed(table, row) for row in csv.DictReader(stream)]
    return found


def read_parquet(folder: Path, shape: Shape = FACTS_SHAPE) -> Rows:
    return {t.name: pyarrow.parquet.read_table(folder / f"{t.name}.parquet").to_pylist() for t in shape.tables}


def read_sqlite(path: Path, shape: Shape = FACTS_SHAPE) -> Rows:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        found = {t.name: [dict(row) for row in database.execute(f"SELECT * FROM {t.name}")] for t in shape.tables}
    return {t.name: [{n: _plain(t, n, v) for n, v in row.items()} for row in found[t.name]] for t in shape.tables}


def read_duckdb(path: Path, shape: Shape = FACTS_SHAPE) -> Rows:
    with closing(duckdb.connect(str(path), read_only=True)) as database:
        return {
            t.name: [
                dict(zip(t.names, row, strict=True)) for row in database.execute(f"SELECT * FROM {t.name}").fetchall()
            ]
            for t in shape.tables
        }


READERS = {"csv": read_csv, "parquet": read_parquet, "sqlite": read_sqlite, "duckdb": read_duckdb}


def _typed(table: Table, row: dict[str, str]) -> dict[str, Any]:
    read = {
        Type.TEXT: unguarded,
        Type.INTEGER: int,
        Type.REAL: float,
        Type.DECIMAL: Decimal,
        Type.DATE: dt.date.fromisoformat,
        Type.BOOLEAN: {"true": True, "false": False}.__getitem__,
        Type.WORDS: json.loads,
    }
    return {c.name: read[c.type](row[c.name]) if row[c.name] else None for c in table.columns}


def _plain(table: Table, name: str, value: Any) -> Any:
    kind = {column.name: column.type for column in table.columns}[name]
    if value is None:
        return None
    if kind is Type.DECIMAL:
        return Decimal(repr(value))
    if kind is Type.DATE:
        return dt.date.fromisoformat(value)
    if kind is Type.BOOLEAN:
        return bool(value)
    return json.loads(value) if kind is Type.WORDS else value


def facts_back(rows: Rows) -> list[Fact]:
    """The facts that the tables `facts` and `evidence` hold, as records of facts.jsonl."""
    spans: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows["evidence"], key=lambda row: row["ordinal"]):
        span = {"start": row["start_offset"], "end": row["end_offset"], "text": row["text"]}
        spans[row["fact_id"], row["slot"]].append(span)
    return [_fact_back(row, spans) for row in rows["facts"]]


def _fact_back(row: dict[str, Any], spans: dict[tuple[str, str], list[dict[str, Any]]]) -> Fact:
    def slot(name: str, first: str, keys: dict[str, str]) -> dict[str, Any] | None:
        span = next(iter(spans[row["fact_id"], name]), None)
        return {key: row[column] for key, column in keys.items()} | {"span": span} if row[first] is not None else None

    def quantity(name: str, prefix: str) -> dict[str, Any] | None:
        keys = ("value", "low", "high", "unit", "qualifier", "per")
        return slot(name, f"{prefix}unit", {key: f"{prefix}{key}" for key in keys})

    plain = ("article_id", "published", "lang", "type", "metric", "basis", "modality", "polarity", "confidence")
    return Fact.model_validate(
        {name: row[name] for name in (*plain, "extractor", "schema_version")}
        | {
            "id": row["fact_id"],
            "subject": slot("subject", "subject", {"name": "subject", "kind": "subject_kind"}),
            "object": slot("object", "object", {"name": "object", "kind": "object_kind"}),
            "quantity": quantity("quantity", ""),
            "converted": quantity("converted", "converted_"),
            "previous": quantity("previous", "previous_"),
            "period": slot(
                "period",
                "period",
                {"value": "period", "mod": "period_mod", "start": "period_start", "end": "period_end"},
            ),
            "place": slot("place", "place", {"name": "place", "kind": "place_kind", "country": "place_country"}),
            "source": slot("source", "source", {"name": "source"}),
            "evidence": spans[row["fact_id"], "statement"],
        }
    )
