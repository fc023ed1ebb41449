"""The tables of a run in PostgreSQL: made and migrated as needed, brought up to date by key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.shape import Cell, Row, Shape, Table
from pipeline.tables.source import Tally, run_rows
from pipeline.tables.sql import Dialect, column_type, comments, create_table, create_views
from pipeline.tables.writer import Buffer, need

if TYPE_CHECKING:
    import psycopg

    Database = psycopg.Connection[tuple[object, ...]]

_STAGING = "autofacts_new_"
# A name that no fact uses any more. Names are not part of an article, so that no key leads from them to one.
_FORSAKEN = """
DELETE FROM parties p WHERE NOT EXISTS (
  SELECT FROM (
    SELECT subject, subject_kind FROM facts
    UNION SELECT object, object_kind FROM facts
    UNION SELECT place, place_kind FROM facts
  ) AS used (name, kind) WHERE used.name = p.name AND used.kind = p.kind
)"""


class LoadError(ValueError):
    """The database cannot be reached or does not take the tables; the message says why."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of one table that were added, changed and removed."""

    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load came to, by table; `left_out` as in `Exported`."""

    articles: int
    facts: int
    changes: dict[str, Changes]
    left_out: tuple[str, ...]


def load(run: Path, url: str, *, schema: str = "public") -> Loaded:
    """Load the tables of the run in the folder `run` into the schema `schema` of a PostgreSQL database.

    `url` is anything that libpq takes (`postgresql://user@host/name`). Tables and columns that are missing are made.
    The articles of the run replace earlier ones of the same ids, with all their facts; others stay. All happens in
    one transaction, and loading the same run again changes nothing. Raises LoadError, MissingExtraError, ValueError
    naming file and line, and FileNotFoundError.
    """
    psycopg = need("psycopg", "postgres", "PostgreSQL")
    tally = Tally()
    try:
        with psycopg.connect(url) as database:
            _enter(database, schema)
            migrate(database, FACTS_SHAPE)
            _stage(database, FACTS_SHAPE, run_rows(run, tally))
            changes = {table.name: _merge(database, table) for table in FACTS_SHAPE.tables}
            forsaken = database.execute(_FORSAKEN).rowcount
    except psycopg.Error as error:
        raise LoadError(str(error).strip()) from error
    parties = changes["parties"]
    changes["parties"] = Changes(parties.added, parties.changed, parties.removed + forsaken)
    return Loaded(tally.articles, tally.facts, changes, tuple(tally.left_out))


def migrate(database: Database, shape: Shape) -> None:
    """Make what is missing of the tables and views of `shape` in the current schema.

    Columns that a newer version added are added; columns that we do not know stay. Raises LoadError where a column
    has another type, psycopg.Error where the database refuses.
    """
    for table in shape.tables:
        existing = _columns(database, table)
        if not existing:
            for statement in (create_table(table, Dialect.POSTGRESQL), *comments(table)):
                database.execute(statement)
            if table.parent:
                database.execute(f"CREATE INDEX ON {table.name} ({table.parent_key})")
            continue
        for column in table.columns:
            wanted = column_type(column, Dialect.POSTGRESQL)
            if column.name not in existing:
                # Without NOT NULL: the rows that are there have no value yet.
                database.execute(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {wanted}")
            elif existing[column.name] != wanted:
                raise LoadError(
                    f"column {table.name}.{column.name} is {existing[column.name]}, not {wanted}:"
                    " another program's table? Load into a schema of its own (--schema)"
                )
    _renew_views(database, shape)


def _enter(database: Database, schema: str) -> None:
    from psycopg import sql

    name = sql.Identifier(schema)
    # Two loads at once would deadlock or clash over new tables: the second waits for the first.
    database.execute("SELECT pg_advisory_xact_lock(hashtext('autofacts'), hashtext(%s))", (schema,))
    exists = database.execute("SELECT FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone()
    if exists is None:
        database.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    database.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))


def _columns(database: Database, table: Table) -> dict[str, str]:
    found = database.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = to_regclass(quote_ident(current_schema()) || '.' || quote_ident(%s))"
        " AND attnum > 0 AND NOT attisdropped",
        (table.name,),
    )
    return {str(name): str(kind) for name, kind in found}


def _renew_views(database: Database, shape: Shape) -> None:
    views = create_views(shape)
    mark = hashlib.sha256("\n".join(views.values()).encode()).hexdigest()
    for name, statement in views.items():
        regclass = "to_regclass(quote_ident(current_schema()) || '.' || quote_ident(%s))"
        said = database.execute(f"SELECT obj_description({regclass}, 'pg_class')", (name,)).fetchone()
        comment = f"autofacts {mark[:16]}"
        if said is None or said[0] != comment:
            database.execute(f"DROP VIEW IF EXISTS {name}")
            database.execute(statement)
            database.execute(f"COMMENT ON VIEW {name} IS '{comment}'")


def _stage(database: Database, shape: Shape, rows: Iterable[tuple[Table, Row]]) -> None:
    for table in shape.tables:
        columns = ", ".join(f"{c.name} {column_type(c, Dialect.POSTGRESQL)}" for c in table.columns)
        database.execute(f"CREATE TEMP TABLE {_STAGING}{table.name} ({columns}) ON COMMIT DROP")

    def flush(table: Table, batch: list[Row]) -> None:
        with database.cursor() as cursor, cursor.copy(f"COPY {_STAGING}{table.name} FROM STDIN") as copy:
            for row in batch:
                copy.write_row([_cell(cell) for cell in row])

    buffer = Buffer(shape.tables, flush)
    for table, row in rows:
        buffer.write(table, row)
    buffer.drain()
    for table in shape.tables:
        database.execute(f"CREATE INDEX ON {_STAGING}{table.name} ({', '.join(table.key)})")
        database.execute(f"ANALYZE {_STAGING}{table.name}")


def _cell(cell: Cell) -> object:
    # PostgreSQL's texts cannot hold the character 0; a stand-in keeps all offsets.
    match cell:
        case str():
            return cell.replace("\0", "\ufffd")
        case tuple():
            return [word.replace("\0", "\ufffd") for word in cell]
    return cell


def _merge(database: Database, table: Table) -> Changes:
    """Bring `table` up to date with its staging table: what is gone from a parent that was loaded is removed, what is
    new added, what differs changed, and what is equal left alone."""
    name, new = table.name, f"{_STAGING}{table.name}"
    removed = 0
    if table.parent:
        same = " AND ".join(f"n.{key} = t.{key}" for key in table.key)
        parent = f"{_STAGING}{table.parent}"
        removed = database.execute(
            f"DELETE FROM {name} t USING {parent} p WHERE p.{table.parent_key} = t.{table.parent_key}"
            f" AND NOT EXISTS (SELECT FROM {new} n WHERE {same})"
        ).rowcount
    columns = ", ".join(table.names)
    ours = ", ".join(f"t.{column}" for column in table.names)
    theirs = ", ".join(f"excluded.{column}" for column in table.names)
    # Of a row that the statement added, xmax is 0.
    counted = database.execute(
        f"WITH done AS (INSERT INTO {name} AS t ({columns}) SELECT {columns} FROM {new}"
        f" ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET ({columns}) = ROW({theirs})"
        f" WHERE ({ours}) IS DISTINCT FROM ({theirs}) RETURNING xmax = 0 AS fresh)"
        " SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM done"
    ).fetchone()
    added, changed = (int(str(count)) for count in counted or (0, 0))
    return Changes(added, changed, removed)
