"""The tables of a run, in the formats that are wanted, in one pass over its files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.batch import ARTICLES, FACTS
from pipeline.tables.csv_files import csv_writer
from pipeline.tables.duckdb_file import duckdb_writer
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.parquet_files import parquet_writer
from pipeline.tables.rows import TableRow
from pipeline.tables.shape import Shape
from pipeline.tables.source import Tally, run_rows
from pipeline.tables.sqlite_file import sqlite_writer
from pipeline.tables.writer import Write, need


class Format(StrEnum):
    """Formats of tables."""

    CSV = "csv"
    PARQUET = "parquet"
    SQLITE = "sqlite"
    DUCKDB = "duckdb"


_LIBRARIES = {Format.PARQUET: ("pyarrow",), Format.DUCKDB: ("duckdb", "pyarrow")}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: numbers of articles and facts, the paths, and what had to be left out and why."""

    articles: int
    facts: int
    paths: tuple[Path, ...]
    left_out: tuple[str, ...]


def parse_formats(words: Iterable[str], *, also: Collection[str] = ()) -> list[Format]:
    """The formats that `words` name, each a name or several with commas; names in `also` are passed over.

    Raises ValueError for any other word.
    """
    names = [name.strip() for word in words for name in word.split(",")]
    known = [*also, *Format]
    for name in names:
        if name not in known:
            raise ValueError(f"no format {name!r}; there are: {', '.join(known)}")
    return [format for format in Format if format in names]


def need_libraries(formats: Collection[Format]) -> None:
    """Raises MissingExtraError where a library that one of `formats` needs is not installed."""
    for format, modules in _LIBRARIES.items():
        if format in formats:
            for module in modules:
                need(module, "tables", format)


def target_path(folder: Path, shape: Shape, format: Format) -> Path:
    """Where a format of `shape` goes: a folder of files, or a database."""
    if format in (Format.CSV, Format.PARQUET):
        return folder / format
    return folder / f"{shape.name}.{format}"


def export(run: Path, formats: Collection[Format], *, output: Path | None = None, excel: bool = False) -> Exported:
    """Write the tables of the run in the folder `run` (facts.jsonl, articles.jsonl) into `output`, by default `run`.

    Each format appears whole or not at all. `excel` is for CSV (see `csv_writer`). Raises ValueError naming file and
    line, FileNotFoundError, MissingExtraError where a library is not installed, and OSError.
    """
    tally = Tally()
    folder = output or run
    stamp = stamp_of(run)
    write_tables(FACTS_SHAPE, run_rows(run, tally), folder, formats, excel=excel)
    if Format.DUCKDB in formats:
        os.utime(target_path(folder, FACTS_SHAPE, Format.DUCKDB), ns=(stamp, stamp))
    paths = tuple(target_path(folder, FACTS_SHAPE, format) for format in formats)
    return Exported(tally.articles, tally.facts, paths, tuple(tally.left_out))


def stamp_of(run: Path) -> int:
    """The time, in nanoseconds, that the DuckDB database of a run bears: that of the last change to its files. Being
    the same and not later, it tells old tables from new ones whichever way the clock was set meanwhile."""
    sources = [run / name for name in (ARTICLES, FACTS)]
    return max((source.stat().st_mtime_ns for source in sources if source.is_file()), default=0)


def write_tables(
    shape: Shape, rows: Iterable[TableRow], folder: Path, formats: Collection[Format], *, excel: bool = False
) -> None:
    """Write `rows` in all `formats` at once. Raises as `export` and whatever `rows` raises."""
    with ExitStack() as stack:
        writers = [stack.enter_context(_writer(shape, folder, format, excel)) for format in formats]
        for table, row in rows:
            for write in writers:
                write(table, row)


def _writer(shape: Shape, folder: Path, format: Format, excel: bool) -> AbstractContextManager[Write]:
    path = target_path(folder, shape, format)
    match format:
        case Format.CSV:
            return csv_writer(path, shape, excel=excel)
        case Format.PARQUET:
            return parquet_writer(path, shape)
        case Format.SQLITE:
            return sqlite_writer(path, shape)
        case Format.DUCKDB:
            return duckdb_writer(path, shape)
