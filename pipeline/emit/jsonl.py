"""Lines of JSON, and files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel

# Line ends for some readers, legal inside JSON strings: escaped, a line stays a line for all.
_ESCAPED = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_PARTIAL = ".partial"


def json_line(record: BaseModel) -> str:
    """`record` as one line of JSON without its line end, keys in the model's order, letters unescaped."""
    line = record.model_dump_json()
    for char, escaped in _ESCAPED.items():  # three searches cost a tenth of one str.translate()
        if char in line:
            line = line.replace(char, escaped)
    return line


class AtomicFiles:
    """Files in one folder that all grow hidden (".NAME.partial") and take their names together.

    `seal` puts what was written on the disk, `publish` then gives the files their names, replacing what had them;
    a process that ends before has changed nothing. What it leaves, `remove_partial` clears away or, where `seal` was
    passed, `publish_sealed` puts in its place. Raises OSError.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._streams: dict[str, BinaryIO] = {}

    def open(self, name: str) -> None:
        """Make sure that there is a file `name`, be it empty."""
        if name not in self._streams:
            self._streams[name] = _partial(self._folder, name).open("wb")

    def append(self, name: str, data: bytes) -> int:
        """Write `data` at the end of the file `name` and say at which byte it begins."""
        self.open(name)
        stream = self._streams[name]
        start = stream.tell()
        stream.write(data)
        return start

    def seal(self) -> None:
        """Have everything on the disk, still under hidden names."""
        for stream in self._streams.values():
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
        sync_folder(self._folder)

    def publish(self) -> None:
        """Seal the files and give them their names."""
        self.seal()
        publish_sealed(self._folder, self._streams)

    def discard(self) -> None:
        """Close and remove what was not published."""
        for name, stream in self._streams.items():
            stream.close()
            _partial(self._folder, name).unlink(missing_ok=True)


def publish_sealed(folder: Path, names: Iterable[str]) -> None:
    """Give sealed files their names; those that have them already stay."""
    for name in names:
        if _partial(folder, name).exists():
            os.replace(_partial(folder, name), folder / name)
    sync_folder(folder)


def remove_partial(folder: Path) -> None:
    """Remove the hidden files that a process which was killed has left in `folder`."""
    for path in folder.glob(f".*{_PARTIAL}"):
        path.unlink(missing_ok=True)


def write_atomic(path: Path, text: str) -> None:
    """Replace the file `path` by one that holds `text`, in one step for those who read it."""
    files = AtomicFiles(path.parent)
    try:
        files.append(path.name, text.encode("utf-8"))
        files.publish()
    finally:
        files.discard()


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` on the disk: without it a power cut may undo a rename."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _partial(folder: Path, name: str) -> Path:
    return folder / f".{name}{_PARTIAL}"
