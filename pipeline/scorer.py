"""The learned scorer: how likely a candidate is right, from the evidence that the rules give."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pipeline.versions import models_folder

SCORER = "scorer.json"
MANIFEST = "manifest.toml"
Probability = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Odds:
    """The probability that type and figure are right (`core`), and that the subject is right too (`right`)."""

    core: float
    right: float


class Weights(BaseModel):
    """A logistic curve: the weight of each feature by its name, and the bias."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    features: dict[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """The value of the curve (0 to 1) for `features`; unknown ones count nothing."""
        known = self.features
        score = self.bias + math.fsum([known.get(name, 0.0) * value for name, value in features.items()])
        return 1.0 / (1.0 + math.exp(-score))


class Scorer(BaseModel):
    """Two curves over the same features. A candidate whose `core` lies below `reject_below` states nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    core: Weights
    right: Weights
    reject_below: Probability

    def odds(self, features: Mapping[str, float]) -> Odds:
        """How likely a candidate with these features (`link.evidence`) is right."""
        core = self.core.probability(features)
        return Odds(core, min(core, self.right.probability(features)))


@cache
def load_scorer(folder: Path | None = None) -> Scorer:
    """The trained scorer of `folder` (by default that of the package), held against the checksum of its manifest.

    Raises FileNotFoundError where there is none, ValueError for one that is not the one of the manifest.
    """
    folder = folder or models_folder()
    data = (folder / SCORER).read_bytes()
    manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    wanted = manifest.get(Path(SCORER).stem, {}).get("sha256")
    if hashlib.sha256(data).hexdigest() != wanted:
        raise ValueError(f"{folder / SCORER}: is not the model of {MANIFEST} (sha256 differs)")
    return Scorer.model_validate_json(data)
