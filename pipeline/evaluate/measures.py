"""What is measured: counters that add up, and the scores that follow from them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, computed_field


class Part(BaseModel):
    """A part of a report: frozen, written as JSON with the keys below and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PRF(Part):
    """True and false positives and false negatives; add counters to merge them.

    Precision, recall and F1 are 0 where there is nothing to count; look at the counts there.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def precision(self) -> float:
        return ratio(self.tp, self.tp + self.fp)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def recall(self) -> float:
        return ratio(self.tp, self.tp + self.fn)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def f1(self) -> float:
        return ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    def __add__(self, other: PRF) -> PRF:
        return PRF(tp=self.tp + other.tp, fp=self.fp + other.fp, fn=self.fn + other.fn)

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
            f"  (tp {self.tp}, fp {self.fp}, fn {self.fn})"
        )


class Scores(Part):
    """Core and full matches of one set of facts (contract §9)."""

    core: PRF = PRF()
    full: PRF = PRF()

    def __add__(self, other: Scores) -> Scores:
        return Scores(core=self.core + other.core, full=self.full + other.full)


class SlotScore(Part):
    """Agreement of one slot over the core pairs: over `total` pairs, and over the `filled` ones, in which the
    prediction or the gold says something there."""

    right: int = 0
    total: int = 0
    filled_right: int = 0
    filled: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def accuracy(self) -> float:
        return ratio(self.right, self.total)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def filled_accuracy(self) -> float:
        return ratio(self.filled_right, self.filled)

    def __add__(self, other: SlotScore) -> SlotScore:
        return SlotScore(
            right=self.right + other.right,
            total=self.total + other.total,
            filled_right=self.filled_right + other.filled_right,
            filled=self.filled + other.filled,
        )


class Group(Part):
    """The scores of the articles of one language, or of one kind of text."""

    articles: int
    scores: Scores


def ratio(part: float, whole: float) -> float:
    """`part` of `whole`; 0 where there is no whole."""
    return part / whole if whole else 0.0
