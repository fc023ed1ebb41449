"""How far two annotators agree who did not see each other's work: the second against the first, by the scores that
judge the extractor."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.corpus.annotation import ANNOTATIONS, DOUBLES, annotation_file, annotation_names
from pipeline.corpus.build import build_article
from pipeline.corpus.problem import CorpusError, Problem
from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.evaluate.judging import judge_double
from pipeline.evaluate.kinds import UNKNOWN
from pipeline.evaluate.measures import Part
from pipeline.evaluate.report import Report
from pipeline.evaluate.scores import report_of, withhold
from pipeline.evaluate.splits import load_splits


class Written(Part):
    """How many facts an annotator wrote, and how many of them as optional."""

    facts: int
    optional: int


class DoubleReport(Part):
    """The agreement of the annotators. In `report` the first stands for gold and the second for the prediction: what is
    missed the first alone has, what is extra the second alone. Optional facts of either count nowhere in it."""

    first: Written
    second: Written
    report: Report

    def to_text(self) -> str:
        """Counts and scores without the disagreements, for a terminal."""
        counts = [f"{each.facts} facts ({each.optional} optional)" for each in (self.first, self.second)]
        return self.report.to_text(f"{self.report.articles} articles annotated twice: {counts[0]}, then {counts[1]}")


def corpus_agreement(corpus: Path, *, show_held_out: bool = False) -> DoubleReport:
    """Score the annotations in doubles/ against those in annotations/ of the folder `corpus`.

    Disagreements in articles of the test split are counted, and listed only where `show_held_out`. Raises
    FileNotFoundError where there are no doubles, and CorpusError, naming file and key, where one cannot be used.
    """
    names = annotation_names(corpus, DOUBLES)
    if not names:
        raise FileNotFoundError(f"no second annotations (*.yaml) in {corpus / DOUBLES}")
    first = {name: _build(corpus, name, ANNOTATIONS) for name in names}
    second = {name: _build(corpus, name, DOUBLES) for name in names}
    # The brands that the evaluation knows; a corpus whose gold is not built yet has those of the doubles alone.
    gold = corpus / "gold"
    known = load_gold(gold) if any(gold.glob("*.json")) else {}
    judgement = judge_double(first, second, {**known, **first})
    kinds = {name: article.kind or UNKNOWN for name, article in first.items()}
    report = report_of(judgement, first, kinds)
    if not show_held_out:
        report = withhold(report, load_splits(gold).held_out)
    return DoubleReport(first=_count(first.values()), second=_count(second.values()), report=report)


def _build(corpus: Path, name: str, folder: str) -> GoldArticle:
    try:
        return build_article(corpus, name, folder)
    except FileNotFoundError as error:
        problem = Problem(annotation_file(name, DOUBLES), "(all)", "there is no first annotation of this article")
        raise CorpusError((problem,)) from error


def _count(articles: Iterable[GoldArticle]) -> Written:
    facts = [fact for article in articles for fact in article.facts]
    return Written(facts=len(facts), optional=sum(fact.optional for fact in facts))
