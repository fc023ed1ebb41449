"""The choices for each part of a statement as rules and encoder see them: options with their features."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.encoder.question import NOBODY, Opinion, Slot
from pipeline.link.asking import Asking, namer
from pipeline.link.candidate import Candidate
from pipeline.link.party import PartyMention
from pipeline.ontology import FactType
from pipeline.schema import Modality

KEPT = -2
"""The filler that the rules chose, whatever it is."""
TYPE, MODALITY = "type", "modality"
Namer = Callable[[int], object | None]
PARTS = (TYPE, MODALITY, *Slot)
_FLOOR = -8.0  # logarithm of a probability so small that it is as good as none
_SURE = 1.6  # score of a subject above which more makes no difference


class Option(NamedTuple):
    """One of several options, and what speaks for it: `encoder` the logarithm of its probability, the others marks of
    the rules. A value is a type, a modality, or the index of a target, KEPT or NOBODY."""

    value: str | int
    features: dict[str, float]


def type_options(opinion: Opinion, candidate: Candidate | None) -> list[Option]:
    """The types that a figure may have, "" among them."""
    rules = candidate.type if candidate else ""
    strength = min(candidate.strength, _SURE) if candidate else 0.0
    return [
        Option(name, _features(log, name == rules, {"strength": strength if name else 0.0, "nothing": not name}))
        for name, log in opinion.types.items()
    ]


def modality_options(opinion: Opinion, candidate: Candidate) -> list[Option]:
    """How sure the text may be."""
    return [
        Option(each.value, _features(log, each is candidate.modality, {"actual": each is Modality.ACTUAL}))
        for each, log in opinion.modality.items()
    ]


def slot_options(opinion: Opinion, candidate: Candidate, slot: Slot, name: Namer) -> list[Option]:
    """What may fill a slot: the rules' own choice, nobody, and each other party, date, place or figure once, at the
    place that the encoder likes best; `name` tells who they are (`asking.namer`)."""
    chosen = getattr(candidate, slot.value)
    logs: dict[object, list[tuple[float, int]]] = {}
    for target, log in opinion.links.get(slot, {}).items():
        who = name(target) if target != NOBODY else None
        if who is not None:
            logs.setdefault(who, []).append((log, target))
    own = logs.pop(identity_of(candidate, slot), []) if chosen is not None else []
    weak = slot is Slot.SUBJECT and chosen is not None
    marks = {"score": min(candidate.subject_score, _SURE) if weak else 0.0, "anaphor": weak and _is_anaphor(chosen)}
    none = opinion.links.get(slot, {}).get(NOBODY, _FLOOR)
    found = [Option(NOBODY, _features(none, chosen is None, {"nobody": 1.0}))]
    if chosen is not None:
        found.append(Option(KEPT, _features(_sum(own), True, marks)))
    found += [Option(max(group)[1], _features(_sum(group), False, {})) for group in logs.values()]
    return found


def identity_of(candidate: Candidate, slot: Slot) -> object:
    """What fills a slot of a candidate, as a namer names it."""
    chosen = getattr(candidate, slot.value)
    if slot is Slot.PERIOD:
        return chosen.value, chosen.mod
    return chosen.span if slot is Slot.PREVIOUS else chosen.name


def learned(opinion: Opinion, asked: Asking, candidate: Candidate, row: FactType) -> dict[str, float]:
    """What the encoder thinks of a candidate, as probabilities by name: features for scorers and rankers."""
    found = {
        "encoder:type": math.exp(opinion.types.get(candidate.type, _FLOOR)),
        "encoder:nothing": math.exp(opinion.types.get("", _FLOOR)),
        "encoder:modality": math.exp(opinion.modality[candidate.modality]),
    }
    for slot in (Slot.SUBJECT, Slot.PERIOD):
        found[f"encoder:{slot}"] = math.exp(likelihood(opinion, candidate, slot, namer(asked, slot, row)))
    return found


def likelihood(opinion: Opinion, candidate: Candidate, slot: Slot, name: Namer) -> float:
    """The logarithm of the probability that the encoder gives to what fills a slot of a candidate."""
    links = opinion.links.get(slot, {})
    if getattr(candidate, slot.value) is None:
        return links.get(NOBODY, _FLOOR)
    wanted = identity_of(candidate, slot)
    return _sum([(log, target) for target, log in links.items() if target != NOBODY and name(target) == wanted])


def _features(log: float, rules: bool, marks: dict[str, float]) -> dict[str, float]:
    found = {"encoder": max(log, _FLOOR), "rules": float(rules)}
    if rules:
        found |= {f"rules:{name}": float(value) for name, value in marks.items() if value}
    elif "nobody" in marks or marks.get("nothing"):
        found["empty"] = 1.0
    return found


def _sum(logs: Sequence[tuple[float, int]]) -> float:
    """The logarithm of the sum of probabilities."""
    return math.log(max(math.fsum(math.exp(log) for log, _ in logs), math.exp(_FLOOR)))


def _is_anaphor(chosen: object) -> bool:
    return isinstance(chosen, PartyMention) and chosen.anaphor
