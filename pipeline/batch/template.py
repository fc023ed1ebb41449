"""The process of which workers are copies: it has loaded all that they need, and one is made in milliseconds."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import send_handle

from pipeline.batch.job import Job

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from pipeline.batch.worker import main; main()"
# One thread each: the processes already are as many as the processors, and only a process of one thread may fork.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class WorkerError(Exception):
    """Workers cannot be started, or are not of this version; no article is to blame."""


class TemplateLostError(Exception):
    """The template is no more, for a reason of its own; another may be made."""


class Template:
    """A fresh interpreter that loads what `job` needs and then forks workers on demand.

    It is no fork of the program that uses us, whose threads may hold locks: its workers would inherit those, and the
    other workers' connections, so that an orphan would not notice the end of its parent. Raises WorkerError where it
    cannot do `job`.
    """

    def __init__(self, job: Job) -> None:
        self._control, theirs = Pipe()
        command = [sys.executable, "-c", _START, json.dumps(sys.path), str(theirs.fileno())]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_ONE_THREAD | os.environ,
            start_new_session=True,  # Ctrl-C is for the program, which decides what to do about it
        )
        theirs.close()
        try:
            self._control.send(job)
            problem = self._control.recv()
        except (EOFError, OSError) as error:
            code = self.close()
            raise TemplateLostError(f"the process that loads the extractor ended with {end_of(code)}") from error
        except BaseException:
            self.close()
            raise
        if problem is not None:
            self.close()
            raise WorkerError(str(problem))

    def fork(self) -> tuple[int, Connection]:
        """A new worker: its process id, and the connection on which it takes lists of items and answers with
        outcomes. Raises TemplateLostError."""
        ours, theirs = Pipe()
        try:
            self._control.send(None)
            send_handle(self._control, theirs.fileno(), self._process.pid)
            return int(self._control.recv()), ours
        except (EOFError, OSError) as error:
            ours.close()
            raise TemplateLostError("the process that makes workers has ended") from error
        finally:
            theirs.close()

    def end(self, pid: int, *, at_once: bool) -> int:
        """Make sure that the worker `pid` has ended, and give its exit code, negative for a signal; unless `at_once`
        it has some seconds to end by itself."""
        try:
            self._control.send((pid, at_once))
            return int(self._control.recv())
        except (EOFError, OSError):
            return -signal.SIGKILL  # the template is gone, as its workers will be: nobody answers them

    def close(self) -> int:
        """End the template, and give its exit code. Workers end by themselves when their connections do."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=2)
        self._process.kill()
        return self._process.wait()


def end_of(code: int) -> str:
    """How a process ended: "exit code 3", "signal SIGSEGV"."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
