"""An extraction as a piece of HTML that notebooks show: styles stand in the elements, nothing is loaded or run."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

from pipeline.brief import COLUMNS, cells

if TYPE_CHECKING:
    from pipeline.schema import Extraction, Fact, Span

SLOT_COLOURS = {
    "subject": "#d7c4f3",
    "object": "#e6d5f7",
    "quantity": "#a9d8f5",
    "converted": "#c9e7f8",
    "previous": "#c9e7f8",
    "period": "#b5e3b5",
    "place": "#f7e0a8",
    "source": "#f5c6bd",
}
_FACTS, _CHARACTERS = 200, 20_000
_CELL = "text-align:left;vertical-align:top;padding:2px 8px"


def slots(fact: Fact) -> Iterator[tuple[str, Span]]:
    """The slots of `fact` that stand somewhere in the text, and where."""
    for slot in SLOT_COLOURS:
        span = getattr(getattr(fact, slot), "span", None)
        if span is not None:
            yield slot, span


def extraction_html(extraction: Extraction) -> str:
    """A table of the facts, and the text with their parts marked; all of it escaped. Both are cut where they are
    long, which is said."""
    article, facts = extraction.article, extraction.facts
    dated = article.published.value if article.published else "undated"
    head = f"{article.id} · {dated} · {article.lang} · {len(facts)} facts"
    return f"<div><p><b>{escape(head)}</b></p>{_table(facts)}{_text(article.text, facts)}</div>"


def _table(facts: tuple[Fact, ...]) -> str:
    heads = "".join(f'<th style="{_CELL}">{name}</th>' for name in COLUMNS)
    rows = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in cells(fact)) + "</tr>"
        for fact in facts[:_FACTS]
    )
    rest = f"<p>… and {len(facts) - _FACTS} more facts</p>" if len(facts) > _FACTS else ""
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{rest}"


def _text(text: str, facts: Iterable[Fact]) -> str:
    shown = text[:_CHARACTERS]
    parts, at = [], 0
    for span, label, colour in _marks(facts, len(shown)):
        parts.append(escape(shown[at : span.start]))
        style = f"background:{colour};color:#000;border-radius:3px;padding:0 2px"
        parts.append(f'<mark style="{style}" title="{escape(label)}">{escape(span.text)}</mark>')
        at = span.end
    parts.append(escape(shown[at:]))
    rest = f"<p>… and {len(text) - len(shown)} more characters</p>" if len(text) > len(shown) else ""
    return f'<details open><summary>text</summary><p style="white-space:pre-wrap">{"".join(parts)}</p>{rest}</details>'


def _marks(facts: Iterable[Fact], end: int) -> Iterator[tuple[Span, str, str]]:
    """Spans that do not overlap, in order, with what they are of: of two that overlap, the first, then the longest."""
    found = [(span, slot, fact.type) for fact in facts for slot, span in slots(fact) if span.end <= end]
    found.sort(key=lambda mark: (mark[0].start, -mark[0].end))
    at = 0
    for span, same in itertools.groupby(found, key=lambda mark: mark[0]):
        if span.start >= at:
            labels = list(dict.fromkeys((slot, f"{kind}: {slot}") for _, slot, kind in same))
            yield span, ", ".join(label for _, label in labels), SLOT_COLOURS[labels[0][0]]
            at = span.end
