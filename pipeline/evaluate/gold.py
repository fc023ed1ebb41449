"""Gold articles and predicted facts, read from files and checked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipeline.schema import Fact, Figure, Kind, Mod, Modality, Polarity, Qualifier


def _number(value: object) -> object:
    # Pydantic would read "1 000" or True as figures too.
    if value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool)):
        return value
    raise ValueError("a figure must be a number")


GoldNumber = Annotated[Figure | None, BeforeValidator(_number)]
Word = Annotated[str, Field(min_length=1)]


class _Gold(BaseModel):
    """Further keys (sha256, notes) are allowed and left out; the keys below are all required."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldParty(_Gold):
    """A subject or object."""

    name: Word
    kind: Kind


class GoldFigure(_Gold):
    """A previous or converted figure. Its qualifier and rate are not compared and may be left out."""

    value: GoldNumber
    low: GoldNumber
    high: GoldNumber
    unit: Word

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        _check_form(self.value, self.low, self.high, needed=True)
        return self


class GoldPeriod(_Gold):
    """A TIMEX3 value with its first and last day (None where open)."""

    value: Word
    mod: Mod | None
    start: dt.date | None
    end: dt.date | None


class GoldSpan(_Gold):
    """Half-open character offsets into the article's text."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)


class GoldFact(_Gold):
    """One fact as an annotator wrote it: the slots of the contract's §1, the figure's parts side by side.

    `span` is where the quote stands; None in gold that was not built from annotations.
    """

    type: Word
    subject: GoldParty | None
    object: GoldParty | None
    metric: Word | None
    value: GoldNumber
    low: GoldNumber
    high: GoldNumber
    unit: Word | None
    qualifier: Qualifier | None
    per: Word | None
    basis: list[Word] | None
    period: GoldPeriod | None
    modality: Modality
    polarity: Polarity
    place: Word | None
    source: Word | None
    previous: GoldFigure | None
    converted: GoldFigure | None
    quote: Word
    optional: bool
    span: GoldSpan | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _check_form(self.value, self.low, self.high, needed=False)
        if self.has_figure and self.unit is None:
            raise ValueError("a figure without a unit")
        return self

    @property
    def has_figure(self) -> bool:
        return self.value is not None or self.low is not None


class GoldEntity(_Gold):
    """A name that the article holds, in its canonical form."""

    name: Word
    type: Literal["ORG", "MODEL", "PERSON", "PLACE"]


class GoldDate(_Gold):
    """A calendar expression as written, and its TIMEX3 value."""

    text: Word
    value: Word


class GoldMark(_Gold):
    """A figure of the text that is no fact, and why."""

    quote: Word
    why: Word
    span: GoldSpan


class GoldArticle(_Gold):
    """All that is right about one article. `sha256` is that of its text in UTF-8; `kind` is the kind of text, where
    the gold itself says so."""

    id: Word
    lang: Word
    published: Word | None
    kind: Word | None = None
    sha256: Word | None = None
    facts: list[GoldFact]
    entities: list[GoldEntity]
    dates: list[GoldDate]
    ignored: list[GoldMark] = []


class FoundDate(_Gold):
    """A date that was detected: its surface text and TIMEX3 value."""

    text: str
    value: str | None


class FoundEntity(_Gold):
    """A name that was detected."""

    name: Word
    kind: Kind = Kind.OTHER
    text: str = ""


class FoundQuantity(_Gold):
    """A figure in its unit that was detected, with its place in the article's text."""

    start: int
    end: int
    text: str
    value: GoldNumber = None
    low: GoldNumber = None
    high: GoldNumber = None
    unit: Word


class ArticleMentions(_Gold):
    """What is read of a line of articles.jsonl; lines without a text or quantities can be scored, not shown."""

    id: str
    lang: str = ""
    text: str = ""
    dates: list[FoundDate]
    entities: list[FoundEntity]
    quantities: list[FoundQuantity] | None = None


def _check_form(value: object, low: object, high: object, *, needed: bool) -> None:
    if (low is None) != (high is None):
        raise ValueError("a range with one end only")
    if value is not None and low is not None:
        raise ValueError("a value beside a range")
    if needed and value is None and low is None:
        raise ValueError("neither a value nor a range")


def describe(error: ValidationError) -> list[tuple[str, str]]:
    """The errors of a validation as pairs of key ("facts.3.period.value") and message."""
    return [(".".join(str(part) for part in item["loc"]) or "(all)", item["msg"]) for item in error.errors()]


def load_gold(folder: Path) -> dict[str, GoldArticle]:
    """The gold articles of `folder` (*.json), by article id, in the order of the ids.

    Raises ValueError naming file and key where one is not valid or an id occurs twice, and FileNotFoundError
    where the folder holds none.
    """
    articles: dict[str, GoldArticle] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            article = GoldArticle.model_validate_json(path.read_bytes())
        except ValidationError as error:
            details = "; ".join(f"{key}: {message}" for key, message in describe(error))
            raise ValueError(f"{path}: {details}") from error
        if article.id in articles:
            raise ValueError(f"{path}: id: {article.id} occurs twice")
        articles[article.id] = article
    if not articles:
        raise FileNotFoundError(f"no gold articles (*.json) in {folder}")
    return dict(sorted(articles.items()))


_M = TypeVar("_M", bound=BaseModel)


def load_lines(path: Path, model: type[_M]) -> list[_M]:
    """The lines of a JSON Lines file as values of `model`. Raises ValueError naming file, line and key."""
    values = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                values.append(model.model_validate_json(line))
            except ValidationError as error:
                details = "; ".join(f"{key}: {message}" for key, message in describe(error))
                raise ValueError(f"{path}, line {number}: {details}") from error
    return values


def load_facts(path: Path) -> dict[str, list[Fact]]:
    """The facts of facts.jsonl by article id, in the file's order.

    Raises ValueError naming line and key where a line is no fact, FileNotFoundError where there is no file.
    """
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact in load_lines(path, Fact):
        facts[fact.article_id].append(fact)
    return dict(facts)


def load_mentions(path: Path) -> dict[str, ArticleMentions]:
    """The dates and entities of articles.jsonl by article id. Raises as `load_facts`."""
    return {record.id: record for record in load_lines(path, ArticleMentions)}
