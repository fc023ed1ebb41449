"""The command that makes a page of a run for people to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import fail, say


def report(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="Folder of a run (facts.jsonl, articles.jsonl).", exists=True, file_okay=False
        ),
    ],
    html: Annotated[Path, typer.Option(metavar="FILE", help="The page to write.")],
    lang: Annotated[str, typer.Option(metavar="CODE", help="Language in which the page opens: fr or en.")] = "fr",
    max_facts: Annotated[
        int, typer.Option(min=1, help="Keep so many facts at most, those of highest confidence.")
    ] = 20_000,
    max_characters: Annotated[
        int, typer.Option(min=0, help="Keep the texts of articles up to so many characters in all.")
    ] = 20_000_000,
) -> None:
    """Write one HTML page that needs no network: facts to search, their articles, and charts."""
    from pipeline.report import ReportOptions, write_report

    options = ReportOptions(lang=lang, max_facts=max_facts, max_characters=max_characters)
    try:
        done = write_report(folder, html, options)
    except (OSError, ValueError) as error:
        fail(str(error))
    left = done.left_out
    say(f"{done.facts} facts of {done.articles} articles, {done.charts} charts; see {html}", err=True)
    if left.facts or left.texts:
        say(f"left out: {left.facts} facts, {left.texts} texts of articles", err=True)
