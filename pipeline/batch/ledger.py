"""What has been done in a folder: each item with where its lines lie, so that a run goes on where another ended.

The ledger is an SQLite database, because its commits hold whatever way the process ends. An item is known by a hash
of its bytes, locator and metadata; its lines lie in a part, a set of files written together, or, once a run
is finished, in the whole files (part 0). Rows of a part are committed after its files are on the disk: what the
ledger knows is there. `seq` is the item's place in the order of the input, `run` the last run that met it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.batch.outputs import OUTPUTS
from pipeline.batch.work import Counts

_CACHE_KIB = 256
"""Small on purpose: the system keeps the pages at hand, and memory must not grow with the number of items."""
WHOLE = 0
"""The part number of the whole files."""

_STEMS = tuple(name.partition(".")[0] for name in OUTPUTS)
_AT, _SIZE = (tuple(f"{stem}_{what}" for stem in _STEMS) for what in ("at", "size"))
_COLUMNS = ("key", "run", "seq", "part", "checksum", "quarantined", "articles", "facts", "errors", *_AT, *_SIZE)
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS result (key BLOB PRIMARY KEY, {", ".join(f"{c} INTEGER NOT NULL" for c in _COLUMNS[1:])})
WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_INSERT = f"INSERT OR REPLACE INTO result ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM result"
_MOVE = f"UPDATE result SET part = {WHOLE}, {', '.join(f'{at} = ?' for at in _AT)} WHERE key = ?"
_MAXIMA = ", ".join(f"MAX({at} + {size})" for at, size in zip(_AT, _SIZE, strict=True))
_ENDS = f"SELECT part, {_MAXIMA} FROM result GROUP BY part"


class State(StrEnum):
    """How far the run in a folder has come. PUBLISHING: all whole files are on the disk, some under hidden names."""

    RUNNING = "running"
    PUBLISHING = "publishing"
    FINISHED = "finished"


class DamagedLedgerError(Exception):
    """The file is no ledger, or no longer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item that is done. `at` and `size` say in bytes where its lines lie in the files of `part`, for each of
    OUTPUTS; `checksum` is the CRC-32 of them all, one output behind the other."""

    key: bytes
    run: int
    seq: int
    part: int
    checksum: int
    quarantined: bool
    counts: Counts
    at: tuple[int, ...]
    size: tuple[int, ...]

    def row(self) -> tuple[bytes | int, ...]:
        """The entry in the order of the table's columns."""
        counts = (self.counts.articles, self.counts.facts, self.counts.errors)
        head = (self.key, self.run, self.seq, self.part, self.checksum, int(self.quarantined))
        return (*head, *counts, *self.at, *self.size)

    @classmethod
    def of_row(cls, row: Sequence[object]) -> Entry:
        """The entry of a row of the table."""
        key, run, seq, part, checksum, quarantined, *numbers = row
        articles, facts, errors, *places = numbers
        at, size = tuple(places[: len(OUTPUTS)]), tuple(places[len(OUTPUTS) :])
        counts = Counts(articles, facts, errors)  # type: ignore[arg-type]  # columns of integers
        return cls(key, run, seq, part, checksum, bool(quarantined), counts, at, size)  # type: ignore[arg-type]


