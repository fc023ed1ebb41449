"""What would be read, without reading it: one line for each collection, archive and folder of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec

from pipeline.ingest.contents import contents, entry_of
from pipeline.ingest.discover import Inputs, PassedOver, Source
from pipeline.ingest.kinds import SINGLE, Compression, Kind, Layout, compression_of, kind_of
from pipeline.ingest.names import Names
from pipeline.ingest.options import IngestError, IngestOptions
from pipeline.ingest.records import Fault, Piece
from pipeline.ingest.table import count_rows
from pipeline.schema import ErrorRecord

# Which extra brings the library that a format needs.
_NEEDS: dict[Layout | Compression | None, tuple[str, str]] = {
    Layout.PDF: ("pdf", "pypdfium2"),
    Layout.FEED: ("feeds", "feedparser"),
    Layout.WARC: ("warc", "warcio"),
    Layout.PARQUET: ("parquet", "pyarrow"),
    Compression.ZSTD: ("zst", "zstandard"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """One line of the overview: a collection or archive, the files of a folder that hold one article each, or files that
    are not read.

    `format` and `compression` are "" where only the content will tell. `files` is their number, `articles` that of the
    articles, None where only reading would tell; `errors` counts places that give no article, None before they are
    read. `note` says why files are passed over, or which extra is missing.
    """

    source: str
    format: str = ""
    compression: str = ""
    files: int = 1
    articles: int | None = None
    errors: int | None = None
    note: str = ""


def overview(inputs: Inputs, options: IngestOptions | None = None, *, count: bool = False) -> Iterator[InputRow]:
    """The rows for `inputs` in the order of reading; with `count` everything is opened and its articles counted.

    Articles are counted as they are cut out: that their text is empty or in another language shows in a run.
    """
    options = options or IngestOptions()
    names = Names()
    folder = ""
    group: dict[tuple[str, str, str], InputRow] = {}
    for found in inputs.walk():
        name = found.path if isinstance(found, ErrorRecord) else found.name
        if name.rpartition("/")[0] != folder:
            yield from group.values()
            folder, group = name.rpartition("/")[0], {}
        if isinstance(found, ErrorRecord):
            yield InputRow(source=name, errors=1, note=f"{found.reason}: {found.message}")
            continue
        if isinstance(found, PassedOver):
            row = InputRow(source=name, articles=0, note=f"passed over: {found.why}")
        else:
            row = _row(found, options, names if count else None)
            if found.named or row.format not in SINGLE:
                yield row
                continue
        key = (row.format, row.compression, row.note)
        group[key] = _together(group[key], row, folder) if key in group else row
    yield from group.values()


def _together(one: InputRow, other: InputRow, folder: str) -> InputRow:
    return replace(
        one,
        source=f"{folder}/",
        files=one.files + other.files,
        articles=(one.articles or 0) + (other.articles or 0),
        errors=None if one.errors is None else one.errors + (other.errors or 0),
    )


def _row(source: Source, options: IngestOptions, names: Names | None) -> InputRow:
    kind = kind_of(source.file_name)
    compression = kind.compression if kind else compression_of(source.file_name)
    row = InputRow(
        source=source.name,
        format=kind.layout.value if kind else "",
        compression=compression.value if compression else "",
        note=_missing(kind.layout if kind else None, compression),
    )
    if names is not None:
        return _counted(row, source, options, names)
    if kind and kind.layout in SINGLE:
        return replace(row, articles=1)
    if kind == Kind(Layout.PARQUET) and not row.note:
        return replace(row, articles=_rows_of_parquet(source))
    return row


def _missing(layout: Layout | None, compression: Compression | None) -> str:
    """What must be installed before a file can be read."""
    needed = [_NEEDS[kind] for kind in (layout, compression) if kind in _NEEDS]
    extras = [extra for extra, library in needed if find_spec(library) is None]
    return f"needs pip install 'autofacts[{','.join(extras)}]'" if extras else ""


def _rows_of_parquet(source: Source) -> int | None:
    """How many rows the file says it has; None where it cannot be opened."""
    try:
        with source.open() as stream:
            return count_rows(stream)
    except (IngestError, OSError):
        return None


def _counted(row: InputRow, source: Source, options: IngestOptions, names: Names) -> InputRow:
    found: Counter[type] = Counter()
    reasons: Counter[str] = Counter()
    for _, piece in contents(entry_of(source), options, names):
        found[type(piece)] += 1
        if isinstance(piece, Fault):
            reasons[piece.reason] += 1
        elif isinstance(piece, PassedOver):
            reasons[f"passed over: {piece.why}"] += 1
    notes = [row.note, *(f"{reason} ({number})" for reason, number in sorted(reasons.items()))]
    return replace(
        row, articles=found[Piece], errors=found[Fault], note="; ".join(note for note in notes if note)
    )
