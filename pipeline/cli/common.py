"""What the commands share: how they end where they cannot be carried out as given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pipeline.text import visible

TestErrorsOption = Annotated[
    bool,
    typer.Option(
        "--show-test-errors",
        help="List the errors of the test split too, which are else only counted: no rule is written from them.",
    ),
]


def must_exist(path: Path) -> None:
    """End with a usage error where there is no `path`; "-" is standard input."""
    # A link that leads nowhere is an input that cannot be read, not a slip of the pen.
    if path != Path("-") and not path.exists() and not path.is_symlink():
        raise typer.BadParameter(f"there is no {visible(str(path))}", param_hint="PATH")


def fail(message: str, code: int = 2) -> NoReturn:
    """Say `message` on standard error and end with `code`."""
    say(f"autofacts: {message}", err=True)
    raise typer.Exit(code)


def say(text: str, err: bool = False) -> None:
    """Print `text` for people, on standard error where `err`: names of files and words of articles in it may hold what
    acts on a terminal, which is shown and not obeyed."""
    typer.echo(visible(text), err=err)
