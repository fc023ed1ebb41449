"""Units: symbol, dimension, factor to a base unit; currencies are those of ISO 4217 as CLDR lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from babel.core import get_global
from babel.numbers import get_territory_currencies
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

MONEY = "money"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Unit(_Table):
    dimension: str = Field(min_length=1)
    factor: Decimal = Field(gt=0)
    kind: str = ""
    aliases: tuple[str, ...] = ()


class _Counted(_Table):
    symbols: tuple[str, ...]


class _File(_Table):
    counted: _Counted
    units: dict[str, _Unit]
    currencies: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _check(self) -> _File:
        known = get_global("all_currencies")
        unknown = [code for code in self.currencies if code not in known]
        if unknown:
            raise ValueError(f"not in ISO 4217: {', '.join(unknown)}")
        seen: dict[str, str] = {}
        rows = [(s, u.aliases) for s, u in self.units.items()] + list(self.currencies.items())
        for symbol, aliases in rows:
            for alias in aliases:
                if seen.setdefault(alias, symbol) != symbol:
                    raise ValueError(f"alias {alias!r} stands for {seen[alias]} and for {symbol}")
        return self


@dataclass(frozen=True, slots=True)
class Units:
    """The table of units. `aliases` maps language-neutral spellings, in lower case, to symbols.

    `press_currencies` are the codes that the table names: those that may be glued to a figure ("USD1,23").
    """

    dimensions: dict[str, str]
    factors: dict[str, Decimal]
    kinds: dict[str, str]
    aliases: dict[str, str]
    press_currencies: frozenset[str]
    currencies: frozenset[str]

    def is_currency(self, code: str) -> bool:
        """True for a code of ISO 4217, in upper case."""
        return code in self.currencies

    def dimension(self, unit: str) -> str:
        """The dimension of a unit symbol; `money` for a currency. Raises LookupError for an unknown unit."""
        found = self.dimensions.get(unit) or (MONEY if unit in self.currencies else None)
        if found is None:
            raise LookupError(f"unknown unit {unit!r}")
        return found

    def in_base(self, value: Decimal, unit: str) -> Decimal:
        """`value` in the base unit of its dimension; money stays in its currency."""
        return value * self.factors.get(unit, Decimal(1))

    def local_currency(self, sign: str, country: str) -> str | None:
        """The currency of `country` (ISO 3166-1) where `sign` may stand for it ("$" in Canada: CAD); else None."""
        for code in self.currencies_of(country):
            if any(code == unit and sign in alias for alias, unit in self.aliases.items()):
                return code
        return None

    def currencies_of(self, country: str) -> list[str]:
        """The currencies that `country` (ISO 3166-1) uses, in ISO 4217."""
        return list(get_territory_currencies(country))

    def convert(self, value: Decimal, source: str, target: str) -> Decimal:
        """`value` of `source` in `target`. Raises ValueError where dimensions differ or for two
        currencies.
        """
        if source == target:
            return value
        alike = (self.dimension(source), self.kinds.get(source)) == (
            self.dimension(target),
            self.kinds.get(target),
        )
        if not alike or self.is_currency(source):
            raise ValueError(f"no conversion from {source} to {target}")
        return value * self.factors[source] / self.factors[target]


@lru_cache(maxsize=1)
def load_units() -> Units:
    """The table in units.toml. Raises ValueError, naming the key, where it is not valid."""
    source = (files("pipeline") / "units.toml").read_text(encoding="utf-8")
    try:
        table = _File.model_validate(tomllib.loads(source))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"units.toml: {error}") from error
    dimensions = {s: s for s in table.counted.symbols} | {s: u.dimension for s, u in table.units.items()}
    factors = dict.fromkeys(table.counted.symbols, Decimal(1)) | {s: u.factor for s, u in table.units.items()}
    aliases = {a: s for s, u in table.units.items() for a in u.aliases}
    aliases |= {a: code for code, symbols in table.currencies.items() for a in symbols}
    kinds = {s: u.kind for s, u in table.units.items()}
    return Units(
        dimensions,
        factors,
        kinds,
        aliases,
        frozenset(table.currencies),
        frozenset(get_global("all_currencies")),
    )
