"""The command that shows what would be read, and the options that say how."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import must_exist
from pipeline.text import visible

if TYPE_CHECKING:
    from pipeline.ingest import Fields, Inputs

PathsArgument = Annotated[
    list[str],
    typer.Argument(metavar="PATH", help="Files, folders, addresses such as s3://bucket/folder, or - for stdin."),
]
MaxBytesOption = Annotated[
    int | None, typer.Option(min=1, show_default="20 MB", help="Do not read articles that are larger.")
]
DEFAULT_MAX_RATIO, DEFAULT_MAX_DEPTH, DEFAULT_MAX_PAGES = 200, 200, 1_000
MaxRatioOption = Annotated[
    int, typer.Option(min=2, help="Do not read what unpacks to that many times its size, and to more than --max-bytes.")
]
MaxDepthOption = Annotated[
    int, typer.Option(min=2, max=240, help="Do not read HTML, XML and JSON whose parts lie deeper in each other.")
]
MaxPagesOption = Annotated[int, typer.Option(min=1, help="Read that many pages of a PDF.")]
TextFieldOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", show_default="text, content, body, article", help="Field of the text in records."),
]
TitleFieldOption = Annotated[
    str | None, typer.Option(metavar="NAME", show_default="title, headline", help="Field of the title.")
]
DateFieldOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        show_default="date, published, pubDate, publication_date, published_at",
        help="Field of the publication date.",
    ),
]
IdFieldOption = Annotated[str | None, typer.Option(metavar="NAME", show_default="id", help="Field of the id.")]
UrlFieldOption = Annotated[
    str | None, typer.Option(metavar="NAME", show_default="url, link", help="Field of the address of the page.")
]
LangFieldOption = Annotated[
    str | None, typer.Option(metavar="NAME", show_default="lang, language", help="Field of the language.")
]


def inputs(
    paths: PathsArgument,
    count: Annotated[bool, typer.Option("--count", help="Open everything and count the articles.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
    max_bytes: MaxBytesOption = None,
    text_field: TextFieldOption = None,
) -> None:
    """Show what would be read under PATH: source, format, compression, articles, and what is passed over and why."""
    from pipeline.ingest import DEFAULT_MAX_BYTES, IngestOptions, overview

    options = IngestOptions(max_bytes=max_bytes or DEFAULT_MAX_BYTES, fields=fields_of(text=text_field))
    rows = (asdict(row) for row in overview(inputs_at(paths), options, count=count))
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
    else:
        _print_table(list(rows))


def inputs_at(paths: list[str]) -> Inputs:
    """What `paths` stand for; ends with a usage error where a file or folder is not there."""
    from pipeline.ingest import discover

    found = discover(paths)
    for path in found.paths:
        if isinstance(path, Path):
            must_exist(path)
    return found


def fields_of(**given: str | None) -> Fields:
    """The names of fields, of which some are given; the rest as they are by default."""
    from pipeline.ingest import Fields

    return Fields(**{field: (name,) for field, name in given.items() if name is not None})


def _print_table(rows: list[dict[str, object]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for column in rows[0] if rows else ():
        table.add_column(column, justify="right" if column in ("files", "articles", "errors") else "left")
    for row in rows:
        table.add_row(*("?" if value is None else escape(visible(str(value))) for value in row.values()))
    Console().print(table)
