"""Dates, entities and figures in their units against gold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from pipeline.detect.calendar import bounds
from pipeline.evaluate.agreement import Agreement, figure_text
from pipeline.evaluate.gold import (
    ArticleMentions,
    FoundDate,
    FoundEntity,
    FoundQuantity,
    GoldArticle,
    GoldDate,
    GoldEntity,
    GoldFact,
    GoldSpan,
)
from pipeline.evaluate.measures import PRF
from pipeline.evaluate.names import Name, NameRules, spelling
from pipeline.schema import Kind, Quantity
from pipeline.text import lower, plain

_WORD = re.compile(r"\d+|\w{3,}")

P = TypeVar("P")
G = TypeVar("G")


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """A mention for readers: `label` says what it is, `surface` how it is written in the text."""

    label: str
    surface: str


@dataclass(frozen=True, slots=True)
class Found:
    """Counts for one article, with what was missed and what is extra. `unjudged` counts predictions of which gold
    does not say whether they are right."""

    counts: PRF
    missed: tuple[Noted, ...]
    extra: tuple[Noted, ...]
    unjudged: int = 0


FoundByArticle = dict[str, Found]


def score_dates(mentions: ArticleMentions | None, gold: GoldArticle) -> Found:
    """Dates agree in value, and their texts overlap. An article without mentions has missed all."""
    predicted = list({(_flat(d.text), d.value): d for d in mentions.dates}.values()) if mentions else []
    return _match(predicted, gold.dates, _same_date, lambda d: Noted(f"{d.text} = {d.value}", d.text))


def score_entities(mentions: ArticleMentions | None, gold: GoldArticle, names: NameRules) -> Found:
    """Entities agree in name; an article counts each name once."""

    def same(predicted: FoundEntity, right: GoldEntity) -> bool:
        kind = Kind.MODEL if right.type == "MODEL" else Kind.OTHER
        return names.agree(Name(predicted.name, predicted.kind), Name(right.name, kind))

    predicted = list({spelling(e.name): e for e in mentions.entities}.values()) if mentions else []
    return _match(predicted, gold.entities, same, lambda e: Noted(e.name, getattr(e, "text", "") or e.name))


def score_figures(mentions: ArticleMentions | None, gold: GoldArticle, agreement: Agreement) -> Found:
    """Figures in their units: those of gold's facts (of conversions and earlier figures too) should be detected.

    Figures agree as those of facts do, without regard to sign, and each counts once an article; a bare figure whose
    unit lies elsewhere ("Zoé (2 420)") is found only where the detector gives it that unit. A detected figure
    that is none of them is extra where gold was built from annotations, which mark all figures of the text that are
    no facts; elsewhere it is unjudged. A figure that such a mark covers, or the quote of a fact whose own figures
    were found, is accounted for.
    """
    predicted = list(mentions.quantities or ()) if mentions else []
    readings = [_magnitude(each.value, each.low, each.high, each.unit) for each in predicted]
    stated = [(fact, figure) for fact in gold.facts for figure in _figures_of(fact)]
    hits = {figure: any(agreement.figures(reading, figure) for reading in readings) for _, figure in stated}
    strangers = [
        each
        for each, reading in zip(predicted, readings, strict=True)
        if not any(agreement.figures(reading, figure) for figure in hits)
    ]
    built = any(fact.span is not None for fact in gold.facts) or bool(gold.ignored)
    covered = [mark.span for mark in gold.ignored]
    covered += [fact.span for fact in gold.facts if fact.span and all(hits[figure] for figure in _figures_of(fact))]
    extra = [each for each in strangers if not any(_meet(each, span) for span in covered)] if built else []
    missed = {figure_text(figure): fact.quote for fact, figure in reversed(stated) if not hits[figure]}
    return Found(
        PRF(tp=sum(hits.values()), fp=len(extra), fn=len(hits) - sum(hits.values())),
        tuple(sorted(Noted(label, quote) for label, quote in missed.items())),
        tuple(sorted(Noted(f"{each.text} = {_read(each)}", each.text) for each in extra)),
        unjudged=0 if built else len(strangers),
    )


def _read(found: FoundQuantity) -> str:
    return figure_text(Quantity(value=found.value, low=found.low, high=found.high, unit=found.unit))


def _figures_of(fact: GoldFact) -> list[Quantity]:
    others = [each for each in (fact.converted, fact.previous) if each]
    figures = [_magnitude(each.value, each.low, each.high, each.unit) for each in others]
    if fact.has_figure and fact.unit:
        figures.append(_magnitude(fact.value, fact.low, fact.high, fact.unit))
    return figures


def _magnitude(value: Decimal | None, low: Decimal | None, high: Decimal | None, unit: str) -> Quantity:
    """The figure without its sign, which often lies in a verb ("recule de 3 %"), ends of a range in order."""
    ends = sorted(abs(end) for end in (low, high) if end is not None) or (None, None)
    return Quantity(value=None if value is None else abs(value), low=ends[0], high=ends[1], unit=unit)


def _meet(found: FoundQuantity, span: GoldSpan) -> bool:
    return found.start < span.end and span.start < found.end


def _match(
    predicted: Sequence[P], gold: Sequence[G], same: Callable[[P, G], bool], note: Callable[[P | G], Noted]
) -> Found:
    """Pairs one to one; a prediction that only repeats what another one has found is not counted."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    table = np.array([[same(p, g) for g in gold] for p in predicted], dtype=bool)
    table = table.reshape(len(predicted), len(gold))
    rows, columns = linear_sum_assignment(table, maximize=True)
    found = {int(j) for i, j in zip(rows, columns, strict=True) if table[i, j]}
    extra = tuple(sorted(note(p) for p, row in zip(predicted, table, strict=True) if not row.any()))
    missed = tuple(note(g) for j, g in enumerate(gold) if j not in found)
    return Found(PRF(tp=len(found), fp=len(extra), fn=len(missed)), missed, extra)


def _same_date(predicted: FoundDate, gold: GoldDate) -> bool:
    if predicted.value is None or not _overlap(_flat(predicted.text), _flat(gold.text)):
        return False
    days = _days(predicted.value)
    return predicted.value == gold.value or (days is not None and days == _days(gold.value))


def _days(value: str) -> tuple[dt.date, dt.date] | None:
    try:
        return bounds(value)
    except (ValueError, OverflowError):  # no TIMEX3 value of a calendar: compared as it is written
        return None


def _overlap(one: str, other: str) -> bool:
    # Gold dates have no offsets: texts overlap where one holds the other or they share a word.
    return one in other or other in one or bool({*_WORD.findall(one)} & {*_WORD.findall(other)})


def _flat(text: str) -> str:
    return " ".join(lower(plain(text)).split())
