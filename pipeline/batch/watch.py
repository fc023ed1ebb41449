"""A folder in which articles arrive: they are extracted once they are there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.batch.progress import Tally
from pipeline.batch.record import RunRecord
from pipeline.batch.run import Running, extract_with, workforce
from pipeline.batch.sources import outside, selected
from pipeline.batch.work import BatchOptions
from pipeline.ingest import Inputs

DEFAULT_PAUSE = 2.0
_Look = dict[str, tuple[int, int]]
"""The sources in a folder by name: size and time of the last change."""


def watch(
    inputs: Inputs,
    output: Path,
    options: BatchOptions,
    running: Running,
    pause: float = DEFAULT_PAUSE,
    on_progress: Callable[[Tally], None] = lambda tally: None,
) -> Iterator[RunRecord]:
    """Look at local `inputs` every `pause` seconds, for ever, and run whenever a file has come, changed or gone.

    A file is taken once it has been the same in two looks: until then it may still be written. After each run,
    whose record is given, the results in `output` are those that a single run over the files taken would give; what
    is known is not done again, and what is just being written again is left out. Where all files are gone at once the
    results are left alone: that is a disk that is missing. Raises as `extract_to`.
    """
    running = replace(running, changed_only=True)
    with workforce(options, running) as force:
        before: _Look = {}
        done: _Look = {}
        while True:
            now = _look(outside(inputs, output))
            settled = {name: seen for name, seen in now.items() if before.get(name) == seen}
            if settled and (settled.items() - done.items() or done.keys() - now.keys()):
                yield extract_with(force, _named(inputs, settled), output, options, running, on_progress)
                running = replace(running, restart=False)
                done = settled
            before = now
            time.sleep(pause)


def _named(inputs: Inputs, names: Collection[str]) -> Inputs:
    return selected(inputs, lambda source: source.name in names)


def _look(inputs: Inputs) -> _Look:
    found: _Look = {}
    for source in inputs.sources():
        if isinstance(source.place, Path):
            try:
                seen = source.place.stat()
            except OSError:
                continue  # it has gone since, or is a link to nothing
            found[source.name] = (seen.st_size, seen.st_mtime_ns)
    return found
