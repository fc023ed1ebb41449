"""The pack of one language: every word of it that the stages need."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from pydantic import Field, ValidationError, model_validator

from pipeline.language.base import Section, SegmentWords
from pipeline.language.cue_words import Cue, CueTable
from pipeline.language.date_words import DateWords
from pipeline.language.entity_words import EntityWords
from pipeline.language.link_words import LinkWords
from pipeline.language.number_words import NumberWords, QuantityWords
from pipeline.language.patterns import spell_out


class Pack(Section):
    """One language. Sections belong to the stage that reads them; `phrases` are alternatives that the patterns of
    cues name ("<name>"), `spellings` letters that may be written otherwise in all of them ("ß" as "ss")."""

    code: str
    segment: SegmentWords
    numbers: NumberWords
    quantities: QuantityWords
    dates: DateWords
    entities: EntityWords
    link: LinkWords
    phrases: dict[str, str] = Field(default_factory=dict)
    spellings: dict[str, str] = Field(default_factory=dict)
    cue: tuple[Cue, ...]

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Put the alternatives of `phrases` in the patterns that name them, before these are compiled."""
        phrases = data.get("phrases", {})
        spellings = tuple(data.get("spellings", {}).items())
        cues = [
            {**cue, "patterns": _spelled([spell_out(p, phrases) for p in cue.get("patterns", ())], spellings)}
            for cue in data.get("cue", ())
        ]
        return {**data, "cue": cues}

    @cached_property
    def cues(self) -> CueTable:
        """The [[cue]] blocks, compiled."""
        return CueTable(self.cue)


def _spelled(patterns: list[str], spellings: Iterable[tuple[str, str]]) -> list[str]:
    """`patterns` with those that come of writing a letter otherwise."""
    for letter, other in spellings:
        patterns = [*patterns, *(p.replace(letter, other) for p in patterns if letter in p)]
    return patterns


@lru_cache(maxsize=8)
def load_pack(code: str) -> Pack:
    """The pack of the language `code` (ISO 639-1).

    Raises LookupError where there is no such pack, ValueError (naming the key) where it is not valid.
    """
    source = files("pipeline") / "languages" / f"{code}.toml"
    if not source.is_file():
        raise LookupError(f"no language pack for {code!r}")
    try:
        return Pack.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"language pack {code}.toml: {error}") from error
