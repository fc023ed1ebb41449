"""The model's scores as opinions: probabilities over what the ontology and the question admit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.encoder.inputs import Floats, Held, fillable
from pipeline.encoder.passages import Passage, Pieces
from pipeline.encoder.question import NOBODY, Answer, FoundName, Opinion, Question
from pipeline.encoder.settings import OUTSIDE, EncoderSettings
from pipeline.schema import Span


class Scores(NamedTuple):
    """What the model gives for a passage, before normalisation: names (pieces by tags), types, modality and polarity
    (anchors by labels), links (anchors by targets, then nobody, by slots)."""

    names: Floats
    types: Floats
    modality: Floats
    polarity: Floats
    links: Floats


class Read(NamedTuple):
    """A passage that was read: the passage, what was fed, and what came out."""

    passage: Passage
    held: Held
    scores: Scores


def answer(question: Question, pieces: Pieces, read: Iterable[Read], settings: EncoderSettings) -> Answer:
    """What was read in some passages of `question`, as opinions and names."""
    opinions: dict[int, Opinion] = {}
    names: dict[tuple[int, int], FoundName] = {}
    for each in read:
        opinions.update(zip(each.held.anchors, _opinions(question, each, settings), strict=True))
        for name in _names(question.text, pieces, each, settings):
            key = name.span.start, name.span.end
            if key not in names or names[key].score < name.score:
                names[key] = name  # overlapping passages see some text twice
    return Answer(opinions, [names[key] for key in sorted(names)])


def _opinions(question: Question, read: Read, settings: EncoderSettings) -> list[Opinion]:
    scores, held = read.scores, read.held
    modality, polarity = _logs(scores.modality), _logs(scores.polarity)
    may = fillable(question, held, settings.slots)
    nobody = np.ones((len(held.anchors), 1, len(settings.slots)), dtype=bool)
    links = _logs(np.where(np.concatenate([may, nobody], axis=1), scores.links, -np.inf), axis=1)
    found = []
    for row, index in enumerate(held.anchors):
        admitted = ("", *(name for name in question.anchors[index].admitted if name in settings.types))
        types = _logs(scores.types[row, [settings.types.index(name) for name in admitted]])
        linked = {
            slot: {
                **{
                    held.targets[column]: float(links[row, column, at])
                    for column in np.flatnonzero(may[row, :, at]).tolist()
                },
                NOBODY: float(links[row, -1, at]),
            }
            for at, slot in enumerate(settings.slots)
        }
        found.append(
            Opinion(
                dict(zip(admitted, types.tolist(), strict=True)),
                dict(zip(settings.modalities, modality[row].tolist(), strict=True)),
                dict(zip(settings.polarities, polarity[row].tolist(), strict=True)),
                linked,
            )
        )
    return found


def _names(text: str, pieces: Pieces, read: Read, settings: EncoderSettings) -> list[FoundName]:
    """The names that the tags of the pieces spell: B opens one, I of the same label continues it."""
    chances = np.exp(_logs(read.scores.names))
    tags = [settings.tags[at] for at in chances.argmax(axis=1).tolist()]
    best = chances.max(axis=1).tolist()
    found: list[FoundName] = []
    run: list[int] = []
    label = ""
    for row, piece in [*enumerate(read.passage.pieces(), 1), (len(tags), None)]:
        tag = tags[row] if piece is not None and row < len(tags) else OUTSIDE
        part, _, own = tag.partition("-")
        if run and not (part == "I" and own == label and piece == run[-1] + 1):
            # A piece may be nothing but the space before another.
            if pieces.starts[run[0]] < pieces.ends[run[-1]]:
                found.append(_name(text, pieces, run, (label, min(best[read.passage.row(at) or 0] for at in run))))
            run = []
        if piece is not None and (part == "B" or run):
            run.append(piece)
            label = own
    return found


def _name(text: str, pieces: Pieces, run: Sequence[int], said: tuple[str, float]) -> FoundName:
    start, end = pieces.starts[run[0]], pieces.ends[run[-1]]
    # Pieces such as "2015," carry marks along.
    while end > start + 1 and not text[end - 1].isalnum():
        end -= 1
    while start < end - 1 and not text[start].isalnum():
        start += 1
    return FoundName(Span.cut(text, start, end), *said)


def _logs(scores: npt.NDArray[np.floating], axis: int = -1) -> Floats:
    """Logarithms of the probabilities that `scores` stand for."""
    if not scores.size:
        return np.asarray(scores, dtype=np.float32)
    top = np.max(scores, axis=axis, keepdims=True)
    shifted = scores - top
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)), dtype=np.float32)
