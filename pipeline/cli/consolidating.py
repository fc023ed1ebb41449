"""The command that brings the facts of several articles together."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import tables
from pipeline.cli.common import fail, say

if TYPE_CHECKING:
    from pipeline.consolidate.figures import Conversion


def consolidate(
    run: tables.RunArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the groups; by default OUT.")
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMATS", help="Write tables beside the JSON lines: csv,parquet,sqlite,duckdb."),
    ] = None,
    into: Annotated[
        list[str] | None,
        typer.Option(metavar="UNIT", help="Give figures in this unit or currency too (kW, km, EUR); may be repeated."),
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(metavar="USD=0.92", help="What 1 USD is in the currency of --into; may be repeated."),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out facts of which the extractor is less sure.")
    ] = 0.0,
) -> None:
    """Group the facts of a run that state the same, and mark agreement, contradiction and revision."""
    from pipeline.consolidate.run import ConsolidateOptions
    from pipeline.consolidate.run import consolidate as consolidate_run
    from pipeline.tables.writer import MissingExtraError

    options = ConsolidateOptions(
        conversion=_conversion(into or [], rate or []),
        least_confidence=min_confidence,
        formats=tables.parse(format or (), "--format", also=[tables.JSONL]),
    )
    try:
        done = consolidate_run(run, output=output, options=options)
    except (OSError, ValueError, MissingExtraError) as error:
        fail(str(error))
    tables.tell_left_out(done.left_out)
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in done.verdicts.items())
    say(f"{done.facts} facts in groups: {verdicts}; see {', '.join(map(str, done.paths))}", err=True)


def _conversion(into: list[str], given: list[str]) -> Conversion:
    from pipeline.consolidate.figures import Conversion
    from pipeline.units import load_units

    rates: dict[str, Decimal] = {}
    for text in given:
        currency, _, rate = text.partition("=")
        try:
            rates[currency] = Decimal(rate)
        except InvalidOperation as error:
            raise typer.BadParameter(f"{text!r} is not of the form USD=0.92", param_hint="--rate") from error
    try:
        return Conversion.of(tuple(into), rates, load_units())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--into, --rate") from error
