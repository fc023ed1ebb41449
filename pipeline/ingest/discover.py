"""Paths and addresses to the sources to read, one after the other, without opening any of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.ingest.kinds import SINGLE, kind_of, stem_of
from pipeline.ingest.options import IngestError
from pipeline.ingest.remote import RemoteFile, at_address, is_address
from pipeline.schema import ErrorRecord

STDIN = "-"
UNKNOWN = "no known kind"
_LOCAL = "file://"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read, here or elsewhere, or standard input where `place` is None.

    `name` is what reports call it. `named` is true where it was given itself, not found in a folder: then it is read
    whatever its extension.
    """

    name: str
    place: Path | RemoteFile | None
    named: bool = False

    @property
    def file_name(self) -> str:
        return self.place.name if self.place else ""

    @property
    def key(self) -> str:
        """The same for two names of one file."""
        return str(self.place.resolve()) if isinstance(self.place, Path) else self.name

    def open(self) -> BinaryIO:
        """The bytes of the file, or standard input. Raises OSError where it cannot be opened."""
        return sys.stdin.buffer if self.place is None else self.place.open("rb")

    def open_sidecar(self) -> BinaryIO | None:
        """The `NAME.json` beside an article `NAME.txt`; None where there is none."""
        if self.place is None:
            return None
        sidecar = self.place.with_name(f"{stem_of(self.place.name)}.json")
        if sidecar == self.place or not sidecar.is_file() or _leads_away(sidecar):
            return None
        return sidecar.open("rb")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that is not read, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Survey:
    """How many sources there are, how many files are of no known kind, and what could not be looked into."""

    sources: int
    passed_over: int
    errors: tuple[ErrorRecord, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was asked to be read. Nothing is listed before it is walked through, and nothing is kept."""

    paths: tuple[Path | str, ...]

    def walk(self) -> Iterator[Source | PassedOver | ErrorRecord]:
        """Everything under the paths in the order of reading: as given, in folders by name, folders last."""
        for path in self.paths:
            if path == STDIN:
                yield Source(STDIN, None, named=True)
            elif isinstance(path, str) and is_address(path):
                yield from _remote(path)
            elif Path(path).is_dir():
                yield from _folder(Path(path))
            else:
                yield Source(_printable(Path(path)), Path(path), named=True)

    def sources(self) -> Iterator[Source]:
        """The sources among what `walk` gives."""
        return (found for found in self.walk() if isinstance(found, Source))

    def survey(self) -> Survey:
        """Walks through all and counts."""
        sources = passed_over = 0
        errors = []
        for found in self.walk():
            if isinstance(found, ErrorRecord):
                errors.append(found)
            elif isinstance(found, Source):
                sources += 1
            else:
                passed_over += found.why == UNKNOWN
        return Survey(sources, passed_over, tuple(errors))


def discover(paths: Sequence[Path | str]) -> Inputs:
    """The files under `paths`: files, folders with all that is below them, addresses ("s3://bucket/folder"), "-".

    A file that is named itself is taken whatever its extension; in a folder only files of a known kind are; hidden
    files, folders and links that lead out of the folder are passed over.
    """
    return Inputs(tuple(_place(path) for path in paths))


def why_passed_over(name: str, stems: Collection[str]) -> str | None:
    """Why the file `name` of a folder or archive is not read, None where it is; `stems` are those of the single
    articles beside it."""
    if name.startswith("."):
        return "hidden"
    if name.lower().endswith(".json") and stem_of(name) in stems:
        return "sidecar"
    return None if kind_of(name) else UNKNOWN


def article_stem(name: str) -> str | None:
    """The stem of a file that holds a single article, which may have a sidecar; else None."""
    kind = kind_of(name)
    return stem_of(name) if kind and kind.layout in SINGLE else None


def _place(path: Path | str) -> Path | str:
    if isinstance(path, Path) or path == STDIN or is_address(path):
        return path
    return Path(path.removeprefix(_LOCAL))


def _printable(path: Path) -> str:
    """`path` with slashes, bytes of a file name that are no text replaced."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _folder(root: Path) -> Iterator[Source | PassedOver | ErrorRecord]:
    refused: list[OSError] = []
    inside = root.resolve()
    for folder, folders, names in os.walk(root, onerror=refused.append):
        yield from _refused(refused, root)
        yield from (PassedOver(_printable(Path(folder, name)), "hidden") for name in folders if name.startswith("."))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (
            PassedOver(_printable(Path(folder, name)), "a link to a folder")
            for name in folders
            if os.path.islink(os.path.join(folder, name))
        )
        stems = {stem for name in names if (stem := article_stem(name))}
        for name in sorted(names):
            path = Path(folder, name)
            why = why_passed_over(name, stems) or _why_not_opened(path, inside)
            yield PassedOver(_printable(path), why) if why else Source(_printable(path), path)
    yield from _refused(refused, root)


def _refused(errors: list[OSError], root: Path) -> Iterator[ErrorRecord]:
    while errors:
        error = errors.pop(0)
        name = _printable(Path(error.filename or root))
        yield ErrorRecord(path=name, reason="unreadable", message=error.strerror or str(error))


def _why_not_opened(path: Path, inside: Path) -> str | None:
    """Why what is found in the folder `inside` is not opened: a pipe would never end, a link could lead anywhere. None
    for a file, and for a link that breaks (which is then reported) or stays in the folder."""
    if path.is_symlink() and path.exists() and not path.resolve().is_relative_to(inside):
        return "a link out of the folder"
    return "no regular file" if path.exists() and not path.is_file() else None


def _leads_away(path: Path | RemoteFile) -> bool:
    """True for a link out of the folder in which it lies."""
    return isinstance(path, Path) and path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve())


def _remote(address: str) -> Iterator[Source | PassedOver | ErrorRecord]:
    try:
        place = at_address(address)
        if place.is_dir():
            yield from _remote_folder(place)
        else:
            yield Source(place.address, place, named=True)
    except IngestError as error:
        yield ErrorRecord(path=address, reason=error.reason, message=error.message)
    except Exception as error:  # each protocol has errors of its own
        yield ErrorRecord(path=address, reason="unreadable", message=f"{type(error).__name__}: {error}")


def _remote_folder(folder: RemoteFile) -> Iterator[Source | PassedOver | ErrorRecord]:
    files, folders = folder.children()
    stems = {stem for file in files if (stem := article_stem(file.name))}
    for file in files:
        why = why_passed_over(file.name, stems)
        yield PassedOver(file.address, why) if why else Source(file.address, file)
    for below in folders:
        if below.name.startswith("."):
            yield PassedOver(below.address, "hidden")
        else:
            yield from _remote_folder(below)
