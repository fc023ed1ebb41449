"""One bad article costs that article alone, in this process, in others and on a cluster; the bytes are the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hazards import DIE, EAT, HANG, SEGFAULT, SLEEP, Hazard, broken
from stand_in import SENTENCE, StandIn

from pipeline.batch import OUTPUTS, BatchOptions, Limits, Running, RunRecord, WorkerError, extract_to
from pipeline.batch.job import Job, Task
from pipeline.batch.pool import Processes
from pipeline.batch.run import Workforce, extract_with, workforce
from pipeline.ingest import Item, discover, items

ALL = BatchOptions(rejections=True, explain=True)
LIMITS = Limits(timeout=1.0, memory=400_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty articles in two folders and a file that is none."""
    for number in range(40):
        path = tmp_path / "in" / str(number % 2) / f"a{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f" date 2024-10 {SENTENCE} {number}", encoding="utf-8")
    (tmp_path / "in" / "0" / "empty.txt").touch()
    return tmp_path / "in"


HAZARDOUS = Running(factory=Hazard.load, limits=LIMITS, workers=2)


@pytest.fixture(scope="module")
def force() -> Iterator[Workforce]:
    """Two worker processes with the extractor of tests/hazards.py, for all runs here."""
    with workforce(ALL, HAZARDOUS) as started:
        yield started


def run(force: Workforce, folder: Path, output: Path) -> RunRecord:
    return extract_with(force, discover([folder]), output, ALL, HAZARDOUS)


def results(output: Path) -> dict[str, bytes]:
    return {name: (output / name).read_bytes() for name in OUTPUTS}


def errors(output: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (output / "errors.jsonl").read_text(encoding="utf-8").splitlines()]


def ids(output: Path) -> list[str]:
    return [json.loads(line)["id"] for line in (output / "articles.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_bytes_do_not_depend_on_the_number_of_workers(folder: Path, tmp_path: Path, workers: int) -> None:
    with workforce(ALL, replace(HAZARDOUS, workers=0)) as here:
        record = run(here, folder, tmp_path / "here")
    assert (record.counts.articles, record.counts.errors) == (40, 1)
    with workforce(ALL, replace(HAZARDOUS, workers=workers)) as several:
        run(several, folder, tmp_path / "out")
    assert results(tmp_path / "out") == results(tmp_path / "here")
    assert ids(tmp_path / "out") == [f"a{n:02}" for n in (*range(0, 40, 2), *range(1, 40, 2))]


@pytest.mark.parametrize(
    ("hazard", "reason", "message"),
    [
        (DIE, "crashed", "exit code 3"),
        (SEGFAULT, "crashed", "signal SIGSEGV"),
        (HANG, "timeout", "longer than 1 s"),
        (SLEEP, "timeout", "longer than 1 s"),
        (EAT, "memory", "more memory than 400 MB"),
    ],
)
def test_an_article_that_takes_its_worker_along_is_given_up_alone(
    force: Workforce, folder: Path, tmp_path: Path, hazard: str, reason: str, message: str
) -> None:
    run(force, folder, tmp_path / "sound")
    bad = folder / "0" / "a06.txt"
    bad.write_text(f"{SENTENCE} {hazard}", encoding="utf-8")
    record = run(force, folder, tmp_path / "out")
    assert ids(tmp_path / "out") == [each for each in ids(tmp_path / "sound") if each != "a06"]
    error, empty = errors(tmp_path / "out")
    assert (error["path"], error["reason"], empty["reason"]) == (bad.as_posix(), reason, "empty")
    assert message in error["message"]
    (kept,) = (tmp_path / "out" / "quarantine").iterdir()
    assert kept.read_bytes() == bad.read_bytes()
    assert f"quarantine/{kept.name}" in error["message"]
    assert (record.counts.articles, record.counts.quarantined) == (39, 1)


def test_several_bad_neighbours_are_given_up_and_nobody_else(force: Workforce, folder: Path, tmp_path: Path) -> None:
    bad = {"a00": DIE, "a02": HANG, "a03": DIE, "a38": SEGFAULT, "a39": EAT}
    for name, hazard in bad.items():
        (folder / str(int(name[1:]) % 2) / f"{name}.txt").write_text(hazard, encoding="utf-8")
    record = run(force, folder, tmp_path / "out")
    assert record.counts.quarantined == len(bad)
    assert sorted(ids(tmp_path / "out")) == sorted({f"a{n:02}" for n in range(40)} - set(bad))


def test_a_failure_inside_the_extractor_is_an_error_and_no_quarantine(folder: Path, tmp_path: Path) -> None:
    record = extract_to(discover([folder]), tmp_path / "out", ALL, replace(HAZARDOUS, factory=broken))
    assert record.counts.quarantined == 0
    assert {(e["reason"], e["message"]) for e in errors(tmp_path / "out") if e["reason"] != "empty"} == {
        ("internal", "RuntimeError: there is no extractor")
    }


@pytest.mark.parametrize(
    ("job", "message"),
    [
        (lambda: Job(ALL, factory=lambda lang: StandIn(), version="0"), "pickle"),
        (lambda: Job(ALL, factory=StandIn.load, version="0.0.9+abc"), "for autofacts 0.0.9"),
    ],
)
def test_workers_that_cannot_begin_are_nobodys_fault(folder: Path, job: Callable[[], Job], message: str) -> None:
    (first, *_) = (found for found in items(discover([folder])) if isinstance(found, Item))
    with Processes(job(), 1) as processes, pytest.raises((WorkerError, AttributeError), match=message):
        list(processes.answers(iter([[Task(b"", 0, first)]])))
