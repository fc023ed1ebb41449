"""The facts of a run as one JSON-LD document."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.batch import FACTS
from pipeline.emit.json_ld import to_json_ld, vocabulary
from pipeline.schema import Fact
from pipeline.tables.source import records
from pipeline.tables.whole import appear_whole

JSON_LD = "facts.jsonld"


def export_json_ld(run: Path, output: Path | None = None) -> Path:
    """Write the facts of the run in the folder `run` to facts.jsonld in `output` (by default `run`); return its path.

    One fact is in memory at a time; the file appears whole or not at all. Raises ValueError naming file and line,
    FileNotFoundError and OSError.
    """
    path = (output or run) / JSON_LD
    with appear_whole([path]) as (partial,), partial.open("w", encoding="utf-8") as stream:
        stream.write(f'{{"@context": {_json(vocabulary().context)}, "@graph": [')
        separator = "\n"
        for _, fact in records(run / FACTS, Fact):
            stream.write(separator + _json(to_json_ld(fact)))
            separator = ",\n"
        stream.write("\n]}\n")
    return path


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
