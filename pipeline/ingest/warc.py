"""Web archives: one article for each page that a server gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from pipeline.ingest.extras import needing
from pipeline.ingest.item import Format
from pipeline.ingest.options import IngestError, IngestOptions, Metadata
from pipeline.ingest.records import Fault, Piece
from pipeline.ingest.unpack import Short, read_whole

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def read_warc(stream: BufferedReader, options: IngestOptions) -> Iterator[Piece | Fault]:
    """The HTML pages among the records of `stream` that were answered with success, numbered by their records.

    Raises IngestError with `format` where the file is no WARC or cut off, with `extra`.
    """
    with needing("warc", "a WARC file"):
        from warcio.archiveiterator import WARCIterator
        from warcio.exceptions import ArchiveLoadFailed

    class Quiet(WARCIterator):  # type: ignore[misc]
        INC_RECORD = ""  # what the library would print; `err_count` tells

    try:
        records = Quiet(Short(stream))
        for number, record in enumerate(records, 1):
            if record.rec_type == "response" and _is_page(record):
                yield _page(number, record, options.max_bytes)
            _pass(record)
        if records.err_count:
            raise EOFError(f"{records.err_count} records are longer than they say")
    except (ArchiveLoadFailed, EOFError, AttributeError, ValueError) as error:
        # The library stumbles over a record without an address.
        raise IngestError("format", f"the WARC file is broken: {error}") from error


def _pass(record: Any) -> None:
    """Read what is left of `record`. Raises EOFError where the file ends before it does."""
    while record.raw_stream.read(1 << 16):
        pass
    # A record that does not say how long it is has no limit.
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise EOFError("it is cut off")


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    if headers is None or not (headers.get_statuscode() or "").startswith("2"):
        return False
    return (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower() in _PAGES


def _page(number: int, record: Any, limit: int) -> Piece | Fault:
    try:
        data = read_whole(record.content_stream(), limit)
    except IngestError as error:
        return Fault(number, error.reason, error.message)
    _pass(record)
    charset = _CHARSET.search(record.http_headers.get_header("Content-Type") or "")
    return Piece(
        number=number,
        payload=data,
        format=Format.HTML,
        beside=Metadata(url=record.rec_headers.get_header("WARC-Target-URI")),
        charset=charset.group(1) if charset else None,
    )
