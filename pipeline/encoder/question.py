"""What the encoder is asked about a document, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from pipeline.schema import Modality, Polarity, Sentence, Span


class Slot(StrEnum):
    """The slots of a statement that the encoder links to a place of the text."""

    SUBJECT = "subject"
    OBJECT = "object"
    PERIOD = "period"
    PLACE = "place"
    SOURCE = "source"
    PREVIOUS = "previous"


class Anchor(NamedTuple):
    """A figure, or the words of an event, about which is asked. `hint` is the type that the rules give it ("" for
    none), `admitted` are the types that the ontology allows it."""

    span: Span
    hint: str
    admitted: tuple[str, ...]


class Target(NamedTuple):
    """A place of the text that may fill the slots `fills`. `marks` say what is known of it ("company", "anaphor")."""

    span: Span
    fills: frozenset[Slot]
    marks: tuple[str, ...] = ()


class Question(NamedTuple):
    """All that is asked about a text; anchors and targets are each in the order of the text."""

    text: str
    sentences: Sequence[Sentence]
    anchors: Sequence[Anchor]
    targets: Sequence[Target]


class Opinion(NamedTuple):
    """What the encoder thinks of one anchor, in natural logarithms of probabilities.

    `types` has each admitted type and "" (states nothing). `links` has for each slot the targets within reach by
    their index in the question, and -1 for none of them; targets out of reach, and those that cannot fill the slot,
    are left out. The probabilities of `types`, of `modality`, of `polarity` and of each slot sum to one.
    """

    types: Mapping[str, float]
    modality: Mapping[Modality, float]
    polarity: Mapping[Polarity, float]
    links: Mapping[Slot, Mapping[int, float]]


class FoundName(NamedTuple):
    """A name that a model found: `label` is one of NAME_LABELS, `score` its probability (0 to 1)."""

    span: Span
    label: str
    score: float


NAME_LABELS = ("ORG", "MODEL", "PERSON", "PLACE")
NOBODY = -1


class Answer(NamedTuple):
    """The opinion of each anchor by its index in the question, and the names found in the passages that were read."""

    opinions: Mapping[int, Opinion]
    names: Sequence[FoundName]

    def laid_on(self, old: Question, new: Question) -> Answer:
        """The answer to `old` as one to `new`, which asks about the same text anew: what both ask keeps its opinion,
        and targets that only `new` has are out of reach."""
        anchors = {(each.span, each.admitted): at for at, each in enumerate(new.anchors)}
        targets = {(each.span, each.fills): at for at, each in enumerate(new.targets)}
        moved = {at: targets.get((each.span, each.fills)) for at, each in enumerate(old.targets)} | {NOBODY: NOBODY}
        opinions = {}
        for index, opinion in self.opinions.items():
            own = old.anchors[index]
            at = anchors.get((own.span, own.admitted))
            if at is not None:
                links = {
                    slot: {to: log for target, log in each.items() if (to := moved[target]) is not None}
                    for slot, each in opinion.links.items()
                }
                opinions[at] = opinion._replace(links=links)
        return Answer(opinions, self.names)
