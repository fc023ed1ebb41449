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
    if party.anaphor:
        return party
    # A model may have been taken for its maker: then its neighbours are of another kind.
    named = [p for p in local if not p.anaphor and family(p.kind) is family(party.kind)]
    rows = enumerations(scene, words, named)
    members = next((row for row in rows if any(p.span == party.span for p in row)), [party])
    if len({p.name for p in members}) < 2:
        return party
    span = scene.doc.span(members[0].span.start, members[-1].span.end)
    return replace(party, name=_name(members, words), span=span)


def enumerations(scene: Scene, words: LinkWords, local: Sequence[PartyMention]) -> list[list[PartyMention]]:
    """The enumerations of a sentence: parties of one kind joined by commas and, before the last, a conjunction.

    A comma behind the conjunction closes an enumeration ("face à la 208 et la Clio, la MG4 …").
    """
    rows: list[list[PartyMention]] = []
    row: list[PartyMention] = []
    for a, b in pairwise(local):
        link = _link(scene, words, a, b)
        row = row or [a]
        if link is not None:
            row.append(b)
        if link is None or link:
            # What commas alone join may be anything.
            rows += [row] if link else []
            row = []
    return rows


def _link(scene: Scene, words: LinkWords, a: PartyMention, b: PartyMention) -> bool | None:
    """Whether what joins two parties is a conjunction (True) or a comma (False); None where they are not joined."""
    if family(a.kind) is not family(b.kind):
        return None
    gap = scene.between(a.span, b.span).replace("'", "' ").replace(",", " , ").split()
    allowed = words.conjunctions | words.determiners | words.genitives | {","}
    if not gap or len(gap) > _GAP or not allowed.issuperset(gap):
        return None
    return True if not words.conjunctions.isdisjoint(gap) else False if "," in gap else None


def _name(row: Sequence[PartyMention], words: LinkWords) -> str:
    """The names in a row; the brand that the first one carries is left out of the others."""
    brand = f"{row[0].parent} " if row[0].parent else ""
    names = [row[0].name, *(party.name.removeprefix(brand) for party in row[1:])]
    return f"{', '.join(names[:-1])} {words.joiner} {names[-1]}"
