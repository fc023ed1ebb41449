"""What a table is: columns with name, type, unit and meaning. DDL, Arrow schemas and documentation follow from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

Cell = str | int | float | Decimal | dt.date | tuple[str, ...] | None
Row = tuple[Cell, ...]

DIGITS, SCALE = 38, 18  # of a decimal column


class Type(StrEnum):
    """Types of columns. `words` is a list of texts, `decimal` has 18 digits before and 18 behind the point."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `unit` says in what a number is counted; `needed` that it is never null."""

    name: str
    type: Type
    about: str
    unit: str = ""
    key: bool = False
    needed: bool = False


@dataclass(frozen=True)
class Table:
    """One table. The column `parent_key`, if any, is the key of the table `parent`, of which its rows are part."""

    name: str
    about: str
    columns: tuple[Column, ...]
    parent: str | None = None
    parent_key: str | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    def row(self, cells: Mapping[str, Cell]) -> Row:
        """`cells` in the order of the columns, null where there is none.

        Raises KeyError for a cell without a column, ValueError for a null where one is needed.
        """
        unknown = cells.keys() - self._known
        if unknown:
            raise KeyError(f"{self.name} has no column {', '.join(sorted(unknown))}")
        # Members of an enumeration are texts to us, not to every driver.
        row = tuple(cell.value if isinstance(cell, StrEnum) else cell for cell in map(cells.get, self.names))
        for name in self._needed:
            if cells.get(name) is None:
                raise ValueError(f"{self.name}.{name} is empty")
        return row

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _needed(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.needed or column.key)


@dataclass(frozen=True, slots=True)
class Shape:
    """Tables that belong together, parents before their children, and the SQL of their views (or none)."""

    name: str
    tables: tuple[Table, ...]
    views: str = ""


def figure_columns(prefix: str, about: str) -> tuple[Column, ...]:
    """The columns of a figure: value or range, unit, qualifier, rate."""
    return (
        Column(
            f"{prefix}value", Type.DECIMAL, f"{about}; null where it is a range or there is none", f"`{prefix}unit`"
        ),
        Column(f"{prefix}low", Type.DECIMAL, "lower end of a range", f"`{prefix}unit`"),
        Column(f"{prefix}high", Type.DECIMAL, "upper end of a range", f"`{prefix}unit`"),
        Column(f"{prefix}unit", Type.TEXT, "symbol of the unit; of money the ISO 4217 code"),
        Column(f"{prefix}qualifier", Type.TEXT, "how the words bound it: `exact`, `about`, `more_than`, …"),
        Column(f"{prefix}per", Type.TEXT, "of a rate: the time it is for, as an ISO 8601 duration"),
    )


def describe(shape: Shape) -> str:
    """The tables as Markdown, for people to read."""
    return "\n".join(_describe(table) for table in shape.tables)


def _describe(table: Table) -> str:
    part_of = f" `{table.parent_key}` leads to `{table.parent}`." if table.parent else ""
    lines = [
        f"### {table.name}",
        "",
        f"{table.about} Key: {', '.join(f'`{name}`' for name in table.key)}.{part_of}",
        "",
        "| column | type | unit | what it holds |",
        "| --- | --- | --- | --- |",
    ]
    for column in table.columns:
        kind = f"{column.type}, never null" if column.needed or column.key else str(column.type)
        lines.append(f"| `{column.name}` | {kind} | {column.unit} | {column.about} |")
    return "\n".join([*lines, ""])
