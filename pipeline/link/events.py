"""Events: statements without a figure, found from the phrases that state them."""

from __future__ import annotations

from dataclasses import replace

from pipeline.link.bench import Bench, statement
from pipeline.link.candidate import Candidate
from pipeline.link.modality import modality
from pipeline.link.propose import weight
from pipeline.ontology import FactType
from pipeline.schema import CueMention, Kind

_SUBJECT = 0.3  # score below which an event is left without a subject


def from_events(bench: Bench) -> list[Candidate]:
    """One candidate for each trigger of an event that finds its parties."""
    found = []
    for cue in bench.scene.cues("trigger"):
        row = bench.knowledge.ontology.types[cue.value]
        if row.group != "events" or row.figure == "required":
            continue
        event = _event(bench, cue, row)
        if event:
            found.append(event)
    return found


def _event(bench: Bench, cue: CueMention, row: FactType) -> Candidate | None:
    index = bench.scene.sentence_index(cue.span.start)
    sentence = bench.scene.sentence(index)
    if bench.scene.doc.lower[sentence.end - 1] in bench.knowledge.pack.link.questions:
        return None
    choice = bench.roles.subject(row, [cue.span], index)
    if choice is None or choice.score < _SUBJECT:
        return None
    base = statement(bench, cue.value, [cue.span], index, choice, cue)
    period = bench.periods.find([cue.span], index, inherits=False)
    event = replace(
        base,
        strength=weight(cue) / 2,
        period=period,
        modality=modality(bench.scene, [cue.span], index, period, Kind.COMPANY),
    )
    return event if _complete(event, row) else None


def _complete(event: Candidate, row: FactType) -> bool:
    return all(getattr(event, slot) is not None for slot in row.needs)
