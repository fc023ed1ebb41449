"""Facts and mentions of many articles, held against their gold one article at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.evaluate.agreement import Agreement, load_nearness
from pipeline.evaluate.gold import ArticleMentions, FoundDate, FoundEntity, GoldArticle
from pipeline.evaluate.measures import PRF, Scores
from pipeline.evaluate.mentions import FoundByArticle, score_dates, score_entities, score_figures
from pipeline.evaluate.names import load_name_rules
from pipeline.evaluate.pairing import Pair, Pairing, pair_up
from pipeline.evaluate.statement import Statement, from_fact, from_gold
from pipeline.schema import Fact, Kind
from pipeline.units import load_units

Tally = dict[tuple[str, bool], Scores]
"""Scores by type, and by whether there is a figure."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of each article's statements and mentions, by article id in order. `mentions` are keyed by what
    they are (date, entity, figure); `ignored` counts facts of articles without gold."""

    pairings: Mapping[str, Pairing]
    mentions: Mapping[str, FoundByArticle] = field(default_factory=dict)
    ignored: int = 0

    def by_article(self) -> dict[str, Scores]:
        """The scores of each article."""
        return {key: total(tally([pairing]).values()) for key, pairing in self.pairings.items()}


def judge(
    gold: Mapping[str, GoldArticle],
    facts: Mapping[str, Sequence[Fact]],
    mentions: Mapping[str, ArticleMentions] | None = None,
    known: Mapping[str, GoldArticle] | None = None,
) -> Judgement:
    """Pair the facts, and the mentions where given, with the gold of their articles.

    Articles with gold and without predictions have missed all. Brands are known from `known`, all the gold there is;
    by default from `gold`. Facts of an article in neither are counted as ignored.
    """
    known = known or gold
    agreement = build_agreement(known)
    pairings = {
        key: pair_up(
            [from_fact(fact) for fact in facts.get(key, ())],
            [from_gold(fact, at) for at, fact in enumerate(article.facts)],
            agreement,
        )
        for key, article in sorted(gold.items())
    }
    ignored = sum(len(found) for key, found in facts.items() if key not in known)
    return Judgement(pairings, _judge_mentions(gold, mentions, agreement), ignored)


def judge_double(
    first: Mapping[str, GoldArticle], second: Mapping[str, GoldArticle], known: Mapping[str, GoldArticle]
) -> Judgement:
    """Hold what a second annotator wrote against the first, as if it had been predicted; articles of `first` alone.

    What either of them leaves optional is not counted, neither are the facts that met it. Brands are known from
    `known`.
    """
    agreement = build_agreement(known)
    pairings = {
        key: _without_optional(pair_up(_statements(second[key]), _statements(article), agreement))
        for key, article in sorted(first.items())
    }
    return Judgement(pairings, _judge_mentions(first, {key: _as_found(second[key]) for key in first}, agreement))


def _statements(article: GoldArticle) -> list[Statement]:
    return [from_gold(fact, at) for at, fact in enumerate(article.facts)]


def _without_optional(pairing: Pairing) -> Pairing:
    """`pairing` with optional facts of the predicted side as those of the gold side, which no score counts."""
    pairs = (
        replace(pair, gold=replace(pair.gold, optional=True)) if pair.predicted.optional else pair
        for pair in pairing.pairs
    )
    return replace(pairing, pairs=tuple(pairs), extra=tuple(each for each in pairing.extra if not each.optional))


def _as_found(article: GoldArticle) -> ArticleMentions:
    kinds = {"MODEL": Kind.MODEL}
    return ArticleMentions(
        id=article.id,
        dates=[FoundDate(text=date.text, value=date.value) for date in article.dates],
        entities=[FoundEntity(name=each.name, kind=kinds.get(each.type, Kind.OTHER)) for each in article.entities],
    )


def build_agreement(gold: Mapping[str, GoldArticle]) -> Agreement:
    """The rules of comparison; a brand is what gold itself names as a company, a brand or an organisation."""
    names = {entity.name for article in gold.values() for entity in article.entities if entity.type == "ORG"}
    for fact in (fact for article in gold.values() for fact in article.facts):
        parties = [party for party in (fact.subject, fact.object) if party is not None]
        names |= {party.name for party in parties if party.kind in (Kind.COMPANY, Kind.BRAND)}
    return Agreement(load_name_rules().with_brands(sorted(names)), load_units(), load_nearness())


def _judge_mentions(
    gold: Mapping[str, GoldArticle], mentions: Mapping[str, ArticleMentions] | None, agreement: Agreement
) -> dict[str, FoundByArticle]:
    if mentions is None:
        return {}
    ids = sorted(gold)
    found = {
        "date": {key: score_dates(mentions.get(key), gold[key]) for key in ids},
        "entity": {key: score_entities(mentions.get(key), gold[key], agreement.names) for key in ids},
    }
    if any(each.quantities is not None for each in mentions.values()):
        found["figure"] = {key: score_figures(mentions.get(key), gold[key], agreement) for key in ids}
    return found


def total(scores: Iterable[Scores]) -> Scores:
    """The sum of `scores`."""
    return sum(scores, Scores())


def tally(pairings: Iterable[Pairing]) -> Tally:
    """Scores without optional gold facts and what met them; a pair counts under gold's type."""
    counts: Tally = defaultdict(Scores)
    for pairing in pairings:
        for pair in pairing.pairs:
            _count_pair(pair, counts)
        for gold in pairing.missed:
            if not gold.optional:
                counts[_place(gold)] += Scores(core=PRF(fn=1), full=PRF(fn=1))
        for predicted in pairing.extra:
            counts[_place(predicted)] += Scores(core=PRF(fp=1), full=PRF(fp=1))
    return dict(counts)


def _count_pair(pair: Pair, counts: Tally) -> None:
    if pair.gold.optional:
        return
    counts[_place(pair.gold)] += Scores(core=PRF(tp=1), full=PRF(tp=1) if pair.full else PRF(fn=1))
    if not pair.full:
        counts[_place(pair.predicted)] += Scores(full=PRF(fp=1))


def _place(statement: Statement) -> tuple[str, bool]:
    return statement.type, statement.figure is not None
