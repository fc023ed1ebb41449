"""Everything in a corpus that cannot be right, and, as warnings, what is worth a second look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.corpus.annotation import ANNOTATIONS, DOUBLES, annotation_file, annotation_names, load_annotation
from pipeline.corpus.article import CorpusArticle, load_article
from pipeline.corpus.check_facts import FactChecks, dates, repeats
from pipeline.corpus.check_figures import unaccounted
from pipeline.corpus.check_names import load_name_checks
from pipeline.corpus.check_texts import check_text, likenesses, same_pages
from pipeline.corpus.problem import Complaint, CorpusError, Problem
from pipeline.corpus.resolve import resolve
from pipeline.corpus.settings import load_settings
from pipeline.corpus.splits import FILE, check_splits, load_splits
from pipeline.evaluate.gold import GoldArticle
from pipeline.extract import Extractor
from pipeline.ingest import available_packs
from pipeline.ontology import load_ontology
from pipeline.schema import Mentions
from pipeline.units import load_units


def lint_corpus(corpus: Path) -> list[Problem]:
    """Check articles, annotations, doubles and splits of the folder `corpus`: problems by file, those of the whole
    last. Doubles need not account for figures that are no facts; that their facts do not fit the contract is a warning.

    What cannot be read is a problem, not an error. Whether gold is up to date is told by `build_corpus` with
    `check`. Raises FileNotFoundError where there are no articles.
    """
    stems = {path.stem for path in (corpus / "articles").glob("*.md")}
    if not stems:
        raise FileNotFoundError(f"no articles (*.md) in {corpus / 'articles'}")
    checks = _Checks(corpus)
    articles: dict[str, CorpusArticle] = {}
    problems: list[Problem] = []
    for name in sorted(stems):
        try:
            articles[name] = load_article(corpus, name)
        except CorpusError as error:
            problems += error.problems
    for article in articles.values():
        problems += (found.of(article.file) for found in check_text(article, checks.settings))
        problems += checks.annotation(article)
        problems += checks.double(article)
    for folder in (ANNOTATIONS, DOUBLES):
        for name in annotation_names(corpus, folder):
            if name not in stems:
                problems.append(Problem(annotation_file(name, folder), "(all)", "an annotation without an article"))
    problems += same_pages(list(articles.values()))
    problems += likenesses(list(articles.values()), checks.settings)
    return problems + checks.splits(articles)


class _Checks:
    """What the checks of one corpus share."""

    def __init__(self, corpus: Path) -> None:
        self.corpus, self.settings, self.units = corpus, load_settings(), load_units()
        self.facts = FactChecks(load_ontology(), self.units, self.settings)
        self.extractors: dict[str, Extractor] = {}

    def annotation(self, article: CorpusArticle) -> list[Problem]:
        try:
            return self._annotation(article, ANNOTATIONS)
        except FileNotFoundError:
            return [Problem(article.file, "(all)", "an article without an annotation")]

    def double(self, article: CorpusArticle) -> list[Problem]:
        try:
            return self._annotation(article, DOUBLES)
        except FileNotFoundError:
            return []

    def _annotation(self, article: CorpusArticle, folder: str) -> list[Problem]:
        try:
            annotation = load_annotation(self.corpus, article.name, folder)
        except CorpusError as error:
            return list(error.problems)
        resolved = resolve(article, annotation)
        # Where a quote has no place, figures would be complained of that it may account for.
        found = [*resolved.complaints] or [*self._gold(resolved.gold, article, whole=folder == ANNOTATIONS)]
        return [complaint.of(annotation_file(article.name, folder)) for complaint in found]

    def _gold(self, gold: GoldArticle, article: CorpusArticle, *, whole: bool) -> Iterator[Complaint]:
        for index, fact in enumerate(gold.facts):
            for found in self.facts.fact(fact):
                # What a second annotator wrote blind is not mended: where it breaks the contract, they disagree.
                yield found.under(f"facts.{index}")._replace(warning=found.warning or not whole)
        yield from repeats(gold)
        yield from dates(gold, article.text)
        mentions = self._mentions(article)
        yield from load_name_checks().names(gold, article.text, mentions.entities if mentions else ())
        if whole:
            yield from unaccounted(gold, article.text, mentions, self.units)

    def _mentions(self, article: CorpusArticle) -> Mentions | None:
        """What the pipeline detects in an article; None where there is no pack for its language."""
        lang = article.head.lang
        if lang not in available_packs():
            return None
        if lang not in self.extractors:
            self.extractors[lang] = Extractor.load(lang)
        return self.extractors[lang].detect(article.as_article())

    def splits(self, articles: Mapping[str, CorpusArticle]) -> list[Problem]:
        try:
            table = load_splits(self.corpus)
        except CorpusError as error:
            return list(error.problems)
        except FileNotFoundError:
            return [Problem(FILE, "(all)", "is missing")]
        return [found.of(FILE) for found in check_splits(self.corpus, table, articles, self.settings)]
