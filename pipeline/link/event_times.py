"""When an event takes place, and how sure the text is of it."""

from __future__ import annotations

import datetime as dt

from pipeline.link.bench import Bench
from pipeline.link.periods import to_period
from pipeline.link.scene import Scene, within
from pipeline.schema import CueMention, DateMention, Modality, Period, Polarity, Published

_REACH = 16.0  # distance beyond which a date no longer dates the event
_TOLD = dt.timedelta(days=7)  # dates no longer than this often date the telling of an event, not the event
_CHAIN = 4  # words between an auxiliary and the phrase that it governs
_BEHIND = 6  # the same behind a noun ("the launch is planned for")


def event_period(bench: Bench, cue: CueMention, index: int) -> Period | None:
    """The period of the event at `cue`: the nearest date of its sentence that does not date the telling of it."""
    scene = bench.scene
    sentence = scene.sentence(index)
    best: tuple[float, int] | None = None
    chosen: DateMention | None = None
    for date in within(bench.periods.dates, sentence.start, sentence.end):
        cost = scene.distance(date.span, cue.span)
        key = (cost, date.span.start)
        if cost > _REACH or (best is not None and key >= best) or _dates_telling(scene, date, cue):
            continue
        if _dates_other(scene, date, cue):
            continue
        best, chosen = key, date
    return to_period(chosen) if chosen else None


def _dates_telling(scene: Scene, date: DateMention, event: CueMention) -> bool:
    """Whether a verb of saying stands nearer to a short date than the event does."""
    if date.start is None or date.end is None or date.end - date.start > _TOLD:
        return False
    sentence = scene.sentence(scene.sentence_index(date.span.start))
    nearest = scene.distance(date.span, event.span)
    for cue in scene.cues_in("source", sentence.start, sentence.end):
        if cue.value == "before" and not cue.span.overlaps(event.span):
            if scene.distance(date.span, cue.span) < nearest:
                return True
    return False


def _dates_other(scene: Scene, date: DateMention, event: CueMention) -> bool:
    """Whether another event, on the other side of the date or of the same side, holds the date more tightly."""
    sentence = scene.sentence(scene.sentence_index(date.span.start))
    ours = scene.distance(date.span, event.span)
    return ours > 3 and any(
        scene.distance(date.span, cue.span) < ours / 2
        for cue in scene.cues_in("event", sentence.start, sentence.end)
        if cue.span != event.span
    )


def event_modality(scene: Scene, cue: CueMention, index: int, period: Period | None) -> Modality:
    """The modality of the event at `cue`, from its own tense and the auxiliaries that govern it, then its period.

    What others expect of an actor counts as its plan; a conditional that reports what the actor said does too.
    """
    nearest: tuple[float, int] | None = None
    spoken = Modality.ACTUAL
    sentence = scene.sentence(index)
    for other in scene.cues_in("modality", sentence.start, sentence.end):
        distance = _government(scene, other, cue)
        key = (distance, int(other.value == Modality.ACTUAL)) if distance is not None else None
        if key is not None and (nearest is None or key < nearest):
            nearest, spoken = key, Modality(other.value)
    if spoken is Modality.SPECULATED:
        return Modality.PLANNED if _reported(scene, cue, sentence.start) else spoken
    ahead = _lies_ahead(period, scene.published)
    if ahead or spoken is Modality.FORECAST:
        return Modality.PLANNED
    if ahead is False and nearest is not None and nearest[0] > 0:
        return Modality.ACTUAL
    return spoken


def _government(scene: Scene, modal: CueMention, event: CueMention) -> float | None:
    """How closely a modality cue governs the event phrase; None where it does not."""
    if modal.span.overlaps(event.span):
        return 0.0
    if scene.crossing(modal.span, event.span) > 0:
        return None
    words = scene.words_between(modal.span, event.span)
    if modal.span.start < event.span.start:
        return words + 0.5 if words <= _CHAIN else None
    nominal = event.attribute("voice") == "noun"
    return words + 1.5 if nominal and words <= _BEHIND else None


def _reported(scene: Scene, event: CueMention, start: int) -> bool:
    """Whether a verb of saying governs the conditional of the event ("announced that it would")."""
    told = [
        c
        for c in scene.cues_in("source", start, event.span.start)
        if c.value == "before" and c.span.end < event.span.start
    ]
    return any(scene.crossing(c.span, event.span) < 2 for c in told)


def _lies_ahead(period: Period | None, published: Published | None) -> bool | None:
    if period is None or published is None:
        return None
    if period.start:
        return period.start > published.last
    return bool(period.end and period.end > published.last)


def denied(scene: Scene, event: CueMention, index: int) -> Polarity:
    """`negative` where a denial governs the event phrase or stands right behind it."""
    sentence = scene.sentence(index)
    for cue in scene.cues_in("polarity", sentence.start, sentence.end):
        if cue.span.overlaps(event.span):
            return Polarity(cue.value)
        ahead = cue.span.start < event.span.start
        if scene.crossing(cue.span, event.span) <= 1 and scene.words_between(cue.span, event.span) <= (
            _BEHIND if ahead else _CHAIN
        ):
            return Polarity(cue.value)
    return Polarity.POSITIVE
