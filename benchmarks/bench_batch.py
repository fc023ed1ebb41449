"""Speed of whole runs beside spaCy's pipe, gain by a second process, growth of memory, start-up.

usage: bench_batch.py [--articles N] [--turns N] [--large N] [--output FILE]

The first table: `autofacts extract` over generated articles (JSON lines in, files out, start of the processes
included) and `nlp.pipe` of spaCy's full French pipeline over the same texts, its model loaded beforehand, with one
and two processes, in turns, so that a busy machine slows both; the median of the turns counts. The second table: peak
memory of a run over 2,000 articles and over N. The third: commands in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench_extract import MODEL, exhaust, seconds, table
from generate import articles, write
from rich.console import Console

from pipeline.batch import BatchOptions, Running, RunRecord, extract_to
from pipeline.ingest import discover

ROOT = Path(__file__).parents[1]
PROCESSES = (1, 2)
SMALL = 2_000
AUTOFACTS = [sys.executable, "-c", "from pipeline.cli import main; main()"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench_batch.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = {
            "articles": options.articles,
            "speed": compare(options.articles, options.turns, Path(folder)),
            "memory": [memory(count, Path(folder)) for count in (SMALL, options.large) if count],
            "start_up": start_up(Path(folder)),
        }
    show(result)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def compare(count: int, turns: int, folder: Path) -> list[dict[str, Any]]:
    """Articles a second by number of processes; `ratio` is that of the medians, autofacts over spaCy."""
    if not count:
        return []
    import spacy

    nlp = spacy.load(MODEL)
    texts = [each["text"] for each in articles(count)]
    file = folder / "speed.jsonl"
    write(file, articles(count))
    rows = []
    for processes in PROCESSES:
        taken = [
            (
                seconds(lambda: exhaust(nlp.pipe(texts, n_process=processes)), time.perf_counter),  # noqa: B023 (at once)
                run(file, folder / "speed", processes).seconds.total,
            )
            for _ in range(turns)
        ]
        theirs, ours = (count / statistics.median(times) for times in zip(*taken, strict=True))
        rows.append({"processes": processes, "spacy": theirs, "autofacts": ours, "ratio": ours / theirs})
    return rows


def run(file: Path, output: Path, processes: int) -> RunRecord:
    """A whole run, from nothing."""
    return extract_to(discover([file]), output, BatchOptions(), Running(workers=processes, restart=True))


def memory(count: int, folder: Path) -> dict[str, Any]:
    """Peak memory, in bytes, of the process that runs and of its largest worker, two of which read `count` articles."""
    file = folder / f"memory-{count}.jsonl"
    write(file, articles(count))
    command = [*AUTOFACTS, "extract", str(file), "--output", str(folder / "memory"), "--restart", "--workers", "2"]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    record = json.loads((folder / "memory" / "run.json").read_bytes())
    file.unlink()
    return {"articles": count, "rate": record["rate"], **record["peak_memory"]}


def start_up(folder: Path) -> list[dict[str, Any]]:
    """Seconds until `--help` is out, and until one article is extracted."""
    file = folder / "one.txt"
    file.write_text(" date 2024-10 Renault a livré 21 400 Renault 5 en septembre.", encoding="utf-8")
    commands = {"--help": ["--help"], "extract one article": ["extract", str(file), "--output", str(folder / "one")]}
    found = []
    for what, arguments in commands.items():
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([*AUTOFACTS, *arguments], check=True, capture_output=True)
            times.append(time.perf_counter() - started)
        found.append({"what": f"autofacts {what}", "seconds": statistics.median(times)})
    return found


def show(result: dict[str, Any]) -> None:
    """Print the three tables."""
    console = Console()
    speed = [
        (str(r["processes"]), f"{r['spacy']:.1f}", f"{r['autofacts']:.1f}", f"{r['ratio']:.1f}")
        for r in result["speed"]
    ]
    names: Sequence[str] = ("processes", f"spaCy {version('spacy')} {MODEL}", "autofacts extract", "times spaCy")
    console.print(table(f"articles a second over {result['articles']:,} articles", names, speed))
    used = [
        (f"{r['articles']:,}", f"{r['rate']:.1f}", f"{r['driver'] / 1e6:.1f}", f"{r['worker'] / 1e6:.1f}")
        for r in result["memory"]
    ]
    console.print(table("peak memory in MB", ("articles", "articles a second", "driver", "worker"), used))
    started = [(r["what"], f"{r['seconds']:.2f}") for r in result["start_up"]]
    console.print(table("start-up of a process", ("what", "seconds"), started))


if __name__ == "__main__":
    main()
