"""The table corpus.toml: kinds of article, basis words, limits, shares of the splits."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class CorpusSettings(BaseModel):
    """The fields are described in `corpus.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: frozenset[str]
    basis: frozenset[str]
    length: tuple[int, int]
    sentence_words: int = Field(gt=1)
    shingle_words: int = Field(gt=1)
    alike: float = Field(gt=0, le=1)
    apart: frozenset[str]
    shares: dict[str, float]


@lru_cache(maxsize=1)
def load_settings() -> CorpusSettings:
    """The table that ships with the package. Raises ValueError, naming the key, where it is not valid."""
    source = files("pipeline.corpus") / "corpus.toml"
    try:
        return CorpusSettings.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"corpus.toml: {error}") from error
