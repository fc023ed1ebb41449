"""Tables as one SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path

from pipeline.tables.shape import Cell, Row, Shape, Table
from pipeline.tables.sql import Dialect, create_table, create_views, insert_into
from pipeline.tables.values import cell_text
from pipeline.tables.whole import appear_whole
from pipeline.tables.writer import Buffer, Write


@contextmanager
def sqlite_writer(path: Path, shape: Shape) -> Iterator[Write]:
    """The tables and views of `shape` in the database `path`, which is made anew.

    Dates are ISO texts, lists are JSON texts, a number is an integer or the double that the JSON holds. Raises OSError.
    """
    inserts = {table.name: insert_into(table) for table in shape.tables}
    with appear_whole([path]) as (partial,), closing(sqlite3.connect(partial)) as database:
        # The file is made anew and appears whole: a journal would guard nothing.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192")
        for table in shape.tables:
            database.execute(create_table(table, Dialect.SQLITE))

        def flush(table: Table, rows: list[Row]) -> None:
            database.executemany(inserts[table.name], (tuple(map(_bound, row)) for row in rows))

        buffer = Buffer(shape.tables, flush)
        yield buffer.write
        buffer.drain()
        for statement in create_views(shape).values():
            database.execute(statement)
        database.commit()


def _bound(cell: Cell) -> str | int | float | None:
    match cell:
        case None | str() | int() | float():
            return cell
        case Decimal():
            return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell_text(cell)
