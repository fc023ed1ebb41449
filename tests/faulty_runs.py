"""Runs whose disk fails: a program that is started with the library of faults.c before the C library.

usage: faulty_runs.py FOLDER [EVERY]

For each of the EVERY-th system calls that write below FOLDER/out, and each way to fail, a child runs an extraction in
which that call fails; then another child gives the same command again. What comes out must be what an undisturbed run
gives. Prints a line of JSON: how many calls there are, how many runs were disturbed, and what went wrong.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from stand_in import StandIn

from pipeline.batch import OUTPUTS, BatchOptions, Running, extract_to, parts
from pipeline.ingest import discover

FAIL, SHORT, DIE_BEFORE, DIE_AFTER = range(4)
WAYS = {
    "full disk": (FAIL, errno.ENOSPC),
    "broken disk": (FAIL, errno.EIO),
    "no permission": (FAIL, errno.EACCES),
    "cut write": (SHORT, errno.EIO),
    "killed before": (DIE_BEFORE, 0),
    "killed after": (DIE_AFTER, 0),
}
TOLD, KILLED = 7, 99
"""Exit codes: the run ended with an OSError, as it says it does; the process ended without a word."""


def main() -> None:
    folder, every = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    faults = ctypes.CDLL(None)
    parts._PART_BYTES = 3_000  # several parts
    run(folder, "whole")  # here, so that children find all loaded
    expected = results(folder / "whole")
    calls = counted(faults, folder)
    wrong, disturbed = [], 0
    for number in range(1, calls + 1, every):
        for name, (way, error) in WAYS.items():
            shutil.rmtree(folder / "out", ignore_errors=True)
            code = in_child(lambda n=number, w=way, e=error: armed(faults, folder, n, w, e))  # type: ignore[misc]
            disturbed += code in (TOLD, KILLED)
            if code not in (0, TOLD, KILLED):
                wrong.append(f"{name} at call {number}: the run ended with {code}")
            if (code := in_child(lambda: run(folder, "out"))) != 0:
                wrong.append(f"{name} at call {number}: the next run ended with {code}")
            elif results(folder / "out") != expected:
                wrong.append(f"{name} at call {number}: the results differ")
    print(json.dumps({"calls": calls, "disturbed": disturbed, "wrong": wrong}))


def in_child(do: Callable[[], int]) -> int:
    """The exit code of a child that does it."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = do()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def armed(faults: ctypes.CDLL, folder: Path, number: int, way: int, error: int) -> int:
    faults.fault_arm(str(folder / "out").encode(), ctypes.c_long(number), way, error)
    try:
        return run(folder, "out")
    except OSError:
        return TOLD


def counted(faults: ctypes.CDLL, folder: Path) -> int:
    """How many calls an undisturbed run makes."""
    faults.fault_arm(str(folder / "out").encode(), ctypes.c_long(10**9), FAIL, 0)
    run(folder, "out")
    calls = int(faults.fault_count())
    faults.fault_arm(b"", ctypes.c_long(-1), FAIL, 0)
    return calls


def run(folder: Path, output: str) -> int:
    running = Running(workers=0, factory=StandIn.load)
    extract_to(discover([folder / "in"]), folder / output, BatchOptions(rejections=True, explain=True), running)
    return 0


def results(output: Path) -> dict[str, bytes]:
    return {name: (output / name).read_bytes() for name in OUTPUTS}


if __name__ == "__main__":
    main()
