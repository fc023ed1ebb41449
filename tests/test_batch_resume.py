"""A run that ends early, in whatever way, is gone on with; the results are those of a run that did not."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hazards import DIE, Hazard
from stand_in import SENTENCE, StandIn

from pipeline.batch import (
    OUTPUTS,
    BatchOptions,
    BusyError,
    DamagedOutputError,
    FirstError,
    Limits,
    Running,
    RunRecord,
    RunState,
    Tally,
    extract_to,
    parts,
    read_record,
)
from pipeline.batch.run import extract_with, workforce
from pipeline.ingest import IngestOptions, discover

ALL = BatchOptions(rejections=True, explain=True)
HERE = Running(workers=0, factory=StandIn.load)
COUNT = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(COUNT):
        (tmp_path / "in" / f"a{number:02}.txt").write_text(f"{SENTENCE} {number}", encoding="utf-8")
    (tmp_path / "in" / "a05.txt").write_bytes(b"")
    return tmp_path / "in"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part for every few articles, as large runs have many."""
    monkeypatch.setattr(parts, "_PART_BYTES", 5_000)


def run(folder: Path, output: Path, running: Running = HERE, options: BatchOptions = ALL) -> RunRecord:
    return extract_to(discover([folder]), output, options, running)


def results(output: Path) -> dict[str, bytes]:
    return {name: (output / name).read_bytes() for name in OUTPUTS if (output / name).exists()}


def stop_after(items: int) -> Callable[[Tally], None]:
    def stop(tally: Tally) -> None:
        if tally.items == items:
            raise KeyboardInterrupt

    return stop


def interrupted(folder: Path, output: Path, items: int, running: Running = HERE) -> None:
    with pytest.raises(KeyboardInterrupt):
        extract_to(discover([folder]), output, ALL, running, stop_after(items))


# ---- stopped


@pytest.mark.parametrize("items", [1, 6, COUNT])
def test_a_stopped_run_keeps_what_is_finished_and_goes_on(folder: Path, tmp_path: Path, items: int) -> None:
    run(folder, tmp_path / "whole")
    out = tmp_path / "out"
    interrupted(folder, out, items)
    assert read_record(out).state is RunState.INTERRUPTED
    assert not results(out)
    kept = (out / "parts").glob("articles-*.jsonl")
    assert sum(len(part.read_bytes().splitlines()) for part in kept) == read_record(out).counts.articles
    record = run(folder, out)
    assert (record.counts.reused, record.counts.extracted) == (items, COUNT - items)
    assert results(out) == results(tmp_path / "whole")
    assert not (out / "parts").exists()


