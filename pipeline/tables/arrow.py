"""Arrow schemas and batches of the tables, which Parquet and DuckDB take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tables.shape import DIGITS, SCALE, Column, Row, Table, Type
from pipeline.tables.writer import need

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_schema(table: Table) -> pa.Schema:
    """The table's schema; meaning and unit of each column are metadata of its field.

    Raises MissingExtraError without pyarrow.
    """
    arrow = need("pyarrow", "tables", "a table for other tools")
    types = {
        Type.TEXT: arrow.string(),
        Type.INTEGER: arrow.int64(),
        Type.REAL: arrow.float64(),
        Type.DECIMAL: arrow.decimal128(DIGITS, SCALE),
        Type.DATE: arrow.date32(),
        Type.BOOLEAN: arrow.bool_(),
        Type.WORDS: arrow.list_(arrow.string()),
    }

    def field(column: Column) -> pa.Field:
        about = {"description": column.about} | ({"unit": column.unit} if column.unit else {})
        nullable = not (column.needed or column.key)
        return arrow.field(column.name, types[column.type], nullable=nullable, metadata=about)

    return arrow.schema([field(column) for column in table.columns], metadata={"description": table.about})


def arrow_table(schema: pa.Schema, rows: list[Row]) -> pa.Table:
    """`rows` as an Arrow table of `schema`."""
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    arrays = [pa.array(cells, type=field.type) for cells, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
