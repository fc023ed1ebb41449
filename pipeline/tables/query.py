"""One question in SQL to the tables of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.tables.export import Format, export, stamp_of, target_path
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.shape import Row
from pipeline.tables.writer import need

_ROWS = 1_000


class QueryError(ValueError):
    """The database does not carry the question out; the message is its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The names of the columns, and the rows, which are read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def query(run: Path, sql: str) -> Answer:
    """Ask the tables and views of the run in the folder `run` in the SQL of DuckDB.

    `run/facts.duckdb` is written first where it is missing or not of the run's files as they are. The question can
    read nothing else and change nothing. Raises QueryError, what `export` raises, and MissingExtraError.
    """
    duckdb = need("duckdb", "tables", "a query")
    path = target_path(run, FACTS_SHAPE, Format.DUCKDB)
    if _outdated(path, run):
        export(run, [Format.DUCKDB])
    database = duckdb.connect(str(path), read_only=True)
    try:
        database.execute("SET enable_external_access = false; SET lock_configuration = true")
        if not duckdb.extract_statements(sql):
            raise QueryError("there is no question in it")
        database.execute(sql)
        columns = tuple(item[0] for item in database.description or ())
        first = database.fetchmany(_ROWS)
    except (duckdb.Error, QueryError) as error:
        database.close()
        raise QueryError(str(error)) from error

    def rows() -> Iterator[Row]:
        with closing(database):
            batch = first
            while batch:
                yield from batch
                batch = database.fetchmany(_ROWS)

    return Answer(columns, rows())


def _outdated(path: Path, run: Path) -> bool:
    return not path.is_file() or path.stat().st_mtime_ns != stamp_of(run)
