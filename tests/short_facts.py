"""Facts and gold in a short form: what differs from modality actual, polarity positive, qualifier exact, unit
vehicle where there is a value, all else empty."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pipeline.detect.calendar import bounds
from pipeline.schema import Fact

ROOT = Path(__file__).parent
BRANDS = ("Xiaomi", "Xpeng", "Kia", "Peugeot", "Land Rover", "Mercedes-Benz", "Tesla", "Volkswagen", "BMW")


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "tables" / name).read_text(encoding="utf-8"))


def party(text: str | None) -> dict[str, str] | None:
    if not text:
        return None
    kind, _, name = text.partition(":")
    return {"kind": kind, "name": name}


def period(value: str | None) -> dict[str, str | None] | None:
    if value is None:
        return None
    first, last = bounds(value)
    return {"value": value, "mod": None, "start": first.isoformat(), "end": last.isoformat()}


def figure(parts: list[float] | None, unit: str) -> dict[str, Any] | None:
    if not parts:
        return None
    value, low, high = (parts[0], None, None) if len(parts) == 1 else (None, *parts)
    return {"value": value, "low": low, "high": high, "unit": unit}


def gold_fact(short: dict[str, Any]) -> dict[str, Any]:
    """A gold fact as it is written to a file, from the short form of the tables."""
    empty = dict.fromkeys(("metric", "value", "low", "high", "per", "basis", "place", "source", "converted"))
    has_figure = "value" in short or "low" in short
    unit = short.get("unit", "vehicle") if has_figure else None
    return {
        **empty,
        "unit": unit,
        "qualifier": "exact" if has_figure else None,
        "modality": "actual",
        "polarity": "positive",
        "quote": f"{short['type']} {short.get('value', '')}".strip(),
        "optional": False,
        **short,
        "subject": party(short.get("subject")),
        "object": party(short.get("object")),
        "period": period(short.get("period")),
        "previous": figure(short.get("previous"), unit or "vehicle"),
    }


def fact(short: dict[str, Any], article_id: str = "a", number: int = 0) -> Fact:
    """A predicted fact from the same short form."""
    gold = gold_fact(short)
    quantity = None
    if gold["unit"]:
        quantity = {key: gold[key] for key in ("value", "low", "high", "unit", "qualifier", "per")}
    values = {key: gold[key] for key in Fact.model_fields if key in gold}
    return Fact.model_validate(
        values
        | {
            "id": f"f:{number:016x}",
            "article_id": article_id,
            "published": "2024-10",
            "lang": "fr",
            "quantity": quantity,
            "converted": None,
            "place": {"name": gold["place"]} if gold["place"] else None,
            "source": {"name": gold["source"]} if gold["source"] else None,
            "evidence": short.get("evidence", [{"start": 0, "end": 8, "text": "sentence"}]),
            "confidence": short.get("confidence", 0.5),
            "extractor": "autofacts 0.1.0",
        }
    )


def article(
    facts: list[dict[str, Any]], article_id: str = "a", entities: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {
        "id": article_id,
        "lang": "fr",
        "published": "2024-10",
        "facts": [gold_fact(short) for short in facts],
        "entities": entities or [],
        "dates": [],
    }
