"""The values that flow between the stages, and the fact that comes out.

Mentions and documents are frozen dataclasses (sentences and cues, made by the hundred, named tuples); what is written
for others to read (`Fact`, `Rejection`, `ArticleRecord`, `ErrorRecord`) are pydantic models with a JSON Schema.
All offsets are half-open and counted in Unicode code points of `Article.text`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from pipeline.notebook import extraction_html


class Kind(StrEnum):
    """What sort of party a name stands for (contract §3)."""

    COMPANY = "company"
    BRAND = "brand"
    MODEL = "model"
    MARKET = "market"
    PERSON = "person"
    AUTHORITY = "authority"
    PLACE = "place"
    OTHER = "other"


class Qualifier(StrEnum):
    """How a figure is bounded by the words around it (contract §3)."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"
    BETWEEN = "between"


class Modality(StrEnum):
    """How sure the text is (contract §5)."""

    ACTUAL = "actual"
    PLANNED = "planned"
    FORECAST = "forecast"
    SPECULATED = "speculated"


class Polarity(StrEnum):
    """Whether the text asserts or denies the statement."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Mod(StrEnum):
    """TIMEX3 modifiers of a period."""

    START = "START"
    MID = "MID"
    END = "END"
    APPROX = "APPROX"
    BEFORE = "BEFORE"
    AFTER = "AFTER"


@dataclass(frozen=True, slots=True, order=True, init=False)
class Span:
    """A slice of the article's text. Build it with `Span.cut`, which takes the text itself."""

    start: int
    end: int
    text: str

    def __init__(self, start: int, end: int, text: str) -> None:
        _set_start(self, start)
        _set_end(self, end)
        _set_text(self, text)
        self.__post_init__()

    def __post_init__(self) -> None:
        # Pydantic, which fills the fields by itself, calls this too.
        if not 0 <= self.start < self.end or self.end - self.start != len(self.text):
            raise ValueError(f"span [{self.start}, {self.end}) does not fit its text {self.text!r}")

    @classmethod
    def cut(cls, source: str, start: int, end: int) -> Span:
        """The span [start, end) of `source`. Raises ValueError where the slice is empty or outside."""
        return cls(start, end, source[start:end])

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


