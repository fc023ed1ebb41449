"""A number in words while it is being read: units, tens, hundreds and scales."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.detect.lexicon import Entry
from pipeline.language.number_words import NumberWords


@dataclass(slots=True)
class State:
    """`total` holds what scales have multiplied, `group` the number below the next scale.

    `room` is how much the group may still grow, `scale` the last scale word, `mantissa_scale` the scale
    of a number that is one figure and one scale word ("3 millions"), else 1.
    """

    total: Decimal = Decimal(0)
    group: Decimal | None = None
    room: int = 0
    hundred: bool = False
    scale: int | Decimal | None = None
    mantissa_scale: int | Decimal = 1
    digits: bool = False
    started: bool = False

    @property
    def value(self) -> Decimal:
        return self.total + (self.group or 0)

    def fits(self, entry: Entry) -> bool:
        """True where the atom may be added: "vingt" takes "trois", "cinq" does not."""
        if self.group is None:
            return self.scale is None or entry.value < self.scale
        return 0 < entry.value < self.room

    def add(self, entry: Entry) -> None:
        self.group = (self.group or 0) + Decimal(entry.value)
        self.room = entry.room
        if self.scale is not None:
            self.mantissa_scale = 1

    def hundredfold(self, entry: Entry, words: NumberWords) -> bool:
        """Takes a word for hundred; False where it does not fit."""
        behind_digits = words.hundreds_behind_digits and self.group is not None and self.group < 100
        if self.group is None:
            if not entry.bare or (self.scale is not None and self.scale <= 100):
                return False
            self.group = Decimal(100)
        elif self.hundred or (self.digits and not entry.bare and self.scale is None and not behind_digits):
            return False
        elif self.digits or words.hundreds_from <= self.group < (100 if entry.bare else words.hundreds_below):
            self.group *= 100
        else:
            return False
        self.room, self.hundred, self.mantissa_scale = 100, True, 1
        return True

    def scaled(self, entry: Entry) -> bool:
        """Takes a scale word; False where it does not fit."""
        if self.group is None and self.scale is None:
            if not entry.bare:
                return False
            self.total = Decimal(entry.value)
        elif self.group is None:
            # "deux cent mille milliards": a higher scale takes all, "deux millions mille" adds a lower one
            if (
                self.scale is None
                or entry.value == self.scale
                or (entry.value < self.scale and not entry.bare)
            ):
                return False
            self.total = self._below(entry) or (
                self.total * entry.value if entry.value > self.scale else self.total + entry.value
            )
            self.mantissa_scale = 1
        elif self.scale is not None and entry.value >= self.scale:
            whole = (self.total + self.group) * entry.value if self.total < entry.value else self._below(entry)
            if whole is None:
                return False
            self.total = whole
        else:
            self.total += self.group * entry.value
            self.mantissa_scale = entry.value if self.scale is None else 1
        self.scale, self.group, self.room, self.hundred = entry.value, None, 0, False
        return True

    def _below(self, entry: Entry) -> Decimal | None:
        """The number where the scale takes only what stands behind a higher one ("tres billones 455 mil millones"),
        None where there is no higher one."""
        rest = self.total % entry.value
        above, taken = self.total - rest, (rest + (self.group or 0)) * entry.value
        return above + taken if rest and taken < above else None
