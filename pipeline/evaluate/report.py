"""What an evaluation says: counters, scores, and the list of errors."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, computed_field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PRF(_Part):
    """True and false positives and false negatives; add counters to merge them.

    Precision, recall and F1 are 0 where there is nothing to count; look at the counts there.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def precision(self) -> float:
        return _ratio(self.tp, self.tp + self.fp)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def recall(self) -> float:
        return _ratio(self.tp, self.tp + self.fn)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def f1(self) -> float:
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    def __add__(self, other: PRF) -> PRF:
        return PRF(tp=self.tp + other.tp, fp=self.fp + other.fp, fn=self.fn + other.fn)

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
            f"  (tp {self.tp}, fp {self.fp}, fn {self.fn})"
        )


class Scores(_Part):
    """Core and full matches of one set of facts (contract §9)."""

    core: PRF = PRF()
    full: PRF = PRF()

    def __add__(self, other: Scores) -> Scores:
        return Scores(core=self.core + other.core, full=self.full + other.full)


class SlotScore(_Part):
    """Agreement of one slot over the core pairs: over `total` pairs, and over the `filled` ones, in which the
    prediction or the gold says something there."""

    right: int = 0
    total: int = 0
    filled_right: int = 0
    filled: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def accuracy(self) -> float:
        return _ratio(self.right, self.total)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def filled_accuracy(self) -> float:
        return _ratio(self.filled_right, self.filled)

    def __add__(self, other: SlotScore) -> SlotScore:
        return SlotScore(
            right=self.right + other.right,
            total=self.total + other.total,
            filled_right=self.filled_right + other.filled_right,
            filled=self.filled + other.filled,
        )


class Failure(_Part):
    """One error. `type` and `figure` are gold's (the prediction's for what is extra), `quote` the gold quote
    or the sentence of the evidence. `expected` and `found` hold the two contents of a wrong slot; of what is
    missed or extra, who and when on its own side, and on the other the types that have the very figure."""

    article_id: str
    type: str
    figure: str = "-"
    quote: str = ""
    expected: str = "-"
    found: str = "-"


class Report(_Part):
    """The outcome of an evaluation.

    `facts` counts all facts, `quantities` those with a figure, `events` those without; `by_type` puts a pair
    under gold's type and an extra prediction under its own. `ignored` counts predictions for articles
    without gold, `optional_found` those that met an optional gold fact. `dates` and `entities` are None where
    no mentions were given. `errors` is grouped by cause: "missed", "extra", "wrong SLOT", "missed date", …
    """

    articles: int
    gold_facts: int
    optional_facts: int
    predicted_facts: int
    optional_found: int
    ignored: int
    facts: Scores
    quantities: Scores
    events: Scores
    by_type: dict[str, Scores]
    slots: dict[str, SlotScore]
    dates: PRF | None = None
    entities: PRF | None = None
    errors: dict[str, list[Failure]]

    def to_text(self) -> str:
        """The report without its errors, for a terminal."""
        lines = [
            f"{self.articles} articles, {self.gold_facts} gold facts and {self.optional_facts} optional ones,"
            f" {self.predicted_facts} predicted ({self.optional_found} of them optional)",
        ]
        if self.ignored:
            lines.append(f"{self.ignored} predicted facts ignored: no gold for their articles")
        lines += ["", *self._score_lines(), "", *self._slot_lines(), "", *self._type_lines()]
        counts = ", ".join(f"{cause} {len(failures)}" for cause, failures in self.errors.items())
        return "\n".join([*lines, "", f"errors: {counts or 'none'}"])

    def _score_lines(self) -> list[str]:
        rows = [
            ("core", self.facts.core),
            ("full", self.facts.full),
            ("core, quantities", self.quantities.core),
            ("full, quantities", self.quantities.full),
            ("core, events", self.events.core),
            ("full, events", self.events.full),
            ("dates", self.dates),
            ("entities", self.entities),
        ]
        return [f"{name:18}{prf}" for name, prf in rows if prf is not None]

    def _slot_lines(self) -> list[str]:
        rows = [f"{'slot':18}{'right':>6}{'pairs':>7}{'acc.':>7}   where filled"]
        for slot, score in self.slots.items():
            filled = f"{score.filled_accuracy:.3f} of {score.filled}" if score.filled else "-"
            rows.append(f"{slot:18}{score.right:6}{score.total:7}{score.accuracy:7.3f}   {filled}")
        return rows

    def _type_lines(self) -> list[str]:
        rows = [f"{'type':22}{'gold':>5}{'P':>7}{'R':>7}{'F1':>7}{'full F1':>9}"]
        for name, score in self.by_type.items():
            core = score.core
            rows.append(
                f"{name:22}{core.tp + core.fn:5}{core.precision:7.3f}{core.recall:7.3f}{core.f1:7.3f}"
                f"{score.full.f1:9.3f}"
            )
        return rows


def error_lines(report: Report) -> list[str]:
    """The errors, one a line: cause, article, type, figure, what was expected and found, quote."""
    return [
        " | ".join(_columns(cause, failure))
        for cause, failures in report.errors.items()
        for failure in failures
    ]


def _columns(cause: str, failure: Failure) -> Iterable[str]:
    yield from (cause, failure.article_id, failure.type, failure.figure)
    if (failure.expected, failure.found) != ("-", "-"):
        yield f"expected {failure.expected}, found {failure.found}"
    yield f"« {failure.quote} »"


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
