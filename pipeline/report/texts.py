"""The words of the report, `texts.toml`, loaded and checked: every entry in every language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipeline.ontology import load_ontology
from pipeline.schema import Mod, Modality, Qualifier

Translated = dict[str, str]
"""One text by language code."""
Table = dict[str, Translated]


class Texts(BaseModel):
    """The tables of `texts.toml`; `languages` maps codes to the languages' own names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: dict[str, str]
    ui: Table
    modality: Table
    modality_notes: Table
    groups: Table
    types: Table
    units: Table
    rates: Table
    qualifiers: Table
    joined: Table
    periods: Table
    period_mods: Table
    basis: Table

    @model_validator(mode="after")
    def _whole(self) -> Texts:
        for table, rows in self._tables().items():
            for key, row in rows.items():
                if row.keys() != self.languages.keys():
                    wanted, given = ", ".join(self.languages), ", ".join(row)
                    raise ValueError(f"{table}.{key}: has {given}; the languages are {wanted}")
        ontology = load_ontology()
        for table, rows, wanted_keys in (
            ("types", self.types, ontology.types.keys()),
            ("groups", self.groups, {row.group for row in ontology.types.values()}),
            ("modality", self.modality, set(Modality)),
            ("modality_notes", self.modality_notes, set(Modality)),
            ("qualifiers", self.qualifiers, set(Qualifier)),
            ("period_mods", self.period_mods, set(Mod)),
        ):
            if different := set(rows) ^ set(wanted_keys):
                raise ValueError(f"{table}: missing or unknown: {', '.join(sorted(different))}")
        return self

    def for_page(self, lang: str) -> dict[str, dict[str, str]]:
        """The tables that the page itself needs, in one language."""
        tables: dict[str, Mapping[str, Translated]] = {
            "ui": self.ui,
            "modality": self.modality,
            "groups": self.groups,
            "types": self.types,
            "basis": self.basis,
            "joined": self.joined,
        }
        return {name: {key: row[lang] for key, row in rows.items()} for name, rows in tables.items()}

    def _tables(self) -> dict[str, Mapping[str, Translated]]:
        return {name: getattr(self, name) for name in type(self).model_fields if name != "languages"}


@lru_cache(maxsize=1)
def load_texts() -> Texts:
    """The words that ship with the package. Raises ValueError, naming the key, where they are not whole."""
    return parse_texts((files("pipeline.report") / "texts.toml").read_text(encoding="utf-8"))


def parse_texts(source: str) -> Texts:
    """The words in TOML `source`. Raises ValueError as `load_texts`."""
    try:
        return Texts.model_validate(tomllib.loads(source))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"texts.toml: {error}") from error


def languages() -> tuple[str, ...]:
    """Codes of the languages of the interface."""
    return tuple(load_texts().languages)
