"""Paths to the list of sources to read, without opening any of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.schema import ErrorRecord

ARTICLE_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm"})
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One article to read: a file, or standard input where `path` is None. `name` is what reports call it."""

    name: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found: sources in reading order, the number of files of other kinds that were passed over, and
    what could not be looked into."""

    sources: tuple[Source, ...]
    skipped: int
    errors: tuple[ErrorRecord, ...]


def discover(paths: Sequence[Path | Literal["-"]]) -> Inputs:
    """The articles under `paths`, folders with all that is below them, in the order of their names.

    A file that is named itself is taken whatever its extension; in a folder only articles are, hidden files,
    folders and links that lead out of the folder are passed over. Each file is taken once.
    """
    sources: list[Source] = []
    errors: list[ErrorRecord] = []
    skipped = 0
    for path in paths:
        if path == STDIN:
            sources.append(Source(STDIN, None))
        elif isinstance(path, Path) and path.is_dir():
            found = _Folder(path)
            sources.extend(Source(_printable(file), file) for file in found.files())
            errors.extend(found.errors)
            skipped += found.skipped
        else:
            sources.append(Source(_printable(Path(path)), Path(path)))
    return Inputs(tuple(sources), skipped, tuple(errors))


def _printable(path: Path) -> str:
    """`path` with slashes, bytes of a file name that are no text replaced."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class _Folder:
    """One walk through a folder, with what it met."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.inside = root.resolve()
        self.errors: list[ErrorRecord] = []
        self.skipped = 0

    def files(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.root, onerror=self._refused):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if name.startswith("."):
                    continue
                path = Path(folder, name)
                if path.suffix.lower() in ARTICLE_SUFFIXES and self._may_follow(path):
                    yield path
                elif not self._is_sidecar(path):
                    self.skipped += 1

    def _refused(self, error: OSError) -> None:
        name = _printable(Path(error.filename or self.root))
        self.errors.append(ErrorRecord(path=name, reason="unreadable", message=error.strerror or str(error)))

    def _may_follow(self, path: Path) -> bool:
        """True for a file, and for a link that breaks (which is then reported) or stays in the folder."""
        return not path.is_symlink() or not path.exists() or path.resolve().is_relative_to(self.inside)

    @staticmethod
    def _is_sidecar(path: Path) -> bool:
        return path.suffix == ".json" and any(
            path.with_suffix(suffix).exists() for suffix in ARTICLE_SUFFIXES
        )
