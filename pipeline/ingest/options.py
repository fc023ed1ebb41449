"""What the readers share: their settings, what they pass on, and how they say that a text cannot be had."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema import Published

DEFAULT_MAX_BYTES = 20_000_000


class IngestError(Exception):
    """An input that gives no article. `reason` is the code of the error record (README, "Bad input")."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """`published` and `lang` (ISO 639-1) serve articles that do not say it themselves; a source of more than
    `max_bytes` bytes is not read."""

    published: Published | None = None
    lang: str | None = None
    max_bytes: int = DEFAULT_MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a file says of itself, as written; None where it is silent."""

    id: str | None = None
    title: str | None = None
    published: str | None = None
    lang: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text taken out of its format, before repair, with the format's own metadata.

    `published` is what the format gave, with its origin.
    """

    body: str
    metadata: Metadata = Metadata()
    published: Published | None = None
