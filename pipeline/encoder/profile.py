"""How much is spent on an article: rules alone, or rules with the encoder."""

from __future__ import annotations

from enum import StrEnum


class Profile(StrEnum):
    """`fast`: rules only. `accurate`: with the encoder, whose model must be installed."""

    FAST = "fast"
    ACCURATE = "accurate"
