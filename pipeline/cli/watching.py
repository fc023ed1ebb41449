"""Commands around long runs: a folder in which articles arrive, and how a run stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import fail, say
from pipeline.cli.extracting import ExplainOption, LangOption, OutputOption, PublishedOption, RejectionsOption
from pipeline.cli.extracting import ingest_options as options_of
from pipeline.cli.inputs import MaxBytesOption, inputs_at
from pipeline.cli.running import (
    DEFAULT_MEMORY_MB,
    DEFAULT_TIMEOUT,
    Display,
    LogFormat,
    LogFormatOption,
    MemoryOption,
    MetricsOption,
    NerModelOption,
    ProfileOption,
    TimeoutOption,
    WorkersOption,
    factory_of,
    running_of,
    stops_explained,
)

if TYPE_CHECKING:
    from pipeline.batch.status import Status


def watch(
    folder: Annotated[Path, typer.Argument(help="Folder in which articles arrive.", exists=True, file_okay=False)],
    output: OutputOption,
    every: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="Time between two looks.")] = 2.0,
    published: PublishedOption = None,
    lang: LangOption = None,
    max_bytes: MaxBytesOption = None,
    rejections: RejectionsOption = False,
    explain: ExplainOption = False,
    profile: ProfileOption = None,
    ner_model: NerModelOption = None,
    workers: WorkersOption = None,
    timeout: TimeoutOption = DEFAULT_TIMEOUT,
    memory: MemoryOption = DEFAULT_MEMORY_MB,
    log_format: LogFormatOption = LogFormat.TEXT,
    metrics: MetricsOption = None,
) -> None:
    """Extract the facts of what arrives in FOLDER, until interrupted; results and ledger are those of `extract`."""
    from pipeline.batch import BatchOptions
    from pipeline.batch.watch import watch as watched

    inputs = inputs_at([str(folder)])
    options = BatchOptions(ingest=options_of(published, lang, max_bytes), rejections=rejections, explain=explain)
    factory = factory_of(profile, ner_model)
    running = running_of(workers=workers, timeout=timeout, memory=memory, metrics=metrics, factory=factory)
    with stops_explained(output), Display(log_format) as display:
        for record in watched(inputs, output, options, running, every, display.progress):
            display.finished(record, output)


def status(
    output: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.", exists=True, file_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the record of the run as JSON.")] = False,
) -> None:
    """Show how the run in OUT stands: at work, finished, stopped or killed, with its counts and costs."""
    from pipeline.batch.status import status as status_of

    try:
        found = status_of(output)
    except FileNotFoundError:
        fail(f"there was no run in {output}")
    except (OSError, ValueError) as error:
        fail(str(error))
    if as_json:
        typer.echo(found.record.model_dump_json(indent=2))
    else:
        say(_status_text(found))


def _status_text(found: Status) -> str:
    record = found.record
    counts, seconds, memory = record.counts, record.seconds, record.peak_memory
    state = "killed; the same command goes on with it" if found.killed else record.state.value
    lines = [
        f"state        {state}" + (f": {record.message}" if record.message else ""),
        f"updated      {record.updated:%Y-%m-%d %H:%M:%S} UTC, {seconds.total:.1f} s after the start",
        f"items        {counts.items}: {counts.extracted} extracted, {counts.reused} known before",
        f"results      {counts.articles} articles, {counts.facts} facts, {counts.errors} errors",
        f"quarantine   {counts.quarantined}",
        f"rate         {record.rate:.1f} articles a second, {record.cluster or f'{record.workers} workers'}",
        f"seconds      input {seconds.input:.1f}, output {seconds.output:.1f}, publish {seconds.publish:.1f};"
        f" of all workers: read {seconds.read:.1f}, extract {seconds.extract:.1f}, write {seconds.write:.1f}",
        f"peak memory  {memory.driver / 1e6:.0f} MB here, {memory.worker / 1e6:.0f} MB in a worker",
        f"extractor    {record.extractor}",
    ]
    if found.parts:
        lines.append(f"parts        {found.parts} files in parts/ can be read now")
    return "\n".join(lines)
