"""Commands that turn a run into tables: files, a database, an answer; and that bring articles together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import fail, say
from pipeline.text import visible

if TYPE_CHECKING:
    from pipeline.tables.export import Format
    from pipeline.tables.query import Answer

JSONL = "jsonl"
JSON_LD = "jsonld"
RunArgument = Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run of extract.")]


def export(
    run: RunArgument,
    to: Annotated[list[str], typer.Option("--to", metavar="FORMATS", help="csv, parquet, sqlite, duckdb, jsonld.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the tables; by default OUT.")
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV for Excel: with the UTF-8 signature, cells of 32,767 characters.")
    ] = False,
) -> None:
    """Write the facts of a run as tables, or as linked data."""
    formats = parse(to, "--to", also=[JSON_LD])
    if JSON_LD in ",".join(to).replace(" ", "").split(","):
        _export_json_ld(run, output)
    export_tables(run, formats, output=output, excel=excel)


def load(
    run: RunArgument,
    url: Annotated[str, typer.Argument(metavar="URL", help="PostgreSQL database: postgresql://user@host/name.")],
    schema: Annotated[str, typer.Option(help="Schema that holds the tables; made where it is missing.")] = "public",
) -> None:
    """Load the facts of a run into PostgreSQL; facts of an article that was loaded before replace those."""
    from pipeline.tables.postgres import load as load_run
    from pipeline.tables.writer import MissingExtraError

    try:
        loaded = load_run(run, url, schema=schema)
    except (OSError, ValueError, MissingExtraError) as error:
        fail(str(error))
    tell_left_out(loaded.left_out)
    facts = loaded.changes["facts"]
    say(
        f"{loaded.articles} articles, {loaded.facts} facts:"
        f" {facts.added} added, {facts.changed} changed, {facts.removed} removed",
        err=True,
    )


def query(
    run: RunArgument,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A question in the SQL of DuckDB.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print each row as a line of JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Ask the tables and views of a run (docs/tables.md) in SQL."""
    from pipeline.tables.query import query as ask
    from pipeline.tables.writer import MissingExtraError

    try:
        answer = ask(run, sql)
    except (OSError, ValueError, MissingExtraError) as error:
        fail(str(error))
    if as_json:
        _print_json(answer)
    elif as_csv:
        _print_csv(answer)
    else:
        _print_table(answer)


def parse(words: Sequence[str], option: str, *, also: Sequence[str] = ()) -> list[Format]:
    """The formats that the words of an option name. Ends with a usage error for a word that is none, and where a
    library that a format needs is missing: before any work is done."""
    from pipeline.tables.export import need_libraries, parse_formats
    from pipeline.tables.writer import MissingExtraError

    try:
        formats = parse_formats(words, also=also)
        need_libraries(formats)
    except (ValueError, MissingExtraError) as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
    return formats


def export_tables(run: Path, formats: Sequence[Format], *, output: Path | None = None, excel: bool = False) -> None:
    """Write the tables of `run` and say where. Ends with code 2 where that cannot be done."""
    from pipeline.tables.export import export as export_run
    from pipeline.tables.writer import MissingExtraError

    if not formats:
        return
    try:
        done = export_run(run, formats, output=output, excel=excel)
    except (OSError, ValueError, MissingExtraError) as error:
        fail(str(error))
    tell_left_out(done.left_out)
    say(f"{done.facts} facts in tables; see {', '.join(map(str, done.paths))}", err=True)


def _export_json_ld(run: Path, output: Path | None) -> None:
    from pipeline.tables.linked import export_json_ld

    try:
        path = export_json_ld(run, output)
    except (OSError, ValueError) as error:
        fail(str(error))
    say(f"linked data; see {path}", err=True)


def tell_left_out(left_out: Sequence[str]) -> None:
    """Say what could not be taken, on standard error."""
    for message in left_out:
        say(f"left out: {message}", err=True)


def _print_json(answer: Answer) -> None:
    from pipeline.tables.values import json_value

    for row in answer.rows:
        record = dict(zip(answer.columns, map(json_value, row), strict=True))
        typer.echo(json.dumps(record, ensure_ascii=False, default=json_value))


def _print_csv(answer: Answer) -> None:
    import csv
    import sys

    from pipeline.tables.csv_files import guarded

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(map(guarded, row) for row in answer.rows)


def _print_table(answer: Answer) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.tables.values import cell_text

    table = Table(*answer.columns, box=box.MARKDOWN)
    for row in answer.rows:
        table.add_row(*(Text(visible(cell_text(value))) for value in row))
    Console().print(table)
