"""What all tools share: a text with labelled spans, links between them, and notes. Each format writes and reads it.

A fact is a mark on its quote, labelled with its type; links lead from it to the marks that fill its slots, `choices`
hold what is chosen from a few values, and `note` the slots that neither says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pydantic import JsonValue

from pipeline.ontology import load_ontology
from pipeline.schema import Modality, Polarity

NAMES = ("ORG", "MODEL", "PERSON", "PLACE")
DATE, FIGURE, IGNORED = "DATE", "FIGURE", "IGNORED"
MENTIONS = (*NAMES, DATE, FIGURE, IGNORED)
ROLES: dict[str, tuple[str, ...]] = {
    "subject": NAMES,
    "object": NAMES,
    "place": NAMES,
    "source": NAMES,
    "period": (DATE,),
    "figure": (FIGURE,),
    "converted": (FIGURE,),
    "previous": (FIGURE,),
}
"""The slots that a link may fill, and the labels of the marks that it may lead to."""
CHOICES: dict[str, tuple[str, ...]] = {
    "modality": tuple(Modality),
    "polarity": tuple(Polarity),
    "optional": ("true", "false"),
}
"""The slots that are chosen, the usual value first (of `optional`, last)."""
USUAL = {"modality": Modality.ACTUAL.value, "polarity": Polarity.POSITIVE.value, "optional": "false"}

Note = Mapping[str, JsonValue]
# Line ends for some readers, legal inside JSON strings: escaped, a line stays a line for all.
_ESCAPED = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class AnnotateError(ValueError):
    """Something that cannot be exchanged: the file or article, the place in it, and the reason."""

    def __init__(self, file: object, reason: object, where: str = "") -> None:
        super().__init__(": ".join(str(part) for part in (file, where, reason) if str(part)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled span: half-open offsets in code points. Its id is unique in its sheet."""

    id: str
    start: int
    end: int
    label: str
    note: Note = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """The mark `target` fills the slot `role` of the fact `source`; both are ids of marks."""

    source: str
    target: str
    role: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article. `meta` is what is said of the whole, and what has no place in the text.

    Raises ValueError where a mark is empty or outside the text, an id stands twice, or a link leads nowhere.
    """

    id: str
    text: str
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    meta: Note = field(default_factory=dict)

    def __post_init__(self) -> None:
        path = PurePosixPath(self.id)
        # The id becomes a file's name, and may come from a stranger's file.
        if not self.id or path.is_absolute() or ".." in path.parts or "\\" in self.id or "\0" in self.id:
            raise ValueError(f"{self.id!r} cannot be the name of an article")
        if any("\ud800" <= char <= "\udfff" for char in self.text):
            raise ValueError("the text holds half a character (a lone surrogate)")
        ids = {mark.id for mark in self.marks}
        if len(ids) < len(self.marks):
            raise ValueError("two marks have the same id")
        for mark in self.marks:
            if not 0 <= mark.start < mark.end <= len(self.text):
                limit = f"the text has {len(self.text)} characters"
                raise ValueError(f"mark {mark.id} ({mark.label}) runs from {mark.start} to {mark.end}; {limit}")
        for link in self.links:
            for end in (link.source, link.target):
                if end not in ids:
                    raise ValueError(f"link {link.role} leads to {end!r}, which is no mark")

    def surface(self, mark: Mark) -> str:
        """What stands at a mark."""
        return self.text[mark.start : mark.end]


def fact_types() -> list[str]:
    """The labels of facts, in the order of the table of types."""
    return list(load_ontology().types)


def dump_note(note: object) -> str:
    """A note as one line of JSON."""
    return json.dumps(note, ensure_ascii=False).translate(_ESCAPED)


def parse_note(source: str) -> dict[str, JsonValue]:
    """The note that a line of JSON holds. Raises ValueError where it is no JSON object."""
    note = parse_json(source)
    if not isinstance(note, dict):
        raise ValueError(f"the note {source!r} is no JSON object")
    return note


def parse_json(source: str | bytes) -> JsonValue:
    """A JSON document. Raises ValueError saying where it is broken, also where it nests too deep."""
    try:
        value: JsonValue = json.loads(source)
    except RecursionError as error:
        raise ValueError("JSON that nests too deep") from error
    except ValueError as error:
        raise ValueError(f"no JSON: {error}") from error
    return value
