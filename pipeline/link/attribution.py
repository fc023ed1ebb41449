"""Parties that a text compares with another, or credits with what it says."""

from __future__ import annotations

from pipeline.link.party import PartyMention
from pipeline.link.scene import Scene

_SAID = 2  # words between a word of saying and the party that it credits
_CREDIT = 60  # characters before a party in which such a word is sought
_ASIDE = 2  # characters between a party and what sets it off, or its word of saying
_SET_OFF = (",", '"', "”")
_ENDS = frozenset((".", ",", ""))


def rival_before(scene: Scene, party: PartyMention) -> bool:
    """A word of comparison stands right before the party ("devant Tesla")."""
    start = party.span.start
    opening = scene.sentence(party.sentence).start
    for cue in scene.cues_in("rival", max(start - 40, opening), start):
        if cue.span.end <= start and scene.words_between(cue.span, party.span) <= 2:
            return True
    return False


def credited(scene: Scene, party: PartyMention) -> bool:
    """A word of saying right before the party makes it the source of the statement ("selon Tesla"), and one behind it
    with which the clause ends (", Tesla said.")."""
    start = party.span.start
    if scene.before(party.span, _ASIDE).rstrip().endswith(_SET_OFF):
        behind = scene.cues_in("source", party.span.end, party.span.end + _ASIDE)
        if any(c.value == "before" and scene.after(c.span, 1) in _ENDS for c in behind):
            return True
    for cue in scene.cues_in("source", max(start - _CREDIT, scene.sentence(party.sentence).start), start):
        within_words = int(cue.attribute("agent") or _SAID)
        before = cue.value == "after" and cue.span.end <= start
        near = before and scene.words_between(cue.span, party.span) <= within_words
        if near and scene.crossing(cue.span, party.span) == 0:
            return True
    return False
