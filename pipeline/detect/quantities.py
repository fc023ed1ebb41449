"""Figures with their units: money, vehicles, people, measures, shares, factors and ranks (contract §3)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal

from pipeline.detect.combine import combine
from pipeline.detect.drafts import Draft, qualifier_before, qualify, rate
from pipeline.detect.phrases import Tokens, tokens_of
from pipeline.detect.quantity_tables import Anchor, Tables, tables
from pipeline.detect.ranks import factors, milestones, ranks, shares, superlatives
from pipeline.language.number_words import QuantityWords
from pipeline.schema import Document, NumberMention, QuantityMention
from pipeline.units import Units

_BELOW = {"h": ("min", 60), "min": ("s", 60), "ft": ("in", 12)}  # the next smaller unit, and how many make one
_ADJECTIVES = 2
_OUT_OF_WORDS = 4
_SHORT = 2


def detect_quantities(
    doc: Document, numbers: Sequence[NumberMention], words: QuantityWords, units: Units
) -> tuple[QuantityMention, ...]:
    """The figures of `doc` that have a unit, sorted by offset and scaled to it.

    `numbers` are those of `detect_numbers`, `words` the pack's [quantities] section. Raises ValueError
    where the section names an unknown unit.
    """
    compiled, tokens = tables(words, units), tokens_of(doc.lower)
    at: dict[Anchor, list[int]] = {a: [] for a in Anchor}
    anchors = compiled.anchors
    for index in [index for index, text in enumerate(tokens.texts) if text in anchors]:
        at[anchors[tokens.texts[index]]].append(index)
    drafts = _Scan(doc, numbers, tokens, compiled).drafts(at[Anchor.ARTICLE])
    kept = combine(drafts, numbers, tokens, compiled)
    extra = ranks(doc, tokens, at[Anchor.ORDINAL], compiled) + factors(
        doc, tokens, at[Anchor.FACTOR], compiled
    )
    extra += milestones(doc, tokens, at[Anchor.ORDINAL], compiled)
    extra += shares(doc, tokens, at[Anchor.ORDINAL], compiled)
    extra += superlatives(doc, tokens, at[Anchor.SUPERLATIVE], compiled)
    extra = _free(extra, kept)
    found = [d.finish(doc) for d in kept] + extra
    return tuple(sorted(found, key=lambda q: (q.span.start, q.span.end)))


def lend_units(
    doc: Document,
    lent: Sequence[tuple[NumberMention, str]],
    words: QuantityWords,
    units: Units,
) -> tuple[QuantityMention, ...]:
    """A quantity for each figure without a unit of its own, with the symbol of the unit that it takes.

    Qualifiers and rates around the figure are read as `detect_quantities` does ("jusqu'à 555 pour l'autre").
    """
    compiled, tokens = tables(words, units), tokens_of(doc.lower)
    found: list[QuantityMention] = []
    for number, unit in lent:
        start, end = number.span.start, number.span.end
        draft = Draft(number, start, end, number.value, number.low, number.high, unit, "", start, end, end)
        rate(draft, tokens, compiled)
        qualify(draft, tokens, compiled)
        found.append(draft.finish(doc))
    return tuple(found)


def _free(extra: list[QuantityMention], kept: list[Draft]) -> list[QuantityMention]:
    free: list[QuantityMention] = []
    for quantity in extra:
        index = bisect_right(kept, quantity.span.start, key=lambda d: d.end)
        if index == len(kept) or quantity.span.end <= kept[index].start:
            free.append(quantity)
    return free


class _Scan:
    """Finds the unit of each figure of one document."""

    def __init__(
        self, doc: Document, numbers: Sequence[NumberMention], tokens: Tokens, compiled: Tables
    ) -> None:
        self.doc, self.numbers, self.tokens, self.tables = doc, numbers, tokens, compiled
        self.words, self.units, self.lower = compiled.words, compiled.units, doc.lower
        self.number_at = {n.span.start: n for n in numbers}

    def drafts(self, articles: list[int]) -> list[Draft]:
        """A draft for each figure with a unit of its own, in the order of the text.

        `articles` are the indices of tokens that may be a figure before a measure.
        """
        found: list[Draft] = []
        cursor = 0
        for number in sorted([*self.numbers, *self._articles(articles)], key=lambda n: n.span.start):
            if number.span.start < cursor:
                continue
            draft = self._draft(number)
            if draft is None or self._is_clock(draft):
                continue
            self._compound(draft)
            rate(draft, self.tokens, self.tables)
            qualify(draft, self.tokens, self.tables)
            cursor = draft.tail
            found.append(draft)
        return found

    def _articles(self, at: list[int]) -> list[NumberMention]:
        """ "un euro", "demi-litre": words that are figures before a measure only."""
        found: list[NumberMention] = []
        tokens, behind = self.tokens, 0
        for index in at:
            match = self.tables.articles.at(tokens, index)
            if match is None or index < behind:
                continue
            value, stop = match
            lone = NumberMention(self.doc.span(tokens.starts[index], tokens.ends[index]), value, digits=False)
            before = self.tables.before.entries.get(tokens.text(index - 1)) if index else None
            if before and before.unit == "rank":
                found.append(lone)
                continue
            noun = stop + (tokens.text(stop) == "-")
            word = tokens.text(noun)
            if value == 1 and self._heads_ratio(noun):
                found.append(lone)
                continue
            if (
                len(word) <= _SHORT
                or word not in self.tables.after.longest
                or word in self.words.article_exceptions
            ):
                continue
            unit = self.tables.after.at(tokens, noun)
            if unit and self.units.dimension(unit[0]) in self.words.article_units:
                behind = stop
                start, end = tokens.starts[index], tokens.ends[stop - 1]
                if not self._is_taken(start, end):
                    found.append(NumberMention(self.doc.span(start, end), value, digits=False))
        return found

    def _heads_ratio(self, noun: int) -> bool:
        """Whether a word of ratios and a figure stand behind the token `noun` ("une voiture sur cinq")."""
        behind = range(noun + 1, noun + _OUT_OF_WORDS)
        return any(self.tokens.text(i) in self.words.out_of and self._number_at(i + 1) for i in behind)

    def _is_taken(self, start: int, end: int) -> bool:
        """True where a number overlaps [start, end)."""
        index = bisect_right(self.numbers, start, key=lambda n: n.span.end)
        return index < len(self.numbers) and self.numbers[index].span.start < end

    def _draft(self, number: NumberMention) -> Draft | None:
        start, end = number.span.start, number.span.end
        tokens, first = self.tokens, self.tokens.after(end)
        if tokens.text(first) == "-" and tokens.starts[first] == end and tokens.text(first + 1).isalpha():
            first += 1
        if share := self._share(number, first) or self._out_of(number):
            return share
        if start and self.units.is_currency(self.units.aliases.get(self.lower[start - 1], "")):
            return self._prefixed(number)  # a sign that touches the figure: "a $5bn battery plant"
        found = self._unit(first, number)
        if found:
            unit, noun_start, last = found
            value = number.value
            if unit == "x":
                following = tokens.text(tokens.after(last))
                if following not in self.words.factors.compared:
                    return None
                if value and following in self.words.factors.less:
                    value = 1 / value
            if unit in self.words.bare_units and tokens.text(tokens.after(last)) not in self.words.share_of:
                unit = self.words.bare_units[unit]
            noun = self.lower[noun_start:last]
            return Draft(number, start, end, value, number.low, number.high, unit, noun, start, last, last)
        return self._prefixed(number)

    # -- units behind the figure

    def _unit(self, index: int, number: NumberMention) -> tuple[str, int, int] | None:
        """The unit behind the figure, with the offsets of its words."""
        tokens = self.tokens
        linked = self.tables.of.at(tokens, index)
        if linked:
            # "trois millions de voitures", "20 000 de ces voitures", but not "20 000 de voitures"
            digit = self.lower[number.span.end - 1].isdecimal()
            if not digit or (linked[1] - index > 1 and tokens.text(index + 1) != "'"):
                index = linked[1]
        noun = False  # whether a word passed over may be the noun itself
        for skipped in range(_ADJECTIVES + 1):
            match = self.tables.after.at(tokens, index) or self._compounded(index)
            adjective = noun and tokens.text(index) in self.words.adjectival
            counted = match and self._is_counted(match[0]) and not adjective
            if match and (not skipped or counted) and self._ends_well(match[1] - 1) and not self._is_other(index):
                unit, stop = match
                return unit, tokens.starts[index], tokens.ends[stop - 1]
            if not self._is_adjective(index):
                return None
            noun = noun or tokens.text(index) not in self.words.adjectives
            index += 1
        return None

    def _is_other(self, index: int) -> bool:
        """Whether a capital makes something else of the unit ("au 3T", "la 5G")."""
        return self.tokens.text(index) in self.words.cased and self.doc.plain[self.tokens.starts[index]].isupper()

    def _is_counted(self, unit: str) -> bool:
        return self.units.dimension(unit) == unit

    def _ends_well(self, index: int) -> bool:
        """False where the unit's last letters belong to something longer ("l'usine", "mi-2024", "m3")."""
        text, end = self.tokens.texts[index], self.tokens.ends[index]
        if not text[-1].isalpha():
            return True
        rest = self.lower[end : end + 2]
        if rest[:1].isdecimal() or rest[:1] == "_":
            return text == "h"
        if rest[:1] == "'" and len(text) <= _SHORT and rest[1:].isalpha():
            return False
        if self.words.hyphenated and self.tokens.text(index - 1) == "-":
            return True
        return not (rest[:1] == "-" and rest[1:].isalnum())

    def _compounded(self, index: int) -> tuple[str, int] | None:
        """The unit that the last part of a compound names ("Neuwagen", "Tesla-Fahrzeuge"), and the index behind it."""
        tokens = self.tokens
        while self.words.hyphenated and tokens.text(index).isalpha() and tokens.text(index + 1) == "-":
            if tokens.starts[index + 1] != tokens.ends[index] or tokens.starts[index + 2 : index + 3] != [
                tokens.ends[index + 1]
            ]:
                break
            index += 2
            if found := self.tables.after.at(tokens, index):
                return found if self._is_counted(found[0]) else None
        word = tokens.text(index)
        endings = self.words.unit_endings.items()
        unit = next((unit for unit, ends in endings if word.endswith(ends)), None) if len(word) > _SHORT else None
        return (unit, index + 1) if unit else None

    def _is_adjective(self, index: int) -> bool:
        """A word that may stand between a figure and its noun ("200 000 nouvelles voitures")."""
        tokens, word = self.tokens, self.tokens.text(index)
        if not word.isalpha() or index + 1 >= len(tokens.texts):
            return False
        if tokens.starts[index + 1] != tokens.ends[index] + 1:
            return False
        if self.words.lower_adjectives and self.doc.plain[tokens.starts[index]].isupper():
            return False
        if word in self.words.adjectives:
            return True
        return (
            len(word) > 3
            and word.endswith(self.words.adjective_endings)
            and word not in self.words.not_adjectives
        )

    # -- shares, prefixes, compounds, clock times

    def _share(self, number: NumberMention, index: int) -> Draft | None:
        """ "un tiers des ventes", "de moitié", "trois sur quatre": a share, as a percentage."""
        text, tokens = number.span.text, self.tokens
        if number.value is None or not 0 < number.value < 1 or "," in text or "." in text:
            return None
        start, end = number.span.start, number.span.end
        if tokens.text(index) in self.words.share_of:
            unit = self.tables.after.at(tokens, index + 1 + (tokens.text(index + 1) == "'"))
            if unit and not self._is_counted(unit[0]) and unit[0] != "%":
                return None
        elif self._changes_by(start):
            pass
        elif number.digits or " " in text or tokens.text(tokens.before(start) - 1) not in self.words.share_of:
            return None
        return Draft(number, start, end, number.value * 100, None, None, "%", text.lower(), start, end, end)

    def _changes_by(self, start: int) -> bool:
        """Whether a word before the fraction at `start`, or before its qualifier, makes a change of it."""
        if not self.words.change_by:
            return False
        _, at = qualifier_before(self.tokens, start, self.tables)
        return self.tokens.text(self.tokens.before(at) - 1) in self.words.change_by

    def _out_of(self, number: NumberMention) -> Draft | None:
        """ "une voiture sur cinq", "sept autos sur dix": a share of the noun, as a percentage."""
        tokens, first = self.tokens, self.tokens.after(number.span.end)
        if number.value is None or not 0 < number.value < 10 or number.value % 1:
            return None
        for index in range(first + 1, first + _OUT_OF_WORDS + 1):
            if tokens.text(index) in self.words.out_of:
                break
            if not tokens.text(index - 1).isalpha() or tokens.text(index - 1) in self.words.not_adjectives:
                return None
        else:
            return None
        whole = self._number_at(index + 1)
        if whole is None or whole.value is None or not number.value < whole.value <= 100:
            return None
        end = whole.span.end
        following = tokens.text(tokens.after(end))
        noun_like = following.isalpha() and following.endswith(self.words.adjective_endings)
        if noun_like and not following.endswith(self.words.out_of_endings):
            return None
        value, start = 100 * number.value / whole.value, number.span.start
        noun = self.lower[tokens.starts[first] : end]
        return Draft(number, start, end, value, None, None, "%", noun, start, end, end)

    def _number_at(self, index: int) -> NumberMention | None:
        start = self.tokens.starts[index] if index < len(self.tokens.starts) else -1
        return self.number_at.get(start)

    def _prefixed(self, number: NumberMention) -> Draft | None:
        """ "$ 10 000", "numéro trois", "divisé par deux"."""
        start, end, tokens = number.span.start, number.span.end, self.tokens
        stop = tokens.before(start)
        if not stop or start - tokens.ends[stop - 1] > 1:
            return None
        first = max(0, stop - 4)
        match = self.tables.before.ending(tokens.texts[first:stop], stop - first)
        if match and self.units.is_currency(match[0].unit) and self._is_stray(match[1] + first, stop):
            first += match[1] + 1
            match = self.tables.before.ending(tokens.texts[first:stop], stop - first)
        if match is None:
            return None
        prefix, index = match[0], match[1] + first
        value = number.value
        if prefix.inverse:
            if not value:
                return None
            value = 1 / value
        if prefix.unit == "rank" and not (value and 0 < value <= self.words.ranks.limit and value % 1 == 0):
            return None
        head = tokens.starts[index]
        if head and self.lower[head - 1].isalnum() and tokens.texts[index].isalpha():
            return None
        noun = self.lower[head : tokens.ends[stop - 1]]
        low, high = number.low, number.high
        return Draft(number, start, end, value, low, high, prefix.unit, noun, head, end, end, prefixed=True)

    def _is_stray(self, index: int, stop: int) -> bool:
        """Whether the letter at `index` is a word before the sign of a currency rather than part of it ("a $2 billion
        plan", "the firm's $2 billion", but "A$2 billion")."""
        tokens = self.tokens
        if index + 1 >= stop or len(tokens.text(index)) > 1 or not tokens.text(index).isalpha():
            return False
        start = tokens.starts[index]
        return self.doc.plain[start].islower() or tokens.starts[index + 1] > tokens.ends[index]

    def _is_clock(self, draft: Draft) -> bool:
        """ "à 14 h 30": an hour of the day, not a time that something takes."""
        if draft.unit != "h" or draft.value is None or not 0 <= draft.value <= 24 or draft.value % 1:
            return False
        if self.doc.plain[draft.end - len(draft.noun)].isupper():
            return True
        return self.tokens.text(self.tokens.before(draft.figure_start) - 1) in self.words.clock

    def _compound(self, draft: Draft) -> None:
        """ "1 h 30", "5 min 30 s", "15 euros 50", "15 dollars et 15 cents": a second, smaller unit."""
        money = self.units.is_currency(draft.unit)
        if draft.value is None or draft.prefixed or not (money or draft.unit in _BELOW):
            return
        first = self.tokens.after(draft.end)
        joined = self.tokens.text(first) in self.words.list_ends
        small = self._small(first + joined, joined)
        if small is None:
            return
        value, last, word = small
        if money:
            cents = word in self.words.subunits
            bare = not joined and not word and self.tokens.ends[first] - self.tokens.starts[first] == 2
            if not 0 <= value < 100 or not (cents or (bare and not self._goes_on(last))):
                return
            draft.value += value / 100
        else:
            smaller, parts = _BELOW[draft.unit]
            named = self.tables.after.entries.get(word) == smaller
            if not 0 <= value < parts or not (named or (not word and not joined and draft.unit == "h")):
                return
            draft.value += value / parts
        draft.end = draft.tail = last

    def _small(self, index: int, joined: bool) -> tuple[Decimal, int, str] | None:
        """The smaller figure at token `index`, the offset behind it and the word of its unit, which may be missing
        behind digits and behind a word that joins."""
        text = self.tokens.text(index)
        if text.isdecimal():
            value, stop = Decimal(text), index + 1
        else:
            number = self._number_at(index)
            if number is None or number.value is None:
                return None
            value, stop = number.value, self.tokens.after(number.span.end)
        word = self.tokens.text(stop)
        known = word in self.words.subunits or word in self.tables.after.entries
        if not (known or joined or text.isdecimal()):
            return None
        return value, self.tokens.ends[stop if known else stop - 1], word if known else ""

    def _goes_on(self, at: int) -> bool:
        return self.lower[at : at + 2].strip()[:1].isalnum()
