"""Where: the place that limits a statement, from its clause or from what the text said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.language.link_words import LinkWords
from pipeline.link.party import COUNTRY, PartyMention
from pipeline.link.scene import Scene, touching, within
from pipeline.ontology import FactType
from pipeline.schema import CueMention, EntityMention, Kind, Place, Sentence, Span

_REACH = 14.0  # words (boundaries counted) within which a place of the sentence bears on the statement
_LEAD = 3  # first sentences, which set the market that an article is about
_SEAT = 40  # characters before a place in which the firm stands that has its seat there
_RECALL = 3  # sentences over which a site stays the one spoken of
_TOWNS = frozenset({"city", "plant"})
_SITES = _TOWNS | {"region", "state"}
_EXCHANGE = "exchange"  # speaks, and is where shares are traded: no market of cars
_AREAS = frozenset({COUNTRY, "continent", "market"})


class PlaceFinder:
    """Places of one scene."""

    def __init__(self, scene: Scene, words: LinkWords, demonyms: Mapping[str, tuple[str | None, str]]) -> None:
        self.scene = scene
        self.words = words
        self.demonyms = demonyms
        self._located = [e for e in scene.mentions.entities if e.kind is Kind.PLACE and self._is_located(e)]
        self._worldwide = [phrase for phrase in words.worldwide if phrase in scene.doc.lower]
        self._market = self._of_article()
        lead = scene.doc.sentences[:_LEAD][-1].end if scene.doc.sentences else 0
        self._lead_sites = [e for e in within(self._located, 0, lead) if _SITES.intersection(e.classes)]

    def find(self, row: FactType, anchors: Sequence[Span], index: int) -> Place | None:
        """The place of a statement of type `row` at `anchors` in sentence `index`.

        A place behind a locative in the sentence, the world, the adjective of a market; else, where the type
        is bound to a market or a site (`row.local`, `row.place`), the market of the article or the site last named.
        """
        return self._in_sentence(row, anchors, index) or self._governing(row, index)

    def of_market(self, market: PartyMention) -> Place | None:
        """The place of a whole market: the country that it is, else the market of the article."""
        if COUNTRY in market.classes:
            found = touching(self.scene.mentions.entities, market.span)
            return next((place_of(e) for e in found if e.kind is Kind.PLACE), None)
        return self._market

    def _in_sentence(self, row: FactType, anchors: Sequence[Span], index: int) -> Place | None:
        sentence = self.scene.sentence(index)
        local = within(self._located, sentence.start, sentence.end)
        costs = [(min(self.scene.distance(e.span, a) for a in anchors), e.span.start, e) for e in local]
        near = [c for c in costs if c[0] <= _REACH]
        world = self._world(sentence, anchors)
        if world and (not near or world[0] < min(c[0] for c in near)):
            return world[1]
        if near:
            # A site is its town, where the region is named beside it.
            return place_of(min(near, key=lambda c: (row.place and _TOWNS.isdisjoint(c[2].classes), *c[:2]))[2])
        cues = self.scene.cues_in("role", sentence.start, sentence.end)
        fitting = [c for c in cues if min(self.scene.distance(c.span, a) for a in anchors) <= _REACH]
        return next((place for c in fitting if (place := self._of_market(c))), None)

    def _world(self, sentence: Sentence, anchors: Sequence[Span]) -> tuple[float, Place] | None:
        """The words of the sentence for the whole world, with their distance from the statement."""
        for phrase in self._worldwide:
            at = self.scene.doc.lower.find(phrase, sentence.start, sentence.end)
            if at >= 0:
                span = self.scene.doc.span(at, at + len(phrase))
                return min(self.scene.distance(span, a) for a in anchors), Place(name=self.words.world, span=span)
        return None

    def _governing(self, row: FactType, index: int) -> Place | None:
        if row.local:
            return self._market
        if not row.place:
            return None
        start = self.scene.sentence(max(index - _RECALL, 0)).start
        recent = within(self._located, start, self.scene.sentence(index).end)
        sites = [e for e in reversed(recent) if _SITES.intersection(e.classes)] or self._lead_sites
        towns = (e for e in sites if _TOWNS.intersection(e.classes))
        site = next(towns, None) or next(iter(sites), None)
        return place_of(site) if site else None

    def _of_article(self) -> Place | None:
        """The market that the title or the first sentences set."""
        for sentence in self.scene.doc.sentences[:_LEAD]:
            for cue in self.scene.cues_in("role", sentence.start, sentence.end):
                place = self._of_market(cue)
                if place:
                    return place
            for entity in within(self._located, sentence.start, sentence.end):
                if _AREAS.intersection(entity.classes):
                    return place_of(entity)
        return None

    def _of_market(self, cue: CueMention) -> Place | None:
        """The place whose adjective stands in or right beside the words for a market."""
        if cue.value != Kind.MARKET:
            return None
        at, end = self.scene.word_index(cue.span.start), self.scene.word_index(cue.span.end)
        first = max(0, at - self.words.adjectives_before)
        for start, stop in self.scene.doc.words[first : end + 1]:
            form = self.scene.doc.lower[start:stop]
            if form in self.demonyms:
                country, name = self.demonyms[form]
                return Place(name=name, country=country, span=self.scene.doc.span(start, stop))
        return None

    def is_entered(self, place: Place) -> bool:
        """Whether the place is the adjective of a market behind a locative ("sur le marché chinois")."""
        index = self.scene.sentence_index(place.span.start) if place.span else 0
        sentence = self.scene.sentence(index)
        cues = self.scene.cues_in("role", sentence.start, sentence.end)
        entered = self.words.locatives - self.words.genitives
        return any(self._of_market(c) == place and self._stands_behind(c.span, entered) for c in cues)

    def _is_located(self, entity: EntityMention) -> bool:
        if _EXCHANGE in entity.classes:
            return False
        return self._stands_behind(entity.span, self.words.locatives) and not self._is_seat(entity)

    def _is_seat(self, entity: EntityMention) -> bool:
        """Whether the place only tells which firm is meant ("le constructeur de Stuttgart")."""
        start = entity.span.start
        firms = within(self.scene.cues("anaphor"), start - _SEAT, start)
        # A plant is where its town is, a firm anywhere.
        gaps = (self.scene.doc.lower[c.span.end : start].strip() for c in firms if c.attribute("of") is None)
        return any(gap in self.words.genitives for gap in gaps)

    def _stands_behind(self, span: Span, locatives: frozenset[str]) -> bool:
        before = self.scene.before(span, 24).replace("'", "' ").split()
        while before and before[-1] in self.words.determiners:
            before.pop()
        if not before:
            return False
        return before[-1] in locatives or " ".join(before[-2:]) in locatives


def place_of(entity: EntityMention) -> Place:
    """The place that an entity names."""
    return Place(name=entity.name, country=entity.country, span=entity.span)
