"""Inputs with something left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.outputs import OUTPUTS, PARTS, QUARANTINE, RUN
from pipeline.ingest import Inputs, PassedOver, Source
from pipeline.schema import ErrorRecord

_RESULTS = {*OUTPUTS, PARTS, QUARANTINE, RUN}


@dataclass(frozen=True, slots=True)
class Selected(Inputs):
    """Of other inputs, the sources that are wanted. Build it with `selected`."""

    inputs: Inputs
    wanted: Callable[[Source], bool]

    def walk(self) -> Iterator[Source | PassedOver | ErrorRecord]:
        return (found for found in self.inputs.walk() if not isinstance(found, Source) or self.wanted(found))


def selected(inputs: Inputs, wanted: Callable[[Source], bool]) -> Selected:
    """The sources of `inputs` that are wanted, with all else that it holds."""
    return Selected(inputs.paths, inputs, wanted)


def outside(inputs: Inputs, output: Path) -> Selected:
    """The inputs without the results of runs that lie among them in the folder `output`.

    Where `output` lies in a folder that is read, nothing in it is input; where both are one folder, its results are
    not. What is named itself, or lies in a folder in `output` that is, is read.
    """
    home = output.absolute()
    given = [path.absolute() for path in inputs.paths if isinstance(path, Path)]
    below = [path for path in given if path != home and path.is_relative_to(home)]

    def wanted(source: Source) -> bool:
        if source.named or not isinstance(source.place, Path):
            return True
        place = source.place.absolute()
        if not place.is_relative_to(home) or any(place.is_relative_to(path) for path in below):
            return True
        return home in given and place.relative_to(home).parts[0] not in _RESULTS

    return selected(inputs, wanted)
