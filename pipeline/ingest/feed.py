"""RSS and Atom files: one article an entry."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.ingest.extras import needing
from pipeline.ingest.html import fragment_to_text
from pipeline.ingest.nesting import check_markup
from pipeline.ingest.options import Fields, IngestError, IngestOptions
from pipeline.ingest.records import Fault, Piece, piece_of
from pipeline.ingest.unpack import read_whole

_OWN = Fields()
_MARKED_UP = frozenset({"text/html", "application/xhtml+xml"})


def read_feed(stream: BinaryIO, options: IngestOptions) -> Iterator[Piece | Fault]:
    """The entries of the feed in `stream`, numbered from 1, each with its longest text, its title, date and link.

    A feed is read whole: it may not be larger than `options.max_bytes`. Entities that it defines are not expanded.
    A feed that is cut off gives the entries before the cut, then raises IngestError with `format`, as does a file
    that is no feed. Raises IngestError with `extra`, with `too_deep` for elements deeper than `options.max_depth`.
    """
    with needing("feeds", "an RSS or Atom file"):
        import feedparser
    data = read_whole(stream, options.max_bytes)
    if not data.strip():
        raise IngestError("empty", "the file is empty")
    # No entry is deep in its feed; the markup in one is text there, and looked at by itself.
    check_markup(data.decode("latin-1"), options.max_depth)
    # As a stream: a string would be taken for an address to load.
    try:
        feed = feedparser.parse(io.BytesIO(data), sanitize_html=True, resolve_relative_uris=False)
    except (ValueError, LookupError, AssertionError, RecursionError) as error:  # over names of encodings, among others
        raise IngestError("format", f"the feed is broken: {error}") from error
    for number, entry in enumerate(feed.entries, 1):
        try:
            yield _entry(number, entry, feed.feed.get("language"), options.max_depth)
        except IngestError as error:
            yield Fault(number, error.reason, error.message)
    if not feed.version:
        raise IngestError("format", "the file is no RSS or Atom feed")
    if not data.rstrip().endswith(b">") or (feed.bozo and not feed.entries):
        raise IngestError("format", f"the feed is broken: {feed.get('bozo_exception', 'it is cut off')}")


def _entry(number: int, entry: Any, lang: str | None, depth: int) -> Piece | Fault:
    contents = [*entry.get("content", ()), *([entry.summary_detail] if "summary_detail" in entry else ())]
    texts = (
        fragment_to_text(c.value, depth) if c.get("type") in _MARKED_UP else c.value for c in contents if c.get("value")
    )
    data = {
        "text": max(texts, key=len, default=""),
        "title": fragment_to_text(entry.get("title", ""), depth),
        "date": entry.get("published") or entry.get("updated"),
        "id": entry.get("id") or entry.get("link"),
        "url": entry.get("link"),
        "lang": next((c.language for c in contents if c.get("language")), None) or lang,
    }
    return piece_of(number, data, _OWN)
