"""Lines on pages to paragraphs: columns one after the other, words mended that a line end cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Stands for the hyphen at the end of a line.
DIVIDED = "\ufffe"
_SOFT = "\u00ad"
_HYPHENS = f"-\u2010{_SOFT}{DIVIDED}"
_ENDED = re.compile(r"[.!?:…»\"”)]$")
_PAGE_NUMBER = re.compile(r"[-–—\s]*\d{1,4}[-–—\s]*(?:/\s*\d{1,4})?")
_FEW = 3
_WORD_LIMIT = 100  # characters: a paragraph is not searched whole for its last word


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page with its box in points, the origin at the bottom left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


def joined(line: Line, other: Line) -> Line:
    """Two lines, or parts of one, as one."""
    return Line(
        f"{line.text} {other.text}",
        min(line.left, other.left),
        min(line.bottom, other.bottom),
        max(line.right, other.right),
        max(line.top, other.top),
    )


def text_of(pages: Sequence[Sequence[Line]]) -> str:
    """The paragraphs of `pages`, with blank lines between them; without page numbers and running heads."""
    lines = [line for page in _without_running(pages) for line in in_reading_order(page)]
    if not lines:
        return ""
    words = Counter(re.findall(r"[\w-]+", "\n".join(line.text for line in lines)))
    paragraphs = [lines[0].text]
    for before, line in pairwise(lines):
        if _continues(before, line):
            paragraphs[-1] = _joined(paragraphs[-1], line.text, words)
        else:
            paragraphs.append(line.text)
    return "\n\n".join(paragraph.replace(DIVIDED, "-") for paragraph in paragraphs)


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page as they are read: down a column before the next one, lines across them where they stand.

    Lines that stand in no columns keep the order of the file; the cells of a row are one line.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return list(_rows(lines))
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if line.right <= gutter:
            left.append(line)
        elif line.left >= gutter:
            right.append(line)
        else:
            ordered += in_reading_order(left) + in_reading_order(right) + [line]
            left, right = [], []
    return ordered + in_reading_order(left) + in_reading_order(right)


def _rows(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines beside each other as one."""
    row: Line | None = None
    for line in lines:
        if row is not None and line.left > row.right and abs(line.bottom - row.bottom) < row.height / 2:
            row = joined(row, line)
            continue
        if row is not None:
            yield row
        row = line
    if row is not None:
        yield row


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where a white strip runs down between two columns that stand beside each other, crossed by few lines."""
    best: tuple[int, int] | None = None
    gutter = None
    for at in sorted({int(line.left) for line in lines}):
        left = [line for line in lines if line.right <= at]
        right = [line for line in lines if line.left >= at]
        crossing = len(lines) - len(left) - len(right)
        if min(len(left), len(right)) < _FEW or 4 * crossing > len(lines) or not _beside(left, right):
            continue
        rank = (-crossing, min(len(left), len(right)))
        if best is None or rank > best:
            best, gutter = rank, at
    return gutter


def _beside(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """True for prose in columns: they share most of their height. Short cells beside each other are a table."""
    shared = min(max(line.top for line in side) for side in (left, right)) - max(
        min(line.bottom for line in side) for side in (left, right)
    )
    height = min(max(line.top for line in side) - min(line.bottom for line in side) for side in (left, right))
    wide = all(sum(len(line.text) for line in side) >= 15 * len(side) for side in (left, right))
    return wide and 2 * shared > height


def _without_running(pages: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """The pages without the first and last lines that number them or stand on most of them."""
    edges = Counter(_shape(line) for page in pages for line in _edges(page))
    often = {shape for shape, count in edges.items() if count >= max(_FEW, len(pages) / 2)}
    for page in pages:
        running = {
            id(line)
            for line in _edges(page)
            if _shape(line) in often or (_PAGE_NUMBER.fullmatch(line.text) and _apart(line, page))
        }
        yield [line for line in page if id(line) not in running]


def _edges(page: Sequence[Line]) -> list[Line]:
    if len(page) < 2:
        return []
    return [max(page, key=lambda line: line.top), min(page, key=lambda line: line.bottom)]


def _apart(line: Line, page: Sequence[Line]) -> bool:
    distances = (max(other.bottom - line.top, line.bottom - other.top) for other in page if other is not line)
    return min(distances) > line.height


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _continues(before: Line, line: Line) -> bool:
    """True where `line` goes on with the paragraph of `before`."""
    cut = before.text[-1] in _HYPHENS and line.text[0].islower()
    size = max(before.height, line.height)
    if abs(before.height - line.height) > 0.15 * size:
        return cut
    below = before.top - line.top > 0
    if not below or line.left > before.right or line.right < before.left:
        # Over to the next column or page.
        return cut or (line.text[0].islower() and not _ENDED.search(before.text))
    if before.bottom - line.top > 0.6 * size or line.left - before.left > 0.8 * size:
        return cut
    short = line.right - before.right > 0.25 * (line.right - line.left)
    return not (short and _ENDED.search(before.text))


def _joined(before: str, line: str, words: Counter[str]) -> str:
    """`before` and `line` as one text, the hyphen gone where it only divided a word."""
    if before[-1] not in _HYPHENS or len(before) < 2 or not before[-2].isalnum():
        return f"{before} {line}"
    head, tail = re.search(r"[\w-]*$", before[-_WORD_LIMIT:-1]), re.match(r"\w+", line)
    if head is None or tail is None or not line[0].islower():
        return before.rstrip(_HYPHENS) + "-" + line
    compound = words[f"{head.group()}-{tail.group()}"] > words[head.group() + tail.group()]
    keep = compound and before[-1] != _SOFT
    return before[:-1] + ("-" if keep else "") + line
