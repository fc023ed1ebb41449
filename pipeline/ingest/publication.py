"""Publication dates as written by a person or a machine: in the text's head, in metadata, in a file name."""

from __future__ import annotations

import re

from pipeline.schema import Published

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?=$|[T\s])")
_HEAD = re.compile(r"\s?date (\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:\s|$)")
# A year alone is not taken from a name: "peugeot-2008" is a car.
_IN_NAME = re.compile(r"(?<![^\W_])((?:19|20)\d\d)(?:([-_.])(\d\d)(?:\2(\d\d))?|(\d\d)(\d\d))(?![^\W_])")


def parse_published(text: str, origin: str) -> Published | None:
    """The day, month or year at the start of the ISO 8601 date or date-time `text`; None where there is none.

    `origin` is kept beside it: `head`, `front_matter`, `metadata`, `sidecar`, `file_name` or `option`.
    """
    match = _ISO.match(text.strip())
    return _checked([part for part in match.groups() if part], origin) if match else None


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
