"""Inputs with something left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest import Inputs, PassedOver, Source
from pipeline.schema import ErrorRecord


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


def outside(inputs: Inputs, folder: Path) -> Selected:
    """The inputs without what lies in `folder`, where results are written, unless it is named itself."""
    home = folder.absolute()

    def wanted(source: Source) -> bool:
        inside = isinstance(source.place, Path) and source.place.absolute().is_relative_to(home)
        return source.named or not inside

    return selected(inputs, wanted)
