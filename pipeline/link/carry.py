"""Figures that take their unit from their neighbour: "299 ch pour l'une, 402 pour l'autre", "12 300 Clio"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

from pipeline.language.link_words import LinkWords
from pipeline.link.scene import Scene, within
from pipeline.schema import EntityMention, Kind, Mentions, NumberMention, QuantityMention, Qualifier, Span
from pipeline.units import Units

_LIKE = Decimal(30)  # how many times larger or smaller a figure may be and still share the unit of its neighbour
_COUNTED = Decimal(20)  # least number of vehicles that a name behind a bare figure counts
_SCALED = Decimal(1_000_000)
_VEHICLE = "vehicle"
_MONEY = "money"


def carry_units(scene: Scene, mentions: Mentions, words: LinkWords, units: Units) -> tuple[QuantityMention, ...]:
    """The quantities of `mentions` and those read from bare figures with a carried unit, by offset."""
    found = list(mentions.quantities)
    taken = [q.span for q in mentions.quantities] + [d.span for d in mentions.dates]
    taken += [q.converted.span for q in mentions.quantities if q.converted]
    taken += [e.span for e in mentions.entities]
    taken.sort()
    for number in mentions.numbers:
        if _covered(number.span, taken):
            continue
        unit = (
            _counted_name(scene, number, mentions.entities, words)
            or _neighbour(scene, number, found, words, units)
            or _scaled_money(scene, number, found, words, units)
        )
        if unit:
            found.append(_quantity(number, unit))
            found.sort(key=lambda q: q.span.start)
    return tuple(found)


def _covered(span: Span, taken: Sequence[Span]) -> bool:
    at = bisect_left(taken, span)
    return any(t.overlaps(span) for t in taken[max(at - 2, 0) : at + 2])


def _quantity(number: NumberMention, unit: str) -> QuantityMention:
    ranged = number.low is not None
    qualifier = number.qualifier or (Qualifier.BETWEEN if ranged else Qualifier.EXACT)
    return QuantityMention(number.span, number.span, number.value, number.low, number.high, unit, qualifier)


def _counted_name(
    scene: Scene, number: NumberMention, entities: Sequence[EntityMention], words: LinkWords
) -> str | None:
    """ "12 300 Clio", "58 000 Tesla": a name right behind a figure counts vehicles."""
    if not number.digits or (number.value or number.high or Decimal(0)) < _COUNTED:
        return None
    for entity in within(entities, number.span.end, number.span.end + 5):
        gap = scene.doc.lower[number.span.end : entity.span.start].strip()
        if entity.kind in (Kind.MODEL, Kind.BRAND, Kind.COMPANY) and (not gap or gap in words.genitives):
            return _VEHICLE
    return None


def _neighbour(
    scene: Scene,
    number: NumberMention,
    quantities: Sequence[QuantityMention],
    words: LinkWords,
    units: Units,
) -> str | None:
    """The unit of the nearest quantity of the sentence, where a carrier stands before the bare figure."""
    if not number.digits and not _big(number):
        return None
    before = scene.before(number.span, 24).replace("'", "' ").split()
    opened = scene.before(number.span, 2).rstrip().endswith(("(", ",", ":"))
    if not opened and not (before and before[-1] in words.carriers):
        return None
    sentence = scene.sentence(scene.sentence_index(number.span.start))
    near = within(quantities, sentence.start, sentence.end)
    fitting = [q for q in near if _alike(q, number) and units.dimension(q.unit) not in ("rank", "time", "factor")]
    nearest = min(fitting, key=lambda q: abs(q.span.start - number.span.start), default=None)
    return nearest.unit if nearest else None


def _big(number: NumberMention) -> bool:
    return (number.value or number.high or Decimal(0)) >= _SCALED


def _alike(quantity: QuantityMention, number: NumberMention) -> bool:
    a = quantity.value if quantity.value is not None else quantity.high
    b = number.value if number.value is not None else number.high
    if not a or not b:
        return False
    ratio = abs(a / b)
    return 1 / _LIKE <= ratio <= _LIKE


def _scaled_money(
    scene: Scene, number: NumberMention, quantities: Sequence[QuantityMention], words: LinkWords, units: Units
) -> str | None:
    """A bare "2,3 milliards" that counts nothing takes the currency used last before it."""
    following = scene.after(number.span, 12).replace("'", "' ").split()
    if not _big(number) or (following and following[0] in words.genitives):
        return None
    return next((q.unit for q in reversed(quantities) if units.dimension(q.unit) == _MONEY), None)
