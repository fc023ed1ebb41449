"""Facts that fit neither the contract, nor the table of types, nor each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.corpus.problem import Complaint
from pipeline.corpus.resolve import timex_bounds
from pipeline.corpus.settings import CorpusSettings
from pipeline.evaluate.gold import GoldArticle, GoldFact, GoldFigure
from pipeline.ontology import FactType, Ontology
from pipeline.schema import Kind, Qualifier
from pipeline.units import Units

_RATE = re.compile(r"P(\d+[YMWD]|T\d+[HMS])")


class FactChecks:
    """The checks of facts under one table of types, of units and of basis words."""

    def __init__(self, ontology: Ontology, units: Units, settings: CorpusSettings) -> None:
        self.ontology, self.units, self.settings = ontology, units, settings

    def fact(self, fact: GoldFact) -> Iterator[Complaint]:
        """What is wrong with one fact, by slot."""
        row = self.ontology.types.get(fact.type)
        if row is None:
            yield Complaint("type", f"unknown type {fact.type!r}")
        else:
            yield from self._figure(fact, row)
        yield from self._subject(fact, row)
        yield from self._form(fact)
        yield from self._basis(fact)
        for key in ("previous", "converted"):
            yield from (found.under(key) for found in self._other_figure(getattr(fact, key), fact))

    def _figure(self, fact: GoldFact, row: FactType) -> Iterator[Complaint]:
        if not fact.has_figure:
            if row.figure == "required":
                yield Complaint("value", f"{fact.type} needs a figure")
            return
        if row.figure == "none":
            yield Complaint("value", f"{fact.type} has no figure")
            return
        unit = fact.unit or ""
        dimension = self._dimension(unit)
        if dimension is None:
            yield Complaint("unit", f"unknown unit {unit!r}")
        elif not row.admits(unit, dimension):
            yield Complaint("unit", f"{unit} does not fit {fact.type}")

    def _subject(self, fact: GoldFact, row: FactType | None) -> Iterator[Complaint]:
        if fact.subject is None:
            yield Complaint("subject", "is missing")
        elif row is not None and not self._may_be(fact.subject.kind, row):
            yield Complaint("subject", f"{fact.subject.kind} does not fit {fact.type} ({', '.join(row.subjects)})")

    @staticmethod
    def _may_be(kind: Kind, row: FactType) -> bool:
        """Segments, countries and authorities stand for their firms ("the country's plants make …"), save where the
        type is of a person; a person may own and buy what a firm does."""
        if kind is Kind.PERSON:
            return kind in row.subjects or Kind.MODEL not in row.subjects
        stands_in = kind in (Kind.MARKET, Kind.PLACE, Kind.AUTHORITY, Kind.OTHER)
        return kind in row.subjects or (stands_in and row.subjects != (Kind.PERSON,))

    def _form(self, fact: GoldFact) -> Iterator[Complaint]:
        """Slots that go together."""
        if not fact.has_figure:
            for key in ("unit", "qualifier", "per", "converted", "previous"):
                if getattr(fact, key) is not None:
                    yield Complaint(key, "is filled without a figure")
        elif (fact.qualifier is Qualifier.BETWEEN) != (fact.low is not None):
            form = "a range" if fact.low is not None else "one value"
            yield Complaint("qualifier", f"{fact.qualifier} with {form}")
        if fact.low is not None and fact.high is not None and fact.low >= fact.high:
            yield Complaint("range", f"{fact.low} is not below {fact.high}")
        if fact.per is not None and not _RATE.fullmatch(fact.per):
            yield Complaint("per", f"{fact.per!r} is no ISO 8601 duration")
        if fact.metric is not None and fact.metric not in self.ontology.types:
            yield Complaint("metric", f"unknown type {fact.metric!r}")

    def _basis(self, fact: GoldFact) -> Iterator[Complaint]:
        known = {word.casefold(): word for word in self.settings.basis}
        for word in fact.basis or ():
            canonical = known.get(word.casefold())
            if canonical not in (None, word):
                yield Complaint("basis", f"{word!r} is written {canonical!r}")
            elif canonical is None and "_" in word:
                yield Complaint("basis", f"unknown word {word!r}")
        if len(set(fact.basis or ())) < len(fact.basis or ()):
            yield Complaint("basis", "a word stands twice")

    def _other_figure(self, figure: GoldFigure | None, fact: GoldFact) -> Iterator[Complaint]:
        if figure is None:
            return
        dimension = self._dimension(figure.unit)
        if dimension is None:
            yield Complaint("unit", f"unknown unit {figure.unit!r}")
        elif fact.unit is not None and dimension != self._dimension(fact.unit):
            yield Complaint("unit", f"{figure.unit} beside {fact.unit}")
        if figure.low is not None and figure.high is not None and figure.low >= figure.high:
            yield Complaint("range", f"{figure.low} is not below {figure.high}")

    def _dimension(self, unit: str) -> str | None:
        try:
            return self.units.dimension(unit)
        except LookupError:
            return None


def repeats(gold: GoldArticle) -> Iterator[Complaint]:
    """Facts, entities and dates that stand twice, and a name that is of two types."""
    seen: dict[str, int] = {}
    for index, fact in enumerate(gold.facts):
        slots = fact.model_dump_json(exclude={"quote", "span", "optional", "qualifier", "source"})
        first = seen.setdefault(slots, index)
        if first != index:
            yield Complaint(f"facts.{index}", f"repeats facts.{first}")
    yield from _twice("entities", [entity.name for entity in gold.entities])
    yield from _twice("dates", [f"{date.text} ({date.value})" for date in gold.dates])


def _twice(key: str, items: list[str]) -> Iterator[Complaint]:
    for item in dict.fromkeys(item for item in items if items.count(item) > 1):
        yield Complaint(key, f"{item!r} stands {items.count(item)} times")


def dates(gold: GoldArticle, text: str) -> Iterator[Complaint]:
    """Dates whose words the text does not hold, or whose value no calendar does."""
    for index, date in enumerate(gold.dates):
        if date.text not in text:
            yield Complaint(f"dates.{index}.text", f"{date.text!r} is not in the text")
        try:
            timex_bounds(date.value)
        except (ValueError, OverflowError) as error:
            yield Complaint(f"dates.{index}.value", str(error))
