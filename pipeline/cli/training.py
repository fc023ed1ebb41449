"""Commands that fit the learned parts from the corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import fail, say

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _train() -> None:
    """Fit the learned parts from the corpus."""


@app.command()
def scorer(
    corpus: Annotated[Path, typer.Option(help="Folder with articles/, gold/ and splits.toml.")] = Path("corpus"),
    models: Annotated[Path, typer.Option(help="Folder for the model, its card and its checksum.")] = Path("models"),
) -> None:
    """Train the scorer, which gives the confidence and rejects what is unlikely (half a minute on one processor)."""
    from pipeline.train import train_scorer

    try:
        report = train_scorer(corpus, models)
    except (OSError, ValueError) as error:
        fail(str(error))
    for name, each in (("train, cross-validated", report.train), ("dev", report.dev)):
        say(
            f"{name}: {each.facts} facts, calibration error {each.ece:.3f}, ranking {each.ranking:.3f};"
            f" core F1 {each.rules[0]:.3f} to {each.scored[0]:.3f}, full F1 {each.rules[1]:.3f} to {each.scored[1]:.3f}"
        )
    typer.echo(f"wrote {models}/scorer.json: {report.features} features, penalty {report.penalty:g}", err=True)
