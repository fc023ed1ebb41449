"""Pairs of predicted and gold statements of one article: one to one, best pairs first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.evaluate.agreement import SLOTS, Agreement, is_full
from pipeline.evaluate.statement import Statement


@dataclass(frozen=True, slots=True)
class Pair:
    """A core match, with the agreement of each slot."""

    predicted: Statement
    gold: Statement
    slots: dict[str, bool]

    @property
    def full(self) -> bool:
        return is_full(self.slots)


@dataclass(frozen=True, slots=True)
class Pairing:
    """All that became of one article's statements."""

    pairs: tuple[Pair, ...]
    extra: tuple[Statement, ...]
    missed: tuple[Statement, ...]


def pair_up(predicted: Sequence[Statement], gold: Sequence[Statement], agreement: Agreement) -> Pairing:
    """Pair `predicted` with `gold` so that there are as many full matches as can be, then as many pairs of
    one type, then as many pairs of near types, then as many agreeing slots, then as few optional gold facts.

    The result does not depend on the order of either side.
    """
    ours = sorted(predicted, key=Statement.sort_key)
    theirs = sorted(gold, key=Statement.sort_key)
    options = {
        (i, j): Pair(p, g, agreement.slots(p, g))
        for i, p in enumerate(ours)
        for j, g in enumerate(theirs)
        if agreement.may_pair(p, g)
    }
    chosen = _assign({place: rank(pair) for place, pair in options.items()})
    taken, found = {i for i, _ in chosen}, {j for _, j in chosen}
    return Pairing(
        pairs=tuple(options[place] for place in chosen),
        extra=tuple(p for i, p in enumerate(ours) if i not in taken),
        missed=tuple(g for j, g in enumerate(theirs) if j not in found),
    )


def rank(pair: Pair) -> tuple[int, int, int, int, int]:
    """How good a pair is: full, of one type, a pair at all, slots that agree, not optional. Sums over pairs
    are compared from left to right."""
    return (
        int(pair.full),
        int(pair.slots["type"]),
        1,
        sum(pair.slots.values()),
        int(not pair.gold.optional),
    )


def _assign(ranks: dict[tuple[int, int], tuple[int, int, int, int, int]]) -> list[tuple[int, int]]:
    """The one-to-one choice among the keys of `ranks` with the best sum, sorted."""
    if not ranks:
        return []
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows = {i: at for at, i in enumerate(sorted({i for i, _ in ranks}))}
    columns = {j: at for at, j in enumerate(sorted({j for _, j in ranks}))}
    # Positional weights: no sum of a lower part over all pairs reaches one of the part before it. They stay
    # whole in a double up to some 800 pairs of an article.
    step = min(len(rows), len(columns)) + 1
    past_slots = step * step * len(SLOTS)
    scale = (past_slots * step**2, past_slots * step, past_slots, step, 1)
    weights = np.zeros((len(rows), len(columns)))
    for (i, j), parts in ranks.items():
        weights[rows[i], columns[j]] = sum(part * unit for part, unit in zip(parts, scale, strict=True))
    i_of, j_of = list(rows), list(columns)
    picked = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    return sorted((i_of[a], j_of[b]) for a, b in picked if weights[a, b] > 0)
