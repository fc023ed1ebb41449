"""When two figures state the same, but for rounding, hedges and units."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from pipeline.schema import Qualifier, Quantity
from pipeline.units import MONEY, Units

_LOWER = frozenset({Qualifier.MORE_THAN, Qualifier.AT_LEAST})
_UPPER = frozenset({Qualifier.LESS_THAN, Qualifier.AT_MOST})
_HALF = Decimal("0.5")


class Rounding(BaseModel):
    """The table rounding.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exact: Decimal = Field(ge=0)
    bound: Decimal = Field(ge=0)
    hedged: dict[Qualifier, Decimal]
    converted: dict[str, Decimal]


@lru_cache(maxsize=1)
def load_rounding() -> Rounding:
    """The table that ships with the package. Raises ValueError where it is not valid."""
    source = files("pipeline.consolidate") / "rounding.toml"
    return Rounding.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Conversion:
    """Units in which figures are wanted too, and rates: one unit of a currency in that of `into`.

    Build it with `Conversion.of`, which checks them.
    """

    into: tuple[str, ...] = ()
    rates: Mapping[str, Decimal] | None = None

    @classmethod
    def of(cls, into: tuple[str, ...], rates: Mapping[str, Decimal], units: Units) -> Conversion:
        """Raises ValueError for an unknown unit, two units of one dimension, or rates that do not lead into a
        wanted currency."""
        dimensions: dict[str, str] = {}
        for unit in into:
            try:
                other = dimensions.setdefault(units.dimension(unit), unit)
            except LookupError as error:
                raise ValueError(str(error)) from error
            if other != unit:
                raise ValueError(f"{other} and {unit} are of one dimension; a figure is converted into one of them")
        for currency, rate in rates.items():
            if not units.is_currency(currency):
                raise ValueError(f"{currency!r} is no currency of ISO 4217")
            if not rate.is_finite() or rate <= 0:
                raise ValueError(f"the rate of {currency} is no positive number")
        if rates and MONEY not in dimensions:
            raise ValueError("rates say nothing without a currency to convert into")
        if dimensions.get(MONEY) in rates:
            raise ValueError(f"the rate of {dimensions[MONEY]} is that of the currency to convert into")
        return cls(into, dict(rates))

    def currency(self, units: Units) -> str | None:
        """The currency to convert into."""
        return next((unit for unit in self.into if units.is_currency(unit)), None)

    def convert(self, quantity: Quantity, units: Units) -> Quantity | None:
        """`quantity` in the wanted unit of its dimension; None where none is wanted, it is in that unit already, or
        no rate is known."""
        for target in self.into:
            factor = self._factor(quantity.unit, target, units) if target != quantity.unit else None
            if factor is not None:
                parts = {key: _times(getattr(quantity, key), factor) for key in ("value", "low", "high")}
                return quantity.model_copy(update={**parts, "unit": target, "span": None})
        return None

    def _factor(self, unit: str, target: str, units: Units) -> Decimal | None:
        if units.is_currency(target):
            return (self.rates or {}).get(unit)
        try:
            return units.convert(Decimal(1), unit, target)
        except (LookupError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure allows, in a unit in which all of its group can be compared.

    `low` and `high` are equal but for a range; None is an open end. `slack` is how far another figure may lie off,
    `reach` how far past a bound it may lie and still say the same.
    """

    low: Decimal | None
    high: Decimal | None
    slack: Decimal
    reach: Decimal = Decimal(0)

    @property
    def middle(self) -> Decimal:
        """A number to compare sizes by: the one end, or half way between the two."""
        ends = [end for end in (self.low, self.high) if end is not None]
        return sum(ends, Decimal(0)) / len(ends)

    def agrees(self, other: Figure) -> bool:
        """Whether the two state the same."""
        if self._form == other._form:
            return self._equals(other)
        return self._closed()._overlaps(other._closed())

    def excludes(self, other: Figure) -> bool:
        """Whether not both can be right. Bounds of one side are compared as figures: two starting prices that differ
        are not both the starting price."""
        return not (self._equals(other) if self._form == other._form else self._overlaps(other))

    @property
    def _form(self) -> tuple[bool, bool, bool]:
        return self.low is None, self.high is None, self.low == self.high

    def _equals(self, other: Figure) -> bool:
        slack = max(self.slack, other.slack)
        return _close(self.low, other.low, slack) and _close(self.high, other.high, slack)

    def _overlaps(self, other: Figure) -> bool:
        slack = max(self.slack, other.slack)
        return _reaches(self.low, other.high, slack) and _reaches(other.low, self.high, slack)

    def _closed(self) -> Figure:
        """The same figure, an open end where a reader would put it."""
        if self.low is not None and self.high is None:
            return Figure(self.low, self.low + self.reach, self.slack)
        if self.low is None and self.high is not None:
            return Figure(self.high - self.reach, self.high, self.slack)
        return self


def comparable_unit(unit: str, units: Units, conversion: Conversion) -> str:
    """What figures must have in common to be compared: dimension and kind of the unit; of money the currency."""
    if not units.is_currency(unit):
        return f"{units.dimension(unit)} {units.kinds.get(unit, '')}".strip()
    into = conversion.currency(units)
    return into if into is not None and unit in (conversion.rates or {}) else unit


def figure_of(quantity: Quantity, units: Units, conversion: Conversion, rounding: Rounding) -> Figure:
    """The figure of `quantity` in the base unit of its dimension, of money in the currency of `comparable_unit`."""
    rate = (conversion.rates or {}).get(quantity.unit)
    factor = rate if rate is not None else units.factors.get(quantity.unit, Decimal(1))
    ends = [end for end in (quantity.value, quantity.low, quantity.high) if end is not None]
    slack = max(_slack(end, quantity.qualifier, rounding) for end in ends) * factor
    if rate is not None:
        slack += rounding.converted["rate"] * max(abs(end) for end in ends) * factor
    low, high = min(ends) * factor, max(ends) * factor
    if quantity.value is None or quantity.qualifier not in _LOWER | _UPPER:
        return Figure(low, high, slack)
    # Of a negative figure a bound speaks of its size: a loss of more than two billion.
    lower = (quantity.qualifier in _LOWER) == (quantity.value >= 0)
    reach = rounding.bound * abs(low)
    return Figure(low, None, slack, reach) if lower else Figure(None, high, slack, reach)


def _slack(value: Decimal, qualifier: Qualifier, rounding: Rounding) -> Decimal:
    size = abs(value)
    exponent = value.normalize().as_tuple().exponent
    half_a_digit = _HALF.scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    return max(min(half_a_digit, rounding.exact * size), rounding.hedged.get(qualifier, Decimal(0)) * size)


def _times(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else value * factor


def _close(one: Decimal | None, other: Decimal | None, slack: Decimal) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= slack


def _reaches(low: Decimal | None, high: Decimal | None, slack: Decimal) -> bool:
    return low is None or high is None or low <= high + slack
