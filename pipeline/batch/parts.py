"""The files of a run: parts that appear whole while it goes on, and the whole files that take their place."""

from __future__ import annotations

import re
import shutil
import time
import zlib
from pathlib import Path
from typing import BinaryIO

from pipeline.batch.ledger import WHOLE, Entry, Ledger, State
from pipeline.batch.outputs import OUTPUTS, PARTS, part_name
from pipeline.batch.work import Outcome
from pipeline.emit import AtomicFiles, publish_sealed, remove_partial

_PART_ITEMS, _PART_BYTES, _PART_SECONDS = 2_000, 32_000_000, 10.0
_OPEN_FILES = 64
_NUMBERED = re.compile(r"-(\d+)\.")


class DamagedOutputError(Exception):
    """Lines that the ledger knows are no longer what they were."""


class PartWriter:
    """Collects outcomes in files of a part, and commits it to the ledger when it is large or old enough.

    At most 2,000 items, 32 MB or ten seconds of work are lost where a process ends without `commit`.
    """

    def __init__(self, output: Path, ledger: Ledger) -> None:
        self._folder = output / PARTS
        self._ledger = ledger
        self._entries: list[Entry] = []
        self._files = AtomicFiles(self._folder)
        self._bytes = 0
        self._since = time.monotonic()

    def add(self, key: bytes, seq: int, outcome: Outcome) -> bool:
        """Add the lines of the item `key` at the place `seq`; true where this has filled the part."""
        if not self._entries:
            self._number, self._since = self._ledger.next_part(), time.monotonic()
        at = tuple(
            self._files.append(part_name(name, self._number), lines) if lines else 0
            for name, lines in zip(OUTPUTS, outcome.lines, strict=True)
        )
        entry = Entry(
            key=key,
            run=self._ledger.run,
            seq=seq,
            part=self._number,
            checksum=_checksum(outcome.lines),
            quarantined=outcome.quarantined is not None,
            counts=outcome.counts,
            at=at,
            size=tuple(map(len, outcome.lines)),
        )
        self._entries.append(entry)
        self._bytes += sum(entry.size)
        large = len(self._entries) >= _PART_ITEMS or self._bytes >= _PART_BYTES
        return large or time.monotonic() - self._since >= _PART_SECONDS

    def commit(self) -> None:
        """Give the part's files their names, then note them in the ledger; where that fails the part is lost."""
        files, entries = self._files, self._entries
        self._files, self._entries, self._bytes = AtomicFiles(self._folder), [], 0
        try:
            if entries:
                files.publish()
        except BaseException:
            files.discard()
            raise
        self._ledger.add(entries)


def publish(output: Path, ledger: Ledger) -> None:
    """Write the whole files out of the parts, in the order of the input, and remove the parts.

    The old whole files, on which a part of the ledger may rest, stay until all new ones are on the disk and the
    ledger says so. Raises DamagedOutputError, after forgetting the part that is not what it was, so that its items
    are done again.
    """
    files, stored = AtomicFiles(output), _Stored(output)
    try:
        for name in ledger.outputs:
            files.open(name)
        for entry in ledger.entries():
            found = zip(OUTPUTS, stored.lines(entry), strict=True)
            ledger.move(entry.key, [files.append(name, lines) if lines else 0 for name, lines in found])
        files.seal()
        ledger.gather()
    except BaseException as error:
        files.discard()
        ledger.stay()
        if isinstance(error, DamagedOutputError):
            ledger.forget(part=stored.part)
        raise
    finally:
        stored.close()
    _complete(output, ledger)


def settle(output: Path, ledger: Ledger) -> None:
    """Make ledger and folder agree after a process that may have ended at any moment: what was published half way is
    completed, what the ledger knows and the disk does not hold is forgotten."""
    if ledger.state is State.PUBLISHING:
        _complete(output, ledger)
    for part, sizes in ledger.ends().items():
        if any(_size(_file(output, name, part)) < size for name, size in zip(OUTPUTS, sizes, strict=True)):
            ledger.forget(part=part)


def sweep(output: Path, ledger: Ledger) -> None:
    """Remove what the ledger does not know: files that were being written, and parts."""
    parts = output / PARTS
    parts.mkdir(exist_ok=True)
    remove_partial(output)
    remove_partial(parts)
    known = ledger.ends()
    for path in parts.iterdir():
        found = _NUMBERED.search(path.name)
        if found and int(found.group(1)) not in known:
            path.unlink()


def _complete(output: Path, ledger: Ledger) -> None:
    publish_sealed(output, ledger.outputs)
    for name in OUTPUTS:
        if name not in ledger.outputs:
            (output / name).unlink(missing_ok=True)
    ledger.finish()
    shutil.rmtree(output / PARTS, ignore_errors=True)


class _Stored:
    """Reads the lines of items back; `part` is the one that was read last."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._streams: dict[tuple[int, str], BinaryIO] = {}
        self.part = WHOLE

    def lines(self, entry: Entry) -> tuple[bytes, ...]:
        """The lines of `entry` for each of OUTPUTS. Raises DamagedOutputError."""
        self.part = entry.part
        found = tuple(
            self._read(entry.part, name, at, size) if size else b""
            for name, at, size in zip(OUTPUTS, entry.at, entry.size, strict=True)
        )
        if _checksum(found) != entry.checksum:
            where = self._output if entry.part == WHOLE else self._output / PARTS
            raise DamagedOutputError(
                f"files in {where} were changed by something else; the same command does the damaged articles again"
            )
        return found

    def close(self) -> None:
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()

    def _read(self, part: int, name: str, at: int, size: int) -> bytes:
        stream = self._streams.get((part, name))
        if stream is None:
            if len(self._streams) >= _OPEN_FILES:
                self.close()
            stream = self._streams[part, name] = _file(self._output, name, part).open("rb")
        if stream.tell() != at:
            stream.seek(at)
        return stream.read(size)


def _file(output: Path, name: str, part: int) -> Path:
    return output / name if part == WHOLE else output / PARTS / part_name(name, part)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _checksum(lines: tuple[bytes, ...]) -> int:
    value = 0
    for each in lines:
        value = zlib.crc32(each, value)
    return value
