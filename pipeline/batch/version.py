"""Which extractor this is: results of another one are not mixed with its own."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pipeline import __version__
from pipeline.versions import models_folder

_SUFFIXES = (".py", ".toml", ".csv", ".txt", ".json", ".safetensors", ".onnx")
_MODELS = "models/"


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """The package's version with a hash of its code, data and models: a changed rule, pack, name or weight is a new
    version."""
    digest = hashlib.sha256()
    ours = [each for each in _contents(files("pipeline"), "") if not each[0].startswith(_MODELS)]
    for name, content in sorted([*ours, *_contents(models_folder(), _MODELS)]):
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return f"{__version__}+{digest.hexdigest()[:12]}"


def _contents(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _contents(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_SUFFIXES):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
