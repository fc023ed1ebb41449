"""Events: statements without a figure, found from the phrases that state them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.link import details
from pipeline.link.bench import Bench
from pipeline.link.candidate import Candidate
from pipeline.link.event_repeats import unify, with_partners, without_counted
from pipeline.link.event_roles import EventRoles, Roles
from pipeline.link.event_times import denied, event_modality, event_period, lies_ahead
from pipeline.link.party import MAKERS, PartyMention
from pipeline.link.propose import weight
from pipeline.link.scene import touching, within
from pipeline.ontology import FactType
from pipeline.schema import CueMention, Kind, Modality, Place, Polarity, Span

_TITLE_REACH = 7  # words between the phrase of an appointment and the title of the post
_VOID_REACH = 3  # words between a word that makes a phrase no statement, and the phrase
_COUPLED = 3  # words between two parties that a conjunction ties
_NAME_REACH = 60  # characters behind a noun phrase in which its own name is sought
_OPENING = 3  # words that open a sentence
_BOUNDED = 12.0  # distance within which a limit of time makes an end a pause


def add_events(bench: Bench, figures: Sequence[Candidate]) -> list[Candidate]:
    """`figures`, the candidates with a figure, and one for each phrase that states an event whose parties are found.

    An event that a figure states is not stated again; the figure takes its parties where two act on each other.
    """
    products = _products(bench)
    found: list[Candidate] = []
    for cue in bench.scene.cues("event"):
        found += _events(bench, cue, products, found)
    return with_partners(figures, found, bench.knowledge.ontology.mutual) + unify(without_counted(found, figures))


def _products(bench: Bench) -> list[PartyMention]:
    """Noun phrases that stand for a product without a name ("a first electric SUV")."""
    found = []
    for cue in bench.scene.cues("product"):
        product = _product(bench, cue)
        if product is not None:
            found.append(product)
    return found


def _product(bench: Bench, cue: CueMention) -> PartyMention | None:
    """The product that the noun phrase stands for; None where the phrase belongs to a name."""
    scene = bench.scene
    index = scene.sentence_index(cue.span.start)
    span = _without_determiner(bench, cue.span)
    inside = touching(scene.mentions.entities, cue.span)
    if cue.value == "branded":
        brand = next((e for e in inside if e.kind in MAKERS and span.contains(e.span)), None)
        return PartyMention(span, span.text, Kind.MODEL, index, parent=brand.name) if brand else None
    if cue.value == "heir":
        return _heir(bench, cue, span)
    if inside or _names_itself(bench, cue) or _is_apposed(bench, cue):
        return None
    if cue.value == "copies":
        earlier = [p for p in bench.parties if p.kind is Kind.MODEL and p.span.end <= cue.span.start and not p.anaphor]
        return replace(earlier[-1], span=span, sentence=index, anaphor=True) if earlier else None
    return PartyMention(span, span.text, Kind.MODEL, index)


def _heir(bench: Bench, cue: CueMention, span: Span) -> PartyMention | None:
    """The nameless successor of the product named right behind ("la remplaçante de la X")."""
    doc = bench.scene.doc
    old = next((e for e in within(bench.scene.mentions.entities, cue.span.end, cue.span.end + 2)), None)
    if old is None or old.kind is not Kind.MODEL:
        return None
    whole = doc.span(span.start, old.span.end)
    return PartyMention(
        whole, f"{span.text} {old.name}".replace("' ", "'").replace("’ ", "’"), Kind.MODEL,
        bench.scene.sentence_index(span.start), parent=old.parent,
    )  # fmt: skip


def _names_itself(bench: Bench, cue: CueMention) -> bool:
    """Whether the name of the product follows its noun phrase ("un SUV baptisé X")."""
    scene = bench.scene
    return any(
        e.kind is Kind.MODEL and scene.words_between(cue.span, e.span) <= 1 and scene.crossing(cue.span, e.span) == 0
        for e in within(scene.mentions.entities, cue.span.end, cue.span.end + _NAME_REACH)
    )


def _is_apposed(bench: Bench, cue: CueMention) -> bool:
    """Whether the noun phrase only says more of the product named right before it ("la X, un petit SUV")."""
    scene = bench.scene
    before = [p for p in bench.roles.in_sentence(scene.sentence_index(cue.span.start)) if p.span.end <= cue.span.start]
    if not before or before[-1].kind is not Kind.MODEL or scene.between(before[-1].span, cue.span).strip() != ",":
        return False
    start = scene.sentence(before[-1].sentence).start
    opens = scene.word_index(before[-1].span.start) - scene.word_index(start) <= _OPENING
    return bench.roles.stance.is_free(before[-1]) or not opens  # "Après la X, un SUV": two products


def _without_determiner(bench: Bench, span: Span) -> Span:
    doc = bench.scene.doc
    second = doc.words[bench.scene.word_index(span.start + 1)][0]
    first = doc.lower[span.start : second].strip()
    return doc.span(second, span.end) if first in bench.knowledge.pack.link.determiners else span


def _events(
    bench: Bench, cue: CueMention, products: Sequence[PartyMention], earlier: Sequence[Candidate]
) -> list[Candidate]:
    scene = bench.scene
    index = scene.sentence_index(cue.span.start)
    if _is_void(bench, cue, index):
        return []
    roles = EventRoles(bench, cue, index, products).resolve()
    if cue.attribute("inherits") == "partners" and roles.object is None:
        roles = _partners(cue.value, earlier) or roles
    event = _event(bench, cue, index, roles)
    if event is not None and roles.resumed:
        event = _resume(event, earlier)
    if event is None or not _stated(bench, cue, event, roles):
        return []
    also = cue.attribute("also")
    if also is None or roles.second is None:
        return [event]
    return [event, _counterpart(bench, event, also, roles.second)]


def _partners(name: str, earlier: Sequence[Candidate]) -> Roles | None:
    """The parties of the event of type `name` told last, for a phrase that goes on about it ("l'accord a été signé").
    """
    told = next((e for e in reversed(earlier) if e.type == name and e.object is not None), None)
    return Roles(told.subject, told.object, named=False) if told else None


def _resume(event: Candidate, earlier: Sequence[Candidate]) -> Candidate:
    """`event` with what was told of the same person: the organisation, and the time where it has none."""
    same = [e for e in earlier if e.subject and event.subject and e.subject.name == event.subject.name]
    told = next((e for e in reversed(same) if e.object is not None), None)
    if told is not None:
        event = event._replace(object=told.object)
    post = next((e.basis for e in reversed(same) if e.type == event.type and e.basis), ())
    event = event._replace(basis=event.basis or post)
    dated = next((e for e in reversed(same) if e.type == event.type and e.period is not None), None)
    if dated is None or event.period is not None:
        return event
    return event._replace(period=dated.period, modality=dated.modality)


def _stated(bench: Bench, cue: CueMention, event: Candidate, roles: Roles) -> bool:
    """Whether the phrase states the event rather than mentions it.

    A bare noun does so with a time, a verb of saying or an auxiliary, or in a heading; an infinitive behind a colon
    with a time. Some phrases are too plain without their party.
    """
    wanted = cue.attribute("needs")
    if wanted == "named" and not roles.named:
        return False
    if wanted in ("object", "period") and getattr(event, wanted) is None:
        return False
    if event.period is not None or event.heading:
        return True
    scene = bench.scene
    sentence = scene.sentence(event_index(bench, cue))
    if scene.before(cue.span).rstrip().endswith(":"):
        return False
    if cue.attribute("voice") != "noun":
        return True
    told = scene.cues_in("source", sentence.start, sentence.end) + scene.cues_in(
        "modality", sentence.start, sentence.end
    )
    return event.polarity is Polarity.NEGATIVE or any(
        scene.crossing(c.span, cue.span) <= 1 for c in told if not cue.span.contains(c.span)
    )


def event_index(bench: Bench, cue: CueMention) -> int:
    """Index of the sentence in which the phrase begins."""
    return bench.scene.sentence_index(cue.span.start)


def _counterpart(bench: Bench, event: Candidate, name: str, person: PartyMention) -> Candidate:
    """The event of the predecessor or successor, told by the same phrase."""
    return event._replace(type=name, subject=person)


def _is_void(bench: Bench, cue: CueMention, index: int) -> bool:
    """Whether the phrase states nothing: a question, a purpose, a condition, an idiom."""
    scene = bench.scene
    sentence = scene.sentence(index)
    if scene.doc.lower[sentence.end - 1] in bench.knowledge.pack.link.questions:
        return True
    for void in scene.cues_in("void", sentence.start, cue.span.end):
        if void.value == "idiom" and void.span.overlaps(cue.span):
            return True
        if void.value != "before" or void.span.end > cue.span.start:
            continue
        if scene.words_between(void.span, cue.span) <= _VOID_REACH and scene.crossing(void.span, cue.span) == 0:
            return True
    return False


def _event(bench: Bench, cue: CueMention, index: int, roles: Roles) -> Candidate | None:
    scene = bench.scene
    name = _pause(bench, cue, index)
    row = bench.knowledge.ontology.types[name]
    if roles.subject is None:
        return None
    sentence = scene.sentence(index)
    subject, other = _split(bench, roles, row, index)
    local = [p.span for p in (roles.object,) if p is not None and p.sentence == index]
    polarity = denied(scene, cue, index)
    period = event_period(bench, [cue.span, *local], index, cue.attribute("dated") == "told")
    if polarity is Polarity.NEGATIVE and lies_ahead(period, scene.published) is not True:
        period = None  # the day of the denial
    modality = event_modality(scene, cue, index, period)
    event = Candidate(
        type=name,
        sentence=scene.doc.span(sentence.start, sentence.end),
        anchor=cue.span,
        strength=weight(cue) / 2,
        subject_score=0.8 if roles.named else 0.5,
        subject=subject,
        # An event that is denied is a plan given up.
        modality=Modality.PLANNED if polarity is Polarity.NEGATIVE else modality,
        polarity=polarity,
        object=other,
        period=period,
        place=_place(bench, cue, index),
        source=details.find_source(scene, bench.parties, [cue.span], index),
        basis=_titles(bench, cue, index) if Kind.PERSON in row.subjects else (),
        trigger=cue,
        heading=sentence.heading,
        reasons=(cue.rule,),
    )
    return event if _complete(event, row, cue) else None


def _split(
    bench: Bench, roles: Roles, row: FactType, index: int
) -> tuple[PartyMention | None, PartyMention | None]:
    """Subject and object with the names that share their place.

    Two parties that act on each other ("A and B join forces") are subject and object.
    """
    subject, other = roles.subject, roles.object
    if subject is None:
        return None, None
    if row.mutual:
        partner = _partner(bench, subject, index)
        if partner is not None:
            return partner, subject
    joint = bench.roles.joint(subject, index) if subject.sentence == index else subject
    companion = bench.roles.joint(other, index) if other else None
    return joint, None if companion is not None and companion.name == joint.name else companion


def _partner(bench: Bench, party: PartyMention, index: int) -> PartyMention | None:
    """The party before `party` that a conjunction ties to it."""
    before = [
        p
        for p in bench.roles.in_sentence(index)
        if p.span.end <= party.span.start and p.name != party.name and p.kind in MAKERS
    ]
    if not before or party.sentence != index:
        return None
    gap = bench.scene.between(before[-1].span, party.span).split()
    tied = len(gap) <= _COUPLED and any(word in bench.knowledge.pack.link.conjunctions for word in gap)
    return before[-1] if tied else None


def _place(bench: Bench, cue: CueMention, index: int) -> Place | None:
    """The place of the event where it is named; an adjective of a market places one only behind a locative."""
    place = bench.places.find(bench.knowledge.ontology.types[cue.value], [cue.span], index)
    if place is None or place.span is None:
        return None
    local = touching(bench.scene.mentions.entities, place.span)
    named = any(e.kind is Kind.PLACE and e.span == place.span for e in local)
    return place if named or bench.places.is_entered(place) else None


def _pause(bench: Bench, cue: CueMention, index: int) -> str:
    """The type of the phrase; an end with a limit of time, of the sort `limits`, is the pause that `bounded` names."""
    bounded = cue.attribute("bounded")
    if bounded is None:
        return cue.value
    scene, sentence = bench.scene, bench.scene.sentence(index)
    only = cue.attribute("limits")
    limits = [c for c in scene.cues_in("limit", sentence.start, sentence.end) if only is None or c.value == only]
    return bounded if any(scene.distance(c.span, cue.span) <= _BOUNDED for c in limits) else cue.value


def _titles(bench: Bench, cue: CueMention, index: int) -> tuple[str, ...]:
    scene, sentence = bench.scene, bench.scene.sentence(index)
    near = [
        c
        for c in scene.cues_in("title", sentence.start, sentence.end)
        if scene.words_between(c.span, cue.span) <= _TITLE_REACH and scene.crossing(c.span, cue.span) <= 1
    ]
    best = min(
        near, key=lambda c: (c.span.end <= cue.span.start, scene.words_between(c.span, cue.span)), default=None
    )
    return (best.value,) if best else ()


def _complete(event: Candidate, row: FactType, cue: CueMention) -> bool:
    voice = cue.attribute("voice")
    if row.lift_subject and voice in ("entry", "theme") and (event.place or (event.period and voice == "entry")):
        return True
    return all(getattr(event, slot) is not None for slot in row.needs)
