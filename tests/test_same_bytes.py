"""The same input gives the same bytes, whatever the number of workers and however Python hashes strings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus" / "articles"
MAIN = [sys.executable, "-c", "from pipeline.cli import main; main()", "extract"]
FILES = ("facts.jsonl", "articles.jsonl", "errors.jsonl", "rejections.jsonl", "explanations.jsonl")


def run(output: Path, workers: int, hash_seed: int) -> dict[str, bytes]:
    articles = [str(path) for path in sorted(CORPUS.glob("fr-*.md"))[:4]]
    more = ["--output", str(output), "--workers", str(workers), "--rejections", "--explain"]
    paths = os.pathsep.join(filter(None, sys.path))
    environment = os.environ | {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": paths}
    subprocess.run([*MAIN, *articles, *more], env=environment, check=True, capture_output=True, timeout=300)
    return {name: (output / name).read_bytes() for name in FILES}


def test_workers_and_hash_seeds_change_no_byte(tmp_path: Path) -> None:
    first = run(tmp_path / "two", workers=2, hash_seed=1)
    assert first["facts.jsonl"].count(b"\n") > 20
    assert run(tmp_path / "here", workers=0, hash_seed=2) == first
