"""What each part of the extractor adds: the scores on one split and the time of an article, without it.

`make ablation` prints the table of docs/accuracy.md. The test split is for the end: `--split test`.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.evaluate.judging import judge, tally, total
from pipeline.evaluate.measures import Scores
from pipeline.evaluate.splits import load_splits
from pipeline.extract import Extractor
from pipeline.gazetteer import Gazetteer
from pipeline.ingest import read_articles
from pipeline.link.bench import Knowledge
from pipeline.schema import Article, ErrorRecord, Fact

ROOT = Path(__file__).parent.parent
REPEATS = 3

CUES = {
    "modality": "words of modality (plan, forecast, rumour)",
    "anaphor": "words that take up a party (“le groupe”, “elle”)",
    "source": "words of attribution",
    "previous": "words of comparison with an earlier figure",
    "event": "phrases of events",
    "when": "words that take up a date",
    "rate": "words of rate (“par an”)",
    "guard": "guards: figures that state nothing",
}


@dataclass(frozen=True)
class Measured:
    """The scores of one variant, and its time for an article in milliseconds (best of the repeats)."""

    name: str
    scores: Scores
    quantities: Scores
    milliseconds: float


def variants(lang: str) -> Iterator[tuple[str, Callable[[], Extractor]]]:
    """Each variant by its name, and how to make it."""
    full = Extractor.load(lang)
    yield "all", lambda: full
    yield "without the learned scorer", lambda: Extractor.load(lang, rules_only=True)
    yield "without the names of models", lambda: _without_names(full, lang, "models.csv")
    for category, what in CUES.items():
        yield f"without {what}", lambda category=category: _without_cues(full, category)


def _without_names(full: Extractor, lang: str, left_out: str) -> Extractor:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "pipeline/names", folder, ignore=shutil.ignore_patterns(left_out), dirs_exist_ok=True)
        gazetteer = Gazetteer.read(Path(folder))
    known = full.knowledge
    knowledge = Knowledge.of(known.pack, known.ontology, known.units, gazetteer.demonyms(lang))
    return replace(full, knowledge=knowledge, gazetteer=gazetteer)


def _without_cues(full: Extractor, category: str) -> Extractor:
    pack = full.knowledge.pack
    kept = tuple(cue for cue in pack.cue if cue.category != category)
    if len(kept) == len(pack.cue):
        raise ValueError(f"no cue of category {category!r}")
    sections = {name: getattr(pack, name) for name in type(pack).model_fields}
    stripped = type(pack).model_construct(**{**sections, "cue": kept})
    return replace(full, knowledge=replace(full.knowledge, pack=stripped))


def measure(
    name: str,
    extractor: Extractor,
    articles: list[Article],
    gold: dict[str, GoldArticle],
    known: dict[str, GoldArticle],
) -> Measured:
    """Extract `articles`, some times over, and hold them against `gold`."""
    facts: dict[str, tuple[Fact, ...]] = {}
    best = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        facts = {article.id: extractor.extract(article).facts for article in articles}
        best = min(best, time.process_time() - started)
    counted = tally(judge(gold, facts, None, known).pairings.values())
    return Measured(
        name,
        total(counted.values()),
        total(scores for (_, with_figure), scores in counted.items() if with_figure),
        1000 * best / len(articles),
    )


def table(rows: list[Measured]) -> str:
    """The rows as Markdown, each but the first with its difference from the first."""
    first = rows[0]
    lines = ["| | core F1 | full F1 | core F1 of figures | ms an article |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        pairs = [
            (row.scores.core.f1, first.scores.core.f1),
            (row.scores.full.f1, first.scores.full.f1),
            (row.quantities.core.f1, first.quantities.core.f1),
        ]
        cells = [f"{one:.3f}" + ("" if row is first else f" ({one - base:+.3f})") for one, base in pairs]
        lines.append(f"| {row.name} | {' | '.join(cells)} | {row.milliseconds:.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--lang", default="fr")
    options = parser.parse_args()
    known = load_gold(ROOT / "corpus/gold")
    gold = load_splits(ROOT / "corpus/gold").gold(known, options.split, options.lang)
    read = read_articles([ROOT / "corpus/articles" / f"{key}.md" for key in sorted(gold)])
    articles = [each for each in read if not isinstance(each, ErrorRecord)]
    rows = [measure(name, make(), articles, gold, known) for name, make in variants(options.lang)]
    print(table(rows))


if __name__ == "__main__":
    main()
