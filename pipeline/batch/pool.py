"""Worker processes that one bad article cannot take down.

Neither `ProcessPoolExecutor` nor pebble can say which article of a chunk a worker died on, nor limit the time of one
article in a chunk: bystanders would be run again or blamed. Here a worker answers article by article over a
connection of its own; the first without an answer is the suspect, and no lock is shared that a dying worker could
hold. Workers are fresh interpreters rather than forks: a fork would inherit the threads' locks of the program that
uses us, and the other workers' connections, so that an orphan would not notice the end of its parent.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from types import TracebackType

from pipeline.batch.limits import Limits
from pipeline.batch.outputs import QUARANTINE
from pipeline.batch.version import extractor_version
from pipeline.batch.work import BatchOptions, Factory, Outcome, Work, failed
from pipeline.ingest import Item

STARVED = 77
"""The exit code of a worker that has run out of memory."""

_FALSE_STARTS = 3
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from pipeline.batch.worker import main; main()"
# One thread each: the processes already are as many as the processors.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class WorkerError(Exception):
    """Workers cannot be started, or are not of this version; no article is to blame."""


@dataclass(frozen=True, slots=True)
class Job:
    """What workers need to know: how articles are read and what is written, the extractor's factory (that of
    `Work`), the limits of one worker, and the version that it must be."""

    options: BatchOptions
    factory: Factory | None = None
    limits: Limits = Limits()
    version: str = field(default_factory=extractor_version)


@dataclass(frozen=True, slots=True)
class Task:
    """An item with the key by which the ledger knows it and its place in the order of the input."""

    key: bytes
    seq: int
    item: Item


Chunk = Sequence[Task]
Answer = tuple[Task, Outcome]


def quarantine_name(task: Task) -> str:
    """The name of the file, in the folder `quarantine`, with the bytes of an item that was given up."""
    tail = re.sub(r"[^\w.-]+", "_", task.item.locator)[-60:].lstrip(".")
    return f"{task.key.hex()[:12]}-{tail}"


def given_up(task: Task, reason: str, message: str) -> Outcome:
    """The outcome of an item that was tried twice in vain."""
    where = f"{QUARANTINE}/{quarantine_name(task)}"
    return failed(task.item.locator, reason, f"{message}; tried twice, see {where}", quarantined=True)


class InProcess:
    """Does the work in this process: for debugging, and where nothing may be started. An article that hangs or
    crashes takes the process with it; limits do not hold."""

    def __init__(self, job: Job) -> None:
        self._work = Work(job.options, job.factory)

    def __enter__(self) -> InProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def answers(self, chunks: Iterator[Chunk]) -> Iterator[Answer]:
        """The outcome of each task, in order."""
        for chunk in chunks:
            for task in chunk:
                yield task, self._work.outcome(task.item)


class Processes:
    """Up to `count` worker processes, started as there is work for them. A context, at whose end they are gone."""

    def __init__(self, job: Job, count: int) -> None:
        self._job = job
        self._count = count
        self._workers: list[_Worker] = []
        self._false_starts = 0

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kill(self._workers)

    def answers(self, chunks: Iterator[Chunk]) -> Iterator[Answer]:
        """The outcome of each task, as they come; `chunks` is read as workers become free.

        A task on which its worker dies is tried once more, first in a fresh worker; where it does that again its
        outcome is quarantined as `crashed`, `timeout` or `memory`. Raises WorkerError.
        """
        try:
            while self._hand_out(chunks):
                busy = {worker.connection: worker for worker in self._workers if worker.tasks}
                for connection in wait(busy):
                    yield from self._receive(busy[connection])  # type: ignore[index]  # it is one of those given
        finally:
            # Left early: answers to come would be taken for those of later tasks.
            self._kill([worker for worker in self._workers if worker.tasks])

    def _hand_out(self, chunks: Iterator[Chunk]) -> bool:
        """Give free workers a chunk each, starting some where all are busy; false where all is done."""
        while True:
            free = next((worker for worker in self._workers if not worker.tasks), None)
            if free is None and len(self._workers) >= self._count:
                return True
            chunk = next(chunks, None)
            if chunk is None:
                return any(worker.tasks for worker in self._workers)
            if free is None:
                self._start(chunk)
            elif not free.give(chunk):  # it died while it had nothing to do
                self._kill([free])
                self._start(chunk)

    def _receive(self, worker: _Worker) -> Iterator[Answer]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._died(worker)
            return
        if isinstance(message, Outcome):
            worker.retried = None
            yield worker.tasks.popleft(), message
        elif message is not None:
            raise WorkerError(str(message))
        else:
            self._false_starts = 0
            worker.set_to_work()

    def _died(self, worker: _Worker) -> Iterator[Answer]:
        """What follows from the end of `worker`: its first task is tried again, or given up."""
        self._workers.remove(worker)
        code = worker.end()
        suspect, *rest = worker.tasks
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts > _FALSE_STARTS:
                raise WorkerError(f"worker processes end before they are ready: {_end_of(code)}")
            self._start(worker.tasks, worker.retried)
        elif worker.retried is not suspect:
            self._start(worker.tasks, retried=suspect)
        else:
            if rest:
                self._start(rest)
            yield suspect, given_up(suspect, *_reason(code, self._job.limits))

    def _start(self, chunk: Chunk, retried: Task | None = None) -> None:
        self._workers.append(_Worker(self._job, chunk, retried))

    def _kill(self, workers: Sequence[_Worker]) -> None:
        for worker in list(workers):
            self._workers.remove(worker)
            worker.end(at_once=True)


class _Worker:
    """One process with the tasks that it has been given and not yet answered; `retried` is the first of them where
    a worker has died on it before."""

    def __init__(self, job: Job, chunk: Chunk, retried: Task | None) -> None:
        self.tasks = deque(chunk)
        self.retried = retried
        self.ready = False
        self.connection, theirs = Pipe()
        command = [sys.executable, "-c", _START, json.dumps(sys.path), str(theirs.fileno())]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_ONE_THREAD | os.environ,
            start_new_session=True,  # Ctrl-C is for the program that decides what to do about it
        )
        theirs.close()
        self._send(job)

    def give(self, chunk: Chunk) -> bool:
        """Have it work on `chunk`; false where it is dead."""
        self.tasks = deque(chunk)
        return self.set_to_work()

    def set_to_work(self) -> bool:
        """Send it its tasks, for which it waits: no answer of its own can stand in the way. False where it is
        dead, as the end of its connection will tell as well."""
        self.ready = True
        return self._send([task.item for task in self.tasks])

    def end(self, *, at_once: bool = False) -> int:
        """Make sure that it has ended, and give its exit code, negative for a signal.

        One that has closed its connection is about to end by itself, for a reason worth waiting for.
        """
        self.connection.close()
        if not at_once:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self._process.wait(timeout=5)
        self._process.kill()
        return self._process.wait()

    def _send(self, message: object) -> bool:
        try:
            self.connection.send(message)
        except OSError:
            return False
        return True


def _reason(code: int, limits: Limits) -> tuple[str, str]:
    """The code and the message of the error record of an item on which a worker ended twice with `code`."""
    if code == -signal.SIGALRM:
        return "timeout", f"it takes longer than {limits.timeout:g} s"
    if code == STARVED:
        return "memory", f"it needs more memory than {limits.memory // 1_000_000} MB"
    return "crashed", f"the process that worked on it ended with {_end_of(code)}"


def _end_of(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
