"""What all charts of the report share: the facts that can be drawn, their symbols, labels and table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.page import Chart, Mark
from pipeline.report.chart_table import ChartSettings
from pipeline.report.wording import Wording
from pipeline.schema import Fact, Modality, Polarity, Quantity
from pipeline.text import visible
from pipeline.units import load_units

WIDTH = 360.0
_R = 4.5
_SHAPES = {
    Modality.ACTUAL: "M{left} {y}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z",
    Modality.PLANNED: "M{left} {y}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z",
    Modality.FORECAST: "M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}z",
    Modality.SPECULATED: "M{x} {top}L{right} {bottom}L{left} {bottom}z",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """One frame of a chart with its heading; `note` says what its axis counts."""

    title: str
    note: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of a chart in words, for the table below it."""

    fact_id: str
    who: str
    what: str
    figure: str
    period: str
    modality: str
    dated: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The panels of a chart, and the facts that are drawn there, with the words for their figures."""

    panels: tuple[Panel, ...]
    drawn: tuple[tuple[Fact, str], ...]


def candidates(facts: Iterable[Fact], settings: ChartSettings, least_confidence: float) -> list[Fact]:
    """The facts that a chart is about: of its types, subjects and modalities, asserted, confident enough."""
    return [
        fact
        for fact in facts
        if (not settings.types or fact.type in settings.types)
        and (not settings.subjects or (fact.subject and fact.subject.kind in settings.subjects))
        and fact.modality in settings.modalities
        and fact.polarity is Polarity.POSITIVE
        and fact.confidence >= least_confidence
    ]


def amount(quantity: Quantity | None) -> float | None:
    """The figure to be drawn: the value, or the middle of a range."""
    if quantity is None:
        return None
    if quantity.value is not None:
        return float(quantity.value)
    if quantity.low is not None and quantity.high is not None:
        return float(quantity.low + quantity.high) / 2
    return None


def known_dimension(unit: str) -> str:
    """The dimension of a unit, the unit itself where the table does not know it."""
    try:
        return load_units().dimension(unit)
    except LookupError:
        return unit


def symbol(x: float, y: float, modality: Modality) -> str:
    """The path of a modality's symbol around a point."""
    places = {"x": x, "y": y, "r": _R, "d": 2 * _R}
    edges = {"left": x - _R, "right": x + _R, "top": y - _R, "bottom": y + _R}
    return _SHAPES[modality].format(**{key: round(value, 1) for key, value in (places | edges).items()})


def mark(fact: Fact, x: float, y: float, label: str) -> Mark:
    """The symbol of a fact, which leads to it."""
    return Mark(symbol(x, y, fact.modality), f"#fact={fact.id}", label, fact.modality)


def label(fact: Fact, figure: str, words: Wording, articles: int = 1) -> str:
    """What a pointer on the symbol brings up."""
    parts = [
        words.party(fact),
        words.type(fact.type),
        figure,
        words.period(fact.period) if fact.period else "",
        words.basis(fact.basis),
        fact.place.name if fact.place else "",
        words.say(words.texts.modality[fact.modality]),
        fact.source.name if fact.source else "",
        words.ui("same", n=articles) if articles > 1 else "",
    ]
    return visible(" · ".join(part for part in parts if part))


def row(fact: Fact, figure: str, words: Wording) -> Row:
    """The line of a fact in the table."""
    place = fact.place.name if fact.place else ""
    return Row(
        fact_id=fact.id,
        who=visible(", ".join(part for part in (words.party(fact), place) if part)),
        what=visible(", ".join(part for part in (words.type(fact.type), words.basis(fact.basis)) if part)),
        figure=visible(figure),
        period=visible(words.period(fact.period)) if fact.period else "",
        modality=words.say(words.texts.modality[fact.modality]),
        dated=visible(words.published(fact.published)),
    )


def shortened(name: str, most: int) -> str:
    """A name as far as there is room for it."""
    return visible(name if len(name) <= most else name[: most - 1].rstrip() + "…")


def summary(title: str, marks: Sequence[Mark], most: int = 5) -> str:
    """A panel in words: its heading and its first figures."""
    more = "…" if len(marks) > most else ""
    return f"{title}: {'; '.join(each.label for each in marks[:most])}{more}"
