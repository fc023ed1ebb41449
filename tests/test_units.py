"""Units: dimensions, conversions, currencies."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.units import load_units

UNITS = load_units()


@pytest.mark.parametrize(
    ("unit", "dimension"),
    [
        ("EUR", "money"), ("CZK", "money"), ("vehicle", "vehicle"), ("order", "order"), ("person", "person"),
        ("job", "job"), ("outlet", "outlet"), ("station", "station"), ("plant", "plant"),
        ("market", "market"),
        ("model", "model"), ("battery", "battery"), ("%", "percent"), ("x", "factor"), ("rank", "rank"),
        ("kWh", "energy"), ("ch", "power"), ("Nm", "torque"), ("km", "distance"), ("mi", "distance"),
        ("km/h", "speed"), ("min", "time"), ("l/100km", "consumption"), ("kWh/100km", "consumption"),
        ("g/km", "emissions"), ("t", "mass"), ("mm", "length"), ("l", "volume"),
    ],
)  # fmt: skip
def test_dimension(unit: str, dimension: str) -> None:
    assert UNITS.dimension(unit) == dimension


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [("150", "kW", "ch", "203.94"), ("100", "mi", "km", "160.93"), ("90", "min", "h", "1.5"),
     ("1.2", "t", "kg", "1200"), ("454", "cm", "m", "4.54"), ("2", "GWh", "kWh", "2000000"),
     ("5", "EUR", "EUR", "5")],
)  # fmt: skip
def test_convert(value: str, source: str, target: str, expected: str) -> None:
    assert round(UNITS.convert(Decimal(value), source, target), 2) == Decimal(expected)


@pytest.mark.parametrize(("source", "target"), [("EUR", "USD"), ("kW", "km"), ("l/100km", "kWh/100km")])
def test_no_conversion_between_currencies_dimensions_or_kinds(source: str, target: str) -> None:
    with pytest.raises(ValueError, match="no conversion"):
        UNITS.convert(Decimal(1), source, target)


def test_unknown_unit() -> None:
    with pytest.raises(LookupError, match="parsec"):
        UNITS.dimension("parsec")


def test_currencies_are_those_of_iso_4217() -> None:
    assert UNITS.is_currency("SEK")
    assert not UNITS.is_currency("ABC")
    assert not UNITS.is_currency("eur")
    assert all(UNITS.is_currency(code) for code in UNITS.press_currencies)


@pytest.mark.parametrize(
    ("sign", "country", "currency"),
    [("$", "CA", "CAD"), ("$", "US", "USD"), ("$", "FR", None), ("¥", "CN", "CNY"), ("€", "FR", "EUR")],
)
def test_a_sign_in_the_money_of_a_country(sign: str, country: str, currency: str | None) -> None:
    assert UNITS.local_currency(sign, country) == currency


@pytest.mark.parametrize(("value", "unit", "base"), [("3", "t", "3000"), ("5", "mi", "8.04672"), ("7", "EUR", "7")])
def test_the_base_unit(value: str, unit: str, base: str) -> None:
    assert UNITS.in_base(Decimal(value), unit) == Decimal(base)
