"""The pack of one language: every word of it that the stages need."""

from __future__ import annotations

import tomllib
from functools import cached_property, lru_cache
from importlib.resources import files

from pydantic import ValidationError

from pipeline.language.base import Section, SegmentWords
from pipeline.language.cue_words import Cue, CueTable
from pipeline.language.date_words import DateWords
from pipeline.language.entity_words import EntityWords
from pipeline.language.link_words import LinkWords
from pipeline.language.number_words import NumberWords, QuantityWords


class Pack(Section):
    """One language. Sections belong to the stage that reads them."""

    code: str
    segment: SegmentWords
    numbers: NumberWords
    quantities: QuantityWords
    dates: DateWords
    entities: EntityWords
    link: LinkWords
    cue: tuple[Cue, ...]

    @cached_property
    def cues(self) -> CueTable:
        """The [[cue]] blocks, compiled."""
        return CueTable(self.cue)


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
