"""Commands that read articles: to files, to a terminal, line by line; and the schema of what comes out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import tables
from pipeline.cli.common import fail, must_exist, say
from pipeline.cli.inputs import (
    DEFAULT_MAX_DEPTH,
    DEFAULT_MAX_PAGES,
    DEFAULT_MAX_RATIO,
    DateFieldOption,
    IdFieldOption,
    LangFieldOption,
    MaxBytesOption,
    MaxDepthOption,
    MaxPagesOption,
    MaxRatioOption,
    PathsArgument,
    TextFieldOption,
    TitleFieldOption,
    UrlFieldOption,
    fields_of,
    inputs_at,
)
from pipeline.cli.running import (
    DEFAULT_MEMORY_MB,
    DEFAULT_TIMEOUT,
    ChangedOnlyOption,
    ClusterOption,
    Display,
    FailFastOption,
    LogFormat,
    LogFormatOption,
    MemoryOption,
    MetricsOption,
    NerModelOption,
    ProfileOption,
    RestartOption,
    TimeoutOption,
    WorkersOption,
    factory_of,
    running_of,
    stops_explained,
)

if TYPE_CHECKING:
    from pipeline.ingest import IngestOptions, Inputs
    from pipeline.schema import Published

PublishedOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Publication date (ISO day, month or year) of articles without one."),
]
LangOption = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Language of articles that do not say theirs; identified by default."),
]
ForceLangOption = Annotated[
    bool, typer.Option("--force-lang", help="Read all articles in the language of --lang, whatever they say.")
]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Folder for the JSON lines.")]
RejectionsOption = Annotated[bool, typer.Option("--rejections", help="Write rejected candidates too.")]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Write what led to each fact too.")]
FormatOption = Annotated[
    list[str] | None,
    typer.Option(metavar="FORMATS", help="Write tables beside the JSON lines: csv,parquet,sqlite,duckdb."),
]


def extract(
    paths: PathsArgument,
    output: OutputOption,
    published: PublishedOption = None,
    lang: LangOption = None,
    force_lang: ForceLangOption = False,
    max_bytes: MaxBytesOption = None,
    max_ratio: MaxRatioOption = DEFAULT_MAX_RATIO,
    max_depth: MaxDepthOption = DEFAULT_MAX_DEPTH,
    max_pages: MaxPagesOption = DEFAULT_MAX_PAGES,
    text_field: TextFieldOption = None,
    title_field: TitleFieldOption = None,
    date_field: DateFieldOption = None,
    id_field: IdFieldOption = None,
    url_field: UrlFieldOption = None,
    lang_field: LangFieldOption = None,
    rejections: RejectionsOption = False,
    explain: ExplainOption = False,
    profile: ProfileOption = None,
    ner_model: NerModelOption = None,
    workers: WorkersOption = None,
    timeout: TimeoutOption = DEFAULT_TIMEOUT,
    memory: MemoryOption = DEFAULT_MEMORY_MB,
    cluster: ClusterOption = None,
    changed_only: ChangedOnlyOption = False,
    restart: RestartOption = False,
    fail_fast: FailFastOption = False,
    log_format: LogFormatOption = LogFormat.TEXT,
    metrics: MetricsOption = None,
    format: FormatOption = None,
) -> None:
    """Extract the facts of articles into OUTPUT/facts.jsonl, articles.jsonl and errors.jsonl.

    Where the command was stopped or killed before, it goes on with the rest.
    """
    from pipeline.batch import BatchOptions, extract_to

    formats = tables.parse(format or (), "--format", also=[tables.JSONL])
    named = fields_of(text=text_field, title=title_field, date=date_field, id=id_field, url=url_field, lang=lang_field)
    ingest = replace(
        ingest_options(published, lang, max_bytes, force_lang=force_lang),
        max_ratio=max_ratio,
        max_depth=max_depth,
        max_pages=max_pages,
        fields=named,
    )
    inputs = _readable(paths, output)
    options = BatchOptions(ingest=ingest, rejections=rejections, explain=explain)
    factory = factory_of(profile, ner_model)
    running = replace(
        running_of(workers=workers, timeout=timeout, memory=memory, metrics=metrics, factory=factory),
        cluster=cluster,
        changed_only=changed_only,
        restart=restart,
        fail_fast=fail_fast,
    )
    with stops_explained(output), Display(log_format) as display:
        display.finished(extract_to(inputs, output, options, running, display.progress), output)
    tables.export_tables(output, formats)


def detect() -> None:
    """Read JSON lines {"id", "text", "lang", "published"} from stdin, write their mentions to stdout.

    A line that cannot be worked on is answered with {"id", "error"}; the exit code stays 0.
    """
    from pipeline.batch import detect_lines

    answers = typer.get_binary_stream("stdout")
    for answer in detect_lines(typer.get_binary_stream("stdin")):
        answers.write(answer.encode("utf-8") + b"\n")
        answers.flush()


def show(
    file: Annotated[Path, typer.Argument(help="An article, or - for stdin.")],
    published: PublishedOption = None,
    lang: LangOption = None,
    max_bytes: MaxBytesOption = None,
    profile: ProfileOption = None,
    ner_model: NerModelOption = None,
) -> None:
    """Show an article with its mentions coloured and its facts in a table."""
    from rich.console import Console

    from pipeline.batch import extract_all
    from pipeline.emit.terminal import render
    from pipeline.ingest import read_articles
    from pipeline.schema import ErrorRecord

    options = ingest_options(published, lang, max_bytes)
    must_exist(file)
    if file.is_dir():
        fail(f"{file} is a folder; give one article")
    articles = read_articles(["-" if file == Path("-") else file], options)
    for result in extract_all(articles, factory_of(profile, ner_model)):
        if not isinstance(result, ErrorRecord):
            Console().print(render(result))
        elif result.reason == "metadata":
            say(f"{result.path}: {result.message}", err=True)
        else:
            fail(f"{result.path}: {result.reason}: {result.message}")


def schema() -> None:
    """Print the JSON Schema of a line of facts.jsonl."""
    from pipeline.emit import fact_schema

    typer.echo(json.dumps(fact_schema(), ensure_ascii=False, indent=2))


def _readable(paths: list[str], output: Path) -> Inputs:
    """What `paths` hold; ends with a message where nothing of it can be read, or `output` is no folder."""
    inputs = inputs_at(paths)
    if output.exists() and not output.is_dir():
        raise typer.BadParameter(f"{output} is not a folder", param_hint="--output")
    if next(inputs.sources(), None) is None:
        refused = "".join(f"; {error.path}: {error.message}" for error in inputs.survey().errors)
        fail(f"nothing to read in {', '.join(paths)} (autofacts inputs shows why){refused}")
    return inputs


def ingest_options(
    published: str | None, lang: str | None, max_bytes: int | None, *, force_lang: bool = False
) -> IngestOptions:
    """How articles are read; ends with a usage error where a value is none."""
    from pipeline.ingest import DEFAULT_MAX_BYTES, IngestOptions, available_packs

    if force_lang and lang is None:
        raise typer.BadParameter("it needs --lang", param_hint="--force-lang")
    if lang is not None and lang not in available_packs():
        known = ", ".join(sorted(available_packs()))
        raise typer.BadParameter(f"no pack for {lang!r}; there are: {known}", param_hint="--lang")
    limit = DEFAULT_MAX_BYTES if max_bytes is None else max_bytes
    return IngestOptions(published=_published(published), lang=lang, force_lang=force_lang, max_bytes=limit)


def _published(given: str | None) -> Published | None:
    from pipeline.ingest import parse_published

    published = parse_published(given, "option") if given is not None else None
    if given is not None and published is None:
        raise typer.BadParameter(
            f"{given!r} is no ISO date, such as 2024-10-03, 2024-10 or 2024", param_hint="--published"
        )
    return published
