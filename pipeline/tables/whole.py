"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def appear_whole(targets: Sequence[Path]) -> Iterator[list[Path]]:
    """Hidden files beside `targets`, to be written; they replace the targets at the end.

    Folders are made where they are missing. After an exception nothing has changed and nothing is left. Raises OSError.
    """
    partial = [path.with_name(f".{path.name}.{os.getpid()}.partial") for path in targets]
    try:
        for path in partial:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        yield partial
        for path in partial:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        for path, target in zip(partial, targets, strict=True):
            os.replace(path, target)
    finally:
        for path in partial:
            path.unlink(missing_ok=True)
            # Beside a database, what DuckDB has not yet moved into it.
            path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
