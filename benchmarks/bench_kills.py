"""Kills runs at random moments, lets the same command go on, and compares what comes out with an uninterrupted run.

usage: bench_kills.py [--kills N] [--articles N] [--workers N] [--seed N] [--quick]

With --quick the articles are short and an extractor that finds nothing stands in: the same processes, files and
ledger in a fraction of the time.
Ends with exit code 1 at the first difference.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import articles, write

from pipeline.batch import OUTPUTS
from pipeline.schema import Article, Extraction, Mentions

_RUN = """
import sys
from pathlib import Path
from bench_kills import Nothing
from pipeline.batch import BatchOptions, Running, extract_to
from pipeline.ingest import discover
source, output, workers, quick = sys.argv[1:]
running = Running(workers=int(workers), factory=Nothing if quick == "True" else None)
extract_to(discover([source]), Path(output), BatchOptions(rejections=True, explain=True), running)
"""


class Nothing:
    """An extractor that finds nothing, in a millisecond."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def extract(self, article: Article) -> Extraction:
        time.sleep(0.001)
        return Extraction(article, Mentions(), ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = articles(options.articles)
        write(folder / "in.jsonl", map(shortened, made) if options.quick else made)
        settings = [str(options.workers), str(options.quick)]
        started = time.perf_counter()
        start(folder, "whole", settings).wait()
        whole = time.perf_counter() - started
        expected = contents(folder / "whole")
        killed = 0
        for turn in range(options.kills):
            shutil.rmtree(folder / "out", ignore_errors=True)
            killed += kill_and_go_on(folder, settings, draw.uniform(0, whole))
            if contents(folder / "out") != expected:
                sys.exit(f"kill {turn + 1}: the output is not that of an uninterrupted run")
    print(f"{killed} of {options.kills} runs of {options.articles} articles killed within {whole:.1f} s of their start")
    print(f"after going on, the output was that of the uninterrupted run {options.kills} times")


def kill_and_go_on(folder: Path, settings: list[str], moment: float) -> bool:
    """Kill a run after `moment` seconds, and run the same command to its end; false where it was faster."""
    process = start(folder, "out", settings)
    try:
        process.wait(timeout=moment)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if start(folder, "out", settings).wait() != 0:
        sys.exit("the run that goes on failed")
    return True


def shortened(article: dict[str, str]) -> dict[str, str]:
    """The beginning of an article, whose language need not be found out."""
    return article | {"text": article["text"][:300], "lang": "fr"}


def start(folder: Path, output: str, settings: list[str]) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    arguments = [sys.executable, "-c", _RUN, str(folder / "in.jsonl"), str(folder / output), *settings]
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    return subprocess.Popen(arguments, env=os.environ | {"PYTHONPATH": path})


def contents(output: Path) -> dict[str, bytes]:
    """The files of a run."""
    return {name: (output / name).read_bytes() for name in OUTPUTS}


if __name__ == "__main__":
    main()
