"""What an evaluation says: scores of many kinds, and the list of errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.evaluate.bootstrap import Intervals, PRFIntervals
from pipeline.evaluate.calibration import Calibration, Thresholds
from pipeline.evaluate.measures import PRF, Group, Part, Scores, SlotScore


class Failure(Part):
    """One error. `type` and `figure` are gold's (the prediction's for what is extra), `quote` the gold quote
    or the sentence of the evidence. `expected` and `found` hold the two contents of a wrong slot; of what is
    missed or extra, who and when on its own side, and on the other the types that have the very figure.

    `fact_id` is the id of the predicted fact and `gold_at` the place of the gold fact in its file, where there is
    one; `surface` is how a date, name or figure is written in the text."""

    article_id: str
    type: str
    figure: str = "-"
    quote: str = ""
    expected: str = "-"
    found: str = "-"
    fact_id: str | None = None
    gold_at: int | None = None
    surface: str = ""


class Report(Part):
    """The outcome of an evaluation.

    `facts` counts all facts, `quantities` those with a figure, `events` those without; `by_type` puts a pair
    under gold's type and an extra prediction under its own. `ignored` counts predictions for articles
    without gold, `optional_found` those that met an optional gold fact. `dates`, `entities` and `figures` (in
    their units, facts or not) are None where no such mentions were given; `figures_unjudged` counts figures of which
    gold does not say whether they are right. `errors` is grouped by cause: "missed", "extra", "wrong SLOT",
    "missed date", …; `withheld` counts, by cause, errors in held-out articles, which are not listed.
    """

    split: str | None = None
    articles: int
    gold_facts: int
    optional_facts: int
    predicted_facts: int
    optional_found: int
    ignored: int
    facts: Scores
    quantities: Scores
    events: Scores
    intervals: Intervals | None = None
    by_type: dict[str, Scores]
    by_lang: dict[str, Group]
    by_kind: dict[str, Group]
    slots: dict[str, SlotScore]
    dates: PRF | None = None
    entities: PRF | None = None
    figures: PRF | None = None
    figures_unjudged: int = 0
    calibration: Calibration | None = None
    thresholds: Thresholds | None = None
    errors: dict[str, list[Failure]]
    withheld: dict[str, int]

    def to_text(self, head: str | None = None) -> str:
        """The report without its errors, for a terminal, under `head` or under what was compared."""
        lines = [head or self._head()]
        if self.ignored:
            lines.append(f"{self.ignored} predicted facts ignored: no gold for their articles")
        blocks = [lines, self._score_lines(), _interval_lines(self.intervals), self._slot_lines(), self._type_lines()]
        blocks += [_group_lines("language", self.by_lang), _group_lines("kind of text", self.by_kind)]
        blocks += [[*_calibration_lines(self.calibration), *_threshold_lines(self.thresholds)], self._error_lines()]
        return "\n\n".join("\n".join(block) for block in blocks if block)

    def _head(self) -> str:
        of_split = f" of split {self.split}" if self.split else ""
        return (
            f"{self.articles} articles{of_split}, {self.gold_facts} gold facts and {self.optional_facts} optional ones,"
            f" {self.predicted_facts} predicted ({self.optional_found} of them optional)"
        )

    def error_counts(self) -> dict[str, int]:
        """The number of errors of each cause, those withheld included."""
        causes = [*self.errors, *(cause for cause in self.withheld if cause not in self.errors)]
        return {cause: len(self.errors.get(cause, ())) + self.withheld.get(cause, 0) for cause in causes}

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
            ("figures", None if self.figures_unjudged else self.figures),
        ]
        lines = [f"{name:18}{prf}" for name, prf in rows if prf is not None]
        if self.figures and self.figures_unjudged:
            found = f"R {self.figures.recall:.3f}  (tp {self.figures.tp}, fn {self.figures.fn})"
            lines.append(f"{'figures':18}{found}; of {self.figures_unjudged} others gold does not say what they are")
        return lines

    def _slot_lines(self) -> list[str]:
        rows = [f"{'slot':18}{'right':>6}{'pairs':>7}{'acc.':>7}   where filled"]
        for slot, score in self.slots.items():
            filled = f"{score.filled_accuracy:.3f} of {score.filled}" if score.filled else "-"
            rows.append(f"{slot:18}{score.right:6}{score.total:7}{score.accuracy:7.3f}   {filled}")
        return rows

    def _type_lines(self) -> list[str]:
        header = f"{'type':22}{'gold':>5}{'extra':>6}{'P':>7}{'R':>7}{'F1':>7}{'full F1':>9}"
        return [header, *(f"{name:22}{_score_cells(scores)}" for name, scores in self.by_type.items())]

    def _error_lines(self) -> list[str]:
        counts = ", ".join(f"{cause} {count}" for cause, count in self.error_counts().items())
        lines = [f"errors: {counts or 'none'}"]
        if self.withheld:
            lines.append(f"{sum(self.withheld.values())} of them in held-out articles: not shown one by one")
        return lines


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


def _score_cells(scores: Scores) -> str:
    core = scores.core
    counts = f"{core.tp + core.fn:5}{core.fp:6}"
    return f"{counts}{core.precision:7.3f}{core.recall:7.3f}{core.f1:7.3f}{scores.full.f1:9.3f}"


def _group_lines(title: str, groups: Mapping[str, Group]) -> list[str]:
    if not groups:
        return []
    rows = [f"{title:14}{'articles':>8}{'gold':>5}{'extra':>6}{'P':>7}{'R':>7}{'F1':>7}{'full F1':>9}"]
    return rows + [f"{name:14}{group.articles:8}{_score_cells(group.scores)}" for name, group in groups.items()]


def _interval_lines(found: Intervals | None) -> list[str]:
    if found is None:
        return []

    def line(name: str, parts: PRFIntervals) -> str:
        ends = (("P", parts.precision), ("R", parts.recall), ("F1", parts.f1))
        return f"{name:18}" + "  ".join(f"{label} {each.low:.3f}..{each.high:.3f}" for label, each in ends)

    head = f"{found.level:.0%} intervals over {found.rounds} draws of the articles, seed {found.seed}"
    return [head, line("core", found.core), line("full", found.full)]


def _calibration_lines(found: Calibration | None) -> list[str]:
    if found is None:
        return []
    rows = [f"{'confidence':14}{'facts':>6}{'mean':>7}{'right':>7}   (right in type, subject and figure)"]
    for each in found.bins:
        rows.append(f"{each.low:.1f} to {each.high:.1f}    {each.facts:6}{each.confidence:7.3f}{each.right:7.3f}")
    return [*rows, f"expected calibration error {found.ece:.3f} over {found.facts} facts"]


def _threshold_lines(found: Thresholds | None) -> list[str]:
    if found is None:
        return []
    points = {point.threshold: point for point in found.points}
    lines = []
    for level, threshold in found.suggested.items():
        lead = f"for a precision of {found.wanted:.2f} ({level}): "
        if threshold is None:
            lines.append(f"{lead}no threshold gives it")
            continue
        prf: PRF = getattr(points[threshold], level)
        gives = f"P {prf.precision:.3f}, R {prf.recall:.3f}, {points[threshold].kept} facts kept"
        lines.append(f"{lead}confidence from {threshold:.2f} ({gives})")
    return lines
