"""What speaks for and against a candidate, as named numbers: the features of the learned scorer."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.link.candidate import Candidate
from pipeline.ontology import FactType

_CAP = 1.6  # strength above which more makes no difference
_STEP = 100.0  # characters
_FAR = 6.0  # steps beyond which a subject is simply far away
_LONG = 200.0  # characters of a long sentence
_INHERITED = 0.3  # score below which a subject is little more than the last one named
_TITLE = 80  # characters at the head of an article


def evidence(candidate: Candidate, row: FactType, lang: str) -> dict[str, float]:
    """The features of `candidate`, of the type `row`, in an article in `lang`, those that are zero left out.

    Numbers are scaled to about one; the rest are marks of 1, among them the rule that spoke, the type and its group.
    """
    of_rules = {**_of_type(candidate, row), **_of_slots(candidate), **_of_subject(candidate)}
    found = {f"lang:{lang}": 1.0, **of_rules, **candidate.learned}
    return {name: round(float(value), 4) for name, value in found.items() if value}


def _of_type(candidate: Candidate, row: FactType) -> Mapping[str, float]:
    figure = candidate.quantity
    marks: dict[str, float] = {
        "strength": min(candidate.strength, _CAP),
        "trigger": candidate.trigger is not None,
        "heading": candidate.heading,
        f"group:{row.group}": 1,
        f"type:{candidate.type}": 1,
        **{f"rule:{rule}": 1 for rule in candidate.reasons[:1]},
        "sentence": len(candidate.sentence.text) / _LONG,
    }
    if figure is not None:
        digits = figure.span.text.translate({ord(c): None for c in " .,\u00a0\u202f"})
        marks |= {"figure": 1, f"unit:{figure.unit}": 1, f"qualifier:{figure.qualifier}": 1, "bare": digits.isdigit()}
    return marks


def _of_slots(candidate: Candidate) -> Mapping[str, float]:
    return {
        "object": candidate.object is not None,
        "period": candidate.period is not None,
        "place": candidate.place is not None,
        "source": candidate.source is not None,
        "rate": candidate.per is not None,
        f"modality:{candidate.modality}": 1,
        f"polarity:{candidate.polarity}": 1,
    }


def _of_subject(candidate: Candidate) -> Mapping[str, float]:
    subject = candidate.subject
    if subject is None:
        return {}
    here = candidate.sentence.start <= subject.span.start < candidate.sentence.end
    return {
        "subject": min(candidate.subject_score, _CAP),
        "subject:weak": candidate.subject_score < _INHERITED,
        "subject:here": here,
        "subject:behind": here and subject.span.start > candidate.anchor.end,
        "subject:title": not here and subject.span.start < _TITLE,
        "subject:anaphor": subject.anaphor,
        "subject:distance": min(abs(subject.span.start - candidate.anchor.start) / _STEP, _FAR),
        f"subject:{subject.kind}": 1,
    }
