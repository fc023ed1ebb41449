"""Two runs side by side: scores, whether their difference may be chance, and what was won and lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.evaluate.agreement import EMPTY, figure_text, slot_text
from pipeline.evaluate.bootstrap import p_value
from pipeline.evaluate.gold import load_gold
from pipeline.evaluate.judging import Judgement, judge, tally, total
from pipeline.evaluate.measures import PRF, Part, Scores, SlotScore
from pipeline.evaluate.pairing import Pairing
from pipeline.evaluate.run import Run
from pipeline.evaluate.scores import EvaluateOptions, slot_scores
from pipeline.evaluate.splits import load_splits
from pipeline.evaluate.statement import Statement

Outcome = Literal["won", "lost", "mixed"]


class Versus(Part):
    """The scores of the first run, `a`, and of the second, `b`."""

    a: Scores
    b: Scores


class SlotVersus(Part):
    """The agreement of one slot in the first run, `a`, and in the second, `b`."""

    a: SlotScore
    b: SlotScore


class MentionsVersus(Part):
    """Dates, entities or figures in the first run, `a`, and in the second, `b`."""

    a: PRF
    b: PRF


class Change(Part):
    """One fact that the runs do not treat alike: a gold fact found or missed, a slot put right or spoilt, or a
    prediction that no gold fact meets. `before` and `after` say what each run made of it; "won" means that the second
    run is better, "mixed" that some slots are better and some worse."""

    outcome: Outcome
    article_id: str
    type: str
    figure: str
    quote: str
    before: str
    after: str


class Comparison(Part):
    """Two runs on the same gold. `core_p` and `full_p` are the p-values of the differences in F1 (paired approximate
    randomisation over articles). `withheld` counts changes in held-out articles, which are not listed."""

    split: str | None
    articles: int
    facts: Versus
    core_p: float
    full_p: float
    by_type: dict[str, Versus]
    slots: dict[str, SlotVersus]
    mentions: dict[str, MentionsVersus]
    changes: list[Change]
    withheld: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class _State:
    """What a run made of a gold fact: 0 missed, 1 a core match, 2 a full match; and the slots it has wrong."""

    grade: int
    wrong: Mapping[str, str]

    def __str__(self) -> str:
        if not self.grade:
            return "missed"
        slots = "; ".join(f"{slot} {content}" for slot, content in self.wrong.items())
        return f"{'full' if self.grade == 2 else 'core'} match{f', wrong: {slots}' if slots else ''}"


def compare_runs(gold_dir: Path, one: Run, other: Run, options: EvaluateOptions | None = None) -> Comparison:
    """Compare two runs on the gold of a folder, of one split where `options` names it.

    Changes in held-out articles are only counted, unless `options.show_held_out`. Raises ValueError and
    FileNotFoundError as `evaluate_files`.
    """
    options = options or EvaluateOptions()
    known, splits = load_gold(gold_dir), load_splits(gold_dir)
    gold = splits.gold(known, options.split, options.lang)
    a, b = (judge(gold, run.facts, run.mentions, known) for run in (one, other))
    changes = [change for key in gold for change in _changes(key, a.pairings[key], b.pairings[key])]
    hidden = frozenset() if options.show_held_out else splits.held_out
    ours, theirs = list(a.by_article().values()), list(b.by_article().values())
    return Comparison(
        split=options.split,
        articles=len(gold),
        facts=Versus(a=total(ours), b=total(theirs)),
        core_p=p_value([each.core for each in ours], [each.core for each in theirs]),
        full_p=p_value([each.full for each in ours], [each.full for each in theirs]),
        by_type=_by_type(a, b),
        slots=_slots(a, b),
        mentions=_mentions(a, b),
        changes=[change for change in changes if change.article_id not in hidden],
        withheld=dict(Counter(change.outcome for change in changes if change.article_id in hidden)),
    )


def _by_type(a: Judgement, b: Judgement) -> dict[str, Versus]:
    ours, theirs = tally(a.pairings.values()), tally(b.pairings.values())
    return {
        name: Versus(
            a=total(score for (of, _), score in ours.items() if of == name),
            b=total(score for (of, _), score in theirs.items() if of == name),
        )
        for name in sorted({of for of, _ in ours.keys() | theirs.keys()})
    }


def _slots(a: Judgement, b: Judgement) -> dict[str, SlotVersus]:
    ours, theirs = (slot_scores(p for each in side.pairings.values() for p in each.pairs) for side in (a, b))
    return {slot: SlotVersus(a=score, b=theirs[slot]) for slot, score in ours.items()}


def _mentions(a: Judgement, b: Judgement) -> dict[str, MentionsVersus]:
    def counts(side: Judgement, what: str) -> PRF:
        return sum((each.counts for each in side.mentions[what].values()), PRF())

    return {what: MentionsVersus(a=counts(a, what), b=counts(b, what)) for what in a.mentions if what in b.mentions}


def _changes(article_id: str, a: Pairing, b: Pairing) -> list[Change]:
    gold = {statement.ref: statement for statement in [pair.gold for pair in a.pairs] + list(a.missed)}
    before, after = _states(a), _states(b)
    changes = [
        _change(article_id, gold[ref], outcome, (str(before[ref]), str(after[ref])))
        for ref in sorted(gold, key=int)
        if not gold[ref].optional and (outcome := _outcome(before[ref], after[ref]))
    ]
    gone, new = _surplus(a.extra, b.extra), _surplus(b.extra, a.extra)
    changes += [_change(article_id, each, "won", (_extra(each), EMPTY)) for each in gone]
    changes += [_change(article_id, each, "lost", (EMPTY, _extra(each))) for each in new]
    return changes


def _states(pairing: Pairing) -> dict[str, _State]:
    states = {gold.ref: _State(0, {}) for gold in pairing.missed}
    for pair in pairing.pairs:
        wrong = {slot: slot_text(pair.predicted, slot) for slot, right in pair.slots.items() if not right}
        states[pair.gold.ref] = _State(2 if pair.full else 1, wrong)
    return states


def _outcome(before: _State, after: _State) -> Outcome | None:
    if before.grade != after.grade:
        return "won" if after.grade > before.grade else "lost"
    mended, spoilt = before.wrong.keys() - after.wrong.keys(), after.wrong.keys() - before.wrong.keys()
    if mended and spoilt:
        return "mixed"
    return "won" if mended else "lost" if spoilt else None


def _surplus(some: Iterable[Statement], others: Iterable[Statement]) -> list[Statement]:
    """Those of `some` that are not among `others`, each as often as it is there more often. What is extra in both and
    differs in its slots only is no change: it is wrong either way."""
    left = Counter(_gist(each) for each in others)
    surplus = []
    for each in some:
        if left[_gist(each)]:
            left[_gist(each)] -= 1
        else:
            surplus.append(each)
    return surplus


def _gist(statement: Statement) -> tuple[str, str]:
    return statement.type, figure_text(statement.figure)


def _extra(statement: Statement) -> str:
    return f"extra: {slot_text(statement, 'subject')}"


def _change(article_id: str, statement: Statement, outcome: Outcome, states: tuple[str, str]) -> Change:
    return Change(
        outcome=outcome,
        article_id=article_id,
        type=statement.type,
        figure=figure_text(statement.figure),
        quote=statement.quote,
        before=states[0],
        after=states[1],
    )
