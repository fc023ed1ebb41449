"""How sure: modality and polarity from the cues of the clause, checked against the period."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.link.scene import Scene
from pipeline.schema import CueMention, Kind, Modality, Period, Polarity, Published, Span

_HALF_WAY = 7.0
_ACTS = "acts"  # scope of a cue that plans what is done, not how a thing is ("promet 410 km")
_STATE_REACH = 4.0
_ALL = tuple(Modality)
_SETTLED = 0.22  # score that a cue needs to count


def modality(
    scene: Scene,
    anchors: Sequence[Span],
    index: int,
    period: Period | None,
    subject: Kind | None,
    state: bool = False,
) -> Modality:
    """The modality of the statement at `anchors` in sentence `index`.

    Cues of the sentence count by nearness; a period that begins after publication is never `actual`, and a future
    without any cue is the plan of an actor or, of a market, a forecast. Of a `state` (a property that holds) only a
    cue right before the figure counts.
    """
    scores = dict.fromkeys(_ALL, 0.0)
    sentence = scene.sentence(index)
    for cue in scene.cues_in("modality", sentence.start, sentence.end):
        if state and (cue.attribute("scope") == _ACTS or not _right_before(scene, cue, anchors[0])):
            continue
        scores[Modality(cue.value)] = max(scores[Modality(cue.value)], _force(scene, cue, anchors))
    future = _is_future(period, scene.published)
    if future is False and period is not None and scores[Modality.SPECULATED] < 2 * _SETTLED:
        scores[Modality.PLANNED] *= 0.5
        scores[Modality.FORECAST] *= 0.6
    best = max(
        (Modality.SPECULATED, Modality.FORECAST, Modality.PLANNED), key=lambda m: (scores[m], m is Modality.PLANNED)
    )
    if scores[best] >= _SETTLED and scores[best] > scores[Modality.ACTUAL]:
        if best is Modality.PLANNED and subject in (Kind.MARKET, Kind.PLACE):
            return Modality.FORECAST
        return best
    if future:
        return Modality.FORECAST if subject in (Kind.MARKET, Kind.PLACE) else Modality.PLANNED
    return Modality.ACTUAL


def _right_before(scene: Scene, cue: CueMention, figure: Span) -> bool:
    return cue.span.start < figure.start and scene.distance(cue.span, figure) <= _STATE_REACH


def _force(scene: Scene, cue: CueMention, anchors: Sequence[Span]) -> float:
    nearest = min(scene.distance(cue.span, a) for a in anchors)
    force = float(cue.attribute("weight") or 1.0) / (1.0 + nearest / _HALF_WAY)
    return force if cue.span.start < anchors[0].start else 0.6 * force


def _is_future(period: Period | None, published: Published | None) -> bool | None:
    """Whether the period lies ahead of publication (True) or behind it (False); None where it is running or
    unknown."""
    if period is None or published is None:
        return None
    if period.start and period.start > published.last:
        return True
    if period.end and period.end < published.first:
        return False
    return True if period.start is None and period.end else None


def polarity(scene: Scene, anchors: Sequence[Span], index: int) -> Polarity:
    """`negative` where a denial stands in the clause of the statement."""
    sentence = scene.sentence(index)
    for cue in scene.cues_in("polarity", sentence.start, sentence.end):
        if min(scene.distance(cue.span, a) for a in anchors) <= 6:
            return Polarity(cue.value)
    return Polarity.POSITIVE
