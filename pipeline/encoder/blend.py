"""Rules and encoder together: how far each is believed, part by part, as a curve that was fitted to predictions on
articles that the encoder had not learned from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

BLEND = "blend.json"
Features = Mapping[str, float]


class Blend(BaseModel):
    """Weights of features by the part of a statement that they bear on (`type`, `modality`, or a slot). A part without
    weights is left as the rules say. A name that no rule knows is believed from the probability `names_from` on, and
    without it never."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, dict[str, float]] = {}
    names_from: float | None = Field(default=None, ge=0, le=1)

    def decides(self, part: str) -> bool:
        """Whether the encoder has a say about `part`."""
        return bool(self.weights.get(part))

    def logs(self, part: str, options: Sequence[Features]) -> list[float]:
        """The logarithm of the probability of each of `options`, of which one is right, by their features."""
        known = self.weights.get(part, {})
        scores = [math.fsum(known.get(name, 0.0) * value for name, value in each.items()) for each in options]
        top = max(scores, default=0.0)
        total = top + math.log(math.fsum(math.exp(score - top) for score in scores)) if scores else 0.0
        return [score - total for score in scores]


def load_blend(folder: Path) -> Blend:
    """The blend of the model in `folder`. Raises FileNotFoundError, and ValueError naming the file if not valid."""
    path = folder / BLEND
    try:
        return Blend.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path}: {error}") from error
