"""Speed of extraction beside spaCy's full French pipeline, its growth with the length of an article, and start-up.

usage: bench_extract.py [--repeats N] [--articles DIR] [--output FILE]

The first table: both read the same French texts in one process and thread, in turns, so that a busy machine slows
both; one pass warms up, the median of the turns counts. The second extracts from single articles made of the corpus's
texts one behind the other. Both count seconds of the processor. The third times commands in processes of their own, by
the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.metadata import version
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.extract import Extractor
from pipeline.ingest import read_articles
from pipeline.schema import Article

ROOT = Path(__file__).parents[1]
LANGUAGE, MODEL = "fr", "fr_core_news_sm"
LENGTHS = (2_000, 20_000, 200_000, 1_000_000)
START_UP = {
    "import pipeline": ["-c", "import pipeline"],
    "autofacts --help": ["-c", "from pipeline.cli import main; main()", "--help"],
    'Extractor.load("fr")': ["-c", "from pipeline import Extractor; Extractor.load('fr')"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--articles", type=Path, default=ROOT / "corpus" / "articles")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench.json")
    options = parser.parse_args()
    # Before any numerical library is loaded: one thread for both.
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    found = read_articles([options.articles])
    articles = [each for each in found if isinstance(each, Article) and each.lang == LANGUAGE]
    result = {
        "articles": len(articles),
        "mean_characters": round(statistics.mean(len(article.text) for article in articles)),
        "repeats": options.repeats,
        "speed": compare(articles, options.repeats),
        "growth": growth(articles),
        "start_up": start_up(options.repeats),
    }
    show(result)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def compare(articles: list[Article], repeats: int) -> list[dict[str, Any]]:
    """Articles a second of spaCy's pipeline and of ours; the ratio is the median of those of the turns."""
    import spacy

    texts = [article.text for article in articles]
    nlp, extractor = spacy.load(MODEL), Extractor.load(LANGUAGE)

    def parse() -> None:
        exhaust(nlp.pipe(texts))

    def extract() -> None:
        exhaust(map(extractor.extract, articles))

    parse()
    extract()
    turns = [(seconds(parse), seconds(extract)) for _ in range(repeats)]
    name = f"spaCy {version('spacy')} {MODEL}, all components"
    theirs, ours = (statistics.median(times) for times in zip(*turns, strict=True))
    ratio = statistics.median(a / b for a, b in turns)
    return [
        {"what": name, "articles_per_s": len(articles) / theirs, "ratio": 1.0},
        {"what": "autofacts Extractor.extract", "articles_per_s": len(articles) / ours, "ratio": ratio},
    ]


def growth(articles: list[Article]) -> list[dict[str, Any]]:
    """Milliseconds for a thousand characters, by the length of one article."""
    extractor = Extractor.load(LANGUAGE)
    rows = []
    for length in LENGTHS:
        text = long_text(articles, length)
        article = Article(id=f"long-{length}", text=text, published=articles[0].published)
        extractor.extract(articles[0])
        repeats = max(1, min(10, 200_000 // length))
        taken = statistics.median(seconds(partial(extractor.extract, article)) for _ in range(repeats))
        rows.append({"characters": length, "seconds": taken, "ms_per_1000": 1e6 * taken / length})
    return rows


def long_text(articles: list[Article], length: int) -> str:
    """The articles' texts one behind the other, from the start again where they end, cut to `length`."""
    parts, total = [], 0
    for article in cycle(articles):
        parts.append(article.text)
        total += len(article.text) + 2
        if total >= length:
            break
    return "\n\n".join(parts)[:length]


def start_up(repeats: int) -> list[dict[str, Any]]:
    """Seconds of whole processes, the interpreter's own start among them."""
    found = []
    for what, command in {"python": ["-c", ""], **START_UP}.items():

        def run(arguments: list[str] = command) -> object:
            return subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

        run()
        taken = [seconds(run, time.perf_counter) for _ in range(repeats)]
        found.append({"what": what, "seconds": statistics.median(taken)})
    return found


def exhaust(results: Iterable[object]) -> None:
    """Run through `results` and keep none of them."""
    for _ in results:
        pass


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """The time that `work` takes once, by default that of the processor."""
    started = clock()
    work()
    return clock() - started


def show(result: dict[str, Any]) -> None:
    """Print the three tables."""
    title = f"{result['articles']} articles of {result['mean_characters']} characters, one thread"
    speed = [(r["what"], f"{r['articles_per_s']:.1f}", f"{r['ratio']:.1f}") for r in result["speed"]]
    length = [
        (f"{r['characters']:,}", f"{r['seconds']:.3f}", f"{r['ms_per_1000']:.2f}") for r in result["growth"]
    ]
    started = [(r["what"], f"{r['seconds']:.2f}") for r in result["start_up"]]
    console = Console()
    console.print(table(title, ("what", "articles a second", "times spaCy"), speed))
    names = ("characters", "seconds", "ms for 1,000 characters")
    console.print(table("growth with the length of one article", names, length))
    console.print(table("start-up of a process", ("what", "seconds"), started))


def table(title: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    made = Table(title=title, title_justify="left")
    for index, name in enumerate(names):
        made.add_column(name, justify="right" if index else "left")
    for row in rows:
        made.add_row(*row)
    return made


if __name__ == "__main__":
    main()
