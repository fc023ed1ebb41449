"""What is right about a question: the gold of an article laid on its figures, events and what may fill their slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipeline.encoder.question import NOBODY, Slot
from pipeline.evaluate.agreement import Agreement
from pipeline.evaluate.gold import GoldArticle
from pipeline.evaluate.names import Name
from pipeline.evaluate.statement import Statement, from_gold
from pipeline.link.asking import Asking, Filler
from pipeline.link.candidate import Candidate
from pipeline.link.choice import as_kind, fits
from pipeline.link.party import PartyMention
from pipeline.link.periods import to_period
from pipeline.ontology import FactType, Ontology
from pipeline.schema import (
    DateMention,
    EntityMention,
    Kind,
    Modality,
    Place,
    Polarity,
    Quantity,
    QuantityMention,
    Source,
    Span,
)


class Label(NamedTuple):
    """What is right about one anchor: the type ("" where it states nothing), and for each slot the targets that fill
    it, (-1,) where nothing does. A slot is left out where no target is right although gold fills it. `kept` are the
    slots that the rules' own candidate has right."""

    type: str
    modality: Modality = Modality.ACTUAL
    polarity: Polarity = Polarity.POSITIVE
    links: Mapping[Slot, tuple[int, ...]] = {}
    optional: bool = False
    kept: frozenset[Slot] = frozenset()


@dataclass(frozen=True, slots=True)
class Teacher:
    """Compares what the rules offer with gold."""

    agreement: Agreement
    ontology: Ontology

    def labels(self, asking: Asking, gold: GoldArticle) -> list[Label | None]:
        """The label of each anchor; None where gold cannot be laid on it (a type that its unit does not admit)."""
        placed = [(fact.span, from_gold(fact, at)) for at, fact in enumerate(gold.facts) if fact.span is not None]
        facts = [(Span(span.start, span.end, " " * (span.end - span.start)), said) for span, said in placed]
        found: list[Label | None] = []
        for anchor, figure, candidate in zip(asking.question.anchors, asking.figures, asking.candidates, strict=True):
            said = self._of_figure(figure, facts, anchor.hint) if figure else self._of_event(candidate, facts)
            if said is None:
                found.append(Label(""))
            elif said.type not in anchor.admitted:
                found.append(None)
            else:
                kept = self._kept(candidate, said) if candidate else frozenset()
                found.append(self._label(asking, said)._replace(kept=kept))
        return found

    def _kept(self, candidate: Candidate, said: Statement) -> frozenset[Slot]:
        """The slots of a candidate that gold fills alike."""
        names = self.agreement.names
        checks = {
            Slot.SUBJECT: names.agree(_name(candidate.subject), said.subject),
            Slot.OBJECT: names.agree(_name(candidate.object), said.object),
            Slot.PERIOD: self.agreement.periods(candidate.period, said.period),
            Slot.PLACE: names.agree(_name(candidate.place), said.place),
            Slot.SOURCE: names.agree(_name(candidate.source), said.source),
            Slot.PREVIOUS: (candidate.previous is None and said.previous is None)
            or bool(candidate.previous and said.previous and self._same(candidate.previous, said.previous)),
        }
        return frozenset(slot for slot, right in checks.items() if right)

    def _of_figure(
        self, figure: QuantityMention, facts: Sequence[tuple[Span, Statement]], hint: str
    ) -> Statement | None:
        """The gold statement of a figure; of several the one of the type that the rules give it."""
        own = [
            said
            for span, said in facts
            if said.figure and span.contains(figure.figure) and self._same(figure, said.figure)
        ]
        return next((said for said in own if said.type == hint), own[0] if own else None)

    def _of_event(self, event: Candidate | None, facts: Sequence[tuple[Span, Statement]]) -> Statement | None:
        if event is None:
            return None
        alike = [said for span, said in facts if said.type == event.type and span.overlaps(event.sentence)]
        names = [Name(p.name, p.kind) for p in (event.subject, event.object) if p]
        shared = (s for s in alike if self.agreement.names.share(names, [s.subject, s.object]))
        return next(shared, None)

    def _same(self, figure: QuantityMention, gold: Quantity) -> bool:
        """Whether the sizes agree; the sign of a fall stands in the words around, or is said twice."""
        ours = Quantity(value=_size(figure.value), low=_size(figure.low), high=_size(figure.high), unit=figure.unit)
        theirs = gold.model_copy(
            update={"value": _size(gold.value), "low": _size(gold.low), "high": _size(gold.high), "unit": figure.unit}
        )
        swapped = theirs.model_copy(update={"low": theirs.high, "high": theirs.low})
        return self.agreement.figures(ours, theirs) or (gold.low is not None and self.agreement.figures(ours, swapped))

    def _label(self, asking: Asking, said: Statement) -> Label:
        row = self.ontology.types[said.type]
        links: dict[Slot, tuple[int, ...]] = {}
        for slot in Slot:
            if getattr(said, slot.value) is None:
                links[slot] = (NOBODY,)
                continue
            fitting = [
                at
                for at, (target, filler) in enumerate(zip(asking.question.targets, asking.fillers, strict=True))
                if slot in target.fills and self._fills(filler, said, slot, row)
            ]
            # A model stands for its maker only where the maker itself is not named.
            named = [at for at in fitting if not _stands_in(asking.fillers[at], slot, row)]
            if fitting:
                links[slot] = tuple(named or fitting)
        return Label(said.type, said.modality, said.polarity, links, said.optional)

    def _fills(self, filler: Filler, said: Statement, slot: Slot, row: FactType) -> bool:
        names = self.agreement.names
        wanted = getattr(said, slot.value)
        if isinstance(filler, PartyMention):
            kinds = row.subjects if slot is Slot.SUBJECT else row.objects
            if slot is not Slot.SOURCE and not fits(filler, kinds):
                return False
            party = filler if slot is Slot.SOURCE else as_kind(filler, kinds)
            return names.agree(Name(party.name, party.kind), wanted)
        if isinstance(filler, DateMention):
            return said.period is not None and self.agreement.periods(to_period(filler), said.period)
        if isinstance(filler, EntityMention):
            return names.agree(Name(filler.name), wanted)
        return said.previous is not None and self._same(filler, said.previous)


