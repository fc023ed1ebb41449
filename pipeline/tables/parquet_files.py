"""Tables as Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.tables.arrow import arrow_schema, arrow_table
from pipeline.tables.shape import Row, Shape, Table
from pipeline.tables.whole import appear_whole
from pipeline.tables.writer import Buffer, Write, need


@contextmanager
def parquet_writer(folder: Path, shape: Shape) -> Iterator[Write]:
    """One file NAME.parquet for each table, compressed with Zstandard.

    Raises MissingExtraError without pyarrow, and OSError.
    """
    parquet = need("pyarrow.parquet", "tables", "Parquet")
    schemas = {table.name: arrow_schema(table) for table in shape.tables}
    with appear_whole([folder / f"{table.name}.parquet" for table in shape.tables]) as partial, ExitStack() as stack:
        writers = {
            table.name: stack.enter_context(parquet.ParquetWriter(path, schemas[table.name], compression="zstd"))
            for table, path in zip(shape.tables, partial, strict=True)
        }

        def flush(table: Table, rows: list[Row]) -> None:
            writers[table.name].write_table(arrow_table(schemas[table.name], rows))

        buffer = Buffer(shape.tables, flush)
        yield buffer.write
        buffer.drain()
