"""All detectors in their order, each told what the ones before it have taken."""

from __future__ import annotations

from pipeline.detect.cues import detect_cues
from pipeline.detect.dates import detect_dates
from pipeline.detect.entities import detect_entities
from pipeline.detect.numbers import detect_numbers
from pipeline.detect.quantities import detect_quantities
from pipeline.gazetteer import Gazetteer
from pipeline.language import Pack
from pipeline.schema import Document, Kind, Mentions
from pipeline.units import Units


def detect(doc: Document, pack: Pack, gazetteer: Gazetteer, units: Units) -> Mentions:
    """Every mention in `doc`. Names come first, so that a model's number is neither a date nor a figure."""
    entities = detect_entities(doc, pack.entities, gazetteer)
    names = [e.span for e in entities]
    places = [e.span for e in entities if e.kind is Kind.PLACE]
    dates = detect_dates(doc, pack.dates, doc.article.published, names)
    numbers = detect_numbers(doc, pack.numbers, [*names, *(d.span for d in dates)])
    quantities = detect_quantities(doc, numbers, pack.quantities, units)
    return Mentions(
        dates=dates,
        numbers=numbers,
        quantities=quantities,
        entities=entities,
        cues=detect_cues(doc, pack.cues, sorted([*(d.span for d in dates), *places]), pack.dates.glue["AT"]),
    )
