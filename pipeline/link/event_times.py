"""When an event takes place, and how sure the text is of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from pipeline.link.bench import Bench
from pipeline.link.period_features import is_day
from pipeline.link.periods import to_period
from pipeline.link.scene import Scene, within
from pipeline.schema import CueMention, DateMention, Mod, Modality, Period, Polarity, Published, Span

_REACH = 24.0  # distance beyond which a date no longer dates the event
_DAY_REACH = 14.0  # the same for a single day
_TIGHT = 3.0  # distance within which no other event disputes the date
_OWN = 2  # words between an event and a date behind a participle that is the event itself
_TOLD = dt.timedelta(days=31)  # dates no longer than this often date the telling of an event, not the event
_CHAIN = 4  # words between an auxiliary and the phrase that it governs
_BEHIND = 6  # the same behind a noun ("the launch is planned for")
_COMPARED = "compared"  # scope of a cue that compares with a plan ("earlier than planned") and tells nothing of the act


def event_period(bench: Bench, anchors: Sequence[Span], index: int, told: bool = False) -> Period | None:
    """The period of the event at `anchors` (its phrase first, then its object): the nearest date of the sentence that
    dates neither the telling of the event (unless it happens as it is `told`: a signing) nor another event."""
    scene = bench.scene
    sentence = scene.sentence(index)
    best: tuple[float, int] | None = None
    chosen: DateMention | None = None
    to_come = _is_to_come(scene, anchors[0])
    for date in within(bench.periods.dates, sentence.start, sentence.end):
        cost = min(scene.distance(date.span, a) for a in anchors)
        key = (cost, date.span.start)
        reach = _DAY_REACH if date.start is not None and date.start == date.end else _REACH
        if cost > reach or (best is not None and key >= best) or (to_come and _goes_on(scene, date)):
            continue
        telling = not told and _dates_telling(scene, date, anchors[0], cost)
        # The day of an announcement is that of many an event.
        behind = not is_day(date) and anchors[0].end <= date.span.start
        behind = behind and scene.words_between(anchors[0], date.span) > _OWN
        elsewhere = behind and bench.periods.takes(date)
        if not telling and not elsewhere and not _dates_other(scene, date, anchors[0], cost):
            best, chosen = key, date
    if chosen is not None:
        chosen = _until(chosen, within(bench.periods.dates, chosen.span.end, sentence.end))
    chosen = chosen or bench.periods.taken_up(anchors, index)
    return to_period(chosen) if chosen else None


def _until(date: DateMention, following: Sequence[DateMention]) -> DateMention:
    """`date` up to the limit that follows it in the sentence, where it gives a start only ("from Monday until 1 July").
    """
    if date.start is None or date.end is not None or not following:
        return date
    end, value = following[0].end, following[0].value
    if following[0].start is not None or end is None or end <= date.start or not (date.value and value):
        return date
    return replace(date, value=f"{date.value}/{value}", mod=None, end=end)


def _is_to_come(scene: Scene, event: Span) -> bool:
    """Whether the phrase itself is in the future."""
    own = scene.cues_in("modality", event.start, event.end)
    return any(c.value == Modality.PLANNED for c in own)


def _goes_on(scene: Scene, date: DateMention) -> bool:
    """Whether the date is one since when something has lasted ("in office since 2006")."""
    if scene.published is None or date.start is None or date.end is not None:
        return False
    return date.start < scene.published.first


def _dates_telling(scene: Scene, date: DateMention, event: Span, cost: float) -> bool:
    """Whether a verb of saying stands nearer to a short date of the past than the event does, at `cost`."""
    if date.start is None or date.end is None or date.end - date.start > _TOLD:
        return False
    if scene.published is not None and date.start > scene.published.last:
        return False
    sentence = scene.sentence(scene.sentence_index(date.span.start))
    return any(
        c.value == "before"
        and not c.span.overlaps(event)
        and (scene.distance(date.span, c.span) < cost or scene.words_between(c.span, date.span) == 0)
        for c in scene.cues_in("source", sentence.start, sentence.end)
    )


def _dates_other(scene: Scene, date: DateMention, event: Span, cost: float) -> bool:
    """Whether another event of the sentence holds the date more tightly: in its own clause, or far nearer."""
    if cost <= _TIGHT:
        return False
    sentence = scene.sentence(scene.sentence_index(date.span.start))
    for cue in scene.cues_in("event", sentence.start, sentence.end):
        if cue.span.overlaps(event):
            continue
        theirs = scene.distance(date.span, cue.span)
        if theirs < cost / 2:
            return True
        if theirs < cost and scene.crossing(date.span, cue.span) == 0 < scene.crossing(date.span, event):
            return True
    return False


def event_modality(scene: Scene, cue: CueMention, index: int, period: Period | None) -> Modality:
    """The modality of the event at `cue`, from its own tense and the auxiliaries that govern it, then its period.

    What others expect of an actor counts as its plan; a conditional that reports what the actor said does too.
    """
    nearest: tuple[float, int] | None = None
    spoken = Modality.ACTUAL
    sentence = scene.sentence(index)
    for other in scene.cues_in("modality", sentence.start, sentence.end):
        if other.attribute("scope") == _COMPARED:
            continue
        distance = _government(scene, other, cue)
        key = (distance, int(other.value == Modality.ACTUAL)) if distance is not None else None
        if key is not None and (nearest is None or key < nearest):
            nearest, spoken = key, Modality(other.value)
    if spoken is Modality.SPECULATED:
        return Modality.PLANNED if _reported(scene, cue, sentence.start) else spoken
    ahead = lies_ahead(period, scene.published)
    if ahead or spoken is Modality.FORECAST:
        return Modality.PLANNED
    if ahead is False and nearest is not None and nearest[0] > 0 and not _is_running(period, scene.published):
        return Modality.ACTUAL
    return spoken


def _is_running(period: Period | None, published: Published | None) -> bool:
    """Whether publication falls into the period, so that what is yet to come in it may still be a plan."""
    if period is None or published is None or period.start is None or period.end is None:
        return False
    return period.start <= published.last < period.end


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


def lies_ahead(period: Period | None, published: Published | None) -> bool | None:
    """Whether the period lies ahead of publication; None where that cannot be told, or where it is running."""
    if period is None or published is None:
        return None
    if period.start and period.start <= published.last and period.end and period.end > published.last:
        return True if period.mod is Mod.END else None
    if period.start:
        return period.start > published.last
    return bool(period.end and period.end > published.last)


def denied(scene: Scene, event: CueMention, index: int) -> Polarity:
    """`negative` where a denial governs the event phrase or stands right behind it; a phrase that `denies` itself
    ("ne sera plus produite": an end) states its event."""
    if event.attribute("denies"):
        return Polarity.POSITIVE
    sentence = scene.sentence(index)
    late = [c for c in scene.cues_in("void", sentence.start, sentence.end) if c.value == "late"]
    denials = [c for c in scene.cues_in("void", sentence.start, sentence.end) if c.value == "denial"]
    denials += [c for c in scene.cues_in("polarity", sentence.start, sentence.end) if c.value == Polarity.NEGATIVE]
    if any(_bears_on(scene, c, event) for c in denials if not any(c.span.overlaps(x.span) for x in late)):
        return Polarity.NEGATIVE
    return Polarity.POSITIVE


def _bears_on(scene: Scene, denial: CueMention, event: CueMention) -> bool:
    if denial.span.overlaps(event.span):
        return True
    reach = _BEHIND if denial.span.start < event.span.start else _CHAIN
    return scene.crossing(denial.span, event.span) == 0 and scene.words_between(denial.span, event.span) <= reach
