"""Facts against gold: loading, pairing, scores, and a check of the gold itself (contract §9)."""

from pipeline.evaluate.gold import GoldArticle, GoldFact, load_facts, load_gold
from pipeline.evaluate.lint import Problem, lint_corpus
from pipeline.evaluate.report import PRF, Report, error_lines
from pipeline.evaluate.scores import evaluate_files

__all__ = [
    "PRF",
    "GoldArticle",
    "GoldFact",
    "Problem",
    "Report",
    "error_lines",
    "evaluate_files",
    "lint_corpus",
    "load_facts",
    "load_gold",
]
