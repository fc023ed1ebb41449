"""On a Dask cluster the results are those of one machine, though articles crash and machines fail."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hazards import DIE, HANG, Hazard
from stand_in import SENTENCE

from pipeline.batch import OUTPUTS, BatchOptions, Limits, Running, WorkerError, extract_to
from pipeline.ingest import discover

ALL = BatchOptions(rejections=True, explain=True)
HAZARDOUS = Running(workers=2, factory=Hazard.load, limits=Limits(timeout=1.0))


def test_a_cluster_survives_bad_articles_and_a_lost_machine(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    texts = {f"a{number:02}": f"{SENTENCE} {number}" for number in range(40)}
    texts |= {"a07": DIE, "a21": HANG, "a30": f"{SENTENCE} PANNE {tmp_path / 'mark'}"}
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    clustered = replace(HAZARDOUS, cluster="local:2")
    record = extract_to(discover([folder]), tmp_path / "cluster", ALL, clustered)
    assert (tmp_path / "mark").exists()  # a machine was lost, and the article that was on it is not to blame
    assert (record.counts.articles, record.counts.quarantined) == (38, 2)
    extract_to(discover([folder]), tmp_path / "here", ALL, HAZARDOUS)
    for name in OUTPUTS:
        assert (tmp_path / "cluster" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    errors = (tmp_path / "here" / "errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["reason"] for line in errors] == ["crashed", "timeout"]


@pytest.mark.parametrize(
    ("address", "message"),
    [("local:0", "is not local:N"), ("local:many", "is not local:N"), ("nonsense://x", "no cluster at nonsense")],
)
def test_a_cluster_that_is_none_is_said_so(tmp_path: Path, address: str, message: str) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    with pytest.raises(WorkerError, match=message):
        extract_to(discover([tmp_path / "a.txt"]), tmp_path / "out", ALL, replace(HAZARDOUS, cluster=address))


def test_without_the_library_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pipeline.batch.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkerError, match=r"pip install 'autofacts\[dask\]'"):
        extract_to(discover([tmp_path]), tmp_path / "out", ALL, replace(HAZARDOUS, cluster="local:1"))
