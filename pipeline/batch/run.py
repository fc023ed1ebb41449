"""One run over a folder: what is known is passed over, the rest handed to those who work, all written down."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import os
import platform
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Protocol

from pipeline.batch.job import Answer, Chunk, Job, Task, quarantine_name
from pipeline.batch.ledger import DamagedLedgerError, Ledger, State
from pipeline.batch.limits import Limits, peak_memory
from pipeline.batch.lock import FolderLock
from pipeline.batch.metrics import write_metrics
from pipeline.batch.outputs import ERRORS, HOME, OUTPUTS, QUARANTINE, wanted_outputs
from pipeline.batch.parts import PartWriter, publish, settle, sweep
from pipeline.batch.pool import InProcess, Processes
from pipeline.batch.progress import Tally
from pipeline.batch.record import RunRecord, RunState, write_record
from pipeline.batch.sources import outside
from pipeline.batch.template import WorkerError
from pipeline.batch.version import extractor_version
from pipeline.batch.work import BatchOptions, Factory, Outcome, failed
from pipeline.ingest import Inputs, Item, PassedOver, Source, items
from pipeline.ingest.discover import UNKNOWN
from pipeline.ingest.kinds import SINGLE, kind_of
from pipeline.schema import ErrorRecord

_CHUNK_ITEMS, _CHUNK_BYTES = 16, 256_000
_KEY_BYTES = 16
_log = logging.getLogger(__name__)


class FirstError(Exception):
    """An input could not be read or processed, and the run was told to stop then."""


class Workforce(Protocol):
    """Those who work: this process, others, or a cluster."""

    def answers(self, chunks: Iterator[Chunk], /) -> Iterator[Answer]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How a run goes about its work.

    `workers`: processes, as many as processors by default; 0 works in this process, without limits. `cluster` is the
    address of a Dask scheduler, or "local:N". `changed_only` keeps the results of a finished run for what has not
    changed; `restart` keeps nothing. `fail_fast` stops at the first error. `metrics` is a file for Prometheus.
    `factory` stands in for `Extractor.load`.
    """

    workers: int | None = None
    limits: Limits = field(default_factory=Limits)
    cluster: str | None = None
    changed_only: bool = False
    restart: bool = False
    fail_fast: bool = False
    metrics: Path | None = None
    factory: Factory | None = None


def extract_to(
    inputs: Inputs,
    output: Path,
    options: BatchOptions,
    running: Running | None = None,
    on_progress: Callable[[Tally], None] = lambda tally: None,
) -> RunRecord:
    """Extract the facts of `inputs` into JSON lines in the folder `output`, and say what that came to.

    Writes `facts.jsonl`, `articles.jsonl` and `errors.jsonl`, on demand `rejections.jsonl` and
    `explanations.jsonl`, in the order of the inputs; beside them `run.json`. What cannot be read or processed goes to
    `errors.jsonl`; what lies in `output` itself is not read. A run that ended early, in whatever way, is gone on
    with; `on_progress` is called after each item.

    Raises BusyError where another run writes to `output`, FirstError, WorkerError where no workers can be had,
    DamagedOutputError, OSError where `output` cannot be written. What was finished before is kept.
    """
    running = running or Running()
    with workforce(options, running) as force:
        return extract_with(force, inputs, output, options, running, on_progress)


def workforce(options: BatchOptions, running: Running) -> AbstractContextManager[Workforce]:
    """Those who do the work of a run, as a context."""
    job = Job(options, running.factory, running.limits)
    if running.cluster is not None:
        try:
            from pipeline.batch.cluster import Cluster
        except ImportError as error:
            raise WorkerError(f"a cluster needs {error.name}: pip install 'autofacts[dask]'") from error
        return Cluster(job, running.cluster)
    if running.workers == 0:
        return InProcess(job)
    return Processes(job, worker_count(running))


