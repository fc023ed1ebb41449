"""How a run stands, as it goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from pipeline.batch.record import RunCounts, RunMemory, RunSeconds
from pipeline.batch.work import Counts, Outcome, StageTimes


@dataclass(slots=True)
class Tally:
    """Counts and times of one run, added up as items come in. `total` items are expected, None where unknown."""

    total: int | None = None
    skipped: int = 0
    items: int = 0
    extracted: int = 0
    reused: int = 0
    quarantined: int = 0
    lines: Counts = field(default_factory=Counts)
    times: StageTimes = field(default_factory=StageTimes)
    worker_memory: int = 0
    input_seconds: float = 0.0
    output_seconds: float = 0.0
    publish_seconds: float = 0.0
    started: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Count an item that was worked on now."""
        self.items += 1
        self.extracted += 1
        self.lines += outcome.counts
        self.times += outcome.times
        self.quarantined += outcome.quarantined is not None
        self.worker_memory = max(self.worker_memory, outcome.memory)

    def reuse(self, lines: Counts, quarantined: bool) -> None:
        """Count an item that the ledger knows."""
        self.items += 1
        self.reused += 1
        self.lines += lines
        self.quarantined += quarantined

    def refuse(self) -> None:
        """Count an error in the place of an item."""
        self.items += 1
        self.lines += Counts(errors=1)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Items extracted a second."""
        return self.extracted / self.elapsed if self.extracted else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the end at this rate, None where that cannot be said."""
        if self.total is None or not self.extracted:
            return None
        return max(0, self.total - self.items) / self.rate

    def counts(self) -> RunCounts:
        return RunCounts(
            items=self.items,
            extracted=self.extracted,
            reused=self.reused,
            articles=self.lines.articles,
            facts=self.lines.facts,
            errors=self.lines.errors,
            quarantined=self.quarantined,
            skipped=self.skipped,
        )

    def seconds(self) -> RunSeconds:
        return RunSeconds(
            total=round(self.elapsed, 3),
            input=round(self.input_seconds, 3),
            output=round(self.output_seconds, 3),
            publish=round(self.publish_seconds, 3),
            read=round(self.times.read, 3),
            extract=round(self.times.extract, 3),
            write=round(self.times.write, 3),
        )

    def memory(self, driver: int) -> RunMemory:
        return RunMemory(driver=driver, worker=self.worker_memory)
