"""Which charts the report has, `charts.toml`, loaded and checked."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.ontology import load_ontology
from pipeline.report.texts import Translated, languages
from pipeline.schema import Kind, Modality


class ChartSettings(BaseModel):
    """One chart; the fields are described at the head of `charts.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z_]+$")
    form: Literal["spans", "spread", "revisions"]
    types: tuple[str, ...] = ()
    subjects: tuple[Kind, ...] = ()
    modalities: tuple[Modality, ...] = tuple(Modality)
    dimensions: tuple[str, ...] = ()
    rate: str | None = None
    rows: Literal["subject", "place"] = "subject"
    panels: int = Field(default=1, ge=1)
    rows_most: int = Field(default=10, ge=1)
    least: int = Field(default=1, ge=1)
    title: Translated
    note: Translated

    @model_validator(mode="after")
    def _known(self) -> ChartSettings:
        if unknown := set(self.types) - load_ontology().types.keys():
            raise ValueError(f"{self.id}: no such type: {', '.join(sorted(unknown))}")
        if any(text.keys() != set(languages()) for text in (self.title, self.note)):
            raise ValueError(f"{self.id}: title and note must be in {', '.join(languages())}")
        return self


class ChartTable(BaseModel):
    """All charts; facts below `least_confidence` are not drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_confidence: float = Field(ge=0, le=1)
    charts: tuple[ChartSettings, ...]


@lru_cache(maxsize=1)
def load_chart_table() -> ChartTable:
    """The table that ships with the package. Raises ValueError, naming the key, where it is not valid."""
    return parse_chart_table((files("pipeline.report") / "charts.toml").read_text(encoding="utf-8"))


def parse_chart_table(source: str) -> ChartTable:
    """The table in TOML `source`. Raises ValueError as `load_chart_table`."""
    try:
        return ChartTable.model_validate(tomllib.loads(source))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"charts.toml: {error}") from error
