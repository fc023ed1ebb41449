"""Facts as linked data: JSON-LD in terms of schema.org where it has one that fits, else in terms of our own.

A fact is a `Claim` that appears in a `NewsArticle`: a statement of the article's, not a property of the party, since it
may be planned, rumoured or denied.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from pipeline.schema import Fact, Kind, Party, Period, Place, Quantity, Span
from pipeline.units import load_units

Node = dict[str, JsonValue]
_OURS = "autofacts:"
_OPEN = ".."


class Vocabulary(BaseModel):
    """json_ld.toml: the context, classes of parties by kind, properties by type of fact, codes of units."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    context: Node
    classes: dict[Kind, str] = Field(min_length=len(Kind))
    properties: dict[str, str]
    unit_codes: dict[str, str]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The terms that facts are written in."""
    source = files("pipeline.emit") / "json_ld.toml"
    return Vocabulary.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))


def json_ld_document(facts: Iterable[Fact]) -> Node:
    """A JSON-LD document of `facts`."""
    return {"@context": dict(vocabulary().context), "@graph": [to_json_ld(fact) for fact in facts]}


def to_json_ld(fact: Fact) -> Node:
    """The node of one fact, to be read with the context of `vocabulary()`; slots without content are left out."""
    words = vocabulary()
    article: Node = {"@type": "NewsArticle", "identifier": fact.article_id, "datePublished": fact.published}
    term = words.properties.get(fact.type)
    node: dict[str, JsonValue] = {
        "@id": f"urn:autofacts:fact:{fact.id.removeprefix('f:')}",
        "@type": "Claim",
        "additionalType": f"urn:autofacts:type:{fact.type}",
        "identifier": fact.id,
        "about": _party(fact.subject),
        "text": fact.evidence[0].text,
        "inLanguage": fact.lang,
        "appearance": _filled(article),
        "creditText": fact.source.name if fact.source else None,
        "temporalCoverage": _interval(fact.period),
        "spatialCoverage": _place(fact.place),
    }
    ours: dict[str, JsonValue] = {
        "object": _party(fact.object),
        "property": f"{words.context['@vocab']}{term}" if term else None,
        "quantity": _quantity(fact.quantity),
        "converted": _quantity(fact.converted),
        "previous": _quantity(fact.previous),
        "metric": fact.metric,
        "period": fact.period.value if fact.period else None,
        "periodModifier": fact.period.mod if fact.period else None,
        "basis": list[JsonValue](fact.basis or ()) or None,
        "modality": fact.modality,
        "polarity": fact.polarity,
        "confidence": fact.confidence,
        "extractor": fact.extractor,
        "evidence": [_evidence(span) for span in fact.evidence],
    }
    return _filled(node | ours, ours)


def _evidence(span: Span) -> Node:
    return _filled({"start": span.start, "end": span.end, "text": span.text}, ("start", "end"))


def _party(party: Party | None) -> Node | None:
    return {"@type": vocabulary().classes[party.kind], "name": party.name} if party else None


def _place(place: Place | None) -> Node | None:
    if place is None:
        return None
    address: Node | None = {"@type": "PostalAddress", "addressCountry": place.country} if place.country else None
    return _filled({"@type": vocabulary().classes[Kind.PLACE], "name": place.name, "address": address})


def _quantity(quantity: Quantity | None) -> Node | None:
    if quantity is None:
        return None
    given = quantity.model_dump(mode="json")
    money = load_units().is_currency(quantity.unit)
    node = {
        "@type": "MonetaryAmount" if money else "QuantitativeValue",
        "value": given["value"],
        "minValue": given["low"],
        "maxValue": given["high"],
        "currency": quantity.unit if money else None,
        "unitText": None if money else quantity.unit,
        "unitCode": vocabulary().unit_codes.get(quantity.unit),
    }
    return _filled(node | {"qualifier": quantity.qualifier, "per": quantity.per}, ("qualifier", "per"))


def _interval(period: Period | None) -> str | None:
    """An ISO 8601 interval; an end that is open is two points."""
    if period is None or (period.start is None and period.end is None):
        return None
    first, last = (day.isoformat() if day else _OPEN for day in (period.start, period.end))
    return first if first == last else f"{first}/{last}"


def _filled(node: Node, ours: Iterable[str] = ()) -> Node:
    """`node` without empty slots, the names in `ours` as terms of our own."""
    own = frozenset(ours)
    return {f"{_OURS}{name}" if name in own else name: value for name, value in node.items() if value is not None}
