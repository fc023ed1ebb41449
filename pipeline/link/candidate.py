"""What the linker hands to validation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from pipeline.link.party import PartyMention
from pipeline.schema import (
    CueMention,
    Modality,
    Period,
    Place,
    Polarity,
    QuantityMention,
    Source,
    Span,
)


class Candidate(NamedTuple):
    """A statement with its slots filled, before it is checked against the contract.

    `strength` is the evidence for the type, `subject_score` that for the subject; `reasons` say which rules spoke.
    `learned` is what the encoder, where it was asked, thinks of it, as named probabilities. `evidence` holds the
    features of the scorer, these among them, once validation has weighed the candidate.
    """

    type: str
    sentence: Span
    anchor: Span
    strength: float
    subject_score: float
    subject: PartyMention | None
    modality: Modality
    polarity: Polarity
    quantity: QuantityMention | None = None
    previous: QuantityMention | None = None
    sign: int = 1
    per: str | None = None
    object: PartyMention | None = None
    metric: str | None = None
    period: Period | None = None
    place: Place | None = None
    source: Source | None = None
    basis: tuple[str, ...] = ()
    trigger: CueMention | None = None
    heading: bool = False
    reasons: tuple[str, ...] = ()
    learned: Mapping[str, float] = MappingProxyType({})
    evidence: Mapping[str, float] = MappingProxyType({})
