"""What the encoder is asked about a document that the rules have linked: figures, events, and what may fill their
slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.encoder.question import Anchor, Question, Slot, Target
from pipeline.link.bench import Bench
from pipeline.link.candidate import Candidate
from pipeline.link.choice import as_kind, fits
from pipeline.link.party import COUNTRY, SEGMENT, PartyMention
from pipeline.link.periods import to_period
from pipeline.ontology import FactType, Ontology
from pipeline.schema import DateMention, EntityMention, Kind, QuantityMention
from pipeline.units import Units

Filler = PartyMention | DateMention | EntityMention | QuantityMention
_PARTY = frozenset({Slot.SUBJECT, Slot.OBJECT, Slot.SOURCE})
_PERIOD, _PLACE, _PREVIOUS = (frozenset({slot}) for slot in (Slot.PERIOD, Slot.PLACE, Slot.PREVIOUS))
_ACTOR = "actor"
_OBSERVER = "observer"
_ANAPHOR = "anaphor"
MARKS = (*Kind, "rival", "source", _OBSERVER, _ANAPHOR, COUNTRY, SEGMENT, "date", "figure")
"""All that a target may be marked with."""


class Asking(NamedTuple):
    """A question with what its parts stand for: the figure (None for an event) and the rules' candidate (None where
    they see none) of each anchor, and the filler of each target."""

    question: Question
    figures: tuple[QuantityMention | None, ...]
    candidates: tuple[Candidate | None, ...]
    fillers: tuple[Filler, ...]


def asking(bench: Bench, candidates: Sequence[Candidate]) -> Asking:
    """The question about the figures of the bench and the events among `candidates`."""
    ontology, units = bench.knowledge.ontology, bench.knowledge.units
    by_figure = {c.quantity.span: c for c in candidates if c.quantity is not None}
    rows: list[tuple[Anchor, QuantityMention | None, Candidate | None]] = []
    for quantity in bench.scene.mentions.quantities:
        candidate = by_figure.get(quantity.span)
        anchor = Anchor(quantity.span, candidate.type if candidate else "", admitted(quantity, ontology, units))
        rows.append((anchor, quantity, candidate))
    rows += [(Anchor(c.anchor, c.type, (c.type,)), None, c) for c in candidates if c.quantity is None]
    rows.sort(key=lambda row: (row[0].span.start, row[0].span.end, row[0].hint))
    pairs = sorted(_fillers(bench), key=lambda pair: (pair[0].span.start, pair[0].span.end))
    doc = bench.scene.doc
    question = Question(doc.text, doc.sentences, [row[0] for row in rows], [target for target, _ in pairs])
    return Asking(
        question, tuple(row[1] for row in rows), tuple(row[2] for row in rows), tuple(filler for _, filler in pairs)
    )


def admitted(quantity: QuantityMention, ontology: Ontology, units: Units) -> tuple[str, ...]:
    """The types that a figure of this unit and size may have, in the order of the ontology."""
    size = quantity.value if quantity.value is not None else quantity.high
    base = None if size is None else units.in_base(size, quantity.unit)
    named = ontology.for_unit(quantity.unit, units.dimension(quantity.unit))
    return tuple(name for name in named if base is None or ontology.types[name].plausible(base))


def admits(asked: Asking, slot: Slot, row: FactType) -> Callable[[int], bool]:
    """Whether a target is of a kind that the slot of a type admits."""
    name = namer(asked, slot, row)
    return lambda target: name(target) is not None


def namer(asked: Asking, slot: Slot, row: FactType) -> Callable[[int], object | None]:
    """What a target stands for in the slot of a type: the same for all places that name one party, period, place or
    figure; None where it is of no kind that the slot admits."""
    kinds = row.subjects if slot is Slot.SUBJECT else row.objects

    def name(target: int) -> object | None:
        filler = asked.fillers[target]
        if isinstance(filler, DateMention):
            period = to_period(filler)
            return period.value, period.mod
        if isinstance(filler, QuantityMention):
            return filler.span
        if not isinstance(filler, PartyMention) or slot is Slot.SOURCE:
            return filler.name
        return as_kind(filler, kinds).name if fits(filler, kinds) else None

    return name


def _fillers(bench: Bench) -> list[tuple[Target, Filler]]:
    mentions = bench.scene.mentions
    parties = [form for party in bench.parties for form in _forms(bench, party)]
    places = [entity for entity in mentions.entities if entity.kind is Kind.PLACE]
    found: list[tuple[Target, Filler]] = [(Target(p.span, _PARTY, _marks(p)), p) for p in parties]
    found += [(Target(date.span, _PERIOD, ("date",)), date) for date in mentions.dates if date.value]
    found += [(Target(place.span, _PLACE, (Kind.PLACE,)), place) for place in places]
    found += [(Target(figure.span, _PREVIOUS, ("figure",)), figure) for figure in mentions.quantities]
    return found


def _forms(bench: Bench, party: PartyMention) -> list[PartyMention]:
    """The party, and the joint one that it opens ("BMW et Great Wall")."""
    joint = bench.roles.joint(party, party.sentence)
    return [party, joint] if joint.name != party.name and joint.span.start == party.span.start else [party]


def _marks(party: PartyMention) -> tuple[str, ...]:
    marks = [str(party.kind)]
    if party.role != _ACTOR:
        marks.append(party.role)
    if party.observer:
        marks.append(_OBSERVER)
    if party.anaphor:
        marks.append(_ANAPHOR)
    return (*marks, *(each for each in (COUNTRY, SEGMENT) if each in party.classes))
