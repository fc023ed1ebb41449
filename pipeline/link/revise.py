"""What the rules linked, read again with the encoder: the best reading of all figures and events together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from pipeline.encoder.blend import Blend
from pipeline.encoder.decode import Choices, Reading, Rules, decode
from pipeline.encoder.names import with_names
from pipeline.encoder.question import NOBODY, Answer, Opinion, Question, Slot
from pipeline.link.asking import Asking, Filler, admits, asking, namer
from pipeline.link.bench import Bench
from pipeline.link.candidate import Candidate
from pipeline.link.choice import as_kind
from pipeline.link.figures import read_as
from pipeline.link.linker import bench_of, link_on
from pipeline.link.party import PartyMention
from pipeline.link.periods import to_period
from pipeline.link.places import place_of
from pipeline.link.weighing import KEPT, MODALITY, TYPE, learned, modality_options, slot_options, type_options
from pipeline.ontology import FactType
from pipeline.schema import DateMention, EntityMention, Modality, Period, Place, QuantityMention, Rejection, Source

_CERTAIN = 0.0  # logarithm


class Reads(Protocol):
    """What answers questions: the encoder, or answers that were kept."""

    def read(self, question: Question, /) -> Answer: ...


class Second(NamedTuple):
    """A second reader, and how far it is believed beside the rules."""

    reader: Reads
    blend: Blend


def revise(bench: Bench, candidates: Sequence[Candidate], second: Second) -> tuple[list[Candidate], list[Rejection]]:
    """The candidates as the best reading has them, with what the reader thinks of each, and figures that it takes for
    no statement. Parts on which the blend has no weights stay as the rules have them.

    Names that the reader finds are linked too; it does not read again for them, so that it says nothing about them.
    """
    asked = asking(bench, candidates)
    answer = second.reader.read(asked.question)
    least, mentions = second.blend.names_from, bench.scene.mentions
    named = with_names(mentions, answer.names, least) if least is not None else mentions
    if named.entities != mentions.entities:
        bench = bench_of(bench.scene.doc, named, bench.knowledge)
        anew = asking(bench, link_on(bench)[0])
        asked, answer = anew, answer.laid_on(asked.question, anew.question)
    return revised(bench, asked, answer, second.blend)


def revised(bench: Bench, asked: Asking, answer: Answer, blend: Blend) -> tuple[list[Candidate], list[Rejection]]:
    """As `revise`, with the answer at hand."""
    weighed = [_choices(bench, asked, index, answer.opinions.get(index), blend) for index in range(len(asked.figures))]
    readings = decode(weighed, _rules(bench, asked))
    found: list[Candidate] = []
    rejections: list[Rejection] = []
    for index, reading in enumerate(readings):
        candidate = _as_read(bench, asked, index, reading, found)
        opinion = answer.opinions.get(index)
        if candidate is not None and opinion is not None:
            if candidate is asked.candidates[index]:
                candidate = _filled(bench, asked, candidate, reading, blend)
            candidate = _in_mood(candidate, opinion, blend)
            row = bench.knowledge.ontology.types[candidate.type]
            candidate = candidate._replace(learned=learned(opinion, asked, candidate, row))
        if candidate is not None:
            found.append(candidate)
        elif asked.candidates[index] is not None:
            span = asked.question.anchors[index].span
            article = bench.scene.doc.article.id
            rejections.append(Rejection(article_id=article, reason="encoder", type=None, span=span))
    return sorted(found, key=lambda c: (c.anchor.start, c.anchor.end, c.type)), rejections


def _choices(bench: Bench, asked: Asking, index: int, opinion: Opinion | None, blend: Blend) -> Choices:
    """The types and fillers of an anchor with the logarithms of their probabilities; what is not for the blend to
    decide is certain."""
    candidate = asked.candidates[index]
    if opinion is None:
        return Choices({candidate.type if candidate else "": _CERTAIN}, {})
    types = {candidate.type if candidate else "": _CERTAIN}
    if blend.decides(TYPE):
        options = type_options(opinion, candidate)
        logs = blend.logs(TYPE, [each.features for each in options])
        types = {str(each.value): log for each, log in zip(options, logs, strict=True)}
    slots: dict[Slot, dict[int, float]] = {}
    for slot in Slot if candidate else ():
        if not blend.decides(slot) or candidate is None:
            continue
        row = bench.knowledge.ontology.types[candidate.type]
        choices = slot_options(opinion, candidate, slot, namer(asked, slot, row))
        logs = blend.logs(slot, [each.features for each in choices])
        slots[slot] = {int(each.value): log for each, log in zip(choices, logs, strict=True)}
    types.setdefault("", -math.inf)
    return Choices(types, slots)


def _rules(bench: Bench, asked: Asking) -> Rules:
    """The constraints of the ontology on the readings of a document."""
    types = bench.knowledge.ontology.types
    anchors = {figure.span: at for at, figure in enumerate(asked.figures) if figure is not None}

    def may(_: int, name: str, slot: Slot, target: int) -> bool:
        return target == KEPT or admits(asked, slot, types[name])(target)

    def name_of(index: int, slot: Slot, target: int) -> str | None:
        filler = getattr(asked.candidates[index], slot.value, None) if target == KEPT else asked.fillers[target]
        return getattr(filler, "name", None)

    def same(index: int, subject: int, other: int) -> bool:
        return name_of(index, Slot.SUBJECT, subject) == name_of(index, Slot.OBJECT, other)

    def figure(index: int, target: int) -> int | None:
        candidate = asked.candidates[index]
        old = (candidate.previous if candidate else None) if target == KEPT else asked.fillers[target]
        return anchors.get(old.span) if isinstance(old, QuantityMention) else None

    return Rules(may, same, figure)


def _as_read(
    bench: Bench, asked: Asking, index: int, reading: Reading, told: Sequence[Candidate]
) -> Candidate | None:
    """The candidate of an anchor as it was read; None where it states nothing."""
    candidate, figure = asked.candidates[index], asked.figures[index]
    if not reading.type:
        return None
    if candidate is None or candidate.type != reading.type:
        # An event has no type but its own.
        return read_as(bench, figure, reading.type, told) if figure is not None else candidate
    return candidate


def _filled(bench: Bench, asked: Asking, candidate: Candidate, reading: Reading, decided: Blend) -> Candidate:
    """The candidate with the fillers of its reading in the slots that the blend decides."""
    row = bench.knowledge.ontology.types[candidate.type]
    changed: dict[str, Any] = {}
    for slot in Slot:
        target = reading.fillers.get(slot, NOBODY)
        if decided.decides(slot) and target != KEPT:
            changed[slot.value] = None if target == NOBODY else _filler(asked.fillers[target], slot, row)
    return candidate._replace(**changed)


def _filler(filler: Filler, slot: Slot, row: FactType) -> PartyMention | Period | Place | Source | QuantityMention:
    if isinstance(filler, DateMention):
        return to_period(filler)
    if isinstance(filler, EntityMention):
        return place_of(filler)
    if isinstance(filler, QuantityMention):
        return filler
    if slot is Slot.SOURCE:
        return Source(name=filler.name, span=filler.span)
    return as_kind(filler, row.subjects if slot is Slot.SUBJECT else row.objects)


def _in_mood(candidate: Candidate, opinion: Opinion, blend: Blend) -> Candidate:
    """The candidate with the modality that rules and encoder find likeliest together."""
    if not blend.decides(MODALITY):
        return candidate
    options = modality_options(opinion, candidate)
    logs = blend.logs(MODALITY, [each.features for each in options])
    best = max(zip(logs, options, strict=True), key=lambda each: each[0])[1]
    return candidate._replace(modality=Modality(str(best.value)))
