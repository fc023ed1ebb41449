"""What runs in a worker process: items in, outcomes out, until nobody is there any more."""

from __future__ import annotations

import gc
import os
import signal
import sys
from dataclasses import replace
from multiprocessing.connection import Connection

from pipeline.batch.limits import limit_memory, peak_memory
from pipeline.batch.pool import STARVED, Job
from pipeline.batch.version import extractor_version
from pipeline.batch.work import Work


def main() -> None:
    """Work for the process at the other end of the connection whose file descriptor is the last argument."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with Connection(int(sys.argv[-1])) as connection:
        try:
            serve(connection)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return  # nobody waits for an answer any more


def serve(connection: Connection) -> None:
    """Receive a Job, answer with None when ready (else with what is wrong), then lists of items: one outcome each."""
    try:
        job: Job = connection.recv()
        if job.version != extractor_version():
            raise ValueError(f"this is autofacts {job.version}, the worker's is {extractor_version()}")
        work = Work(job.options, job.factory, job.limits.timeout)
    except EOFError:
        raise
    except Exception as error:
        connection.send(f"a worker process cannot begin: {type(error).__name__}: {error}")
        return
    limit_memory(job.limits.memory)
    connection.send(None)
    frozen = False
    while True:
        for item in connection.recv():
            outcome = work.outcome(item)
            if outcome.quarantined:
                os._exit(STARVED)
            connection.send(replace(outcome, memory=peak_memory()))
            if not frozen:
                # The extractor is loaded now, and stays: the collector need not look at it again and again, which
                # makes the rest about 9 % faster.
                gc.freeze()
                frozen = True
