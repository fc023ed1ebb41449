"""Label Studio: tasks with predictions to be corrected, and the labelling interface; its JSON export back.

Names, dates, figures and facts are regions, slots are relations, choices belong to their region, and a text area of
each region holds the note. Offsets count UTF-16 code units, or code points, as versions since 1.5 do; a region that
comes back says which by its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from pydantic import BaseModel, ConfigDict, JsonValue, StrictInt, TypeAdapter, ValidationError

from pipeline.annotate.forms import Offsets
from pipeline.annotate.offsets import CodeUnits
from pipeline.annotate.sheet import (
    CHOICES,
    MENTIONS,
    ROLES,
    AnnotateError,
    Link,
    Mark,
    Sheet,
    dump_note,
    fact_types,
    parse_json,
    parse_note,
)
from pipeline.emit.whole import write_whole
from pipeline.evaluate.gold import describe

TASKS, INTERFACE = "tasks.json", "interface.xml"
_LINE_ENDS = str.maketrans({"\n": "\\n", "\r": "\\n"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Value(_Part):
    start: StrictInt | None = None
    end: StrictInt | None = None
    text: str | list[str] | None = None
    labels: list[str] = []
    choices: list[str] = []


class _Result(_Part):
    type: str
    id: str = ""
    from_name: str = ""
    value: _Value = _Value()
    from_id: str = ""
    to_id: str = ""
    direction: str = "right"
    labels: list[str] = []


class _Annotation(_Part):
    result: list[_Result]
    was_cancelled: bool = False
    ground_truth: bool = False


class _Ours(_Part):
    offsets: Offsets = Offsets.UTF16
    meta: dict[str, JsonValue] = {}


class _Data(_Part):
    text: str
    autofacts: _Ours = _Ours()


class _Task(_Part):
    data: _Data
    id: int | str | None = None
    annotations: list[_Annotation] = []


_TASKS: TypeAdapter[list[_Task]] = TypeAdapter(list[_Task])


def write(sheets: Iterable[Sheet], output: Path, *, offsets: Offsets = Offsets.UTF16) -> list[str]:
    """Write tasks.json and interface.xml into the folder `output`; the ids of the sheets. Raises OSError."""
    tasks, ids = [], []
    for sheet in sheets:
        tasks.append(dump_note(_task(sheet, offsets)))
        ids.append(sheet.id)
    write_whole(output / TASKS, "[\n" + ",\n".join(tasks) + "\n]\n")
    write_whole(output / INTERFACE, _interface())
    return ids


def read(path: Path) -> tuple[list[Sheet], list[str]]:
    """The sheets of a JSON export, and the ids of the tasks that nobody has annotated.

    Of several annotations of a task the one marked as ground truth counts. Raises AnnotateError naming task and
    reason, and OSError.
    """
    try:
        tasks = _TASKS.validate_python(parse_json(path.read_bytes()))
    except ValidationError as error:
        raise AnnotateError(path, "; ".join(f"{key}: {message}" for key, message in describe(error))) from error
    except ValueError as error:
        raise AnnotateError(path, error) from error
    sheets, untouched = [], []
    for number, task in enumerate(tasks, 1):
        name = str(task.data.autofacts.meta.get("id", f"{path.stem}-{number if task.id is None else task.id}"))
        done = [each for each in task.annotations if not each.was_cancelled]
        chosen = [each for each in done if each.ground_truth] or done
        if not chosen:
            untouched.append(name)
            continue
        try:
            if len(chosen) > 1:
                raise ValueError(f"{len(chosen)} annotations; mark one as ground truth")
            sheets.append(_sheet(name, task.data, chosen[0].result))
        except ValueError as error:
            raise AnnotateError(path, error, f"task {name}") from error
    return sheets, untouched


def _task(sheet: Sheet, offsets: Offsets) -> dict[str, Any]:
    results = [each for mark in sheet.marks for each in _regions(sheet, mark, offsets)]
    results += [
        {
            "type": "relation",
            "from_id": link.source,
            "to_id": link.target,
            "direction": "right",
            "labels": [link.role],
        }
        for link in sheet.links
    ]
    prediction: dict[str, Any] = {"model_version": "autofacts", "result": results}
    if isinstance(confidence := sheet.meta.get("confidence"), float):
        prediction["score"] = confidence
    ours = {"offsets": offsets.value, "meta": sheet.meta}
    return {"data": {"text": sheet.text, "autofacts": ours}, "predictions": [prediction]}


def _regions(sheet: Sheet, mark: Mark, offsets: Offsets) -> Iterable[dict[str, Any]]:
    """The results of one mark: its label, its choices, its note."""
    units = CodeUnits(sheet.text) if offsets is Offsets.UTF16 else None
    start, end = (units.unit(at) if units else at for at in (mark.start, mark.end))
    place = {"start": start, "end": end, "text": sheet.surface(mark).translate(_LINE_ENDS)}
    common = {"id": mark.id, "to_name": "text"}
    yield {**common, "from_name": "label", "type": "labels", "value": {**place, "labels": [mark.label]}}
    for key, value in mark.choices.items():
        yield {**common, "from_name": key, "type": "choices", "value": {**place, "choices": [value]}}
    if mark.note:
        note = {"start": start, "end": end, "text": [dump_note(mark.note)]}
        yield {**common, "from_name": "note", "type": "textarea", "value": note}


def _sheet(name: str, data: _Data, results: list[_Result]) -> Sheet:
    notes: dict[str, dict[str, JsonValue]] = {}
    choices: dict[str, dict[str, str]] = {}
    links: list[Link] = []
    for result in results:
        match (result.type, result.from_name):
            case ("textarea", "note"):
                text = result.value.text or ""
                notes[result.id] = _region_note("\n".join([text] if isinstance(text, str) else text), result.id)
            case ("choices", key) if key in CHOICES and len(result.value.choices) == 1:
                choices.setdefault(result.id, {})[key] = result.value.choices[0]
            case ("relation", _):
                links.append(_link(result))
            case ("labels", "label") if len(result.value.labels) == 1:
                pass
            case _:
                raise ValueError(f"region {result.id}: {result.type} {result.from_name} cannot be kept")
    units = CodeUnits(data.text)
    marks = [
        Mark(each.id, *place, each.value.labels[0], notes.get(each.id, {}), choices.get(each.id, {}))
        for each in results
        if each.type == "labels" and (place := _place(each, data, units))
    ]
    return Sheet(name, data.text, tuple(marks), tuple(links), data.autofacts.meta)


def _region_note(source: str, region: str) -> dict[str, JsonValue]:
    try:
        return parse_note(source) if source.strip() else {}
    except ValueError as error:
        raise ValueError(f"region {region}: {error}") from error


def _link(result: _Result) -> Link:
    if len(result.labels) != 1:
        raise ValueError(f"the relation from {result.from_id} to {result.to_id} has no label, or several")
    ends = (result.from_id, result.to_id)
    source, target = reversed(ends) if result.direction == "left" else ends
    return Link(source, target, result.labels[0])


def _place(result: _Result, data: _Data, units: CodeUnits) -> tuple[int, int]:
    """The offsets of a region in code points. Where its text fits one count alone, that is the count it is in."""
    start, end, said = result.value.start, result.value.end, result.value.text
    if start is None or end is None:
        raise ValueError(f"region {result.id}: no start or no end")
    readings: dict[Offsets, tuple[int, int]] = {Offsets.CODE_POINTS: (start, end)}
    try:
        readings[Offsets.UTF16] = (units.point(start), units.point(end))
    except ValueError as error:
        if data.autofacts.offsets is Offsets.UTF16 and not isinstance(said, str):
            raise ValueError(f"region {result.id}: {error}") from error
    ours = data.autofacts.offsets
    order = [ours, *(each for each in Offsets if each is not ours)]
    places = [readings[each] for each in order if each in readings]
    if not isinstance(said, str):
        return places[0]
    for place in places:
        if said.translate(_LINE_ENDS) == data.text[slice(*place)].translate(_LINE_ENDS):
            return place
    raise ValueError(f"region {result.id}: the text says {data.text[slice(*places[0])]!r} there, not {said!r}")


def _interface() -> str:
    labels = "".join(f"    <Label value={quoteattr(each)}/>\n" for each in (*MENTIONS, *fact_types()))
    choices = "".join(
        f'  <Choices name="{key}" toName="text" perRegion="true" choice="single" showInline="true">\n'
        + "".join(f"    <Choice value={quoteattr(value)}/>\n" for value in values)
        + "  </Choices>\n"
        for key, values in CHOICES.items()
    )
    relations = "".join(f"    <Relation value={quoteattr(role)}/>\n" for role in ROLES)
    return (
        "<View>\n"
        f'  <Labels name="label" toName="text" showInline="true">\n{labels}  </Labels>\n'
        '  <Text name="text" value="$text" saveTextResult="yes"/>\n'
        f"{choices}"
        '  <TextArea name="note" toName="text" perRegion="true" editable="true" maxSubmissions="1"/>\n'
        f"  <Relations>\n{relations}  </Relations>\n"
        "</View>\n"
    )
