"""The annotations that people write (corpus/AUTHORING.md): strings in, checked values out."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipeline.corpus.files import parse_yaml
from pipeline.corpus.problem import Complaint, CorpusError, complaints
from pipeline.schema import Kind, Mod, Modality, Polarity, Qualifier

ANNOTATIONS, DOUBLES = "annotations", "doubles"
"""The folders of the annotations, and of those that a second annotator made without seeing the first."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def _number(value: object) -> object:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise ValueError(f"{value!r} is no figure in plain digits")


def _flag(value: object) -> object:
    if value in ("true", "false"):
        return value == "true"
    raise ValueError(f"{value!r} is neither true nor false")


def _nothing(value: object) -> object:
    """A key without content ("facts:") is an empty string to YAML."""
    return () if value == "" else value


Word = Annotated[str, Field(min_length=1, pattern=r"\S")]
Number = Annotated[Decimal, BeforeValidator(_number)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_nothing)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(_Part):
    """Words of the text; `nth` says which of several occurrences is meant, from 1."""

    text: Word
    nth: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class NamedParty(_Part):
    """A party, written {kind: name}."""

    kind: Kind
    name: Word

    @model_validator(mode="before")
    @classmethod
    def _pair(cls, value: object) -> object:
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError("a party is written {kind: name}")
        ((kind, name),) = value.items()
        if kind not in set(Kind):
            raise ValueError(f"unknown kind {kind!r}")
        return {"kind": kind, "name": name}


class _HasFigure(_Part):
    value: Number | None = None
    range: tuple[Number, Number] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.value is not None and self.range is not None:
            raise ValueError("a value beside a range")
        return self

    @property
    def has_figure(self) -> bool:
        return self.value is not None or self.range is not None


class OtherFigure(_HasFigure):
    """A previous or converted figure."""

    unit: Word

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.has_figure:
            raise ValueError("neither a value nor a range")
        return self


class When(_Part):
    """A period: TIMEX3 value, and what its first and last day do not follow from."""

    value: Word
    mod: Mod | None = None
    open: Literal["start", "end"] | None = None
    start: dt.date | None = None
    end: dt.date | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"value": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.open is not None and getattr(self, self.open) is not None:
            raise ValueError(f"{self.open} is open and written")
        return self


class FactNote(_HasFigure):
    """One fact as its annotator wrote it."""

    quote: Quote
    type: Word
    subject: NamedParty | None = None
    object: NamedParty | None = None
    metric: Word | None = None
    unit: Word | None = None
    qualifier: Qualifier | None = None
    per: Word | None = None
    basis: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    period: When | None = None
    modality: Modality = Modality.ACTUAL
    polarity: Polarity = Polarity.POSITIVE
    place: Word | None = None
    source: Word | None = None
    previous: OtherFigure | None = None
    converted: OtherFigure | None = None
    optional: Annotated[bool, BeforeValidator(_flag)] = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.has_figure and self.unit is None:
            raise ValueError("a figure without a unit")
        return self


class Names(_Part):
    """The named entities, canonical names by type."""

    ORG: Words = ()
    MODEL: Words = ()
    PERSON: Words = ()
    PLACE: Words = ()


class DateNote(_Part):
    """A date as written, and its TIMEX3 value."""

    text: Word
    value: Word


class Ignored(_Part):
    """A figure that is no fact, and why."""

    quote: Quote
    why: Word


class Annotation(_Part):
    """All that an annotator wrote about one article."""

    facts: Annotated[tuple[FactNote, ...], BeforeValidator(_nothing)] = ()
    entities: Annotated[Names, BeforeValidator(lambda value: value or {})] = Names()
    dates: Annotated[tuple[DateNote, ...], BeforeValidator(_nothing)] = ()
    ignored: Annotated[tuple[Ignored, ...], BeforeValidator(_nothing)] = ()


def annotation_file(name: str, folder: str = ANNOTATIONS) -> str:
    """How problems name an annotation."""
    return f"{name}.yaml" if folder == ANNOTATIONS else f"{folder}/{name}.yaml"


def annotation_names(corpus: Path, folder: str = ANNOTATIONS) -> list[str]:
    """The names of the articles that `folder` holds annotations of, sorted."""
    return sorted(path.stem for path in (corpus / folder).glob("*.yaml"))


def load_annotation(corpus: Path, name: str, folder: str = ANNOTATIONS) -> Annotation:
    """The annotation of the article `name`. Raises CorpusError naming file and key where it is not as AUTHORING.md
    says, and FileNotFoundError where there is none."""
    file = annotation_file(name, folder)
    try:
        source = (corpus / folder / f"{name}.yaml").read_text(encoding="utf-8")
        return Annotation.model_validate(parse_yaml(source) or {})
    except ValidationError as error:
        raise CorpusError(tuple(found.of(file) for found in complaints(error))) from error
    except ValueError as error:
        raise CorpusError((Complaint("", str(error)).of(file),)) from error
