"""Sheets to gold: what the marks, links, choices and notes of a corrected article say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from pipeline.annotate.marking import FIGURE_KEYS
from pipeline.annotate.sheet import (
    CHOICES,
    DATE,
    IGNORED,
    MENTIONS,
    NAMES,
    ROLES,
    USUAL,
    Mark,
    Note,
    Sheet,
    fact_types,
)
from pipeline.corpus.resolve import timex_bounds
from pipeline.evaluate.gold import GoldArticle, GoldDate, GoldEntity, GoldFact, GoldMark, describe
from pipeline.schema import Kind

_KINDS = {"ORG": Kind.COMPANY, "MODEL": Kind.MODEL, "PERSON": Kind.PERSON, "PLACE": Kind.PLACE}
_SLOTS = frozenset(GoldFact.model_fields) - {"type", "quote", "span", *CHOICES}
_UNSAID = "no fact"
_UNKNOWN_LANGUAGE = "und"  # ISO 639
_LAST = 1 << 60
Listed = tuple[int, int, int]
"""Place in the list that was exported (what is new comes last), and offsets: the order of what is read."""
M = TypeVar("M", bound=BaseModel)
Items = list[tuple[Listed, M]]


def gold_of_sheet(sheet: Sheet) -> GoldArticle:
    """The gold that a sheet says; facts, names, dates and ignored figures in the order in which they were exported,
    then what is new, by place. A date without a value has its words there.

    Raises ValueError, naming the mark, where a note, link or label cannot be read, or the text is not the one that
    was exported.
    """
    given = sheet.meta.get("sha256")
    digest = sha256(sheet.text.encode()).hexdigest()
    if given not in (None, digest):
        raise ValueError("the text is not the one that was exported (sha256)")
    reader = _Reader(sheet)
    content: dict[str, JsonValue] = {
        "lang": _UNKNOWN_LANGUAGE,
        "published": None,
        **sheet.meta,
        "id": sheet.id,
        "sha256": digest,
    }
    lists = {"facts": reader.facts(), "entities": reader.entities(), "dates": reader.dates(), "ignored": reader.marks()}
    return _valid(GoldArticle, {**content, **lists}, "article")


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.types = sheet, frozenset(fact_types())
        self.by_id = {mark.id: mark for mark in sheet.marks}
        for mark in sheet.marks:
            if mark.label not in self.types and mark.label not in MENTIONS:
                raise ValueError(f"{_where(mark)}: unknown label {mark.label!r}")
        for link in sheet.links:
            source, target = self.by_id[link.source], self.by_id[link.target]
            if link.role not in ROLES:
                raise ValueError(f"{_where(source)}: link {link.role!r} is none of {', '.join(ROLES)}")
            if source.label not in self.types:
                raise ValueError(f"{_where(source)}: a link {link.role} from what is no fact")
            if target.label not in ROLES[link.role]:
                raise ValueError(f"{_where(source)}: link {link.role} leads to a {target.label}")

    def facts(self) -> list[GoldFact]:
        found = [(_place(mark), self._fact(mark)) for mark in self._labelled(self.types)]
        return _in_order([*found, *self._unplaced("facts", GoldFact)])

    def entities(self) -> list[GoldEntity]:
        found = [
            (_place(mark), _valid(GoldEntity, {"name": self._name(mark), "type": mark.label}, _where(mark)))
            for mark in self._labelled(NAMES)
        ]
        return _once([*found, *self._unplaced("entities", GoldEntity)])

    def dates(self) -> list[GoldDate]:
        found = [(_place(mark), self._date(mark)) for mark in self._labelled([DATE])]
        return _once([*found, *self._unplaced("dates", GoldDate)])

    def marks(self) -> list[GoldMark]:
        found: Items[GoldMark] = []
        for mark in self._labelled([IGNORED]):
            span: JsonValue = {"start": mark.start, "end": mark.end}
            said: Note = {"quote": self.sheet.surface(mark), "why": mark.note.get("why", _UNSAID), "span": span}
            found.append((_place(mark), _valid(GoldMark, said, _where(mark))))
        return _in_order(found)

    def _labelled(self, labels: Iterable[str]) -> Iterator[Mark]:
        wanted = frozenset(labels)
        return (mark for mark in self.sheet.marks if mark.label in wanted)

    def _name(self, mark: Mark) -> JsonValue:
        return mark.note.get("name", self.sheet.surface(mark))

    def _date(self, mark: Mark) -> GoldDate:
        words = self.sheet.surface(mark)
        said = {"text": mark.note.get("text", words), "value": mark.note.get("value", words)}
        return _valid(GoldDate, said, _where(mark))

    def _unplaced(self, key: str, model: type[M]) -> Items[M]:
        lists = self.sheet.meta.get("unplaced") or {}
        items = lists.get(key, []) if isinstance(lists, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ValueError(f"unplaced.{key} is no list of objects")
        found = [item for item in items if isinstance(item, dict)]
        return [((_at(item), 0, 0), _valid(model, item, f"unplaced {key}")) for item in found]

    def _fact(self, mark: Mark) -> GoldFact:
        where = _where(mark)
        slots: dict[str, JsonValue] = {key: value for key, value in mark.note.items() if key not in ("at", "drawn")}
        if strange := slots.keys() - _SLOTS:
            raise ValueError(f"{where}: unknown key {', '.join(sorted(strange))}")
        drawn = mark.note.get("drawn") or []
        if not isinstance(drawn, list):
            raise ValueError(f"{where}: drawn is no list")
        for role in ROLES:
            targets = [link.target for link in self.sheet.links if (link.source, link.role) == (mark.id, role)]
            if len(set(targets)) > 1:
                raise ValueError(f"{where}: {len(targets)} links {role}")
            if targets:
                slots |= self._filled(role, slots, self.by_id[targets[0]])
            elif role in drawn:
                slots |= dict.fromkeys(FIGURE_KEYS) if role == "figure" else {role: None}
        choices = {key: mark.choices.get(key, usual) for key, usual in USUAL.items()}
        if strange := {value for key, value in choices.items() if value not in CHOICES[key]}:
            raise ValueError(f"{where}: unknown choice {', '.join(sorted(strange))}")
        span: JsonValue = {"start": mark.start, "end": mark.end}
        whole = {**dict.fromkeys(_SLOTS), **slots, **choices, "optional": choices["optional"] == "true"}
        return _valid(GoldFact, {**whole, "type": mark.label, "quote": self.sheet.surface(mark), "span": span}, where)

    def _filled(self, role: str, slots: Note, target: Mark) -> Note:
        """The slots that a link fills: as they were, where the mark says the same."""
        before = slots.get(role)
        if target.label in NAMES:
            name = self._name(target)
            if role not in ("subject", "object"):
                return {role: name}
            same = isinstance(before, dict) and before.get("name") == name
            return {} if same else {role: {"name": name, "kind": _KINDS[target.label].value}}
        if target.label == DATE:
            value = self._date(target).value
            same = isinstance(before, dict) and before.get("value") == value
            return {} if same else {role: _period(value, target)}
        parts: dict[str, JsonValue] = {key: target.note.get(key) for key in FIGURE_KEYS}
        return parts if role == "figure" else {role: {key: parts[key] for key in FIGURE_KEYS[:4]}}


def _period(value: str, mark: Mark) -> JsonValue:
    try:
        first, last = timex_bounds(value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{_where(mark)}: {error}; its note gives the value") from error
    return {"value": value, "mod": None, "start": first.isoformat(), "end": last.isoformat()}


def _where(mark: Mark) -> str:
    return f"mark {mark.id} ({mark.label}, {mark.start} to {mark.end})"


def _at(note: Note) -> int:
    at = note.get("at")
    return at if isinstance(at, int) else _LAST


def _place(mark: Mark) -> Listed:
    return _at(mark.note), mark.start, mark.end


def _in_order(items: Items[M]) -> list[M]:
    return [item for _, item in sorted(items, key=lambda each: each[0])]


def _once(items: Items[M]) -> list[M]:
    return list({item.model_dump_json(): item for item in _in_order(items)}.values())


def _valid(model: type[M], content: object, where: str) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        details = "; ".join(f"{key}: {message}" for key, message in describe(error))
        raise ValueError(f"{where}: {details}") from error
