"""Publication dates as written by a person or a machine: in the text's head, in metadata, in a file name."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from pipeline.schema import Published

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?=$|[T\s])")
_HEAD = re.compile(r"\s?date (\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:\s|$)")
_EIGHT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
# From 2001 on, in seconds or thousandths.
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
# A year alone is not taken from a name: "peugeot-2008" is a car.
_IN_NAME = re.compile(r"(?<![^\W_])((?:19|20)\d\d)(?:([-_.])(\d\d)(?:\2(\d\d))?|(\d\d)(\d\d))(?![^\W_])")


def parse_published(text: str, origin: str) -> Published | None:
    """The day, month or year at the start of the ISO 8601 date or date-time `text`; None where there is none.

    `origin` is kept beside it: `head`, `front_matter`, `metadata`, `record`, `sidecar`, `file_name` or `option`.
    """
    match = _ISO.match(text.strip())
    return _checked([part for part in match.groups() if part], origin) if match else None


def parse_written(text: str, origin: str) -> Published | None:
    """The day that a program wrote in a field: ISO 8601, RFC 2822 ("Thu, 03 Oct 2024 08:00:00 +0200"), eight digits
    ("20241003"), or seconds or milliseconds since 1970, then in UTC; None where it is none of them.

    "03/10/2024" is none: it is two days, and nothing says which.
    """
    text = text.strip()
    if published := parse_published(text, origin):
        return published
    if match := _EIGHT.fullmatch(text):
        return _checked(list(match.groups()), origin)
    try:
        if match := _SECONDS.fullmatch(text):
            moment = dt.datetime.fromtimestamp(int(match.group(1)), dt.UTC)
        else:
            moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, OSError):
        return None
    return _checked([f"{moment.year:04}", f"{moment.month:02}", f"{moment.day:02}"], origin)


def split_head(text: str) -> tuple[Published | None, str]:
    """The date of a head such as " date 2023-08 " with the text behind it; else (None, `text`)."""
    match = _HEAD.match(text)
    published = parse_published(match.group(1), "head") if match else None
    return (published, text[match.end() :]) if match and published else (None, text)


def published_in_name(stem: str) -> Published | None:
    """The day or month in a file's stem, such as "2024-10-03-title", "title_2024-10" or "title_20241003"."""
    for match in _IN_NAME.finditer(stem):
        year, _, month, day, month_glued, day_glued = match.groups()
        parts = [year, month or month_glued, day or day_glued]
        published = _checked([part for part in parts if part], "file_name")
        if published:
            return published
    return None


def _checked(parts: list[str], origin: str) -> Published | None:
    published = Published("-".join(parts), origin)
    try:
        published.first, published.last  # noqa: B018 (raise where the calendar has no such day)
    except ValueError:
        return None
    return published