def name_spans(asking: Asking, gold: GoldArticle, agreement: Agreement) -> list[tuple[Span, str]]:
    """The names of gold where they stand in the text, with their label, the longest first where they overlap."""
    text = asking.question.text
    written = {f.name: f for f in asking.fillers if isinstance(f, PartyMention | EntityMention)}
    found: list[tuple[Span, str]] = []
    for entity in gold.entities:
        same = {name for name in written if agreement.names.agree(Name(name), Name(entity.name))}
        found += [(f.span, entity.type) for f in asking.fillers if getattr(f, "name", None) in same and _is_name(f)]
        at = text.find(entity.name)
        while at >= 0:
            end = at + len(entity.name)
            if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
                found.append((Span.cut(text, at, end), entity.type))
            at = text.find(entity.name, at + 1)
    kept: list[tuple[Span, str]] = []
    for span, label in sorted(found, key=lambda each: (each[0].start - each[0].end, each[0].start, each[1])):
        if not any(span.overlaps(other) for other, _ in kept):
            kept.append((span, label))
    return sorted(kept)


def _is_name(filler: Filler) -> bool:
    return isinstance(filler, EntityMention) or (isinstance(filler, PartyMention) and not filler.anaphor)


def _stands_in(filler: Filler, slot: Slot, row: FactType) -> bool:
    kinds = row.subjects if slot is Slot.SUBJECT else row.objects
    return isinstance(filler, PartyMention) and slot is not Slot.SOURCE and filler.kind not in kinds


def _name(party: PartyMention | Place | Source | None) -> Name | None:
    return Name(party.name, getattr(party, "kind", Kind.OTHER)) if party else None


def _size(value: Decimal | None) -> Decimal | None:
    return None if value is None else abs(value)
