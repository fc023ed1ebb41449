"""The disk fails at a system call, at any: the run says so or is gone, and the same command puts all right."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from stand_in import SENTENCE, StandIn

from pipeline.batch import BatchOptions, Running, RunState, extract_to, read_record
from pipeline.ingest import discover

HERE = Path(__file__).parent
COMPILER = shutil.which("cc")
EVERY = int(os.environ.get("FAULT_EVERY", "61"))
RUN = Running(workers=0, factory=StandIn.load)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"a{number}.txt").write_text(f"{SENTENCE} {number}", encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(COMPILER is None or sys.platform != "linux", reason="needs a C compiler on Linux")
def test_a_call_that_fails_costs_nothing_but_time(folder: Path) -> None:
    """Every FAULT_EVERY-th system call below the output folder, SQLite's included, in each of six ways."""
    library = folder / "faults.so"
    build = [str(COMPILER), "-shared", "-fPIC", "-o", str(library), str(HERE / "faults.c"), "-ldl"]
    subprocess.run(build, check=True, timeout=60)
    command = [sys.executable, str(HERE / "faulty_runs.py"), str(folder), str(EVERY)]
    paths = os.pathsep.join([str(HERE), *filter(None, sys.path)])
    environment = os.environ | {"LD_PRELOAD": str(library), "PYTHONPATH": paths}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert found["calls"] > 100
    assert found["disturbed"] > found["calls"] // EVERY


def _run(folder: Path, running: Running = RUN) -> None:
    extract_to(discover([folder / "in"]), folder / "out", BatchOptions(), running)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(folder: Path) -> None:
    _run(folder)
    (folder / "out").chmod(0o500)
    try:
        with pytest.raises(OSError, match="out"):
            _run(folder)
    finally:
        (folder / "out").chmod(0o700)
    _run(folder)


def test_an_input_that_may_not_be_read_is_an_error_line(folder: Path) -> None:
    (folder / "in" / "a1.txt").unlink()
    (folder / "in" / "a1.txt").symlink_to(folder / "in" / "gone.txt")
    _run(folder)
    (line,) = (folder / "out" / "errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["reason"] == "missing"


@pytest.mark.parametrize("hours", [-24 * 365, 24 * 365])
def test_a_clock_that_jumps_changes_no_result(folder: Path, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """Files from the future or the past: what is known goes by content; times are shown only."""
    _run(folder)
    before = (folder / "out" / "facts.jsonl").read_bytes()
    for path in [*(folder / "in").iterdir(), *(folder / "out").iterdir()]:
        stamp = path.stat().st_mtime + 3600 * hours
        os.utime(path, (stamp, stamp))
    _run(folder, replace(RUN, changed_only=True))
    record = read_record(folder / "out")
    assert (record.state, record.counts.extracted) == (RunState.FINISHED, 0)
    assert (folder / "out" / "facts.jsonl").read_bytes() == before
