"""Subject and object of a statement: which of the parties around a figure or an event it is about."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from pipeline.language.link_words import LinkWords
from pipeline.link.choice import PERSON, Choice, as_kind, fits, preference, same_house
from pipeline.link.inherit import Inheritance
from pipeline.link.joint import joined
from pipeline.link.parties import RECEIVER
from pipeline.link.party import COUNTRY, MAKERS, WHOLE, PartyMention, supplies
from pipeline.link.scene import Scene, within
from pipeline.link.stance import Stance
from pipeline.ontology import FactType
from pipeline.schema import Kind, Span

# Weights of the evidence for a subject, fitted on the development split by coordinate search.
_HALF_WAY = 10.4  # words at which nearness counts half
_ATTACHED = 0.6  # tied to the figure or trigger by a genitive
_LEADS = 0.5  # first party in subject position
_LEADS_TOO = 0.3  # a later one
_AFTER = 0.35  # behind the figure and not tied to it
_BRACKETED = 0.6
_TOPIC = 0.3  # named by the words that open the sentence
_COUNTED_OF = 2  # words between a count and what it counts
_COUNTED = 1.0  # named right behind the figure
_LABELLED = 1.5  # followed by the figure in brackets
_WHOLE = 0.8  # the market of which a share is given
_RIVAL = 0.9
_RELATIVE = 0.4  # a rival of which a relative clause speaks
_APPOSED = 0.4  # in an apposition to the party before it
_SOURCE = 0.9
_OBSERVER = 0.7
_INHERITED = 0.34  # score below which earlier sentences are asked too
_CAPTION = 4  # words of a heading that is no more than a name
_OWNS = 0.5  # of which the relative clause of the figure says what it has
_DESCRIBED = 1.0  # of which the clause or participle right behind it says something
_POSSESSED = 24  # characters behind a figure in which a possessive may stand
_STILL = 2  # sentences over which the model of the title is still spoken of
_PRODUCT_MEMORY = 5  # sentences over which a product stays the one spoken of


class RoleFinder:
    """Chooses subjects and objects in one scene."""

    def __init__(self, scene: Scene, parties: Sequence[PartyMention], words: LinkWords) -> None:
        self.scene = scene
        self.words = words
        self.parties = parties
        self._by_sentence: dict[int, list[PartyMention]] = {}
        for party in parties:
            self._by_sentence.setdefault(party.sentence, []).append(party)
        self.stance = Stance(scene, parties, self._by_sentence, words)
        self.inheritance = Inheritance(scene, parties, self._by_sentence, self.stance)
        self._products: dict[str, PartyMention | None] = {}
        self._topics: dict[frozenset[Kind], tuple[list[int], list[PartyMention]]] = {}

    def joint(self, party: PartyMention, index: int) -> PartyMention:
        """The party with those that share its place in an enumeration ("BMW et Great Wall Motor")."""
        return joined(self.scene, self.words, party, self.in_sentence(index))

    def topic(self, kinds: Sequence[Kind], index: int) -> PartyMention | None:
        """Of the parties of one of `kinds` named up to sentence `index`, that of which the article speaks most, the
        latest mention of several."""
        wanted = frozenset(kinds)
        if wanted not in self._topics:
            self._topics[wanted] = self._leaders(wanted)
        sentences, leaders = self._topics[wanted]
        at = bisect_right(sentences, index)
        return leaders[at - 1] if at else None

    def _leaders(self, kinds: frozenset[Kind]) -> tuple[list[int], list[PartyMention]]:
        """The sentences that name a party of `kinds`, and the topic as of each."""
        named = [p for p in self.parties if p.kind in kinds and not p.observer and p.role == "actor"]
        counts = Counter(p.name for p in named)
        sentences: list[int] = []
        leaders: list[PartyMention] = []
        for party in named:
            if party.anaphor:
                continue
            leads = not leaders or counts[party.name] >= counts[leaders[-1].name]
            leaders.append(party if leads else leaders[-1])
            sentences.append(party.sentence)
        return sentences, leaders

    def in_sentence(self, index: int) -> list[PartyMention]:
        """Parties that the sentence names or refers to, by offset."""
        return self._by_sentence.get(index, [])

    def subject(self, row: FactType, anchors: Sequence[Span], index: int) -> Choice | None:
        """The subject of a statement that stands at `anchors` (figure first, then trigger) in sentence `index`.

        Looks in the sentence, then back through the block, the heading above and the title.
        """
        anchors = self._of_clause(anchors, index)
        here = [
            Choice(as_kind(p, row.subjects), self._score(p, row, anchors))
            for p in self.in_sentence(index)
            if fits(p, row.subjects) and not p.speaker and self._may_be_market(p, row, anchors)
        ]
        if row.receives and self._given(anchors[0], index):
            here = []
        best = max(here, key=lambda c: (c.score, -c.party.span.start), default=None)
        if best and best.party.kind in MAKERS and row.subjects[0] is Kind.MODEL:
            product = self._leading_product(best, here, anchors[0])
            if product is None and supplies(best.party):
                product = self.inheritance.find((Kind.MODEL,), index)
            return product or self._own_product(best, here) or self._its_product(best, index)
        if best and best.score >= _INHERITED and best.party.kind in MAKERS and row.of_model:
            return self._titled_product(best, index) or best
        if best and best.score >= _INHERITED:
            return best
        kinds = tuple(k for k in row.subjects if row.keeps_market or k is not Kind.MARKET)
        inherited = self.inheritance.find(kinds, index)
        if inherited and (best is None or inherited.score > best.score):
            return inherited
        return best

    def _of_clause(self, anchors: Sequence[Span], index: int) -> Sequence[Span]:
        """The anchors without a trigger that stands in a clause before, where a maker leads that of the figure ("BMW a
        rappelé 100 voitures et Audi en a arrêté 200")."""
        figure, trigger = anchors[0], anchors[-1]
        start = self.scene.sentence(index).start
        if not start <= trigger.start < figure.start or not self.scene.crossing(trigger, figure):
            return anchors
        between = within(self.in_sentence(index), trigger.end, figure.start)
        makers = (p for p in between if p.kind in MAKERS and p.role == "actor" and not p.observer)
        led = (p for p in makers if self.stance.is_free(p) and not self.stance.in_brackets(p, figure))
        return anchors[:1] if any(self.scene.crossing(trigger, p.span) for p in led) else anchors

    def _may_be_market(self, party: PartyMention, row: FactType, anchors: Sequence[Span]) -> bool:
        """Whether the party, if a market, may be the subject: a country of its market's figures only, a market of what
        makers have only where it leads, a segment not of a share in what a maker calls its own."""
        if party.kind is not Kind.MARKET:
            return True
        if COUNTRY in party.classes:
            return row.inherits_period
        if row.of_whole and self._owned(anchors[0], anchors[-1]):
            return False
        if party.classes == WHOLE and self.stance.counts_for_maker(party, anchors[0]):
            return False
        return row.keeps_market or self.stance.is_free(party)

    def _owned(self, figure: Span, trigger: Span) -> bool:
        """A possessive stands in the trigger or behind the figure ("26 % de ses ventes")."""
        words = trigger.text.lower().split() + self.scene.after(figure, _POSSESSED).split()[:3]
        return not self.words.possessives.isdisjoint(words)

    def _given(self, figure: Span, index: int) -> bool:
        """A pronoun before the figure says that the money goes to somebody named before ("X lui a prêté 50 M€")."""
        sentence = self.scene.sentence(index)
        cues = self.scene.cues_in("anaphor", sentence.start, figure.start)
        return any(cue.value == RECEIVER for cue in cues)

    def _leading_product(self, maker: Choice, here: Sequence[Choice], figure: Span) -> Choice | None:
        """The product of which the maker's own clause speaks: the maker is its supplier or partner then ("la SU7, dotée
        d'une batterie de 73 kWh fournie par BYD")."""
        products = [
            c
            for c in here
            if c.party.kind is Kind.MODEL and c.party.role == "actor" and self.stance.leads_clause(c.party, figure)
        ]
        best = max(products, key=lambda c: (c.score, c.party.span.start), default=None)
        if best is None or best.party.span.start > maker.party.span.start:
            return best
        # A maker that leads a clause of its own is spoken of itself.
        leads = self.stance.leads_clause(maker.party, figure)
        return None if leads and self.scene.crossing(best.party.span, maker.party.span) else best

    def _own_product(self, maker: Choice, here: Sequence[Choice]) -> Choice | None:
        """The product of the maker's that its sentence names too ("Peugeot propose une version plus abordable de sa
        e-3008")."""
        own = (c for c in here if c.party.kind is Kind.MODEL and c.party.role == "actor")
        mine = (c for c in own if same_house(maker.party, c.party))
        return max(mine, key=lambda c: (c.score, c.party.span.start), default=None)

    def _its_product(self, maker: Choice, index: int) -> Choice:
        """The maker's product that the text named last, for types that belong to products; captions do not count.

        Where none was named of late, the product of which the article speaks most.
        """
        for other in range(index - 1, max(index - 1 - _PRODUCT_MEMORY, -1), -1):
            for party in reversed(self.in_sentence(other)):
                spoken_of = party.kind is Kind.MODEL and party.role == "actor" and not self._is_caption(other)
                if spoken_of and same_house(maker.party, party):
                    return Choice(party, maker.score)
        name = maker.party.name
        if name not in self._products:
            self._products[name] = self._main_product(maker.party)
        main = self._products[name]
        return Choice(main, maker.score) if main else maker

    def _main_product(self, maker: PartyMention) -> PartyMention | None:
        """The maker's product in the title, else the one of which the article speaks most, if more than once."""
        products = [p for p in self.parties if p.kind is Kind.MODEL and same_house(maker, p)]
        counts = Counter(p.name for p in products if not p.anaphor)
        main = max(products, key=lambda p: (p.sentence == 0, counts[p.name], -p.span.start), default=None)
        return main if main and (main.sentence == 0 or counts[main.name] > 1) else None

    def _titled_product(self, maker: Choice, index: int) -> Choice | None:
        """The one model that the title names, if it is the maker's and still spoken of: what is sold then is the model
        ("Toyota n'attend que 50 ventes par an")."""
        titled = {p.name: p for p in self.in_sentence(0) if p.kind is Kind.MODEL}
        model = next(iter(titled.values()), None)
        if model is None or len(titled) > 1 or not same_house(maker.party, model):
            return None
        recent = (p for at in range(max(index - _STILL, 1), index) for p in self.in_sentence(at))
        return Choice(model, maker.score) if any(p.name == model.name for p in recent) else None

    def _is_caption(self, index: int) -> bool:
        """A heading of a name and little else."""
        sentence = self.scene.sentence(index)
        words = self.scene.word_index(sentence.end) - self.scene.word_index(sentence.start)
        return sentence.heading and words <= _CAPTION

    def _score(self, party: PartyMention, row: FactType, anchors: Sequence[Span]) -> float:
        nearest = min(self.scene.distance(party.span, a) for a in anchors)
        score = 1.0 / (1.0 + nearest / _HALF_WAY) + preference(party, row.subjects)
        figure = anchors[0]
        attached = any(self.stance.attached(party, a) for a in anchors)
        if attached and self._is_patient(party, row, anchors):
            score -= _WHOLE
        elif attached:
            score += _ATTACHED
        score += self._lead(party, figure, attached)
        if Kind.MODEL not in row.objects and self.stance.counted(party, figure):
            score += _COUNTED
        if self.stance.in_brackets(party, figure):
            score -= _BRACKETED
        fitted = party.kind is Kind.MODEL
        of_product = fitted and row.subjects[0] is Kind.MODEL
        if self.stance.labelled(party, figure):
            score += _LABELLED
        elif self.stance.described(party, figure) or (fitted and self.stance.fitted(party, figure)):
            score += _DESCRIBED
        elif self.stance.owns(party, figure):
            score += _OWNS
        if COUNTRY in party.classes and party.kind is Kind.MARKET:
            score += self.stance.as_market(party)
        elif self.stance.in_apposition(party, figure):
            score -= _APPOSED
        if party.kind is Kind.PERSON and Kind.PERSON not in row.subjects:
            score -= PERSON
        return score + self._part(party, figure, of_product)

    def _lead(self, party: PartyMention, figure: Span, attached: bool) -> float:
        """What the place of the party before or behind the figure tells."""
        if self.stance.leads_clause(party, figure):
            return _LEADS if self.stance.is_first(party, figure) else _LEADS_TOO
        if self.stance.is_topic(party):
            return _TOPIC
        if self.stance.follows_fronted(party, figure):
            return _LEADS
        return -_AFTER if party.span.start > figure.end and not attached else 0.0

    def _part(self, party: PartyMention, figure: Span, of_product: bool) -> float:
        """What it tells that the party is compared with, credited, or speaks about the industry."""
        score = -_OBSERVER if party.observer else 0.0
        if party.role == "rival":
            told = self.stance.is_told_of(party, figure) or (of_product and self.stance.fitted(party, figure))
            return score + (_RELATIVE if told else -_RIVAL)
        return score - _SOURCE if party.role == "source" else score

    def _is_patient(self, party: PartyMention, row: FactType, anchors: Sequence[Span]) -> bool:
        """A genitive behind a share or a stake names the whole of which it is one, not the holder ("12 % du marché",
        "14 % du capital de PSA"), unless the sentence is about it ("un quart des voitures neuves étaient
        électriques") or it is the part itself ("8 % de diesels"); behind the noun ahead of the figure it is the subject
        ("la part du diesel"), save for the market as a whole."""
        if party.kind in row.objects:
            return True
        figure = anchors[0]
        if not row.of_whole or party.kind is not Kind.MARKET:
            return False
        if party.span.start < figure.start:
            return party.name.lower().startswith(self.words.market)
        return not (self.stance.is_part(party, figure) or self.stance.opens_clause(party, figure))

    def _of_next_figure(self, party: PartyMention, anchor: Span) -> bool:
        """The party stands right behind another count, which is of it ("447 450 véhicules, dont 435 826 Model 3")."""
        between = within(self.scene.mentions.quantities, anchor.end, party.span.start)
        return bool(between) and self.scene.words_between(between[-1].span, party.span) <= _COUNTED_OF

    def object(self, row: FactType, subject: PartyMention, anchors: Sequence[Span], index: int) -> Choice | None:
        """The second party of the statement, of the kinds of the type's row, other than its subject."""
        best: Choice | None = None
        for party in self.in_sentence(index):
            if party.kind not in row.objects or party.name == subject.name or party.role == "rival":
                continue
            of_maker = party.kind is Kind.MODEL and party.parent is not None and subject.kind in MAKERS
            if of_maker and not same_house(subject, party):
                continue
            if self._of_next_figure(party, anchors[0]):
                continue
            nearest = min(self.scene.distance(party.span, a) for a in anchors)
            score = 1.0 / (1.0 + nearest / _HALF_WAY) - (0.4 if party.observer else 0.0)
            if best is None or score > best.score:
                best = Choice(party, score)
        return best
