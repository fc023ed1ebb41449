"""The evaluation: facts, dates and entities of many articles against their gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.evaluate.agreement import (
    EMPTY,
    SLOTS,
    Agreement,
    load_nearness,
    slot_text,
)
from pipeline.evaluate.errors import list_errors
from pipeline.evaluate.gold import ArticleMentions, GoldArticle, load_facts, load_gold, load_mentions
from pipeline.evaluate.mentions import FoundByArticle, score_dates, score_entities
from pipeline.evaluate.names import NameRules, load_name_rules
from pipeline.evaluate.pairing import Pair, Pairing, pair_up
from pipeline.evaluate.report import PRF, Report, Scores, SlotScore
from pipeline.evaluate.statement import Statement, from_fact, from_gold
from pipeline.schema import Fact, Kind
from pipeline.units import load_units


def evaluate_files(gold_dir: Path, facts_file: Path, articles_file: Path | None = None) -> Report:
    """Score the facts of a run against the gold of a folder.

    `articles_file` holds the mentions for dates and entities; by default articles.jsonl beside `facts_file`,
    where there is one. Raises ValueError, naming file, line and key, for what is not valid, and
    FileNotFoundError.
    """
    beside = facts_file.with_name("articles.jsonl")
    if articles_file is None and beside.is_file():
        articles_file = beside
    mentions = load_mentions(articles_file) if articles_file else None
    return evaluate(load_gold(gold_dir), load_facts(facts_file), mentions)


def evaluate(
    gold: Mapping[str, GoldArticle],
    facts: Mapping[str, Sequence[Fact]],
    mentions: Mapping[str, ArticleMentions] | None = None,
) -> Report:
    """Score facts, and mentions where given, by article id.

    Articles with gold and without predictions have missed all; facts of other articles are only counted.
    """
    agreement = build_agreement(gold)
    pairings = {
        article_id: pair_up(
            [from_fact(fact) for fact in facts.get(article_id, ())],
            [from_gold(fact) for fact in article.facts],
            agreement,
        )
        for article_id, article in sorted(gold.items())
    }
    dates, entities = (None, None) if mentions is None else _score_mentions(gold, mentions, agreement.names)
    return _report(
        pairings,
        ignored=sum(len(found) for article_id, found in facts.items() if article_id not in gold),
        dates=dates,
        entities=entities,
    )


def build_agreement(gold: Mapping[str, GoldArticle]) -> Agreement:
    """The rules of comparison; a brand is what gold itself names as a company, a brand or an organisation."""
    names = {entity.name for article in gold.values() for entity in article.entities if entity.type == "ORG"}
    for fact in (fact for article in gold.values() for fact in article.facts):
        parties = [party for party in (fact.subject, fact.object) if party is not None]
        names |= {party.name for party in parties if party.kind in (Kind.COMPANY, Kind.BRAND)}
    return Agreement(load_name_rules().with_brands(sorted(names)), load_units(), load_nearness())


def _score_mentions(
    gold: Mapping[str, GoldArticle], mentions: Mapping[str, ArticleMentions], names: NameRules
) -> tuple[FoundByArticle, FoundByArticle]:
    ids = sorted(gold)
    dates = {key: score_dates(mentions.get(key), gold[key]) for key in ids}
    entities = {key: score_entities(mentions.get(key), gold[key], names) for key in ids}
    return dates, entities


def _report(
    pairings: Mapping[str, Pairing],
    *,
    ignored: int,
    dates: FoundByArticle | None,
    entities: FoundByArticle | None,
) -> Report:
    pairs = [pair for pairing in pairings.values() for pair in pairing.pairs]
    missed = [gold for pairing in pairings.values() for gold in pairing.missed]
    extra = [predicted for pairing in pairings.values() for predicted in pairing.extra]
    gold = [pair.gold for pair in pairs] + missed
    tally = _tally(pairs, missed, extra)
    return Report(
        articles=len(pairings),
        gold_facts=sum(not fact.optional for fact in gold),
        optional_facts=sum(fact.optional for fact in gold),
        predicted_facts=len(pairs) + len(extra),
        optional_found=sum(pair.gold.optional for pair in pairs),
        ignored=ignored,
        facts=_sum(tally.values()),
        quantities=_sum(score for (_, figure), score in tally.items() if figure),
        events=_sum(score for (_, figure), score in tally.items() if not figure),
        by_type={
            name: _sum(score for (of, _), score in tally.items() if of == name)
            for name in sorted({of for of, _ in tally})
        },
        slots=_slot_scores(pairs),
        dates=_counts(dates),
        entities=_counts(entities),
        errors=list_errors(pairings, dates, entities),
    )


def _counts(found: FoundByArticle | None) -> PRF | None:
    return None if found is None else sum((each.counts for each in found.values()), PRF())


def _sum(scores: Iterable[Scores]) -> Scores:
    return sum(scores, Scores())


def _tally(
    pairs: Iterable[Pair], missed: Iterable[Statement], extra: Iterable[Statement]
) -> dict[tuple[str, bool], Scores]:
    """Scores by type and by whether there is a figure, without optional gold facts and what met them."""
    tally: dict[tuple[str, bool], Scores] = defaultdict(Scores)
    for pair in pairs:
        if pair.gold.optional:
            continue
        tally[_place(pair.gold)] += Scores(core=PRF(tp=1), full=PRF(tp=1) if pair.full else PRF(fn=1))
        if not pair.full:
            tally[_place(pair.predicted)] += Scores(full=PRF(fp=1))
    for gold in missed:
        if not gold.optional:
            tally[_place(gold)] += Scores(core=PRF(fn=1), full=PRF(fn=1))
    for predicted in extra:
        tally[_place(predicted)] += Scores(core=PRF(fp=1), full=PRF(fp=1))
    return dict(tally)


def _place(statement: Statement) -> tuple[str, bool]:
    return statement.type, statement.figure is not None


def _slot_scores(pairs: Iterable[Pair]) -> dict[str, SlotScore]:
    scores = {slot: SlotScore() for slot in SLOTS}
    for pair in pairs:
        for slot, right in pair.slots.items() if not pair.gold.optional else ():
            filled = any(slot_text(side, slot) != EMPTY for side in (pair.predicted, pair.gold))
            scores[slot] += SlotScore(
                right=int(right), total=1, filled_right=int(right and filled), filled=int(filled)
            )
    return scores
