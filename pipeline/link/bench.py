"""What the linkers of figures and of events share: one scene with its finders, and the slots found alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.language import Pack
from pipeline.link import details
from pipeline.link.candidate import Candidate
from pipeline.link.choice import Choice
from pipeline.link.markets import MarketPhrases
from pipeline.link.modality import ModalityFinder, polarity
from pipeline.link.parties import find_parties
from pipeline.link.party import COUNTRY, PartyMention, segment_basis
from pipeline.link.periods import PeriodFinder
from pipeline.link.places import PlaceFinder
from pipeline.link.roles import RoleFinder
from pipeline.link.scene import Scene
from pipeline.ontology import Ontology
from pipeline.schema import CueMention, Kind, Modality, Span
from pipeline.units import Units

Demonyms = Mapping[str, tuple[str | None, str]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The data that linking rests on."""

    pack: Pack
    ontology: Ontology
    units: Units
    demonyms: Demonyms
    markets: MarketPhrases

    @classmethod
    def of(cls, pack: Pack, ontology: Ontology, units: Units, demonyms: Demonyms) -> Knowledge:
        """The knowledge of one language."""
        return cls(pack, ontology, units, demonyms, MarketPhrases.of(pack.link, demonyms))


@dataclass(frozen=True, slots=True)
class Bench:
    """One document laid out for linking."""

    scene: Scene
    knowledge: Knowledge
    parties: tuple[PartyMention, ...]
    roles: RoleFinder
    modality: ModalityFinder
    periods: PeriodFinder
    places: PlaceFinder

    @classmethod
    def lay(cls, scene: Scene, knowledge: Knowledge) -> Bench:
        words = knowledge.pack.link
        parties = find_parties(scene, knowledge.demonyms, words, knowledge.markets)
        places = PlaceFinder(scene, words, knowledge.demonyms)
        modality = ModalityFinder(scene, words)
        periods = PeriodFinder(scene, words, modality)
        return cls(scene, knowledge, parties, RoleFinder(scene, parties, words), modality, periods, places)


def statement(
    bench: Bench, name: str, anchors: Sequence[Span], index: int, choice: Choice | None, trigger: CueMention | None
) -> Candidate:
    """A candidate of type `name` at `anchors` in sentence `index`, the slots filled that figures and events find alike.

    Modality and period are left to the caller, whose rules differ.
    """
    scene, row = bench.scene, bench.knowledge.ontology.types[name]
    sentence = scene.sentence(index)
    subject = choice.party if choice else None
    if choice and not choice.alone:
        subject = bench.roles.joint(choice.party, index)
    other = bench.roles.object(row, subject, anchors, index) if subject and row.objects else None
    words, demonyms = bench.knowledge.pack.link, bench.knowledge.demonyms
    place = bench.places.find(row, anchors, index)
    if subject and subject.kind is Kind.MARKET:
        said = place is not None and place.span is not None and sentence.start <= place.span.start < sentence.end
        if place is None or (COUNTRY in subject.classes and not said):
            place = bench.places.of_market(subject) or place
        subject = details.full_market(subject, place, bench.parties, words, demonyms)
    return Candidate(
        type=name,
        sentence=scene.doc.span(sentence.start, sentence.end),
        anchor=anchors[0],
        strength=0.0,
        subject_score=choice.score if choice else 0.0,
        subject=subject,
        modality=Modality.ACTUAL,
        polarity=polarity(scene, anchors, index),
        object=bench.roles.joint(other.party, index) if other else None,
        place=place,
        source=details.find_source(scene, bench.parties, anchors, index),
        basis=(*segment_basis(subject), *(details.find_basis(scene, name, anchors, index) or ())),
        trigger=trigger,
        heading=sentence.heading,
        reasons=(trigger.rule,) if trigger else (f"unit:{name}",),
    )

