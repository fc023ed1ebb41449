"""Names that a model found and no rule knows, put among the mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.encoder.question import FoundName
from pipeline.schema import EntityMention, Kind, Mentions, Span

SURE = 0.9  # probability from which a name is believed by default
_KINDS = {"ORG": Kind.COMPANY, "MODEL": Kind.MODEL, "PERSON": Kind.PERSON, "PLACE": Kind.PLACE}


def with_names(mentions: Mentions, found: Sequence[FoundName], least: float = SURE) -> Mentions:
    """`mentions` with the names of a probability of `least` or more as unknown entities. What the rules have read
    stands: a name that touches one of their entities, figures or dates is left out."""
    known = (mentions.entities, mentions.quantities, mentions.dates, mentions.numbers)
    taken: list[Span] = [each.span for kind in known for each in kind]
    added: list[EntityMention] = []
    for name in sorted(found, key=lambda each: (-each.score, each.span.start)):
        if name.score >= least and name.span.text[0].isupper() and not _touches(name.span, taken):
            added.append(EntityMention(name.span, name.span.text, _KINDS[name.label], known=False))
            taken.append(name.span)
    if not added:
        return mentions
    entities = sorted((*mentions.entities, *added), key=lambda each: (each.span.start, each.span.end))
    return replace(mentions, entities=tuple(entities))


def _touches(span: Span, taken: Sequence[Span]) -> bool:
    return any(span.overlaps(other) for other in taken)
