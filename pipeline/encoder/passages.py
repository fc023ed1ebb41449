"""Passages: the stretches of a document that the encoder reads, so that every anchor lies in one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.encoder.question import Question
from pipeline.encoder.settings import EncoderSettings
from pipeline.schema import Span


class Pieces(NamedTuple):
    """A text in pieces of the tokenizer: their ids, and half-open character offsets without the space before."""

    ids: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]

    def within(self, span: Span) -> range:
        """The indexes of the pieces that `span` touches."""
        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))


class Passage(NamedTuple):
    """The pieces [0, title) and [start, end) of a document, and the indexes of the anchors that are asked about in it.

    The model sees them behind the opening piece: piece `i` of the document is its row `row(i)`.
    """

    title: int
    start: int
    end: int
    anchors: tuple[int, ...]

    def row(self, piece: int) -> int | None:
        """The row of a piece in the model's input; None where the passage does not hold it."""
        if piece < self.title:
            return piece + 1
        return piece - self.start + self.title + 1 if self.start <= piece < self.end else None

    def rows(self, pieces: range) -> list[int]:
        """The rows of those of `pieces` that the passage holds."""
        return [row for piece in pieces if (row := self.row(piece)) is not None]

    def pieces(self) -> list[int]:
        """The pieces of the document, in the order of the rows."""
        return [*range(self.title), *range(self.start, self.end)]


def passages(question: Question, pieces: Pieces, settings: EncoderSettings) -> list[Passage]:
    """The passages in which the anchors of a question are asked about, each in one of them.

    Text far from any anchor is in none. A passage begins `settings.before` pieces ahead of its first anchor, so that
    neighbours overlap. Nothing is cut: an anchor that does not fit with what must follow it begins the next passage.
    """
    first_end = question.sentences[0].end if question.sentences else 0
    title = min(bisect_left(pieces.starts, first_end), settings.title)
    anchors = [anchor.span for anchor in question.anchors]
    total = len(pieces.ids)
    found: list[Passage] = []
    at = 0
    while at < len(anchors):
        first = pieces.within(anchors[at])
        start = max(first.start - settings.before, title)
        most = min(start + settings.room, total)
        held = [at]
        last = first.stop
        for index in range(at + 1, len(anchors)):
            stop = pieces.within(anchors[index]).stop
            if stop + settings.after > most and most < total:
                break
            held.append(index)
            last = max(last, stop)
        end = max(min(last + settings.after, most), start)
        found.append(Passage(min(title, start), start, end, tuple(held)))
        at = held[-1] + 1
    return found
