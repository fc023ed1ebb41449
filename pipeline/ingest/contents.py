"""What is in one file: opens it, unpacks it, goes into archives, cuts collections, one article at a time."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from pipeline.ingest.archives import BROKEN, Member, in_memory, tar_members, zip_members
from pipeline.ingest.decode import decode
from pipeline.ingest.discover import PassedOver, Source
from pipeline.ingest.feed import read_feed
from pipeline.ingest.item import Format
from pipeline.ingest.json_records import read_json, read_json_lines
from pipeline.ingest.kinds import (
    ARCHIVES,
    SINGLE,
    SNIFFED_BYTES,
    Layout,
    compression_of,
    kind_of,
    sniffed_compression,
    sniffed_layout,
)
from pipeline.ingest.metadata import SIDECAR_LIMIT, parse_sidecar, split_front_matter
from pipeline.ingest.names import Names
from pipeline.ingest.options import NO_METADATA, IngestError, IngestOptions, Metadata
from pipeline.ingest.records import Fault, Piece
from pipeline.ingest.table import read_csv, read_parquet
from pipeline.ingest.unpack import buffered, guarded, read_whole, unpacked
from pipeline.ingest.warc import read_warc

_Reader = Callable[[io.BufferedReader, IngestOptions], Iterator[Piece | Fault]]
_COLLECTIONS: dict[Layout, _Reader] = {
    Layout.JSON_LINES: read_json_lines,
    Layout.JSON: read_json,
    Layout.CSV: read_csv,
    Layout.TSV: partial(read_csv, separator="\t"),
    Layout.FEED: read_feed,
    Layout.WARC: read_warc,
    Layout.PARQUET: read_parquet,
}
_SEEKING = frozenset({Layout.ZIP, Layout.PARQUET})


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as its reading sees it, on disk, elsewhere or in an archive.

    `locator` names it in reports, `key` is the same for two names of one file; `folder` is the last folder above it, an
    archive counts as one. `packed` is how many bytes it takes in its archive, None where it is in none.
    """

    locator: str
    key: str
    file_name: str
    folder: str
    named: bool
    packed: int | None
    open: Callable[[], BinaryIO]
    open_sidecar: Callable[[], BinaryIO | None]


def entry_of(source: Source) -> Entry:
    """The entry of a file, or of standard input."""
    return Entry(
        locator=source.name,
        key=source.key,
        file_name=source.file_name,
        folder=PurePosixPath(source.name).parent.name,
        named=source.named,
        packed=None,
        open=source.open,
        open_sidecar=source.open_sidecar,
    )


def contents(entry: Entry, options: IngestOptions, names: Names) -> Iterator[tuple[Entry, Piece | Fault | PassedOver]]:
    """What is in `entry`, each with the file in which it lies (a member, in an archive). Nothing is raised.

    A file that was read before under another name (`names` holds the keys) is a fault.
    """
    try:
        if not names.take(f"\0{entry.key}"):
            raise IngestError("duplicate_id", "the same file was given before")
        yield from _contents(entry, options, names)
    except Exception as error:  # one file must not stop the others
        yield entry, _fault(error)


def _fault(error: Exception) -> Fault:
    if isinstance(error, IngestError):
        return Fault(0, error.reason, error.message)
    if isinstance(error, BROKEN):
        return Fault(0, "format", f"the file is broken: {error}")
    if isinstance(error, OSError):
        reason = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        return Fault(0, reason, error.strerror or str(error))
    return Fault(0, "internal", f"{type(error).__name__}: {error}")


def _contents(entry: Entry, options: IngestOptions, names: Names) -> Iterator[tuple[Entry, Piece | Fault | PassedOver]]:
    with _opened(entry, options) as (layout, stream):
        if layout in SINGLE:
            yield entry, _single(entry, Format(layout.value), read_whole(stream, options.max_bytes))
        elif layout not in ARCHIVES:
            yield from ((entry, piece) for piece in _COLLECTIONS[layout](stream, options))
        elif entry.packed is not None:
            raise IngestError("format", "an archive within an archive is not read; unpack the outer one")
        else:
            for member in zip_members(stream) if layout is Layout.ZIP else tar_members(stream):
                if isinstance(member, PassedOver):
                    yield entry, replace(member, name=f"{entry.locator}!{member.name}")
                else:
                    yield from contents(_entry_of_member(member, entry), options, names)


def _entry_of_member(member: Member, archive: Entry) -> Entry:
    path = PurePosixPath(member.name)
    return Entry(
        locator=f"{archive.locator}!{member.name}",
        key=f"{archive.key}!{member.name}",
        file_name=path.name,
        folder=path.parent.name or archive.file_name,
        named=False,
        packed=member.packed,
        open=member.open,
        open_sidecar=member.open_sidecar,
    )


@contextmanager
def _opened(entry: Entry, options: IngestOptions) -> Iterator[tuple[Layout, io.BufferedReader]]:
    """The layout of `entry` and its bytes without compression."""
    raw = entry.open()
    try:
        stream = buffered(raw)
        kind = kind_of(entry.file_name)
        compression = kind.compression if kind else compression_of(entry.file_name)
        if kind is None and compression is None:
            compression = sniffed_compression(stream.peek(SNIFFED_BYTES))
        if compression:
            stream = unpacked(stream, compression, options)
        elif entry.packed is not None:
            stream = guarded(stream, entry.packed, options)
        layout = kind.layout if kind else sniffed_layout(stream.peek(SNIFFED_BYTES))
        plain = compression is None and entry.packed is None and stream.seekable()
        yield layout, stream if plain or layout not in _SEEKING else in_memory(read_whole(stream, options.max_bytes))
    finally:
        if raw is not sys.stdin.buffer:
            raw.close()


def _single(entry: Entry, format: Format, payload: bytes) -> Piece:
    """The article that is the whole file, with what its sidecar says."""
    sidecar, problem = _sidecar(entry)
    own = None if format in (Format.HTML, Format.PDF) else _own_id(payload)
    return Piece(number=0, payload=payload, format=format, id=own or sidecar.id, beside=sidecar, problem=problem)


def _sidecar(entry: Entry) -> tuple[Metadata, str | None]:
    """The sidecar's metadata, empty where there is none, and what is wrong with it."""
    try:
        stream = entry.open_sidecar()
        if stream is None:
            return NO_METADATA, None
        with stream:
            return parse_sidecar(stream.read(SIDECAR_LIMIT)), None
    except IngestError as error:
        return NO_METADATA, error.message
    except (OSError, *BROKEN) as error:
        return NO_METADATA, f"the sidecar cannot be read: {error}"


def _own_id(payload: bytes) -> str | None:
    """The id in the front matter of a text."""
    if b"---" not in payload[:64].replace(b"\0", b""):
        return None
    try:
        metadata, _ = split_front_matter(decode(payload))
    except IngestError:
        return None  # the reader of the article will say why
    return metadata.id if metadata else None
