"""Dates and entities against gold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.detect.calendar import bounds
from pipeline.evaluate.gold import ArticleMentions, FoundDate, FoundEntity, GoldArticle, GoldDate, GoldEntity
from pipeline.evaluate.names import Name, NameRules, spelling
from pipeline.evaluate.report import PRF
from pipeline.schema import Kind
from pipeline.text import lower, plain

_WORD = re.compile(r"\d+|\w{3,}")

P = TypeVar("P")
G = TypeVar("G")


@dataclass(frozen=True, slots=True)
class Found:
    """Counts for one article, with what was missed and what is extra."""

    counts: PRF
    missed: tuple[str, ...]
    extra: tuple[str, ...]


FoundByArticle = dict[str, Found]


def score_dates(mentions: ArticleMentions | None, gold: GoldArticle) -> Found:
    """Dates agree in value, and their texts overlap. An article without mentions has missed all."""
    predicted = list({(_flat(d.text), d.value): d for d in mentions.dates}.values()) if mentions else []
    return _match(predicted, gold.dates, _same_date, lambda d: f"{d.text} = {d.value}")


def score_entities(mentions: ArticleMentions | None, gold: GoldArticle, names: NameRules) -> Found:
    """Entities agree in name; an article counts each name once."""

    def same(predicted: FoundEntity, right: GoldEntity) -> bool:
        kind = Kind.MODEL if right.type == "MODEL" else Kind.OTHER
        return names.agree(Name(predicted.name, predicted.kind), Name(right.name, kind))

    predicted = list({spelling(e.name): e for e in mentions.entities}.values()) if mentions else []
    return _match(predicted, gold.entities, same, lambda e: e.name)


def _match(
    predicted: Sequence[P], gold: Sequence[G], same: Callable[[P, G], bool], text: Callable[[P | G], str]
) -> Found:
    """Pairs one to one; a prediction that only repeats what another one has found is not counted."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    table = np.array([[same(p, g) for g in gold] for p in predicted], dtype=bool)
    table = table.reshape(len(predicted), len(gold))
    rows, columns = linear_sum_assignment(table, maximize=True)
    found = {int(j) for i, j in zip(rows, columns, strict=True) if table[i, j]}
    extra = tuple(sorted(text(p) for p, row in zip(predicted, table, strict=True) if not row.any()))
    missed = tuple(text(g) for j, g in enumerate(gold) if j not in found)
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
