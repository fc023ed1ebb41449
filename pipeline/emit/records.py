"""The lines that are written beside facts: articles with their mentions, detections, explanations."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pipeline.schema import (
    DateMention,
    EntityMention,
    Extraction,
    Fact,
    Figure,
    Kind,
    Mentions,
    Mod,
    NumberMention,
    Qualifier,
    QuantityMention,
)

RequestId = str | int | float | None


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Located(_Record):
    """Half-open offsets in code points of the text that the record belongs to, and what stands there."""

    start: int
    end: int
    text: str


class DateRecord(_Located):
    """A calendar expression: TIMEX3 `value`, and its first and last day (None where open or unresolved)."""

    value: str | None
    mod: Mod | None
    first: dt.date | None
    last: dt.date | None


class NumberRecord(_Located):
    """A figure, with or without a unit: `value`, or `low` and `high`."""

    value: Figure | None
    low: Figure | None
    high: Figure | None
    qualifier: Qualifier | None


class QuantityRecord(_Located):
    """A figure in its unit: `value`, or `low` and `high`; `per` is an ISO 8601 duration."""

    value: Figure | None
    low: Figure | None
    high: Figure | None
    unit: str
    qualifier: Qualifier
    per: str | None


class EntityRecord(_Located):
    """A name with its canonical form."""

    name: str
    kind: Kind


class Counts(_Record):
    """How much there is of an article and in it."""

    characters: int
    dates: int
    quantities: int
    entities: int
    facts: int
    rejections: int


class ArticleRecord(_Record):
    """One line of `articles.jsonl`. All offsets, its facts' too, refer to `text`; `sha256` is its hash."""

    id: str
    path: str | None
    lang: str
    published: str | None
    published_origin: str | None
    title: str | None
    text: str
    dates: tuple[DateRecord, ...]
    quantities: tuple[QuantityRecord, ...]
    entities: tuple[EntityRecord, ...]
    counts: Counts
    sha256: str


class DetectRecord(_Record):
    """One line that `autofacts detect` answers with, under the id that was asked with."""

    id: RequestId
    dates: tuple[DateRecord, ...]
    numbers: tuple[NumberRecord, ...]
    quantities: tuple[QuantityRecord, ...]
    entities: tuple[EntityRecord, ...]


class DetectError(_Record):
    """The answer to a line that could not be worked on."""

    id: RequestId
    error: str


class ExplanationRecord(_Record):
    """One line of `explanations.jsonl`: the rules that led to a fact, and the features of its confidence."""

    article_id: str
    fact_id: str
    trace: tuple[str, ...]
    evidence: dict[str, float] = Field(default_factory=dict)


def article_record(extraction: Extraction) -> ArticleRecord:
    """The line of `articles.jsonl` for one article."""
    article = extraction.article
    dates = _dates(extraction.mentions.dates)
    quantities = _quantities(extraction.mentions.quantities)
    entities = _entities(extraction.mentions.entities)
    return ArticleRecord(
        id=article.id,
        path=article.path,
        lang=article.lang,
        published=article.published.value if article.published else None,
        published_origin=article.published.origin if article.published else None,
        title=article.title,
        text=article.text,
        dates=dates,
        quantities=quantities,
        entities=entities,
        counts=Counts(
            characters=len(article.text),
            dates=len(dates),
            quantities=len(quantities),
            entities=len(entities),
            facts=len(extraction.facts),
            rejections=len(extraction.rejections),
        ),
        sha256=hashlib.sha256(article.text.encode("utf-8")).hexdigest(),
    )


def detect_record(request_id: RequestId, mentions: Mentions) -> DetectRecord:
    """The answer of `autofacts detect` for one text."""
    return DetectRecord(
        id=request_id,
        dates=_dates(mentions.dates),
        numbers=tuple(_number(m) for m in mentions.numbers),
        quantities=_quantities(mentions.quantities),
        entities=_entities(mentions.entities),
    )


def explanation_records(extraction: Extraction) -> Iterator[ExplanationRecord]:
    """The traces of an article's facts, in the order of the facts."""
    for fact in extraction.facts:
        trace = extraction.traces.get(fact.id, ())
        evidence = extraction.evidence.get(fact.id, {})
        yield ExplanationRecord(article_id=fact.article_id, fact_id=fact.id, trace=trace, evidence=evidence)


def fact_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line of `facts.jsonl`."""
    schema = Fact.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _dates(mentions: Iterable[DateMention]) -> tuple[DateRecord, ...]:
    return tuple(
        DateRecord(
            start=m.span.start,
            end=m.span.end,
            text=m.span.text,
            value=m.value,
            mod=m.mod,
            first=m.start,
            last=m.end,
        )
        for m in mentions
    )


def _number(mention: NumberMention) -> NumberRecord:
    return NumberRecord(
        start=mention.span.start,
        end=mention.span.end,
        text=mention.span.text,
        value=mention.value,
        low=mention.low,
        high=mention.high,
        qualifier=mention.qualifier,
    )


def _quantities(mentions: Iterable[QuantityMention]) -> tuple[QuantityRecord, ...]:
    """All quantities, conversions in brackets among them, in the order of the text."""
    found = {m.span: m for m in mentions}
    found |= {m.converted.span: m.converted for m in found.values() if m.converted}
    return tuple(_quantity(found[span]) for span in sorted(found))


def _quantity(mention: QuantityMention) -> QuantityRecord:
    return QuantityRecord(
        start=mention.span.start,
        end=mention.span.end,
        text=mention.span.text,
        value=mention.value,
        low=mention.low,
        high=mention.high,
        unit=mention.unit,
        qualifier=mention.qualifier,
        per=mention.per,
    )


def _entities(mentions: Iterable[EntityMention]) -> tuple[EntityRecord, ...]:
    return tuple(
        EntityRecord(start=m.span.start, end=m.span.end, text=m.span.text, name=m.name, kind=m.kind)
        for m in mentions
    )
