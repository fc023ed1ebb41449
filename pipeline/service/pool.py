"""Worker processes behind the service: a slow or deadly article costs its own answer and nothing else."""

from __future__ import annotations

import asyncio
import logging
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext

from pebble import ProcessExpired, ProcessPool

from pipeline.ingest import available_packs
from pipeline.service.settings import Settings
from pipeline.service.work import Factory, Outcome, Task, begin, work

_LOG = logging.getLogger(__name__)


def _context() -> BaseContext:
    """Workers are not forked from this process: it has threads, whose locks a fork would inherit as they stand. They
    are forked from a process without any, which has imported what they need: one that was ended is soon replaced."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([work.__module__])
    return context


class Pool:
    """Runs tasks in `settings.workers` processes. A context, which begins when the first worker is ready."""

    def __init__(self, settings: Settings, factory: Factory) -> None:
        self._settings = settings
        self._factory = factory
        self._free = asyncio.Semaphore(settings.workers)

    async def __aenter__(self) -> Pool:
        languages = tuple(sorted(available_packs()))
        self._pool = ProcessPool(
            max_workers=self._settings.workers,
            initializer=begin,
            initargs=(self._factory, languages),
            context=_context(),
        )
        await asyncio.wrap_future(self._pool.schedule(begin, args=(self._factory, ())))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        await asyncio.to_thread(self._pool.join)

    async def run(self, task: Task) -> Outcome:
        """The outcome of `task`. Statuses: 200; 422 where the article cannot be worked on; 500 where we fail on it;
        503 where no worker becomes free in time; 504 where it takes too long, and its worker was ended."""
        try:
            async with asyncio.timeout(self._settings.wait):
                await self._free.acquire()
        except TimeoutError:
            return Outcome(503, detail=f"no worker was free within {self._settings.wait:g} s")
        try:
            return await self._run(task)
        finally:
            self._free.release()

    async def _run(self, task: Task) -> Outcome:
        timeout = self._settings.timeout
        future = self._pool.schedule(work, args=(self._factory, task), timeout=timeout)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError:
            return Outcome(504, detail=f"the article takes longer than {timeout:g} s")
        except ProcessExpired as error:
            _LOG.error("a worker ended with exit code %s on article %r", error.exitcode, task.id)
            return Outcome(500, detail="the process that worked on the article ended")
        except Exception:
            _LOG.exception("article %r", task.id)
            return Outcome(500, detail="the extractor fails on the article")