# Every mention makes one, so that its slots are filled directly: object.__setattr__ takes twice the time.
_set_start, _set_end, _set_text = (vars(Span)[name].__set__ for name in ("start", "end", "text"))


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date: TIMEX3 `value` of a day, a month or a year; `origin` says where it was found."""

    value: str
    origin: str = "given"

    @property
    def first(self) -> dt.date:
        return _days(self.value)[0]

    @property
    def last(self) -> dt.date:
        return _days(self.value)[1]


@lru_cache(maxsize=1024)
def _days(value: str) -> tuple[dt.date, dt.date]:
    """First and last of a day, a month or a year."""
    parts = [int(p) for p in value.split("-")]
    first = dt.date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        return first, first
    if len(parts) == 2:
        following = dt.date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return first, following - dt.timedelta(days=1)
    return first, dt.date(parts[0], 12, 31)


@dataclass(frozen=True, slots=True)
class Article:
    """A frozen text with its provenance. `text` never changes after ingest: all offsets refer to it."""

    id: str
    text: str
    published: Published | None = None
    lang: str = "fr"
    title: str | None = None
    path: str | None = None


class Sentence(NamedTuple):
    """Offsets of one sentence or heading; `block` counts the paragraphs and headings of the article."""

    start: int
    end: int
    block: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An article in sentences, with character views of equal length.

    `plain` is the text with typographic apostrophes as ' and every kind of space as a plain space;
    `lower` is `plain` in lower case. Both have the length of the text, so that offsets hold in all three.
    `words` are the offsets of the runs of letters, digits and underscores, `word_starts` the first of each pair,
    `lower_words` those runs in `lower`.
    """

    article: Article
    plain: str
    lower: str
    sentences: tuple[Sentence, ...]
    words: tuple[tuple[int, int], ...]
    word_starts: tuple[int, ...]
    lower_words: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.article.text

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.article.text[start:end])


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A figure as read, with or without a unit. A range has `low` and `high`; a bare vague plural ("des
    milliers") has `value` and `qualifier`. `digits` is true where it is written in digits."""

    span: Span
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    qualifier: Qualifier | None = None
    digits: bool = True


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A figure with its unit, scaled to it (contract §3).

    `span` runs from the qualifier to the unit ("plus de 20 000 véhicules"), `figure` is the bare number.
    `noun` is the unit word as written, in lower case ("véhicules", "€", "salariés"). `signed` says that the text
    itself gives a sign ("-2 %", "+4,1 %"). `converted` is a conversion in brackets behind it.
    `list_id` is shared by the members of an enumeration with a common unit ("299, 389 et 578 ch").
    """

    span: Span
    figure: Span
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    qualifier: Qualifier = Qualifier.EXACT
    per: str | None = None
    noun: str = ""
    signed: bool = False
    converted: QuantityMention | None = None
    list_id: int | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A calendar expression (contract §4). `value` is None where a relative date has no anchor.

    `start` and `end` are the first and last day, None where open. `relative` says that the publication date was
    needed. `vague_now` marks "aujourd'hui", "désormais" used for the present rather than for the day.
    `since_start` marks "depuis le début de l'année", whose end depends on the statement.
    """

    span: Span
    value: str | None
    mod: Mod | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    relative: bool = False
    vague_now: bool = False
    since_start: bool = False


@dataclass(frozen=True, slots=True)
class EntityMention:
    """A name found in the text, with its canonical form. `classes` are the gazetteer's tags (suv, supplier, …)."""

    span: Span
    name: str
    kind: Kind
    parent: str | None = None
    country: str | None = None
    classes: tuple[str, ...] = ()
    known: bool = True


class CueMention(NamedTuple):
    """A word or phrase of the language pack that carries meaning for the linker.

    `category` is the pack's section ("trigger", "modality", "polarity", "source", "basis", "anaphor"…), `value` what
    it stands for there (a fact type, a modality, …), `rule` the pattern's id for traces.
    """

    span: Span
    category: str
    value: str
    rule: str
    attributes: tuple[tuple[str, str], ...] = ()

    def attribute(self, name: str) -> str | None:
        for key, value in self.attributes:
            if key == name:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that was detected in a document, each sorted by offset."""

    dates: tuple[DateMention, ...] = ()
    numbers: tuple[NumberMention, ...] = ()
    quantities: tuple[QuantityMention, ...] = ()
    entities: tuple[EntityMention, ...] = ()
    cues: tuple[CueMention, ...] = ()


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Figure = Annotated[
    Decimal, PlainSerializer(_json_number, return_type=int | float, when_used="json"), Field(allow_inf_nan=False)
]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(_Record):
    """A subject or object: canonical name, kind, and where it is named (None where it is inherited)."""

    name: str = Field(min_length=1)
    kind: Kind
    span: Span | None = None


class Place(_Record):
    """A site or market, with its ISO 3166-1 alpha-2 country code where it has one."""

    name: str = Field(min_length=1)
    kind: Kind = Kind.PLACE
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    span: Span | None = None


class Source(_Record):
    """Whom the article credits with the statement."""

    name: str = Field(min_length=1)
    span: Span | None = None


class Quantity(_Record):
    """A figure in its unit. Either `value`, or `low` and `high`."""

    value: Figure | None = None
    low: Figure | None = None
    high: Figure | None = None
    unit: str = Field(min_length=1)
    qualifier: Qualifier = Qualifier.EXACT
    per: str | None = Field(default=None, pattern=r"^P(\d+[YMWD]|T\d+[HMS])$")
    span: Span | None = None


class Period(_Record):
    """A TIMEX3 value with its first and last day (None where open)."""

    value: str
    mod: Mod | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    span: Span | None = None


class Fact(_Record):
    """One statement of an article about one figure or event: the contract's §8."""

    schema_version: Literal["1.0"] = "1.0"
    id: str = Field(pattern=r"^f:[0-9a-f]{16}$")
    article_id: str
    published: str | None
    lang: str
    type: str
    subject: Party | None
    object: Party | None
    metric: str | None
    quantity: Quantity | None
    converted: Quantity | None
    previous: Quantity | None
    period: Period | None
    basis: list[str] | None
    modality: Modality
    polarity: Polarity
    place: Place | None
    source: Source | None
    evidence: list[Span] = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)
    extractor: str


class Rejection(_Record):
    """A candidate that did not become a fact, and why."""

    article_id: str
    reason: str
    type: str | None
    span: Span
    detail: str = ""


class ErrorRecord(_Record):
    """An input that could not be read or processed."""

    path: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What `extract` returns for one article. `traces` names the rules that led to a fact, by its id, `evidence` the
    features from which its confidence follows."""

    article: Article
    mentions: Mentions
    facts: tuple[Fact, ...]
    rejections: tuple[Rejection, ...] = ()
    traces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: dict[str, dict[str, float]] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        """The facts in a table and the text with their parts marked, for notebooks."""
        return extraction_html(self)
