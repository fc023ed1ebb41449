"""A party chosen for a role, and how well a party fits the kinds that a type admits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from pipeline.link.party import MAKERS, PartyMention, family
from pipeline.schema import Kind

PERSON = 0.54  # taken from a person who stands for a company
_PREFERENCE_STEP = 0.12  # by rank in the type's list of kinds
_MARKET_STEP = 0.11  # the same where a market may be the subject


class Choice(NamedTuple):
    """A party chosen for a role, with the score of its reasons. `alone` bars a joint name."""

    party: PartyMention
    score: float
    alone: bool = False


def same_house(subject: PartyMention, model: PartyMention) -> bool:
    """Whether the model is of the maker `subject`, or of a brand or group whose name holds it."""
    return model.parent is not None and (model.parent in subject.name or subject.name in model.parent)


def fits(party: PartyMention, kinds: Sequence[Kind]) -> bool:
    """Whether the party, or the company that it stands for, is of one of `kinds`."""
    if party.kind in kinds:
        return True
    stands_in = party.kind in (Kind.PERSON, Kind.MODEL) and party.parent is not None
    return stands_in and not MAKERS.isdisjoint(kinds)


def as_kind(party: PartyMention, kinds: Sequence[Kind]) -> PartyMention:
    """A person or a model stands for its company where the statement is a company's."""
    if party.kind in kinds or party.parent is None:
        return party
    return replace(party, name=party.parent, kind=Kind.COMPANY, parent=None, classes=())


def preference(party: PartyMention, kinds: Sequence[Kind]) -> float:
    """What the rank of the party's kind among `kinds` tells: 0 for the first, less for each further one."""
    order = _order(tuple(kinds))
    own = family(party.kind)
    if own not in order:
        return -0.35
    step = _MARKET_STEP if Kind.MARKET in order else _PREFERENCE_STEP
    return -step * order.index(own)


@lru_cache(maxsize=256)
def _order(kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """The families of `kinds`, each once; few types differ in them."""
    return tuple(dict.fromkeys(family(kind) for kind in kinds))
