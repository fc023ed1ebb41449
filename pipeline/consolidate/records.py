"""What consolidation writes: one record for each group, and its rows in tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.consolidate.figures import Conversion
from pipeline.consolidate.judge import Difference, Group, Relation, Verdict
from pipeline.consolidate.statement import Statement
from pipeline.consolidate.tables import DIFFERENCES_TABLE, GROUPS_TABLE, STATEMENTS_TABLE
from pipeline.schema import Fact, Figure, Kind, Modality, Period, Place, Polarity, Quantity
from pipeline.tables.rows import TableRow, period_cells, place_cells, published_cells, quantity_cells
from pipeline.tables.shape import Cell


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartyRecord(_Record):
    """A subject or object: name and kind."""

    name: str
    kind: Kind


class StatementRecord(_Record):
    """What one article states; `converted` is its figure in the unit that was asked for."""

    fact_id: str
    article_id: str
    published: str | None
    source: str | None
    quantity: Quantity | None
    converted: Quantity | None
    rate: Figure | None
    period: Period | None
    polarity: Polarity
    confidence: float
    sentence: str


class DifferenceRecord(_Record):
    """Two statements that differ, by the ids of their facts, the earlier one first."""

    relation: Relation
    earlier: str
    later: str


class GroupRecord(_Record):
    """One line of `consolidated.jsonl`: statements of the same thing by date of publication, and the verdict.

    `subject`, `object`, `place` and `period` are as the statement that stands has them (the first, where they
    contradict); `stands` is the id of its fact.
    """

    schema_version: Literal["1.0"] = "1.0"
    id: str = Field(pattern=r"^g:[0-9a-f]{16}$")
    type: str
    subject: PartyRecord | None
    object: PartyRecord | None
    metric: str | None
    period: Period | None
    basis: list[str] | None
    modality: Modality
    place: Place | None
    verdict: Verdict
    articles: int
    stands: str | None
    statements: list[StatementRecord]
    differences: list[DifferenceRecord]


def group_record(key: str, group: Group, conversion: Conversion) -> GroupRecord:
    """The line of a group. Its id is a hash of the key and of the fact that was stated first."""
    first = group.statements[0].fact
    shown = (group.stands or group.statements[0]).fact
    return GroupRecord(
        id="g:" + hashlib.sha256(f"{key}\x1f{first.id}".encode()).hexdigest()[:16],
        type=shown.type,
        subject=PartyRecord(name=shown.subject.name, kind=shown.subject.kind) if shown.subject else None,
        object=PartyRecord(name=shown.object.name, kind=shown.object.kind) if shown.object else None,
        metric=shown.metric,
        period=_period(shown),
        basis=shown.basis,
        modality=shown.modality,
        place=shown.place.model_copy(update={"span": None}) if shown.place else None,
        verdict=group.verdict,
        articles=len({each.fact.article_id for each in group.statements}),
        stands=group.stands.fact.id if group.stands else None,
        statements=[_statement(each, conversion) for each in group.statements],
        differences=[_difference(each) for each in group.differences],
    )


def _statement(statement: Statement, conversion: Conversion) -> StatementRecord:
    fact = statement.fact
    rate = (conversion.rates or {}).get(fact.quantity.unit) if fact.quantity else None
    return StatementRecord(
        fact_id=fact.id,
        article_id=fact.article_id,
        published=fact.published,
        source=fact.source.name if fact.source else None,
        quantity=fact.quantity.model_copy(update={"span": None}) if fact.quantity else None,
        converted=statement.converted,
        rate=rate,
        period=_period(fact),
        polarity=fact.polarity,
        confidence=fact.confidence,
        sentence=fact.evidence[0].text,
    )


def _difference(difference: Difference) -> DifferenceRecord:
    return DifferenceRecord(
        relation=difference.relation, earlier=difference.earlier.fact.id, later=difference.later.fact.id
    )


def _period(fact: Fact) -> Period | None:
    return fact.period.model_copy(update={"span": None}) if fact.period else None


def group_rows(record: GroupRecord) -> Iterator[TableRow]:
    """The rows of a group. Raises ValueError where a value does not fit."""
    cells: dict[str, Cell] = {
        "group_id": record.id,
        "type": record.type,
        "subject": record.subject.name if record.subject else None,
        "subject_kind": record.subject.kind if record.subject else None,
        "object": record.object.name if record.object else None,
        "object_kind": record.object.kind if record.object else None,
        "metric": record.metric,
        **period_cells(record.period),
        "basis": None if record.basis is None else tuple(record.basis),
        "modality": record.modality,
        **place_cells(record.place),
        "verdict": record.verdict,
        "articles": record.articles,
        "statements": len(record.statements),
        "stands": record.stands,
    }
    yield GROUPS_TABLE, GROUPS_TABLE.row(cells)
    for statement in record.statements:
        cells = {
            "group_id": record.id,
            **statement.model_dump(include={"fact_id", "article_id", "source", "polarity", "confidence", "sentence"}),
            **published_cells(statement.published),
            **quantity_cells("", statement.quantity),
            **quantity_cells("converted_", statement.converted),
            "rate": statement.rate,
            **period_cells(statement.period),
        }
        yield STATEMENTS_TABLE, STATEMENTS_TABLE.row(cells)
    for ordinal, difference in enumerate(record.differences):
        found: dict[str, Cell] = {"group_id": record.id, "ordinal": ordinal, **difference.model_dump()}
        yield DIFFERENCES_TABLE, DIFFERENCES_TABLE.row(found)
