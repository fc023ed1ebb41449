"""Every figure of a text: digits, words, signs, and ranges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from pipeline.detect.lexicon import Lexicon, lexicon
from pipeline.detect.reading import DIGITS, STARTS, Reader, Reading
from pipeline.language.number_words import NumberWords
from pipeline.schema import Document, NumberMention, Qualifier, Span
from pipeline.units import load_units

# Both begin with the mark itself, so that the search skips from mark to mark.
_PHONE = re.compile(
    r"(?:0(?<![0-9]0)[1-9](?:[ .-][0-9]{2}){4}|\+(?<![0-9]\+)[0-9]{2,3} ?(?:\(0\))?[0-9](?:[ .-]?[0-9]{2}){4})(?![0-9])"
)
_BLANK = frozenset((" ", "  ", "\n"))
_DASHES = frozenset(("-", "–", " – ", "—"))
_WIDEST_RANGE = 100
_YEARS = range(1950, 2051)


def detect_numbers(
    doc: Document, words: NumberWords, blocked: Sequence[Span] = ()
) -> tuple[NumberMention, ...]:
    """The figures of `doc`, sorted by offset. A range is one mention with `low` and `high`.

    `words` is the pack's [numbers] section; figures inside `blocked` spans (dates, names) are not read.
    A bare article ("un") is no figure, save where it is all that its line holds.
    """
    scan = _Scan(doc, lexicon(words))
    readings = scan.readings(_blocks(doc, blocked))
    return tuple(scan.mentions(readings))


def _blocks(doc: Document, blocked: Sequence[Span]) -> list[tuple[int, int]]:
    spans = [(s.start, s.end) for s in blocked]
    if any(c in doc.plain for c in "+0"):
        spans += [m.span() for m in _PHONE.finditer(doc.plain)]
    return sorted(spans)


class _Scan:
    """One pass over one document."""

    def __init__(self, doc: Document, lex: Lexicon) -> None:
        self.doc, self.plain, self.lower, self.words, self.lex = doc, doc.plain, doc.lower, doc.words, lex
        self.units = load_units()
        self.reader = Reader(doc, lex, self.units)

    def readings(self, blocks: list[tuple[int, int]]) -> list[Reading]:
        """All numbers, without signs and ranges; articles are among them."""
        found: list[Reading] = []
        lower, entries, cursor, block = self.lower, self.reader.entries, 0, 0
        candidates = [
            index
            for index, word in enumerate(self.doc.lower_words)
            if word in entries or (not word.isalpha() and (word[-1] in DIGITS or word[0] in STARTS))
        ]
        for index in candidates:
            start, end = self.words[index]
            if start < cursor:
                continue
            while block < len(blocks) and blocks[block][1] <= start:
                block += 1
            if block < len(blocks) and blocks[block][0] < end:
                continue
            limit = blocks[block][0] if block < len(blocks) else len(lower)
            reading = self._read(index, limit)
            if reading:
                cursor = self._behind(reading)
                if self._holds(reading, index):
                    found.append(reading)
        return found

    def _read(self, index: int, limit: int) -> Reading | None:
        """The number at the word `index`; a stray underscore or a currency code may be glued to it
        ("USD1").
        """
        start, end = self.words[index]
        skip = 0
        if self.lower[start] == "_":
            skip = 1
        elif self.lower[start].isalpha() and self.lower[end - 1] in DIGITS:
            if self.plain[start : start + 3].upper() not in self.units.press_currencies:
                return None
            skip = 3
        if skip and (start + skip >= end or self.lower[start + skip] not in DIGITS):
            return None
        return self.reader.read(index, start + skip, limit)

    def _behind(self, reading: Reading) -> int:
        """Offset to go on from: behind the number and behind words that belong to it ("pour cent")."""
        if self.lower.startswith(" ", reading.end):
            for closer in self.lex.words.closers:
                if self.lower.startswith(closer, reading.end + 1):
                    return reading.end + 1 + len(closer)
        return reading.end

    def _holds(self, reading: Reading, index: int) -> bool:
        """False for figures that are none: names ("e-208"), departments, postcodes, adjectives ("neuf")."""
        lower, start = self.lower, reading.start
        before = lower[start - 1] if start else " "
        if not reading.digits:
            return not self._is_ambiguous(reading, index)
        if before == "-" and start > 1 and lower[start - 2].isalpha():
            return False
        if before == "." and start > 1 and lower[start - 2].isalpha() and reading.value < 100:
            return not lower[max(0, start - 4) : start - 1].strip().isupper() and not self._is_version(start)
        if before in ".," and start > 1 and lower[start - 2] in DIGITS:
            return True
        return not self._is_place_code(reading)

    def _is_version(self, start: int) -> bool:
        """ "ID.3", "CO.2": capitals, a stop, a digit."""
        return self.plain[start - 2].isupper()

    def _is_place_code(self, reading: Reading) -> bool:
        """ "Batilly (54)", ", 59000 Lille": a number of a department or a postcode."""
        plain, start, end = self.plain, reading.start, reading.end
        if plain[start - 1 : start] == "(" and plain[end : end + 1] == ")" and end - start == 2:
            name = re.search(r"(\w+)\s\($", plain[max(0, start - 24) : start])
            return bool(name and name[1][0].isupper())
        if end - start == 5 and plain[start:end].isdecimal():
            follows = re.match(r" [A-ZÀ-Ý][\w-]", plain[end : end + 4])
            return bool(follows and re.search(r"[,(–-]\s?$", plain[max(0, start - 2) : start]))
        return False

    def _is_ambiguous(self, reading: Reading, index: int) -> bool:
        """A number word that is also an adjective, in a place where a number does not stand."""
        nouns = self.lex.words.ambiguous.get(self.lower[reading.start : reading.end])
        if nouns is None or self._alone(reading):
            return False
        following = self.reader.word(index + 1) if self.reader.gap(index + 1) in _BLANK | {"'", "-"} else ""
        previous = self.reader.word(index - 1) if index else ""
        return following in self.lex.words.ambiguous_followers or previous in nouns

    def _alone(self, reading: Reading) -> bool:
        """True where the line holds nothing but the number."""
        first, last = reading.start, reading.end
        while first and self.lower[first - 1] in " -+":
            first -= 1
        while last < len(self.lower) and self.lower[last] in " .;,":
            last += 1
        return self.lower[max(first - 1, 0) : first] in ("", "\n") and self.lower[last : last + 1] in ("", "\n")

    # -- signs, ranges, ratios

    def mentions(self, readings: list[Reading]) -> list[NumberMention]:
        """Readings with their signs, paired to ranges and ratios; bare articles are left out."""
        found: list[NumberMention] = []
        index = 0
        while index < len(readings):
            one = readings[index]
            two = readings[index + 1] if index + 1 < len(readings) else None
            pair = self._pair(one, two, found) if two and two.start - one.end <= 12 else None
            if pair:
                found.append(pair)
                index += 2
                continue
            if two and one.scale == 1 and two.scale > 1:
                one = self._shared(one, two)
            if not one.article or self._alone(one):
                found.append(self._mention(one, found))
            index += 1
        return found

    def _pair(self, one: Reading, two: Reading, found: list[NumberMention]) -> NumberMention | None:
        gap = self.lower[one.end : two.start]
        key = gap.strip(" \n")
        if one.vague or two.vague or two.article or "\n\n" in gap:
            return None
        if key in self.lex.words.ratio and gap[0] in " \n":
            return self._ratio(one, two)
        sign = self._sign(two.start, two)
        if sign:
            key = self.lower[one.end : sign[0]].strip(" \n")
        return self._range(one, two, key, gap, found)

    def _ratio(self, one: Reading, two: Reading) -> NumberMention | None:
        """ "un sur trois"."""
        if (
            not 0 < one.value < two.value
            or one.value > 10
            or two.value > 1000
            or one.fraction
            or two.fraction
        ):
            return None
        sign = self._sign(one.start, one)
        start, factor = sign if sign else (one.start, 1)
        return NumberMention(
            self.doc.span(start, two.end), factor * one.value / two.value, digits=one.digits and two.digits
        )

    def _range(
        self, one: Reading, two: Reading, key: str, gap: str, found: list[NumberMention]
    ) -> NumberMention | None:
        words = self.lex.words
        before = self._word_before(one.start)
        between = words.range_between.get(before) == key
        if not between:
            hung = gap.removeprefix("-")  # "an 8- to 16-metre bus"
            if key.removeprefix("-").lstrip() in words.range_to and hung[:1] in (" ", "\n"):
                if self._is_year(one) != self._is_year(two):
                    return None
                if before in words.range_from and self._is_change(one):
                    return None
            elif not (gap in _DASHES and one.digits and two.digits and self._dash_is_sound(one, two, gap)):
                return None
        low, high = self._signed(one, found), self._signed(two, found)
        if self._shares(one, two):
            low *= two.scale
        start, end = one.start, two.end
        if (sign := self._sign(start, one)) and gap not in _DASHES:
            start = sign[0]
        wide = low > 0 and high / low > _WIDEST_RANGE and not between and before not in words.range_from
        if low < 0 and high < 0 and low > high:
            low, high = high, low
        if not low < high or wide or (one.fraction != two.fraction and not between):
            return None
        return NumberMention(self.doc.span(start, end), None, low, high, digits=one.digits and two.digits)

    def _is_year(self, reading: Reading) -> bool:
        return reading.digits and reading.end - reading.start == 4 and reading.value in _YEARS

    def _word_before(self, at: int) -> str:
        sign = at
        while sign and self.lower[sign - 1] in " -+":
            sign -= 1
        head = self.lower[max(0, sign - 12) : sign]
        match = re.search(r"([^\W\d_]+)['’]?$", head.rstrip())
        return match[1] if match else ""

    def _is_change(self, one: Reading) -> bool:
        """ "passe de 2 à 3 millions": two figures, not a range."""
        return bool(self.lex.changes.search(self.lower, max(0, one.start - 60), one.start))

    def _dash_is_sound(self, one: Reading, two: Reading, gap: str) -> bool:
        before = self.plain[max(0, one.start - 2) : one.start]
        behind_unit = before[:1].isalpha() and before[1:] == "/"  # "110 ch/124-126 g"
        around = ("" if behind_unit else before[-1:]) + self.plain[two.end : two.end + 1]
        if gap == "-" and (any(c in "-/" for c in around) or self.lower[two.start] == "0"):
            return False
        return (
            self.lower[one.start] != "0" or one.end - one.start == 1 or "," in self.lower[one.start : one.end]
        )

    def _shared(self, one: Reading, two: Reading) -> Reading:
        """ "2 et 3 millions", "de 3 à 2 millions": a scale that stands at the last figure only."""
        key = self.lower[one.end : two.start].strip(" \n")
        if key not in self.lex.words.alternatives and one.digits != two.digits:
            return one
        linked = (
            key == self.lex.words.joiner
            or key in self.lex.words.range_to | self.lex.words.change_to
            or key in self.lex.words.alternatives
        )
        return one._replace(value=one.value * two.scale) if linked and self._shares(one, two) else one

    @staticmethod
    def _shares(one: Reading, two: Reading) -> bool:
        """True where the scale of `two` goes for `one` too: both figures before it are of like size."""
        if not (one.scale == 1 < two.scale) or one.article or one.fraction:
            return False
        return 0 < one.value <= _WIDEST_RANGE * two.value / two.scale

    def _sign(self, start: int, reading: Reading) -> tuple[int, int] | None:
        """The sign before `start`: its offset and +1 or -1."""
        plain = self.plain
        if start and plain[start - 1] in "-+–" and (start == 1 or plain[start - 2] in " (\n:/~;["):
            return start - 1, -1 if plain[start - 1] != "+" else 1
        if start > 1 and plain[start - 1] == " " and plain[start - 2] in "-+–" and reading.digits:
            percent = plain[reading.end : reading.end + 2].strip()[:1] == "%"
            opener = plain[start - 3] if start > 2 else "\n"
            if (
                opener == "("
                or (percent and opener == " " and (plain[start - 4 : start - 3].isalpha() or plain[start - 4] in ";:"))
                or self._alone(reading)
            ):
                return start - 2, -1 if plain[start - 2] != "+" else 1
        return self._word_sign(start, reading)

    def _word_sign(self, start: int, reading: Reading) -> tuple[int, int] | None:
        """ "moins 3 %", where no word before makes a comparison of it ("au moins 3")."""
        if not start or self.plain[start - 1] != " ":
            return None
        cut = self.lower.rfind(" ", 0, start - 1) + 1
        word = self.lower[cut : start - 1].lstrip("(«:")
        words = self.lex.words
        if word in words.negative:
            return start - 1 - len(word), -1
        if not reading.digits or word not in words.minus | words.plus:
            return None
        at = start - 1 - len(word)
        previous = self._word_before(at)
        if previous in words.sign_blockers or self.plain[max(0, at - 1) : at] == "'":
            return None
        return at, -1 if word in words.minus else 1

    def _signed(self, reading: Reading, found: list[NumberMention]) -> Decimal:
        sign = self._sign(reading.start, reading)
        touches = bool(found) and sign is not None and sign[0] < found[-1].span.end
        return -reading.value if sign and sign[1] < 0 and not touches else reading.value

    def _mention(self, reading: Reading, found: list[NumberMention]) -> NumberMention:
        sign = self._sign(reading.start, reading)
        if sign and found and sign[0] < found[-1].span.end:
            sign = None
        value = -reading.value if sign and sign[1] < 0 else reading.value
        qualifier = Qualifier.MORE_THAN if reading.vague else Qualifier.ABOUT if reading.about else None
        start = sign[0] if sign else reading.start
        return NumberMention(
            self.doc.span(start, reading.end), value, qualifier=qualifier, digits=reading.digits
        )
