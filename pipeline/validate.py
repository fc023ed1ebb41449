"""Candidates to facts: checked against the contract, repeats merged, ids made. What fails is rejected with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import ValidationError

from pipeline.link.candidate import Candidate
from pipeline.link.evidence import evidence
from pipeline.link.party import PartyMention
from pipeline.ontology import Ontology
from pipeline.schema import (
    Article,
    Fact,
    Party,
    Quantity,
    QuantityMention,
    Rejection,
    Span,
)
from pipeline.scorer import Odds, Scorer

_USUAL = 0.7  # share of the facts of rules alone that are right in type, subject and figure
_ROUNDING = Decimal("0.05")  # how far a heading may round the figure of the text


@dataclass(frozen=True, slots=True)
class Validated:
    """Facts in the order of the text, rejections, and for each fact id the rules that spoke and the evidence."""

    facts: tuple[Fact, ...]
    rejections: tuple[Rejection, ...]
    traces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judge:
    """What candidates of articles in `lang` are held against: the table of types, and the learned scorer, where there
    is one."""

    ontology: Ontology
    scorer: Scorer | None
    lang: str

    def weighed(self, candidate: Candidate) -> Candidate:
        """The candidate with what speaks for and against it."""
        return candidate._replace(evidence=evidence(candidate, self.ontology.types[candidate.type], self.lang))

    def odds(self, candidate: Candidate) -> Odds:
        """How likely a weighed candidate is right; without a scorer, as likely as most are."""
        return self.scorer.odds(candidate.evidence) if self.scorer else Odds(_USUAL, _USUAL)

    def problem(self, candidate: Candidate) -> str | None:
        """Why the candidate cannot be a fact of its type, None where it can."""
        row = self.ontology.types[candidate.type]
        if candidate.subject is None:
            return "no_subject"
        if row.figure == "required" and candidate.quantity is None:
            return "no_figure"
        if candidate.quantity is not None and row.figure == "none":
            return "figure_not_allowed"
        return None

    def doubts(self, odds: Odds) -> bool:
        """Whether so little speaks for a candidate that it states nothing."""
        return self.scorer is not None and odds.core < self.scorer.reject_below


def validate(article: Article, candidates: Iterable[Candidate], judge: Judge, extractor: str) -> Validated:
    """Turn candidates into facts. Of several that state the same, the fullest stands; the others are its evidence."""
    facts: dict[tuple[object, ...], tuple[Fact, Candidate]] = {}
    periods: dict[tuple[object, ...], list[str | None]] = {}
    sentences: dict[tuple[object, ...], list[Span]] = {}
    rejections: list[Rejection] = []
    for proposed in candidates:
        reason = judge.problem(proposed)
        if reason:
            rejections.append(_reject(article, proposed, reason))
            continue
        candidate = judge.weighed(proposed)
        odds = judge.odds(candidate)
        if judge.doubts(odds):
            rejections.append(_reject(article, candidate, "unlikely", f"probability {odds.core:.3f}"))
            continue
        try:
            fact = _fact(article, candidate, odds, extractor)
        except ValidationError as error:
            rejections.append(_reject(article, candidate, "schema", str(error.errors()[0]["msg"])))
            continue
        key = _identity(fact, periods)
        known = facts.get(key)
        facts[key] = (fact, candidate) if known is None else _fuller(known, (fact, candidate))
        sentences.setdefault(key, []).append(candidate.sentence)
    told = [_with_evidence(pair, sentences[key]) for key, pair in facts.items()]
    settled = _without_rounded_headings(told)
    kept = sorted(settled, key=lambda pair: (pair[1].anchor.start, pair[0].type, pair[0].id))
    return Validated(
        tuple(fact for fact, _ in kept),
        tuple(rejections),
        {fact.id: candidate.reasons for fact, candidate in kept},
        {fact.id: dict(candidate.evidence) for fact, candidate in kept},
    )


def _reject(article: Article, candidate: Candidate, reason: str, detail: str = "") -> Rejection:
    return Rejection(article_id=article.id, reason=reason, type=candidate.type, span=candidate.anchor, detail=detail)


def _fact(article: Article, candidate: Candidate, odds: Odds, extractor: str) -> Fact:
    quantity = _quantity(candidate.quantity, candidate.sign, candidate.per) if candidate.quantity else None
    subject = _party(candidate.subject)
    return Fact(
        id=_fact_id(article.id, candidate, subject, quantity),
        article_id=article.id,
        published=article.published.value if article.published else None,
        lang=article.lang,
        type=candidate.type,
        subject=subject,
        object=_party(candidate.object),
        metric=candidate.metric,
        quantity=quantity,
        converted=_converted(candidate.quantity, candidate.sign),
        previous=_quantity(candidate.previous, candidate.sign, None) if candidate.previous else None,
        period=candidate.period,
        basis=list(candidate.basis) or None,
        modality=candidate.modality,
        polarity=candidate.polarity,
        place=candidate.place,
        source=candidate.source,
        evidence=[candidate.sentence],
        confidence=round(odds.right, 3),
        extractor=extractor,
    )


def _party(party: PartyMention | None) -> Party | None:
    return Party(name=party.name, kind=party.kind, span=party.span) if party else None


def _quantity(mention: QuantityMention, sign: int, per: str | None) -> Quantity:
    def signed(value: Decimal | None) -> Decimal | None:
        return value if value is None or sign > 0 or value <= 0 else -value

    low, high = signed(mention.low), signed(mention.high)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Quantity(
        value=signed(mention.value),
        low=low,
        high=high,
        unit=mention.unit,
        qualifier=mention.qualifier,
        per=per or mention.per,
        span=mention.span,
    )


def _converted(mention: QuantityMention | None, sign: int) -> Quantity | None:
    return _quantity(mention.converted, sign, None) if mention and mention.converted else None


def _fact_id(article_id: str, candidate: Candidate, subject: Party | None, quantity: Quantity | None) -> str:
    figure = (quantity.value, quantity.low, quantity.high, quantity.unit) if quantity else ()
    parts = [article_id, candidate.type, subject.name if subject else "", *map(str, figure)]
    parts += [candidate.period.value if candidate.period else "", candidate.object.name if candidate.object else ""]
    parts += [candidate.modality, candidate.polarity, candidate.metric or "", *candidate.basis]
    return "f:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _identity(fact: Fact, periods: dict[tuple[object, ...], list[str | None]]) -> tuple[object, ...]:
    """What makes two statements one: type, subject, figure and period. A period that one of them lacks does not
    tell them apart; nor does a figure rounded in a heading.

    `periods` holds those of the facts so far by the rest of their identity, and takes up that of a new one.
    """
    figure: object = None
    if fact.quantity:
        figure = (fact.quantity.value, fact.quantity.low, fact.quantity.high, fact.quantity.unit)
    other = fact.object.name if fact.object and not fact.quantity else None
    subject = fact.subject.name if fact.subject else None
    period = fact.period.value if fact.period else None
    rest = (fact.type, subject, figure, other, fact.metric, tuple(fact.basis or ()) if fact.quantity else ())
    known = periods.setdefault(rest, [])
    if period in known:
        return (*rest, known.index(period))
    if period is None and known:
        return (*rest, 0)
    if None in known:
        # The statement that had no period was this one; a further period is a fact of its own.
        known[known.index(None)] = period
        return (*rest, known.index(period))
    known.append(period)
    return (*rest, len(known) - 1)


def _without_rounded_headings(pairs: list[tuple[Fact, Candidate]]) -> list[tuple[Fact, Candidate]]:
    """Drop a figure of a heading that the text states exactly; its sentence becomes evidence of the exact one."""
    kept = [pair for pair in pairs if not pair[1].heading]
    alike: dict[tuple[str, str | None], list[int]] = {}
    for index, (fact, _) in enumerate(kept):
        alike.setdefault(_sort(fact), []).append(index)
    for heading in (pair for pair in pairs if pair[1].heading):
        rivals = alike.setdefault(_sort(heading[0]), [])
        at = next((i for i in rivals if _rounds(heading[0], kept[i][0])), None)
        if at is None:
            rivals.append(len(kept))
            kept.append(heading)
        else:
            evidence = sorted({*kept[at][0].evidence, *heading[0].evidence})
            kept[at] = (kept[at][0].model_copy(update={"evidence": evidence}), kept[at][1])
    return kept


def _sort(fact: Fact) -> tuple[str, str | None]:
    return fact.type, fact.quantity.unit if fact.quantity else None


def _rounds(heading: Fact, exact: Fact) -> bool:
    """Whether the figures of two facts of one type and unit and of one party, or of it and its product, are equal but
    for rounding."""
    a, b = heading.quantity, exact.quantity
    if a is None or b is None or not a.value or not b.value or heading.subject is None or exact.subject is None:
        return False
    one, other = heading.subject.name, exact.subject.name
    if one not in other and other not in one:
        return False
    return abs(abs(a.value) - abs(b.value)) <= _ROUNDING * abs(b.value)


def _fuller(first: tuple[Fact, Candidate], second: tuple[Fact, Candidate]) -> tuple[Fact, Candidate]:
    """The fuller of two statements of one fact. What the article also says in its own voice is credited to nobody."""
    best, other = sorted((first, second), key=_fullness, reverse=True)
    if best[0].source is not None and other[0].source is None and not other[1].heading:
        return best[0].model_copy(update={"source": None}), best[1]
    return best


def _with_evidence(pair: tuple[Fact, Candidate], sentences: Sequence[Span]) -> tuple[Fact, Candidate]:
    if len(sentences) == 1:
        return pair
    spans = sorted({(e.start, e.end): e for e in sentences}.values())
    return pair[0].model_copy(update={"evidence": spans}), pair[1]


def _fullness(pair: tuple[Fact, Candidate]) -> tuple[object, ...]:
    fact, candidate = pair
    return (
        not candidate.heading,
        fact.period is not None,
        fact.object is not None,
        candidate.strength,
        -candidate.anchor.start,
    )
