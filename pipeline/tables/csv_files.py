"""Tables as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.tables.shape import Row, Shape, Table
from pipeline.tables.values import cell_text
from pipeline.tables.whole import appear_whole
from pipeline.tables.writer import Write

# A cell that begins so is a formula to a spreadsheet, which may call programs and send data away. Full-width signs
# count: some spreadsheets read them as plain ones.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARDED = re.compile(r"'" + _FORMULA.pattern)
_EXCEL_CELL = 32_767  # longer ones spill into the rows below


@contextmanager
def csv_writer(folder: Path, shape: Shape, *, excel: bool = False) -> Iterator[Write]:
    """One file NAME.csv for each table: UTF-8, a header, RFC 4180; null is an empty cell.

    A text that a spreadsheet would take for a formula gets an apostrophe before it (`unguarded` takes it away again);
    numbers are left alone. With `excel` the files begin with the UTF-8 signature, and texts end at the 32,767
    characters that a cell of Excel holds. Raises OSError.
    """
    targets = [folder / f"{table.name}.csv" for table in shape.tables]
    with ExitStack() as stack:
        partial = stack.enter_context(appear_whole(targets))
        encoding = "utf-8-sig" if excel else "utf-8"
        streams = [stack.enter_context(path.open("w", encoding=encoding, newline="")) for path in partial]
        writers = {table.name: csv.writer(stream) for table, stream in zip(shape.tables, streams, strict=True)}
        for table in shape.tables:
            writers[table.name].writerow(table.names)

        def write(table: Table, row: Row) -> None:
            cells = map(guarded, row)
            writers[table.name].writerow([text[:_EXCEL_CELL] for text in cells] if excel else cells)

        yield write


def unguarded(text: str) -> str:
    """The text that a cell stands for, without the apostrophe that keeps it from being a formula."""
    return text[1:] if _GUARDED.match(text) else text


def guarded(cell: object) -> str:
    """The text of a cell, which no spreadsheet takes for a formula. Numbers, dates and lists are none."""
    if not isinstance(cell, str):
        return "" if cell is None else cell_text(cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell
