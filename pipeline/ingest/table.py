"""Tables of articles, one a row: CSV and TSV with a header, and Parquet."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from pipeline.ingest.extras import needing
from pipeline.ingest.options import Fields, IngestError, IngestOptions
from pipeline.ingest.records import Fault, Piece, piece_of
from pipeline.ingest.unpack import buffered

if TYPE_CHECKING:
    import pyarrow as pa

_SEPARATORS = (",", ";", "\t", "|")
_ROWS = 64


def read_csv(stream: BinaryIO, options: IngestOptions, separator: str | None = None) -> Iterator[Piece | Fault]:
    """The rows of `stream` by the names in its first, numbered by the line on which they begin.

    `separator` is taken from the header where it is None. A row with a quote that is never closed costs that line
    alone. Text is UTF-8, or UTF-16 with its mark; a cell that is no UTF-8 is read as Windows-1252.
    Raises IngestError with `no_text` where no column is one of `options.fields.text`.
    """
    if csv.field_size_limit() < options.max_bytes:
        csv.field_size_limit(options.max_bytes)
    lines = _Lines(stream, options.max_bytes)
    header = lines.peek()
    if not header.strip():
        raise IngestError("empty", "the file is empty")
    rows = _rows(lines, separator or max(_SEPARATORS, key=header.count))
    first = next(rows)
    if isinstance(first, Fault):
        raise IngestError(first.reason, f"the first line: {first.message}")
    names = [lines.text(cell).strip() for cell in first[1]]
    _must_have_text(names, options.fields)
    for row in rows:
        if isinstance(row, Fault):
            yield row
        elif len(row[1]) > len(names):
            yield Fault(row[0], "format", f"{len(row[1])} cells under {len(names)} column names")
        elif any(row[1]):
            yield piece_of(row[0], dict(zip(names, map(lines.text, row[1]), strict=False)), options.fields)


def read_parquet(stream: BinaryIO, options: IngestOptions) -> Iterator[Piece | Fault]:
    """The rows of the Parquet file `stream`, which must be able to seek, numbered from 1; only columns that are
    needed are read, a few rows at a time.

    Raises IngestError with `no_text` where no column is one of `options.fields.text`, with `format` where the file
    is broken, with `extra`.
    """
    with needing("parquet", "a Parquet file"):
        import pyarrow as pa
        from pyarrow import parquet
    try:
        with parquet.ParquetFile(stream) as file:
            names = list(file.schema_arrow.names)
            _must_have_text(names, options.fields)
            columns = [name for name in names if name.casefold() in _columns(options.fields)]
            batches = file.iter_batches(batch_size=_ROWS, columns=columns)
            for number, row in enumerate(_parquet_rows(batches), 1):
                yield _checked_piece(number, row, options)
    except pa.ArrowException as error:
        raise IngestError("format", f"the Parquet file cannot be read: {error}") from error


def count_rows(stream: BinaryIO) -> int:
    """How many rows the Parquet file `stream` says it has. Raises IngestError with `format` and `extra`."""
    with needing("parquet", "a Parquet file"):
        import pyarrow as pa
        from pyarrow import parquet
    try:
        return int(parquet.read_metadata(stream).num_rows)
    except pa.ArrowException as error:
        raise IngestError("format", f"the Parquet file cannot be read: {error}") from error


def _parquet_rows(batches: Iterator[pa.RecordBatch]) -> Iterator[Mapping[str, object]]:
    for batch in batches:
        for row in batch.to_pylist():
            yield {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    """Days and times as ISO 8601 writes them, bytes as UTF-8."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if isinstance(value, dt.date) else value


def _checked_piece(number: int, row: Mapping[str, object], options: IngestOptions) -> Piece | Fault:
    piece = piece_of(number, row, options.fields)
    if isinstance(piece, Piece) and len(piece.payload) > options.max_bytes:
        return Fault(number, "too_large", f"larger than the limit of {options.max_bytes} bytes")
    return piece


def _columns(fields: Fields) -> set[str]:
    return _tops((*fields.text, *fields.title, *fields.date, *fields.id, *fields.url, *fields.lang))


def _tops(names: Sequence[str]) -> set[str]:
    """The columns in which the fields `names` may be: "content.rendered" as it stands, or in "content"."""
    return {top.casefold() for name in names for top in (name, name.partition(".")[0])}


def _must_have_text(names: list[str], fields: Fields) -> None:
    if not _tops(fields.text) & {name.casefold() for name in names}:
        raise IngestError("no_text", f"no column {' or '.join(fields.text)}; the columns are: {', '.join(names[:20])}")


def _rows(lines: _Lines, separator: str) -> Iterator[tuple[int, list[str]] | Fault]:
    """Each row with the line on which it begins, or what is wrong with that line.

    The reader is strict: a lenient one would run two articles into one where a quote is missing.
    """
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        number = lines.begin()
        try:
            row = next(reader)
        except StopIteration:
            return
        except IngestError as error:
            yield Fault(number, error.reason, error.message)
        except csv.Error as error:
            yield Fault(number, "format", f"no CSV: {error}")
        else:
            yield number, row
            continue
        lines.give_back()
        reader = csv.reader(lines, delimiter=separator, strict=True)


class _Lines:
    """The lines of a table, for a reader that may have to step back; each byte is a character, but in UTF-16."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        head = buffered(stream).peek(4)[:4]
        if head.startswith(codecs.BOM_UTF8):
            stream.read(len(codecs.BOM_UTF8))
        self._wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        encoding = "utf-16" if self._wide else "latin-1"
        self._stream = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        self._limit = limit
        self._row: list[str] = []
        self._again: list[str] = []
        self._size = 0
        self._number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._stream.readline(self._limit + 2)
        if not line and not self._row:
            raise StopIteration
        if line:
            self._row.append(line)
        self._size += len(line)
        if not line or (self._size > self._limit and len(self._row) > 1):
            raise IngestError("format", "a quote that is opened on this line is never closed")
        if self._size > self._limit:
            self._skip(line)
            raise IngestError("too_large", f"larger than the limit of {self._limit} bytes")
        return line

    def peek(self) -> str:
        """The first line, which will be read again."""
        line = self._stream.readline(self._limit + 2)
        self._again.append(line)
        return line

    def begin(self) -> int:
        """Forget the lines of the row before; the number of the line that comes next."""
        self._number += len(self._row)
        self._row = []
        self._size = 0
        return self._number

    def give_back(self) -> None:
        """Read again all lines of the row but its first."""
        self._again.extend(reversed(self._row[1:]))
        del self._row[1:]

    def text(self, cell: str) -> str:
        """What a cell says whose characters stand for bytes."""
        if self._wide or cell.isascii():
            return cell
        data = cell.encode("latin-1")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")

    def _skip(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self._stream.readline(1 << 16)
