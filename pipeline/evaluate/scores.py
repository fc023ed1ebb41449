"""The evaluation: facts, dates, entities and figures of many articles against their gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.evaluate.agreement import EMPTY, SLOTS, slot_text
from pipeline.evaluate.bootstrap import intervals
from pipeline.evaluate.calibration import WANTED_PRECISION, calibration, outcomes, thresholds
from pipeline.evaluate.errors import list_errors
from pipeline.evaluate.gold import ArticleMentions, GoldArticle, load_gold
from pipeline.evaluate.judging import Judgement, judge, tally, total
from pipeline.evaluate.kinds import UNKNOWN, text_kinds
from pipeline.evaluate.measures import PRF, Group, SlotScore
from pipeline.evaluate.mentions import FoundByArticle
from pipeline.evaluate.pairing import Pair
from pipeline.evaluate.report import Failure, Report
from pipeline.evaluate.run import Run, load_run
from pipeline.evaluate.splits import load_splits
from pipeline.schema import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """`split` and `lang` name the articles to judge (None: all with gold); errors in held-out articles are listed only
    where `show_held_out`; `precision` is the precision for which a threshold is sought."""

    split: str | None = None
    lang: str | None = None
    show_held_out: bool = False
    precision: float = WANTED_PRECISION


def evaluate_files(
    gold_dir: Path, facts_file: Path, articles_file: Path | None = None, options: EvaluateOptions | None = None
) -> Report:
    """Score the facts of a run against the gold of a folder.

    `articles_file` holds the mentions for dates, entities and figures; by default articles.jsonl beside
    `facts_file`, where there is one. Raises ValueError, naming file, line and key, for what is not valid or a split
    that does not exist, and FileNotFoundError.
    """
    return evaluate_run(gold_dir, load_run(facts_file, articles_file), options)


def evaluate_run(gold_dir: Path, run: Run, options: EvaluateOptions | None = None) -> Report:
    """Score a run against the gold of a folder; splits.toml and the articles' metadata are read beside the folder.

    Raises as `evaluate_files`.
    """
    options = options or EvaluateOptions()
    known, splits = load_gold(gold_dir), load_splits(gold_dir)
    gold = splits.gold(known, options.split, options.lang)
    report = report_of(
        judge(gold, run.facts, run.mentions, known), gold, text_kinds(gold, gold_dir), options.precision
    ).model_copy(update={"split": options.split})
    return report if options.show_held_out else withhold(report, splits.held_out)


def evaluate(
    gold: Mapping[str, GoldArticle],
    facts: Mapping[str, Sequence[Fact]],
    mentions: Mapping[str, ArticleMentions] | None = None,
) -> Report:
    """Score facts, and mentions where given, by article id.

    Articles with gold and without predictions have missed all; facts of other articles are only counted.
    """
    kinds = {key: article.kind or UNKNOWN for key, article in gold.items()}
    return report_of(judge(gold, facts, mentions), gold, kinds, WANTED_PRECISION)


def withhold(report: Report, held_out: frozenset[str]) -> Report:
    """`report` with the errors in `held_out` articles counted, not listed."""
    shown: dict[str, list[Failure]] = {}
    withheld: dict[str, int] = {}
    for cause, failures in report.errors.items():
        kept = [failure for failure in failures if failure.article_id not in held_out]
        if kept:
            shown[cause] = kept
        if len(kept) < len(failures):
            withheld[cause] = len(failures) - len(kept)
    return report.model_copy(update={"errors": shown, "withheld": withheld})


def report_of(
    judgement: Judgement,
    gold: Mapping[str, GoldArticle],
    kinds: Mapping[str, str],
    precision: float = WANTED_PRECISION,
) -> Report:
    """All that a judgement says, errors of held-out articles included; `kinds` are the kinds of text by article id."""
    pairings = judgement.pairings.values()
    pairs = [pair for pairing in pairings for pair in pairing.pairs]
    stated = [pair.gold for pair in pairs] + [missed for pairing in pairings for missed in pairing.missed]
    required = sum(not fact.optional for fact in stated)
    by_type = tally(pairings)
    found = outcomes(pairings)
    return Report(
        articles=len(judgement.pairings),
        gold_facts=required,
        optional_facts=len(stated) - required,
        predicted_facts=len(pairs) + sum(len(pairing.extra) for pairing in pairings),
        optional_found=sum(pair.gold.optional for pair in pairs),
        ignored=judgement.ignored,
        facts=total(by_type.values()),
        quantities=total(score for (_, figure), score in by_type.items() if figure),
        events=total(score for (_, figure), score in by_type.items() if not figure),
        intervals=intervals(list(judgement.by_article().values())),
        by_type={
            name: total(score for (of, _), score in by_type.items() if of == name)
            for name in sorted({of for of, _ in by_type})
        },
        by_lang=_groups(judgement, lambda key: gold[key].lang),
        by_kind=_groups(judgement, kinds.__getitem__),
        slots=slot_scores(pairs),
        dates=_counts(judgement.mentions.get("date")),
        entities=_counts(judgement.mentions.get("entity")),
        figures=_counts(judgement.mentions.get("figure")),
        figures_unjudged=sum(each.unjudged for each in judgement.mentions.get("figure", {}).values()),
        calibration=calibration(found),
        thresholds=thresholds(found, required, precision),
        errors=list_errors(judgement.pairings, judgement.mentions),
        withheld={},
    )


def _groups(judgement: Judgement, group_of: Callable[[str], str]) -> dict[str, Group]:
    members = defaultdict(list)
    for key, scores in judgement.by_article().items():
        members[group_of(key)].append(scores)
    return {name: Group(articles=len(each), scores=total(each)) for name, each in sorted(members.items())}


def _counts(found: FoundByArticle | None) -> PRF | None:
    return None if found is None else sum((each.counts for each in found.values()), PRF())


def slot_scores(pairs: Iterable[Pair]) -> dict[str, SlotScore]:
    """The agreement of each slot over `pairs`, without those with an optional gold fact."""
    scores = {slot: SlotScore() for slot in SLOTS}
    for pair in pairs:
        for slot, right in pair.slots.items() if not pair.gold.optional else ():
            filled = any(slot_text(side, slot) != EMPTY for side in (pair.predicted, pair.gold))
            scores[slot] += SlotScore(
                right=int(right), total=1, filled_right=int(right and filled), filled=int(filled)
            )
    return scores
