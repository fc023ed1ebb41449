"""The command line: each command parses its options and calls one function of the library.

Commands import what they need themselves, so that `--help` does not wait for it. Exit codes: 0, also where
some inputs could not be read (`errors.jsonl` holds them); 2 where the command cannot be carried out as given.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline import __version__

if TYPE_CHECKING:
    from pipeline.ingest import IngestOptions
    from pipeline.schema import Published

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

PublishedOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Publication date (ISO day, month or year) of articles without one."),
]
LangOption = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Language of articles that do not say theirs; identified by default."),
]
MaxBytesOption = Annotated[
    int | None, typer.Option(min=1, show_default="20 MB", help="Do not read files that are larger.")
]


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


@app.command()
def extract(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, folders, or - for stdin.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the JSON lines.")],
    published: PublishedOption = None,
    lang: LangOption = None,
    max_bytes: MaxBytesOption = None,
    rejections: Annotated[bool, typer.Option("--rejections", help="Write rejected candidates too.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Write what led to each fact too.")] = False,
) -> None:
    """Extract the facts of articles into OUTPUT/facts.jsonl, articles.jsonl and errors.jsonl."""
    from rich.console import Console
    from rich.progress import Progress

    from pipeline.batch import BatchOptions, extract_to
    from pipeline.ingest import discover

    options = _ingest_options(published, lang, max_bytes)
    for path in paths:
        _must_exist(path)
    if output.exists() and not output.is_dir():
        raise typer.BadParameter(f"{output} is not a folder", param_hint="--output")
    inputs = discover(["-" if path == Path("-") else path for path in paths])
    if not inputs.sources:
        places = ", ".join(str(path) for path in paths)
        refused = "".join(f"; {error.path}: {error.message}" for error in inputs.errors)
        _fail(f"no articles (.txt, .md, .html) in {places}{refused}")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("extracting", total=len(inputs.sources))
        try:
            summary = extract_to(
                inputs,
                output,
                BatchOptions(ingest=options, rejections=rejections, explain=explain),
                on_source=lambda: progress.advance(task),
            )
        except OSError as error:
            _fail(f"cannot write to {output}: {error.strerror or error}")
    typer.echo(
        f"{summary.articles} articles, {summary.facts} facts, {summary.errors} errors"
        f" ({summary.skipped} other files passed over); see {output}",
        err=True,
    )


@app.command()
def detect() -> None:
    """Read JSON lines {"id", "text", "lang", "published"} from stdin, write their mentions to stdout.

    A line that cannot be worked on is answered with {"id", "error"}; the exit code stays 0.
    """
    from pipeline.batch import detect_lines

    answers = typer.get_binary_stream("stdout")
    for answer in detect_lines(typer.get_binary_stream("stdin")):
        answers.write(answer.encode("utf-8") + b"\n")
        answers.flush()


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="An article, or - for stdin.")],
    published: PublishedOption = None,
    lang: LangOption = None,
    max_bytes: MaxBytesOption = None,
) -> None:
    """Show an article with its mentions coloured and its facts in a table."""
    from rich.console import Console

    from pipeline.batch import extract_all
    from pipeline.emit.terminal import render
    from pipeline.ingest import read_articles
    from pipeline.schema import ErrorRecord

    options = _ingest_options(published, lang, max_bytes)
    _must_exist(file)
    if file.is_dir():
        _fail(f"{file} is a folder; give one article")
    for result in extract_all(read_articles(["-" if file == Path("-") else file], options)):
        if not isinstance(result, ErrorRecord):
            Console().print(render(result))
        elif result.reason == "metadata":
            typer.echo(f"{result.path}: {result.message}", err=True)
        else:
            _fail(f"{result.path}: {result.reason}: {result.message}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a line of facts.jsonl."""
    from pipeline.emit import fact_schema

    typer.echo(json.dumps(fact_schema(), ensure_ascii=False, indent=2))


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Option(help="Folder of gold files (*.json).")],
    facts: Annotated[Path, typer.Option(help="The facts.jsonl to judge; articles.jsonl is read beside it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="List what is missed, extra or wrong.")] = False,
) -> None:
    """Compare facts with gold: precision, recall and F1, and the accuracy of each slot."""
    from pipeline.evaluate import error_lines, evaluate_files

    try:
        report = evaluate_files(gold, facts)
    except (OSError, ValueError) as error:
        _fail(str(error))
    typer.echo(report.model_dump_json(indent=2) if as_json else report.to_text())
    if errors and not as_json:
        typer.echo("\n".join(error_lines(report)))


def _ingest_options(published: str | None, lang: str | None, max_bytes: int | None) -> IngestOptions:
    from pipeline.ingest import DEFAULT_MAX_BYTES, IngestOptions, available_packs

    if lang is not None and lang not in available_packs():
        known = ", ".join(sorted(available_packs()))
        raise typer.BadParameter(f"no pack for {lang!r}; there are: {known}", param_hint="--lang")
    limit = DEFAULT_MAX_BYTES if max_bytes is None else max_bytes
    return IngestOptions(published=_published(published), lang=lang, max_bytes=limit)


def _published(given: str | None) -> Published | None:
    from pipeline.ingest import parse_published

    published = parse_published(given, "option") if given is not None else None
    if given is not None and published is None:
        raise typer.BadParameter(
            f"{given!r} is no ISO date, such as 2024-10-03, 2024-10 or 2024", param_hint="--published"
        )
    return published


def _must_exist(path: Path) -> None:
    # A link that leads nowhere is an input that cannot be read, not a slip of the pen.
    if path != Path("-") and not path.exists() and not path.is_symlink():
        raise typer.BadParameter(f"there is no {path}", param_hint="PATH")


def _fail(message: str) -> NoReturn:
    typer.echo(f"autofacts: {message}", err=True)
    raise typer.Exit(2)
