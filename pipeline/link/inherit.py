"""Whom a statement is about whose own sentence names nobody fit for it: parties of the text before, else behind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from pipeline.link.choice import PERSON, Choice, as_kind, fits, preference
from pipeline.link.party import COUNTRY, PartyMention
from pipeline.link.scene import Scene
from pipeline.link.stance import Stance
from pipeline.schema import Kind

# Weights of the evidence, fitted on the development split by coordinate search.
_FAR = 100  # sentences back, and parties ahead, beyond which nobody is looked for
_NEAR = 0.5  # an inherited party in the sentence before
_FADING = 0.35  # by which each further sentence takes it away
_NEW_BLOCK = 0.78  # share left across a paragraph
_TITLE = 0.3  # least score of a party of the title
_OPENS = 0.075  # an inherited party that opened its sentence
_OBLIQUE = 0.2  # one that stood behind a preposition
_AHEAD = 0.2  # a party that is named behind only
_BLOCKS = 2  # paragraphs back that still count
_OPENING = 3  # words that may stand before a party that opens its sentence


class Inheritance:
    """Looks for inherited subjects in one scene."""

    def __init__(
        self,
        scene: Scene,
        parties: Sequence[PartyMention],
        by_sentence: Mapping[int, Sequence[PartyMention]],
        stance: Stance,
    ) -> None:
        self._scene = scene
        self._parties = parties
        self._by_sentence = by_sentence
        self._stance = stance

    def _in_sentence(self, index: int) -> Sequence[PartyMention]:
        return self._by_sentence.get(index, ())

    def find(self, kinds: Sequence[Kind], index: int) -> Choice | None:
        """The party of one of `kinds` that a statement of sentence `index` is about where its own sentence names none:
        one named before, else the first one named behind."""
        here = self._scene.sentence(index)
        best: Choice | None = None
        parted = False
        earlier = [*range(index - 1, max(index - _FAR, 0), -1), *range(min(index, 1))]
        for other in earlier:
            sentence = self._scene.sentence(other)
            if not (sentence.heading or other == 0 or here.block - sentence.block <= _BLOCKS):
                continue
            section = () if parted else self._section_parties(other)
            for party in self._in_sentence(other):
                if not _may_be_taken_up(party, kinds, same_block=sentence.block == here.block):
                    continue
                titled = party in section or (other == 0 and sentence.heading and not parted)
                score = _recency(index - other, sentence.block == here.block, titled) + preference(party, kinds)
                score += self._standing(party, sentence.start)
                if party.kind is Kind.PERSON and Kind.PERSON not in kinds:
                    score -= PERSON
                if best is None or score > best.score:
                    best = Choice(as_kind(party, kinds), score)
            # A heading that opens with a party begins a section about it, and the title is left behind.
            parted = parted or (sentence.heading and any(fits(p, kinds) for p in self._section_parties(other)))
        return best or self._ahead(kinds, index)

    def _standing(self, party: PartyMention, start: int) -> float:
        """What it tells how the party stood in its own sentence, which begins at `start`."""
        if self._opens(party, start):
            return _OPENS
        return 0.0 if self._stance.is_free(party) else -_OBLIQUE

    def _section_parties(self, index: int) -> Sequence[PartyMention]:
        """The party whose section the heading `index` begins ("Xpeng", "BYD Atto 3 : un SUV à 38 000 euros"), if it
        begins one."""
        sentence = self._scene.sentence(index)
        if not sentence.heading:
            return ()
        party = next(iter(self._in_sentence(index)), None)
        if party is None or self._scene.words_before(party.span, index) > 1 or not self._stance.is_free(party):
            return ()
        following = self._scene.after(party.span).strip()
        return (party,) if not following or following[0] == ":" else ()

    def market_before(self, index: int) -> PartyMention | None:
        """The named market that opens the sentence before, in the same paragraph."""
        before = self._scene.sentence(max(index - 1, 0))
        if before.block != self._scene.sentence(index).block or index == 0:
            return None
        party = next((p for p in self._in_sentence(index - 1) if p.role == "actor"), None)
        if party is None or party.kind is not Kind.MARKET or party.anaphor or COUNTRY in party.classes:
            return None
        return party if self._opens(party, before.start) and self._stance.is_free(party) else None

    def _ahead(self, kinds: Sequence[Kind], index: int) -> Choice | None:
        at = bisect_right(self._parties, index, key=lambda p: p.sentence)
        following = (
            p
            for p in self._parties[at : at + _FAR]
            if fits(p, kinds) and p.role == "actor" and COUNTRY not in p.classes
        )
        party = next((p for p in following if not p.observer), None)
        return Choice(as_kind(party, kinds), _AHEAD) if party else None

    def _opens(self, party: PartyMention, start: int) -> bool:
        return self._scene.word_index(party.span.start) - self._scene.word_index(start) <= _OPENING


def _may_be_taken_up(party: PartyMention, kinds: Sequence[Kind], *, same_block: bool) -> bool:
    """Whether a later statement may be about the party: an actor, no country; "the market" within its paragraph."""
    if not fits(party, kinds) or party.role != "actor" or party.observer or COUNTRY in party.classes:
        return False
    return same_block or not (party.anaphor and party.kind is Kind.MARKET)


def _recency(age: int, same_block: bool, titled: bool) -> float:
    """How near a party named `age` sentences before still is; a new paragraph takes up the title again."""
    score = _NEAR / (1.0 + _FADING * age)
    if not same_block:
        score *= _NEW_BLOCK
    return max(score, _TITLE) if titled else score
