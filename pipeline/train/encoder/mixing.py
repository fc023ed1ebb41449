"""How far rules and encoder are each believed: a conditional logit for each part of a statement, fitted to answers on
articles that the encoder had not learned from (McFadden 1974; here several options may be right)."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.encoder.blend import Blend
from pipeline.encoder.question import NOBODY, Answer, Slot
from pipeline.link.asking import namer
from pipeline.link.weighing import (
    KEPT,
    MODALITY,
    PARTS,
    TYPE,
    Namer,
    Option,
    modality_options,
    slot_options,
    type_options,
)
from pipeline.ontology import Ontology
from pipeline.train.encoder.examples import Example
from pipeline.train.encoder.labels import Label

Vector = npt.NDArray[np.float64]
PENALTY = 1.0
FOLDS = 5
_DIGITS = 4


class Decision(NamedTuple):
    """One choice among options, of which some are right."""

    article: str
    part: str
    options: Sequence[Option]
    right: Sequence[bool]


class PartQuality(NamedTuple):
    """How often a part is right of `decisions`: as the rules have it, as the encoder alone would, as both together do
    (cross-validated over articles), and where any option is right at all; how many both together have right where the
    rules have not (`won`), and the other way round (`lost`)."""

    decisions: int
    rules: float
    encoder: float
    both: float
    possible: float
    won: int
    lost: int

    @property
    def pays(self) -> bool:
        """Whether both together are better than the rules by more than two standard errors."""
        return self.won - self.lost > 2 * math.sqrt(self.won + self.lost)


def decisions(example: Example, answer: Answer, ontology: Ontology) -> Iterator[Decision]:
    """The decisions about one article. Figures whose gold is optional, or cannot be laid on them, are left out; so are
    the slots of a candidate whose type is wrong."""
    asked = example.asking
    for index, (label, candidate) in enumerate(zip(example.labels, asked.candidates, strict=True)):
        opinion = answer.opinions.get(index)
        if label is None or label.optional or opinion is None:
            continue
        types = type_options(opinion, candidate)
        yield Decision(example.article, TYPE, types, [each.value == label.type for each in types])
        if candidate is None or not label.type or candidate.type != label.type:
            continue
        moods = modality_options(opinion, candidate)
        yield Decision(example.article, MODALITY, moods, [each.value == label.modality for each in moods])
        for slot in Slot:
            name = namer(asked, slot, ontology.types[candidate.type])
            options = slot_options(opinion, candidate, slot, name)
            yield Decision(example.article, slot, options, _right(options, label, slot, name))


def _right(options: Sequence[Option], label: Label, slot: Slot, name: Namer) -> list[bool]:
    filled = label.links.get(slot, ())
    wanted = {name(at) for at in filled if at != NOBODY}
    found = []
    for option in options:
        if option.value == KEPT:
            found.append(slot in label.kept)
        elif option.value == NOBODY:
            found.append(NOBODY in filled)
        else:
            found.append(name(int(option.value)) in wanted)
    return found


def fit_blend(told: Sequence[Decision], parts: Sequence[str] = PARTS) -> tuple[Blend, Mapping[str, PartQuality]]:
    """The blend of all decisions, and the quality of each part. A part gets weights only where rules and encoder
    together are right more often than the rules, in a cross-validation over the articles, and by more than chance
    would have it: what is won exceeds what is lost by two standard errors (square roots of their sum)."""
    weights: dict[str, dict[str, float]] = {}
    quality: dict[str, PartQuality] = {}
    for part in parts:
        own = [each for each in told if each.part == part]
        if not own:
            continue
        quality[part] = _quality(own)
        if quality[part].pays:
            weights[part] = _fit(own)
    return Blend(weights=weights), quality


def _quality(own: Sequence[Decision]) -> PartQuality:
    fold = [zlib.crc32(each.article.encode()) % FOLDS for each in own]
    both = [False] * len(own)
    for part in sorted(set(fold)):
        blend = Blend(weights={own[0].part: _fit([each for each, at in zip(own, fold, strict=True) if at != part])})
        for index, each in enumerate(own):
            if fold[index] == part:
                both[index] = _is_right(each, blend.logs(each.part, [option.features for option in each.options]))
    alone = sum(_is_right(each, [option.features["encoder"] for option in each.options]) for each in own)
    rules = [_is_right(each, [option.features["rules"] for option in each.options]) for each in own]
    possible = sum(any(each.right) for each in own)
    won = sum(now and not before for now, before in zip(both, rules, strict=True))
    lost = sum(before and not now for now, before in zip(both, rules, strict=True))
    count = len(own)
    return PartQuality(count, sum(rules) / count, alone / count, sum(both) / count, possible / count, won, lost)


def _is_right(decision: Decision, scores: Sequence[float]) -> bool:
    return decision.right[max(range(len(scores)), key=scores.__getitem__)]


def _fit(own: Sequence[Decision]) -> dict[str, float]:
    """The weights that maximise the likelihood of the right options less the ridge penalty (L-BFGS from zero)."""
    from scipy.optimize import minimize

    told = [each for each in own if any(each.right) and not all(each.right)]
    names = sorted({name for each in told for option in each.options for name in option.features})
    rows = [[option.features.get(name, 0.0) for name in names] for each in told for option in each.options]
    matrix = np.array(rows, dtype=np.float64).reshape(-1, len(names))
    right = np.array([flag for each in told for flag in each.right], dtype=bool)
    group = np.repeat(np.arange(len(told)), [len(each.options) for each in told])

    def loss(weights: Vector) -> tuple[float, Vector]:
        scores = matrix @ weights
        every, correct = _shares(scores, group, len(told)), _shares(np.where(right, scores, -np.inf), group, len(told))
        value = every[1].sum() - correct[1].sum() + PENALTY * weights @ weights
        return float(value), matrix.T @ (every[0] - correct[0]) + 2 * PENALTY * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), _DIGITS) for name, weight in zip(names, best, strict=True)}


def _shares(scores: Vector, group: npt.NDArray[np.intp], count: int) -> tuple[Vector, Vector]:
    """The probability of each option in its group, and for each group the logarithm of the sum."""
    top = np.full(count, -np.inf)
    np.maximum.at(top, group, scores)
    shares = np.exp(scores - top[group])
    sums = np.zeros(count)
    np.add.at(sums, group, shares)
    return shares / sums[group], np.log(sums) + top
