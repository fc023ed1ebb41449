"""Web archives: one article for each page that a server gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.ingest.extras import needing
from pipeline.ingest.item import Format
from pipeline.ingest.options import IngestError, IngestOptions, Metadata
from pipeline.ingest.records import Fault, Piece

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def read_warc(stream: BinaryIO, options: IngestOptions) -> Iterator[Piece | Fault]:
    """The HTML pages among the records of `stream` that were answered with success, numbered by their records.

    Raises IngestError with `format` where the file is no WARC or cut off, with `extra`.
    """
    with needing("warc", "a WARC file"):
        from warcio.archiveiterator import WARCIterator
        from warcio.exceptions import ArchiveLoadFailed
    try:
        for number, record in enumerate(WARCIterator(stream), 1):
            if record.rec_type != "response" or not _is_page(record):
                continue
            yield _page(number, record, options.max_bytes)
    except (ArchiveLoadFailed, EOFError) as error:
        raise IngestError("format", f"the WARC file is broken: {error}") from error


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    if headers is None or not headers.get_statuscode().startswith("2"):
        return False
    return (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower() in _PAGES


def _page(number: int, record: Any, limit: int) -> Piece | Fault:
    data = record.content_stream().read(limit + 1)
    if len(data) > limit:
        return Fault(number, "too_large", f"larger than the limit of {limit} bytes")
    charset = _CHARSET.search(record.http_headers.get_header("Content-Type") or "")
    return Piece(
        number=number,
        payload=data,
        format=Format.HTML,
        beside=Metadata(url=record.rec_headers.get_header("WARC-Target-URI")),
        charset=charset.group(1) if charset else None,
    )
