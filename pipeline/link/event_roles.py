"""Who does what in an event: agent and patient by the voice of the phrase that states it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.link.bench import Bench
from pipeline.link.party import MAKERS, PartyMention
from pipeline.link.scene import within
from pipeline.ontology import FactType
from pipeline.schema import CueMention, Kind, Span

_HALF_WAY = 8.0
_FREE = 0.6  # bonus of a party without a preposition before it: the place of a grammatical subject
_FARTHEST = 24.0  # distance beyond which a party of the sentence has no part in the event
_BEHIND = 5  # words between a phrase and the party behind it that it governs
_BROKEN = 2.5  # cost of boundaries that a phrase does not govern across
_TIED = 2  # words between a marker ("by", "to") and its party
_OPENING = 8  # words between a participle that opens the sentence and the party of which it speaks
_CLAUSE = 2.0  # cost of boundaries from which a phrase is in a clause of its own
_NOUN_BEFORE = 4  # words between a noun that the phrase is about and a party that it governs
_ANY = "any"  # value of an anaphor that is a pronoun
_PAIR = "pair"  # value of an anaphor for two parties
_PLURAL = "plural"
_RESUMED = 3  # sentences behind a person within which a pronoun may still stand for them
_CONTEXT = 0.3  # score below which an inherited party is none


@dataclass(frozen=True, slots=True)
class Roles:
    """Subject and object of an event; either may be missing. `named` says that the sentence itself has the subject,
    `resumed` that it goes on about a person of whom the sentences before told."""

    subject: PartyMention | None
    object: PartyMention | None
    named: bool = True
    resumed: bool = False
    second: PartyMention | None = None  # the predecessor or successor of a person


class EventRoles:
    """The parties around one event phrase, asked for by their place in its construction.

    `voice` (an attribute of the cue) is "active" (agent before, patient behind), "passive" (patient before, agent
    behind its marker), "noun" (patient behind, agent behind its marker or before), "theme" (patient alone, before
    or behind), "sale" (patient behind, agent behind "to"), "entry" (agent alone).
    """

    def __init__(self, bench: Bench, cue: CueMention, index: int, products: Sequence[PartyMention]) -> None:
        self.bench = bench
        self.cue = cue
        self.index = index
        self.row: FactType = bench.knowledge.ontology.types[cue.value]
        self.voice = cue.attribute("voice") or "active"
        sentence = bench.scene.sentence(index)
        self._products = within(products, sentence.start, sentence.end)

    @cached_property
    def parties(self) -> list[PartyMention]:
        """Parties of the sentence that may take part; a product phrase hides what it overlaps."""
        named = [p for p in self.bench.roles.in_sentence(self.index) if not self._hidden(p)]
        found = [*named, *self._products]
        taking_part = (p for p in found if p.role == "actor" and (not p.observer or self._is_wanted(p)))
        return sorted(taking_part, key=lambda p: p.span.start)

    def _is_wanted(self, party: PartyMention) -> bool:
        """Whether the party is of the class that the type's object must have."""
        return self.row.object_class in party.classes

    def _hidden(self, party: PartyMention) -> bool:
        return party.anaphor and (
            self.cue.span.contains(party.span) or any(party.span.overlaps(p.span) for p in self._products)
        )

    def resolve(self) -> Roles:
        """Subject and object by the type's row."""
        return self._of_patient() if self.row.patient == "subject" else self._of_agent()

    # Types whose subject is the patient: a person appointed, a model that can be ordered, a firm that is approved.

    def _of_patient(self) -> Roles:
        subjects, objects = self.row.subjects, self.row.objects
        resumed = self._resumed() if subjects[0] is Kind.PERSON else None
        patient = resumed or self._patient(subjects)
        second = self._second(patient) if self.cue.attribute("also") else None
        taken = [p for p in (patient, second) if p]
        named = patient is not None
        if subjects[0] is Kind.MODEL and (patient is None or (patient.anaphor and patient.kind in MAKERS)):
            patient = self._topic((Kind.MODEL,)) or patient
        if patient is None and subjects[0] is Kind.PERSON and self._pronoun():
            patient = self._context(subjects)
            named = patient is not None
        if patient is None:
            patient = self._context(subjects)
        if patient is None:
            return Roles(None, None)
        other = None
        if self.row.object_class:
            other = next((p for p in self.parties if self._is_wanted(p)), None)
        elif objects:
            other = self._agent_of_patient(objects, [*taken, patient])
            if other is None and self.row.inherits_object:
                other = self._topic(objects) or self._owner(patient, objects)
        return Roles(patient, _other_than(other, patient), named, resumed is not None, second)

    def _resumed(self) -> PartyMention | None:
        """The person of the sentences before for whom a pronoun stands ahead of the phrase, where a neighbour of
        another kind was nearer; without a pronoun where the phrase `inherits` its person."""
        if self.voice not in ("theme", "passive"):
            return None
        ahead = [p for p in self.parties if p.span.end <= self.cue.span.start]
        pronoun = self._pronoun()
        if any(p.kind is Kind.PERSON for p in ahead):
            return None
        if pronoun is None and self.cue.attribute("inherits") != "person":
            return None
        before = [p for p in self.bench.parties if p.kind is Kind.PERSON and p.role == "actor"]
        known = [p for p in before if not p.anaphor and 0 < self.index - p.sentence <= _RESUMED]
        span = pronoun.span if pronoun else self.cue.span
        return replace(known[-1], span=span, sentence=self.index, anaphor=True) if known else None

    def _agent_of_patient(self, kinds: Sequence[Kind], taken: Sequence[PartyMention]) -> PartyMention | None:
        found = self._marked("by", kinds, taken) or self._post(kinds, taken)
        if found is None and self.voice == "active":
            found = self._before(kinds, taken)
        if found is None:
            found = self._behind(kinds, taken, reach=2 * _BEHIND)
        if found is None and self.voice in ("passive", "noun"):
            found = self._before(kinds, taken)
        return found

    def _post(self, kinds: Sequence[Kind], taken: Sequence[PartyMention]) -> PartyMention | None:
        """The organisation that stands right behind the title of a post ("directeur général de Dacia")."""
        scene = self.bench.scene
        sentence = scene.sentence(self.index)
        titles = [c.span for c in scene.cues_in("title", self.cue.span.start, sentence.end)]
        for party in self._of_kinds(kinds, taken):
            behind = [t for t in titles if t.end <= party.span.start and scene.crossing(t, party.span) == 0]
            if any(scene.words_between(t, party.span) <= _TIED for t in behind):
                return party
        return None

    def _second(self, patient: PartyMention | None) -> PartyMention | None:
        return self._behind((Kind.PERSON,), [patient] if patient else [])

    # Types whose subject is the agent: a maker that launches, buys, builds.

    def _of_agent(self) -> Roles:
        patient = self._patient(self.row.objects) if self.row.objects and self.voice != "entry" else None
        if patient is not None and patient.kind in MAKERS and self.row.lift_subject and self.voice == "theme":
            return Roles(patient, None)  # a maker that arrives is the actor itself
        agent = self._agent(patient)
        named = agent is not None
        if patient is None and (self.row.inherits_object or self.cue.attribute("inherits") == "object"):
            patient = self._inherited_product(agent)
        if agent is None and patient is not None:
            agent = self._maker(patient)
        if agent is None and patient is not None and len(self._houses(patient)) > 1:
            agent = self._last_maker()
        if agent is None:
            agent = self._context(self.row.subjects, [patient] if patient else []) or self._topic(self.row.subjects)
        patient = _other_than(patient, agent)
        pair = self._pair(agent) if self.row.mutual and patient is None else None
        return Roles(*pair, named) if pair else Roles(agent, patient, named)

    def _pair(self, agent: PartyMention | None) -> tuple[PartyMention, PartyMention] | None:
        """The last two makers named, where the agent is a noun or pronoun that stands for two of them."""
        if agent is None or not agent.anaphor:
            return None
        anaphors = self.bench.scene.cues_in("anaphor", agent.span.start, agent.span.start + 1)
        if not any(c.value == _PAIR or c.attribute("number") == _PLURAL for c in anaphors):
            return None
        named = [p for p in self.bench.parties if p.span.end <= agent.span.start and p.kind in self.row.subjects]
        last: dict[str, PartyMention] = {}
        for party in reversed(named):
            if not party.anaphor and not party.observer and len(last) < 2:
                last.setdefault(party.name, party)
        second, first = (*last.values(), None, None)[:2]
        return (first, second) if first and second else None

    def _agent(self, patient: PartyMention | None) -> PartyMention | None:
        subjects, taken = self.row.subjects, [patient] if patient else []
        if self.voice == "sale":
            return self._marked("to", subjects, taken)
        if self.voice in ("passive", "noun"):
            found = self._marked("by", subjects, taken)
            if found is not None or self.voice == "passive":
                return found
            own = self._behind(subjects, taken) if not self.row.objects else None
            return own or self._before(subjects, taken)
        if self.voice == "theme":
            return self._marked("by", subjects, taken)
        return self._before(subjects, taken) or self._inside(subjects, taken)

    def _inside(self, kinds: Sequence[Kind], taken: Sequence[PartyMention]) -> PartyMention | None:
        """The first party within the phrase, where the verb may stand before its subject."""
        if not self.bench.knowledge.pack.link.free_order:
            return None
        inside = (p for p in self._of_kinds(kinds, taken) if self.cue.span.contains(p.span))
        return next(inside, None)

    def _patient(self, kinds: Sequence[Kind]) -> PartyMention | None:
        wanted = [*kinds, *self.row.subjects] if self.row.lift_subject and self.voice == "theme" else list(kinds)
        if self.voice in ("active", "noun", "sale"):
            return self._behind(wanted, []) or self._relative(wanted)
        first = [Kind.MODEL] if Kind.MODEL in wanted else wanted
        strict = self.row.lift_subject and self.voice == "theme" and not self.row.place
        free = self.bench.knowledge.pack.link.free_order
        found = self._before(first, [], strict) or self._adjacent(first) or (self._behind(first, []) if free else None)
        found = found or self._before(wanted, [], strict)
        if found is None and (self.voice == "theme" or free):
            found = self._behind(wanted, [])
        return found or self._announced(first)

    # Places in the sentence.

    def _before(
        self, kinds: Sequence[Kind], taken: Sequence[PartyMention], must_be_free: bool = False
    ) -> PartyMention | None:
        """The party ahead of the phrase that best fits its grammatical subject."""
        best, best_score = None, 0.0
        for party in self._of_kinds(kinds, taken):
            if party.span.end > self.cue.span.start:
                continue
            distance = self.bench.scene.distance(party.span, self.cue.span)
            free = self.bench.roles.stance.is_free(party)
            if distance > _FARTHEST or (must_be_free and not free) or self._governed(party.span):
                continue
            if best is not None and self._is_apposed(best, party):
                continue
            score = 1.0 / (1.0 + distance / _HALF_WAY) + (_FREE if free else 0.0)
            if score >= best_score:
                best, best_score = party, score
        return best

    def _is_apposed(self, head: PartyMention, party: PartyMention) -> bool:
        """Whether the party only stands in what commas add to `head` ("AESC, filiale du groupe Envision, a ouvert")."""
        scene = self.bench.scene
        closed = scene.after(head.span, 1) == "," and scene.after(party.span, 1) == ","
        return closed and scene.words_between(head.span, party.span) > 1 and self.bench.roles.stance.is_free(head)

    def _announced(self, kinds: Sequence[Kind]) -> PartyMention | None:
        """The party behind a participle that opens the sentence ("Lancée en 2012, la X s'en va")."""
        scene = self.bench.scene
        opens = scene.word_index(self.cue.span.start) == scene.word_index(scene.sentence(self.index).start)
        behind = (p for p in self._of_kinds(kinds, []) if p.span.start >= self.cue.span.end)
        first = next(behind, None) if opens else None
        if first is None or scene.words_between(self.cue.span, first.span) > _OPENING or self._marker(first.span):
            return None
        return first if self.bench.roles.stance.is_free(first) else None

    def _relative(self, kinds: Sequence[Kind]) -> PartyMention | None:
        """The party that a relative pronoun makes the object of an active phrase ("la X, que Y lancera")."""
        if self.voice != "active":
            return None
        scene, relatives = self.bench.scene, self.bench.knowledge.pack.link.object_relatives
        for party in self._of_kinds(kinds, []):
            behind = scene.after(party.span, 8).lstrip(", ").replace("'", "' ").split()
            near = scene.words_between(party.span, self.cue.span) <= _BEHIND
            if party.span.end <= self.cue.span.start and near and behind and behind[0] in relatives:
                return party
        return None

    def _adjacent(self, kinds: Sequence[Kind]) -> PartyMention | None:
        """The party right before the phrase that a relative pronoun opens ("Porsche, dont la X arrivera")."""
        scene, link = self.bench.scene, self.bench.knowledge.pack.link
        for party in self._of_kinds(kinds, []):
            if party.span.end <= self.cue.span.start and scene.distance(party.span, self.cue.span) <= _TIED:
                before = [w for w in scene.before(party.span).split() if w not in link.determiners]
                return party if before and before[-1] in link.possessive_relatives else None
        return None

    def _behind(
        self, kinds: Sequence[Kind], taken: Sequence[PartyMention], reach: int = _BEHIND
    ) -> PartyMention | None:
        """The first party behind the phrase, if nothing tears the two apart."""
        scene = self.bench.scene
        for party in self._of_kinds(kinds, taken):
            if party.span.start < self.cue.span.start:
                continue
            pronoun = party.kind is Kind.MODEL and self._is_pronoun(party.span)
            if self._marker(party.span) == "by" or (pronoun and not self.bench.knowledge.pack.link.free_order):
                continue
            if scene.words_between(self.cue.span, party.span) > reach:
                return None
            if scene.crossing(self.cue.span, party.span) >= _BROKEN or self._barred(party.span):
                return None
            return party
        return None

    def _marked(self, marker: str, kinds: Sequence[Kind], taken: Sequence[PartyMention]) -> PartyMention | None:
        behind = (p for p in self._of_kinds(kinds, taken) if p.span.start >= self.cue.span.end)
        return next((p for p in behind if self._marker(p.span) == marker), None)

    def _marker(self, span: Span) -> str | None:
        """The marker right before `span`: "by" before an agent, "to" before a receiver."""
        scene = self.bench.scene
        for cue in reversed(within(scene.cues("marker"), span.start - 40, span.start)):
            if cue.span.end <= span.start and scene.words_between(cue.span, span) <= _TIED:
                return cue.value if scene.crossing(cue.span, span) == 0 else None
        return None

    def _barred(self, span: Span) -> bool:
        """Whether a noun in between says that the phrase speaks of something else than the party."""
        return any(
            c.value == "other" and c.span.end <= span.start
            for c in within(self.bench.scene.cues("void"), self.cue.span.end, span.start)
        )

    def _governed(self, span: Span) -> bool:
        """Whether the phrase is about a noun shortly before the party rather than the party ("un rappel de la X a été
        lancé")."""
        scene = self.bench.scene
        apart = scene.between(span, self.cue.span).strip() == "," or scene.crossing(span, self.cue.span) >= _CLAUSE
        if self.voice == "active" or apart:
            return False
        nouns = scene.cues_in("void", scene.sentence(self.index).start, min(span.start, self.cue.span.start))
        return any(c.value == "other" and scene.words_between(c.span, span) <= _NOUN_BEFORE for c in nouns)

    def _of_kinds(self, kinds: Sequence[Kind], taken: Sequence[PartyMention]) -> Iterable[PartyMention]:
        speaks = self.row.patient == "subject" or tuple(kinds) == self.row.subjects
        for party in self.parties:
            if self.row.object_class and self._is_wanted(party):
                continue  # it can only be the object
            fitting = _as_one_of(party, kinds, speaks)
            if fitting is not None and not any(t.span == party.span or t.name == fitting.name for t in taken):
                yield fitting

    # What the sentence does not say.

    def _is_pronoun(self, span: Span) -> bool:
        anaphors = self.bench.scene.cues_in("anaphor", span.start, span.start + 1)
        return any(c.value == _ANY and c.span == span for c in anaphors)

    def _pronoun(self) -> CueMention | None:
        """The pronoun before the phrase, in its clause."""
        scene = self.bench.scene
        anaphors = scene.cues_in("anaphor", scene.sentence(self.index).start, self.cue.span.start)
        own = (c for c in anaphors if c.value == _ANY and scene.crossing(c.span, self.cue.span) < 1)
        return next(own, None)

    def _inherited_product(self, agent: PartyMention | None) -> PartyMention | None:
        """The product of which the text speaks; none where the sentence names a maker of another house."""
        here = [p for p in self._of_kinds((Kind.MODEL,), []) if p.span.end <= self.cue.span.start]
        product = here[-1] if here else self._context((Kind.MODEL,))
        if product is None or product.kind is not Kind.MODEL:
            product = self._topic((Kind.MODEL,))
        if product is None:
            return None
        return product if agent is None or product.parent in (None, agent.name) else None

    def _topic(self, kinds: Sequence[Kind]) -> PartyMention | None:
        """The party of one of `kinds` of which the text so far speaks most, the latest mention of several."""
        return self.bench.roles.topic(kinds, self.index)

    def _maker(self, patient: PartyMention) -> PartyMention | None:
        if patient.kind is not Kind.MODEL or not patient.parent:
            return None
        if len(self._houses(patient)) > 1:
            return None
        return replace(patient, name=patient.parent, kind=Kind.BRAND, parent=None, classes=())

    def _houses(self, patient: PartyMention) -> set[str | None]:
        """The makers of a model and of those that share its place ("la 5008 et la C5")."""
        joint = self.bench.roles.joint(patient, self.index).span
        return {p.parent for p in self.parties if p.kind is Kind.MODEL and joint.contains(p.span)}

    def _last_maker(self) -> PartyMention | None:
        """The maker that the sentences before named last."""
        before = [p for p in self.bench.parties if p.sentence < self.index and p.kind in self.row.subjects]
        return next((p for p in reversed(before) if p.role == "actor" and not p.observer), None)

    def _owner(self, patient: PartyMention, kinds: Sequence[Kind]) -> PartyMention | None:
        """The organisation that a person is known to belong to."""
        if patient.kind is not Kind.PERSON or not patient.parent or Kind.COMPANY not in kinds:
            return None
        return replace(patient, name=patient.parent, kind=Kind.COMPANY, parent=None, classes=())

    def _context(self, kinds: Sequence[Kind], taken: Sequence[PartyMention] = ()) -> PartyMention | None:
        row = self.row.model_copy(update={"subjects": tuple(kinds)})
        choice = self.bench.roles.subject(row, [self.cue.span], self.index)
        if choice is None or choice.score < _CONTEXT or any(t.name == choice.party.name for t in taken):
            return None
        return choice.party


def _as_one_of(party: PartyMention, kinds: Sequence[Kind], speaks: bool) -> PartyMention | None:
    """The party if it is of one of `kinds`; where it `speaks`, a person stands for its company."""
    if party.kind in kinds:
        return party
    if speaks and party.kind is Kind.PERSON and party.parent and MAKERS.intersection(kinds):
        return replace(party, name=party.parent, kind=Kind.COMPANY, parent=None, classes=())
    return None


def _other_than(party: PartyMention | None, first: PartyMention | None) -> PartyMention | None:
    return None if party is not None and first is not None and party.name == first.name else party
