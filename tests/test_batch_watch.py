"""Articles that arrive are extracted once they are there; what a run says of itself while it goes on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from stand_in import SENTENCE, StandIn

from pipeline.batch import BatchOptions, Running, RunRecord, extract_to, read_record
from pipeline.batch.metrics import metrics_text
from pipeline.batch.status import status
from pipeline.batch.watch import watch
from pipeline.ingest import discover

HERE = Running(workers=0, factory=StandIn.load)
PAUSE = 0.1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def watching(folder: Path, output: Path) -> Iterator[RunRecord]:
    return watch(discover([folder]), output, BatchOptions(), HERE, PAUSE)


def texts(output: Path) -> dict[str, str]:
    lines = (output / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["id"]: record["text"] for record in map(json.loads, lines)}


def test_what_arrives_changes_or_goes_is_followed(folder: Path, tmp_path: Path) -> None:
    out = folder / "out"  # what it writes there does not count as arriving
    (folder / "b.txt").write_text(SENTENCE, encoding="utf-8")
    runs = watching(folder, out)
    assert next(runs).counts.extracted == 1
    (folder / "a.txt").write_text(SENTENCE, encoding="utf-8")
    assert next(runs).counts.extracted == 1
    assert list(texts(out)) == ["a", "b"]
    (folder / "b.txt").write_text(f"{SENTENCE} Autrement.", encoding="utf-8")
    assert next(runs).counts.extracted == 1
    assert texts(out)["b"].endswith("Autrement.")
    (folder / "a.txt").unlink()
    assert next(runs).counts.extracted == 0
    extract_to(discover([folder / "b.txt"]), tmp_path / "once", BatchOptions(), HERE)
    for name in ("facts.jsonl", "articles.jsonl", "errors.jsonl"):
        assert (out / name).read_bytes() == (tmp_path / "once" / name).read_bytes()


def test_a_file_is_not_taken_while_it_is_written(folder: Path, tmp_path: Path) -> None:
    """One writer is slow: no run sees less than the whole of its file."""
    (folder / "a.txt").write_text(SENTENCE, encoding="utf-8")
    runs = watching(folder, tmp_path / "out")

    def write() -> None:
        with (folder / "slow.txt").open("w", encoding="utf-8") as file:
            for _ in range(20):
                file.write(f"{SENTENCE} ")
                file.flush()
                time.sleep(PAUSE / 4)

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    while "slow" not in (seen[-1] if seen else {}):
        next(runs)
        seen.append(texts(tmp_path / "out"))
    writer.join()
    assert seen[-1]["slow"].count(SENTENCE) == 20


def test_watch_goes_on_with_the_ledger_of_extract(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text(SENTENCE, encoding="utf-8")
    extract_to(discover([folder]), tmp_path / "out", BatchOptions(), HERE)
    (folder / "b.txt").write_text(SENTENCE, encoding="utf-8")
    counts = next(watching(folder, tmp_path / "out")).counts
    assert (counts.reused, counts.extracted) == (1, 1)


# ---- what a run says of itself


def test_the_record_of_a_run_holds_counts_costs_and_options(folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(SENTENCE, encoding="utf-8")
    (folder / "c.txt").touch()
    (folder / "photo.jpg").touch()
    extract_to(discover([folder]), tmp_path / "out", BatchOptions(explain=True), HERE)
    record = read_record(tmp_path / "out")
    assert record.counts.model_dump() == {
        "items": 3,
        "extracted": 3,
        "reused": 0,
        "articles": 2,
        "facts": 2,
        "errors": 1,
        "quarantined": 0,
        "skipped": 1,
    }
    assert record.options["explain"] == "True"
    assert record.rate > 0
    assert record.peak_memory.driver > 10_000_000
    assert record.seconds.total >= record.seconds.input + record.seconds.output + record.seconds.publish
    found = status(tmp_path / "out")
    assert (found.record, found.alive, found.killed, found.parts) == (record, False, False, 0)


def test_metrics_are_in_prometheus_text_format(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text(SENTENCE, encoding="utf-8")
    file = tmp_path / "autofacts.prom"
    record = extract_to(
        discover([folder]), tmp_path / "out", BatchOptions(), Running(workers=0, factory=StandIn.load, metrics=file)
    )
    assert file.read_text() == metrics_text(record)
    sample = re.compile(r'autofacts_\w+(\{\w+="\w+"\})? [\d.e+-]+')
    lines = file.read_text().splitlines()
    assert all(line.startswith(("# HELP autofacts_", "# TYPE autofacts_")) or sample.fullmatch(line) for line in lines)
    assert "autofacts_facts_total 1" in lines
    assert 'autofacts_state{state="finished"} 1' in lines


# ---- the commands, as people run them

_COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [*_COMMAND, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("signal_number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_watch_that_is_told_to_stop_does_so_and_says_how_to_go_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signal_number: signal.Signals, code: int
) -> None:
    out = tmp_path / "out"
    (folder / "empty.txt").touch()
    monkeypatch.setenv("AUTOFACTS_WORKERS", "0")
    process = start("watch", folder, "--output", out, "--every", "0.1", "--log-format", "json")
    assert process.stderr
    events = map(json.loads, process.stderr)
    finished = next(each for each in events if each["event"] != "progress")  # on a busy machine that comes first
    assert (finished["event"], finished["articles"], finished["errors"]) == ("finished", 0, 1)
    process.send_signal(signal_number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == code, said
    assert "the same command goes on" in said
    shown = start("status", out).communicate()[0]
    assert "finished" in shown
    assert "0 articles, 0 facts, 1 errors" in shown
    assert json.loads(start("status", out, "--json").communicate()[0])["state"] == "finished"


def test_status_of_a_folder_without_a_run(folder: Path) -> None:
    process = start("status", folder)
    assert f"there was no run in {folder}" in process.communicate()[1]
    assert process.returncode == 2
