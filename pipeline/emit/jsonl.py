"""JSON lines that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from pydantic import BaseModel

# Line ends for some readers, legal inside JSON strings: escaped, a line stays a line for all.
_ESCAPED = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_line(record: BaseModel) -> str:
    """`record` as one line of JSON without its line end, keys in the model's order, letters unescaped."""
    return record.model_dump_json().translate(_ESCAPED)


class JsonLinesFolder:
    """Files of JSON lines in one folder, which is made where it is missing.

    A context: lines go to hidden files beside their targets, which replace the targets at the end; after an
    exception nothing has changed and nothing is left. `names` are the files to write; those in `outdated` are
    removed at the end, lest they be taken for part of what was written. Raises OSError.
    """

    def __init__(self, folder: Path, names: Sequence[str], outdated: Sequence[str] = ()) -> None:
        self._folder = folder
        self._names = names
        self._outdated = outdated
        self._streams: dict[str, TextIO] = {}

    def __enter__(self) -> JsonLinesFolder:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            for name in self._names:
                self._streams[name] = self._partial(name).open("w", encoding="utf-8", newline="\n")
        except OSError:
            self._discard()
            raise
        return self

    def write(self, name: str, record: BaseModel) -> None:
        """Add `record` to the file `name`, one of those given."""
        self._streams[name].write(json_line(record) + "\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._publish()
        finally:
            self._discard()

    def _partial(self, name: str) -> Path:
        return self._folder / f".{name}.{os.getpid()}.partial"

    def _publish(self) -> None:
        for stream in self._streams.values():
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
        for name in self._names:
            os.replace(self._partial(name), self._folder / name)
        for name in self._outdated:
            (self._folder / name).unlink(missing_ok=True)

    def _discard(self) -> None:
        for name, stream in self._streams.items():
            stream.close()
            self._partial(name).unlink(missing_ok=True)
        self._streams.clear()
