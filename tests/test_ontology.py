"""The table of fact types: it fits the contract, the units and itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from pipeline.ontology import FactType, Ontology, load_ontology
from pipeline.units import MONEY, load_units

ONTOLOGY = load_ontology()
UNITS = load_units()
DIMENSIONS = frozenset({*UNITS.dimensions.values(), MONEY})
# The contract's §2, group by group.
CONTRACT = {
    "volumes": "production_capacity production deliveries sales registrations orders exports stock recall",
    "money": "price price_change deposit subsidy lease investment revenue profit margin savings funding cost "
    "fine tariff",
    "ratios": "market_share growth",
    "organisation": "workforce jobs network stake",
    "vehicle": "range battery_capacity power torque acceleration top_speed charging_power charging_time consumption "
    "co2_emissions weight length width height wheelbase boot_volume",
    "events": "launch orders_opening deliveries_start production_start production_end production_halt plant_opening "
    "plant_closure approval partnership contract acquisition listing appointment departure ranking",
}


def test_the_table_has_no_problems() -> None:
    assert ONTOLOGY.problems(DIMENSIONS) == []


def test_the_types_are_those_of_the_contract() -> None:
    groups: dict[str, set[str]] = {group: set() for group in CONTRACT}
    for name, row in ONTOLOGY.types.items():
        groups[row.group].add(name)
    assert groups == {group: set(names.split()) for group, names in CONTRACT.items()}


@pytest.mark.parametrize("name", ONTOLOGY.types)
def test_every_type_is_described_and_has_a_subject(name: str) -> None:
    row = ONTOLOGY.types[name]
    assert row.description.strip() == row.description != ""
    assert row.subjects
    assert row.metric is None or row.metric in ONTOLOGY.types
    assert all(0 < weight <= 1 for weight in row.default.values())
    assert row.least is None or row.most is None or row.least < row.most


@pytest.mark.parametrize("name", [n for n, row in ONTOLOGY.types.items() if row.units])
def test_the_units_of_a_type_are_known_and_of_its_dimensions(name: str) -> None:
    row = ONTOLOGY.types[name]
    assert {UNITS.dimension(unit) for unit in row.units} <= set(row.dimensions)


@pytest.mark.parametrize("name", [n for n, row in ONTOLOGY.types.items() if row.figure != "none"])
def test_every_type_with_a_figure_admits_some_unit(name: str) -> None:
    units = {**UNITS.dimensions, "EUR": MONEY}
    assert any(name in ONTOLOGY.for_unit(unit, dimension) for unit, dimension in units.items())


@pytest.mark.parametrize(
    ("unit", "some", "none"),
    [
        ("EUR", {"price", "revenue", "fine"}, {"deliveries", "margin", "range"}),
        ("kWh", {"battery_capacity"}, {"power", "price"}),
        ("kW", {"power", "charging_power"}, {"battery_capacity"}),
        ("ch", {"power"}, {"charging_power"}),
        ("s", {"acceleration"}, {"charging_time"}),
        ("min", {"charging_time"}, {"acceleration"}),
        ("%", {"margin", "market_share", "growth", "stake", "tariff", "price_change"}, {"price", "jobs"}),
        ("rank", {"ranking"}, {"growth"}),
    ],
)
def test_types_of_a_unit(unit: str, some: set[str], none: set[str]) -> None:
    found = ONTOLOGY.for_unit(unit, UNITS.dimension(unit))
    assert some <= set(found)
    assert not none & set(found)
    assert found == [name for name in ONTOLOGY.types if name in found]


@pytest.mark.parametrize(
    ("value", "plausible"), [("20", True), ("19.99", False), ("-25000", True), ("40000000", False), ("0", True)]
)
def test_plausible_prices(value: str, plausible: bool) -> None:
    assert ONTOLOGY.types["price"].plausible(Decimal(value)) is plausible


def _row(**fields: object) -> FactType:
    return FactType.model_validate(
        {"description": "d", "group": "money", "subjects": ["company"], "dimensions": ["money"], **fields}
    )


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"dimensions": ["parsec"]}, "unknown dimension 'parsec'"),
        ({"default": {"energy": 0.5}}, "default for 'energy', not its own"),
        ({"dimensions": [], "figure": "required"}, "figure = 'required'"),
        ({"figure": "none"}, "figure = 'none'"),
    ],
)
def test_problems_name_the_type(fields: dict[str, object], problem: str) -> None:
    (found,) = Ontology(types={"odd": _row(**fields)}).problems(DIMENSIONS)
    assert found.startswith("odd: ")
    assert problem in found


@pytest.mark.parametrize("fields", [{"colour": "red"}, {"group": "other"}, {"subjects": ["cat"]}, {"figure": "maybe"}])
def test_a_row_with_an_unknown_key_or_value_is_an_error(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(fields))):
        _row(**fields)
