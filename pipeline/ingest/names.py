"""Names that may be given out once in a run, however many they are."""

from __future__ import annotations

import sqlite3


class Names:
    """A set of strings that grows on disk, not in memory: a private temporary database, gone with the object."""

    def __init__(self) -> None:
        # Readers may run in another thread than the one that began the run, one at a time.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA cache_size = -256")  # KiB: the rest lies on the disk
        self._database.execute("CREATE TABLE names (name BLOB PRIMARY KEY) WITHOUT ROWID")

    def take(self, name: str) -> bool:
        """True where `name` was free; it is taken from now on."""
        key = name.encode("utf-8", "surrogatepass")
        inserted = self._database.execute("INSERT OR IGNORE INTO names VALUES (?)", (key,))
        return inserted.rowcount == 1
