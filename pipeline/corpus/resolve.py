"""Annotation and article to gold: quotes become offsets, what is left out gets its usual content."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.corpus.annotation import Annotation, FactNote, OtherFigure, Quote, When
from pipeline.corpus.article import CorpusArticle
from pipeline.corpus.problem import Complaint
from pipeline.detect.calendar import bounds
from pipeline.evaluate.gold import (
    GoldArticle,
    GoldDate,
    GoldEntity,
    GoldFact,
    GoldFigure,
    GoldMark,
    GoldParty,
    GoldPeriod,
    GoldSpan,
)
from pipeline.schema import Qualifier
from pipeline.text import plain

_TIMEX = re.compile(r"\d{3}|\d{4}(-(\d{2}(-\d{2})?|Q[1-4]|H[12]|W\d{2}(-WE)?|SP|SU|FA|WI))?")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The gold of an article without what could not be resolved; `complaints` name that."""

    gold: GoldArticle
    complaints: tuple[Complaint, ...]


def resolve(article: CorpusArticle, annotation: Annotation) -> Resolved:
    """The gold that `annotation` says of `article`. A part that does not fit is left out and complained of."""
    text = article.text
    found: list[Complaint] = []
    facts: list[GoldFact] = []
    marks: list[GoldMark] = []
    for index, note in enumerate(annotation.facts):
        try:
            facts.append(_fact(note, text))
        except _UnfitError as error:
            found.append(error.complaint.under(f"facts.{index}"))
    for index, mark in enumerate(annotation.ignored):
        try:
            span = _find(mark.quote, text)
        except _UnfitError as error:
            found.append(error.complaint.under(f"ignored.{index}"))
        else:
            marks.append(GoldMark(quote=text[span.start : span.end], why=mark.why, span=span))
    gold = GoldArticle(
        id=article.name,
        lang=article.head.lang,
        published=article.head.published,
        kind=article.head.kind,
        sha256=article.sha256,
        facts=facts,
        entities=[GoldEntity.model_validate({"name": name, "type": kind}) for kind, name in entities(annotation)],
        dates=[GoldDate(text=_as_written(date.text, text), value=date.value) for date in annotation.dates],
        ignored=marks,
    )
    return Resolved(gold, tuple(found))


def entities(annotation: Annotation) -> Iterator[tuple[str, str]]:
    """Type and name of each named entity, in the order of the types."""
    for kind, names in annotation.entities:
        yield from ((kind, name) for name in names)


def timex_bounds(value: str) -> tuple[dt.date, dt.date]:
    """First and last day. Raises ValueError where `value` is no TIMEX3 date or span, or runs backwards."""
    parts = value.split("/")
    if len(parts) > 2 or not all(_TIMEX.fullmatch(part) for part in parts):
        raise ValueError(f"{value!r} is no TIMEX3 date")
    first, last = bounds(value)
    if first > last:
        raise ValueError(f"{value!r} runs backwards")
    return first, last


class _UnfitError(Exception):
    """A part of an annotation that cannot be resolved."""

    def __init__(self, key: str, message: str) -> None:
        self.complaint = Complaint(key, message)


def _fact(note: FactNote, text: str) -> GoldFact:
    has_figure = note.has_figure
    usual = Qualifier.BETWEEN if note.range is not None else Qualifier.EXACT
    low, high = note.range or (None, None)
    span = _find(note.quote, text)
    return GoldFact(
        type=note.type,
        subject=GoldParty(name=note.subject.name, kind=note.subject.kind) if note.subject else None,
        object=GoldParty(name=note.object.name, kind=note.object.kind) if note.object else None,
        metric=note.metric,
        value=note.value,
        low=low,
        high=high,
        unit=note.unit,
        qualifier=note.qualifier or (usual if has_figure else None),
        per=note.per,
        basis=list(note.basis) if note.basis else None,
        period=_period(note.period) if note.period else None,
        modality=note.modality,
        polarity=note.polarity,
        place=note.place,
        source=note.source,
        previous=_figure(note.previous),
        converted=_figure(note.converted),
        quote=text[span.start : span.end],
        optional=note.optional,
        span=span,
    )


def _figure(figure: OtherFigure | None) -> GoldFigure | None:
    if figure is None:
        return None
    low, high = figure.range or (None, None)
    return GoldFigure(value=figure.value, low=low, high=high, unit=figure.unit)


def _period(when: When) -> GoldPeriod:
    try:
        first, last = timex_bounds(when.value)
    except (ValueError, OverflowError) as error:
        raise _UnfitError("period.value", str(error)) from error
    start = None if when.open == "start" else when.start or first
    end = None if when.open == "end" else when.end or last
    # "Since January" may be of the year and end with the month reported: written days lie within the value.
    for key, day in (("start", start), ("end", end)):
        if day is not None and not first <= day <= last:
            raise _UnfitError(f"period.{key}", f"{day} lies outside {when.value} ({first} to {last})")
    if start is not None and end is not None and start > end:
        raise _UnfitError("period.start", f"{start} is after the end, {end}")
    return GoldPeriod(value=when.value, mod=when.mod, start=start, end=end)


def _as_written(words: str, text: str) -> str:
    at = plain(text).find(plain(words))
    return text[at : at + len(words)] if at >= 0 else words


def occurrences(words: str, text: str) -> list[int]:
    """Where `words` stand in `text`, overlapping ones too, in code points; spaces and apostrophes of any kind are
    alike."""
    # Nobody sees which kind of space or apostrophe a text holds.
    return [match.start() for match in re.finditer(f"(?={re.escape(plain(words))})", plain(text))]


def _find(quote: Quote, text: str) -> GoldSpan:
    starts = occurrences(quote.text, text)
    if not starts:
        raise _UnfitError("quote", f"{quote.text!r} is not in the text")
    if quote.nth is None and len(starts) > 1:
        raise _UnfitError("quote", f"{quote.text!r} stands {len(starts)} times in the text: say which with nth")
    if quote.nth is not None and quote.nth > len(starts):
        raise _UnfitError("quote.nth", f"{quote.text!r} stands {len(starts)} times in the text")
    start = starts[(quote.nth or 1) - 1]
    return GoldSpan(start=start, end=start + len(quote.text))
