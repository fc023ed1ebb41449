"""Subject and object of a statement: which of the parties around a figure or an event it is about."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.language.link_words import LinkWords
from pipeline.link.parties import RECEIVER
from pipeline.link.party import COUNTRY, MAKERS, PartyMention
from pipeline.link.scene import Scene, within
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
_LABELLED = 1.5  # followed by the figure in brackets
_TIES = 2  # words that may stand between a party and its figure where the verb is left out
_WHOLE = 0.8  # the market of which a share is given
_RIVAL = 0.9
_RELATIVE = 0.4  # a rival of which a relative clause speaks
_APPOSED = 0.4  # in an apposition to the party before it
_SOURCE = 0.9
_OBSERVER = 0.7
_PERSON = 0.54  # a person who stands for a company
_PREFERENCE_STEP = 0.12  # by rank in the type's list of kinds
_MARKET_STEP = 0.11  # the same where a market may be the subject
_FAR = 100  # sentences back, and parties ahead, beyond which nobody is looked for
_INHERITED = 0.34  # score below which earlier sentences are asked too
_NEAR = 0.5  # an inherited party in the sentence before
_FADING = 0.35  # by which each further sentence takes it away
_NEW_BLOCK = 0.78  # share left across a paragraph
_TITLE = 0.3  # least score of a party of the title
_OPENS = 0.075  # an inherited party that opened its sentence
_OBLIQUE = 0.2  # one that stood behind a preposition
_OPENING = 3  # words that may stand before a party that opens its sentence
_COUNTRIES = 2  # countries in a sentence that make each the subject of its own figure
_CAPTION = 4  # words of a heading that is no more than a name
_FRONTED = 5  # words that may open such a sentence before its figure
_OWNS = 0.5  # of which the relative clause of the figure says what it has
_POSSESSED = 24  # characters behind a figure in which a possessive may stand
_STILL = 2  # sentences over which the model of the title is still spoken of
_CONJUNCTION = 24  # characters that a conjunction and an article may take up
_PRODUCT_MEMORY = 5  # sentences over which a product stays the one spoken of


@dataclass(frozen=True, slots=True)
class Choice:
    """A party chosen for a role, with the score of its reasons. `alone` bars a joint name."""

    party: PartyMention
    score: float
    alone: bool = False


class RoleFinder:
    """Chooses subjects and objects in one scene."""

    def __init__(self, scene: Scene, parties: Sequence[PartyMention], words: LinkWords) -> None:
        self.scene = scene
        self.words = words
        self.parties = parties
        self._by_sentence: dict[int, list[PartyMention]] = {}
        for party in parties:
            self._by_sentence.setdefault(party.sentence, []).append(party)
        self._products: dict[str, PartyMention | None] = {}
        self._topics: dict[frozenset[Kind], tuple[list[int], list[PartyMention]]] = {}

    def joint(self, party: PartyMention, index: int) -> PartyMention:
        """The party with those that share its place in an enumeration ("BMW et Great Wall Motor")."""
        row = [p for p in self.in_sentence(index) if _family(p.kind) == _family(party.kind) and not p.anaphor]
        at = next((i for i, p in enumerate(row) if p.span == party.span), None)
        if at is None or party.anaphor:
            return party
        first = last = at
        while first > 0 and self._coordinated(row[first - 1], row[first]):
            first -= 1
        while last + 1 < len(row) and self._coordinated(row[last], row[last + 1]):
            last += 1
        names = [p.name for p in row[first : last + 1]]
        if len(set(names)) < 2 or not self._has_conjunction(row[first : last + 1]):
            return party
        span = self.scene.doc.span(row[first].span.start, row[last].span.end)
        return replace(party, name=self._joined(row[first : last + 1]), span=span)

    def _coordinated(self, a: PartyMention, b: PartyMention) -> bool:
        gap = self.scene.between(a.span, b.span).replace("'", "' ").replace(",", " , ").split()
        allowed = self.words.conjunctions | self.words.determiners | self.words.genitives | {","}
        joined = any(w in self.words.conjunctions or w == "," for w in gap)
        return joined and len(gap) <= 3 and all(w in allowed for w in gap)

    def _has_conjunction(self, row: Sequence[PartyMention]) -> bool:
        gaps = (self.scene.between(a.span, b.span).split() for a, b in pairwise(row))
        return any(word in self.words.conjunctions for gap in gaps for word in gap)

    def _joined(self, row: Sequence[PartyMention]) -> str:
        names = [row[0].name]
        for party in row[1:]:
            brand = f"{row[0].parent} "
            name = party.name.removeprefix(brand) if row[0].parent else party.name
            names.append(name)
        return f"{', '.join(names[:-1])} {self.words.joiner} {names[-1]}"

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
        here = [
            Choice(_as_kind(p, row.subjects), self._score(p, row, anchors))
            for p in self.in_sentence(index)
            if _fits(p, row.subjects) and self._may_be_market(p, row, anchors)
        ]
        if row.receives and self._given(anchors[0], index):
            here = []
        best = max(here, key=lambda c: (c.score, -c.party.span.start), default=None)
        if best and best.party.kind in MAKERS and row.subjects[0] is Kind.MODEL:
            return self._its_product(best, index)
        if best and best.score >= _INHERITED and best.party.kind in MAKERS and row.of_model:
            return self._titled_product(best, index) or best
        if best and best.score >= _INHERITED:
            return best
        kinds = row.subjects
        if not row.keeps_market:
            kinds = tuple(kind for kind in kinds if kind is not Kind.MARKET)
        inherited = self._inherited(kinds, index)
        if inherited and (best is None or inherited.score > best.score):
            return inherited
        return best

    def _may_be_market(self, party: PartyMention, row: FactType, anchors: Sequence[Span]) -> bool:
        """Whether the party, if a market, may be the subject: a country of its market's figures only, a market of what
        makers have only where it leads, a segment not of a share in what a maker calls its own."""
        if party.kind is not Kind.MARKET:
            return True
        if COUNTRY in party.classes:
            return row.inherits_period
        if row.of_whole and self._owned(anchors[0], anchors[-1]):
            return False
        return row.keeps_market or self.is_free(party)

    def _owned(self, figure: Span, trigger: Span) -> bool:
        """A possessive stands in the trigger or behind the figure ("26 % de ses ventes")."""
        words = trigger.text.lower().split() + self.scene.after(figure, _POSSESSED).split()[:3]
        return not self.words.possessives.isdisjoint(words)

    def _given(self, figure: Span, index: int) -> bool:
        """A pronoun before the figure says that the money goes to somebody named before ("X lui a prêté 50 M€")."""
        sentence = self.scene.sentence(index)
        cues = self.scene.cues_in("anaphor", sentence.start, figure.start)
        return any(cue.value == RECEIVER for cue in cues)

    def _its_product(self, maker: Choice, index: int) -> Choice:
        """The maker's product that the text named last, for types that belong to products; captions do not count.

        Where none was named of late, the product of which the article speaks most.
        """
        for other in range(index - 1, max(index - 1 - _PRODUCT_MEMORY, -1), -1):
            for party in reversed(self.in_sentence(other)):
                spoken_of = party.kind is Kind.MODEL and party.role == "actor" and not self._is_caption(other)
                if spoken_of and _same_house(maker.party, party):
                    return Choice(party, maker.score)
        name = maker.party.name
        if name not in self._products:
            self._products[name] = self._main_product(maker.party)
        main = self._products[name]
        return Choice(main, maker.score) if main else maker

    def _main_product(self, maker: PartyMention) -> PartyMention | None:
        """The maker's product in the title, else the one of which the article speaks most, if more than once."""
        products = [p for p in self.parties if p.kind is Kind.MODEL and _same_house(maker, p)]
        counts = Counter(p.name for p in products)
        main = max(products, key=lambda p: (p.sentence == 0, counts[p.name], -p.span.start), default=None)
        return main if main and (main.sentence == 0 or counts[main.name] > 1) else None

    def _titled_product(self, maker: Choice, index: int) -> Choice | None:
        """The one model that the title names, if it is the maker's and still spoken of: what is sold then is the model
        ("Toyota n'attend que 50 ventes par an")."""
        titled = {p.name: p for p in self.in_sentence(0) if p.kind is Kind.MODEL}
        model = next(iter(titled.values()), None)
        if model is None or len(titled) > 1 or not _same_house(maker.party, model):
            return None
        recent = (p for at in range(max(index - _STILL, 0), index) for p in self.in_sentence(at))
        return Choice(model, maker.score) if any(p.name == model.name for p in recent) else None

    def _is_caption(self, index: int) -> bool:
        """A heading of a name and little else."""
        sentence = self.scene.sentence(index)
        words = self.scene.word_index(sentence.end) - self.scene.word_index(sentence.start)
        return sentence.heading and words <= _CAPTION

    def _score(self, party: PartyMention, row: FactType, anchors: Sequence[Span]) -> float:
        nearest = min(self.scene.distance(party.span, a) for a in anchors)
        score = 1.0 / (1.0 + nearest / _HALF_WAY) + _preference(party, row.subjects)
        figure = anchors[0]
        attached = any(self._attached(party, a) for a in anchors)
        if attached and self._is_patient(party, row, anchors):
            score -= _WHOLE
        elif attached:
            score += _ATTACHED
        if self._leads_clause(party, figure):
            score += _LEADS if self._is_first(party, figure) else _LEADS_TOO
        elif self._is_topic(party):
            score += _TOPIC
        elif self._follows_fronted(party, figure):
            score += _LEADS
        elif party.span.start > figure.end and not attached:
            score -= _AFTER
        if self._in_brackets(party, figure):
            score -= _BRACKETED
        if self._labelled(party, figure):
            score += _LABELLED
        elif self._owns(party, figure):
            score += _OWNS
        if COUNTRY in party.classes and party.kind is Kind.MARKET:
            score += self._as_market(party)
        elif self._in_apposition(party, figure):
            score -= _APPOSED
        if party.role == "rival":
            score += _RELATIVE if self._opens_relative(party, figure) else -_RIVAL
        if party.role == "source":
            score -= _SOURCE
        if party.observer:
            score -= _OBSERVER
        if party.kind is Kind.PERSON and Kind.PERSON not in row.subjects:
            score -= _PERSON
        return score

    def _is_patient(self, party: PartyMention, row: FactType, anchors: Sequence[Span]) -> bool:
        """A genitive behind a share or a stake names the whole of which it is one, not the holder ("12 % du marché",
        "14 % du capital de PSA"); behind the noun ahead of the figure it is the subject ("la part du diesel")."""
        if party.kind in row.objects:
            return True
        figure = anchors[0]
        return row.of_whole and party.kind is Kind.MARKET and party.span.start > figure.start

    def _attached(self, party: PartyMention, anchor: Span) -> bool:
        """The party follows the figure or trigger, tied to it by a genitive ("les ventes de Tesla")."""
        if party.span.start < anchor.end or self.scene.words_between(anchor, party.span) > 4:
            return False
        gap = self.scene.doc.lower[anchor.end : party.span.start]
        words = gap.replace("'", "' ").split()
        return bool(words) and not any(c in gap for c in ",;:()") and words[0] in self.words.genitives

    def _leads_clause(self, party: PartyMention, figure: Span) -> bool:
        """The party stands before the figure, free of a preposition: the place of a grammatical subject."""
        return party.span.start < figure.start and self.is_free(party)

    def is_free(self, party: PartyMention) -> bool:
        """No preposition stands before the party: it may be a grammatical subject."""
        if self._opens_clause(party):
            return True
        before = self.scene.before(party.span).replace("'", "' ").split()
        while before and before[-1] in self.words.determiners - self.words.prepositions:
            before.pop()
        if not before or before[-1] not in self.words.prepositions:
            return True
        # "des" is an article where it opens a clause ("Des marques …"), else it stands for a preposition.
        return before[-1] in self.words.determiners and (len(before) == 1 or before[-2].endswith((",", ";", ":")))

    def _follows_fronted(self, party: PartyMention, figure: Span) -> bool:
        """The sentence opens with what its subject has ("Avec 65 501 ventes, le pick-up X …"), and the party is it."""
        sentence = self.scene.sentence(party.sentence)
        if party.span.start < figure.end or party.role != "actor" or not self.is_free(party):
            return False
        opening = self.scene.doc.lower[sentence.start : figure.start].replace("'", "' ").split()
        if not opening or opening[0] not in self.words.fronting or len(opening) > _FRONTED:
            return False
        between = within(self.parties, figure.end, party.span.start)
        return "," in self.scene.between(figure, party.span) and not any(self.is_free(p) for p in between)

    def _opens_clause(self, party: PartyMention) -> bool:
        """Nothing but articles stands between a conjunction that opens a clause ("tandis que") and the party."""
        start = party.span.start
        for cue in self.scene.cues_in("clause", start - _CONJUNCTION, start):
            gap = self.scene.doc.lower[cue.span.end : start].replace("'", "' ").split()
            if cue.span.end <= start and all(w in self.words.determiners and w not in self.words.prepositions for w in gap):
                return True
        return False

    def _in_apposition(self, party: PartyMention, figure: Span) -> bool:
        """The party stands between two commas right behind another that leads the sentence."""
        before = [p for p in self.in_sentence(party.sentence) if p.span.end <= party.span.start and p.role == "actor"]
        if not before or party.span.end > figure.start or not self._leads_clause(before[0], figure):
            return False
        plain = self.scene.doc.plain
        gap = plain[before[0].span.end : party.span.start]
        return gap.startswith(",") and gap.count(",") == 1 and "," in plain[party.span.end : figure.start]

    def _is_topic(self, party: PartyMention) -> bool:
        """The sentence opens by saying of whom it speaks ("Pour Renault, …", "Du côté de Renault, …")."""
        if self.scene.after(party.span, 1) != ",":
            return False
        opening = self.scene.before(party.span, 20).replace("'", "' ").split()
        return bool(opening) and opening[0] in self.words.topics and len(opening) <= _OPENING + 1

    def _labelled(self, party: PartyMention, figure: Span) -> bool:
        """The figure stands right behind the party: in brackets ("devant Hyundai (7 315)"), or where a verb is left
        out ("et l'Espagne de 96,5 %")."""
        if party.span.end > figure.start:
            return False
        gap = self.scene.doc.lower[party.span.end : figure.start]
        if "(" in gap and ")" not in gap and not any(c.isalnum() for c in gap):
            return True
        ties = gap.replace("'", "' ").split()
        return 0 < len(ties) <= _TIES and self.is_free(party) and all(w in self.words.levels or w in self.words.genitives for w in ties)

    def _owns(self, party: PartyMention, figure: Span) -> bool:
        """A relative clause right behind the party says what it has ("une ID.3, dont le tarif démarre à 45 165 €")."""
        if party.span.end > figure.start:
            return False
        following = self.scene.after(party.span, 12).replace(",", " ").split()
        if not following or following[0] not in self.words.possessive_relatives:
            return False
        between = within(self.in_sentence(party.sentence), party.span.end, figure.start)
        return not any(p.role == "actor" and _family(p.kind) is _family(party.kind) for p in between)

    def _opens_relative(self, party: PartyMention, figure: Span) -> bool:
        following = self.scene.after(party.span, 12).replace(",", " ").split()
        return party.span.end < figure.start and bool(following) and following[0] in self.words.relatives

    def _as_market(self, party: PartyMention) -> float:
        """A country stands for its market only where no maker, model or named market is spoken of in the sentence;
        elsewhere it is the place."""
        if not self.is_free(party):
            return -1.0
        others = [p for p in self.in_sentence(party.sentence) if p.role == "actor" and COUNTRY not in p.classes]
        countries = [p for p in self.in_sentence(party.sentence) if COUNTRY in p.classes]
        return -1.0 if others else 0.4 if len(countries) >= _COUNTRIES else 0.2

    def _is_first(self, party: PartyMention, figure: Span) -> bool:
        """No other party leads the same stretch of the sentence."""
        return not any(
            other.span.start < party.span.start
            and other.role == "actor"
            and self._leads_clause(other, figure)
            and self.scene.crossing(other.span, party.span) < 2
            for other in self.in_sentence(party.sentence)
        )

    def _in_brackets(self, party: PartyMention, figure: Span) -> bool:
        """The party stands in brackets that close before the figure."""
        if party.span.end > figure.start:
            return False
        sentence = self.scene.sentence(party.sentence)
        before = self.scene.doc.plain[sentence.start : party.span.start]
        after = self.scene.doc.plain[party.span.end : figure.start]
        return before.count("(") > before.count(")") and after.count(")") > after.count("(")

    def _inherited(self, kinds: Sequence[Kind], index: int) -> Choice | None:
        here = self.scene.sentence(index)
        best: Choice | None = None
        earlier = [*range(index - 1, max(index - _FAR, 0), -1), *range(min(index, 1))]
        for other in earlier:
            sentence = self.scene.sentence(other)
            age = index - other
            near = sentence.block == here.block or sentence.heading or other == 0 or here.block - sentence.block <= 2
            if not near:
                continue
            for party in self.in_sentence(other):
                if not _fits(party, kinds) or party.role != "actor" or party.observer or COUNTRY in party.classes:
                    continue
                score = _recency(age, sentence.block == here.block, other == 0) + _preference(party, kinds)
                if self._opens(party, sentence.start):
                    score += _OPENS
                elif not self.is_free(party):
                    score -= _OBLIQUE
                if party.kind is Kind.PERSON and Kind.PERSON not in kinds:
                    score -= _PERSON
                if best is None or score > best.score:
                    best = Choice(_as_kind(party, kinds), score)
        if best is None:
            return self._ahead(kinds, index)
        return best

    def _ahead(self, kinds: Sequence[Kind], index: int) -> Choice | None:
        at = bisect_right(self.parties, index, key=lambda p: p.sentence)
        following = (
            p
            for p in self.parties[at : at + _FAR]
            if _fits(p, kinds) and p.role == "actor" and COUNTRY not in p.classes
        )
        party = next((p for p in following if not p.observer), None)
        return Choice(_as_kind(party, kinds), 0.2) if party else None

    def _opens(self, party: PartyMention, start: int) -> bool:
        return self.scene.word_index(party.span.start) - self.scene.word_index(start) <= _OPENING

    def object(self, row: FactType, subject: PartyMention, anchors: Sequence[Span], index: int) -> Choice | None:
        """The second party of the statement, of the kinds of the type's row, other than its subject."""
        best: Choice | None = None
        for party in self.in_sentence(index):
            if party.kind not in row.objects or party.name == subject.name or party.role == "rival":
                continue
            of_maker = party.kind is Kind.MODEL and party.parent is not None and subject.kind in MAKERS
            if of_maker and not _same_house(subject, party):
                continue
            nearest = min(self.scene.distance(party.span, a) for a in anchors)
            score = 1.0 / (1.0 + nearest / _HALF_WAY) - (0.4 if party.observer else 0.0)
            if best is None or score > best.score:
                best = Choice(party, score)
        return best


