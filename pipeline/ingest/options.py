"""What the readers share: their settings, what they pass on, and how they say that a text cannot be had."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.schema import Published

DEFAULT_MAX_BYTES = 20_000_000


class IngestError(Exception):
    """An input that gives no article. `reason` is the code of the error record (README, "Articles")."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Under which names a record (a JSON object, a row of a table) holds what: the first that is there counts.

    Upper and lower case are the same; "content.rendered" is the field `rendered` of the object `content`.
    """

    text: tuple[str, ...] = ("text", "content", "body", "article")
    title: tuple[str, ...] = ("title", "headline")
    date: tuple[str, ...] = ("date", "published", "pubDate", "publication_date", "published_at")
    id: tuple[str, ...] = ("id",)
    url: tuple[str, ...] = ("url", "link")
    lang: tuple[str, ...] = ("lang", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """`published` and `lang` (ISO 639-1) serve articles that do not say it themselves; with `force_lang` articles are
    read in `lang` whatever they say or seem. An article of more than `max_bytes` bytes, unpacked, is not read. `fields`
    names the fields of records. Of a PDF the first `max_pages` pages are read, all where it is None.
    """

    published: Published | None = None
    lang: str | None = None
    force_lang: bool = False
    max_bytes: int = DEFAULT_MAX_BYTES
    fields: Fields = field(default_factory=Fields)
    max_pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a file says of itself, as written; None where it is silent."""

    id: str | None = None
    title: str | None = None
    published: str | None = None
    lang: str | None = None
    url: str | None = None


NO_METADATA = Metadata()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text taken out of its format, before repair, with the format's own metadata.

    `published` is what the format gave, with its origin; `problem` is what is wrong with the metadata.
    """

    body: str
    metadata: Metadata = NO_METADATA
    published: Published | None = None
    problem: str | None = None
