"""What a file holds, told from its name, or from its first bytes where the name says nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


class Layout(StrEnum):
    """How articles lie in a file: alone, one after the other, or as the files of an archive."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    JSON_LINES = "json lines"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    FEED = "feed"
    WARC = "warc"
    PARQUET = "parquet"
    ZIP = "zip"
    TAR = "tar"


class Compression(StrEnum):
    GZIP = "gzip"
    ZSTD = "zstd"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is in a file, and how it is compressed."""

    layout: Layout
    compression: Compression | None = None


SINGLE = frozenset({Layout.TEXT, Layout.MARKDOWN, Layout.HTML, Layout.PDF})
ARCHIVES = frozenset({Layout.ZIP, Layout.TAR})
SNIFFED_BYTES = 4096
_LAYOUTS = {
    ".txt": Layout.TEXT,
    ".md": Layout.MARKDOWN,
    ".markdown": Layout.MARKDOWN,
    ".html": Layout.HTML,
    ".htm": Layout.HTML,
    ".pdf": Layout.PDF,
    ".jsonl": Layout.JSON_LINES,
    ".ndjson": Layout.JSON_LINES,
    ".json": Layout.JSON,
    ".csv": Layout.CSV,
    ".tsv": Layout.TSV,
    ".rss": Layout.FEED,
    ".atom": Layout.FEED,
    ".xml": Layout.FEED,
    ".warc": Layout.WARC,
    ".parquet": Layout.PARQUET,
    ".zip": Layout.ZIP,
    ".tar": Layout.TAR,
}
_COMPRESSIONS = {".gz": Compression.GZIP, ".zst": Compression.ZSTD}
_SHORT = {".tgz": ".tar.gz", ".tzst": ".tar.zst"}
_COMPRESSED = {b"\x1f\x8b": Compression.GZIP, b"\x28\xb5\x2f\xfd": Compression.ZSTD}
_MAGIC = {b"%PDF-": Layout.PDF, b"PK\x03\x04": Layout.ZIP, b"WARC/": Layout.WARC, b"PAR1": Layout.PARQUET}
# A comment ends where it first can: other ways to cut a row of them would be tried in numbers that double with each.
_FEED = re.compile(
    rb"\s*<\?xml[^>]*>\s*(?:(?><!--.{0,1000}?-->)\s*)*+<(?:rss|feed|rdf:RDF)\b|\s*<(?:rss|feed)\b", re.DOTALL
)


def kind_of(name: str) -> Kind | None:
    """What the file `name` holds by its extensions ("x.jsonl.gz"); None where they do not say."""
    compression = compression_of(name)
    layout = _LAYOUTS.get(PurePosixPath(_unpacked(name)).suffix.lower())
    return Kind(layout, compression) if layout else None


def compression_of(name: str) -> Compression | None:
    return _COMPRESSIONS.get(PurePosixPath(_long(name)).suffix.lower())


def stem_of(name: str) -> str:
    """The name of a file without folders, compression and extension: "d/x.txt.gz" to "x"."""
    return PurePosixPath(_unpacked(name)).stem


def sniffed_compression(head: bytes) -> Compression | None:
    """How a file that begins with `head` is compressed."""
    return next((kind for magic, kind in _COMPRESSED.items() if head.startswith(magic)), None)


def sniffed_layout(head: bytes) -> Layout:
    """What a file that begins with `head`, unpacked, holds; what is not recognised counts as text."""
    for magic, layout in _MAGIC.items():
        if head.startswith(magic):
            return layout
    if head[257:262] == b"ustar":
        return Layout.TAR
    if _FEED.match(head.removeprefix(b"\xef\xbb\xbf")):
        return Layout.FEED
    if re.match(rb"\s*\[\s*\{", head):
        return Layout.JSON
    return Layout.JSON_LINES if _begins_with_object(head) else Layout.TEXT


def _begins_with_object(head: bytes) -> bool:
    if not head.lstrip().startswith(b'{"'):
        return False
    line, end, _ = head.lstrip().partition(b"\n")
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        # Cut off by the end of `head`, not broken.
        return not end and len(head) >= SNIFFED_BYTES


def _long(name: str) -> str:
    return next((name[: -len(short)] + long for short, long in _SHORT.items() if name.lower().endswith(short)), name)


def _unpacked(name: str) -> str:
    long = _long(name)
    return long[: long.rindex(".")] if compression_of(name) else long
