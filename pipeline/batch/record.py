"""run.json: what a run was told, what it has come to, and what it cost."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.batch.outputs import RUN
from pipeline.emit import write_atomic


class RunState(StrEnum):
    """How a run stands. RUNNING beside a lock that nobody holds is a run that was killed."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunCounts(_Record):
    """`items` met so far: `extracted` now, `reused` from the ledger, the rest could not be opened. `articles`,
    `facts` and `errors` are the lines in the files, of items reused too; `quarantined` items are among the errors.
    `skipped` counts files in folders that are of no known kind."""

    items: int = 0
    extracted: int = 0
    reused: int = 0
    articles: int = 0
    facts: int = 0
    errors: int = 0
    quarantined: int = 0
    skipped: int = 0


class RunSeconds(_Record):
    """`total` passed; of it this process spent `input` on opening and cutting sources, `output` on files and ledger,
    `publish` on the whole files, and waited for work for the rest. `read`, `extract` and `write` are sums over all
    working processes."""

    total: float = 0.0
    input: float = 0.0
    output: float = 0.0
    publish: float = 0.0
    read: float = 0.0
    extract: float = 0.0
    write: float = 0.0


class RunMemory(_Record):
    """The most memory in use, in bytes: of this process, and of the largest working process."""

    driver: int = 0
    worker: int = 0


class RunRecord(_Record):
    """`rate` is articles extracted a second; times are UTC; `options` are those that bear on the results."""

    state: RunState
    extractor: str
    options: dict[str, str]
    workers: int
    cluster: str | None
    timeout: float
    memory_limit: int
    python: str
    platform: str
    started: dt.datetime
    updated: dt.datetime
    counts: RunCounts
    rate: float
    seconds: RunSeconds
    peak_memory: RunMemory
    message: str | None = None


def write_record(output: Path, record: RunRecord) -> None:
    """Replace `output`/run.json in one step. Raises OSError."""
    write_atomic(output / RUN, record.model_dump_json(indent=2) + "\n")


def read_record(output: Path) -> RunRecord:
    """The record of the last run in the folder `output`. Raises OSError, and ValueError naming the file."""
    path = output / RUN
    try:
        return RunRecord.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path}: {error}") from error
