"""Facts about the motor industry out of news articles: `from pipeline import extract; extract(text)`.

The names below are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.extract import Extractor, extract
    from pipeline.schema import Article, Extraction, Fact, Span

__version__ = "0.1.0"
__all__ = ["Article", "Extraction", "Extractor", "Fact", "Span", "__version__", "extract"]

_HOMES = {
    "Article": "pipeline.schema",
    "Extraction": "pipeline.schema",
    "Extractor": "pipeline.extract",
    "Fact": "pipeline.schema",
    "Span": "pipeline.schema",
    "extract": "pipeline.extract",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """The package, whose `extract` is the function: loading the module of that name would hide it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name == "extract" and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
