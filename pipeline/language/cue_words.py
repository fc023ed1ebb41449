"""The [[cue]] blocks of a pack: words and phrases that carry meaning for the linker, with their examples."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, field_validator

from pipeline.language.base import Section
from pipeline.language.patterns import PhraseIndex, compile_phrase

ASIDE = "aside"
Category = Literal[
    "trigger",  # value: a fact type
    "modality",  # value: a modality
    "polarity",  # value: a polarity
    "source",  # value: where the source stands, "after" or "before" the cue, or "self"
    "basis",  # value: the canonical word
    "previous",  # value: "figure" before an old figure, "base" before a base of comparison
    "rival",  # value: "after": the party behind it is compared with, not spoken of
    "anaphor",  # value: the kinds it can stand for, separated by |
    "role",  # value: a noun before or after a name that says its kind
    "segment",  # value: the canonical basis of a market segment, or "market" for one without
    "rate",  # value: an ISO 8601 duration
    "clause",  # value: weight of the clause boundary
    "guard",  # value: what a figure nearby is, instead of a fact
    "metric",  # value: a fact type that grows or is ranked
    "event",  # value: the fact type of an event; `voice` and `also` see `link.event_roles`
    "product",  # value: "any"; a noun phrase that stands for a product without a name
    "title",  # value: the title of a post in its plain form
    "marker",  # value: "by" before the agent of an event, "to" before its receiver
    # value: "before" a phrase that states nothing, "idiom" over one that does not mean what it says, "other" between
    # a phrase and a party it is not about, "denial" and "late" as in `link.event_times`
    "void",
    "when",  # value: "last"; takes up the date that was named last ("à la même date")
    "aside",  # value: "adverb"; may stand anywhere in the phrase of an event
    "limit",  # value: "time" or "span" (from day to day); a limit of time that makes an end a pause
]


class Cue(Section):
    """Patterns (see `language.patterns`) that mean the same.

    `examples` are texts in which a pattern is found, `counters` texts in which none is; tests run them.
    `sign` is -1 where the figure is to be negative; `weight` scales the evidence, 1 for a plain word of the type.
    `side` says where the figure or party stands that the cue speaks of ("left", "right", "both").
    """

    category: Category
    value: str = Field(min_length=1)
    patterns: tuple[str, ...] = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=1)
    counters: tuple[str, ...] = ()
    sign: Literal[-1, 1] | None = None
    weight: float = Field(default=1.0, gt=0, le=3)
    side: Literal["left", "right", "both"] = "both"
    attributes: dict[str, str] = Field(default_factory=dict)

    @field_validator("patterns")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            compile_phrase(pattern)
        return patterns

    @cached_property
    def payload(self) -> tuple[tuple[str, str], ...]:
        """What a mention of this cue carries along, as sorted pairs."""
        extra = dict(self.attributes)
        if self.sign is not None:
            extra["sign"] = str(self.sign)
        if self.weight != 1.0:
            extra["weight"] = str(self.weight)
        if self.side != "both":
            extra["side"] = self.side
        return tuple(sorted(extra.items()))


class CueTable:
    """All cues of a pack, compiled into one index, and those of events into one of their own."""

    def __init__(self, cues: tuple[Cue, ...]) -> None:
        self.cues = cues
        phrases = [compile_phrase(p, i) for i, cue in enumerate(cues) for p in cue.patterns]
        self.index = PhraseIndex(phrases)
        # Hits compete with those of their sort: of one category, of figures of the same dimensions.
        self.sorts = [(cue.category, cue.attributes.get("dimensions")) for cue in cues]
        # By which mentions of one place are in order: category and value.
        order = sorted({(cue.category, cue.value) for cue in cues})
        self.ranks = [order.index((cue.category, cue.value)) for cue in cues]
        # What traces call a pattern, by its cue and source.
        self.rules = {(p.payload, p.source): _rule(cues[p.payload], p.source) for p in phrases}
        self.events = PhraseIndex(p for p in phrases if cues[p.payload].category == "event")


def _rule(cue: Cue, pattern: str) -> str:
    return f"{cue.category}:{cue.value}:{pattern}"
