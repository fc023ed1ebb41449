"""Which figure a change or a rank is of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.link.bench import Bench
from pipeline.link.candidate import Candidate
from pipeline.link.propose import weight
from pipeline.link.scene import within
from pipeline.ontology import FactType
from pipeline.schema import CueMention, Kind, QuantityMention, Span

_NEAR = 5  # words between a figure and the bracket that says how it changed
_OPENERS = frozenset("(;")
_PERCENT = "percent"


def metric(
    bench: Bench,
    row: FactType,
    quantity: QuantityMention,
    anchors: Sequence[Span],
    index: int,
    before: Candidate | None,
) -> str | None:
    """The type of the figure that changed or is ranked, None for types that are of no other figure.

    It is that of the figure `before` behind which this one stands in brackets, else that of the nearest trigger of
    sentence `index`; where only a word of markets stands there, or nothing, the volume of which the article speaks
    most.
    """
    if row.metric is None:
        return None
    if before is not None and says_change_of(bench, before, quantity):
        return before.metric or before.type
    if quantity.noun in bench.knowledge.pack.link.points:
        shares = [cue for cue in _spoken(bench, index) if _is_share(bench, cue.value)]
        if shares:
            return _nearest(bench, shares, anchors)
    volume = _spoken_volume(bench)
    for other in dict.fromkeys((index, max(index - 1, 0))):
        cues = [
            cue
            for cue in _spoken(bench, other)
            if _measurable(bench, cue.value) and weight(cue) >= 1 and not cue.attribute("dimensions")
            and (other == index or cue.value == volume)
        ]
        if cues:
            return _nearest(bench, cues, anchors)
    return volume or row.metric


def says_change_of(bench: Bench, before: Candidate, quantity: QuantityMention) -> bool:
    """A bracket or semicolon soon behind the figure `before` opens on this one, and no other word for a figure and no
    other party stands in between ("un bénéfice de 253 millions au troisième trimestre (-15 %)")."""
    earlier, figure, scene = before.quantity, quantity.span, bench.scene
    if earlier is None or earlier.span.end > figure.start or scene.before(figure, 2).strip()[-1:] not in _OPENERS:
        return False
    if not bench.knowledge.ontology.types[before.metric or before.type].inherits_period:
        return False
    start, end = earlier.span.end, figure.start
    others = (c for c in scene.cues_in("trigger", start, end) if c.value != before.type)
    told = (c for c in others if _measurable(bench, c.value))
    whole = bench.knowledge.ontology.types[before.type].of_whole
    named = (p for p in within(bench.parties, start, end) if not (whole and p.kind is Kind.MARKET))
    near = scene.words_between(earlier.span, figure) <= _NEAR
    return near and next(told, None) is None and next(named, None) is None


def _spoken(bench: Bench, index: int) -> Sequence[CueMention]:
    sentence = bench.scene.sentence(index)
    return bench.scene.cues_in("trigger", sentence.start, sentence.end)


def _nearest(bench: Bench, cues: Sequence[CueMention], anchors: Sequence[Span]) -> str:
    scene = bench.scene
    return min(cues, key=lambda c: (min(scene.distance(c.span, a) for a in anchors), c.span.start)).value


def _spoken_volume(bench: Bench) -> str | None:
    """The volume of which the article speaks most."""
    counted = bench.knowledge.units.dimension(bench.knowledge.pack.link.counted)
    spoken = Counter[str]()
    for cue, count in bench.scene.trigger_counts:
        row = bench.knowledge.ontology.types[cue.value]
        if counted in row.dimensions and _measurable(bench, cue.value) and weight(cue) >= 1:
            spoken[cue.value] += count
    return next((name for name, _ in spoken.most_common(1)), None)


def _measurable(bench: Bench, name: str) -> bool:
    row = bench.knowledge.ontology.types[name]
    return row.inherits_period and row.metric is None and not row.of_whole


def _is_share(bench: Bench, name: str) -> bool:
    """Whether the figures of the type are percentages that a change is told of in points."""
    row = bench.knowledge.ontology.types[name]
    return row.inherits_period and row.metric is None and _PERCENT in row.dimensions
