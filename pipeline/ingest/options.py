"""What the readers share: their settings, what they pass on, and how they say that a text cannot be had."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.schema import Published

DEFAULT_MAX_BYTES = 20_000_000
DEFAULT_MAX_RATIO = 200
"""Prose shrinks to a third, a table of repeats to a fiftieth; beyond this nobody meant it to be read."""
DEFAULT_MAX_DEPTH = 200
"""The parser of HTML loses what lies more than 250 deep, that of JSON fails at a thousand."""
DEFAULT_MAX_PAGES = 1_000


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
    read in `lang` whatever they say or seem. `fields` names the fields of records. An article of more than `max_bytes`
    bytes, unpacked, is not read, nor what unpacks to more than that and to more than `max_ratio` times its size, nor
    HTML, XML and JSON whose parts lie more than `max_depth` deep in each other. Of a PDF the first `max_pages` pages
    are read, all where it is None."""

    published: Published | None = None
    lang: str | None = None
    force_lang: bool = False
    max_bytes: int = DEFAULT_MAX_BYTES
    max_ratio: int = DEFAULT_MAX_RATIO
    max_depth: int = DEFAULT_MAX_DEPTH
    max_pages: int | None = DEFAULT_MAX_PAGES
    fields: Fields = field(default_factory=Fields)


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
