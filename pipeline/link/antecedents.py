"""Whom a noun phrase or a pronoun takes up: the most salient party of the text so far that fits it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from pipeline.language.link_words import LinkWords
from pipeline.link.attribution import credited
from pipeline.link.party import COUNTRY, MAKERS, RIVAL, PartyMention
from pipeline.link.scene import Scene, within
from pipeline.schema import CueMention, Kind, Span

Demonyms = Mapping[str, tuple[str | None, str]]

PAIR = "pair"  # value of an anaphor for several parties at once, and class of what it takes up
_LATEST = "latest"  # which party a word takes up: the one named last
_ORIGIN = "origin"  # what an adjective that stands for a party tells of it ("le chinois")
_ANY = "any"  # value of a pronoun
_PLURAL = "plural"
_PROMINENT = 0.4  # weight of how often the article names a party, against its nearness
_TITLED = 0.2  # of the one model that the title names
_HEADED = 0.4  # bonus of a party that opens the heading right above
_OPENED = 0.3  # of one that opened its sentence
_GOES_ON = 0.2  # more for a pronoun, where that sentence is the one before
_LIKE = 0.15  # of one of the pronoun's gender
_UNLIKE = 0.6  # malus of one of the other gender
_DIVISION = 0.5  # of a maker's national branch
_SPEAKER = 0.6  # bonus of a person just quoted
_OPENING = 4  # words that may stand before a party that opens its sentence
_MARKET_OPENING = 1
_MARKET = 1.3  # salience of a market with which the sentence before opens
_PRODUCTS = frozenset({Kind.MODEL})
_OWNER = 24  # characters behind a product in which its maker may be named
_ADJECTIVES = 2  # words in between, the genitive among them
_REACH = 3  # words before a name in which its article may stand
_RECALLED = 150  # parties of the text so far among which the one meant is sought
_MEMORY = 12  # sentences after which a party is no longer taken up
_OBLIQUE = 0.3  # malus of one that a preposition ties to something else
_FRONTED = 10  # words that may stand before it behind a fronted phrase and its comma
_PARTED = 0.2  # malus of a party from which a heading parts the anaphor
_LEFT = 0.6  # more of one that the heading leaves for another of its kind
_FADING = 0.5  # by which each sentence in between takes a party away
_PLANT_FADING = 0.8  # the same for the owner of "the plant"
_COMING = 2  # sentences after the anaphor up to which the first party of the article may be named
_CLAUSE = 60  # characters before a party in which its clause begins
_COUPLED = 3  # words between two parties that act together ("Stellantis et le chinois CATL")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the whole article says of its parties: the first of each kind, how often each is named, and of which
    gender the articles before a model make it; the model that the title names, where it is one."""

    first: Mapping[Kind, PartyMention]
    counts: Counter[str]
    most: int
    genders: Mapping[str, str]
    titled: frozenset[str]

    @classmethod
    def of(cls, scene: Scene, named: Sequence[PartyMention], words: LinkWords) -> Standing:
        """The standing of the parties that the text names."""
        first: dict[Kind, PartyMention] = {}
        votes: dict[str, Counter[str]] = {}
        for party in named:
            if not party.observer:
                first.setdefault(party.kind, party)
            gender = _gender_of_name(scene, party, words) if party.kind is Kind.MODEL else None
            if gender:
                votes.setdefault(party.name, Counter())[gender] += 1
        counts = Counter(p.name for p in named if not p.observer)
        genders = {name: found.most_common(1)[0][0] for name, found in votes.items()}
        titled = frozenset(p.name for p in named if p.sentence == 0 and p.kind is Kind.MODEL)
        return cls(first, counts, max(counts.values(), default=1), genders, titled if len(titled) == 1 else frozenset())

    def prominence(self, party: PartyMention, kinds: frozenset[Kind]) -> float:
        """Weight of a party for the whole article: of how often it is named, and whether the title names it alone."""
        share = self.counts[party.name] / self.most
        return _PROMINENT * share + (_TITLED if party.name in self.titled and Kind.MODEL in kinds else 0.0)


class _Anaphor(NamedTuple):
    """What an anaphor tells of the party that it takes up. `own` is the gender of its own words, for a pronoun."""

    cue: CueMention
    sentence: int
    kinds: frozenset[Kind]
    pronoun: bool
    plural: bool
    fading: float
    wanted: str | None
    kind: str | None
    own: str | None

    def agrees_in_number(self, party: PartyMention) -> bool:
        """Several parties at once are taken up in the plural only, one party by no plural pronoun."""
        return self.plural if PAIR in party.classes else not (self.plural and self.pronoun)


