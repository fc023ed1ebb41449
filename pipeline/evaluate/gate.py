"""Floors under the scores: pinned in a file, never lowered in silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

from pydantic import Field, ValidationError

from pipeline.evaluate.measures import PRF, Part
from pipeline.evaluate.report import Report

EPSILON = 0.002
_PLACES = Decimal("0.0001")


def _f1(prf: PRF | None) -> float | None:
    return prf.f1 if prf else None


_MEASURES: Mapping[str, Callable[[Report], float | None]] = {
    "core_f1": lambda report: report.facts.core.f1,
    "full_f1": lambda report: report.facts.full.f1,
    "quantities_core_f1": lambda report: report.quantities.core.f1,
    "events_core_f1": lambda report: report.events.core.f1,
    "dates_f1": lambda report: _f1(report.dates),
    "entities_f1": lambda report: _f1(report.entities),
    "figures_f1": lambda report: None if report.figures_unjudged else _f1(report.figures),
}


class Baseline(Part):
    """Floors by name of the score, of one split (None: of all gold). A score may be `epsilon` below its floor.

    `articles` and `gold_facts` say on how much the floors were measured: they are no floors of another corpus.
    """

    split: str | None
    articles: int
    gold_facts: int
    epsilon: float = Field(default=EPSILON, ge=0, lt=1)
    floors: dict[str, float]


class Check(Part):
    """One score against its floor. `score` is None where it was not measured, `floor` where none is pinned."""

    name: str
    score: float | None
    floor: float | None
    epsilon: float

    @property
    def holds(self) -> bool:
        """Whether the score is no more than epsilon below its floor."""
        return self.floor is None or (self.score is not None and self.score >= self.floor - self.epsilon)


def load_baseline(path: Path) -> Baseline:
    """The floors of baseline.json. Raises ValueError naming file and key, and FileNotFoundError."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError as error:
        details = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ValueError(f"{path}: {details}") from error


def save_baseline(baseline: Baseline, path: Path) -> None:
    """Write the floors to `path`. Raises OSError."""
    path.write_text(json.dumps(baseline.model_dump(), indent=2) + "\n", encoding="utf-8")


def measured(report: Report) -> dict[str, float]:
    """The scores that have floors, rounded down to four places; those that were not measured are left out."""
    scores = {name: measure(report) for name, measure in _MEASURES.items()}
    return {name: _rounded(score) for name, score in scores.items() if score is not None}


def check(report: Report, baseline: Baseline) -> list[Check]:
    """Each score against its floor. Raises ValueError where the floors are of another split."""
    if report.split != baseline.split:
        raise ValueError(f"the floors are those of split {baseline.split}, the scores those of {report.split}")
    scores = measured(report)
    names = [*_MEASURES, *(name for name in baseline.floors if name not in _MEASURES)]
    return [
        Check(name=name, score=scores.get(name), floor=baseline.floors.get(name), epsilon=baseline.epsilon)
        for name in names
        if name in scores or name in baseline.floors
    ]


def update(report: Report, baseline: Baseline | None, *, allow_lower: bool = False) -> Baseline:
    """Floors at the scores of `report`, where they are higher than those of `baseline`.

    Raises ValueError, naming the scores, where one is below its floor (by more than epsilon), was not measured, or
    is of another split, unless `allow_lower`; then all floors are the scores as they are.
    """
    scores = measured(report)
    if baseline is not None and not allow_lower:
        fallen = [each for each in check(report, baseline) if not each.holds]
        if fallen:
            raise ValueError(f"floors are not lowered unless told to: {', '.join(map(_fall, fallen))}")
        scores = {name: max(score, baseline.floors.get(name, score)) for name, score in scores.items()}
    return Baseline(
        split=report.split,
        articles=report.articles,
        gold_facts=report.gold_facts,
        epsilon=baseline.epsilon if baseline else EPSILON,
        floors=scores,
    )


def check_text(checks: list[Check], baseline: Baseline, report: Report) -> str:
    """The checks as a table for a terminal; a note where the gold is not that on which the floors were measured."""
    rows = [f"{'score':22}{'now':>8}{'floor':>8}{'change':>9}"]
    for each in checks:
        now = "-" if each.score is None else f"{each.score:.4f}"
        floor = "-" if each.floor is None else f"{each.floor:.4f}"
        change = "-" if each.score is None or each.floor is None else f"{each.score - each.floor:+.4f}"
        rows.append(f"{each.name:22}{now:>8}{floor:>8}{change:>9}{'' if each.holds else '   BELOW ITS FLOOR'}")
    if (baseline.articles, baseline.gold_facts) != (report.articles, report.gold_facts):
        rows.append(
            f"the floors were measured on {baseline.articles} articles with {baseline.gold_facts} facts,"
            f" the scores on {report.articles} with {report.gold_facts}"
        )
    return "\n".join(rows)


def _fall(each: Check) -> str:
    now = "not measured" if each.score is None else f"{each.score:.4f}"
    return f"{each.name} {now} (floor {each.floor:.4f})"


def _rounded(score: float) -> float:
    # Down, lest a floor be above the very score that it was pinned at.
    return float(Decimal(repr(score)).quantize(_PLACES, rounding=ROUND_FLOOR))
