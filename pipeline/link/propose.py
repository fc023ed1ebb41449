"""Which type each figure may have: candidates with their evidence, the strongest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from pipeline.language.link_words import LinkWords
from pipeline.link.scene import Scene, within
from pipeline.ontology import FactType, Ontology
from pipeline.schema import CueMention, Kind, QuantityMention
from pipeline.units import Units

_HALF_WAY = 7.0  # distance in words at which a trigger counts half
_ADJACENT = 1.5  # bonus of a trigger that is tied to the figure by function words only
_TIE = 2  # words that may stand in such a tie
_RIVAL_FIGURE = 2.0  # distance added for each other figure of the dimension in between
_WRONG_SIDE = 0.5
_BEHIND = 0.6  # share that a trigger behind the figure keeps across a comma
_EARLIER = 0.4  # share of its weight that a trigger of the sentence before keeps
_HEADING = 0.35
_ARTICLE = 0.5  # evidence of the article's main type, if it speaks of no other
_GUARDED = 7.0  # distance within which a guard holds
_GENITIVE = 24  # characters that may stand between a figure and the firm whose share it is
_STAND_IN = 1.01
_SPOKEN = 2  # triggers of a type that make it one of which the article speaks
_FEW = 10  # size below which a count is no more than a mention, unless its sentence has a word of the type
_COUNTS = frozenset({"vehicle", "battery", "person", "job", "order", "customer"})  # dimensions of such counts
_PERCENT = "percent"
_RIVAL = 0.8  # share of the best evidence at which a level is as likely as a change
_MINIMUM = 0.15  # evidence below which a figure states nothing


class Reading(NamedTuple):
    """One type that a figure may have. `evidence` grows with the nearness of the trigger; `trigger` is None where
    the unit alone speaks for the type."""

    type: str
    quantity: QuantityMention
    sentence: int
    evidence: float
    trigger: CueMention | None = None
    inherited: bool = False

    @property
    def sign(self) -> int:
        return int(self.trigger.attribute("sign") or 1) if self.trigger else 1


def readings(
    scene: Scene, quantity: QuantityMention, ontology: Ontology, units: Units, words: LinkWords
) -> list[Reading]:
    """Types that `quantity` may have, strongest evidence first; empty where nothing speaks for any."""
    dimension = units.dimension(quantity.unit)
    size = quantity.value if quantity.value is not None else quantity.high
    if size is not None:
        size = units.in_base(size, quantity.unit)
    admitted = [
        name
        for name in ontology.for_unit(quantity.unit, dimension)
        if size is None or ontology.types[name].plausible(size)
    ]
    speaking = frozenset(admitted)
    levels = speaking & ontology.levels
    share = _is_bare_share(scene, quantity, units)
    index = scene.sentence_index(quantity.span.start)
    found = {r.type: r for r in _from_unit(scene, quantity, admitted, ontology, units, words)}
    for reading in _from_sentence(scene, quantity, index, speaking, units):
        _keep(found, reading)
    reachable = frozenset(name for name in admitted if _may_inherit(ontology.types[name], quantity))
    if not any(r.trigger for r in found.values()):
        for reading in _from_context(scene, quantity, index, reachable & levels if share else reachable, units):
            _keep(found, reading)
        if not found:
            for reading in _from_article(scene, quantity, index, reachable & levels, units):
                _keep(found, reading)
    stand_ins = levels & ontology.leading.get(dimension, frozenset())
    for reading in _instead_of_weak(scene, quantity, found, stand_ins, units):
        _keep(found, reading)
    few = size is not None and abs(size) < _FEW and dimension in _COUNTS
    told = [r for r in found.values() if not few or (r.trigger and not r.inherited)]
    if quantity.noun in words.points:
        told = [r for r in told if ontology.types[r.type].change]
    if _is_level(scene, quantity, words.levels):
        told = [r for r in told if r.type in levels or (r.trigger and r.trigger.attribute("level"))]
    elif _is_level(scene, quantity, words.reaching):
        best = max((r.evidence for r in told), default=0.0)
        told = [r for r in told if r.type in levels and r.evidence >= _RIVAL * best] or told
    strong = (r for r in told if r.evidence >= _MINIMUM)
    return sorted(strong, key=lambda r: (-r.evidence, admitted.index(r.type)))


def _from_unit(
    scene: Scene,
    quantity: QuantityMention,
    admitted: Sequence[str],
    ontology: Ontology,
    units: Units,
    words: LinkWords,
) -> Iterator[Reading]:
    """Types for which the unit of the figure, its sign or its owner speaks alone."""
    dimension, index = units.dimension(quantity.unit), scene.sentence_index(quantity.span.start)
    for name in admitted:
        row = ontology.types[name]
        default = row.default.get(dimension, 0.0)
        if quantity.signed:
            default = max(default, row.signed)
        if row.fronted and _is_fronted(scene, quantity, words):
            default = max(default, row.fronted)
        if row.holding and _is_of_a_firm(scene, quantity, words):
            default = max(default, row.holding)
        if default:
            yield Reading(name, quantity, index, default)


def _is_bare_share(scene: Scene, quantity: QuantityMention, units: Units) -> bool:
    """Whether a percentage without a sign stands alone in brackets: the share of what is named before it, no change."""
    if quantity.signed or units.dimension(quantity.unit) != _PERCENT:
        return False
    text, span = scene.doc.lower, quantity.span
    return text[span.start - 1 : span.start] == "(" and text[span.end : span.end + 1] == ")"


def _may_inherit(row: FactType, quantity: QuantityMention) -> bool:
    """Whether the text around may make the figure one of the type: people are customers where it is said of them."""
    return not row.explicit and quantity.unit not in row.counts_as


def _instead_of_weak(
    scene: Scene, quantity: QuantityMention, found: dict[str, Reading], admitted: frozenset[str], units: Units
) -> list[Reading]:
    """Where only a weak word speaks ("clients", "marché"), the type of which the article speaks most stands in."""
    best = max(found.values(), key=lambda r: r.evidence, default=None)
    if best is None or best.trigger is None or weight(best.trigger) >= 1:
        return []
    sentence = scene.sentence(best.sentence)
    local = scene.cues_in("trigger", sentence.start, sentence.end)
    if any(c.value == best.type and weight(c) >= 1 and _speaks_of(c, quantity, units) for c in local):
        return []  # a plain word of the type stands there too, if not so near
    return [
        best._replace(type=r.type, evidence=best.evidence * _STAND_IN)
        for r in _from_article(scene, quantity, best.sentence, admitted, units)
        if r.type != best.type
    ]


def _is_level(scene: Scene, quantity: QuantityMention, words: Collection[str]) -> bool:
    """Whether one of `words` makes the figure a level reached ("tombe à 7 %"), no change ("recule de 7 %")."""
    before = scene.before(quantity.span, 12).split()
    first = quantity.span.text.lower().split()[0]
    return not quantity.signed and ((bool(before) and before[-1] in words) or first in words)


def _is_fronted(scene: Scene, quantity: QuantityMention, words: LinkWords) -> bool:
    """Whether the figure opens its sentence with what its subject has ("À 43 195 $, la Bolt …")."""
    before = scene.before(quantity.span).split()
    return len(before) == 1 and before[0] in words.fronting and scene.after(quantity.span, 1) == ","


def _is_of_a_firm(scene: Scene, quantity: QuantityMention, words: LinkWords) -> bool:
    """Whether the name of a firm stands in the genitive right behind the figure ("51 % du britannique Lotus")."""
    end = quantity.span.end
    for entity in within(scene.mentions.entities, end, end + _GENITIVE):
        head, _, rest = scene.doc.lower[end : entity.span.start].strip().replace("'", "' ").partition(" ")
        firm = entity.kind in (Kind.COMPANY, Kind.BRAND)
        return firm and head in words.market_genitives and (not rest or rest.isalpha())
    return False


def guard(scene: Scene, quantity: QuantityMention, units: Units) -> str | None:
    """What the figure is instead of a fact, where a guard of the pack stands in its clause; else None."""
    index = scene.sentence_index(quantity.span.start)
    sentence = scene.sentence(index)
    for cue in scene.cues_in("guard", sentence.start, sentence.end):
        if not _concerns(scene, cue, quantity, units):
            continue
        side = cue.attribute("side")
        if side == "right" and quantity.figure.start < cue.span.start:
            continue
        if side == "left":
            if cue.span.overlaps(quantity.span):
                return cue.value
        elif scene.distance(cue.span, quantity.span) <= float(cue.attribute("reach") or _GUARDED):
            return cue.value
    return None


def _concerns(scene: Scene, cue: CueMention, quantity: QuantityMention, units: Units) -> bool:
    """Whether the guard is about figures of this unit and size, in a sentence with a trigger of the type `beside`."""
    symbols, beside, below = cue.attribute("units"), cue.attribute("beside"), cue.attribute("below")
    if below and (quantity.value or quantity.high or 0) >= int(below):
        return False
    if (symbols and quantity.unit not in symbols.split("|")) or not _speaks_of(cue, quantity, units):
        return False
    if beside is None:
        return True
    sentence = scene.sentence(scene.sentence_index(cue.span.start))
    return any(c.value == beside for c in scene.cues_in("trigger", sentence.start, sentence.end))


def _keep(found: dict[str, Reading], reading: Reading) -> None:
    known = found.get(reading.type)
    if known is None or reading.evidence > known.evidence:
        found[reading.type] = reading
    elif known.trigger is None:
        # The unit speaks louder than the word, but the word gives sign and position.
        found[reading.type] = Reading(
            reading.type, reading.quantity, reading.sentence, known.evidence, reading.trigger
        )


def _from_sentence(
    scene: Scene, quantity: QuantityMention, index: int, admitted: frozenset[str], units: Units
) -> list[Reading]:
    sentence = scene.sentence(index)
    found: list[Reading] = []
    cues = [c for c in scene.cues_in("trigger", sentence.start, sentence.end) if c.value in admitted]
    if not cues:
        return found
    peers = _peers(scene, quantity, units)
    for cue in cues:
        if _speaks_of(cue, quantity, units):
            evidence = weight(cue) * _nearness(scene, quantity, cue, peers)
            if evidence <= 0:
                continue  # out of reach: it must not keep the text before from speaking
            found.append(Reading(cue.value, quantity, index, evidence, cue))
    return found


def _speaks_of(cue: CueMention, quantity: QuantityMention, units: Units) -> bool:
    """Whether the cue may speak of figures of this dimension ("hausse" speaks of percentages)."""
    dimensions = cue.attribute("dimensions")
    return dimensions is None or units.dimension(quantity.unit) in dimensions.split("|")


def weight(cue: CueMention) -> float:
    """How strongly a trigger speaks for its type; 1 unless the pack says otherwise."""
    return float(cue.attribute("weight") or 1.0)


def _peers(scene: Scene, quantity: QuantityMention, units: Units) -> list[QuantityMention]:
    """The other figures of the sentence that have the dimension of `quantity`."""
    local = scene.quantities_in(scene.sentence_index(quantity.span.start))
    if len(local) == 1:
        return []
    dimension = units.dimension(quantity.unit)
    return [q for q in local if q is not quantity and units.dimension(q.unit) == dimension]


def _nearness(
    scene: Scene, quantity: QuantityMention, cue: CueMention, peers: Sequence[QuantityMention]
) -> float:
    if cue.attribute("reach") and cue.attribute("side") == "left" and cue.span.start < quantity.figure.start:
        return 0.0
    if cue.span.overlaps(quantity.span):
        return _ADJACENT
    distance = scene.distance(cue.span, quantity.span)
    low, high = min(cue.span.end, quantity.span.end), max(cue.span.start, quantity.span.start)
    if cue.attribute("reach"):
        apart = any(q is not quantity for q in within(scene.mentions.quantities, low, high))
        if apart or distance > float(cue.attribute("reach") or distance):
            return 0.0
    if quantity.list_id is None:
        between = [p for p in peers if low <= p.span.start < high]
        distance += _RIVAL_FIGURE * len(between)
    nearness = 1.0 / (1.0 + distance / _HALF_WAY)
    if distance <= _TIE:
        ahead = cue.span.start < quantity.span.start
        nearness *= float((ahead and cue.attribute("tie")) or _ADJACENT)
    if cue.span.start > quantity.span.end and scene.crossing(cue.span, quantity.span) >= 1:
        nearness *= _BEHIND
    side = cue.attribute("side")
    left_of_cue = quantity.span.start < cue.span.start
    if side and (side == "left") != left_of_cue:
        nearness *= _WRONG_SIDE
    return nearness


def _from_context(
    scene: Scene, quantity: QuantityMention, index: int, admitted: frozenset[str], units: Units
) -> list[Reading]:
    """Triggers of the sentence before in the same block, else of the heading above or the title; those that speak
    of what stands beside them only are left out.
    """
    here = scene.sentence(index)
    found = []
    for other, share in _neighbours(scene, index):
        if other == index:
            continue
        sentence = scene.sentence(other)
        if sentence.block != here.block and not sentence.heading:
            continue
        for cue in scene.cues_in("trigger", sentence.start, sentence.end):
            if cue.value in admitted and _speaks_of(cue, quantity, units) and not cue.attribute("reach"):
                found.append(Reading(cue.value, quantity, index, share * weight(cue), cue, inherited=True))
    return found


def _from_article(
    scene: Scene, quantity: QuantityMention, index: int, admitted: frozenset[str], units: Units
) -> list[Reading]:
    """The type of which the article speaks most, for a figure whose sentence and neighbours say nothing."""
    spoken = Counter[str]()
    for cue, count in scene.trigger_counts:
        if cue.value in admitted and weight(cue) >= 1 and _speaks_of(cue, quantity, units):
            spoken[cue.value] += count
    total = sum(spoken.values())
    return [
        Reading(name, quantity, index, _ARTICLE * count / total, None, inherited=True)
        for name, count in spoken.most_common(1)
        if count >= _SPOKEN
    ]


def _neighbours(scene: Scene, index: int) -> list[tuple[int, float]]:
    """Sentences whose triggers still reach the sentence `index`, with the share of weight that they keep."""
    found = [(index - 1, _EARLIER)] if index > 0 else []
    above = scene.heading_above(index)
    if above is not None:
        found.append((above, _HEADING))
    if above != 0:
        found.append((0, _HEADING * 0.8))
    return found
