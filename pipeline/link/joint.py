"""Parties that stand together in an enumeration, under one name ("Xpeng G3 et G3i")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.language.link_words import LinkWords
from pipeline.link.party import PartyMention, family
from pipeline.link.scene import Scene

_GAP = 3  # words that may stand between two members of an enumeration


def joined(scene: Scene, words: LinkWords, party: PartyMention, local: Sequence[PartyMention]) -> PartyMention:
    """The party under the joint name of those of its kind in its sentence (`local`, by offset) that share its place
    in an enumeration; the party itself where it stands alone or is not named."""
    row = [p for p in local if family(p.kind) == family(party.kind) and not p.anaphor]
    at = next((i for i, p in enumerate(row) if p.span == party.span), None)
    if at is None or party.anaphor:
        return party
    first = last = at
    while first > 0 and _coordinated(scene, words, row[first - 1], row[first]):
        first -= 1
    while last + 1 < len(row) and _coordinated(scene, words, row[last], row[last + 1]):
        last += 1
    members = row[first : last + 1]
    if len({p.name for p in members}) < 2 or not _has_conjunction(scene, words, members):
        return party
    span = scene.doc.span(members[0].span.start, members[-1].span.end)
    return replace(party, name=_name(members, words), span=span)


def _coordinated(scene: Scene, words: LinkWords, a: PartyMention, b: PartyMention) -> bool:
    gap = scene.between(a.span, b.span).replace("'", "' ").replace(",", " , ").split()
    allowed = words.conjunctions | words.determiners | words.genitives | {","}
    linked = any(w in words.conjunctions or w == "," for w in gap)
    return linked and len(gap) <= _GAP and all(w in allowed for w in gap)


def _has_conjunction(scene: Scene, words: LinkWords, row: Sequence[PartyMention]) -> bool:
    gaps = (scene.between(a.span, b.span).split() for a, b in pairwise(row))
    return any(word in words.conjunctions for gap in gaps for word in gap)


def _name(row: Sequence[PartyMention], words: LinkWords) -> str:
    """The names in a row; the brand that the first one carries is left out of the others."""
    brand = f"{row[0].parent} " if row[0].parent else ""
    names = [row[0].name, *(party.name.removeprefix(brand) for party in row[1:])]
    return f"{', '.join(names[:-1])} {words.joiner} {names[-1]}"
