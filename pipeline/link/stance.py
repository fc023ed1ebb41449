"""How a party stands in its sentence, as far as small words and marks tell: free, tied to a figure, set apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from pipeline.language.link_words import LinkWords
from pipeline.link.joint import enumerations
from pipeline.link.party import COUNTRY, MAKERS, PartyMention, family
from pipeline.link.scene import Scene, within
from pipeline.schema import Kind, Span

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_DESCRIBING = 3  # words that may stand between a party and its figure in brackets
_TIES = 2  # words that may stand between a party and its figure where the verb is left out
_OPENING = 3  # words that may stand before a party that opens its sentence
_PLACE = 1.3  # malus of a country behind a preposition
_COUNTRIES = 2  # countries in a sentence that make each the subject of its own figure
_FRONTED = 5  # words that may open such a sentence before its figure
_HEAD = 48  # characters that a noun and its genitive may take up
_NEW_CLAUSE = 2  # value of a conjunction that begins a clause of its own
_TO_FACET = 3  # words from the article before a part of a product to it
_TO_OWNER = 4  # words between them
_CONJUNCTION = 24  # characters that a conjunction and an article may take up


class Stance:
    """Answers for the parties of one scene, given by sentence too."""

    def __init__(
        self,
        scene: Scene,
        parties: Sequence[PartyMention],
        by_sentence: Mapping[int, Sequence[PartyMention]],
        words: LinkWords,
    ) -> None:
        self.scene = scene
        self.parties = parties
        self.words = words
        self._by_sentence = by_sentence
        self._articles = words.determiners - words.prepositions
        self._free: dict[int, bool] = {}
        # By the span of each member of an enumeration but the first, the first.
        rows = (row for local in by_sentence.values() for row in enumerations(scene, words, local))
        self._joined = {party.span: row[0] for row in rows for party in row[1:]}

    def _in_sentence(self, index: int) -> Sequence[PartyMention]:
        return self._by_sentence.get(index, ())

    def attached(self, party: PartyMention, anchor: Span) -> bool:
        """The party follows the figure or trigger, tied to it by a genitive ("les ventes de Tesla")."""
        if party.span.start < anchor.end or self.scene.words_between(anchor, party.span) > 4:
            return False
        gap = self.scene.doc.lower[anchor.end : party.span.start]
        words = gap.replace("'", "' ").split()
        return bool(words) and not any(c in gap for c in ",;:()") and words[0] in self.words.genitives

    def counted(self, party: PartyMention, figure: Span) -> bool:
        """The figure counts what the name right behind it stands for ("24 770 Model Y", "15 600 modèles Tesla")."""
        behind = party.span.start >= figure.end and not party.anaphor
        return behind and not self.scene.between(figure, party.span).strip()

    def is_part(self, party: PartyMention, figure: Span) -> bool:
        """What the share at `figure` is of is its part, not the whole ("8 % de diesels"), and no maker has it ("Renault
        vise 30 % de diesels")."""
        gap = self.scene.doc.lower[figure.end : party.span.start].strip()
        makers = (p for p in self._in_sentence(party.sentence) if p.kind in MAKERS and p.role == "actor")
        return gap in self.words.parts and not any(self.leads_clause(maker, figure) for maker in makers)

    def counts_for_maker(self, market: PartyMention, figure: Span) -> bool:
        """The words for all vehicles only say what a maker counts that leads the clause ("Renault voit les
        immatriculations de voitures neuves reculer")."""
        ahead = within(self._in_sentence(market.sentence), 0, market.span.start)
        makers = (p for p in ahead if p.kind in MAKERS and p.role == "actor" and self.is_free(p))
        clear = (p for p in makers if not self.in_brackets(p, market.span))
        tied = market.span.start < figure.start and not self.is_free(market)
        return tied and any(self.scene.crossing(p.span, market.span) < _NEW_CLAUSE for p in clear)

    def leads_clause(self, party: PartyMention, figure: Span) -> bool:
        """The party stands before the figure, free of a preposition: the place of a grammatical subject."""
        return party.span.start < figure.start and self.is_free(party)

    def is_free(self, party: PartyMention) -> bool:
        """No preposition stands before the party: it may be a grammatical subject."""
        known = self._free.get(party.span.start)
        if known is None:
            known = self._free[party.span.start] = self._stands_free(party)
        return known

    def _stands_free(self, party: PartyMention) -> bool:
        if self._opens_clause(party) or self.owns_head(party):
            return True
        if party.span in self._joined:
            return self.is_free(self._joined[party.span])
        before = self.scene.before(party.span).replace("'", "' ").split()
        while before and before[-1] in self._articles:
            before.pop()
        if not before or before[-1] not in self.words.prepositions:
            return True
        # "des" is an article where it opens a clause ("Des marques …"), else it stands for a preposition.
        return before[-1] in self.words.determiners and (len(before) == 1 or before[-2].endswith((",", ";", ":")))

    def owns_head(self, party: PartyMention) -> bool:
        """The clause opens with a volume or the like that is the party's ("les ventes de DS reculent", "tandis que
        celles de Citroën …"): what it says, it says of the party."""
        before = self.scene.before(party.span, _HEAD).replace("'", "' ").split()
        while before and before[-1] in self._articles:
            before.pop()
        if not before or before[-1] not in self.words.market_genitives:
            return False
        before.pop()
        if before and before[-1] in self.words.demonstratives:
            return self._begins(before[:-1])
        if before and before[-1] in self.words.facets:
            ahead = [word for word in before[-_TO_FACET:-1] if word in self._articles]
            return bool(ahead) and self._begins(before[: before.index(ahead[-1])])
        start = party.span.start
        for cue in self.scene.cues_in("trigger", start - _HEAD, start):
            ahead = self.scene.before(cue.span, _HEAD).replace("'", "' ").split()
            while ahead and ahead[-1] in self._articles:
                ahead.pop()
            near = cue.span.end < start and self.scene.words_between(cue.span, party.span) <= _TO_OWNER
            if near and not self.scene.crossing(cue.span, party.span) and self._begins(ahead):
                return True
        return False

    def _begins(self, before: Sequence[str]) -> bool:
        """A clause may begin behind the words `before`."""
        return not before or before[-1].endswith((",", ";", ":")) or before[-1] in self.words.openers

    def follows_fronted(self, party: PartyMention, figure: Span) -> bool:
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
            if cue.span.end <= start and self._articles.issuperset(gap):
                return True
        return False

    def in_apposition(self, party: PartyMention, figure: Span) -> bool:
        """The party stands between two commas right behind another that leads the sentence."""
        before = [p for p in self._in_sentence(party.sentence) if p.span.end <= party.span.start and p.role == "actor"]
        if not before or party.span.end > figure.start or not self.leads_clause(before[0], figure):
            return False
        plain = self.scene.doc.plain
        gap = plain[before[0].span.end : party.span.start]
        return gap.startswith(",") and gap.count(",") == 1 and "," in plain[party.span.end : figure.start]

    def is_topic(self, party: PartyMention) -> bool:
        """The sentence opens by saying of whom it speaks ("Pour Renault, …", "Du côté de Renault, …")."""
        if self.scene.after(party.span, 1) != ",":
            return False
        opening = self.scene.before(party.span, 20).replace("'", "' ").split()
        return bool(opening) and opening[0] in self.words.topics and len(opening) <= _OPENING + 1

    def opens_clause(self, party: PartyMention, figure: Span) -> bool:
        """The figure with the party behind it is what its sentence, or what stands behind its opening, begins with."""
        start = self.scene.sentence(party.sentence).start
        before = self.scene.doc.lower[start : figure.start]
        others = within(self._in_sentence(party.sentence), start, figure.start)
        if any(COUNTRY not in p.classes for p in others):
            return False
        last = before.rstrip()
        return (not last or last.endswith((",", ":"))) and self._goes_on_in_verb(party)

    def _goes_on_in_verb(self, party: PartyMention) -> bool:
        """A verb of being follows the party before any mark."""
        words = self.scene.after(party.span, 80).split()
        return any(word in self.words.auxiliaries for word in takewhile(lambda w: w[-1].isalnum(), words))

    def labelled(self, party: PartyMention, figure: Span) -> bool:
        """The figure stands right behind the party: in brackets ("devant Hyundai (7 315)"), or where a verb is left
        out ("et l'Espagne de 96,5 %")."""
        if party.span.end > figure.start:
            return False
        gap = self.scene.doc.lower[party.span.end : figure.start]
        if gap.endswith("(") and not any(mark in gap for mark in ",;:)") and self._names(party, gap[:-1].split()):
            return True
        ties = gap.replace("'", "' ").split()
        if self._shares(ties):
            return True
        tied = 0 < len(ties) <= _TIES and all(w in self.words.levels or w in self.words.genitives for w in ties)
        return tied and self.is_free(party)

    def _names(self, party: PartyMention, words: Sequence[str]) -> bool:
        """The words between a party and its bracket say no more than where it is, or of a market what it is like
        ("Hyundai à Pékin (1,1 million)", "un marché quasi stable (+1,6 %)")."""
        if not words:
            return True
        if len(words) > _DESCRIBING:
            return False
        if party.kind is Kind.MARKET and words[0] not in self.words.locatives:
            return True
        start = self.scene.doc.lower.find(words[-1], party.span.end)
        places = within(self.scene.mentions.entities, party.span.end, start + 1)
        return words[0] in self.words.locatives and any(e.kind is Kind.PLACE for e in places)

    def _shares(self, ties: Sequence[str]) -> bool:
        """A possessive ties the figure to the party before it ("suivi de General Motors et de ses 29 850 voitures")."""
        words = self.words
        if not 1 < len(ties) <= _TIES + 1 or ties[0] not in words.conjunctions or ties[-1] not in words.possessives:
            return False
        return all(word in words.genitives for word in ties[1:-1])

    def described(self, party: PartyMention, figure: Span) -> bool:
        """The figure stands in a clause or behind a participle that says something of the party right before it ("la
        Leaf, qui se contente de 160 km", "une Model 3, vendue 231 900 yuans")."""
        if party.span.end > figure.start:
            return False
        gap = _BRACKETS.sub("", self.scene.doc.lower[party.span.end : figure.start])
        clause = gap.removeprefix(",").removesuffix("(")
        if any(mark in clause for mark in ",;:()"):
            return False
        first = clause.split()[:1]
        if not first:
            return False
        return first[0] in self.words.relatives or (gap[0] == "," and first[0] in self.words.participles)

    def fitted(self, party: PartyMention, figure: Span) -> bool:
        """The figure is of what the product right before it has ("une 2008 avec une batterie de 54 kWh")."""
        gap = self.scene.doc.lower[party.span.end : figure.start]
        clause = gap.removeprefix(",")
        return not any(c in clause for c in ",;:()") and not self.words.having.isdisjoint(clause.split()[:1])

    def owns(self, party: PartyMention, figure: Span) -> bool:
        """A relative clause right behind the party says what it has ("une ID.3, dont le tarif démarre à 45 165 €")."""
        if party.span.end > figure.start:
            return False
        following = self.scene.after(party.span, 12).replace(",", " ").split()
        if not following or following[0] not in self.words.possessive_relatives:
            return False
        between = within(self._in_sentence(party.sentence), party.span.end, figure.start)
        return not any(p.role == "actor" and family(p.kind) is family(party.kind) for p in between)

    def opens_relative(self, party: PartyMention, figure: Span) -> bool:
        """A relative clause right behind the party speaks of it, and no other clause begins before the figure."""
        following = self.scene.after(party.span, 12).replace(",", " ").split()
        if party.span.end > figure.start or self.words.relatives.isdisjoint(following[:1]):
            return False
        return all(float(cue.value) < _NEW_CLAUSE for cue in self.scene.cues_in("clause", party.span.end, figure.start))

    def is_told_of(self, party: PartyMention, figure: Span) -> bool:
        """The figure is told of the party itself, be it only compared with another ("devant Stellantis (15,1 %)")."""
        ways = (self.opens_relative, self.owns, self.described, self.labelled)
        return any(tells(party, figure) for tells in ways)

    def as_market(self, party: PartyMention) -> float:
        """A country stands for its market only where no maker, model or named market is spoken of in the sentence;
        elsewhere it is the place."""
        if not self.is_free(party):
            return -_PLACE
        others = [p for p in self._in_sentence(party.sentence) if p.role == "actor" and COUNTRY not in p.classes]
        countries = [p for p in self._in_sentence(party.sentence) if COUNTRY in p.classes]
        return -1.0 if others else 0.4 if len(countries) >= _COUNTRIES else 0.2

    def is_first(self, party: PartyMention, figure: Span) -> bool:
        """No other party leads the same stretch of the sentence."""
        return not any(
            other.span.start < party.span.start
            and other.role == "actor"
            and self.leads_clause(other, figure)
            and self.scene.crossing(other.span, party.span) < 2
            for other in self._in_sentence(party.sentence)
        )

    def in_brackets(self, party: PartyMention, figure: Span) -> bool:
        """The party stands in brackets that close before the figure."""
        if party.span.end > figure.start:
            return False
        sentence = self.scene.sentence(party.sentence)
        before = self.scene.doc.plain[sentence.start : party.span.start]
        after = self.scene.doc.plain[party.span.end : figure.start]
        closed = after.partition(")")
        return before.count("(") > before.count(")") and bool(closed[1]) and "(" not in closed[0]
