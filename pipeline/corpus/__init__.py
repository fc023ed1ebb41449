"""The gold corpus as people write it: built, checked, counted and split (corpus/AUTHORING.md)."""

from pipeline.corpus.article import CorpusArticle, load_article, load_articles
from pipeline.corpus.build import Build, build_article, build_corpus
from pipeline.corpus.doubles import DoubleReport, corpus_agreement
from pipeline.corpus.lint import lint_corpus
from pipeline.corpus.problem import CorpusError, Problem
from pipeline.corpus.settings import CorpusSettings, load_settings
from pipeline.corpus.splits import SplitTable, assign, load_splits, propose_splits, update_digests
from pipeline.corpus.stats import Datasheet, corpus_stats
from pipeline.corpus.suggest import Suggestion, suggest

__all__ = [
    "Build",
    "CorpusArticle",
    "CorpusError",
    "CorpusSettings",
    "Datasheet",
    "DoubleReport",
    "Problem",
    "SplitTable",
    "Suggestion",
    "assign",
    "build_article",
    "build_corpus",
    "corpus_agreement",
    "corpus_stats",
    "lint_corpus",
    "load_article",
    "load_articles",
    "load_settings",
    "load_splits",
    "propose_splits",
    "suggest",
    "update_digests",
]
