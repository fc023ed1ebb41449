"""How far scores may be off by the choice of articles: bootstrap intervals, and a test of a difference.

Articles, not facts, are drawn: facts of one article stand and fall together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.evaluate.measures import PRF, Part, Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

ROUNDS = 1000
SWAPS = 10_000
SEED = 0
LEVEL = 0.95


class Interval(Part):
    """The ends of a percentile interval."""

    low: float
    high: float


class PRFIntervals(Part):
    """Intervals of precision, recall and F1."""

    precision: Interval
    recall: Interval
    f1: Interval


class Intervals(Part):
    """Bootstrap intervals that hold `level` of `rounds` draws of as many articles as there are."""

    rounds: int
    seed: int
    level: float
    core: PRFIntervals
    full: PRFIntervals


def intervals(
    articles: Sequence[Scores], *, rounds: int = ROUNDS, seed: int = SEED, level: float = LEVEL
) -> Intervals | None:
    """Percentile intervals of core and full scores, from the scores of each article; None without articles.

    The same input gives the same intervals.
    """
    if not articles:
        return None
    import numpy as np

    # How often each article is drawn in a round: all that the sum of its counts depends on.
    draws = np.random.default_rng(seed).multinomial(len(articles), [1 / len(articles)] * len(articles), size=rounds)
    return Intervals(
        rounds=rounds,
        seed=seed,
        level=level,
        core=_ends(draws @ _counts([each.core for each in articles]), level),
        full=_ends(draws @ _counts([each.full for each in articles]), level),
    )


def p_value(one: Sequence[PRF], other: Sequence[PRF], *, rounds: int = SWAPS, seed: int = SEED) -> float:
    """How likely a difference in F1 at least as large is, in either direction, if the two runs were alike.

    Paired approximate randomisation: `one` and `other` hold the counts of the same articles in the same order, and in
    each round each article's two counts change sides or not, by chance. Where there are no more than `rounds` ways to
    change sides, each is tried once and the value is exact. Raises ValueError where the lengths differ.
    """
    if len(one) != len(other):
        raise ValueError(f"{len(one)} articles against {len(other)}")
    import numpy as np

    ours, theirs = _counts(one), _counts(other)
    exact = 2 ** len(one) <= rounds
    if exact:
        swaps = (np.arange(2 ** len(one))[:, None] >> np.arange(len(one))) & 1
    else:
        swaps = np.random.default_rng(seed).integers(0, 2, size=(rounds, len(one)))
    moved = swaps @ (theirs - ours)
    differences = np.abs(_f1(ours.sum(axis=0) + moved) - _f1(theirs.sum(axis=0) - moved))
    observed = abs(_f1(ours.sum(axis=0)) - _f1(theirs.sum(axis=0)))
    as_large = int((differences >= observed - 1e-12).sum())
    return as_large / len(swaps) if exact else (as_large + 1) / (rounds + 1)


def gain(
    one: Sequence[PRF], other: Sequence[PRF], *, rounds: int = ROUNDS, seed: int = SEED, level: float = LEVEL
) -> Interval:
    """Percentile interval of what F1 gains from `one` run to the `other`: in each round the same articles are drawn for
    both, which must hold the counts of the same articles in the same order. Raises ValueError where they do not."""
    if len(one) != len(other) or not one:
        raise ValueError(f"{len(one)} articles against {len(other)}")
    import numpy as np

    draws = np.random.default_rng(seed).multinomial(len(one), [1 / len(one)] * len(one), size=rounds)
    return _interval(_f1(draws @ _counts(other)) - _f1(draws @ _counts(one)), level)


def _counts(parts: Sequence[PRF]) -> Table:
    import numpy as np

    return np.array([(each.tp, each.fp, each.fn) for each in parts], dtype=np.float64).reshape(len(parts), 3)


def _ends(sums: Table, level: float) -> PRFIntervals:
    tp, fp, fn = sums.T
    return PRFIntervals(
        precision=_interval(_ratio(tp, tp + fp), level),
        recall=_interval(_ratio(tp, tp + fn), level),
        f1=_interval(_f1(sums), level),
    )


def _interval(values: Table, level: float) -> Interval:
    import numpy as np

    low, high = np.quantile(values, ((1 - level) / 2, (1 + level) / 2))
    return Interval(low=float(low), high=float(high))


def _f1(sums: Table) -> Table:
    tp, fp, fn = sums.T
    return _ratio(2 * tp, 2 * tp + fp + fn)


def _ratio(part: Table, whole: Table) -> Table:
    import numpy as np

    return np.divide(part, whole, out=np.zeros_like(part, dtype=np.float64), where=whole != 0)
