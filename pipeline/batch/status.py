"""How the run in a folder stands, seen from outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.lock import is_locked
from pipeline.batch.outputs import HOME, PARTS
from pipeline.batch.record import RunRecord, RunState, read_record


@dataclass(frozen=True, slots=True)
class Status:
    """The last record of a run, whether a process is at work now, and how many files of parts there are to read."""

    record: RunRecord
    alive: bool
    parts: int

    @property
    def killed(self) -> bool:
        """Whether the run ended without saying so."""
        return self.record.state is RunState.RUNNING and not self.alive


def status(output: Path) -> Status:
    """How the run in `output` stands. Raises OSError where there was none, ValueError where its record is damaged."""
    record = read_record(output)
    parts = sum(1 for _ in (output / PARTS).glob("[!.]*.jsonl"))
    return Status(record, is_locked(output / HOME), parts)
