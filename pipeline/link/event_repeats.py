"""One event told several times: its tellings are made alike, so that validation merges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.link.candidate import Candidate
from pipeline.schema import Modality


def unify(events: Sequence[Candidate]) -> list[Candidate]:
    """`events` with each telling that lacks a slot given those of a fuller telling of the same event."""
    order = sorted(events, key=lambda e: (-_fullness(e), e.anchor.start))
    leaders: list[Candidate] = []
    found: list[Candidate] = []
    for event in order:
        leader = next((other for other in leaders if _same(event, other)), None)
        if leader is None:
            leaders.append(event)
            found.append(event)
        else:
            found.append(_like(event, leader))
    return found


def without_counted(events: Sequence[Candidate], figures: Sequence[Candidate]) -> list[Candidate]:
    """`events` less those that a figure states too ("three plants closed")."""
    return [e for e in events if not any(_counted(e, f) for f in figures)]


def _counted(event: Candidate, figure: Candidate) -> bool:
    if event.type != figure.type or figure.quantity is None:
        return False
    return event.sentence == figure.sentence or (
        _name(event) == _name(figure) and event.period is None and event.object is None and event.place is None
    )


def _fullness(event: Candidate) -> int:
    slots = (event.period, event.object, event.place)
    return 4 * sum(slot is not None for slot in slots) + 2 * (not event.heading) + bool(event.basis)


def _same(event: Candidate, leader: Candidate) -> bool:
    if (event.type, _name(event), event.polarity) != (leader.type, _name(leader), leader.polarity):
        return False
    if not _compatible(_object(event), _object(leader)):
        return False
    if not _compatible(event.period and event.period.value, leader.period and leader.period.value):
        return False
    if not _compatible(event.place and event.place.name, leader.place and leader.place.name):
        return False
    if event.modality is leader.modality:
        return True
    # The announcement of what is to come names the act without its time.
    nominal = event.trigger is not None and event.trigger.attribute("voice") == "noun"
    return event.period is None and (nominal or event.heading) and event.modality is Modality.ACTUAL


def _like(event: Candidate, leader: Candidate) -> Candidate:
    return replace(
        event,
        object=leader.object,
        period=leader.period,
        place=leader.place,
        modality=leader.modality,
        basis=leader.basis,
    )


def _compatible(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a == b


def _name(event: Candidate) -> str | None:
    return event.subject.name if event.subject else None


def _object(event: Candidate) -> str | None:
    return event.object.name if event.object else None
