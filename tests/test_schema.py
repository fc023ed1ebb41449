"""The values between the stages: what they refuse, and how a fact is written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import jsonschema_rs
import pytest
import stand_in
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.emit import fact_schema, json_line
from pipeline.schema import CueMention, Fact, Period, Place, Published, Quantity, Source, Span

FACT = stand_in.fact(stand_in.article())
SLOTS = list(json.loads(json_line(FACT)))


@pytest.mark.parametrize(
    ("start", "end", "text"), [(0, 3, "ab"), (0, 1, "ab"), (2, 2, ""), (3, 1, "ab"), (-1, 1, "ab")]
)
def test_a_span_that_does_not_fit_its_text_is_refused(start: int, end: int, text: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Span(start, end, text)
    with pytest.raises(ValidationError, match="does not fit"):
        Source.model_validate({"name": "x", "span": {"start": start, "end": end, "text": text}})


@pytest.mark.parametrize(("start", "end"), [(5, 8), (2, 9), (1, 1), (-3, -1), (-2, 2)])
def test_a_cut_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Span.cut("texte", start, end)


@given(st.text(min_size=1), st.data())
def test_a_cut_is_the_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = Span.cut(text, start, end)
    assert (span.start, span.end, span.text) == (start, end, text[start:end])


def test_overlap_and_containment() -> None:
    a, b, c = (Span.cut("0123456789", *ends) for ends in ((0, 4), (3, 6), (4, 5)))
    assert a.overlaps(b)
    assert b.overlaps(a)
    assert not a.overlaps(c)  # half-open: touching is no overlap
    assert b.contains(c)
    assert b.contains(b)
    assert not c.contains(b)
    assert sorted([c, b, a]) == [a, b, c]


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Span(0, 1, "a").start = 2  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        FACT.type = "price"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2023-12", dt.date(2023, 12, 1), dt.date(2023, 12, 31)),
        ("2024-10-03", dt.date(2024, 10, 3), dt.date(2024, 10, 3)),
    ],
)
def test_first_and_last_day_of_a_publication_date(value: str, first: dt.date, last: dt.date) -> None:
    published = Published(value)
    assert (published.first, published.last) == (first, last)


def test_a_cue_gives_its_attributes() -> None:
    cue = CueMention(Span(0, 1, "a"), "trigger", "price", "r", (("sign", "-1"),))
    assert cue.attribute("sign") == "-1"
    assert cue.attribute("other") is None


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (Quantity, {"value": "NaN", "unit": "EUR"}),
        (Quantity, {"value": "Infinity", "unit": "EUR"}),
        (Quantity, {"value": 1, "unit": ""}),
        (Quantity, {"value": 1, "unit": "EUR", "per": "year"}),
        (Quantity, {"value": 1, "unit": "EUR", "qualifier": "roughly"}),
        (Place, {"name": "France", "country": "fr"}),
        (Place, {"name": ""}),
        (Period, {"value": "2024", "mod": "LATE"}),
        (Period, {"value": "2024", "colour": "red"}),
    ],
)
def test_parts_that_are_refused(make: Callable[..., object], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make(**fields)


@pytest.mark.parametrize(
    "change", [{"id": "f:1"}, {"confidence": 1.2}, {"evidence": []}, {"modality": "sure"}, {"colour": "red"}]
)
def test_facts_that_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(change))):
        Fact.model_validate(FACT.model_dump() | change)


@pytest.mark.parametrize("slot", [s for s in SLOTS if s != "schema_version"])
def test_no_slot_may_be_missing(slot: str) -> None:
    line = json.loads(json_line(FACT))
    del line[slot]
    with pytest.raises(ValidationError, match=slot):
        Fact.model_validate(line)
    assert not jsonschema_rs.is_valid(fact_schema(), line)


def test_a_line_has_the_contracts_slots_in_order() -> None:
    assert " ".join(SLOTS) == (
        "schema_version id article_id published lang type subject object metric quantity converted previous period "
        "basis modality polarity place source evidence confidence extractor"
    )


def test_figures_are_numbers_and_whole_ones_are_integers() -> None:
    written = [json.loads(Quantity(value=v, unit="l").model_dump_json())["value"] for v in ("20000", "1.0", "5.25")]
    assert [(value, type(value)) for value in written] == [(20000, int), (1, int), (5.25, float)]


def test_a_line_reads_back_as_the_same_fact() -> None:
    assert Fact.model_validate_json(json_line(FACT)) == FACT
    jsonschema_rs.validate(fact_schema(), json.loads(json_line(FACT)))
