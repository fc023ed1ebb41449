"""Those who work on one machine: this process, or others, which one bad article cannot take down.

Neither `ProcessPoolExecutor` nor pebble can say which article of a chunk a worker died on, nor limit the time of one
article in a chunk: bystanders would be run again or blamed. Here a worker answers article by article over a
connection of its own; the first without an answer is the suspect, and no lock is shared that a dying worker could
hold.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from types import TracebackType

from pipeline.batch.job import Answer, Chunk, Job, Task, given_up
from pipeline.batch.limits import STARVED, Limits
from pipeline.batch.template import Template, TemplateLostError, WorkerError, end_of
from pipeline.batch.work import Outcome, Work

_TEMPLATES = 3
"""How many templates in a row may be lost before that is more than bad luck."""


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
        self._template: Template | None = None
        self._workers: list[_Worker] = []

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        self._kill(self._workers)
        if self._template:
            self._template.close()
            self._template = None

    def answers(self, chunks: Iterator[Chunk]) -> Iterator[Answer]:
        """The outcome of each task, as they come; `chunks` is read as workers become free.

        A task on which its worker dies is tried once more, first in a fresh worker; where it does that again its
        outcome is quarantined as `crashed`, `timeout` or `memory`. Raises WorkerError.
        """
        try:
            while self._hand_out(chunks):
                busy = [worker for worker in self._workers if worker.tasks]
                ready = wait([worker.connection for worker in busy])
                for worker in busy:
                    if worker.connection in ready:
                        yield from self._receive(worker)
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
            outcome: Outcome = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._died(worker)
        else:
            worker.retried = None
            yield worker.tasks.popleft(), outcome

    def _died(self, worker: _Worker) -> Iterator[Answer]:
        """What follows from the end of `worker`: its first task is tried again, or given up."""
        self._workers.remove(worker)
        code = worker.end(at_once=False)
        suspect, *rest = worker.tasks
        if worker.retried is not suspect:
            self._start(worker.tasks, retried=suspect)
            return
        if rest:
            self._start(rest)
        yield suspect, given_up(suspect, *_reason(code, self._job.limits))

    def _start(self, chunk: Chunk, retried: Task | None = None) -> None:
        """Start a worker on `chunk`."""
        for left in reversed(range(_TEMPLATES)):
            try:
                self._template = self._template or Template(self._job)
                worker = _Worker(self._template, retried)
            except TemplateLostError as error:
                self._template = None
                if not left:
                    raise WorkerError(str(error)) from error
            else:
                worker.give(chunk)  # where it is dead again, the end of its connection will tell
                self._workers.append(worker)
                return

    def _kill(self, workers: Sequence[_Worker]) -> None:
        for worker in list(workers):
            self._workers.remove(worker)
            worker.end(at_once=True)


class _Worker:
    """One process with the tasks that it has been given and not yet answered; `retried` is the first of them where
    a worker has died on it before. Raises TemplateLostError."""

    def __init__(self, template: Template, retried: Task | None) -> None:
        self._template = template
        self._pid, self.connection = template.fork()
        self.retried = retried
        self.tasks: deque[Task] = deque()

    def give(self, chunk: Chunk) -> bool:
        """Have it work on `chunk`, for which it waits, so that no answer can be under way; false where it is dead."""
        self.tasks = deque(chunk)
        try:
            self.connection.send([task.item for task in chunk])
        except OSError:
            return False
        return True

    def end(self, *, at_once: bool) -> int:
        """Make sure that it has ended, and give its exit code, negative for a signal. One that has closed its
        connection is about to end, for a reason worth waiting for."""
        self.connection.close()
        return self._template.end(self._pid, at_once=at_once)


def _reason(code: int, limits: Limits) -> tuple[str, str]:
    """The code and the message of the error record of an item on which a worker ended twice with `code`."""
    if code == -signal.SIGALRM:
        return "timeout", f"it takes longer than {limits.timeout:g} s"
    if code == STARVED:
        return "memory", f"it needs more memory than {limits.memory // 1_000_000} MB"
    return "crashed", f"the process that worked on it ended with {end_of(code)}"