def test_a_stopped_run_that_is_stopped_again_and_again_still_comes_to_its_end(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "whole")
    for items in range(4, COUNT, 4):
        interrupted(folder, tmp_path / "out", items)
    run(folder, tmp_path / "out")
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def test_the_input_may_change_while_a_run_is_stopped(folder: Path, tmp_path: Path) -> None:
    interrupted(folder, tmp_path / "out", 20)
    (folder / "a00.txt").unlink()
    (folder / "a01.txt").write_text(f"{SENTENCE} Autrement.", encoding="utf-8")
    (folder / "a003.txt").write_text(f"{SENTENCE} Nouveau.", encoding="utf-8")
    run(folder, tmp_path / "out")
    run(folder, tmp_path / "whole")
    assert results(tmp_path / "out") == results(tmp_path / "whole")


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_disk_that_fails_at_any_call_costs_nothing_but_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The n-th call fails, for each n: between the files of a part, before and after the ledger, in publishing."""
    for path in sorted(folder.iterdir())[6:]:
        path.unlink()
    run(folder, tmp_path / "whole")
    real = getattr(os, call)
    total = failures = 0
    while failures == total:
        total += 1
        calls = 0

        def fail(*args: object, at: int = total) -> object:
            nonlocal calls
            calls += 1
            if calls == at:
                raise OSError("the disk is full")
            return real(*args)

        out = tmp_path / f"out{total}"
        monkeypatch.setattr(os, call, fail)
        try:
            run(folder, out)
        except OSError:
            failures += 1
        monkeypatch.setattr(os, call, real)
        run(folder, out)
        assert results(out) == results(tmp_path / "whole"), total
    assert failures > 10


# ---- killed

_SCRIPT = """
import sys
from hazards import Slow
from pathlib import Path
from pipeline.batch import BatchOptions, Running, extract_to, parts
from pipeline.ingest import discover
parts._PART_BYTES = 20_000
folder, output, workers = sys.argv[1:]
options = BatchOptions(rejections=True, explain=True)
extract_to(discover([folder]), Path(output), options, Running(workers=int(workers), factory=Slow.load))
"""


def start(folder: Path, output: Path, workers: int = 0) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", _SCRIPT, str(folder), str(output), str(workers)]
    return subprocess.Popen(arguments, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    while not path.exists() and process.poll() is None:
        time.sleep(0.005)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_that_is_killed_at_random_moments_ends_as_one_that_is_not(
    folder: Path, tmp_path: Path, workers: int
) -> None:
    run(folder, tmp_path / "whole")
    draw = random.Random(workers)
    out, kills = tmp_path / "out", 0
    while True:
        process = start(folder, out, workers)
        wait_for(out / ".autofacts", process)
        try:
            assert process.wait(timeout=draw.uniform(0.0, 0.5 + workers)) == 0
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            if kills > 6:  # what is done lasts: it gets there in the end
                assert start(folder, out, workers).wait() == 0
                break
    assert results(out) == results(tmp_path / "whole")
    assert not list(out.glob(".*.partial"))


def test_workers_do_not_outlive_a_run_that_is_killed(folder: Path, tmp_path: Path) -> None:
    import psutil

    process = start(folder, tmp_path / "out", 2)
    below: list[psutil.Process] = []
    while len(below) < 2 and process.poll() is None:
        below = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(below, timeout=5)
    assert not alive


# ---- what is on the disk is not what it was


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("damage", ["cut", "removed", "unknown part", "cut ledger", "no ledger", "ledger is no ledger"])
def test_a_stopped_run_with_damaged_files_does_again_what_it_must(folder: Path, tmp_path: Path, damage: str) -> None:
    run(folder, tmp_path / "whole")
    out = tmp_path / "out"
    interrupted(folder, out, 25)
    ledger = out / ".autofacts" / "ledger.sqlite"
    part = sorted((out / "parts").glob("articles-*.jsonl"))[2]
    if damage == "cut":
        os.truncate(part, part.stat().st_size - 10)
    elif damage == "removed":
        part.unlink()
    elif damage == "unknown part":
        shutil.copy(part, out / "parts" / "articles-00099.jsonl")
    elif damage == "cut ledger":
        os.truncate(ledger, ledger.stat().st_size // 2)
    elif damage == "no ledger":
        ledger.unlink()
    else:
        ledger.write_bytes(b"no database" * 1000)
    record = run(folder, out)
    assert results(out) == results(tmp_path / "whole")
    assert (record.counts.reused > 15) == ("ledger" not in damage)


@pytest.mark.usefixtures("small_parts")
def test_lines_that_were_changed_in_place_are_noticed_and_done_again(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "whole")
    out = tmp_path / "out"
    interrupted(folder, out, 25)
    part = sorted((out / "parts").glob("facts-*.jsonl"))[2]
    part.write_bytes(part.read_bytes().replace(b"sales", b"SALES"))
    with pytest.raises(DamagedOutputError, match="changed by something else"):
        run(folder, out)
    run(folder, out)
    assert results(out) == results(tmp_path / "whole")


# ---- run again


def change_nothing(folder: Path) -> None:
    pass


def add(folder: Path) -> None:
    (folder / "a001.txt").write_text(f"{SENTENCE} Nouveau.", encoding="utf-8")


def change(folder: Path) -> None:
    (folder / "a07.txt").write_text(f"{SENTENCE} Autrement.", encoding="utf-8")


def remove(folder: Path) -> None:
    (folder / "a07.txt").unlink()


def rename(folder: Path) -> None:
    (folder / "a07.txt").rename(folder / "z07.txt")


def date_it(folder: Path) -> None:
    (folder / "a07.json").write_text('{"date": "2024-10"}', encoding="utf-8")


@pytest.mark.parametrize(
    ("edit", "extracted"),
    [(change_nothing, 0), (add, 1), (change, 1), (remove, 0), (rename, 1), (date_it, 1)],
)
def test_changed_only_does_what_is_new_or_changed(
    folder: Path, tmp_path: Path, edit: Callable[[Path], None], extracted: int
) -> None:
    run(folder, tmp_path / "out")
    edit(folder)
    record = run(folder, tmp_path / "out", replace(HERE, changed_only=True))
    assert record.counts.extracted == extracted
    run(folder, tmp_path / "whole")
    assert results(tmp_path / "out") == results(tmp_path / "whole")


@pytest.mark.parametrize(
    ("running", "options"),
    [
        (HERE, ALL),
        (replace(HERE, restart=True), ALL),
        (replace(HERE, restart=True, changed_only=True), ALL),
        (replace(HERE, changed_only=True, factory=Hazard.load), ALL),
        (replace(HERE, changed_only=True), BatchOptions()),
        (replace(HERE, changed_only=True), replace(ALL, ingest=IngestOptions(max_bytes=1000))),
    ],
    ids=["no flag", "restart", "both", "another extractor", "other files", "other options"],
)
def test_a_finished_run_is_done_again_in_full(
    folder: Path, tmp_path: Path, running: Running, options: BatchOptions
) -> None:
    run(folder, tmp_path / "out")
    assert run(folder, tmp_path / "out", running, options).counts.extracted == COUNT
    run(folder, tmp_path / "whole", running, options)
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def test_restart_forgets_a_stopped_run(folder: Path, tmp_path: Path) -> None:
    interrupted(folder, tmp_path / "out", 20)
    assert run(folder, tmp_path / "out", replace(HERE, restart=True)).counts.reused == 0


def test_a_new_version_of_the_extractor_is_another_extractor(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(folder, tmp_path / "out", 20)
    monkeypatch.setattr("pipeline.batch.run.extractor_version", lambda: "0.2.0+0")
    assert run(folder, tmp_path / "out").counts.reused == 0


def test_what_was_given_up_is_tried_again_by_changed_only(folder: Path, tmp_path: Path) -> None:
    out, bad = tmp_path / "out", folder / "a07.txt"
    bad.write_text(DIE, encoding="utf-8")
    hazardous = Running(workers=1, factory=Hazard.load, limits=Limits(timeout=5), changed_only=True)
    with workforce(ALL, hazardous) as force:
        assert extract_with(force, discover([folder]), out, ALL, hazardous).counts.quarantined == 1
        again = extract_with(force, discover([folder]), out, ALL, hazardous)
        assert (again.counts.extracted, again.counts.quarantined) == (1, 1)
        bad.write_text(SENTENCE, encoding="utf-8")
        assert extract_with(force, discover([folder]), out, ALL, hazardous).counts.quarantined == 0
    assert not (out / "quarantine").exists()


def test_the_first_error_stops_a_run_that_is_told_so(folder: Path, tmp_path: Path) -> None:
    strict = replace(HERE, fail_fast=True)
    for _ in range(2):  # an error that is known stops it as well
        with pytest.raises(FirstError, match=r"first error: .*a05\.txt: "):
            run(folder, tmp_path / "out", strict)
    (folder / "a05.txt").write_text(SENTENCE, encoding="utf-8")
    assert run(folder, tmp_path / "out", strict).counts.errors == 0


@pytest.mark.parametrize("place", ["in/out", "in", "."])
def test_results_are_not_taken_for_input(folder: Path, tmp_path: Path, place: str) -> None:
    """OUT lies in the folder that is read, is that folder, or has it in it."""
    run(folder, tmp_path / "whole")
    for running in (HERE, replace(HERE, changed_only=True)):
        run(folder, tmp_path / place, running)
        assert results(tmp_path / place) == results(tmp_path / "whole")


def test_two_runs_do_not_write_to_one_folder(folder: Path, tmp_path: Path) -> None:
    def second(tally: Tally) -> None:
        with pytest.raises(BusyError, match="another run is writing to"):
            run(folder, tmp_path / "out")

    extract_to(discover([folder]), tmp_path / "out", ALL, HERE, second)
    assert json.loads((tmp_path / "out" / "run.json").read_bytes())["state"] == "finished"


def test_a_killed_run_can_be_told_from_one_at_work(folder: Path, tmp_path: Path) -> None:
    from pipeline.batch.status import status

    process = start(folder, tmp_path / "out")
    wait_for(tmp_path / "out" / "run.json", process)
    assert status(tmp_path / "out").alive
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert status(tmp_path / "out").killed
    run(folder, tmp_path / "out")
    assert not status(tmp_path / "out").killed
