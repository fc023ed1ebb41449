"""One statement of one article, with what it is compared by, and the key of the group that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.consolidate.figures import Conversion, Figure, Rounding, comparable_unit, figure_of
from pipeline.consolidate.times import Days, event_days, publication
from pipeline.evaluate.names import Name, NameRules, spelling
from pipeline.gazetteer import Gazetteer
from pipeline.ontology import Ontology
from pipeline.schema import Fact, Kind, Modality, Polarity, Quantity
from pipeline.units import Units

Key = tuple[str, ...]
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact as it is compared: by its figure, an event by its days. `converted` is in the unit that is wanted."""

    fact: Fact
    figure: Figure | None
    days: Days
    published: Days
    voice: str
    converted: Quantity | None

    def agrees(self, other: Statement) -> bool:
        """Whether the two state the same."""
        if self.fact.polarity != other.fact.polarity:
            return False
        if self.figure is not None and other.figure is not None:
            return self.figure.agrees(other.figure)
        return self.days.meets(other.days)

    def excludes(self, other: Statement) -> bool:
        """Whether not both can be right."""
        if self.fact.polarity != other.fact.polarity:
            return True
        if self.figure is not None and other.figure is not None:
            return self.figure.excludes(other.figure)
        return not self.days.meets(other.days)

    @property
    def content(self) -> tuple[object, ...]:
        """Equal for statements that say the same to the letter."""
        return self.figure, self.days, self.fact.polarity, self.voice

    @property
    def order(self) -> tuple[str, str]:
        """Sorts statements by publication; those without a date come first."""
        return self.fact.published or "", self.fact.id


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The tables by which statements are compared."""

    ontology: Ontology
    units: Units
    gazetteer: Gazetteer
    names: NameRules
    rounding: Rounding
    conversion: Conversion


def statement_of(fact: Fact, knowledge: Knowledge) -> Statement:
    """`fact` as it is compared. Raises LookupError for an unknown unit."""
    quantity = fact.quantity
    figure, converted = None, None
    if quantity is not None:
        figure = figure_of(quantity, knowledge.units, knowledge.conversion, knowledge.rounding)
        converted = knowledge.conversion.convert(quantity, knowledge.units)
    # Of plans and of what is done there is one account, which is corrected; forecasts are those of whoever gives them.
    many = fact.modality in (Modality.FORECAST, Modality.SPECULATED)
    voice = spelling(fact.source.name) if many and fact.source else ""
    return Statement(fact, figure, event_days(fact.period), publication(fact.published), voice, converted)


def group_key(fact: Fact, knowledge: Knowledge) -> str:
    """What facts have in common that state the same thing: type, parties, metric, basis, place, modality; of a
    figure also its period, rate and dimension.

    An event is told by when it takes place, so its period is not part of the key; whether a statement is denied
    never is. Raises LookupError for an unknown unit.
    """
    quantity, period = fact.quantity, fact.period
    parts = [
        fact.type,
        _party(fact.subject.name, fact.subject.kind, knowledge) if fact.subject else "",
        _party(fact.object.name, fact.object.kind, knowledge) if fact.object else "",
        fact.metric or "",
        "; ".join(sorted(word.casefold() for word in fact.basis or ())),
        _party(fact.place.name, fact.place.kind, knowledge) if fact.place else "",
        fact.modality.value,
    ]
    if quantity is not None:
        dates = (period.start, period.end) if period and (period.start or period.end) else (period and period.value,)
        parts += [comparable_unit(quantity.unit, knowledge.units, knowledge.conversion), quantity.per or ""]
        parts += map(str, dates)
    return _SEPARATOR.join(parts)


def holds_without_date(fact: Fact, knowledge: Knowledge) -> bool:
    """Whether the figure is that of a property, such as a price: without a period it holds when it is published."""
    row = knowledge.ontology.types.get(fact.type)
    return row is not None and row.state


def denied(fact: Fact) -> bool:
    return fact.polarity is Polarity.NEGATIVE


def _party(name: str, kind: Kind, knowledge: Knowledge) -> str:
    entry = knowledge.gazetteer.lookup(name)
    return f"={entry.name}" if entry else knowledge.names.key(Name(name, kind))
