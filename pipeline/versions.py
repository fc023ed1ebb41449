"""What is installed: the versions of the package and of its data."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pipeline import __version__

DATA = (".toml", ".csv", ".txt", ".json", ".safetensors", ".onnx", ".bin")
_CHECKSUMS = "manifest.toml"
_FOLDERS = {"languages": "language", "models": "model"}


def models_folder() -> Path:
    """The folder of the trained models: that which the variable AUTOFACTS_MODELS names, else in an installed package
    the one inside it, in a checkout the one beside it."""
    if named := os.environ.get("AUTOFACTS_MODELS"):
        return Path(named)
    package = Path(__file__).parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def versions() -> dict[str, str]:
    """Names and versions, the package's first. Data (language packs, names, models, tables) has a hash for a version,
    the first 12 digits of its SHA-256: the same data, the same facts."""
    root = files("pipeline")
    found = {"autofacts": __version__, "python": platform.python_version()}
    entries: dict[str, Traversable] = {entry.name: entry for entry in root.iterdir()}
    entries["models"] = models_folder()
    for _, entry in sorted(entries.items()):
        if entry.name in _FOLDERS:
            members = sorted(entry.iterdir(), key=lambda member: member.name)
            members = [member for member in members if member.name != _CHECKSUMS]
            named = [(f"{_FOLDERS[entry.name]} {member.name.rpartition('.')[0]}", member) for member in members]
        else:
            named = [(entry.name.removesuffix(".toml"), entry)]
        found |= {name: _hash(part) for name, part in named if _is_data(part)}
    return found


def _is_data(entry: Traversable) -> bool:
    return next(contents(entry, DATA), None) is not None and not _has_code(entry)


def _has_code(entry: Traversable) -> bool:
    return entry.is_dir() and any(member.name.endswith(".py") for member in entry.iterdir())


def _hash(entry: Traversable) -> str:
    return digest_of(contents(entry, DATA))


def contents(entry: Traversable, suffixes: tuple[str, ...], prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Path, with `prefix` before it, and content of the files with one of `suffixes` that `entry` is or holds."""
    if entry.is_dir():
        for member in sorted(entry.iterdir(), key=lambda member: member.name):
            yield from contents(member, suffixes, f"{prefix}{member.name}/" if member.is_dir() else prefix)
    elif entry.name.endswith(suffixes):
        yield prefix + entry.name, entry.read_bytes()


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """The first 12 digits of the SHA-256 over names, lengths and contents."""
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]
