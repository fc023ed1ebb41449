"""What runs in the processes that work: the template, which loads everything once, and the workers forked off it."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import NoReturn

from pipeline.batch.job import Job
from pipeline.batch.limits import STARVED, Limits, limit_memory, peak_memory
from pipeline.batch.version import extractor_version
from pipeline.batch.work import Work

_PATIENCE, _PAUSE = 5.0, 0.005
_NOBODY_THERE = (EOFError, BrokenPipeError, ConnectionResetError)


def main() -> None:
    """Be the template for the process at the other end of the connection whose descriptor is the last argument."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with Connection(int(sys.argv[-1])) as control, suppress(*_NOBODY_THERE):
        _serve(control)


def _serve(control: Connection) -> None:
    """Receive a Job and answer None, or what is wrong; then fork a worker for each None that comes with a handle, and
    answer its process id; end the worker for each process id that comes, and answer its exit code."""
    try:
        job: Job = control.recv()
        if job.version != extractor_version():
            raise ValueError(f"the work is for autofacts {job.version}, this is {extractor_version()}")
        work = Work(job.options, job.factory, job.limits.timeout)
        work.warm_up()
    except EOFError:
        raise
    except Exception as error:
        control.send(f"no worker can begin: {type(error).__name__}: {error}")
        return
    # What is loaded now stays: the collector need not look at it again and again, which saves 9 % of the work, and
    # its memory remains shared between the workers.
    gc.collect()
    gc.freeze()
    control.send(None)
    while True:
        request = control.recv()
        if request is not None:
            control.send(_exit_code(*request))
            continue
        handle = recv_handle(control)
        pid = os.fork()
        if pid == 0:
            control.close()
            _work(Connection(handle), work, job.limits)
        os.close(handle)
        control.send(pid)


def _work(connection: Connection, work: Work, limits: Limits) -> NoReturn:
    """Receive lists of items and answer each item with an outcome, until nobody is there any more."""
    code = 1
    try:
        limit_memory(limits.memory)
        while True:
            for item in connection.recv():
                outcome = work.outcome(item)
                if outcome.quarantined:
                    os._exit(STARVED)
                connection.send(replace(outcome, memory=peak_memory()))
    except _NOBODY_THERE:
        code = 0
    finally:
        os._exit(code)


def _exit_code(pid: int, at_once: bool) -> int:
    deadline = time.monotonic() + (0 if at_once else _PATIENCE)
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            os.kill(pid, signal.SIGKILL)
            deadline = float("inf")
        time.sleep(_PAUSE)
