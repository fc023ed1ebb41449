"""One bad article among a thousand: on processes and on Dask, each way of being bad costs that article alone.

usage: bench_poison.py [--articles N]

Ends with exit code 1 where anything but the bad article is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from generate import articles, write

from pipeline.batch import BatchOptions, Limits, Running, extract_to
from pipeline.extract import Extractor
from pipeline.ingest import discover
from pipeline.schema import Article, Extraction

EXIT, LOOP, EAT = "POISON-EXIT", "POISON-LOOP", "POISON-EAT"
REASONS = {EXIT: "crashed", LOOP: "timeout", EAT: "memory"}
LIMITS = Limits(timeout=10.0, memory=1_000_000_000)


class Poisoned:
    """The extractor, with articles that end the process, never end, or eat memory."""

    def __init__(self, lang: str) -> None:
        self._extractor = Extractor.load(lang)

    def extract(self, article: Article) -> Extraction:
        held = []
        if EXIT in article.text:
            os._exit(1)
        while LOOP in article.text:
            pass
        while EAT in article.text:
            held.append(bytearray(10_000_000))
        return self._extractor.extract(article)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1_000)
    count = parser.parse_args().articles
    # Workers look for it in the module of its name, which is not that of a script.
    factory = import_module("bench_poison").Poisoned
    for where in ("2 processes", "local:2"):
        for poison, reason in REASONS.items():
            cluster = where if ":" in where else None
            running = Running(workers=2, cluster=cluster, limits=LIMITS, factory=factory)
            found = run(count, poison, running)
            print(f"{where}, {poison}: {found}", flush=True)
            if found != (count - 1, [reason]):
                sys.exit(1)


def run(count: int, poison: str, running: Running) -> tuple[int, list[str]]:
    """How many of `count` articles gave results where one is `poison`, and the reasons of the errors."""
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, "in.jsonl"), Path(folder, "out")
        made = enumerate(articles(count))
        write(
            source,
            (each | {"text": poison if n == count // 2 else each["text"][:300], "lang": "fr"} for n, each in made),
        )
        record = extract_to(discover([source]), output, BatchOptions(), running)
        lines = (output / "errors.jsonl").read_text(encoding="utf-8").splitlines()
        return record.counts.articles, [json.loads(line)["reason"] for line in lines]


if __name__ == "__main__":
    main()
