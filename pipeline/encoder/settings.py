"""What a model of the encoder was built for: its labels and sizes, kept beside it as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.encoder.question import NAME_LABELS, Slot
from pipeline.schema import Modality, Polarity

CONFIG = "encoder.json"
OUTSIDE = "O"
_LONGEST_SPAN = 32  # pieces; an anchor that the end of one passage cuts lies whole in the next


class EncoderSettings(BaseModel):
    """Labels in the order of the model's outputs, and the sizes of its passages in pieces.

    A passage is the article's first sentence, at most `title` pieces of it, and up to `room` pieces of running text, of
    which `before` stand ahead of the first anchor and `after` behind the last.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: tuple[str, ...]  # the first is "", for figures that state nothing
    modalities: tuple[Modality, ...] = tuple(Modality)
    polarities: tuple[Polarity, ...] = tuple(Polarity)
    slots: tuple[Slot, ...] = tuple(Slot)
    marks: tuple[str, ...]
    tags: tuple[str, ...] = (OUTSIDE, *(f"{part}-{label}" for label in NAME_LABELS for part in "BI"))
    title: int = Field(default=48, ge=0)
    room: int = Field(default=320, gt=0)
    before: int = Field(default=128, ge=0)
    after: int = Field(default=40, ge=0)
    reach: int = Field(default=24, ge=0)  # pieces on both sides of an anchor that tell what it states
    begin: int = 0  # ids of the pieces that open and close a passage
    end: int = 2

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.types[:1] != ("",):
            raise ValueError('the first of types must be "", for figures that state nothing')
        if self.before + self.after + _LONGEST_SPAN > self.room:
            raise ValueError(f"room for {self.room} pieces is too little for context and an anchor")
        return self


def load_settings(folder: Path) -> EncoderSettings:
    """The settings of the model in `folder`. Raises FileNotFoundError, and ValueError naming the file if not valid."""
    path = folder / CONFIG
    try:
        return EncoderSettings.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path}: {error}") from error
