"""Requests a second of `autofacts serve`, and how long clients wait, by how many of them ask at once.

usage: bench_service.py [--requests N] [--clients N ...] [--workers N] [--articles DIR] [--output FILE]

The clients run on the same machine. Each sends one article a request and the next when the answer is there. A request
that is not answered with 200, or answered with another article's id, counts as lost.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from pipeline.ingest import read_articles
from pipeline.schema import Article

ROOT = Path(__file__).parents[1]
SERVE = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve", "--port", "0", "--workers"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 5, 20, 50])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--articles", type=Path, default=ROOT / "corpus" / "articles")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench_service.json")
    options = parser.parse_args()
    articles = [found for found in read_articles([options.articles]) if isinstance(found, Article)]
    with serving(options.workers) as url:
        asyncio.run(ask(url, articles, 4, 100))
        rows = [asyncio.run(ask(url, articles, clients, options.requests)) for clients in options.clients]
    show(rows, options.workers)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


@contextmanager
def serving(workers: int) -> Iterator[str]:
    """The address of a service in a process of its own."""
    process = subprocess.Popen([*SERVE, str(workers)], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        # Nobody reads the log: a full pipe would stop the service.
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield url
    finally:
        process.terminate()
        process.wait()
        drain.wait()


async def ask(url: str, articles: list[Article], clients: int, requests: int) -> dict[str, Any]:
    """Figures of `requests` requests by `clients` clients."""
    numbers = iter(range(requests))
    waits: list[float] = []
    lost = itertools.count()

    async def one_client() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=120) as client:
            for number in numbers:
                article = articles[number % len(articles)]
                began = time.perf_counter()
                response = await client.post("/extract", json={"text": article.text, "id": str(number), "lang": "fr"})
                waits.append(time.perf_counter() - began)
                if response.status_code != 200 or response.json()["id"] != str(number):
                    next(lost)

    began = time.perf_counter()
    await asyncio.gather(*(one_client() for _ in range(clients)))
    cuts = statistics.quantiles(waits, n=100)
    return {
        "clients": clients,
        "requests": requests,
        "lost": next(lost),
        "requests_per_s": requests / (time.perf_counter() - began),
        "p50_ms": 1000 * cuts[49],
        "p95_ms": 1000 * cuts[94],
        "p99_ms": 1000 * cuts[98],
    }


def show(rows: list[dict[str, Any]], workers: int) -> None:
    """Print the figures."""
    table = Table(title=f"autofacts serve --workers {workers}", title_justify="left")
    for name in rows[0]:
        table.add_column(name.replace("_per_s", "/s"), justify="right")
    for row in rows:
        table.add_row(*(f"{value:.0f}" for value in row.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
