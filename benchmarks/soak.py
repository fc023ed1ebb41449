"""Extraction and serving for a long time: whether memory, handles and rate stay as they are.

usage: soak.py [--minutes N] [--every SECONDS] [--workers N] [--output DIR]

`autofacts extract -` gets articles without end on its standard input and `autofacts serve` one request after the
other, both at the same time, each with N workers. Every SECONDS the memory in use, the open files and sockets, and the
work done of both are noted, with all their processes. DIR gets `soak.json` and `soak.svg`. Ends with exit code 1 where
the last third of the time holds more memory (10 % and 10 MB) or more handles than the one before it, or where an answer
was wrong.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import httpx
import psutil
from bench_service import serving
from generate import articles

ROOT = Path(__file__).parents[1]
EXTRACT = [sys.executable, "-c", "from pipeline.cli import main; main()", "extract", "-", "--output"]
_ENDLESS = 10**9
_MORE_SHARE, _MORE_MB = 1.1, 10.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What one of the two programs holds and has done, `seconds` after the start. `memory` is in MB: of all its
    processes, what two of them share counted twice."""

    seconds: float
    memory: float
    handles: int
    processes: int
    done: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "soak")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(options.workers) as url:
        runs = Extraction(Path(folder), options.workers), Asking(url)
        for run in runs:
            run.start()
        noted = watch(runs, 60 * options.minutes, options.every)
        for run in runs:
            run.stop()
    options.output.mkdir(parents=True, exist_ok=True)
    found = {run.name: verdict(noted[run.name], run.wrong) for run in runs}
    samples = {name: [asdict(sample) for sample in each] for name, each in noted.items()}
    (options.output / "soak.json").write_text(json.dumps({"verdict": found, "samples": samples}), encoding="utf-8")
    (options.output / "soak.svg").write_text(drawn(noted), encoding="utf-8")
    for name, each in found.items():
        print(name, json.dumps(each))
    sys.exit(not all(each["steady"] for each in found.values()))


