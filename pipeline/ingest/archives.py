"""The files of zip and tar archives, read in place: nothing is written to disk, and names are only names."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, TypeVar, cast

from pipeline.ingest.discover import PassedOver, article_stem, why_passed_over
from pipeline.ingest.kinds import stem_of
from pipeline.ingest.options import IngestError
from pipeline.ingest.unpack import Short

_T = TypeVar("_T")
# A long name or list of properties, which the library takes in whole before it says what it is.
_EXTENDED = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
_EXTENDED_LIMIT = 1_000_000
_ENCRYPTED = 0x1
# What zipfile and tarfile raise, themselves or for the data in them.
BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: opened while the archive is, in a tar before the next member is asked for.

    `packed` is the number of bytes that it takes in the archive. Opening raises IngestError, and it, like reading,
    what `BROKEN` lists.
    """

    name: str
    packed: int
    open: Callable[[], BinaryIO]
    open_sidecar: Callable[[], BinaryIO | None]


def zip_members(stream: BinaryIO) -> Iterator[Member | PassedOver]:
    """The files of the zip archive `stream`, which must be able to seek, in its order; with sidecars.

    Its list of contents is held in memory. Raises what `BROKEN` lists.
    """
    with _zip(partial(zipfile.ZipFile, stream)) as archive:
        stems: dict[PurePosixPath, set[str]] = defaultdict(set)
        infos = {info.filename: info for info in archive.infolist()}
        for path in map(PurePosixPath, infos):
            if stem := article_stem(path.name):
                stems[path.parent].add(stem)
        for info in archive.infolist():
            path = PurePosixPath(info.filename)
            if info.filename.endswith("/"):  # a folder; `is_dir` fails where there is no name
                continue
            if why := _why(path, stems[path.parent]):
                yield PassedOver(shown(info.filename), why)
                continue
            beside = infos.get(str(path.with_name(f"{stem_of(path.name)}.json")))
            yield Member(
                shown(info.filename),
                info.compress_size,
                partial(_open_in_zip, archive, info),
                partial(_open_in_zip, archive, beside) if beside and beside is not info else lambda: None,
            )


def tar_members(stream: io.BufferedReader) -> Iterator[Member | PassedOver]:
    """The files of the tar archive `stream` in its order; without sidecars, which may come before or after.

    Links and devices are passed over. Raises what `BROKEN` lists.
    """
    short = Short(stream)
    with tarfile.open(fileobj=cast("BinaryIO", short), mode="r|", tarinfo=_Header) as archive:
        while (info := archive.next()) is not None:
            # The archive would keep all that it has passed.
            archive.members = []  # type: ignore[attr-defined]
            if info.isdir():
                continue
            why = _why(PurePosixPath(info.name), ()) if info.isfile() else "a link or device"
            if why:
                yield PassedOver(shown(info.name), why)
            else:
                opened = cast("Callable[[], BinaryIO]", partial(archive.extractfile, info))
                yield Member(shown(info.name), info.size, opened, lambda: None)
    if short.count % tarfile.BLOCKSIZE:
        raise tarfile.ReadError("it is cut off")


class _Header(tarfile.TarInfo):
    """A header whose name is no longer than a name can be."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _EXTENDED and self.size > _EXTENDED_LIMIT:
            raise tarfile.ReadError(f"a header of {self.size} bytes")
        # Meant to be overridden, as its source says.
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]


def shown(name: str) -> str:
    """`name` as it can be printed: control characters and what is no text replaced."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def in_memory(data: bytes) -> io.BufferedReader:
    """`data` as a stream that can seek."""
    return io.BufferedReader(cast("io.RawIOBase", io.BytesIO(data)))


def _why(path: PurePosixPath, stems: set[str] | tuple[()]) -> str | None:
    hidden = any(part.startswith(".") and part != ".." for part in path.parts) or "__MACOSX" in path.parts
    return "hidden" if hidden else why_passed_over(path.name, stems)


def _open_in_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    if info.flag_bits & _ENCRYPTED:
        raise IngestError("encrypted", "the file is encrypted")
    return cast("BinaryIO", _zip(partial(archive.open, info)))


def _zip(open_: Callable[[], _T]) -> _T:
    """What `open_` gives. A broken archive leads the library to places that are not there."""
    try:
        return open_()
    except (OSError, IndexError, ValueError, OverflowError, struct.error) as error:
        raise zipfile.BadZipFile(str(error)) from error
