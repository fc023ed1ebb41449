"""Records of a run to rows of the tables of facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain

from pipeline.emit import ArticleRecord
from pipeline.gazetteer import Gazetteer
from pipeline.schema import Fact, Kind, Period, Place, Published, Quantity, Span
from pipeline.tables.facts import ARTICLES_TABLE, EVIDENCE_TABLE, FACTS_TABLE, MENTIONS_TABLE, PARTIES_TABLE
from pipeline.tables.shape import Cell, Row, Table
from pipeline.tables.values import number

Cells = dict[str, Cell]
PartyKey = tuple[str, Kind]
TableRow = tuple[Table, Row]


def article_rows(record: ArticleRecord) -> tuple[list[TableRow], list[str]]:
    """The row of an article and those of its mentions; and which figures do not fit and are left out.

    Raises ValueError where the article itself does not fit.
    """
    cells: Cells = {
        "article_id": record.id,
        "path": record.path,
        "title": record.title,
        "lang": record.lang,
        **published_cells(record.published),
        "published_origin": record.published_origin,
        "characters": len(record.text),
        "text": record.text,
        "sha256": record.sha256,
    }
    left_out: list[str] = []
    return [(ARTICLES_TABLE, ARTICLES_TABLE.row(cells)), *_mention_rows(record, left_out)], left_out


def _mention_rows(record: ArticleRecord, left_out: list[str]) -> Iterator[TableRow]:
    for at, date in enumerate(record.dates):
        found: Cells = {"timex": date.value, "timex_mod": date.mod, "first_day": date.first, "last_day": date.last}
        yield _mention_row(record, "date", at, _located(date.start, date.end, date.text) | found)
    for at, figure in enumerate(record.quantities):
        try:
            found = _numbers("", figure.value, figure.low, figure.high)
        except ValueError as error:
            left_out.append(f"the figure {figure.text!r}: {error}")
            continue
        found |= {"unit": figure.unit, "qualifier": figure.qualifier, "per": figure.per}
        yield _mention_row(record, "quantity", at, _located(figure.start, figure.end, figure.text) | found)
    for at, name in enumerate(record.entities):
        found = {"name": name.name, "kind": name.kind}
        yield _mention_row(record, "entity", at, _located(name.start, name.end, name.text) | found)


def _mention_row(record: ArticleRecord, mention: str, ordinal: int, cells: Cells) -> TableRow:
    own: Cells = {"article_id": record.id, "mention": mention, "ordinal": ordinal}
    return MENTIONS_TABLE, MENTIONS_TABLE.row(own | cells)


def fact_rows(fact: Fact) -> list[TableRow]:
    """The row of a fact and those of its evidence. Raises ValueError where a value does not fit."""
    cells: Cells = {
        "fact_id": fact.id,
        "article_id": fact.article_id,
        **published_cells(fact.published),
        "lang": fact.lang,
        "type": fact.type,
        "subject": fact.subject.name if fact.subject else None,
        "subject_kind": fact.subject.kind if fact.subject else None,
        "object": fact.object.name if fact.object else None,
        "object_kind": fact.object.kind if fact.object else None,
        "metric": fact.metric,
        **quantity_cells("", fact.quantity),
        **quantity_cells("converted_", fact.converted),
        **quantity_cells("previous_", fact.previous),
        **period_cells(fact.period),
        "basis": None if fact.basis is None else tuple(fact.basis),
        "modality": fact.modality,
        "polarity": fact.polarity,
        **place_cells(fact.place),
        "source": fact.source.name if fact.source else None,
        "sentence": fact.evidence[0].text,
        "confidence": fact.confidence,
        "extractor": fact.extractor,
        "schema_version": fact.schema_version,
    }
    return [(FACTS_TABLE, FACTS_TABLE.row(cells)), *_evidence_rows(fact)]


def _evidence_rows(fact: Fact) -> Iterator[TableRow]:
    filled: Iterable[tuple[str, int, Span | None]] = chain(
        (("statement", ordinal, span) for ordinal, span in enumerate(fact.evidence)),
        ((slot, 0, getattr(getattr(fact, slot), "span", None)) for slot in _SLOTS),
    )
    for slot, ordinal, span in filled:
        if span is not None:
            own: Cells = {"fact_id": fact.id, "slot": slot, "ordinal": ordinal}
            yield EVIDENCE_TABLE, EVIDENCE_TABLE.row(own | _located(span.start, span.end, span.text))


_SLOTS = ("subject", "object", "quantity", "converted", "previous", "period", "place", "source")


def fact_parties(fact: Fact) -> dict[PartyKey, str | None]:
    """The names of a fact that go to `parties`, with the country that the fact itself gives."""
    found: dict[PartyKey, str | None] = {(p.name, p.kind): None for p in (fact.subject, fact.object) if p}
    if fact.place:
        found[fact.place.name, fact.place.kind] = fact.place.country
    return found


def party_rows(parties: Mapping[PartyKey, str | None], gazetteer: Gazetteer) -> Iterator[TableRow]:
    """The rows of `parties`, sorted by name and kind."""
    for name, kind in sorted(parties):
        entry = gazetteer.entries.get(name)
        country = parties[name, kind]
        cells: Cells = {
            "name": name,
            "kind": kind,
            "known": entry is not None,
            "parent": entry.parent if entry else None,
            "owner": _owner(name, gazetteer),
            "country": entry.country if entry and entry.country else country,
        }
        yield PARTIES_TABLE, PARTIES_TABLE.row(cells)


def _owner(name: str, gazetteer: Gazetteer) -> str:
    seen = {name}
    while (entry := gazetteer.entries.get(name)) and entry.parent and entry.parent not in seen:
        name = entry.parent
        seen.add(name)
    return name


def published_cells(value: str | None) -> Cells:
    """The cells of a publication date. Raises ValueError where it is none."""
    if value is None:
        return {}
    date = Published(value)
    return {"published": value, "published_start": date.first, "published_end": date.last}


def _located(start: int, end: int, text: str) -> Cells:
    return {"start_offset": start, "end_offset": end, "text": text}


def period_cells(period: Period | None) -> Cells:
    """The cells of a period."""
    if period is None:
        return {}
    return {"period": period.value, "period_mod": period.mod, "period_start": period.start, "period_end": period.end}


def place_cells(place: Place | None) -> Cells:
    """The cells of a place."""
    if place is None:
        return {}
    return {"place": place.name, "place_kind": place.kind, "place_country": place.country}


def quantity_cells(prefix: str, quantity: Quantity | None) -> Cells:
    """The cells of a figure, in the columns of `figure_columns`. Raises ValueError where it does not fit."""
    if quantity is None:
        return {}
    return {
        **_numbers(prefix, quantity.value, quantity.low, quantity.high),
        f"{prefix}unit": quantity.unit,
        f"{prefix}qualifier": quantity.qualifier,
        f"{prefix}per": quantity.per,
    }


def _numbers(prefix: str, value: Decimal | None, low: Decimal | None, high: Decimal | None) -> Cells:
    return {f"{prefix}value": number(value), f"{prefix}low": number(low), f"{prefix}high": number(high)}
