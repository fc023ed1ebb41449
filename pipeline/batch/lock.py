"""One run at a time in one folder."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from types import TracebackType

_LOCK = "lock"
_TRIES, _PAUSE = 4, 0.05


class BusyError(Exception):
    """Another run is at work in the same folder."""


class FolderLock:
    """Holds a folder for this process, as a context. The system lets go of it whatever way the process ends.

    Raises BusyError where another process (or another run in this one) holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> FolderLock:
        self._file = (self._folder / _LOCK).open("ab")
        for left in reversed(range(_TRIES)):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return self
            except BlockingIOError:
                if left:  # `is_locked` may hold it for a moment
                    time.sleep(_PAUSE)
        self._file.close()
        raise BusyError(f"another run is writing to {self._folder.parent}; wait for it or choose another folder")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def is_locked(folder: Path) -> bool:
    """Whether a run is at work in the folder of which `folder` holds the lock."""
    try:
        with (folder / _LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
