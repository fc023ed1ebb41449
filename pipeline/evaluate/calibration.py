"""Whether confidence can be believed, and what it is good for: reliability, and thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.evaluate.measures import PRF, Part, ratio
from pipeline.evaluate.pairing import Pair, Pairing

BINS = 10
STEPS = 100
WANTED_PRECISION = 0.9
CLAIMED_SLOTS = ("type", "subject")
Level = Literal["core", "right", "full"]
LEVELS: tuple[Level, ...] = ("core", "right", "full")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one prediction: a core match; right in all that confidence speaks of (type, subject and
    figure); a full match."""

    confidence: float
    core: bool = False
    right: bool = False
    full: bool = False


class Bin(Part):
    """The `facts` with a confidence from `low` up to, not including, `high` (the last bin includes 1), their mean
    confidence, and the share of them that is right."""

    low: float
    high: float
    facts: int
    confidence: float
    right: float


class Calibration(Part):
    """A reliability curve over ten bins of equal width; empty bins are left out.

    `ece` is the expected calibration error: over the bins, the sum of facts / all facts * |right - confidence|.
    """

    facts: int
    ece: float
    bins: list[Bin]


class ThresholdPoint(Part):
    """What is left where only facts with at least this confidence are kept."""

    threshold: float
    kept: int
    core: PRF
    right: PRF
    full: PRF


class Thresholds(Part):
    """The precision-recall curve in steps of 0.01 of confidence, as far as anything is kept.

    `suggested` names for each level (core, right, full) the lowest threshold that gives a precision of at least
    `wanted`; None where none does.
    """

    wanted: float
    suggested: dict[Level, float | None]
    points: list[ThresholdPoint]


def outcomes(pairings: Iterable[Pairing]) -> list[Outcome]:
    """The outcome of each prediction; those that met an optional gold fact are neither right nor wrong."""
    found = []
    for pairing in pairings:
        found += [Outcome(each.confidence) for each in pairing.extra if each.confidence is not None]
        found += [each for pair in pairing.pairs if (each := _outcome(pair)) is not None]
    return found


def _outcome(pair: Pair) -> Outcome | None:
    if pair.predicted.confidence is None or pair.gold.optional:
        return None
    right = all(pair.slots[slot] for slot in CLAIMED_SLOTS)
    return Outcome(pair.predicted.confidence, core=True, right=right, full=pair.full)


def calibration(found: Sequence[Outcome]) -> Calibration | None:
    """The reliability of the confidences; None where nothing was predicted."""
    if not found:
        return None
    members: list[list[Outcome]] = [[] for _ in range(BINS)]
    for each in found:
        members[min(int(each.confidence * BINS), BINS - 1)].append(each)
    bins = [_bin(at, inside) for at, inside in enumerate(members) if inside]
    error = sum(each.facts * abs(each.right - each.confidence) for each in bins)
    return Calibration(facts=len(found), ece=error / len(found), bins=bins)


def _bin(at: int, members: Sequence[Outcome]) -> Bin:
    return Bin(
        low=at / BINS,
        high=(at + 1) / BINS,
        facts=len(members),
        confidence=sum(each.confidence for each in members) / len(members),
        right=ratio(sum(each.right for each in members), len(members)),
    )


def thresholds(found: Sequence[Outcome], gold: int, wanted: float = WANTED_PRECISION) -> Thresholds | None:
    """What each threshold on confidence gives, out of `gold` facts to find; None where nothing was predicted.

    Facts are not paired anew for each threshold: those below it are taken away with their pairs.
    """
    if not found:
        return None
    grid = [step / STEPS for step in range(STEPS + 1)]
    points = [_point(at, kept, gold) for at in grid if (kept := [each for each in found if each.confidence >= at])]
    suggested = {level: _lowest(points, level, wanted) for level in LEVELS}
    return Thresholds(wanted=wanted, suggested=suggested, points=points)


def _point(threshold: float, kept: Sequence[Outcome], gold: int) -> ThresholdPoint:
    def counts(level: Level) -> PRF:
        hits = sum(getattr(each, level) for each in kept)
        return PRF(tp=hits, fp=len(kept) - hits, fn=gold - hits)

    return ThresholdPoint(
        threshold=threshold, kept=len(kept), core=counts("core"), right=counts("right"), full=counts("full")
    )


def _lowest(points: Iterable[ThresholdPoint], level: Level, wanted: float) -> float | None:
    for point in points:
        prf: PRF = getattr(point, level)
        if prf.precision >= wanted:
            return point.threshold
    return None
