"""A passage as arrays: what the model is fed, the same in training and at run time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.encoder.passages import Passage, Pieces
from pipeline.encoder.question import Question, Slot
from pipeline.encoder.settings import EncoderSettings
from pipeline.schema import Sentence, Span

Floats = npt.NDArray[np.float32]
_HALF_WAY = 8.0  # pieces at which nearness counts half
_FAR = 6.0  # sentences beyond which all is far
PLACES = 7  # numbers that say how a target lies to an anchor


class Inputs(NamedTuple):
    """One passage: `ids` (pieces), the weights by which an anchor, the words around it and a target are the means of
    their pieces (`anchors` and `around`: anchors by pieces, `targets`: targets by pieces), how each target lies to
    each anchor and what is known of it (`pairs`: anchors by targets by numbers), and the types that the rules give
    (`hints`: anchors by types)."""

    ids: npt.NDArray[np.int64]
    anchors: Floats
    around: Floats
    targets: Floats
    pairs: Floats
    hints: Floats


class Held(NamedTuple):
    """A passage's inputs, and which anchors and targets of the question its rows stand for."""

    inputs: Inputs
    anchors: tuple[int, ...]
    targets: tuple[int, ...]


def inputs_of(question: Question, pieces: Pieces, passage: Passage, settings: EncoderSettings) -> Held:
    """The arrays of `passage`."""
    rows = [passage.rows(pieces.within(target.span)) for target in question.targets]
    reached = tuple(index for index, row in enumerate(rows) if row)
    own = [passage.rows(pieces.within(question.anchors[at].span)) or [0] for at in passage.anchors]
    ids = [settings.begin, *(int(pieces.ids[at]) for at in passage.pieces()), settings.end]
    width = len(ids)
    around = [range(max(row[0] - settings.reach, 0), min(row[-1] + settings.reach + 1, width)) for row in own]
    lie = _pairs(
        _lying(question.sentences, [question.anchors[at].span for at in passage.anchors], own),
        _lying(question.sentences, [question.targets[at].span for at in reached], [rows[at] for at in reached]),
    )
    marked = [[mark in question.targets[at].marks for mark in settings.marks] for at in reached]
    marks = np.array(marked, dtype=np.float32).reshape(1, len(reached), len(settings.marks))
    inputs = Inputs(
        np.array(ids, dtype=np.int64),
        _means(own, width),
        _means(around, width),
        _means([rows[index] for index in reached], width),
        np.concatenate([lie, np.repeat(marks, len(own), axis=0)], axis=2),
        _hints(question, passage, settings),
    )
    return Held(inputs, passage.anchors, reached)


def fillable(question: Question, held: Held, slots: Sequence[Slot]) -> npt.NDArray[np.bool_]:
    """Which target may fill which slot of which anchor (anchors by targets by slots): a figure replaces another one
    only, and what is named at the anchor itself is no party to it."""
    found = np.zeros((len(held.anchors), len(held.targets), len(slots)), dtype=bool)
    for row, at in enumerate(held.anchors):
        anchor = question.anchors[at].span
        for column, index in enumerate(held.targets):
            target = question.targets[index]
            if Slot.PREVIOUS in target.fills and target.span.overlaps(anchor):
                continue
            found[row, column] = [slot in target.fills for slot in slots]
    return found


def _means(rows: Sequence[Sequence[int]], width: int) -> Floats:
    found = np.zeros((len(rows), width), dtype=np.float32)
    for at, row in enumerate(rows):
        found[at, list(row)] = 1.0 / len(row)
    return found


def _hints(question: Question, passage: Passage, settings: EncoderSettings) -> Floats:
    found = np.zeros((len(passage.anchors), len(settings.types)), dtype=np.float32)
    for row, at in enumerate(passage.anchors):
        hint = question.anchors[at].hint
        if hint in settings.types:
            found[row, settings.types.index(hint)] = 1.0
    return found


class _Lying(NamedTuple):
    """Where some spans lie: the first row of each, the index of its sentence and of its block, and whether that
    sentence is a heading."""

    row: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]
    block: npt.NDArray[np.int64]
    heading: npt.NDArray[np.int64]


def _lying(sentences: Sequence[Sentence], spans: Sequence[Span], rows: Sequence[Sequence[int]]) -> _Lying:
    starts = [sentence.start for sentence in sentences]
    at = [max(bisect_right(starts, span.start) - 1, 0) for span in spans]
    own = [sentences[index] for index in at]
    columns = ([row[0] for row in rows], at, [s.block for s in own], [s.heading for s in own])
    return _Lying(*(np.array(column, dtype=np.int64) for column in columns))


def _pairs(anchors: _Lying, targets: _Lying) -> Floats:
    """How each target lies to each anchor: near, before, in the same sentence, sentences away, in the title, in a
    heading, in the same block."""
    apart = anchors.row[:, None] - targets.row[None]
    sentences = anchors.sentence[:, None] - targets.sentence[None]
    everywhere = np.ones_like(apart)
    numbers = [
        1.0 / (1.0 + np.abs(apart) / _HALF_WAY),
        apart > 0,
        sentences == 0,
        np.minimum(np.abs(sentences), _FAR) / _FAR,
        (targets.sentence == 0) * everywhere,
        targets.heading * everywhere,
        anchors.block[:, None] == targets.block[None],
    ]
    return np.stack(numbers, axis=2).astype(np.float32)
