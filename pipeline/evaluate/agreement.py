"""When a prediction and a gold statement agree, slot by slot (contract §9)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from pipeline.evaluate.names import NameRules
from pipeline.evaluate.statement import Statement
from pipeline.schema import Period, Quantity
from pipeline.units import Units

EMPTY = "-"
TOLERANCE = Decimal("0.005")
FIGURE_SLOTS = ("value", "unit", "qualifier", "per")
FULL_SLOTS = ("type", "subject", "period", "modality", "polarity")
SLOTS = (
    "type", "subject", "object", *FIGURE_SLOTS, "period", "modality", "polarity", "place", "source",
    "previous", "basis", "metric",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nearness:
    """The pairs of types, and of counting units, that may stand for each other in a core match."""

    types: frozenset[tuple[str, str]]
    units: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Comparison of statements under one set of rules for names, units and near types."""

    names: NameRules
    units: Units
    near: Nearness

    def types(self, one: str, other: str) -> bool:
        """Whether the types are equal or near."""
        return one == other or (one, other) in self.near.types

    def figures(self, predicted: Quantity | None, gold: Quantity | None) -> bool:
        """Whether value, or both ends of a range, are within 0.5 % of gold's after unit conversion."""
        if predicted is None or gold is None:
            return predicted is gold
        pairs = ((predicted.value, gold.value), (predicted.low, gold.low), (predicted.high, gold.high))
        return all(self._close(p, g, predicted.unit, gold.unit) for p, g in pairs)

    def _close(self, predicted: Decimal | None, gold: Decimal | None, unit: str, gold_unit: str) -> bool:
        if predicted is None or gold is None:
            return predicted is gold
        if unit != gold_unit and (unit, gold_unit) not in self.near.units:
            try:
                predicted = self.units.convert(predicted, unit, gold_unit)
            except (LookupError, ValueError):  # an unknown unit, another dimension or currency
                return False
        return abs(predicted - gold) <= TOLERANCE * abs(gold)

    def periods(self, predicted: Period | None, gold: Period | None) -> bool:
        """Whether first and last day, or the TIMEX3 values, agree; no period agrees with no period."""
        if predicted is None or gold is None:
            return predicted is gold
        same_days = (predicted.start, predicted.end) == (gold.start, gold.end)
        return predicted.value == gold.value or (same_days and (gold.start or gold.end) is not None)

    def may_pair(self, predicted: Statement, gold: Statement) -> bool:
        """Whether the two may be a core match."""
        if not self.types(predicted.type, gold.type) or not self.figures(predicted.figure, gold.figure):
            return False
        parties = (predicted.subject, predicted.object), (gold.subject, gold.object)
        return gold.figure is not None or self.names.share(*parties)

    def slots(self, predicted: Statement, gold: Statement) -> dict[str, bool]:
        """For a pair, whether each slot agrees; the figure's slots only where there is a figure."""
        p, g = predicted, gold
        checks = {
            "type": p.type == g.type,
            "subject": self.names.agree(p.subject, g.subject),
            "object": self.names.agree(p.object, g.object),
            "period": self.periods(p.period, g.period),
            "modality": p.modality == g.modality,
            "polarity": p.polarity == g.polarity,
            "place": self.names.agree(p.place, g.place),
            "source": self.names.agree(p.source, g.source),
            "previous": self.figures(p.previous, g.previous),
            "basis": p.basis == g.basis,
            "metric": p.metric == g.metric,
        }
        if p.figure and g.figure:
            # Within one unit the value must be the very figure; after conversion it is as good as the pair.
            checks["value"] = p.figure.unit != g.figure.unit or _parts(p.figure) == _parts(g.figure)
            checks["unit"] = p.figure.unit == g.figure.unit
            checks["qualifier"] = p.figure.qualifier == g.figure.qualifier
            checks["per"] = p.figure.per == g.figure.per
        return {slot: checks[slot] for slot in SLOTS if slot in checks}


def is_full(slots: dict[str, bool]) -> bool:
    """Whether a pair with these slots is a full match."""
    return all(slots[slot] for slot in FULL_SLOTS)


def slot_text(statement: Statement, slot: str) -> str:
    """What stands in a slot, for a reader; EMPTY where nothing does."""
    if slot in FIGURE_SLOTS:
        return _figure_slot(statement.figure, slot)
    content = getattr(statement, slot)
    if content is None or content == frozenset():
        return EMPTY
    if isinstance(content, Quantity):
        return figure_text(content)
    if isinstance(content, Period):
        return period_text(content)
    if isinstance(content, frozenset):
        return ", ".join(sorted(content))
    return str(getattr(content, "text", content))


def _figure_slot(figure: Quantity | None, slot: str) -> str:
    if figure is None:
        return EMPTY
    if slot == "value":
        return number_text(figure)
    return str(getattr(figure, slot) or EMPTY)


def number_text(figure: Quantity) -> str:
    """The value, or "low..high", without an exponent."""
    return "..".join(f"{part.normalize():f}" for part in _parts(figure) if part is not None)


def figure_text(figure: Quantity | None) -> str:
    """Value and unit, or EMPTY."""
    return f"{number_text(figure)} {figure.unit}" if figure else EMPTY


def period_text(period: Period) -> str:
    """TIMEX3 value with modifier and the two days, open ones as ".."."""
    mod = f" {period.mod}" if period.mod else ""
    return f"{period.value}{mod} [{period.start or '..'}, {period.end or '..'}]"


def _parts(figure: Quantity) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return figure.value, figure.low, figure.high


@lru_cache(maxsize=1)
def load_nearness() -> Nearness:
    """The table near_types.toml. Raises ValueError where the file is not valid TOML."""
    table = tomllib.loads((files("pipeline.evaluate") / "near_types.toml").read_text(encoding="utf-8"))
    return Nearness(_ordered_pairs(table["near_types"]), _ordered_pairs(table["near_units"]))


def _ordered_pairs(groups: list[list[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((a, b) for group in groups for a in group for b in group if a != b)
