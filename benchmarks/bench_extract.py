"""Speed of extraction beside spaCy's full French pipeline, and its growth with the length of an article.

usage: bench_extract.py [--repeats N] [--articles DIR] [--output FILE]

Both read the same texts in one process and thread; start-up is timed apart, one pass warms up, the median
of the repeats counts. The second table extracts from single articles made of the corpus's texts one behind
the other.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.extract import Extractor
from pipeline.ingest import read_articles
from pipeline.schema import Article

ROOT = Path(__file__).parents[1]
MODEL = "fr_core_news_sm"
LENGTHS = (2_000, 10_000, 100_000, 1_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--articles", type=Path, default=ROOT / "corpus" / "articles")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench_extract.json")
    options = parser.parse_args()
    # Before any numerical library is loaded: one thread for both.
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    articles = [found for found in read_articles([options.articles]) if isinstance(found, Article)]
    result = {
        "articles": len(articles),
        "mean_characters": round(statistics.mean(len(article.text) for article in articles)),
        "repeats": options.repeats,
        "speed": compare(articles, options.repeats),
        "growth": growth(articles),
    }
    show(result)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def compare(articles: list[Article], repeats: int) -> list[dict[str, Any]]:
    """Articles a second of spaCy's pipeline and of ours, and the ratio of ours to spaCy's."""
    import spacy

    texts = [article.text for article in articles]
    started = time.perf_counter()
    nlp = spacy.load(MODEL)
    loaded = time.perf_counter() - started
    parse = measure(lambda: list(nlp.pipe(texts)), repeats)
    started = time.perf_counter()
    extractor = Extractor.load("fr")
    ours_loaded = time.perf_counter() - started
    extract = measure(lambda: [extractor.extract(article) for article in articles], repeats)
    name = f"spaCy {spacy.__version__} {MODEL}, all components"
    return [
        {"what": name, "start_up_s": loaded, "articles_per_s": len(articles) / parse, "ratio": 1.0},
        {
            "what": "autofacts Extractor.extract",
            "start_up_s": ours_loaded,
            "articles_per_s": len(articles) / extract,
            "ratio": parse / extract,
        },
    ]


def growth(articles: list[Article]) -> list[dict[str, Any]]:
    """Milliseconds for a thousand characters, by the length of one article."""
    extractor = Extractor.load("fr")
    extractor.extract(articles[0])
    rows = []
    for length in LENGTHS:
        article = Article(
            id=f"long-{length}", text=long_text(articles, length), published=articles[0].published
        )
        repeats = max(1, min(20, 200_000 // length))
        seconds = measure(lambda made=article: extractor.extract(made), repeats, warm=False)  # type: ignore[misc]
        rows.append({"characters": length, "seconds": seconds, "ms_per_1000": 1e6 * seconds / length})
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


def measure(work: Callable[[], object], repeats: int, *, warm: bool = True) -> float:
    """The median seconds of `work`."""
    if warm:
        work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def show(result: dict[str, Any]) -> None:
    console = Console()
    speed = Table(
        title=f"{result['articles']} articles of {result['mean_characters']} characters,"
        f" one thread, median of {result['repeats']}",
        title_justify="left",
    )
    for name in ("what", "start-up, s", "articles a second", "times spaCy"):
        speed.add_column(name, justify="left" if name == "what" else "right")
    for row in result["speed"]:
        numbers = (f"{row['start_up_s']:.2f}", f"{row['articles_per_s']:.1f}", f"{row['ratio']:.1f}")
        speed.add_row(row["what"], *numbers)
    console.print(speed)
    length = Table(title="growth with the length of one article", title_justify="left")
    for name in ("characters", "seconds", "ms for 1,000 characters"):
        length.add_column(name, justify="right")
    for row in result["growth"]:
        length.add_row(f"{row['characters']:,}", f"{row['seconds']:.3f}", f"{row['ms_per_1000']:.2f}")
    console.print(length)


if __name__ == "__main__":
    main()
