"""More examples out of few: other names, figures and years in the places of the text, so that what fills them teaches
nothing and how they stand to each other does. Labels refer to places and stay."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from pipeline.encoder.question import Anchor, Question, Target
from pipeline.link.party import PartyMention
from pipeline.schema import DateMention, Kind, QuantityMention, Span
from pipeline.train.encoder.examples import Example

_NAMED = (Kind.COMPANY, Kind.BRAND, Kind.MODEL, Kind.PERSON)
_DIGIT = re.compile(r"(?<=\d)\d")  # all but the first, so that sizes stay plausible
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEARS = 6


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def augmented(example: Example, random: Random) -> Example:
    """`example` with its parties changed places or for those of another article's kind, other digits and years.

    The names of one party are changed alike wherever it is named.
    """
    text = example.asking.question.text
    edits: list[_Edit] = []
    for edit in sorted([*_of_names(example, random), *_of_numbers(example, random)]):
        if not edits or edit.start >= edits[-1].end:
            edits.append(edit)
    return _edited(example, _Shift.of(text, edits))


def _of_names(example: Example, random: Random) -> list[_Edit]:
    parties = [f for f in example.asking.fillers if isinstance(f, PartyMention) and not f.anaphor]
    single = [p for p in parties if p.kind in _NAMED and p.span.text[0].isupper()]
    forms: dict[Kind, dict[str, str]] = {}
    for party in single:
        forms.setdefault(party.kind, {}).setdefault(party.name, party.span.text)
    changed: dict[str, str] = {}
    for written in forms.values():
        others = list(written.values())
        random.shuffle(others)
        changed |= dict(zip(written, others, strict=True))
    return [_Edit(p.span.start, p.span.end, changed[p.name]) for p in single]


def _of_numbers(example: Example, random: Random) -> list[_Edit]:
    shift = random.randint(-_YEARS, _YEARS)
    found: list[_Edit] = []
    for filler in example.asking.fillers:
        if isinstance(filler, QuantityMention):
            span = filler.figure
            found.append(_Edit(span.start, span.end, _DIGIT.sub(lambda _: str(random.randint(0, 9)), span.text)))
        elif isinstance(filler, DateMention):
            span = filler.span
            found.append(_Edit(span.start, span.end, _YEAR.sub(lambda m: str(int(m.group()) + shift), span.text)))
    return [edit for edit in found if edit.text]


class _Shift(NamedTuple):
    """A text after some edits, and where its old offsets have gone."""

    text: str
    edits: Sequence[_Edit]
    moved: Sequence[int]  # by which offsets behind each edit move

    @classmethod
    def of(cls, text: str, edits: Sequence[_Edit]) -> _Shift:
        parts, moved, at, by = [], [], 0, 0
        for edit in edits:
            parts += [text[at : edit.start], edit.text]
            by += len(edit.text) - (edit.end - edit.start)
            moved.append(by)
            at = edit.end
        return cls("".join([*parts, text[at:]]), edits, moved)

    def at(self, offset: int) -> int:
        """The new place of an old offset; one inside an edit goes to its end."""
        index = bisect_right(self.edits, offset, key=lambda edit: edit.start) - 1
        if index < 0:
            return offset
        edit = self.edits[index]
        before = self.moved[index - 1] if index else 0
        if offset == edit.start:
            return offset + before
        return (max(offset, edit.end) if offset < edit.end else offset) + self.moved[index]

    def span(self, span: Span) -> Span:
        start, end = self.at(span.start), self.at(span.end)
        return Span.cut(self.text, min(start, max(end - 1, 0)), end)


def _edited(example: Example, shift: _Shift) -> Example:
    question = example.asking.question
    moved = Question(
        shift.text,
        [s._replace(start=shift.at(s.start), end=shift.at(s.end)) for s in question.sentences],
        [Anchor(shift.span(a.span), a.hint, a.admitted) for a in question.anchors],
        [Target(shift.span(t.span), t.fills, t.marks) for t in question.targets],
    )
    names = [(shift.span(span), label) for span, label in example.names]
    return example._replace(asking=example.asking._replace(question=moved), names=names)