class Extraction:
    """A run that reads from a pipe, and the thread that fills it."""

    name = "extract"

    def __init__(self, folder: Path, workers: int) -> None:
        self._output = folder / "out"
        command = [*EXTRACT, str(self._output), "--workers", str(workers)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._thread = threading.Thread(target=self._feed)
        self._over = threading.Event()
        self.wrong = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the input, and wait for the run to put its files in order."""
        self._over.set()
        self._thread.join()
        self.wrong += self._process.wait() != 0
        self.wrong += self._record()["errors"]

    def processes(self) -> list[psutil.Process]:
        return family(self._process.pid)

    def done(self) -> int:
        with suppress(OSError):
            return self._record()["extracted"]
        return 0

    def _record(self) -> dict[str, int]:
        counts: dict[str, int] = json.loads((self._output / "run.json").read_bytes())["counts"]
        return counts

    def _feed(self) -> None:
        assert self._process.stdin is not None
        for article in articles(_ENDLESS):
            if self._over.is_set():
                break
            self._process.stdin.write(json.dumps(article | {"lang": "fr"}).encode() + b"\n")
        self._process.stdin.close()


class Asking:
    """A client that sends one article after the other."""

    name = "serve"

    def __init__(self, url: str) -> None:
        self._url = url
        self._pid = next(
            connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.laddr and connection.laddr.port == int(url.rpartition(":")[2]) and connection.pid
        )
        self._thread = threading.Thread(target=self._ask)
        self._over = threading.Event()
        self._done = 0
        self.wrong = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def processes(self) -> list[psutil.Process]:
        return family(self._pid)

    def done(self) -> int:
        return self._done

    def _ask(self) -> None:
        for article in articles(_ENDLESS, seed=1):
            if self._over.is_set():
                break
            # A connection for each: what a closed one leaves behind would show.
            response = httpx.post(f"{self._url}/extract", json=article | {"lang": "fr"}, timeout=120)
            self.wrong += response.status_code != 200 or response.json()["id"] != article["id"]
            self._done += 1


def family(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def watch(runs: tuple[Extraction, Asking], seconds: float, every: float) -> dict[str, list[Sample]]:
    """Samples of `runs` until `seconds` have passed."""
    noted: dict[str, list[Sample]] = {run.name: [] for run in runs}
    started = time.monotonic()
    while (now := time.monotonic() - started) < seconds:
        for run in runs:
            noted[run.name].append(sampled(run, now))
        time.sleep(every)
    return noted


def sampled(run: Extraction | Asking, seconds: float) -> Sample:
    """What `run` holds now."""
    memory = handles = count = 0
    for process in run.processes():
        with suppress(psutil.NoSuchProcess):
            memory += process.memory_info().rss
            handles += process.num_fds()
            count += 1
    return Sample(round(seconds, 1), round(memory / 1e6, 1), handles, count, run.done())


def verdict(samples: list[Sample], wrong: int) -> dict[str, float | bool]:
    """Means of the second and of the last third (the first one is for warming up), and whether they are alike."""
    third = max(len(samples) // 3, 1)
    middle, last = samples[third : 2 * third], samples[2 * third :]
    memory = [fmean(sample.memory for sample in part) for part in (middle, last)]
    handles = [fmean(sample.handles for sample in part) for part in (middle, last)]
    steady = memory[1] <= max(_MORE_SHARE * memory[0], memory[0] + _MORE_MB) and handles[1] < handles[0] + 2
    return {
        "minutes": round(samples[-1].seconds / 60, 1),
        "articles": samples[-1].done,
        "wrong": wrong,
        "memory_mb_second_third": round(memory[0], 1),
        "memory_mb_last_third": round(memory[1], 1),
        "handles_second_third": round(handles[0], 1),
        "handles_last_third": round(handles[1], 1),
        "rate_second_third": round(rate(middle), 2),
        "rate_last_third": round(rate(last), 2),
        "steady": steady and not wrong,
    }


def rate(samples: list[Sample]) -> float:
    """Articles a second over `samples`."""
    return (samples[-1].done - samples[0].done) / max(samples[-1].seconds - samples[0].seconds, 1)


_WIDTH, _HEIGHT, _LEFT, _GAP = 720, 130, 60, 40


def drawn(noted: dict[str, list[Sample]]) -> str:
    """The samples as an SVG: for each program memory, handles and rate over time."""
    frames = []
    for name, samples in noted.items():
        rates = [(b.seconds, (b.done - a.done) / (b.seconds - a.seconds)) for a, b in pairwise(samples[::12])]
        curves = {
            f"{name}: memory, MB": [(s.seconds, s.memory) for s in samples],
            f"{name}: open handles": [(s.seconds, float(s.handles)) for s in samples],
            f"{name}: articles a second": rates,
        }
        frames += [frame(title, points) for title, points in curves.items() if points]
    height = len(frames) * (_HEIGHT + _GAP) + 10
    placed = (f'<g transform="translate(0 {at * (_HEIGHT + _GAP) + 30})">{each}</g>' for at, each in enumerate(frames))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 20} {height}"'
    style = 'font-family="sans-serif" font-size="12"'
    return f'{head} {style}><rect width="100%" height="100%" fill="white"/>{"".join(placed)}</svg>\n'


def frame(title: str, points: list[tuple[float, float]]) -> str:
    """One curve from zero, with its title and axes."""
    most, last = max(value for _, value in points) or 1, points[-1][0] or 1
    path = " ".join(f"{_LEFT + _WIDTH * x / last:.1f},{_HEIGHT - _HEIGHT * y / most:.1f}" for x, y in points)
    return (
        f'<text x="{_LEFT}" y="-8">{title} (most: {most:.4g}; {last / 60:.0f} minutes)</text>'
        f'<path d="M{_LEFT} 0V{_HEIGHT}H{_LEFT + _WIDTH}" fill="none" stroke="#888"/>'
        f'<polyline points="{path}" fill="none" stroke="#06c"/>'
    )


if __name__ == "__main__":
    main()
