"""The card of a trained model: where it comes from, what it was measured at, and its checksum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.scorer import MANIFEST, SCORER

if TYPE_CHECKING:
    from pipeline.train.scorer import Quality, TrainingReport

_CARD = """# The scorer

Two logistic curves over the evidence that the rules give for a candidate (`pipeline/link/evidence.py`): `core`, the
probability that it meets a fact of the gold in type and figure, and `right`, that its subject is right too, which is
the `confidence` of a fact. A candidate whose `core` lies below {reject_below} is rejected (`unlikely`).

Plain JSON, since it is a list of named weights that people may read and compare; nothing in it is executed.
Trained by `autofacts train scorer` from the train split of `corpus/` (our own text, Apache-2.0): {features} features
that {train_facts} facts show, ridge penalty {penalty:g} and threshold chosen by cross-validation over the articles.
The bias of `right` was then set so that its mean is right on {shifted}: rules are righter on articles that they were
written from, and users' articles are not among those. No randomness: L-BFGS from zero,
weights rounded to four digits.

Ranking is the area under the ROC curve; F1 is given for the rules alone and with the scorer.

| | facts | calibration error | ranking | core, rules | core, scorer | full, rules | full, scorer |
| --- | --- | --- | --- | --- | --- | --- | --- |
{train}
{dev}
{calibration}
The scorer knows what the rules know: it cannot choose a subject that they did not find. It says how far a fact can be
trusted; it is not a measure of how much the article itself can be.
"""


def write_card(models: Path, report: TrainingReport, checksum: str) -> None:
    """Write the card of the scorer and the manifest that holds its sha256 to the folder `models`. Raises OSError."""
    shifted = "the articles of the split `calibration`, which nobody has read" if report.calibration else "dev"
    text = _CARD.format(
        reject_below=report.reject_below,
        features=report.features,
        penalty=report.penalty,
        train_facts=report.train.facts,
        train=_row("train, cross-validated", report.train),
        dev=_row("dev", report.dev),
        calibration=_row("calibration", report.calibration) + "\n" if report.calibration else "",
        shifted=shifted,
    )
    (models / "scorer.md").write_text(text, encoding="utf-8")
    manifest = f"""# Checksums of the models, checked whenever one is loaded; `autofacts train` writes them.
[{Path(SCORER).stem}]
file = "{SCORER}"
sha256 = "{checksum}"
licence = "Apache-2.0"
data = "corpus/, train split; split {"calibration" if report.calibration else "dev"} for the bias"
card = "scorer.md"
"""
    (models / MANIFEST).write_text(manifest, encoding="utf-8")


def _row(name: str, quality: Quality) -> str:
    figures = (quality.ece, quality.ranking, quality.rules[0], quality.scored[0], quality.rules[1], quality.scored[1])
    return f"| {name} | {quality.facts} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |"
