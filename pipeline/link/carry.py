"""Figures that take their unit from their neighbour: "299 ch pour l'une, 402 pour l'autre", "12 300 Clio"."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from itertools import chain

from pipeline.detect.drafts import qualifier_before
from pipeline.detect.phrases import Tokens, tokens_of
from pipeline.detect.quantities import lend_units
from pipeline.detect.quantity_tables import tables
from pipeline.language import Pack
from pipeline.link.scene import Scene, touching, within
from pipeline.ontology import Ontology
from pipeline.schema import Kind, NumberMention, QuantityMention, Span
from pipeline.units import Units

_LIKE = Decimal(30)  # how many times larger or smaller a figure may be and still share the unit of its neighbour
_COUNTED = Decimal(20)  # least number of vehicles that a name behind a bare figure counts
_THOUSAND = Decimal(1000)
_MANY = Decimal(200)  # sorts of product that nobody has
_SCALED = Decimal(1_000_000)
_ALL = Decimal(200_000_000)  # vehicles that nobody counts
_NAME = 40  # characters before a figure in brackets in which the name that it is of begins
_NEXT_WORD = 4  # characters that may stand between a figure and its noun
_MONEY = "money"
_CLAUSE = 48  # characters before a figure in which a pronoun may stand for its noun
_PRONOUN = 5  # words from such a pronoun to the figure
_SEVERAL = Decimal(2)
_SENTENCES = 3  # sentences back to which the pronoun reaches
_MEASURE = Decimal(5)  # as _LIKE, for a measure that a pronoun stands for
_NOT_COUNTED = frozenset({"rank", "factor"})  # dimensions for which the pronoun does not stand
_SPOKEN = 2  # counts of one unit in an article that make it the unit of its bare figures
_OWN_NOUN = frozenset({"rank", "time", "factor"})  # dimensions that a bare figure does not take over


def carry_units(scene: Scene, pack: Pack, units: Units, ontology: Ontology) -> tuple[QuantityMention, ...]:
    """The quantities of the scene and those read from bare figures with a carried unit, by offset."""
    return _Carrier(scene, pack, units, ontology).run()


class _Carrier:
    def __init__(self, scene: Scene, pack: Pack, units: Units, ontology: Ontology) -> None:
        self.scene = scene
        self.pack = pack
        self.units = units
        self.ontology = ontology
        self.signs: dict[str, str | None] = {}
        self.found = [self._as_counted(self._in_local_money(q)) for q in scene.mentions.quantities]
        self.counted = Counter(q.unit for q in self.found)

    @cached_property
    def periods(self) -> frozenset[str]:
        """The nouns of times, of which a figure counts no other thing ("16 ans")."""
        return frozenset(chain.from_iterable(self.pack.dates.units.values()))

    @cached_property
    def tokens(self) -> Tokens:
        return tokens_of(self.scene.doc.lower)

    def run(self) -> tuple[QuantityMention, ...]:
        mentions = self.scene.mentions
        taken = [q.span for q in mentions.quantities] + [d.span for d in mentions.dates]
        taken += [e.span for e in mentions.entities]
        taken += [q.converted.span for q in mentions.quantities if q.converted]
        taken.sort()
        for number in mentions.numbers:
            if _covered(number.span, taken):
                continue
            unit = (
                self._counted_name(number)
                or self._bracketed(number)
                or self._pronoun(number)
                or self._neighbour(number)
                or self._reached(number)
                or self._money(number)
                or self._article(number)
            )
            if unit and not self._has_unit(number):
                lent = [(number, unit)]
                for quantity in lend_units(self.scene.doc, lent, self.pack.quantities, self.units):
                    insort(self.found, quantity, key=lambda q: q.span.start)
        return tuple(self.found)

    def _in_local_money(self, quantity: QuantityMention) -> QuantityMention:
        """A figure with a bare "$" or "dinars" in the money of the country of which the article speaks most, if that is
        called so."""
        sign = quantity.noun
        if not self.units.is_currency(quantity.unit) or not (sign.isalpha() or len(sign) == 1):
            return quantity
        if sign not in self.signs:
            self.signs[sign] = self._local_money(sign)
        return replace(quantity, unit=self.signs[sign] or quantity.unit)

    def _as_counted(self, quantity: QuantityMention) -> QuantityMention:
        """A figure beyond all ranges of models counts vehicles ("426 039 modèles électriques")."""
        many = quantity.unit in self.pack.link.sorts and (quantity.value or quantity.high or 0) >= _MANY
        return replace(quantity, unit=self.pack.link.counted) if many else quantity

    def _local_money(self, sign: str) -> str | None:
        """The currency that `sign` stands for in most of the places of the article, None where no place uses it."""
        spoken = Counter[str]()
        for country, count in self.countries.items():
            code = self.units.local_currency(sign, country) or self._named_currency(sign, country)
            if code:
                spoken[code] += count
        return next((code for code, _ in spoken.most_common(1)), None)

    def _named_currency(self, noun: str, country: str) -> str | None:
        """The currency of `country` whose name in full begins with `noun`."""
        if not noun.isalpha():
            return None
        stem = noun.rstrip("".join(self.pack.link.plural_endings))
        names = self.pack.quantities.units
        codes = self.units.currencies_of(country)
        return next((c for c in codes if any(n.startswith(stem) for n in names.get(c, ()))), None)

    @cached_property
    def countries(self) -> Counter[str]:
        """The countries of the places of the article, those within a figure ("$ US") left out."""
        mentions = self.scene.mentions
        places = (e for e in mentions.entities if e.kind is Kind.PLACE and e.country)
        return Counter(e.country for e in places if e.country and not touching(mentions.quantities, e.span))

    def _counted_name(self, number: NumberMention) -> str | None:
        """ "12 300 Clio", "58 000 Tesla": a name right behind a figure counts vehicles."""
        if not number.digits or _size(number) < _COUNTED:
            return None
        for entity in within(self.scene.mentions.entities, number.span.end, number.span.end + 5):
            gap = self.scene.doc.lower[number.span.end : entity.span.start].strip()
            named = entity.kind in (Kind.MODEL, Kind.BRAND, Kind.COMPANY)
            if named and (not gap or gap in self.pack.link.genitives):
                return self.pack.link.counted
        return None

    def _bracketed(self, number: NumberMention) -> str | None:
        """The unit last counted before, for a figure alone in brackets behind a name ("Kia (305) et Hyundai (219)")."""
        text, span = self.scene.doc.lower, number.span
        if text[span.start - 1 : span.start] != "(" or text[span.end : span.end + 1] != ")":
            return None
        named = within(self.scene.mentions.entities, span.start - _NAME, span.start)
        if not named or text[named[-1].span.end : span.start - 1].strip() or self._is_plain_year(number):
            return None
        return next((q.unit for q in self._recent(number) if self._stands_for(q, number)), None)

    def _recent(self, number: NumberMention) -> Iterator[QuantityMention]:
        """The quantities of the sentence so far and of the few before it, the last first."""
        index = self.scene.sentence_index(number.span.start)
        start = self.scene.sentence(max(index - _SENTENCES, 0)).start
        return reversed(within(self.found, start, number.span.start))

    def _recent_alike(self, number: NumberMention) -> Sequence[QuantityMention]:
        """The last of the recent quantities that is about as large as the figure, if any."""
        return [q for q in self._recent(number) if _alike(q, number)][:1]

    def _has_unit(self, number: NumberMention) -> bool:
        """Whether a unit of its own stands behind a figure that is no mention ("0 à 96 km/h en 5 s")."""
        compiled = tables(self.pack.quantities, self.units)
        match = compiled.after.at(self.tokens, self.tokens.after(number.span.end))
        return match is not None and self.tokens.text(match[1]) != "'"

    def _pronoun(self, number: NumberMention) -> str | None:
        """The unit last counted before, where a pronoun stands for its noun ("elle en compte 130")."""
        if _size(number) < _SEVERAL or self._has_noun(number) or self._is_plain_year(number):
            return None
        words = self.scene.before(number.span, _CLAUSE).rpartition(",")[2].replace("'", " ").split()[-_PRONOUN :]
        at = next((i for i, word in enumerate(words) if word in self.pack.link.partitives), None)
        if at is None or at + 1 >= len(words):
            return None
        stands = self.scene.doc.lower.rfind(f"{words[at]} {words[at + 1]}", 0, number.span.start)
        behind = stands + len(words[at])
        taken = (self.scene.mentions.dates, self.scene.mentions.entities)
        if stands < 0 or any(within(mentions, behind, behind + _NEXT_WORD) for mentions in taken):
            return None
        return next((q.unit for q in self._recent(number) if self._stands_for(q, number)), None)

    def _stands_for(self, quantity: QuantityMention, number: NumberMention) -> bool:
        """Whether the pronoun may stand for the noun of `quantity`: what is counted, in whole numbers, or a measure."""
        size, dimension = _size(number), self.units.dimension(quantity.unit)
        if dimension in _NOT_COUNTED or dimension == _MONEY:
            return False
        if dimension == quantity.unit:
            most = _ALL if quantity.unit == self.pack.link.counted else _SCALED
            return size == size.to_integral_value() and size < most
        return _alike(quantity, number, _MEASURE)

    def _neighbour(self, number: NumberMention) -> str | None:
        """The unit of the nearest quantity of the sentence, where a carrier stands before the bare figure."""
        if not number.digits and _size(number) < _SCALED:
            return None
        before = self.scene.before(number.span, 24).replace("'", "' ").split()
        if self._word_behind(number) in self.periods:
            return None
        opened = self.scene.before(number.span, 2).rstrip().endswith(("(", ",", ":"))
        if not opened and not (before and before[-1] in self.pack.link.carriers):
            return None
        sentence = self.scene.sentence(self.scene.sentence_index(number.span.start))
        near = within(self.found, sentence.start, sentence.end)
        fitting = [q for q in near if _alike(q, number) and self.units.dimension(q.unit) not in _OWN_NOUN]
        nearest = min(fitting, key=lambda q: abs(q.span.start - number.span.start), default=None)
        return nearest.unit if nearest else None

    def _money(self, number: NumberMention) -> str | None:
        """A bare "2,3 milliards" that counts nothing, or whose noun is money, takes the currency used last before.

        One in figures only ("1.270.000") counts things.
        """
        scaled = _size(number) >= _SCALED and any(c.isalpha() for c in number.span.text)
        if not scaled or (self._has_noun(number) and not self._noun_means(number, _MONEY)):
            return None
        if any(q.unit == self.pack.link.counted for q in self._recent_alike(number)):
            return None
        at = bisect_left(self.found, number.span.start, key=lambda q: q.span.start)
        before = (self.found[i].unit for i in range(at - 1, -1, -1))
        behind = (self.found[i].unit for i in range(at, len(self.found)))
        return next((unit for unit in chain(before, behind) if self.units.is_currency(unit)), None)

    def _reached(self, number: NumberMention) -> str | None:
        """The unit of the volume of which the sentence tells a level ("les livraisons ont grimpé à 12 300")."""
        size = _size(number)
        plain = not number.digits and size < _SCALED
        if plain or not _THOUSAND <= size < _ALL or self._has_noun(number) or self._is_plain_year(number):
            return None
        index = self.scene.sentence_index(number.span.start)
        spoken = self.scene.cues_in("trigger", self.scene.sentence(index).start, number.span.start)
        volumes = [unit for c in spoken if not c.attribute("dimensions") and (unit := self._volume(c.value))]
        if not volumes or self.scene.crossing(spoken[-1].span, number.span) > 1:
            return None
        return volumes[-1] if self._is_level(number) else None

    def _volume(self, name: str) -> str | None:
        """The counted unit of the figures of the type, None where it is no count of products."""
        unit = next(iter(self.ontology.types[name].dimensions), None)
        return unit if unit in self.pack.link.volumes else None

    def _is_level(self, number: NumberMention) -> bool:
        """Whether a word of levels, or a qualifier, stands before the figure, or it is the old one of a change."""
        qualifier, _ = qualifier_before(self.tokens, number.span.start, tables(self.pack.quantities, self.units))
        words = self.scene.before(number.span, 24).replace("'", "' ").split()
        if qualifier is not None or not words or words[-1] in self.pack.link.reaching:
            return bool(words)
        following = self.scene.after(number.span, 6).split()
        return words[-1] in self.pack.link.genitives and any(w in self.pack.link.levels for w in following[:1])

    def _article(self, number: NumberMention) -> str | None:
        """A large figure that counts nothing named, or whose noun counts vehicles ("acheteurs")."""
        unit = self.pack.link.counted
        if not number.digits or _size(number) < _THOUSAND:
            return None
        if self._noun_means(number, self.units.dimension(unit)):
            return unit
        if self._has_noun(number) or self._is_plain_year(number):
            return None
        return unit if self.counted[unit] >= _SPOKEN else None

    def _noun_means(self, number: NumberMention, dimension: str) -> bool:
        """Whether the word behind the figure is a trigger of types whose figures all have this dimension."""
        end = number.span.end
        following = within(self.scene.cues("trigger"), end, end + _NEXT_WORD)
        # A cue of some figures only says nothing of the one before it, unless it stands behind those ("de moins").
        plain = [c for c in following if not c.attribute("dimensions") or c.attribute("side") == "left"]
        return any(dimension in self.ontology.types[c.value].dimensions for c in plain)

    def _has_noun(self, number: NumberMention) -> bool:
        """Whether a noun of its own follows: a genitive, or a word with the ending of a plural."""
        first = self._word_behind(number)
        link = self.pack.link
        if first in link.market_genitives:
            return True
        small = link.prepositions | link.conjunctions | link.determiners
        return first not in small and first.endswith(link.plural_endings)

    def _word_behind(self, number: NumberMention) -> str:
        """The word that follows the figure with nothing but a space between; empty before a date."""
        following = self.scene.after(number.span, 24).replace("'", "' ")
        if not following.strip() or not following.lstrip()[0].isalpha():
            return ""
        if within(self.scene.mentions.dates, number.span.end, number.span.end + _NEXT_WORD):
            return ""
        return following.split()[0].strip(",.;:()")

    def _is_plain_year(self, number: NumberMention) -> bool:
        return number.span.text.isdecimal() and len(number.span.text) == 4


def _covered(span: Span, taken: Sequence[Span]) -> bool:
    at = bisect_left(taken, span)
    return any(t.overlaps(span) for t in taken[max(at - 2, 0) : at + 2])


def _size(number: NumberMention) -> Decimal:
    return number.value or number.high or Decimal(0)


def _alike(quantity: QuantityMention, number: NumberMention, most: Decimal = _LIKE) -> bool:
    a = quantity.value if quantity.value is not None else quantity.high
    b = _size(number)
    if not a or not b:
        return False
    return 1 / most <= abs(a / b) <= most
