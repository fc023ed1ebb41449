"""brat standoff: NAME.txt and NAME.ann, with NAME.json for what is said of the whole, and annotation.conf.

Offsets count code points. Facts are events whose trigger is the quote and whose arguments fill the slots; choices are
attributes, notes AnnotatorNotes. A span over several lines is written in pieces, as brat wants it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pipeline.annotate.sheet import (
    CHOICES,
    MENTIONS,
    ROLES,
    AnnotateError,
    Link,
    Mark,
    Note,
    Sheet,
    dump_note,
    fact_types,
    parse_note,
)
from pipeline.emit.whole import write_whole

_BREAKS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_PIECE = re.compile(r"(\d+) (\d+)", re.ASCII)
# An attribute that is there or not.
_UNSAID = [("optional", "false")]
_FILES = (".txt", ".ann", ".json")


def write(sheets: Iterable[Sheet], output: Path) -> list[str]:
    """Write each sheet's three files and annotation.conf into the folder `output`; the ids of the sheets.

    Raises AnnotateError where a mark begins or ends with a line break, and OSError.
    """
    found = [(sheet, "".join(f"{line}\n" for line in _lines(sheet))) for sheet in sheets]
    for sheet, lines in found:
        # Ids hold dots ("v1.2"): suffixes are added, not replaced.
        text, marks, meta = (output / f"{sheet.id}{suffix}" for suffix in _FILES)
        write_whole(text, sheet.text)
        write_whole(marks, lines)
        write_whole(meta, dump_note(sheet.meta) + "\n")
    write_whole(output / "annotation.conf", _configuration())
    return [sheet.id for sheet, _ in found]


def read(folder: Path) -> list[Sheet]:
    """The sheets of all NAME.ann in `folder` and below, each with its text; NAME.json may be missing.

    Raises AnnotateError naming file, line and reason, and FileNotFoundError where there is no .ann at all.
    """
    paths = sorted(folder.rglob("*.ann"))
    if not paths:
        raise FileNotFoundError(f"no brat annotations (*.ann) in {folder}")
    return [_sheet(path, path.relative_to(folder).with_name(path.name[:-4]).as_posix()) for path in paths]


def _lines(sheet: Sheet) -> Iterator[str]:
    """The lines of the .ann file: spans first, then events, attributes, notes."""
    types = frozenset(fact_types())
    names: dict[str, str] = {}
    roles = {mark.id: [link for link in sheet.links if link.source == mark.id] for mark in sheet.marks}
    events: list[tuple[Mark, str]] = []
    for number, mark in enumerate(sheet.marks, 1):
        yield f"T{number}\t{mark.label} {_pieces(sheet, mark)}"
        names[mark.id] = f"T{number}"
        if mark.label in types:
            events.append((mark, f"T{number}"))
    for number, (mark, trigger) in enumerate(events, 1):
        arguments = "".join(f" {link.role}:{names[link.target]}" for link in roles[mark.id])
        yield f"E{number}\t{mark.label}:{trigger}{arguments}"
    names |= {mark.id: f"E{number}" for number, (mark, _) in enumerate(events, 1)}
    chosen = [(names[mark.id], *each) for mark in sheet.marks for each in mark.choices.items() if each not in _UNSAID]
    for number, (name, key, value) in enumerate(chosen, 1):
        yield f"A{number}\t{key} {name}" + ("" if key == "optional" else f" {value}")
    noted = [mark for mark in sheet.marks if mark.note]
    for number, mark in enumerate(noted, 1):
        yield f"#{number}\tAnnotatorNotes {names[mark.id]}\t{dump_note(mark.note)}"


def _pieces(sheet: Sheet, mark: Mark) -> str:
    """Offsets and text of a span, in pieces where it runs over line ends."""
    ends = [match.span() for match in _BREAKS.finditer(sheet.text, mark.start, mark.end)]
    edges = [mark.start, *(edge for end in ends for edge in end), mark.end]
    pieces = list(zip(edges[::2], edges[1::2], strict=True))
    if any(start == end for start, end in pieces):
        raise AnnotateError(sheet.id, "begins or ends with a line break, which brat cannot hold", mark.id)
    texts = " ".join(sheet.text[start:end] for start, end in pieces)
    return ";".join(f"{start} {end}" for start, end in pieces) + f"\t{texts}"


@dataclass(slots=True)
class _Parsed:
    """What the lines of one .ann file say, by the ids in it."""

    spans: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    events: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)


def _sheet(path: Path, name: str) -> Sheet:
    beside = {suffix: path.with_name(f"{path.name[:-4]}{suffix}") for suffix in _FILES}
    try:
        text = _decoded(beside[".txt"])
    except FileNotFoundError as error:
        raise AnnotateError(path, f"there is no {beside['.txt'].name} beside it") from error
    parsed = _Parsed()
    for number, line in enumerate(_decoded(path).split("\n"), 1):
        try:
            _parse(line.removesuffix("\r"), text, parsed)
        except ValueError as error:
            raise AnnotateError(path, error, f"line {number}") from error
    try:
        meta = parse_note(_decoded(beside[".json"])) if beside[".json"].is_file() else {}
    except ValueError as error:
        raise AnnotateError(beside[".json"], error) from error
    try:
        return _built(str(meta.get("id", name)), text, parsed, meta)
    except ValueError as error:
        raise AnnotateError(path, error) from error


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise AnnotateError(path, f"no UTF-8: {error.reason} at byte {error.start}") from error


def _parse(line: str, text: str, parsed: _Parsed) -> None:
    if not line.strip():
        return
    name, _, rest = line.partition("\t")
    data, _, tail = rest.partition("\t")
    words = data.split(" ")
    match (name[:1] if data else "", words):
        case ("T", [label, *_]):
            parsed.spans[name] = (label, *_hull(data.removeprefix(f"{label} "), tail, text))
        case ("E", [head, *arguments]):
            parsed.events[name] = (_after(head), [_argument(each) for each in arguments if each])
        case ("R", [role, one, other, *_]):
            parsed.relations.append((role, _after(one), _after(other)))
        case ("A" | "M", [key, target]) if key == "optional":
            parsed.choices.setdefault(target, {})[key] = "true"
        case ("A" | "M", [key, target, value]) if key in CHOICES:
            parsed.choices.setdefault(target, {})[key] = value
        case ("#", [_, target]):
            parsed.notes[target] = parse_note(tail)
        case _:
            raise ValueError(f"{line!r} cannot be kept")


def _hull(offsets: str, tail: str, text: str) -> tuple[int, int]:
    """First and last offset of a span. Raises ValueError where it is not one run of text, or another text."""
    pieces = [_PIECE.fullmatch(each) for each in offsets.split(";")]
    places = [(int(each[1]), int(each[2])) for each in pieces if each]
    if len(places) < len(pieces):
        raise ValueError(f"{offsets!r} are no offsets")
    if any(not 0 <= start < end <= len(text) for start, end in places):
        raise ValueError(f"{offsets!r} lie outside the text, which has {len(text)} characters")
    for (_, end), (start, _) in pairwise(places):
        if not _BREAKS.fullmatch(text, end, start):
            raise ValueError("a span in pieces that are not parted by line ends alone cannot be kept")
    stands = " ".join(text[start:end] for start, end in places)
    if tail != stands:
        raise ValueError(f"the text says {stands!r} there, not {tail!r}")
    return places[0][0], places[-1][1]


def _after(pair: str) -> str:
    key, colon, value = pair.partition(":")
    if not (key and colon and value):
        raise ValueError(f"{pair!r} is no pair of type and id")
    return value


def _argument(pair: str) -> tuple[str, str]:
    # brat numbers the second and further arguments of one role.
    return pair.partition(":")[0].rstrip("0123456789"), _after(pair)


def _built(name: str, text: str, parsed: _Parsed, meta: Note) -> Sheet:
    triggers = {trigger for trigger, _ in parsed.events.values()}
    if unknown := sorted(triggers - parsed.spans.keys()):
        raise ValueError(f"the trigger {unknown[0]} of an event is no span")
    held = [(each, each) for each in parsed.spans if each not in triggers]
    held += [(event, trigger) for event, (trigger, _) in parsed.events.items()]
    known = {each for each, _ in held} | triggers
    if unknown := sorted((parsed.notes.keys() | parsed.choices.keys()) - known):
        raise ValueError(f"a note or attribute of {unknown[0]}, which is not there")
    marks = [_mark(each, parsed.spans[span], parsed, span) for each, span in held]
    links = [Link(event, target, role) for event, (_, pairs) in parsed.events.items() for role, target in pairs]
    # A relation from a trigger is one of its event.
    events = {trigger: event for event, (trigger, _) in parsed.events.items()}
    links += [Link(events.get(one, one), other, role) for role, one, other in parsed.relations]
    return Sheet(name, text, tuple(marks), tuple(links), meta)


def _mark(name: str, span: tuple[str, int, int], parsed: _Parsed, trigger: str) -> Mark:
    label, start, end = span
    note = {**parsed.notes.get(trigger, {}), **parsed.notes.get(name, {})}
    choices = {**parsed.choices.get(trigger, {}), **parsed.choices.get(name, {})}
    return Mark(name, start, end, label, note, choices)


def _configuration() -> str:
    arguments = ", ".join(f"{role}?:{'|'.join(labels)}" for role, labels in ROLES.items())
    sections: Sequence[tuple[str, Iterable[str]]] = (
        ("entities", MENTIONS),
        ("relations", ["<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"]),
        ("events", (f"{each}\t{arguments}" for each in fact_types())),
        ("attributes", (f"{key}\tArg:<EVENT>{_values(key)}" for key in CHOICES)),
    )
    return "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections)


def _values(key: str) -> str:
    return "" if key == "optional" else f", Value:{'|'.join(CHOICES[key])}"
