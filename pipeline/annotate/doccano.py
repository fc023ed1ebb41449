"""doccano: JSON lines of sequence labelling with relations. Offsets count code points.

doccano gives spans new ids and keeps other keys of a line: notes and choices travel in the key `autofacts`, each with
the place and label of its span, by which it finds its span again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, StrictInt, ValidationError

from pipeline.annotate.sheet import AnnotateError, Link, Mark, Sheet, dump_note, parse_json
from pipeline.emit.whole import write_whole
from pipeline.evaluate.gold import describe

FILE = "doccano.jsonl"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Span(_Part):
    id: StrictInt
    label: str
    start_offset: StrictInt
    end_offset: StrictInt


class _Relation(_Part):
    from_id: StrictInt
    to_id: StrictInt
    type: str


class _Noted(_Part):
    start: StrictInt
    end: StrictInt
    label: str
    note: dict[str, JsonValue] = {}
    choices: dict[str, str] = {}

    def likeness(self, mark: Mark) -> tuple[bool, bool, bool]:
        """How surely `mark` is the one that this was noted of: nothing changed, another label, moved."""
        same, label = (self.start, self.end) == (mark.start, mark.end), self.label == mark.label
        return same and label, same, label and self.start < mark.end and mark.start < self.end


class _Ours(_Part):
    meta: dict[str, JsonValue] = {}
    marks: list[_Noted] = []


class _Line(_Part):
    text: str
    id: int | str | None = None
    entities: list[_Span] = []
    relations: list[_Relation] = []
    autofacts: _Ours = _Ours()


def write(sheets: Iterable[Sheet], output: Path) -> list[str]:
    """Write doccano.jsonl into the folder `output`, one sheet a line; the ids of the sheets. Raises OSError."""
    lines, ids = [], []
    first = 1
    for sheet in sheets:
        lines.append(dump_note(_record(sheet, first)) + "\n")
        first += len(sheet.marks)
        ids.append(sheet.id)
    write_whole(output / FILE, "".join(lines))
    return ids


def read(path: Path) -> list[Sheet]:
    """The sheets of a file of JSON lines. Raises AnnotateError naming line and reason, and OSError."""
    sheets = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            sheets.append(_sheet(_Line.model_validate(parse_json(line)), f"{path.stem}-{number}"))
        except ValidationError as error:
            details = "; ".join(f"{key}: {message}" for key, message in describe(error))
            raise AnnotateError(path, details, f"line {number}") from error
        except ValueError as error:
            raise AnnotateError(path, error, f"line {number}") from error
    return sheets


def _record(sheet: Sheet, first: int) -> dict[str, Any]:
    numbers = {mark.id: number for number, mark in enumerate(sheet.marks, first)}
    noted = [
        {"start": mark.start, "end": mark.end, "label": mark.label, "note": mark.note, "choices": mark.choices}
        for mark in sheet.marks
    ]
    return {
        "text": sheet.text,
        "entities": [
            {"id": numbers[mark.id], "label": mark.label, "start_offset": mark.start, "end_offset": mark.end}
            for mark in sheet.marks
        ],
        "relations": [
            {"id": number, "from_id": numbers[link.source], "to_id": numbers[link.target], "type": link.role}
            for number, link in enumerate(sheet.links, 1)
        ],
        "autofacts": {"meta": sheet.meta, "marks": noted},
    }


def _sheet(line: _Line, name: str) -> Sheet:
    spans = [Mark(str(each.id), each.start_offset, each.end_offset, each.label) for each in line.entities]
    links = [Link(str(each.from_id), str(each.to_id), each.type) for each in line.relations]
    meta = line.autofacts.meta
    marks = _with_notes(spans, line.autofacts.marks)
    return Sheet(str(meta.get("id", name)), line.text, tuple(marks), tuple(links), meta)


def _with_notes(marks: list[Mark], noted: list[_Noted]) -> list[Mark]:
    """`marks` with their notes, the surest first; notes whose span is gone are gone with it."""
    # The same order on both sides: of several facts on one quote each gets its own note.
    found: dict[str, _Noted] = {}
    left = list(noted)
    for grade in range(3):
        for mark in sorted(marks, key=lambda each: int(each.id)):
            fit = next((each for each in left if each.likeness(mark)[grade]), None) if mark.id not in found else None
            if fit is not None:
                left.remove(fit)
                found[mark.id] = fit
    return [
        replace(mark, note=found[mark.id].note, choices=found[mark.id].choices) if mark.id in found else mark
        for mark in marks
    ]
