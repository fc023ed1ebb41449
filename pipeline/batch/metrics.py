"""A run's figures in the text format of Prometheus, for the textfile collector of its node exporter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.batch.record import RunRecord, RunState
from pipeline.emit import write_atomic

_COUNTS = {
    "items": "Items met in the input.",
    "extracted": "Items worked on in this run.",
    "reused": "Items taken from the ledger.",
    "articles": "Articles in the output.",
    "facts": "Facts in the output.",
    "errors": "Errors in the output.",
    "quarantined": "Items given up.",
}


def metrics_text(record: RunRecord) -> str:
    """The figures of `record`, one metric a block."""
    blocks = [
        _metric(f"{name}_total", "counter", text, [("", getattr(record.counts, name))])
        for name, text in _COUNTS.items()
    ]
    stages = record.seconds.model_dump(exclude={"total"}).items()
    memory = record.peak_memory.model_dump().items()
    states = [(f'{{state="{state}"}}', int(state is record.state)) for state in RunState]
    blocks += [
        _metric("elapsed_seconds", "gauge", "Seconds since the start.", [("", record.seconds.total)]),
        _metric("stage_seconds", "gauge", "Seconds by stage.", [(f'{{stage="{k}"}}', v) for k, v in stages]),
        _metric("peak_memory_bytes", "gauge", "Peak memory.", [(f'{{process="{k}"}}', v) for k, v in memory]),
        _metric("state", "gauge", "1 for the run's state.", states),
        _metric("updated_seconds", "gauge", "When this was written.", [("", round(record.updated.timestamp(), 3))]),
    ]
    return "".join(blocks)


def write_metrics(path: Path, record: RunRecord) -> None:
    """Replace the file `path` in one step. Raises OSError."""
    write_atomic(path, metrics_text(record))


def _metric(name: str, kind: str, text: str, samples: Sequence[tuple[str, float]]) -> str:
    head = f"# HELP autofacts_{name} {text}\n# TYPE autofacts_{name} {kind}\n"
    return head + "".join(f"autofacts_{name}{labels} {value}\n" for labels, value in samples)
