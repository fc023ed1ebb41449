"""One event told several times: its tellings are made alike, so that validation merges them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.link.candidate import Candidate
from pipeline.schema import Modality, Period, Place

_STAGES = ({"shown", "sold"},)  # two acts of one type: a product is shown, then put on sale
_PASSIVE = ("theme", "passive")  # voices of a phrase whose subject is what the event happens to
_EFFECT = "effect"  # the stage at which what was decided earlier takes effect; its time is the event's


def unify(events: Sequence[Candidate]) -> list[Candidate]:
    """`events` with the tellings of one event made alike: each slot from the fullest telling that has it."""
    groups: list[list[Candidate]] = []
    rivals: dict[tuple[object, ...], list[list[Candidate]]] = {}
    for event in sorted(events, key=lambda e: (-_fullness(e), e.anchor.start)):
        alike = rivals.setdefault((event.type, _name(event), event.polarity), [])
        group = next((g for g in alike if all(_same(event, other) for other in g)), None)
        if group is None:
            group = []
            groups.append(group)
            alike.append(group)
        group.append(event)
    return [_alike(event, group) for group in groups for event in group]


def without_counted(events: Sequence[Candidate], figures: Sequence[Candidate]) -> list[Candidate]:
    """`events` less those that a figure states too ("three plants closed"), and those whose phrase is only the verb of
    a figure ("605,000 cars will be built")."""
    by_type: dict[str, list[Candidate]] = {}
    by_sentence: dict[int, list[Candidate]] = {}
    for figure in figures:
        by_type.setdefault(figure.type, []).append(figure)
        by_sentence.setdefault(figure.sentence.start, []).append(figure)
    return [
        e
        for e in events
        if not any(_counted(e, f) for f in by_type.get(e.type, ()))
        and not any(_is_its_verb(e, f) for f in by_sentence.get(e.sentence.start, ()))
    ]


def _is_its_verb(event: Candidate, figure: Candidate) -> bool:
    """Whether the phrase of the event is what is said of the things counted: they are its grammatical subject."""
    if event.trigger is None or figure.trigger is None or figure.quantity is None:
        return False
    passive = event.trigger.attribute("voice") in _PASSIVE and figure.quantity.span.end <= event.anchor.start
    return passive and event.anchor.contains(figure.trigger.span)


def with_partners(figures: Sequence[Candidate], events: Sequence[Candidate], mutual: frozenset[str]) -> list[Candidate]:
    """`figures` of the types `mutual` with the two parties of the event that they measure: told by a phrase of the
    sentence, else, where a figure lacks a party, by the last phrase before it."""
    told = [e for e in events if e.type in mutual and e.subject is not None and e.object is not None]
    return [_with_partners(f, [e for e in told if e.type == f.type]) for f in figures] if told else list(figures)


def _with_partners(figure: Candidate, told: Sequence[Candidate]) -> Candidate:
    here = [e for e in told if e.sentence == figure.sentence]
    before = [e for e in told if e.sentence.end <= figure.sentence.start] if figure.object is None else []
    event = here[0] if here else before[-1] if before else None
    return figure._replace(subject=event.subject, object=event.object) if event else figure


def _counted(event: Candidate, figure: Candidate) -> bool:
    if event.type != figure.type or figure.quantity is None:
        return False
    return event.sentence == figure.sentence or (
        _name(event) == _name(figure) and event.period is None and event.object is None and event.place is None
    )


def _fullness(event: Candidate) -> int:
    slots = (event.period, event.object, event.place)
    filled = 4 * sum(slot is not None for slot in slots) + 2 * (not event.heading) + bool(event.basis)
    return filled + 16 * _takes_effect(event)


def _takes_effect(event: Candidate) -> bool:
    return event.period is not None and _stage(event) == _EFFECT


def _same(event: Candidate, leader: Candidate) -> bool:
    """Whether two candidates of one type, subject and polarity tell the same event."""
    if not _one_name(_object(event), _object(leader)) or {_stage(event), _stage(leader)} in _STAGES:
        return False
    if _takes_effect(leader) and not _takes_effect(event):
        return True
    if not _compatible(event.period, leader.period) or not _compatible(event.place, leader.place):
        return False
    if event.modality is leader.modality:
        return True
    # The announcement of what is to come names the act without its time.
    nominal = event.trigger is not None and event.trigger.attribute("voice") == "noun"
    return event.period is None and (nominal or event.heading) and event.modality is Modality.ACTUAL


def _stage(event: Candidate) -> str | None:
    return event.trigger.attribute("stage") if event.trigger else None


def _alike(event: Candidate, group: Sequence[Candidate]) -> Candidate:
    """`event` with the slots that its `group` offers, the fullest telling first."""
    objects = [g.object for g in group if g.object]
    return event._replace(
        object=max(objects, key=lambda o: len(o.name), default=None),
        period=next((g.period for g in group if g.period), None),
        place=next((g.place for g in group if g.place), None),
        modality=group[0].modality,
        basis=next((g.basis for g in group if g.basis), ()),
    )


def _compatible(a: Period | Place | None, b: Period | Place | None) -> bool:
    return a is None or b is None or _key(a) == _key(b)


def _key(slot: Period | Place) -> str:
    return slot.value if isinstance(slot, Period) else slot.name


def _one_name(a: str | None, b: str | None) -> bool:
    """Whether two names can be one: a division carries the name of its house."""
    return a is None or b is None or a.startswith(b) or b.startswith(a)


def _name(event: Candidate) -> str | None:
    return event.subject.name if event.subject else None


def _object(event: Candidate) -> str | None:
    return event.object.name if event.object else None
