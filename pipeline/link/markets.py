"""Markets, segments and groups of makers as parties: the whole noun phrase, as the text writes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pipeline.language.link_words import LinkWords
from pipeline.link.party import COUNTRY, SEGMENT, PartyMention
from pipeline.link.scene import Scene, touching, within
from pipeline.schema import Kind, Span

_WHOLE = "whole"  # segment that is the whole market
_FIRST_WORD = re.compile(r"\w+(?:'|\s)")
_NEVER = re.compile("(?!)")
_QUALIFIERS = 2  # adjectives before a market
_TERM = 36  # characters that may stand before a market within such a term
_VOLUME = 3  # words before such a noun: article, volume and genitive
_HEAD = "head"  # a noun that is a market only with what qualifies it ("marques chinoises")

_SORT = "sort"  # one that is so too where its sentence opens by saying that it speaks of it ("du côté des motos, …")
_TOPIC = 3  # words that may stand before it there


@dataclass(frozen=True, slots=True)
class MarketPhrases:
    """How far a noun phrase of a market reaches: adjectives behind its head, and a genitive with a head of its own."""

    words: LinkWords
    adjective: re.Pattern[str]
    before: re.Pattern[str]
    genitive: re.Pattern[str]

    @classmethod
    def of(cls, words: LinkWords, demonyms: Collection[str]) -> MarketPhrases:
        """The phrases of a language, whose `demonyms` are adjectives of countries."""
        adjectives = _either({*words.market_adjectives, *demonyms})
        genitive = rf"\s(?:{_either(words.market_genitives)})(?:(?<=')|\s)(?:{_either(words.market_heads)})(?!\w)"
        # The list is long and costs time to compile, so it stands in one pattern, once.
        adjective = rf"(,|\s(?:{_either(words.conjunctions)}))?\s(?:{adjectives})(?!\w)"
        before = re.compile(rf"(?<!\w)((?:{adjectives})\.?[\s-])$") if words.adjectives_before else _NEVER
        return cls(words, re.compile(adjective), before, re.compile(genitive))

    def extended(self, scene: Scene, span: Span) -> Span:
        """`span` with what qualifies it behind."""
        lower = scene.doc.lower
        end = self._qualified(lower, span.end)
        genitive = self.genitive.match(lower, end)
        if genitive:
            end = self._qualified(lower, genitive.end())
        start = self._qualifiers(lower, span.start) if self.words.adjectives_before else span.start
        return scene.doc.span(start, end) if end > span.end or start < span.start else span

    def _qualifiers(self, lower: str, end: int) -> int:
        """The start of the adjectives right before `end`."""
        start = end
        for _ in range(_QUALIFIERS):
            found = self.before.search(lower, max(0, start - _TERM), start)
            if found is None:
                return start
            start = found.start(1)
        return start

    def _qualified(self, lower: str, start: int) -> int:
        """The end of the adjectives that follow `start`, joined by commas and conjunctions or not."""
        end = start
        while (found := self.adjective.match(lower, end)) and (end > start or not found.group(1)):
            end = found.end()
        return end


def _either(words: Collection[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def find_markets(scene: Scene, phrases: MarketPhrases) -> list[PartyMention]:
    """Market mentions: the noun phrases of markets and segments, and countries, each of which may stand for its market.

    The same words in the same sentence are one mention.
    """
    return [*_phrases(scene, phrases), *_countries(scene)]


def _phrases(scene: Scene, phrases: MarketPhrases) -> Iterator[PartyMention]:
    cues = [c for c in scene.cues("role") if c.value == Kind.MARKET]
    cues += scene.cues("segment")
    end = -1
    for cue in sorted(cues, key=lambda c: (c.span.start, -c.span.end)):
        if cue.span.start < end or touching(scene.mentions.entities, cue.span):
            continue
        span = phrases.extended(scene, _without_article(scene, cue.span, phrases.words))
        bare = cue.value in (_HEAD, _SORT) and span.end == cue.span.end
        topical = bare and cue.value == _SORT and _is_topic(scene, span, phrases.words)
        if bare and not topical and not _of_a_volume(scene, span, phrases.words):
            continue
        if _in_a_term(scene, span, phrases.words) or (not bare and _only_qualifies(scene, span, phrases.words)):
            continue
        end = span.end
        classes = (
            ()
            if cue.category == "role"
            else (SEGMENT, Kind.MARKET.value if cue.value in (_HEAD, _SORT, _WHOLE) else cue.value)
        )
        yield PartyMention(span, span.text, Kind.MARKET, scene.sentence_index(span.start), classes=classes)


def _only_qualifies(scene: Scene, span: Span, words: LinkWords) -> bool:
    """A single word behind a noun is its adjective ("une citadine électrique"), no segment ("l'électrique")."""
    before = scene.before(span, 20).replace("'", "' ").split()
    alone = not before or (not before[-1][-1].isalnum() and before[-1][-1] != "'")
    if words.adjectives_before or " " in span.text or alone:
        return False
    return before[-1] not in words.determiners | words.prepositions | words.conjunctions


def _in_a_term(scene: Scene, span: Span, words: LinkWords) -> bool:
    """The words are part of a term for a figure ("part de marché", "market share"), not of what a share is of ("% de
    voitures")."""
    around = within(scene.cues("trigger"), span.start - _TERM, span.start + words.adjectives_before)
    named = (cue.span for cue in around if cue.span.text[0].isalpha())
    terms = (term for term in named if term.text.split()[0].lower() not in words.genitives)
    return any(term.contains(span) and term != span for term in terms)


def _of_a_volume(scene: Scene, span: Span, words: LinkWords) -> bool:
    """The bare noun is what a volume that opens the sentence counts ("Les ventes de voitures ont diminué")."""
    opening = scene.before(span, _TERM).replace("'", "' ").split()
    if len(opening) != _VOLUME or opening[0] not in words.determiners or opening[-1] not in words.market_genitives:
        return False
    return any(cue.span.end <= span.start for cue in within(scene.cues("trigger"), span.start - _TERM, span.start))


def _is_topic(scene: Scene, span: Span, words: LinkWords) -> bool:
    opening = scene.before(span, _TERM).replace("'", "' ").split()
    return 0 < len(opening) <= _TOPIC and opening[0] in words.topics and scene.after(span, 1) == ","


def _countries(scene: Scene) -> Iterator[PartyMention]:
    for entity in scene.mentions.entities:
        if entity.kind is Kind.PLACE and COUNTRY in entity.classes:
            yield PartyMention(
                entity.span, entity.name, Kind.MARKET, scene.sentence_index(entity.span.start), classes=(COUNTRY,)
            )


def _without_article(scene: Scene, span: Span, words: LinkWords) -> Span:
    found = _FIRST_WORD.match(scene.doc.lower, span.start, span.end)
    articled = found is not None and found.group().rstrip() in words.determiners
    return scene.doc.span(found.end(), span.end) if found and articled else span