def _recency(age: int, same_block: bool, titled: bool) -> float:
    """How near a party named `age` sentences before still is; a new paragraph takes up the title again."""
    score = _NEAR / (1.0 + _FADING * age)
    if not same_block:
        score *= _NEW_BLOCK
    return max(score, _TITLE) if titled else score


def _family(kind: Kind) -> Kind:
    return Kind.COMPANY if kind is Kind.BRAND else kind


def _same_house(subject: PartyMention, model: PartyMention) -> bool:
    return model.parent is not None and (
        model.parent in subject.name or subject.name in model.parent or subject.name == model.parent
    )


def _fits(party: PartyMention, kinds: Sequence[Kind]) -> bool:
    if party.kind in kinds:
        return True
    if party.kind is Kind.PERSON:
        return party.parent is not None and bool(MAKERS.intersection(kinds))
    return party.kind is Kind.MODEL and party.parent is not None and bool(MAKERS.intersection(kinds))


def _as_kind(party: PartyMention, kinds: Sequence[Kind]) -> PartyMention:
    """A person or a model stands for its company where the statement is a company's."""
    if party.kind in kinds or party.parent is None:
        return party
    return replace(party, name=party.parent, kind=Kind.COMPANY, parent=None, classes=())


def _preference(party: PartyMention, kinds: Sequence[Kind]) -> float:
    order = list(dict.fromkeys(_family(kind) for kind in kinds))
    if _family(party.kind) not in order:
        return -0.35
    step = _MARKET_STEP if Kind.MARKET in order else _PREFERENCE_STEP
    return -step * order.index(_family(party.kind))
