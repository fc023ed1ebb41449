"""The tables in the SQL of SQLite, DuckDB and PostgreSQL."""

from __future__ import annotations

import re
from enum import StrEnum

from pipeline.tables.shape import DIGITS, SCALE, Column, Shape, Table, Type

_VIEW = re.compile(r"^CREATE VIEW (\w+) AS$(.*?);$", re.M | re.S)


class Dialect(StrEnum):
    """The databases whose SQL is written."""

    SQLITE = "sqlite"
    DUCKDB = "duckdb"
    POSTGRESQL = "postgresql"


# SQLite has no exact fractions: its NUMERIC is a 64-bit integer or the very double that the JSON holds.
_TYPES = {
    Type.TEXT: ("TEXT", "VARCHAR", "text"),
    Type.INTEGER: ("INTEGER", "BIGINT", "bigint"),
    Type.REAL: ("REAL", "DOUBLE", "double precision"),
    Type.DECIMAL: ("NUMERIC", f"DECIMAL({DIGITS}, {SCALE})", "numeric"),
    Type.DATE: ("DATE", "DATE", "date"),
    Type.BOOLEAN: ("BOOLEAN", "BOOLEAN", "boolean"),
    Type.WORDS: ("TEXT", "VARCHAR[]", "text[]"),
}
_ORDER = list(Dialect)


def column_type(column: Column, dialect: Dialect) -> str:
    """The type of `column` in `dialect`."""
    return _TYPES[column.type][_ORDER.index(dialect)]


def create_table(table: Table, dialect: Dialect) -> str:
    """The CREATE TABLE statement of `table`, with its keys."""
    lines = [_column(column, dialect) for column in table.columns]
    lines.append(f"PRIMARY KEY ({', '.join(table.key)})")
    if table.parent:
        lines.append(f"FOREIGN KEY ({table.parent_key}) REFERENCES {table.parent}{_on_delete(dialect)}")
    body = ",\n  ".join(lines)
    return f"CREATE TABLE {table.name} (\n  {body}\n)"


def _column(column: Column, dialect: Dialect) -> str:
    null = " NOT NULL" if column.needed or column.key else ""
    return f"{column.name} {column_type(column, dialect)}{null}"


def _on_delete(dialect: Dialect) -> str:
    # DuckDB knows no cascade.
    return "" if dialect is Dialect.DUCKDB else " ON DELETE CASCADE"


def insert_into(table: Table) -> str:
    """The INSERT statement of one row with a parameter for each column."""
    return f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"


def comments(table: Table) -> list[str]:
    """Statements that say in the database what the table and its columns hold."""
    said = [f"COMMENT ON TABLE {table.name} IS {_quoted(table.about)}"]
    for column in table.columns:
        about = f"{column.about} (unit: {column.unit})" if column.unit else column.about
        said.append(f"COMMENT ON COLUMN {table.name}.{column.name} IS {_quoted(about)}")
    return said


def create_views(shape: Shape) -> dict[str, str]:
    """The CREATE VIEW statements of `shape` by name, in their order."""
    return {name: f"CREATE VIEW {name} AS{body}" for name, body in _VIEW.findall(shape.views)}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
