"""Numbers that a language writes in one word ("dreihunderttausend", "duemilacinquecento")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property, lru_cache

from pipeline.detect.identity import Same
from pipeline.language.number_words import CompoundWords, NumberWords

_HUNDRED = 100
_TEN = 10
_KEPT = 1 << 12


class Compounds:
    """Takes numbers apart that are written in one word of a pack's atoms, hundreds and scales."""

    def __init__(self, words: NumberWords, rules: CompoundWords) -> None:
        self._atoms, self._hundreds, self._rules = words.atoms, sorted(words.hundreds), rules
        self._scales = sorted((value, word) for word, value in words.scales.items() if word in words.bare_scales)
        self._scales.reverse()
        self.value = lru_cache(maxsize=_KEPT)(self._value)

    @cached_property
    def shape(self) -> re.Pattern[str]:
        """Finds words that consist of parts of numbers alone; few of them are none."""
        scales = (word for _, word in self._scales)
        rules = self._rules
        parts = {*self._atoms, *self._hundreds, *scales, *rules.joiners, *rules.endings, *rules.words}
        return re.compile("(?:" + "|".join(sorted(map(re.escape, parts), key=len, reverse=True)) + ")+")

    def among(self, words: Iterable[str]) -> dict[str, Decimal]:
        """Those of `words` (in lower case) that are such numbers, with their values."""
        found = {word: self.value(word) for word in words if self.shape.fullmatch(word)}
        return {word: value for word, value in found.items() if value is not None}

    def _value(self, word: str) -> Decimal | None:
        if word in self._rules.words:
            return Decimal(self._rules.words[word])
        for ending, more in self._rules.endings.items():
            whole = self._whole(word.removesuffix(ending)) if word.endswith(ending) and word != ending else None
            if whole is not None:
                return whole + Decimal(more)
        whole = self._whole(word)
        return None if whole is None else Decimal(whole)

    def _whole(self, word: str) -> int | None:
        """A number in scales: what stands before the highest multiplies it, what stands behind is added."""
        for value, scale in self._scales:
            before, found, behind = word.partition(scale)
            if found:
                times = self._below_scale(before) if before else 1
                rest = self._whole(self._unjoined(behind)) if behind else 0
                return None if times is None or rest is None or rest >= value else times * value + rest
        return self._below_scale(word)

    def _below_scale(self, word: str) -> int | None:
        for hundred in self._hundreds:
            before, found, behind = word.partition(hundred)
            if found:
                times = self._below_hundred(before) if before else 1
                rest = self._below_hundred(self._unjoined(behind)) if behind else 0
                if times is not None and rest is not None:
                    return times * _HUNDRED + rest
        return self._below_hundred(word)

    def _below_hundred(self, word: str) -> int | None:
        if word in self._atoms:
            return self._atoms[word]
        for cut in range(1, len(word)):
            first, rest = word[:cut], word[cut:]
            joined = self._unjoined(rest)
            ten, one = (joined, first) if self._rules.ones_first else (first, joined)
            if self._rules.ones_first and joined == rest:
                continue
            if self._is_ten(ten) and 0 < self._atoms.get(one, 0) < _TEN:
                return self._atoms[ten] + self._atoms[one]
        return None

    def _is_ten(self, word: str) -> bool:
        value = self._atoms.get(word, 0)
        return value > _TEN and value % _TEN == 0

    def _unjoined(self, word: str) -> str:
        """`word` without the joiner that it begins with, if any."""
        return next((word.removeprefix(j) for j in self._rules.joiners if word.startswith(j)), word)


def compounds(words: NumberWords) -> Compounds | None:
    """What takes the numbers of a pack apart, made once; None where its numbers are written in several words."""
    return _compiled(Same(words))


@lru_cache(maxsize=16)
def _compiled(section: Same[NumberWords]) -> Compounds | None:
    words = section.value
    return None if words.compounds is None else Compounds(words, words.compounds)
