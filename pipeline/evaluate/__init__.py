"""Facts against gold: loading, pairing, scores (contract §9)."""

from pipeline.evaluate.gold import GoldArticle, GoldFact, load_facts, load_gold
from pipeline.evaluate.measures import PRF
from pipeline.evaluate.report import Report, error_lines
from pipeline.evaluate.scores import evaluate_files

__all__ = [
    "PRF",
    "GoldArticle",
    "GoldFact",
    "Report",
    "error_lines",
    "evaluate_files",
    "load_facts",
    "load_gold",
]
