"""Reads one number, in words, digits or both, that starts at a given word of a text."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pipeline.detect.figures import VULGAR, read_figure
from pipeline.detect.grouping import State
from pipeline.detect.lexicon import Entry, Lexicon, Role
from pipeline.detect.marks import decimal_mark
from pipeline.detect.scale_signs import scale_sign
from pipeline.schema import Document
from pipeline.units import Units

DIGITS = frozenset("0123456789")
# what a word that is a number may start with besides a letter
STARTS = DIGITS | VULGAR.keys() | {"_"}
_GAPS = frozenset((" ", "-", "  ", "- ", " -", "", "\n"))
_LINKS = frozenset((" ", "'", "  ", "-"))
_MEASURED_REACH = 3  # words around a figure in which one tells what it measures


class Reading(NamedTuple):
    """A number from `start` to `end`; `next` is the index of the first word behind it.

    `scale` is the scale word or sign that multiplies a plain figure ("3 millions"), else 1. `article`
    says that it may be no number at all ("un"), `vague` that it is a plural without a number ("des
    milliers"), `about` that it is a round noun of number ("une centaine"), `fraction` that it is a part
    of one ("un tiers").
    """

    value: Decimal
    start: int
    end: int
    next: int
    scale: int | Decimal = 1
    digits: bool = False
    article: bool = False
    vague: bool = False
    about: bool = False
    fraction: bool = False


class Reader:
    """Reads numbers of one document."""

    def __init__(self, doc: Document, lex: Lexicon, units: Units) -> None:
        self.plain, self.lower, self.words, self.texts = doc.plain, doc.lower, doc.words, doc.lower_words
        self.lex, self.units = lex, units
        self.entries = lex.entries_of(doc.lower_words)
        self.mark = decimal_mark(doc, lex.words)

    def word(self, index: int) -> str:
        """The word at `index` in lower case, "" behind the last one."""
        return self.texts[index] if index < len(self.texts) else ""

    def gap(self, index: int) -> str:
        """What stands between the word before `index` and the word at `index`; "\\0" behind the last one."""
        if not 0 < index < len(self.words):
            return "\0"
        return self.lower[self.words[index - 1][1] : self.words[index][0]]

    def read(self, index: int, start: int, limit: int) -> Reading | None:
        """The number in the word at `index`, from offset `start` on, that ends before `limit`, or None."""
        first = self.lower[start]
        if first in STARTS:
            return self._digits(index, start, limit)
        entry = self.entries.get(self.word(index))
        if entry is None:
            return None
        if entry.role is Role.ATOM or (entry.role in (Role.HUNDRED, Role.SCALE) and entry.bare):
            if entry.value == 1 and not self._may_go_on(index):
                return None
            return self._words(index, start, limit, State())
        return self._noun(index, start, entry, limit)

    def _may_go_on(self, index: int) -> bool:
        """False for an article before a word that has no place behind a number."""
        following = self.word(index + 1)
        if not following or self.gap(index + 1) not in _GAPS:
            return "\n" in self.gap(index + 1) or not following
        return following in self.lex.followers

    # -- digits

    def _digits(self, index: int, start: int, limit: int) -> Reading | None:
        single = VULGAR.get(self.lower[start])
        if single is not None:
            after = self._index_at(index, start + 1)
            return Reading(single, start, start + 1, after, digits=True, fraction=True)
        figure = read_figure(self.plain, start, limit, self.mark)
        if figure is None:
            return None
        after = self._index_at(index, figure.end)
        sign = None if figure.fraction else self._sign(index, figure.end, limit)
        if sign:
            value, end = figure.value * sign[0], sign[1]
            return Reading(value, start, end, self._index_at(after, end), scale=sign[0], digits=True)
        glued = self._glued(figure.end)
        if figure.fraction or (glued and self._glue_is_sound(figure.end)):
            return Reading(figure.value, start, figure.end, after, digits=True, fraction=figure.fraction)
        if glued:
            return None
        state = State(group=figure.value, digits=True, started=True)
        return self._words(after, start, limit, state, figure.end)

    def _glued(self, end: int) -> bool:
        return end < len(self.plain) and (self.plain[end].isalnum() or self.plain[end] == "_")

    def _glue_is_sound(self, end: int) -> bool:
        """True where letters glued to digits are a unit ("80km"), not an ordinal or a name ("3e", "4x4")."""
        stop = end
        while stop < len(self.lower) and self.lower[stop].isalpha():
            stop += 1
        if stop == end:
            return self.lower[end] == "_"
        tail = self.lower[end:stop]
        if (
            stop < len(self.lower)
            and self.lower[stop] in DIGITS
            and tail + self.lower[stop] not in self.units.aliases
        ):
            return tail in ("h", "min")
        return tail in self.units.aliases or len(tail) > 3 or self.lower[stop : stop + 1] == "/"

    def _sign(self, index: int, end: int, limit: int) -> tuple[int, int] | None:
        """A sign of scale behind the digits of the word at `index` ("1,2 M", "25k€"): its value and its end."""
        found = scale_sign(self.plain, end, limit, self.lex.words, self.units)
        loose = found is not None and found.text in self.lex.words.loose_signs
        return None if found is None or (loose and self._is_measure(index)) else (found.value, found.end)

    def _is_measure(self, index: int) -> bool:
        """Whether a word near the figure tells what is measured ("4.2m long", "a length of 4.2m")."""
        near = self.texts[max(0, index - _MEASURED_REACH) : index + 2 + _MEASURED_REACH]
        return not self.lex.words.measured.isdisjoint(near)

    def _index_at(self, index: int, offset: int) -> int:
        while index < len(self.words) and self.words[index][0] < offset:
            index += 1
        return index

    # -- words

    def _words(
        self, index: int, start: int, limit: int, state: State, end: int | None = None
    ) -> Reading | None:
        """Goes on reading at the word `index`; `end` is the end of what `state` holds already."""
        first = index
        end = end if end is not None else start
        while index < len(self.words) and self.words[index][1] <= limit:
            if state.started and self.gap(index) not in _GAPS:
                break
            step = self._step(index, state)
            if step == 0:
                break
            state.started = True
            index += step
            end = self.words[index - 1][1]
        if not state.started:
            return None
        article = not state.digits and index == first + 1 and self.word(first) in self.lex.words.articles
        reading = Reading(
            state.value, start, end, index, state.mantissa_scale, digits=state.digits, article=article
        )
        return self._tail(reading, limit)

    def _step(self, index: int, state: State) -> int:
        """Takes the word at `index` into `state`; the number of words taken, 0 where it does not fit."""
        word = self.word(index)
        if word == self.lex.words.joiner:
            return self._joined(index, state)
        entry = self.entries.get(word)
        if entry is None:
            return self._figure_behind_scale(index, state)
        if entry.role is Role.ATOM:
            return self._atom(index, word, entry, state)
        if entry.role is Role.HUNDRED:
            return int(state.hundredfold(entry, self.lex.words))
        return int(entry.role is Role.SCALE and state.scaled(entry))

    def _atom(self, index: int, word: str, entry: Entry, state: State) -> int:
        """Takes a pair of words ("quatre-vingt"), else one, where it fits behind what is there."""
        if state.started and word in self.lex.words.opening:
            return 0  # "2 million a year"
        pair = self.lex.pairs.get(f"{word} {self.word(index + 1)}")
        if pair and self.gap(index + 1) in _GAPS and state.fits(pair):
            state.add(pair)
            return 2
        if not state.fits(entry):
            return 0
        state.add(entry)
        return 1

    def _figure_behind_scale(self, index: int, state: State) -> int:
        """ "3 millions 500.000": digits behind a scale word, below it."""
        if state.group is not None or not state.scale or state.scale < 1000:
            return 0
        start = self.words[index][0]
        if self.lower[start] not in DIGITS or self.gap(index) != " ":
            return 0
        figure = read_figure(self.plain, start, len(self.plain), self.mark)
        if figure is None or figure.fraction or not state.scale / 1000 <= figure.value < state.scale:
            return 0
        if self._glued(figure.end) or (figure.value < 1000 and state.scale > 1000):
            return 0
        state.group, state.mantissa_scale = figure.value, 1
        return self._index_at(index, figure.end) - index

    def _joined(self, index: int, state: State) -> int:
        """ "vingt et un", "soixante et onze": the joiner with the word behind it; also "cent et trente"."""
        following = self.word(index + 1)
        if state.digits or self.gap(index + 1) not in _GAPS or self._part(index + 1):
            return 0
        entry = self.entries.get(following)
        if entry is None or entry.role is not Role.ATOM or not 0 < entry.value < state.room:
            return 0
        after = self.entries.get(self.word(index + 2))
        heads = after is not None and after.role in (Role.HUNDRED, Role.SCALE)  # "cent et deux cents"
        if self.lex.words.joiner_in_hundreds and after is not None and after.role is Role.SCALE:
            heads = False  # "one hundred and fifty thousand"
        if state.room == 100 if following in self.lex.words.joined else heads:
            return 0
        state.add(entry)
        return 2

    # -- what may stand behind: decimals, fractions, nouns of number

    def _tail(self, reading: Reading, limit: int) -> Reading | None:
        """Decimals in words, "et demi", nouns of number and fractions behind `reading`."""
        if not reading.digits and self.word(reading.next) in self.lex.words.decimal:
            reading = self._decimals(reading)
        if part := self._joined_part(reading):
            return part
        entry = self.entries.get(self.word(reading.next)) if self.gap(reading.next) in _GAPS else None
        if entry and entry.role is Role.COLLECTIVE and reading.scale == 1:
            return self._collective(reading, entry, limit)
        half = self.word(reading.next) in self.lex.words.half_words
        if entry and entry.role is Role.FRACTION and (half or not entry.bare) and reading.value < 100:
            return self._fraction(reading, entry, limit)
        if not reading.digits:
            return self._ordinal_part(reading)
        return reading

    def _decimals(self, reading: Reading) -> Reading:
        """ "deux cent virgule zéro trois": zeros, then one number below 1000, then perhaps a scale."""
        index, zeros = reading.next + 1, 0
        while (entry := self.entries.get(self.word(index))) and entry.role is Role.ATOM and entry.value == 0:
            zeros, index = zeros + 1, index + 1
        state, last = State(), index
        while index < len(self.words) and (index == last or self.gap(index) in _GAPS):
            entry = self.entries.get(self.word(index))
            step = self._step(index, state) if entry is None or entry.role is not Role.SCALE else 0
            if step == 0:
                break
            state.started, index = True, index + step
        if not state.started and not zeros:
            return reading
        digits = zeros + (len(str(state.value)) if state.started else 0)
        value = reading.value + state.value.scaleb(-digits)
        scale = self.entries.get(self.word(index))
        if scale and scale.role is Role.SCALE:
            value, index = value * scale.value, index + 1
        return reading._replace(value=value, end=self.words[index - 1][1], next=index, article=False)

    def _part(self, index: int) -> tuple[Decimal, int] | None:
        """A fraction in words at `index` ("un tiers", "trois quarts", "demi"): its value, the next index."""
        entry = self.entries.get(self.word(index))
        if entry and entry.role is Role.FRACTION:
            return Decimal(1) / entry.value, index + 1
        atom = entry is not None and entry.role is Role.ATOM and 0 < entry.value < 20
        if entry is None or not atom or self.gap(index + 1) not in _GAPS:
            return None
        below = self.entries.get(self.word(index + 1)) or self.lex.ordinals.get(self.word(index + 1))
        if below is None or below.role not in (Role.FRACTION, Role.ORDINAL) or below.value < 2:
            return None
        if below.bare and self.word(index + 1) not in self.lex.words.half_words:
            return None
        if below.role is Role.ORDINAL and (below.value < 4 or below.plural == (entry.value == 1)):
            return None
        return Decimal(entry.value) / below.value, index + 2

    def _joined_part(self, reading: Reading) -> Reading | None:
        """ "un million et demi", "cinq et un quart", "two and a half million"."""
        if self.word(reading.next) != self.lex.words.joiner or self.gap(reading.next) not in _GAPS:
            return None
        part = self._part(reading.next + 1) if self.gap(reading.next + 1) in _GAPS else None
        if part is None:
            return None
        value, index = part
        whole = reading.value + value * (reading.scale if reading.scale > 1 else 1)
        scale = self.entries.get(self.word(index)) if self.gap(index) in _GAPS and reading.scale == 1 else None
        if scale and scale.role is Role.SCALE:
            whole, index = whole * scale.value, index + 1
        return reading._replace(value=whole, end=self.words[index - 1][1], next=index, article=False)

    def _collective(self, reading: Reading, entry: Entry, limit: int) -> Reading:
        """ "une centaine", "trois douzaines", "une dizaine de millions"."""
        index = reading.next + 1
        found = reading._replace(
            value=reading.value * entry.value,
            end=self.words[reading.next][1],
            next=index,
            about=True,
            article=False,
        )
        return self._of_scale(found, limit)

    def _of_scale(self, reading: Reading, limit: int) -> Reading:
        """ "de milliers", "de millions" behind a noun of number or a fraction, "demi-million"."""
        index = reading.next
        if self.word(index) in self.lex.words.of and self.gap(index) == " " and self.gap(index + 1) in _LINKS:
            index += 1
            index += self.word(index) in self.lex.words.of  # "a quarter of a million"
        elif not (reading.fraction and self.gap(index) in _GAPS):
            return reading
        entry = self.entries.get(self.word(index))
        if entry is None or entry.role not in (Role.SCALE, Role.COLLECTIVE) or entry.value < 10:
            return reading
        if self.words[index][1] > limit:
            return reading
        value = reading.value * entry.value
        return reading._replace(value=value, end=self.words[index][1], next=index + 1, fraction=False)

    def _fraction(self, reading: Reading, entry: Entry, limit: int) -> Reading:
        """ "un tiers", "trois quarts", "un demi-million"."""
        half = self.word(reading.next) in self.lex.words.half_words
        if reading.value == 0 or reading.value % 1 or (half and reading.value != 1):
            return reading
        found = reading._replace(
            value=reading.value / entry.value,
            end=self.words[reading.next][1],
            next=reading.next + 1,
            article=False,
            fraction=True,
        )
        return self._of_scale(found, limit)

    def _ordinal_part(self, reading: Reading) -> Reading | None:
        """ "cinq huitièmes", "un vingt-cinquième"; None where the number heads an ordinal."""
        if self.gap(reading.next) not in _GAPS:
            return reading
        if reading.article:
            return self._unit_fraction(reading)
        index = reading.next + (self.word(reading.next) == self.lex.words.joiner)
        below = self.lex.ordinals.get(self.word(index)) if self.gap(index) in _GAPS else None
        if below is None or (index > reading.next and below.value != 1):
            return reading
        if below.plural and below.value >= 4:
            return self._over(reading, reading.value / below.value, index)
        # "vingt" before "cinquième" is part of the ordinal; "deux" before "troisième" is not
        return None if reading.value >= 10 or below.value >= 100 else reading

    def _unit_fraction(self, reading: Reading) -> Reading:
        """ "un huitième", "un vingt et unième"; an ordinal before a noun ("un cinquième associé") is none."""
        index, head = reading.next, State()
        while self.gap(index) in _GAPS and (step := self._step(index, head)):
            head.started, index = True, index + step
        if head.started and self.word(index) == self.lex.words.joiner:
            index += 1
        below = self.lex.ordinals.get(self.word(index)) if self.gap(index) in _GAPS else None
        if below is None or below.plural or (below.value < 4 and not head.started):
            return reading
        following = self.gap(index + 1)
        if following in _LINKS and self.word(index + 1) not in self.lex.words.fraction_followers:
            return reading
        whole = head.value + below.value if below.value < 100 else max(head.value, Decimal(1)) * below.value
        return self._over(reading, 1 / whole, index)

    def _over(self, reading: Reading, value: Decimal, index: int) -> Reading:
        end = self.words[index][1]
        return reading._replace(value=value, end=end, next=index + 1, article=False, fraction=True)

    def _noun(self, index: int, start: int, entry: Entry, limit: int) -> Reading | None:
        """A noun of number without a number before it: "des milliers", "la moitié", "le million"."""
        end, before = self.words[index][1], self.word(index - 1) if index else ""
        if end > limit:
            return None
        found = Reading(Decimal(entry.value), start, end, index + 1)
        defined = before in self.lex.words.definite
        if entry.role is Role.COLLECTIVE and (entry.vague or defined):
            return self._of_scale(found, limit)._replace(vague=entry.vague, about=not entry.vague)
        if entry.role is Role.SCALE and (entry.vague or defined):
            return found._replace(vague=entry.vague, scale=1 if entry.vague else entry.value)
        return self._lone_fraction(found, entry, before, limit) if entry.role is Role.FRACTION else None

    def _lone_fraction(self, found: Reading, entry: Entry, before: str, limit: int) -> Reading | None:
        """ "la moitié", "le quart de", "demi-million"."""
        part = found._replace(value=Decimal(1) / entry.value, fraction=True)
        whole = self._of_scale(part, limit)
        if not whole.fraction or entry.bare:
            return whole
        words = self.lex.words
        linked = self.word(found.next) in words.fraction_followers and self.gap(found.next) == " "
        half = self.word(found.next - 1) in words.half_words  # "el medio de transporte"
        return part if before in words.fraction_articles and linked and not half else None
