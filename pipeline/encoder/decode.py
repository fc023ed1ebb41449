"""The best reading of all figures and events of a document that the constraints allow, found exactly.

An anchor states nothing, or one fact of one type, whose slots are filled by what that type admits; a figure that
another one replaces is no fact of its own, and is replaced by one figure only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pipeline.encoder.question import NOBODY, Slot

REACH = 4  # anchors over which a figure may replace another


class Choices(NamedTuple):
    """What is weighed for one anchor, as logarithms: its types ("" for none), and for each slot its fillers (-1 for
    nobody)."""

    types: Mapping[str, float]
    slots: Mapping[Slot, Mapping[int, float]]


class Reading(NamedTuple):
    """One type for an anchor ("" where it states nothing) with its fillers; slots that nobody fills are left out."""

    type: str
    fillers: Mapping[Slot, int]


class Rules(NamedTuple):
    """What the ontology allows an anchor, which is the first argument of each. `may(anchor, type, slot, target)`: the
    target may fill the slot of that type. `same(anchor, target, target)`: both are one party, who is not subject and
    object at once. `figure(anchor, target)`: the anchor that a target is, None where it is none."""

    may: Callable[[int, str, Slot, int], bool]
    same: Callable[[int, int, int], bool]
    figure: Callable[[int, int], int | None]


class _Best(NamedTuple):
    score: float
    reading: Reading


def decode(choices: Sequence[Choices], rules: Rules) -> list[Reading]:
    """The readings of all anchors, given in the order of the text, with the highest sum of scores.

    The score of a fact is that of its type, less what the constraints cost its slots: for each the difference between
    the best filler and the one that is allowed. Of equals, no fact and the filler of the lowest index win.
    """
    alone = [_best(index, each, rules, None) for index, each in enumerate(choices)]
    nothing = [each.types.get("", float("-inf")) for each in choices]
    free = [max(best.score, none) for best, none in zip(alone, nothing, strict=True)]
    replacing: dict[tuple[int, int], _Best] = {}
    for index, each in enumerate(choices):
        for target in each.slots.get(Slot.PREVIOUS, {}):
            other = rules.figure(index, target) if target != NOBODY else None
            if other is not None and other != index and abs(other - index) <= REACH:
                replacing[index, other] = _best(index, each, rules, target)
    gains = {
        (new, old): best.score + nothing[old] - free[new] - free[old] for (new, old), best in replacing.items()
    }
    readings = [
        best.reading if best.score > none else Reading("", {}) for best, none in zip(alone, nothing, strict=True)
    ]
    for new, old in matched(len(choices), gains, REACH):
        readings[new] = replacing[new, old].reading
        readings[old] = Reading("", {})
    return readings


def matched(count: int, gains: Mapping[tuple[int, int], float], reach: int) -> list[tuple[int, int]]:
    """The pairs with the highest sum of `gains` in which each of `count` nodes is once at most; pairs are no more than
    `reach` apart, so that a table of which of the next nodes are taken finds them in one sweep. Pairs that gain
    nothing are left out."""
    full = 1 << reach
    best = [[0.0] * full for _ in range(count + 1)]
    chosen: list[list[tuple[int, int] | None]] = [[None] * full for _ in range(count + 1)]
    for at in range(count - 1, -1, -1):
        options = _pairs_from(at, count, gains, reach)
        for taken in range(full):
            best[at][taken] = best[at + 1][taken >> 1]
            for other, pair, gain in () if taken & 1 else options:
                bit = 1 << (other - at)
                if not taken & bit:
                    score = gain + best[at + 1][(taken | bit) >> 1]
                    if score > best[at][taken]:
                        best[at][taken], chosen[at][taken] = score, pair
    found: list[tuple[int, int]] = []
    taken = 0
    for at in range(count):
        if mate := chosen[at][taken]:
            found.append(mate)
            taken |= 1 << (max(mate) - at)
        taken >>= 1
    return found


def _pairs_from(
    at: int, count: int, gains: Mapping[tuple[int, int], float], reach: int
) -> list[tuple[int, tuple[int, int], float]]:
    """The pairs of node `at` with a later one that gain something: that node, the pair, the gain."""
    found = []
    for other in range(at + 1, min(at + reach, count - 1) + 1):
        for pair in ((at, other), (other, at)):
            if gains.get(pair, 0.0) > 0.0:
                found.append((other, pair, gains[pair]))
    return found


def _best(index: int, choices: Choices, rules: Rules, previous: int | None) -> _Best:
    """The best fact that anchor `index` may state, replacing the figure `previous` (None: no figure)."""
    best = _Best(float("-inf"), Reading("", {}))
    for name, score in choices.types.items():
        if not name:
            continue
        cost, fillers = _filled(index, name, choices, rules, previous)
        if score - cost > best.score:
            best = _Best(score - cost, Reading(name, fillers))
    return best


def _filled(
    index: int, name: str, choices: Choices, rules: Rules, previous: int | None
) -> tuple[float, Mapping[Slot, int]]:
    """The cheapest fillers of the slots of type `name`, and what they cost against the best there are."""
    cost = 0.0
    fillers: dict[Slot, int] = {}
    allowed = {slot: _allowed(index, name, slot, choices, rules) for slot in choices.slots}
    if Slot.PREVIOUS in allowed:
        wanted = NOBODY if previous is None else previous
        allowed[Slot.PREVIOUS] = [(s, t) for s, t in allowed[Slot.PREVIOUS] if t == wanted]
    for slot, options in allowed.items():
        if not options:
            return float("inf"), {}
        cost += max(choices.slots[slot].values()) - options[0][0]
        fillers[slot] = options[0][1]
    subject, other = fillers.get(Slot.SUBJECT, NOBODY), fillers.get(Slot.OBJECT, NOBODY)
    if NOBODY not in (subject, other) and rules.same(index, subject, other):
        pairs = [
            (s[0] + o[0], -s[1], -o[1])
            for s in allowed[Slot.SUBJECT]
            for o in allowed[Slot.OBJECT]
            if NOBODY in (s[1], o[1]) or not rules.same(index, s[1], o[1])
        ]
        if not pairs:
            return float("inf"), {}
        score, subject, other = max(pairs)
        cost += allowed[Slot.SUBJECT][0][0] + allowed[Slot.OBJECT][0][0] - score
        fillers |= {Slot.SUBJECT: -subject, Slot.OBJECT: -other}
    return cost, {slot: target for slot, target in fillers.items() if target != NOBODY}


def _allowed(index: int, name: str, slot: Slot, choices: Choices, rules: Rules) -> list[tuple[float, int]]:
    """The fillers of a slot that the type admits, the likeliest first."""
    fitting = [
        (score, target)
        for target, score in choices.slots[slot].items()
        if target == NOBODY or rules.may(index, name, slot, target)
    ]
    return sorted(fitting, key=lambda each: (-each[0], each[1]))
