"""Commands that exchange articles and facts with annotation tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.annotate.forms import Form, Format, Offsets
from pipeline.cli.common import fail, say

app = typer.Typer(no_args_is_help=True, help="Exchange articles and facts with Label Studio, brat and doccano.")


FormatOption = Annotated[Format, typer.Option("--format", help="The tool.")]


@app.command("export")
def export_command(
    source: Annotated[
        Path,
        typer.Argument(
            help="Folder of a run (facts.jsonl, articles.jsonl), or of gold with articles/ beside it.",
            exists=True,
            file_okay=False,
        ),
    ],
    output: Annotated[Path, typer.Argument(help="Folder for the tool's files.", file_okay=False)],
    format: FormatOption,
    offsets: Annotated[
        Offsets, typer.Option(help="What Label Studio's offsets count; versions since 1.5 count code points.")
    ] = Offsets.UTF16,
) -> None:
    """Write articles with their facts, names, dates and figures for a tool, to be corrected there."""
    from pipeline.annotate.exchange import export_to

    try:
        ids = export_to(source, output, format=format, offsets=offsets)
    except (OSError, ValueError) as error:
        fail(str(error))
    say(f"{len(ids)} articles; see {output}", err=True)


@app.command("import")
def import_command(
    source: Annotated[Path, typer.Argument(help="What the tool has exported: a file; of brat, a folder.", exists=True)],
    output: Annotated[Path, typer.Argument(help="Folder for the annotations or the gold.", file_okay=False)],
    format: FormatOption,
    form: Annotated[
        Form, typer.Option("--to", help="NAME.yaml as annotators write it, or NAME.json.")
    ] = Form.ANNOTATIONS,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")] = False,
) -> None:
    """Read corrected articles back, as annotations or gold; nothing is written where anything is wrong."""
    from pipeline.annotate.exchange import import_to

    try:
        done = import_to(source, output, format=format, form=form, overwrite=overwrite)
    except (OSError, ValueError) as error:
        fail(str(error))
    left = f", {len(done.untouched)} not annotated yet" if done.untouched else ""
    say(f"{len(done.written)} articles{left}; see {output}", err=True)