class Ledger:
    """The ledger in the file `path`, made where there is none. Raises DamagedLedgerError, OSError."""

    def __init__(self, path: Path) -> None:
        try:
            self._db = sqlite3.connect(path)
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            found = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if found != ("ok",):
                raise DamagedLedgerError(f"{path}: {found[0]}")
            self._db.executescript(_SCHEMA)
            self._db.execute(_SELECT + " LIMIT 1")
        except sqlite3.OperationalError as error:
            raise OSError(f"{path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise DamagedLedgerError(f"{path}: {error}") from error
        self.run = int(self.note("run") or 0)
        self._part = int(self._db.execute("SELECT COALESCE(MAX(part), 0) FROM result").fetchone()[0])

    def close(self) -> None:
        """Give up what is not committed and let go of the file."""
        self._db.close()

    # ---- the run

    @property
    def state(self) -> State | None:
        """How far the last run came; None where there was none."""
        value = self.note("state")
        return State(value) if value else None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The files that the run writes."""
        return tuple(json.loads(self.note("outputs") or "[]"))

    def begin(self, identity: str, outputs: Sequence[str]) -> None:
        """Begin a run, or go on with one, of what `identity` describes."""
        self.run += 1
        notes = {"identity": identity, "outputs": json.dumps(outputs), "run": str(self.run)}
        self._note(notes | {"state": State.RUNNING.value})

    def note(self, name: str) -> str | None:
        """What was noted of the run under `name`: "identity", "state", …"""
        row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _note(self, notes: Mapping[str, str]) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO note VALUES (?, ?)", notes.items())

    # ---- items

    def find(self, key: bytes) -> Entry | None:
        """What is known of the item `key`."""
        row = self._db.execute(_SELECT + " WHERE key = ?", (key,)).fetchone()
        return Entry.of_row(row) if row else None

    def touch(self, key: bytes, seq: int) -> None:
        """Note that this run has met the item at the place `seq`. Lasts from the next `add` on."""
        self._db.execute("UPDATE result SET run = ?, seq = ? WHERE key = ?", (self.run, seq, key))

    def add(self, entries: Iterable[Entry]) -> None:
        """Commit `entries`, whose lines are on the disk, and the touches before."""
        with self._db:
            self._db.executemany(_INSERT, [entry.row() for entry in entries])

    def entries(self) -> Iterator[Entry]:
        """What this run has met, in the order of the input. Sorted before the first is given: entries may be moved
        meanwhile."""
        return map(Entry.of_row, self._db.execute(_SELECT + " WHERE run = ? ORDER BY seq", (self.run,)))

    def totals(self) -> tuple[Counts, int]:
        """The lines of what this run has met, and how many items of it are in quarantine."""
        sums = "TOTAL(articles), TOTAL(facts), TOTAL(errors), TOTAL(quarantined)"
        row = self._db.execute(f"SELECT {sums} FROM result WHERE run = ?", (self.run,)).fetchone()
        articles, facts, errors, quarantined = map(int, row)
        return Counts(articles, facts, errors), quarantined

    # ---- parts

    def next_part(self) -> int:
        """A number that no part has."""
        self._part += 1
        return self._part

    def ends(self) -> dict[int, tuple[int, ...]]:
        """For each part how many bytes its files must have at least, for each of OUTPUTS."""
        return {part: tuple(sizes) for part, *sizes in self._db.execute(_ENDS)}

    def forget(self, *, part: int | None = None, quarantined: bool = False) -> None:
        """Forget the items of `part`, or those in quarantine, or, without either, all."""
        with self._db:
            if part is not None:
                self._db.execute("DELETE FROM result WHERE part = ?", (part,))
            elif quarantined:
                self._db.execute("DELETE FROM result WHERE quarantined")
            else:
                self._db.execute("DELETE FROM result")

    def move(self, key: bytes, at: Sequence[int]) -> None:
        """Note that the lines of the item `key` now lie in the whole files, at these bytes for each of OUTPUTS. Lasts
        from `gather` on; `stay` takes it back."""
        self._db.execute(_MOVE, (*at, key))

    def stay(self) -> None:
        """Take back what was moved."""
        self._db.rollback()

    def gather(self) -> None:
        """Commit that all has moved and the whole files have only to take their names. What this run has not met is
        forgotten."""
        with self._db:
            self._db.execute("DELETE FROM result WHERE run <> ?", (self.run,))
            self._db.execute("UPDATE note SET value = ? WHERE name = 'state'", (State.PUBLISHING.value,))

    def finish(self) -> None:
        """Note that the files have their names."""
        self._note({"state": State.FINISHED.value})
