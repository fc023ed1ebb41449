"""The same work on a Dask cluster: chunks go out to its workers, outcomes come back, only this process writes.

On each thread of a Dask worker one of our own worker processes does the work, as on one machine: an article that
crashes, hangs or eats memory takes that process with it, never the Dask worker. Where a Dask worker is lost with its
machine, Dask gives its chunks to another; the work depends on nothing but the chunk. Needs the extra `dask`.
"""

from __future__ import annotations

import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import cast

from distributed import Client, Future, KilledWorker, LocalCluster, Worker, WorkerPlugin, as_completed, get_worker

from pipeline.batch.job import Answer, Chunk, Job, given_up
from pipeline.batch.pool import Processes
from pipeline.batch.template import WorkerError
from pipeline.batch.work import Outcome

_LOCAL = "local:"
_AHEAD = 3
"""Chunks under way for each thread of the cluster: one in work, the others on their way there and back."""
_PATIENCE = 30
"""Seconds to wait for the scheduler and for its first worker."""


class Cluster:
    """The workers of the Dask scheduler at `address` ("tcp://host:8786"), or of one that is started here with N
    processes ("local:N"). A context. Raises WorkerError where there are none."""

    def __init__(self, job: Job, address: str) -> None:
        self._job = job
        self._address = address
        self._name = f"autofacts-{uuid.uuid4().hex}"  # others may use the cluster at the same time

    def __enter__(self) -> Cluster:
        with ExitStack() as stack:
            try:
                self._client = _connect(self._address, stack)
                self._client.wait_for_workers(1, timeout=_PATIENCE)
                self._client.register_plugin(_Workers(self._job), name=self._name)
            except (OSError, ValueError, TimeoutError) as error:
                raise WorkerError(f"no cluster at {self._address}: {error}") from error
            stack.callback(self._client.unregister_worker_plugin, self._name)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def answers(self, chunks: Iterator[Chunk]) -> Iterator[Answer]:
        """The outcome of each task, as they come; as many chunks are under way as the cluster can use.

        A chunk with which several Dask workers were lost is tried again task by task; a task with which that happens
        once more has an outcome that is quarantined as `crashed`. Raises WorkerError.
        """
        under_way: dict[Future, Chunk] = {}
        again: deque[Chunk] = deque()
        done = as_completed()
        try:
            while self._hand_out(chunks, again, under_way, done):
                future = next(done)
                yield from self._received(future, under_way.pop(future), again)
        finally:
            self._client.cancel(list(under_way))

    def _hand_out(
        self, chunks: Iterator[Chunk], again: deque[Chunk], under_way: dict[Future, Chunk], done: as_completed
    ) -> bool:
        """Submit as much as the cluster can use; false where all is done."""
        most = _AHEAD * max(1, sum(self._client.nthreads().values()))
        while len(under_way) < most:
            chunk = again.popleft() if again else next(chunks, None)
            if chunk is None:
                break
            future = self._client.submit(_work, self._name, list(chunk), pure=False)
            under_way[future] = chunk
            done.add(future)
        return bool(under_way)

    def _received(self, future: Future, chunk: Chunk, again: deque[Chunk]) -> Iterator[Answer]:
        try:
            outcomes = cast(list[Outcome], future.result())
        except KilledWorker as error:
            if len(chunk) > 1:
                again.extend([task] for task in chunk)
                return
            outcomes = [given_up(chunk[0], "crashed", f"the machines that worked on it were lost: {error}")]
        except Exception as error:
            raise WorkerError(f"the cluster at {self._address}: {type(error).__name__}: {error}") from error
        yield from zip(chunk, outcomes, strict=True)


class _Workers(WorkerPlugin):  # type: ignore[misc]  # the library has no types
    """On a Dask worker: one of our processes for each of its threads, started when there is work."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def setup(self, worker: Worker) -> None:
        self._own = threading.local()
        self._started: list[Processes] = []

    def teardown(self, worker: Worker) -> None:
        for processes in self._started:
            processes.close()

    def work(self, chunk: Chunk) -> list[Outcome]:
        """The outcomes of the tasks of `chunk`, in their order."""
        if not hasattr(self._own, "processes"):
            self._own.processes = Processes(self._job, 1)
            self._started.append(self._own.processes)
        found = {task.seq: outcome for task, outcome in self._own.processes.answers(iter([chunk]))}
        return [found[task.seq] for task in chunk]


def _work(plugin: str, chunk: Chunk) -> list[Outcome]:
    workers = cast(_Workers, get_worker().plugins[plugin])
    return workers.work(chunk)


def _connect(address: str, stack: ExitStack) -> Client:
    if not address.startswith(_LOCAL):
        return stack.enter_context(Client(address, timeout=_PATIENCE))
    count = address.removeprefix(_LOCAL)
    if not count.isdecimal() or int(count) < 1:
        raise ValueError(f"{address!r} is not local:N with N from 1")
    local = LocalCluster(n_workers=int(count), threads_per_worker=1, processes=True, dashboard_address=None)
    stack.enter_context(local)
    return stack.enter_context(Client(local))