@dataclass(frozen=True, slots=True)
class Antecedents:
    """Resolves the anaphors of one scene."""

    scene: Scene
    standing: Standing
    demonyms: Demonyms
    words: LinkWords
    _opening: dict[tuple[int, int, int], bool] = field(default_factory=dict)

    def resolve(self, cue: CueMention, found: Sequence[PartyMention]) -> PartyMention | None:
        """The party that `cue` takes up among those `found` before it; None where the text offers nobody."""
        before = found[-_RECALLED:]
        sentence = self.scene.sentence_index(cue.span.start)
        if cue.value == PAIR:
            return self._pair(cue, before, sentence)
        if cue.value == _ANY and cue.attribute("number") == _PLURAL:
            couple = self._couple(before, sentence)
            if couple:
                return replace(couple, span=cue.span, sentence=sentence)
        return self._single(cue, before, sentence)

    def _article_less(self, before: Sequence[str]) -> list[str]:
        """The words before a party without its own article, which may end in a preposition."""
        return [w for w in before if w not in self.words.determiners or w in self.words.prepositions]

    def _pair(self, cue: CueMention, before: Sequence[PartyMention], sentence: int) -> PartyMention | None:
        """ "Les deux groupes": two makers that the text has just coupled, else the last ones that it has named."""
        size = int(cue.attribute("size") or 2)
        couple = self._couple(before, sentence) if size == 2 else None
        if couple:
            return replace(couple, span=cue.span, sentence=sentence)
        makers = (p for p in reversed(before) if p.kind in MAKERS and not p.observer and not p.anaphor)
        names = list(dict.fromkeys(p.name for p in makers if p.role != RIVAL))[:size]
        return self._joint(names[::-1], cue.span, sentence) if len(names) == size else None

    def _joint(self, names: Sequence[str], span: Span, sentence: int) -> PartyMention:
        name = f"{', '.join(names[:-1])} {self.words.joiner} {names[-1]}"
        return PartyMention(span, name, Kind.COMPANY, sentence, classes=(PAIR,), anaphor=True)

    def _couple(self, before: Sequence[PartyMention], sentence: int) -> PartyMention | None:
        """The two makers with which the sentence before opens, or those that it takes up in one word."""
        lately = [p for p in before if p.sentence == sentence - 1 and p.kind in MAKERS and not p.observer]
        if len(lately) >= 1 and PAIR in lately[0].classes:
            return lately[0]
        if len(lately) < 2 or self.scene.sentence(sentence).block != self.scene.sentence(sentence - 1).block:
            return None
        one, other = lately[:2]
        gap = self.scene.between(one.span, other.span).split()
        joined = bool(gap) and gap[0] in self.words.conjunctions and len(gap) <= _COUPLED
        if not joined or one.name == other.name or not self._opens(one):
            return None
        return self._joint((one.name, other.name), one.span, sentence)

    def _single(self, cue: CueMention, before: Sequence[PartyMention], sentence: int) -> PartyMention | None:
        kinds = _kinds(cue.value)
        span, country = self._with_adjective(cue.span)
        if cue.attribute("which") == _LATEST:
            latest = _latest(before, sentence)
            if latest:
                return replace(latest, span=span, sentence=sentence, anaphor=True, role="actor")
        by_origin = cue.attribute("by") == _ORIGIN
        if by_origin:
            country = self.demonyms.get(cue.span.text.lower().replace("'", " ").rpartition(" ")[2], (None, ""))[0]
        anaphor = self._read(cue, sentence, kinds)
        owner = self._owner(span) if kinds == _PRODUCTS else None
        of_country = [p for p in before if not country or p.country == country or not (by_origin or p.country)]
        offered = [p for p in of_country if owner in (p.parent, None) or not p.parent]
        best = self._most_salient(anaphor, offered, country)
        if best is None and not by_origin and not (anaphor.pronoun and anaphor.plural) and owner is None:
            first = (self.standing.first.get(k) for k in (Kind.COMPANY, Kind.BRAND, Kind.MODEL) if k in kinds)
            best = next((p for p in first if p is not None and p.sentence - sentence <= _COMING), None)
        if best is None:
            return None
        if best.kind is Kind.MODEL and Kind.MODEL not in kinds and best.parent:
            best = replace(best, name=best.parent, kind=Kind.BRAND, parent=None, classes=())
        best = self._version_of(best, before, sentence) if best.kind is Kind.MODEL else best
        return replace(best, span=span, sentence=sentence, anaphor=True, role="actor")

    def _most_salient(
        self, anaphor: _Anaphor, before: Sequence[PartyMention], country: str | None
    ) -> PartyMention | None:
        """Of the parties `before`, the one that the anaphor most likely takes up, the latest of equals."""
        best, best_score = None, 0.0
        above = self.scene.heading_above(anaphor.sentence) or 0
        headed = {p.kind: p.name for p in before if above and p.sentence == above and self._opens(p)}
        for party in before[bisect_left(before, anaphor.sentence - _MEMORY, key=_sentence) :]:
            score = self._salience(party, anaphor)
            if not score:
                continue
            score += self._fit(party, anaphor, country) + self.standing.prominence(party, anaphor.kinds)
            if party.sentence < above and party.kind in headed and party.name not in headed.values():
                score -= _LEFT
            if score >= best_score and score > 0:
                best, best_score = party, score
        return best

    def _version_of(self, model: PartyMention, before: Sequence[PartyMention], sentence: int) -> PartyMention:
        """The version of `model` with which the text just went over to speak of one, else `model`."""
        if model.sentence == sentence or self.scene.sentence(sentence).heading:
            return model
        last = next((p for p in reversed(before) if p.kind is Kind.MODEL and p.sentence < sentence), model)
        near = last.sentence == sentence - 1 and last.role == "actor" and last.name.startswith(f"{model.name} ")
        one = self.scene.sentence(last.sentence).block == self.scene.sentence(sentence).block
        return replace(model, name=last.name) if near and one else model

    def _read(self, cue: CueMention, sentence: int, kinds: frozenset[Kind]) -> _Anaphor:
        pronoun = cue.value == _ANY
        return _Anaphor(
            cue,
            sentence,
            kinds,
            pronoun,
            plural=cue.attribute("number") == _PLURAL,
            fading=_PLANT_FADING if cue.attribute("of") else _FADING,
            wanted=cue.attribute("class"),
            kind=cue.attribute("kind"),
            own=self.words.genders.get(cue.span.text.lower()) if pronoun else None,
        )

    def _fit(self, party: PartyMention, anaphor: _Anaphor, country: str | None) -> float:
        """What the words of the anaphor tell for or against the party."""
        score = 0.5 if country and party.country == country else 0.0
        if anaphor.wanted and party.classes:
            score += 0.6 if anaphor.wanted in party.classes else -0.3
        if anaphor.kind:
            score += 0.25 if party.kind.value == anaphor.kind else -0.15
        if _is_division(party):
            score -= _DIVISION
        gender = self._gender(party) if anaphor.own else None
        if gender:
            score += _LIKE if gender == anaphor.own else -_UNLIKE
        return score

    def _gender(self, party: PartyMention) -> str | None:
        """The gender of an anaphor's own words, else that of a model's name; of others it is not known."""
        if party.anaphor:
            return self.words.genders.get(party.span.text.lower().partition(" ")[0])
        return self.standing.genders.get(party.name)

    def _owner(self, span: Span) -> str | None:
        """The maker named in the genitive behind a product ("le pick-up électrique de Ford"), if one is."""
        end = span.end
        for entity in within(self.scene.mentions.entities, end, end + _OWNER):
            gap = self.scene.doc.lower[end : entity.span.start].replace("'", "' ").split()
            tied = bool(gap) and gap[-1] in self.words.market_genitives and all(word.isalpha() for word in gap[:-1])
            return entity.name if tied and entity.kind in MAKERS and len(gap) <= _ADJECTIVES else None
        return None

    def _with_adjective(self, span: Span) -> tuple[Span, str | None]:
        """The span with a following adjective of nationality, and that country."""
        doc = self.scene.doc
        at = self.scene.word_index(span.end)
        if at < len(doc.words):
            start, end = doc.words[at]
            word = doc.lower[start:end]
            if start - span.end <= 1 and word in self.demonyms:
                return doc.span(span.start, end), self.demonyms[word][0]
        return span, None

    def _salience(self, party: PartyMention, anaphor: _Anaphor) -> float:
        cue, sentence, kinds = anaphor.cue, anaphor.sentence, anaphor.kinds
        if party.kind is Kind.MARKET:
            return self._market_salience(party, anaphor)
        fits = party.kind in kinds or (party.kind is Kind.MODEL and kinds == MAKERS and party.parent is not None)
        if not fits or party.kind is Kind.PLACE or party.observer:
            return 0.0
        if party.role == "source" or not anaphor.agrees_in_number(party):
            return 0.0
        age = sentence - party.sentence
        score = 1.0 / (1.0 + anaphor.fading * age)
        opens, heading = self._opens(party), self.scene.sentence(party.sentence).heading
        if opens:
            score += _OPENED + (_GOES_ON if self._takes_up(cue, party, sentence) else 0.0)
        elif not heading and self._is_oblique(party):
            score -= _OBLIQUE
        if age == 1 and heading and opens:
            score += _HEADED
        if party.sentence == 0 or heading:
            score += 0.1
        elif self._behind_heading(party, sentence):
            score -= _PARTED
        if party.role == RIVAL:
            score -= 0.5
        if party.kind is Kind.MODEL and Kind.MODEL not in kinds:
            score -= 0.2
        if anaphor.pronoun and party.kind is Kind.PERSON:
            score += -0.1 if age == 0 else _SPEAKER if age == 1 and credited(self.scene, party) else 0.0
        return score

    def _market_salience(self, party: PartyMention, anaphor: _Anaphor) -> float:
        """A pronoun takes up a market only where the sentence before it, in its paragraph, opens with it."""
        scene, sentence = self.scene, anaphor.sentence
        if not anaphor.pronoun or party.sentence != sentence - 1 or COUNTRY in party.classes:
            return 0.0
        one = scene.sentence(party.sentence).block == scene.sentence(sentence).block
        if not one or scene.words_before(party.span, party.sentence) > _MARKET_OPENING:
            return 0.0
        plural = party.span.text.partition(" ")[0].endswith(self.words.plural_endings)
        return _MARKET if plural == anaphor.plural else 0.0

    def _takes_up(self, cue: CueMention, party: PartyMention, sentence: int) -> bool:
        """A pronoun that opens its sentence goes on about the party with which the one before opens."""
        scene = self.scene
        near = party.sentence == sentence - 1 and not scene.sentence(party.sentence).heading
        if cue.value != _ANY or not near or scene.words_before(cue.span, sentence) > _OPENING:
            return False
        before = scene.before(party.span).replace("'", "' ").split()
        return not before or before[-1] not in self.words.prepositions

    def _is_oblique(self, party: PartyMention) -> bool:
        """A preposition ties the party to something else that the text speaks of ("sur la base du GLA")."""
        before = self.scene.before(party.span, _CLAUSE).replace("'", "' ").split()
        return not self.words.prepositions.isdisjoint(self._article_less(before)[-1:])

    def _behind_heading(self, party: PartyMention, sentence: int) -> bool:
        """A heading stands between the party and the sentence."""
        above = self.scene.heading_above(sentence)
        return above is not None and party.sentence < above

    def _opens(self, party: PartyMention) -> bool:
        """The sentence opens with the party, and not with something else that a preposition ties to it."""
        place = party.span.start, party.span.end, party.sentence
        known = self._opening.get(place)
        if known is None:
            known = self._opening[place] = self._stands_first(party)
        return known

    def _stands_first(self, party: PartyMention) -> bool:
        scene = self.scene
        words = scene.words_before(party.span, party.sentence)
        if words > _OPENING:
            return self._is_clefted(party) or (words <= _FRONTED and self._follows_fronted(party))
        opening = scene.before(party.span)
        before = opening.replace("'", "' ").split()
        if not before or before[0] in self.words.topics:
            return True
        heading = scene.sentence(party.sentence).heading
        if heading and not self.words.prepositions.isdisjoint(self._article_less(before)[-1:]):
            return False
        return before[0] not in self.words.prepositions or "," in opening

    def _follows_fronted(self, party: PartyMention) -> bool:
        """The clause begins with the party, behind a comma that closes what was put before it."""
        before = self.scene.before(party.span, _CLAUSE)
        last = self._article_less(before.replace("'", "' ").split())[-1:]
        closes = before.count(",") == 1 and bool(last) and last[0].endswith(",")
        return closes and self.scene.after(party.span, 1) != ","

    def _is_clefted(self, party: PartyMention) -> bool:
        """ "C'est Zeekr qui attire l'attention": the clause is about the party."""
        before = self.scene.before(party.span).rstrip()
        following = self.scene.after(party.span, 8).split()[:1]
        return before.endswith(self.words.clefts) and bool(following) and following[0] in self.words.relatives


