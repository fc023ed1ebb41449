"""Tables as one DuckDB database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.tables.arrow import arrow_schema, arrow_table
from pipeline.tables.shape import Row, Shape, Table
from pipeline.tables.sql import Dialect, comments, create_table, create_views
from pipeline.tables.whole import appear_whole
from pipeline.tables.writer import Buffer, Write, need


@contextmanager
def duckdb_writer(path: Path, shape: Shape) -> Iterator[Write]:
    """The tables and views of `shape`, with comments, in the database `path`, which is made anew.

    Raises MissingExtraError without duckdb and pyarrow, and OSError.
    """
    duckdb = need("duckdb", "tables", "DuckDB")
    schemas = {table.name: arrow_schema(table) for table in shape.tables}
    with appear_whole([path]) as (partial,), closing(duckdb.connect(str(partial))) as database:
        for table in shape.tables:
            for statement in (create_table(table, Dialect.DUCKDB), *comments(table)):
                database.execute(statement)

        def flush(table: Table, rows: list[Row]) -> None:
            database.register("batch", arrow_table(schemas[table.name], rows))
            database.execute(f"INSERT INTO {table.name} SELECT * FROM batch")
            database.unregister("batch")

        buffer = Buffer(shape.tables, flush)
        yield buffer.write
        buffer.drain()
        for statement in create_views(shape).values():
            database.execute(statement)
