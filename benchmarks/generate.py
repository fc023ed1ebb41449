"""Articles by the thousand, for measuring: the corpus's French paragraphs in new company, with new figures.

usage: generate.py COUNT OUTPUT [--seed N] [--articles DIR]

OUTPUT is a file of JSON lines (.jsonl, or .jsonl.gz), else a folder, which gets one text file an article, a thousand
in each subfolder. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.ingest import read_articles
from pipeline.schema import Article

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "corpus" / "articles"
_PER_FOLDER = 1_000
# The digits behind the first of a number of several: 21 400 becomes 28 153, 2024 keeps its century.
_DIGITS = re.compile(r"(?<=[1-9])\d(?=\d|[ \u202f\u00a0]\d)|(?<=\d[ \u202f\u00a0])\d{3}(?!\d)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("count", type=int)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    options = parser.parse_args()
    write(options.output, articles(options.count, options.seed, options.articles))


def articles(count: int, seed: int = 0, folder: Path = ARTICLES) -> Iterator[dict[str, str]]:
    """`count` articles: id, publication month and text. The first ones do not depend on `count`."""
    paragraphs, lengths = _material(folder)
    draw = random.Random(seed)
    for number in range(count):
        chosen = [_varied(draw.choice(paragraphs), draw) for _ in range(draw.choice(lengths))]
        month = f"{draw.randint(2018, 2025)}-{draw.randint(1, 12):02}"
        yield {"id": f"gen-{number:07}", "published": month, "text": "\n\n".join(chosen)}


def write(output: Path, made: Iterator[dict[str, str]]) -> None:
    """Write articles to a file of JSON lines or to a folder of text files."""
    if ".jsonl" in output.name:
        output.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(output, "wb", compresslevel=1) if output.suffix == ".gz" else output.open("wb") as stream:
            for each in made:
                stream.write(json.dumps(each, ensure_ascii=False).encode() + b"\n")
        return
    for number, each in enumerate(made):
        folder = output / f"{number // _PER_FOLDER:04}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f" date {each['published']} {each['text']}"
        (folder / f"{each['id']}.txt").write_text(text, encoding="utf-8")


def _material(folder: Path) -> tuple[list[str], list[int]]:
    """The paragraphs of the French articles, and how many each of them has."""
    found = [a for a in read_articles(sorted(folder.glob("fr-*.md"))) if isinstance(a, Article)]
    split = [[part for part in re.split(r"\n\s*\n", a.text) if part.strip()] for a in found]
    return [part for parts in split for part in parts], [len(parts) for parts in split]


def _varied(paragraph: str, draw: random.Random) -> str:
    years = {match.start() for match in _YEAR.finditer(paragraph)}

    def digits(match: re.Match[str]) -> str:
        if any(start <= match.start() < start + 4 for start in years):
            return match.group()
        return "".join(draw.choice("0123456789") for _ in match.group())

    return _DIGITS.sub(digits, paragraph)


if __name__ == "__main__":
    main()
