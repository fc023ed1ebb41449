"""What those who work are told, and what they are given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.batch.limits import Limits
from pipeline.batch.outputs import QUARANTINE
from pipeline.batch.version import extractor_version
from pipeline.batch.work import BatchOptions, Factory, Outcome, failed
from pipeline.ingest import Item


@dataclass(frozen=True, slots=True)
class Job:
    """How articles are read and what is written, the extractor's factory (that of `Work`), the limits of one worker,
    and the version that it must be."""

    options: BatchOptions
    factory: Factory | None = None
    limits: Limits = field(default_factory=Limits)
    version: str = field(default_factory=extractor_version)


@dataclass(frozen=True, slots=True)
class Task:
    """An item with the key by which the ledger knows it and its place in the order of the input."""

    key: bytes
    seq: int
    item: Item


Chunk = Sequence[Task]
Answer = tuple[Task, Outcome]


def quarantine_name(task: Task) -> str:
    """The name of the file, in the folder `quarantine`, with the bytes of an item that was given up."""
    tail = re.sub(r"[^\w.-]+", "_", task.item.locator)[-60:].lstrip(".")
    return f"{task.key.hex()[:12]}-{tail}"


def given_up(task: Task, reason: str, message: str) -> Outcome:
    """The outcome of an item that was tried twice in vain."""
    where = f"{QUARANTINE}/{quarantine_name(task)}"
    return failed(task.item.locator, reason, f"{message}; tried twice, see {where}", quarantined=True)
