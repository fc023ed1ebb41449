"""The tools and the forms of files, by the names under which the command line knows them."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The tools."""

    LABEL_STUDIO = "label-studio"
    BRAT = "brat"
    DOCCANO = "doccano"


class Form(StrEnum):
    """What an import writes: NAME.yaml as annotators write it, or NAME.json as `corpus build` does."""

    ANNOTATIONS = "annotations"
    GOLD = "gold"


class Offsets(StrEnum):
    """What offsets count."""

    UTF16 = "utf-16"
    CODE_POINTS = "code-points"
