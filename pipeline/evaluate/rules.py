"""What each rule is worth: how many facts it led to, and how many of them are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.evaluate.gold import load_gold
from pipeline.evaluate.judging import judge
from pipeline.evaluate.measures import Part, ratio
from pipeline.evaluate.run import Run
from pipeline.evaluate.scores import EvaluateOptions
from pipeline.evaluate.splits import load_splits


class RuleScore(Part):
    """Of the `facts` to which a rule led, those whose type and figure are right (`core`), and those that are right in
    full. Facts that met an optional gold fact are not counted."""

    rule: str
    facts: int
    core: int
    full: int

    @property
    def precision(self) -> float:
        """Share of the rule's facts whose type and figure are right."""
        return ratio(self.core, self.facts)


def rule_scores(gold_dir: Path, run: Run, options: EvaluateOptions) -> list[RuleScore]:
    """The score of each rule that led to a fact of the articles in question, those with most wrong facts first.

    Needs a run that holds the reasons of its facts. Raises ValueError where it does not, or where the articles are
    held out: rules are not judged by what nobody may look at.
    """
    known, splits = load_gold(gold_dir), load_splits(gold_dir)
    gold = splits.gold(known, options.split, options.lang)
    if any(run.facts.get(key) for key in gold) and not run.reasons:
        raise ValueError("the run does not say what led to its facts; extract with --explain")
    if not options.show_held_out and not splits.held_out.isdisjoint(gold):
        gold = {key: article for key, article in gold.items() if key not in splits.held_out}
    facts, core, full = Counter[str](), Counter[str](), Counter[str]()
    for article, pairing in judge(gold, run.facts, None, known).pairings.items():
        for pair in (pair for pair in pairing.pairs if not pair.gold.optional):
            rules = run.reasons.get((article, pair.predicted.ref), ())
            facts.update(rules)
            core.update(rules if pair.slots["type"] else ())
            full.update(rules if pair.full else ())
        for extra in pairing.extra:
            facts.update(run.reasons.get((article, extra.ref), ()))
    scores = (RuleScore(rule=rule, facts=n, core=core[rule], full=full[rule]) for rule, n in facts.items())
    return sorted(scores, key=lambda s: (s.core - s.facts, -s.facts, s.rule))


def rules_text(scores: Iterable[RuleScore]) -> str:
    """One line a rule: facts, right in type and figure, right in full, precision, the rule."""
    head = f"{'facts':>6} {'core':>6} {'full':>6}  {'prec.':>5}  rule"
    return "\n".join([head, *(f"{s.facts:6} {s.core:6} {s.full:6}  {s.precision:5.3f}  {s.rule}" for s in scores)])
