"""How a run is told what to do, shows how it stands, and says why it ended."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import fail, say
from pipeline.encoder.profile import Profile
from pipeline.text import visible

if TYPE_CHECKING:
    from rich.progress import Progress

    from pipeline.batch import Running, RunRecord, Tally
    from pipeline.batch.work import Factory

_LINE_SECONDS, _BAR_SECONDS = 10.0, 0.1


class LogFormat(StrEnum):
    """How a run says how it stands on standard error."""

    TEXT = "text"
    JSON = "json"


WorkersOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        envvar="AUTOFACTS_WORKERS",
        show_default="as many as processors",
        help="Processes that work; 0 works in this one.",
    ),
]
TimeoutOption = Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="Give an article up that takes longer.")]
MemoryOption = Annotated[
    int, typer.Option(min=300, metavar="MB", help="Give an article up for which a worker needs more memory.")
]
ChangedOnlyOption = Annotated[
    bool, typer.Option("--changed-only", help="Keep the results of a finished run for what has not changed.")
]
RestartOption = Annotated[bool, typer.Option("--restart", help="Keep nothing of the run before, however it ended.")]
FailFastOption = Annotated[
    bool, typer.Option("--fail-fast/--keep-going", help="Stop at the first error, with exit code 1.")
]
LogFormatOption = Annotated[LogFormat, typer.Option(help="Progress and messages as text, or as JSON lines.")]
MetricsOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write figures for Prometheus's textfile collector.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Work on a Dask cluster: tcp://HOST:8786, or local:N for N processes."),
]
ProfileOption = Annotated[
    Profile | None,
    typer.Option(
        show_default="accurate where its model is installed", help="Rules only (fast), or with the encoder (accurate)."
    ),
]
NerModelOption = Annotated[
    str | None,
    typer.Option(metavar="NAME_OR_PATH", help="A token-classification model that adds names which no rule knows."),
]
DEFAULT_TIMEOUT, DEFAULT_MEMORY_MB = 60.0, 2_000


def running_of(
    *,
    workers: int | None,
    timeout: float,
    memory: int,
    metrics: Path | None,
    factory: Factory | None = None,
) -> Running:
    """The settings that all runs have; `memory` is in MB."""
    from pipeline.batch import Limits, Running

    limits = Limits(timeout, memory * 1_000_000)
    return Running(workers=workers, limits=limits, metrics=metrics, factory=factory)


def factory_of(profile: Profile | None, ner_model: str | None) -> Factory | None:
    """How extractors are loaded, None where nothing is asked for; ends with a message where they cannot be."""
    from importlib.util import find_spec

    from pipeline.batch.loading import Loading
    from pipeline.encoder.model import FOLDER, installed
    from pipeline.versions import models_folder

    if profile is Profile.ACCURATE and not installed(models_folder()):
        fail(f"no model of the encoder in {models_folder() / FOLDER}; autofacts train encoder makes one")
    if ner_model and not find_spec("transformers"):
        fail("--ner-model needs: pip install 'autofacts[transformers]'")
    return Loading(profile, ner_model) if profile or ner_model else None


@contextlib.contextmanager
def stops_explained(output: Path) -> Iterator[None]:
    """End with a message and an exit code where a run into `output` ends early: 130 or 143 where it was told to
    stop, 1 at the first error of --fail-fast, 2 where it cannot go on."""
    from pipeline.batch import BusyError, DamagedOutputError, FirstError, WorkerError

    with _terminable():
        try:
            yield
        except _Terminated:
            fail(_kept(output), code=128 + signal.SIGTERM)
        except KeyboardInterrupt:
            fail(_kept(output), code=128 + signal.SIGINT)
        except FirstError as error:
            fail(str(error), code=1)
        except (BusyError, DamagedOutputError, WorkerError) as error:
            fail(str(error))
        except OSError as error:
            fail(f"cannot write to {error.filename or output}: {error.strerror or error}")


def summary(record: RunRecord, output: Path) -> str:
    """What a run has come to, in a line."""
    counts = record.counts
    found = f"{counts.articles} articles, {counts.facts} facts, {counts.errors} errors"
    notes = [f"{counts.skipped} other files passed over"]
    if counts.reused:
        notes.append(f"{counts.extracted} extracted now, {counts.reused} known")
    if counts.quarantined:
        notes.append(f"{counts.quarantined} in quarantine")
    return f"{found} ({'; '.join(notes)}); see {output}"


class Display:
    """Shows on standard error how a run stands: a bar on a terminal, else a line every ten seconds. A context."""

    def __init__(self, form: LogFormat) -> None:
        self._form = form
        self._bar: Progress | None = None
        self._shown = time.monotonic()

    def __enter__(self) -> Display:
        from rich.console import Console

        console = Console(stderr=True)
        self._handler = _MessageHandler(self)
        logging.getLogger("pipeline").addHandler(self._handler)
        if self._form is LogFormat.TEXT and console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
            self._bar = Progress(*columns, console=console, transient=True)
            self._task = self._bar.add_task("", total=None)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("pipeline").removeHandler(self._handler)
        if self._bar:
            self._bar.stop()

    def progress(self, tally: Tally) -> None:
        """Show `tally` where it is time to."""
        now = time.monotonic()
        if now - self._shown < (_BAR_SECONDS if self._bar else _LINE_SECONDS):
            return
        self._shown = now
        figures = f"{tally.rate:.1f}/s, {tally.lines.errors} errors"
        left = tally.seconds_left
        if self._bar:
            self._bar.update(self._task, completed=tally.items, total=tally.total, description=figures)
        elif self._form is LogFormat.JSON:
            self._line(
                "progress",
                items=tally.items,
                total=tally.total,
                seconds_left=left and round(left, 1),
                rate=round(tally.rate, 2),
                facts=tally.lines.facts,
                errors=tally.lines.errors,
            )
        else:
            of = f" of {tally.total}" if tally.total else ""
            rest = f", {left:.0f} s left" if left is not None else ""
            say(f"{tally.items}{of} articles, {figures}{rest}", err=True)

    def message(self, level: str, text: str) -> None:
        """Say `text` between the lines of progress."""
        if self._form is LogFormat.JSON:
            self._line(level, message=text)
        elif self._bar:
            self._bar.console.print(visible(text), markup=False, highlight=False)
        else:
            say(f"autofacts: {text}", err=True)

    def finished(self, record: RunRecord, output: Path) -> None:
        """Say what a run has come to."""
        if self._form is LogFormat.JSON:
            self._line(
                "finished",
                output=str(output),
                seconds=record.seconds.total,
                rate=record.rate,
                **record.counts.model_dump(),
            )
        elif self._bar:
            self._bar.console.print(visible(summary(record, output)), markup=False, highlight=False)
        else:
            say(summary(record, output), err=True)

    @staticmethod
    def _line(event: str, **values: Any) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        typer.echo(json.dumps({"time": stamp, "event": event, **values}, ensure_ascii=False), err=True)


class _MessageHandler(logging.Handler):
    """Hands what the library has to say to a display."""

    def __init__(self, display: Display) -> None:
        super().__init__(logging.WARNING)
        self._display = display

    def emit(self, record: logging.LogRecord) -> None:
        self._display.message(record.levelname.lower(), record.getMessage())


class _Terminated(KeyboardInterrupt):
    """SIGTERM: to end as after Ctrl-C."""


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    def terminate(number: int, frame: FrameType | None) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _kept(output: Path) -> str:
    return f"stopped; what is finished is kept in {output}, and the same command goes on with the rest"
