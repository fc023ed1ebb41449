"""Annotated articles as examples: question, labels and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.evaluate.judging import build_agreement
from pipeline.evaluate.splits import load_splits
from pipeline.extract import Extractor
from pipeline.ingest import available_packs, read_articles
from pipeline.link.asking import Asking, asking
from pipeline.link.linker import bench_of, link_on
from pipeline.schema import Article, ErrorRecord, Span
from pipeline.segment import segment
from pipeline.train.encoder.labels import Label, Teacher, name_spans


class Example(NamedTuple):
    """One article: what is asked about it, what is right, and where its names stand."""

    article: str
    asking: Asking
    labels: Sequence[Label | None]
    names: Sequence[tuple[Span, str]]

    def content(self) -> str:
        """All that is learned from, as text: equal for equal examples, in any process."""
        question = self.asking.question
        targets = [(each.span, sorted(each.fills), each.marks) for each in question.targets]
        labels = [each and (*each[:3], sorted(each.links.items())) for each in self.labels]
        return repr((question.text, question.sentences, question.anchors, targets, labels, self.names))


class Maker:
    """Makes examples of articles with gold; extractors are loaded once a language, and without a scorer."""

    def __init__(self, known: Mapping[str, GoldArticle]) -> None:
        self._agreement = build_agreement(known)
        self._extractors: dict[str, Extractor] = {}

    def example(self, article: Article, gold: GoldArticle) -> Example:
        """The example of one article."""
        if article.lang not in self._extractors:
            self._extractors[article.lang] = Extractor.load(article.lang, rules_only=True)
        extractor = self._extractors[article.lang]
        doc = segment(article, extractor.knowledge.pack.segment)
        bench = bench_of(doc, extractor.detect(article), extractor.knowledge)
        asked = asking(bench, link_on(bench)[0])
        labels = Teacher(self._agreement, extractor.knowledge.ontology).labels(asked, gold)
        return Example(article.id, asked, labels, name_spans(asked, gold, self._agreement))


def load_examples(corpus: Path, split: str) -> Iterator[tuple[Article, GoldArticle]]:
    """The articles of `split` in the languages that have a pack, with their gold, in the order of their ids.

    Raises ValueError and OSError for a corpus that cannot be read.
    """
    known = load_gold(corpus / "gold")
    chosen = load_splits(corpus / "gold").gold(known, split, None)
    ids = [key for key, each in chosen.items() if each.lang in available_packs()]
    for article in read_articles([corpus / "articles" / f"{each}.md" for each in ids]):
        if isinstance(article, ErrorRecord):
            raise ValueError(f"{article.path}: {article.reason}: {article.message}")
        yield article, chosen[article.id]
