"""One statement as it is compared: the same few slots, whether predicted or written by an annotator."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.evaluate.gold import GoldFact, GoldFigure, GoldParty
from pipeline.evaluate.names import Name
from pipeline.schema import Fact, Modality, Party, Period, Polarity, Quantity
from pipeline.text import plain


@dataclass(frozen=True, slots=True)
class Statement:
    """The slots that §9 compares. `quote` is the gold quote or the sentence of the evidence, for reports.

    `ref` leads back to where the statement comes from: a fact's id, or the place of a gold fact in its file. Only a
    prediction has a `confidence`. Neither is part of what is said.
    """

    type: str
    subject: Name | None = None
    object: Name | None = None
    figure: Quantity | None = None
    period: Period | None = None
    modality: Modality = Modality.ACTUAL
    polarity: Polarity = Polarity.POSITIVE
    place: Name | None = None
    source: Name | None = None
    previous: Quantity | None = None
    basis: frozenset[str] = field(default_factory=frozenset)
    metric: str | None = None
    quote: str = ""
    optional: bool = False
    ref: str = field(default="", compare=False, repr=False)
    confidence: float | None = field(default=None, compare=False, repr=False)

    def sort_key(self) -> tuple[str, float, str]:
        """Orders statements by what they say, so that scores do not depend on the order of a file."""
        return self.content(), -(self.confidence or 0.0), self.ref

    def content(self) -> str:
        """All that is said, as text: equal for equal statements."""
        # Sets have no fixed order in print.
        return repr((replace(self, basis=frozenset()), sorted(self.basis)))


def from_fact(fact: Fact) -> Statement:
    """A predicted fact as a statement; spans are left out."""
    return Statement(
        type=fact.type,
        subject=_name(fact.subject),
        object=_name(fact.object),
        figure=_unplaced(fact.quantity),
        period=fact.period.model_copy(update={"span": None}) if fact.period else None,
        modality=fact.modality,
        polarity=fact.polarity,
        place=Name(fact.place.name) if fact.place else None,
        source=Name(fact.source.name) if fact.source else None,
        previous=_unplaced(fact.previous),
        basis=_basis(fact.basis),
        metric=fact.metric,
        quote=" ".join(plain(fact.evidence[0].text).split()),
        ref=fact.id,
        confidence=fact.confidence,
    )


def from_gold(fact: GoldFact, at: int = 0) -> Statement:
    """A gold fact as a statement; `at` is its place among the facts of its article, from 0."""
    figure = None
    if fact.has_figure and fact.unit is not None:
        figure = Quantity(value=fact.value, low=fact.low, high=fact.high, unit=fact.unit, per=fact.per)
        if fact.qualifier is not None:
            figure = figure.model_copy(update={"qualifier": fact.qualifier})
    return Statement(
        type=fact.type,
        subject=_name(fact.subject),
        object=_name(fact.object),
        figure=figure,
        period=Period.model_validate(fact.period.model_dump()) if fact.period else None,
        modality=fact.modality,
        polarity=fact.polarity,
        place=Name(fact.place) if fact.place else None,
        source=Name(fact.source) if fact.source else None,
        previous=_previous(fact.previous),
        basis=_basis(fact.basis),
        metric=fact.metric,
        quote=" ".join(plain(fact.quote).split()),
        optional=fact.optional,
        ref=str(at),
    )


def _name(party: Party | GoldParty | None) -> Name | None:
    return Name(party.name, party.kind) if party else None


def _unplaced(quantity: Quantity | None) -> Quantity | None:
    return quantity.model_copy(update={"span": None}) if quantity else None


def _previous(figure: GoldFigure | None) -> Quantity | None:
    if figure is None:
        return None
    return Quantity(value=figure.value, low=figure.low, high=figure.high, unit=figure.unit)


def _basis(words: list[str] | None) -> frozenset[str]:
    return frozenset(" ".join(plain(word).casefold().split()) for word in words or ())
