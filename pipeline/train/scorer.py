"""Trains the scorer: fitted on the train split, its probabilities set right on articles that no rule knows."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from pipeline.evaluate.calibration import Outcome, calibration
from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.evaluate.splits import CALIBRATION, load_splits
from pipeline.ingest import available_packs
from pipeline.scorer import SCORER, Scorer, Weights
from pipeline.train.card import write_card
from pipeline.train.logistic import Table, Vector, fit, frequent, ranking
from pipeline.train.samples import Load, Sample, Samples, collect, rules_alone

PENALTIES = (1.0, 2.0, 4.0, 8.0)
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(8))  # what is more likely wrong than right may still pay
FOLDS = 5
Claim = Literal["core", "right"]
CLAIMS: tuple[Claim, Claim] = ("core", "right")
_PRECISE = 1e-6
_LEAST = 4  # samples that must show a feature for it to get a weight


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the probabilities of `facts` samples are: expected calibration error and ranking (area under the
    curve), of being right; and the F1 of core and full with no candidate rejected, and as the scorer rejects."""

    facts: int
    ece: float
    ranking: float
    rules: tuple[float, float]
    scored: tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training run chose and measured: by cross-validation on train; on the split `calibration` (None where the
    corpus has none), which chose nothing but the shift of the probabilities; and on dev, which chose nothing, or that
    shift where there is no other split for it."""

    penalty: float
    reject_below: float
    features: int
    train: Quality
    dev: Quality
    calibration: Quality | None


def train_scorer(corpus: Path, models: Path, load: Load = rules_alone) -> TrainingReport:
    """Train on `corpus` (articles/, gold/, splits.toml) and write the model, its card and its checksum to `models`.
    `load` gives extractors without a scorer.

    The penalty and the threshold are those with the best likelihood and core F1 in a cross-validation over the train
    articles. Raises ValueError and OSError for a corpus that cannot be read.
    """
    train, dev = _samples(corpus, "train", load), _samples(corpus, "dev", load)
    penalty = min(PENALTIES, key=lambda each: _surprise(_crossed(train.rows, each, "right"), train.rows, "right"))
    crossed = {claim: _crossed(train.rows, penalty, claim) for claim in CLAIMS}
    reject_below = max(THRESHOLDS, key=lambda each: (_f1(train, crossed["core"] >= each)[0], -each))
    core, right = (_fit(train.rows, penalty, claim) for claim in CLAIMS)
    unread = _samples(corpus, CALIBRATION, load) if _has(corpus, CALIBRATION) else None
    scorer = Scorer(core=core, right=_shifted(right, (unread or dev).rows), reject_below=reject_below)
    report = TrainingReport(
        penalty=penalty,
        reject_below=reject_below,
        features=len(core.features),
        train=_quality(train, crossed["core"], crossed["right"], reject_below),
        dev=_scored(dev, scorer),
        calibration=_scored(unread, scorer) if unread else None,
    )
    models.mkdir(parents=True, exist_ok=True)
    data = (scorer.model_dump_json(indent=1) + "\n").encode()
    (models / SCORER).write_bytes(data)
    write_card(models, report, hashlib.sha256(data).hexdigest())
    return report


def _has(corpus: Path, split: str) -> bool:
    return split in load_splits(corpus / "gold").articles


def _samples(corpus: Path, split: str, load: Load) -> Samples:
    known = load_gold(corpus / "gold")
    gold = load_splits(corpus / "gold").gold(known, split, None)
    spoken: Mapping[str, GoldArticle] = {key: each for key, each in gold.items() if each.lang in available_packs()}
    return collect(corpus / "articles", spoken, known, load)


def _truth(rows: Sequence[Sample], claim: Claim) -> Vector:
    return np.array([float(getattr(row, claim)) for row in rows])


def _fit(rows: Sequence[Sample], penalty: float, claim: Claim) -> Weights:
    features = [row.features for row in rows]
    return fit(Table.of(features, frequent(features, _LEAST)), _truth(rows, claim), penalty)


def _crossed(rows: Sequence[Sample], penalty: float, claim: Claim) -> Vector:
    """The probability of each sample by weights that were fitted without its article and a fifth of the others."""
    fold = np.array([zlib.crc32(row.article.encode()) % FOLDS for row in rows])
    found = np.zeros(len(rows))
    for part in range(FOLDS):
        weights = _fit([row for row, at in zip(rows, fold, strict=True) if at != part], penalty, claim)
        for at in np.flatnonzero(fold == part).tolist():
            found[at] = weights.probability(rows[at].features)
    return found


def _surprise(probabilities: Vector, rows: Sequence[Sample], claim: Claim) -> float:
    """Mean negative log-likelihood of the outcomes."""
    truth = _truth(rows, claim)
    return float(-np.mean(np.log(np.where(truth == 1, probabilities, 1 - probabilities))))


def _shifted(weights: Weights, rows: Sequence[Sample]) -> Weights:
    """`weights` with the bias at which the mean probability of `rows` is the share of them that is right: rules are
    righter on the articles that they were written from."""
    wanted = float(_truth(rows, "right").mean())
    low, high = -4.0, 4.0
    while high - low > _PRECISE:
        middle = (low + high) / 2
        shifted = weights.model_copy(update={"bias": weights.bias + middle})
        mean = np.mean([shifted.probability(row.features) for row in rows])
        low, high = (middle, high) if mean < wanted else (low, middle)
    return weights.model_copy(update={"bias": round(weights.bias + low, 4)})


def _f1(samples: Samples, kept: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Core and full F1 where the samples `kept` are predicted and the others are not."""
    met = sum(row.core for row in samples.rows)
    core = sum(row.core for row, keep in zip(samples.rows, kept, strict=True) if keep)
    full = sum(row.full for row, keep in zip(samples.rows, kept, strict=True) if keep)
    total = int(kept.sum()) + met + samples.missed
    return 2 * core / total, 2 * full / total


def _scored(samples: Samples, scorer: Scorer) -> Quality:
    found = [scorer.odds(row.features) for row in samples.rows]
    core, right = (np.array([getattr(odds, claim) for odds in found]) for claim in CLAIMS)
    return _quality(samples, core, right, scorer.reject_below)


def _quality(samples: Samples, core: Vector, right: Vector, reject_below: float) -> Quality:
    kept = core >= reject_below
    truth = _truth(samples.rows, "right")
    told = [Outcome(float(p), right=bool(t)) for p, t, keep in zip(right, truth, kept, strict=True) if keep]
    measured = calibration(told)
    return Quality(
        facts=len(samples.rows),
        ece=measured.ece if measured else 0.0,
        ranking=ranking(right, truth),
        rules=_f1(samples, np.ones(len(samples.rows), dtype=bool)),
        scored=_f1(samples, kept),
    )
