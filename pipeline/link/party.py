"""A party at a place of the text: what the stages of linking hand to each other."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema import Kind, Span

MAKERS = frozenset({Kind.COMPANY, Kind.BRAND})
RIVAL = "rival"  # role of a party with which another is compared
COUNTRY = "country"  # class of a place that can stand for its market
WHOLE = ("segment", "market")  # classes of one that is no such part ("voitures neuves")
SEGMENT = "segment"  # class of a market that is a part of the whole; the class behind it names the part
# Organisations that speak about the industry rather than act in it.
_SUPPLIERS = frozenset({"supplier", "battery"})
_SPEAKERS = frozenset({"media", "analyst", "statistics"})
_OBSERVERS = frozenset({"media", "analyst", "bank", "exchange", "statistics", "association", "union"})


@dataclass(frozen=True, slots=True)
class PartyMention:
    """A party at a place of the text. `anaphor` is true where it is not named there.

    `role` says what the place does with it: "actor", "source" (credited), "rival" (compared with).
    """

    span: Span
    name: str
    kind: Kind
    sentence: int
    parent: str | None = None
    country: str | None = None
    classes: tuple[str, ...] = ()
    anaphor: bool = False
    role: str = "actor"

    @property
    def speaker(self) -> bool:
        """Whether it does nothing but tell figures of others: media, analysts, statisticians."""
        return not _SPEAKERS.isdisjoint(self.classes)

    @property
    def observer(self) -> bool:
        """Whether it speaks about the industry: media, analysts, statisticians."""
        return not _OBSERVERS.isdisjoint(self.classes)


def supplies(party: PartyMention) -> bool:
    """Whether the party makes parts of vehicles and no vehicle."""
    return not _SUPPLIERS.isdisjoint(party.classes)


def segment_basis(party: PartyMention | None) -> tuple[str, ...]:
    """The canonical word of a market segment that is a technology ("l'électrique": battery_electric)."""
    if party is None or party.kind is not Kind.MARKET or party.classes[:1] != (SEGMENT,):
        return ()
    return () if party.classes[1] == Kind.MARKET else (party.classes[1],)


def family(kind: Kind) -> Kind:
    """The kind, a brand counted as the company it stands for."""
    return Kind.COMPANY if kind is Kind.BRAND else kind