def worker_count(running: Running) -> int:
    """How many processes work, where there is no cluster."""
    if running.workers is not None:
        return running.workers
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def extract_with(
    force: Workforce,
    inputs: Inputs,
    output: Path,
    options: BatchOptions,
    running: Running,
    on_progress: Callable[[Tally], None] = lambda tally: None,
) -> RunRecord:
    """`extract_to`, with those who work at hand already."""
    home = output / HOME
    home.mkdir(parents=True, exist_ok=True)
    with FolderLock(home), contextlib.closing(_ledger(home)) as ledger:
        try:
            _begin(output, ledger, options, running)
            return _Run(output, ledger, options, running, on_progress).run(force, outside(inputs, output))
        except sqlite3.Error as error:
            raise OSError(f"the ledger in {home}: {error}") from error


class _Run:
    """One run, from its beginning to its end."""

    def __init__(
        self,
        output: Path,
        ledger: Ledger,
        options: BatchOptions,
        running: Running,
        on_progress: Callable[[Tally], None],
    ) -> None:
        self._output = output
        self._ledger = ledger
        self._options = options
        self._running = running
        self._on_progress = on_progress
        self._parts = PartWriter(output, ledger)
        self._tally = Tally()
        self._started = dt.datetime.now(dt.UTC)

    def run(self, force: Workforce, inputs: Inputs) -> RunRecord:
        """Do it all. Whatever stops it, what is finished is kept."""
        try:
            self._tally.total, self._tally.skipped = _expected(inputs)
            self._write(RunState.RUNNING)
            found = items(inputs, self._options.ingest)
            for task, outcome in force.answers(self._timed(self._chunks(found))):
                self._take(task, outcome)
            self._commit()
            started = time.monotonic()
            publish(self._output, self._ledger)
            self._tally.publish_seconds = time.monotonic() - started
        except BaseException as error:
            self._end_early(error)
            raise
        return self._write(RunState.FINISHED)

    # ---- what comes in

    def _timed(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        while True:
            started, output = time.monotonic(), self._tally.output_seconds
            chunk = next(chunks, None)
            written = self._tally.output_seconds - output
            self._tally.input_seconds += time.monotonic() - started - written
            if chunk is None:
                return
            yield chunk

    def _chunks(self, found: Iterator[Item | ErrorRecord]) -> Iterator[Chunk]:
        """What is to be worked on, in lots that are worth a message."""
        chunk: list[Task] = []
        size = 0
        for seq, each in enumerate(found):
            if isinstance(each, ErrorRecord):
                self._refuse(seq, each)
                continue
            task = self._task(seq, each)
            if task is None:
                continue
            chunk.append(task)
            size += len(task.item.payload)
            if len(chunk) >= _CHUNK_ITEMS or size >= _CHUNK_BYTES:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    def _task(self, seq: int, item: Item) -> Task | None:
        """What is to be done about `item`: nothing where the ledger knows it."""
        key = bytes.fromhex(item.digest())[:_KEY_BYTES]
        known = self._ledger.find(key)
        if known is None:
            return Task(key, seq, item)
        self._ledger.touch(key, seq)
        self._tally.reuse(known.counts, known.quarantined)
        self._on_progress(self._tally)
        if known.counts.errors:
            self._error(f"{item.locator}: an error of the run before")
        return None

    def _refuse(self, seq: int, error: ErrorRecord) -> None:
        """Write down what could not even be opened. It is tried again in each run, and known by its place."""
        key = hashlib.sha256(f"{seq}\n{error.model_dump_json()}".encode()).digest()[:_KEY_BYTES]
        self._tally.refuse()
        self._store(key, seq, failed(error.path, error.reason, error.message))
        self._error(f"{error.path}: {error.reason}: {error.message}")

    # ---- what comes out

    def _take(self, task: Task, outcome: Outcome) -> None:
        if outcome.quarantined:
            _log.warning("%s: %s: given up", task.item.locator, outcome.quarantined)
            folder = self._output / QUARANTINE
            folder.mkdir(exist_ok=True)
            (folder / quarantine_name(task)).write_bytes(task.item.payload)
        self._tally.add(outcome)
        self._store(task.key, task.seq, outcome)
        for line in outcome.lines[OUTPUTS.index(ERRORS)].splitlines():
            error = ErrorRecord.model_validate_json(line)
            self._error(f"{error.path}: {error.reason}: {error.message}")

    def _store(self, key: bytes, seq: int, outcome: Outcome) -> None:
        started = time.monotonic()
        if self._parts.add(key, seq, outcome):
            self._commit()
        self._tally.output_seconds += time.monotonic() - started
        self._on_progress(self._tally)

    def _commit(self) -> None:
        self._parts.commit()
        self._write(RunState.RUNNING)

    def _error(self, message: str) -> None:
        if self._running.fail_fast:
            raise FirstError(f"stopped at the first error: {message}")

    def _end_early(self, error: BaseException) -> None:
        stopped = isinstance(error, KeyboardInterrupt | FirstError | GeneratorExit)
        with contextlib.suppress(OSError, sqlite3.Error):
            self._parts.commit()
            self._write(RunState.INTERRUPTED if stopped else RunState.FAILED, str(error) or type(error).__name__)

    def _write(self, state: RunState, message: str | None = None) -> RunRecord:
        tally, running = self._tally, self._running
        record = RunRecord(
            state=state,
            extractor=extractor_version(),
            options=_described(self._options, running),
            workers=worker_count(running),
            cluster=running.cluster,
            timeout=running.limits.timeout,
            memory_limit=running.limits.memory,
            python=platform.python_version(),
            platform=platform.platform(),
            started=self._started,
            updated=dt.datetime.now(dt.UTC),
            counts=tally.counts(),
            rate=round(tally.rate, 2),
            seconds=tally.seconds(),
            peak_memory=tally.memory(peak_memory()),
            message=message,
        )
        write_record(self._output, record)
        if running.metrics:
            write_metrics(running.metrics, record)
        return record


def _begin(output: Path, ledger: Ledger, options: BatchOptions, running: Running) -> None:
    """Decide what of the folder is kept, and begin a run or go on with one."""
    settle(output, ledger)
    identity = _identity(options, running)
    other = ledger.state is not None and ledger.note("identity") != identity
    finished = ledger.state is State.FINISHED
    if other and (not finished or running.changed_only):
        _log.warning("the extractor or the options are not those of the results in %s: all is done again", output)
    if other or running.restart or (finished and not running.changed_only):
        ledger.forget()
    if finished or other or running.restart:
        ledger.forget(quarantined=True)
        shutil.rmtree(output / QUARANTINE, ignore_errors=True)
    sweep(output, ledger)
    ledger.begin(identity, wanted_outputs(options.rejections, options.explain))


def _expected(inputs: Inputs) -> tuple[int | None, int]:
    """How many items there will be, None where a collection must be read to know, and how many files are of no
    known kind."""
    sources = skipped = 0
    countable = True
    for found in inputs.walk():
        if isinstance(found, PassedOver):
            skipped += found.why == UNKNOWN
            continue
        sources += 1
        kind = kind_of(found.file_name) if isinstance(found, Source) else None
        countable = countable and (kind is None or kind.layout in SINGLE)
    return sources if countable else None, skipped


def _ledger(home: Path) -> Ledger:
    path = home / "ledger.sqlite"
    try:
        return Ledger(path)
    except DamagedLedgerError as error:
        _log.warning("%s: all is done again", error)
        path.replace(path.with_name("ledger.damaged"))
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        return Ledger(path)


def _identity(options: BatchOptions, running: Running) -> str:
    described = sorted(_described(options, running).items())
    return hashlib.sha256(repr((extractor_version(), described)).encode()).hexdigest()


def _described(options: BatchOptions, running: Running) -> dict[str, str]:
    """The options that bear on the results."""
    found = {each.name: repr(getattr(options.ingest, each.name)) for each in fields(options.ingest)}
    found |= {"rejections": repr(options.rejections), "explain": repr(options.explain)}
    if running.factory is not None:
        named = getattr(running.factory, "__qualname__", None)
        found["factory"] = f"{running.factory.__module__}.{named}" if named else repr(running.factory)
    return found
