"""The table of fact types, `ontology.toml`, loaded and cross-checked."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.schema import Kind


class FactType(BaseModel):
    """One row of the table; the fields are described at the head of `ontology.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str
    group: Literal["volumes", "money", "ratios", "organisation", "vehicle", "events"]
    dimensions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    default: dict[str, float] = Field(default_factory=dict)
    subjects: tuple[Kind, ...]
    objects: tuple[Kind, ...] = ()
    object_class: str | None = None
    figure: Literal["required", "optional", "none"] = "required"
    inherits_period: bool = False
    cumulates: bool = False
    of_made: bool = False
    takes_effect: bool = False
    place: bool = False
    local: bool = False
    lift_subject: bool = False
    state: bool = False
    announced: bool = False
    intended: bool = False
    foretold: bool = False
    explicit: bool = False
    of_whole: bool = False
    change: bool = False
    signed: float = 0.0
    fronted: float = 0.0
    holding: float = 0.0
    counts_as: dict[str, str] = Field(default_factory=dict)
    least: Decimal | None = None
    most: Decimal | None = None
    metric: str | None = None
    needs: tuple[Literal["object", "period", "place"], ...] = ()
    patient: Literal["subject", "object"] = "object"
    inherits_object: bool = False
    receives: bool = False
    mutual: bool = False

    def admits(self, unit: str, dimension: str) -> bool:
        """Whether a figure of this unit and dimension may belong to the type."""
        return dimension in self.dimensions and (not self.units or unit in self.units)

    @property
    def of_model(self) -> bool:
        """Whether the type counts what a maker or one model of its sells."""
        return self.cumulates and Kind.MODEL in self.subjects

    @property
    def keeps_market(self) -> bool:
        """Whether a market spoken of before may go on to be the subject; what makers have above all it
        has only where it is named."""
        return self.inherits_period or self.subjects[0] not in (Kind.COMPANY, Kind.BRAND)

    def plausible(self, value: Decimal) -> bool:
        """Whether a figure of this size may belong to the type; a zero always may."""
        least, most = self.least, self.most
        if least is None and most is None:
            return True
        size = abs(value)
        return not size or ((least is None or size >= least) and (most is None or size <= most))


class Ontology(BaseModel):
    """All fact types by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: dict[str, FactType]

    def for_unit(self, unit: str, dimension: str) -> list[str]:
        """Names of the types that a figure of this unit may have, in the order of the table."""
        known = self._by_unit.get((unit, dimension))
        if known is None:
            named = self.by_dimension.get(dimension, ())
            known = [name for name in named if self.types[name].admits(unit, dimension)]
            self._by_unit[unit, dimension] = known
        return known

    @cached_property
    def _by_unit(self) -> dict[tuple[str, str], list[str]]:
        """What `for_unit` has found so far."""
        return {}

    @cached_property
    def levels(self) -> frozenset[str]:
        """Names of the types whose figures are no changes."""
        return frozenset(name for name, row in self.types.items() if not row.change)

    @cached_property
    def mutual(self) -> frozenset[str]:
        """Names of the types that bind both parties alike."""
        return frozenset(name for name, row in self.types.items() if row.mutual)

    @cached_property
    def explicit(self) -> frozenset[str]:
        """Names of the types that need a word of their own in the sentence."""
        return frozenset(name for name, row in self.types.items() if row.explicit)

    @cached_property
    def leading(self) -> dict[str, frozenset[str]]:
        """Names of the types by the first of their dimensions."""
        first = {name: row.dimensions[0] for name, row in self.types.items() if row.dimensions}
        return {d: frozenset(n for n, own in first.items() if own == d) for d in first.values()}

    @cached_property
    def by_dimension(self) -> dict[str, list[str]]:
        """Names of the types by the dimensions that their figures may have."""
        found: dict[str, list[str]] = {}
        for name, row in self.types.items():
            for dimension in dict.fromkeys(row.dimensions):
                found.setdefault(dimension, []).append(name)
        return found

    def problems(self, dimensions: frozenset[str]) -> list[str]:
        """What does not fit: dimensions that units.toml does not know, defaults outside the type's dimensions."""
        found = []
        for name, row in self.types.items():
            found += [f"{name}: unknown dimension {d!r}" for d in row.dimensions if d not in dimensions]
            found += [f"{name}: default for {d!r}, not its own" for d in row.default if d not in row.dimensions]
            if bool(row.dimensions) == (row.figure == "none"):
                found.append(f"{name}: figure = {row.figure!r} with dimensions {row.dimensions}")
        return found


@lru_cache(maxsize=1)
def load_ontology() -> Ontology:
    """The table that ships with the package. Raises ValueError, naming the type, where it is not valid."""
    source = files("pipeline") / "ontology.toml"
    try:
        return Ontology.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"ontology.toml: {error}") from error
