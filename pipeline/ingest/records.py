"""Records, which is what collections hold: objects of JSON, rows of tables, entries of feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.ingest.html import fragment_to_text, looks_like_html, read_html
from pipeline.ingest.item import Format
from pipeline.ingest.options import DEFAULT_MAX_DEPTH, NO_METADATA, Draft, Fields, Metadata
from pipeline.ingest.publication import parse_written, split_head

_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKUP = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article as it was cut out of a file: `number` is its line or its place there, from 1, and 0 where it is the
    whole file; `id` its own, if any. The rest is that of `Item`."""

    number: int
    payload: bytes
    format: Format = Format.RECORD
    id: str | None = None
    beside: Metadata = NO_METADATA
    problem: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a file that gives no article, numbered as pieces are; what follows it is read."""

    number: int
    reason: str
    message: str


def piece_of(number: int, data: Mapping[str, object], fields: Fields) -> Piece | Fault:
    """The record `data` under our own names; a fault where it has no text."""
    folded = {str(key).casefold(): value for key, value in data.items()}
    text = _find(folded, fields.text)
    if not isinstance(text, str):
        there = ", ".join(str(key) for key in list(data)[:20]) or "none"
        return Fault(number, "no_text", f"no text in a field {' or '.join(fields.text)}; the fields are: {there}")
    if not text.strip():
        return Fault(number, "empty", "the text is empty")
    found = {
        "text": text,
        "title": _word(_find(folded, fields.title)),
        "date": _word(_find(folded, fields.date)),
        "url": _word(_find(folded, fields.url)),
        "lang": _word(_find(folded, fields.lang)),
    }
    payload = _encoded(json.dumps({key: value for key, value in found.items() if value}, ensure_ascii=False))
    own_id = _word(_find(folded, fields.id))
    return Piece(number=number, payload=payload, id=_encoded(own_id).decode("utf-8") if own_id else None)


def draft_of_record(payload: bytes, max_depth: int = DEFAULT_MAX_DEPTH) -> Draft:
    """The text of a record, out of HTML where it is a page or a piece of one, with what else the record says.

    Raises IngestError with `no_text` where a page holds none, with `too_deep` for markup deeper than `max_depth`.
    """
    data: dict[str, str] = json.loads(payload)
    text, url, written = data["text"], data.get("url"), data.get("date")
    published = parse_written(written, "record") if written else None
    own = Metadata(title=data.get("title"), lang=data.get("lang"), url=url)
    problem = None
    if written and not published:
        problem = f"the date {written[:40]!r} is no ISO 8601 or RFC 2822 date and no time in seconds since 1970"
    if looks_like_html(text):
        page = read_html(text, url, max_depth)
        title = own.title or page.metadata.title
        own = Metadata(title=title, lang=own.lang, url=url)
        return Draft(body=page.body, metadata=own, published=published or page.published, problem=problem)
    if _MARKUP.search(text):
        text = fragment_to_text(text, max_depth)
    head, body = split_head(text)
    return Draft(body=body, metadata=own, published=head or published, problem=problem)


def _find(folded: Mapping[str, object], names: tuple[str, ...]) -> object:
    """The value under the first of `names` that has one; the names are folded, dots lead into objects."""
    for name in names:
        key = name.casefold()
        value = folded.get(key)
        if value is None and "." in key:
            value = _inside(folded, key.split("."))
        if value is not None and value != "":
            return value
    return None


def _inside(value: object, path: list[str]) -> object:
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = {str(name).casefold(): each for name, each in value.items()}.get(key)
    return value


def _encoded(text: str) -> bytes:
    """`text` as UTF-8, halves of characters, which JSON can write, replaced."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")


def _word(value: object) -> str | None:
    """A string or a number as one line; None for all else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(str(value).split()) or None