@lru_cache(maxsize=256)
def _kinds(value: str) -> frozenset[Kind]:
    """The kinds that an anaphor of this value can stand for."""
    return frozenset(Kind) if value == _ANY else frozenset(map(Kind, value.split("|")))


_sentence = attrgetter("sentence")


def _latest(before: Sequence[PartyMention], sentence: int) -> PartyMention | None:
    """The party named last, up to one sentence back, for words that say so ("ce dernier")."""
    barred = (Kind.MARKET, Kind.PLACE, Kind.AUTHORITY)
    return next(
        (
            p
            for p in reversed(before)
            if p.sentence >= sentence - 1 and not p.anaphor and not p.observer and p.kind not in barred
        ),
        None,
    )


def _is_division(party: PartyMention) -> bool:
    return party.kind is Kind.COMPANY and party.parent is not None and party.name.startswith(f"{party.parent} ")


def _gender_of_name(scene: Scene, party: PartyMention, words: LinkWords) -> str | None:
    """The gender that the article before a name tells ("la nouvelle Nissan Micra", "le SUV Bigster")."""
    before = scene.before(party.span).replace("'", "' ").split()[-_REACH:]
    for word in reversed(before):
        if word in words.genders:
            return words.genders[word]
        if word in words.prepositions or not word[-1].isalpha():
            return None
    return None
