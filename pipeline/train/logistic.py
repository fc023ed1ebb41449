"""Logistic regression with a ridge penalty, and what tells how good its probabilities are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.scorer import Weights

Vector = npt.NDArray[np.float64]
_DIGITS = 4  # of a weight, so that a training run gives the same file on any machine


@dataclass(frozen=True, slots=True)
class Table:
    """Features of many samples as a matrix (samples by `names` and a last column of ones)."""

    names: tuple[str, ...]
    matrix: Vector

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Table:
        """The features `names` of `rows`, absent ones as zero."""
        column = {name: at for at, name in enumerate(names)}
        matrix = np.zeros((len(rows), len(names) + 1))
        matrix[:, -1] = 1.0
        for at, row in enumerate(rows):
            for name, value in row.items():
                if name in column:
                    matrix[at, column[name]] = value
        return cls(tuple(names), matrix)


def frequent(rows: Sequence[Mapping[str, float]], least: int) -> list[str]:
    """The features that `least` rows or more have, sorted."""
    counts = Counter(name for row in rows for name in row)
    return sorted(name for name, count in counts.items() if count >= least)


def fit(table: Table, outcomes: Vector, penalty: float) -> Weights:
    """The weights that maximise the likelihood of `outcomes` (0 or 1) less `penalty` times the sum of their squares,
    the bias not counted (L-BFGS from zero: no randomness)."""
    from scipy.optimize import minimize

    matrix = table.matrix

    def loss(weights: Vector) -> tuple[float, Vector]:
        score = matrix @ weights
        ridge = np.append(weights[:-1], 0.0)
        value = float(np.sum(np.logaddexp(0.0, score) - outcomes * score) + penalty * ridge @ ridge)
        return value, matrix.T @ (_sigmoid(score) - outcomes) + 2.0 * penalty * ridge

    best = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B").x
    rounded = [round(float(weight), _DIGITS) for weight in best]
    features = {name: weight for name, weight in zip(table.names, rounded, strict=False) if weight}
    return Weights(bias=rounded[-1], features=features)


def ranking(probabilities: Vector, outcomes: Vector) -> float:
    """The chance that a right sample gets more than a wrong one (area under the ROC curve); 0.5 says nothing."""
    from scipy.stats import rankdata

    positive = int(outcomes.sum())
    negative = len(outcomes) - positive
    if not positive or not negative:
        return 0.5
    ranks = rankdata(probabilities)
    return float((ranks[outcomes == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def _sigmoid(score: Vector) -> Vector:
    return np.asarray(1.0 / (1.0 + np.exp(-score)))
