"""Mentions to candidates: one for each figure that states something, one for each event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.language import Pack
from pipeline.link import details
from pipeline.link.candidate import Candidate
from pipeline.link.carry import carry_units
from pipeline.link.modality import modality, polarity
from pipeline.link.parties import PartyMention, find_parties
from pipeline.link.periods import PeriodFinder
from pipeline.link.propose import Reading, guard, readings, weight
from pipeline.link.roles import Choice, RoleFinder
from pipeline.link.scene import Scene, within
from pipeline.ontology import FactType, Ontology
from pipeline.schema import CueMention, Document, Kind, Mentions, QuantityMention, Rejection, Span
from pipeline.units import Units

Demonyms = Mapping[str, tuple[str | None, str]]
_EVENT_SUBJECT = 0.3  # score below which an event is left without a subject


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The data that linking rests on."""

    pack: Pack
    ontology: Ontology
    units: Units
    demonyms: Demonyms


def link(doc: Document, mentions: Mentions, knowledge: Knowledge) -> tuple[list[Candidate], list[Rejection]]:
    """Candidates of `doc` in the order of the text, and the figures that state nothing, with the reason."""
    plain_scene = Scene(doc, mentions)
    quantities = carry_units(plain_scene, mentions, knowledge.pack.link, knowledge.units)
    scene = Scene(doc, replace(mentions, quantities=quantities))
    return _Linker(scene, knowledge).run()


