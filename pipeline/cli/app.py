"""The program `autofacts`: its commands by name, and what holds for all of them."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import annotating, corpora, evaluating, extracting, inputs, watching

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    """Entry point of `autofacts`."""
    # Libraries that log to nobody would write to the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"autofacts {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
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
app.command()(evaluating.evaluate)
app.command()(evaluating.compare)
app.add_typer(corpora.app, name="corpus")
app.add_typer(annotating.app, name="annotate")
