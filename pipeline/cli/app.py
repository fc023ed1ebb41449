"""The program `autofacts`: its commands by name, and what holds for all of them."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from pipeline.cli import (
    annotating,
    consolidating,
    corpora,
    evaluating,
    extracting,
    inputs,
    report,
    serving,
    tables,
    training,
    watching,
)

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    """Entry point of `autofacts`."""
    # Libraries that log to nobody would write to the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        from pipeline.versions import versions

        for name, version in versions().items():
            typer.echo(f"{name} {version}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the versions of program and data."
        ),
    ] = False,
) -> None:
    """Facts about the motor industry out of news articles."""


app.command()(extracting.extract)
app.command()(watching.watch)
app.command()(watching.status)
app.command()(inputs.inputs)
app.command()(extracting.detect)
app.command()(extracting.show)
app.command()(extracting.schema)
app.command()(serving.serve)
app.command()(tables.export)
app.command()(tables.load)
app.command()(tables.query)
app.command()(consolidating.consolidate)
app.command()(evaluating.evaluate)
app.command()(evaluating.compare)
app.command()(report.report)
app.add_typer(corpora.app, name="corpus")
app.add_typer(annotating.app, name="annotate")
app.add_typer(training.app, name="train")