class _Linker:
    def __init__(self, scene: Scene, knowledge: Knowledge) -> None:
        self.scene = scene
        self.k = knowledge
        self.parties = find_parties(scene, knowledge.demonyms)
        self.roles = RoleFinder(scene, self.parties, knowledge.pack.link)
        self.periods = PeriodFinder(scene, knowledge.pack.link)

    def run(self) -> tuple[list[Candidate], list[Rejection]]:
        candidates: list[Candidate] = []
        rejections: list[Rejection] = []
        for quantity in self.scene.mentions.quantities:
            options = readings(self.scene, quantity, self.k.ontology, self.k.units)
            guarded = guard(self.scene, quantity)
            if guarded:
                rejections.append(self._rejection(quantity, f"guard_{guarded}"))
            elif not options:
                rejections.append(self._rejection(quantity, "no_trigger"))
            elif self._replaced(quantity):
                rejections.append(self._rejection(quantity, "previous_figure"))
            else:
                candidates.append(self._of_figure(quantity, options))
        candidates += self._events()
        return sorted(candidates, key=lambda c: (c.anchor.start, c.anchor.end, c.type)), rejections

    def _rejection(self, quantity: QuantityMention, reason: str) -> Rejection:
        return Rejection(article_id=self.scene.doc.article.id, reason=reason, type=None, span=quantity.span)

    def _replaced(self, quantity: QuantityMention) -> bool:
        """Whether another figure of the sentence takes this one as its previous figure."""
        sentence = self.scene.sentence(self.scene.sentence_index(quantity.span.start))
        local = within(self.scene.mentions.quantities, sentence.start, sentence.end)
        return details.replaced_by(self.scene, quantity, local) is not None

    def _of_figure(self, quantity: QuantityMention, options: Sequence[Reading]) -> Candidate:
        best = options[0]
        row = self.k.ontology.types[best.type]
        local = best.trigger is not None and not best.inherited
        trigger = best.trigger if local else None
        anchors = [quantity.span, *([trigger.span] if trigger else [])]
        choice = self._parallel(quantity, best.sentence, row) or self.roles.subject(row.subjects, anchors, best.sentence)
        rivals = [q.span for q in self.scene.mentions.quantities if q is not quantity and q.unit == quantity.unit]
        period = self.periods.find([quantity.span], best.sentence, inherits=row.inherits_period, rivals=rivals)
        previous = details.find_previous(self.scene, quantity, self.scene.mentions.quantities)
        base = self._base(best.type, row, anchors, best.sentence, choice, trigger)
        return replace(
            base,
            anchor=quantity.span,
            strength=best.evidence,
            quantity=quantity,
            previous=previous,
            sign=best.sign if not quantity.signed else 1,
            per=details.find_rate(self.scene, quantity, trigger.span if trigger else None),
            metric=self._metric(row, anchors, best.sentence),
            period=period,
            modality=modality(
                self.scene, anchors, best.sentence, period, choice.party.kind if choice else None, row.state
            ),
        )

    def _base(
        self,
        name: str,
        row: FactType,
        anchors: Sequence[Span],
        index: int,
        choice: Choice | None,
        trigger: CueMention | None,
    ) -> Candidate:
        """The slots that figures and events find in the same way."""
        scene, sentence = self.scene, self.scene.sentence(index)
        subject = self.roles.joint(choice.party, index) if choice else None
        other = self.roles.object(row, subject, anchors, index) if subject and row.objects else None
        basis = details.find_basis(scene, name, anchors, index)
        return Candidate(
            type=name,
            sentence=scene.doc.span(sentence.start, sentence.end),
            anchor=anchors[0],
            strength=0.0,
            subject_score=choice.score if choice else 0.0,
            subject=subject,
            modality=modality(scene, anchors, index, None, subject.kind if subject else None),
            polarity=polarity(scene, anchors, index),
            object=self.roles.joint(other.party, index) if other else None,
            place=details.find_place(scene, anchors, index, self.k.pack.link, self.k.demonyms),
            source=details.find_source(scene, self.parties, anchors, index),
            basis=tuple(basis or ()),
            trigger=trigger,
            heading=sentence.heading,
            reasons=(trigger.rule,) if trigger else (f"unit:{name}",),
        )

    def _parallel(self, quantity: QuantityMention, index: int, row: FactType) -> Choice | None:
        """Subject by position where two lists run in parallel ("A et B … respectivement x et y")."""
        sentence = self.scene.sentence(index)
        text = self.scene.doc.lower[sentence.start : sentence.end]
        if not any(word in text for word in self.k.pack.link.respectively):
            return None
        figures = [
            q
            for q in within(self.scene.mentions.quantities, sentence.start, sentence.end)
            if q.unit == quantity.unit and q.list_id == quantity.list_id
        ]
        parties = [p for p in self.roles.in_sentence(index) if p.kind in row.subjects and p.role == "actor"]
        if len(parties) != len(figures) or quantity not in figures:
            return None
        return Choice(parties[figures.index(quantity)], 1.0)

    def _metric(self, row: FactType, anchors: Sequence[Span], index: int) -> str | None:
        """For types about another figure: the type of the nearest other trigger, of this sentence or before."""
        if row.metric is None:
            return None
        for other in (index, index - 1, 0):
            if other < 0:
                continue
            sentence = self.scene.sentence(other)
            cues = [
                c
                for c in (
                    *self.scene.cues_in("metric", sentence.start, sentence.end),
                    *self.scene.cues_in("trigger", sentence.start, sentence.end),
                )
                if self._measurable(c.value)
            ]
            if cues:
                nearest = min(cues, key=lambda c: (min(self.scene.distance(c.span, a) for a in anchors), c.span.start))
                return nearest.value
        return row.metric

    def _measurable(self, name: str) -> bool:
        row = self.k.ontology.types[name]
        return row.inherits_period and row.metric is None

    def _events(self) -> list[Candidate]:
        found = []
        for cue in self.scene.cues("trigger"):
            row = self.k.ontology.types[cue.value]
            if row.group != "events" or row.figure == "required":
                continue
            event = self._event(cue, row)
            if event:
                found.append(event)
        return found

    def _event(self, cue: CueMention, row: FactType) -> Candidate | None:
        index = self.scene.sentence_index(cue.span.start)
        sentence = self.scene.sentence(index)
        if self.scene.doc.lower[sentence.end - 1] in self.k.pack.link.questions:
            return None
        choice = self.roles.subject(row.subjects, [cue.span], index)
        if choice is None or choice.score < _EVENT_SUBJECT:
            return None
        base = self._base(cue.value, row, [cue.span], index, choice, cue)
        period = self.periods.find([cue.span], index, inherits=False)
        event = replace(
            base,
            strength=weight(cue) / 2,
            period=period,
            modality=modality(self.scene, [cue.span], index, period, Kind.COMPANY),
        )
        return event if _complete(event, row) else None


def _complete(event: Candidate, row: FactType) -> bool:
    return all(getattr(event, slot) is not None for slot in row.needs)


def parties_of(doc: Document, mentions: Mentions, demonyms: Demonyms) -> tuple[PartyMention, ...]:
    """The resolved parties of a document, for display and training."""
    return find_parties(Scene(doc, mentions), demonyms)
