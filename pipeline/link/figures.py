"""Figures: one candidate for each quantity that states something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.link import details
from pipeline.link.bench import Bench, statement
from pipeline.link.candidate import Candidate
from pipeline.link.choice import Choice
from pipeline.link.metric import metric, says_change_of
from pipeline.link.parties import FIGURE
from pipeline.link.party import COUNTRY, MAKERS
from pipeline.link.periods import Figure
from pipeline.link.propose import Reading, guard, readings
from pipeline.link.scene import within
from pipeline.ontology import FactType
from pipeline.schema import Kind, QuantityMention, Rejection, Span

_SERIES = 2  # sentences between two figures of one series


def from_figures(bench: Bench) -> tuple[list[Candidate], list[Rejection]]:
    """Candidates of the quantities of the scene, and those that state nothing, with the reason."""
    candidates: list[Candidate] = []
    rejections: list[Rejection] = []
    for quantity in bench.scene.mentions.quantities:
        options = readings(
            bench.scene, quantity, bench.knowledge.ontology, bench.knowledge.units, bench.knowledge.pack.link
        )
        reason = _excluded(bench, quantity, options)
        if reason:
            article = bench.scene.doc.article.id
            rejections.append(Rejection(article_id=article, reason=reason, type=None, span=quantity.span))
        else:
            reading = _of_series(bench, quantity, options[0], candidates)
            candidates.append(_candidate(bench, quantity, reading, candidates))
    return candidates, rejections


def read_as(bench: Bench, quantity: QuantityMention, name: str, told: Sequence[Candidate]) -> Candidate:
    """The candidate of type `name` that the rules make of a figure, though no word may say so, after those `told`."""
    index = bench.scene.sentence_index(quantity.span.start)
    return _candidate(bench, quantity, Reading(name, quantity, index, 0.0), told)


def _of_series(bench: Bench, quantity: QuantityMention, reading: Reading, told: Sequence[Candidate]) -> Reading:
    """`reading`, or where only the topic of the article speaks for its type, one of the type of the series in which the
    figure stands: that of the last figure of its unit, of the same sentence or the few before it."""
    if reading.trigger is not None or not reading.inherited:
        return reading
    alike = (c for c in reversed(told) if c.quantity is not None and c.quantity.unit == quantity.unit)
    before = next(alike, None)
    if before is None or bench.knowledge.ontology.types[before.type].change:
        return reading
    near = reading.sentence - bench.scene.sentence_index(before.anchor.start) <= _SERIES
    return reading._replace(type=before.type) if near else reading


def _excluded(bench: Bench, quantity: QuantityMention, options: Sequence[Reading]) -> str | None:
    guarded = guard(bench.scene, quantity, bench.knowledge.units)
    if guarded:
        return f"guard_{guarded}"
    if not options:
        return "no_trigger"
    if _replaced(bench, quantity):
        return "previous_figure"
    return None


def _replaced(bench: Bench, quantity: QuantityMention) -> bool:
    """Whether another figure of the sentence takes this one as its previous figure."""
    local = bench.scene.quantities_in(bench.scene.sentence_index(quantity.span.start))
    return details.replaced_by(bench.scene, quantity, local, bench.knowledge.pack.link) is not None


def _candidate(bench: Bench, quantity: QuantityMention, reading: Reading, told: Sequence[Candidate]) -> Candidate:
    scene, index = bench.scene, reading.sentence
    before = told[-1] if told else None
    row = bench.knowledge.ontology.types[reading.type]
    trigger = None if reading.inherited else reading.trigger
    anchors = [quantity.span, *([trigger.span] if trigger else [])]
    choice = (
        _parallel(bench, quantity, index, row)
        or _changed(bench, row, quantity, before)
        or _taken_up(bench, row, index, before)
        or _settled(bench, row, quantity, index, before, bench.roles.subject(row, anchors, index))
    )
    choice = _back_to_market(bench, row, index, told, choice)
    rivals = [q.span for q in scene.quantities_in(index) if q is not quantity and q.unit == quantity.unit]
    rate = details.find_rate(scene, quantity, trigger.span if trigger else None)
    # What is done in any year holds for no period named elsewhere.
    inherits = row.inherits_period and rate is None
    figure = Figure([quantity.figure], index, inherits, row.cumulates, rivals, row.takes_effect, row.of_made)
    period = bench.periods.find(figure)
    kind = choice.party.kind if choice else None
    found = statement(bench, reading.type, anchors, index, choice, trigger)
    return found._replace(
        anchor=quantity.span,
        strength=reading.evidence,
        quantity=_counted(quantity, row),
        previous=details.find_previous(scene, quantity, bench.knowledge.pack.link),
        sign=1 if quantity.signed else reading.sign,
        per=rate,
        metric=metric(bench, row, quantity, anchors, index, before),
        period=period,
        modality=bench.modality.of_figure(anchors, index, period, kind, row),
    )


def _counted(quantity: QuantityMention, row: FactType) -> QuantityMention:
    """The figure in the unit in which its type counts."""
    unit = row.counts_as.get(quantity.unit, quantity.unit)
    return quantity if unit == quantity.unit else replace(quantity, unit=unit)


def _changed(bench: Bench, row: FactType, quantity: QuantityMention, before: Candidate | None) -> Choice | None:
    """The subject of the figure of which a bracket behind it says how it changed."""
    if before is None or before.subject is None or before.subject.kind not in row.subjects:
        return None
    said = row.metric is not None and says_change_of(bench, before, quantity)
    return Choice(before.subject, before.subject_score, alone=True) if said else None


def _taken_up(bench: Bench, row: FactType, index: int, before: Candidate | None) -> Choice | None:
    """The subject of the statement before, where the sentence opens by taking it up ("Cela représente …")."""
    if before is None or before.subject is None or before.subject.kind not in row.subjects:
        return None
    sentence = bench.scene.sentence(index)
    opening = bench.scene.cues_in("anaphor", sentence.start, sentence.start + 1)
    named = any(p.role == "actor" and not p.anaphor for p in bench.roles.in_sentence(index))
    if named or before.sentence.start >= sentence.start or not any(c.value == FIGURE for c in opening):
        return None
    return Choice(before.subject, 1.0, alone=True)


def _settled(
    bench: Bench, row: FactType, quantity: QuantityMention, index: int, before: Candidate | None, found: Choice | None
) -> Choice | None:
    """The subject `found`, unless nobody is named between the statement before and this figure: then it goes on about
    the same party ("51 362 voitures immatriculées, soit 8,1 % de plus")."""
    if before is None or before.subject is None or before.quantity is None:
        return found
    local = found is not None and found.party.sentence == index
    later = found is not None and found.party.span.start > before.quantity.span.start
    if local and (later or _parenthetical(bench, before.quantity.span, quantity.span)):
        return found
    if before.subject.kind is Kind.MARKET and not row.keeps_market:
        return found
    # What is said of a maker does not go on where a product is spoken of.
    of_product = row.subjects[0] is Kind.MODEL and not row.receives and before.subject.kind in MAKERS
    to_product = of_product and found is not None and found.party.kind is Kind.MODEL
    if to_product or before.subject.kind not in row.subjects or not _goes_on(bench, before, index):
        return found
    between = within(bench.parties, before.quantity.span.end, quantity.span.start)
    if any(p.role == "actor" and p.kind in row.subjects and COUNTRY not in p.classes for p in between):
        return found
    return Choice(before.subject, before.subject_score, alone=True)


def _parenthetical(bench: Bench, before: Span, figure: Span) -> bool:
    """The figure before stands in brackets that close before this one: what they say of whom holds in them only."""
    gap = bench.scene.between(before, figure)
    closed = gap.find(")")
    return closed >= 0 and "(" not in gap[:closed]


def _back_to_market(
    bench: Bench, row: FactType, index: int, told: Sequence[Candidate], found: Choice | None
) -> Choice | None:
    """The market with whose figures the article opens, where a new paragraph gives such a figure and names nobody:
    after the makers it comes back to the whole ("Depuis janvier, le total s'établit à …")."""
    opening = told[0].subject if told else None
    if opening is None or opening.kind is not Kind.MARKET or not row.inherits_period or not row.keeps_market:
        return found
    if found is None or found.party.kind not in (*MAKERS, Kind.MODEL) or Kind.MARKET not in row.subjects:
        return found
    scene = bench.scene
    if scene.sentence(found.party.sentence).block == scene.sentence(index).block:
        return found
    spoken = bench.roles.inheritance.market_before(index)
    if spoken:
        return Choice(spoken, found.score, alone=True)
    return found if row.of_whole else Choice(opening, found.score, alone=True)


def _goes_on(bench: Bench, before: Candidate, index: int) -> bool:
    """Whether the statement before stands in the same sentence, or in the one before it in the same paragraph; one of
    a market reaches further, for a market is seldom named again."""
    assert before.subject
    scene, earlier = bench.scene, bench.scene.sentence_index(before.anchor.start)
    if earlier == index or before.subject.kind is Kind.MARKET:
        return True
    return earlier == index - 1 and scene.sentence(earlier).block == scene.sentence(index).block


def _parallel(bench: Bench, quantity: QuantityMention, index: int, row: FactType) -> Choice | None:
    """Subject by position where two lists run in parallel ("A et B … respectivement x et y")."""
    sentence = bench.scene.sentence(index)
    text = bench.scene.doc.lower[sentence.start : sentence.end]
    if not any(word in text for word in bench.knowledge.pack.link.respectively):
        return None
    local = bench.scene.quantities_in(index)
    figures = [q for q in local if q.unit == quantity.unit and q.list_id == quantity.list_id]
    parties = [p for p in bench.roles.in_sentence(index) if p.kind in row.subjects and p.role == "actor"]
    if len(figures) < 2 or quantity not in figures:
        return None
    ahead = [p for p in parties if p.span.end <= figures[0].span.start][-len(figures) :]
    if len(ahead) != len(figures):
        return None
    return Choice(ahead[figures.index(quantity)], 1.0, alone=True)
