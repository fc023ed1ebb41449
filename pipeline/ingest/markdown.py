"""Markdown to plain text: the marks go, the words and their order stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAG = re.compile(
    r"<(script|style)\b.*?(?:</\1>|$)|<!--.*?(?:-->|$)|</?[a-zA-Z][^<>]*>", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)


def markdown_to_text(source: str) -> str:
    """The words of `source`: blank lines between paragraphs, a line for each list item and table row.

    Links and emphasis leave their words, images and HTML tags nothing. Line breaks in a paragraph are kept.
    """
    tokens = _parser().parse(source)
    parts: list[str] = []
    tight = False
    for text, in_list in _blocks(tokens):
        if parts:
            parts.append("\n" if tight and in_list else "\n\n")
        parts.append(text)
        tight = in_list
    return "".join(parts)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Indented text is a paragraph in the press, not code.
    return MarkdownIt("commonmark").enable("table").disable("code")


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """Each block's text, and whether it is a line of a list or table."""
    prefix = ""
    depth = 0
    row: list[str] = []
    for at, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            depth -= 1
        elif token.type == "list_item_open":
            prefix = _marker(tokens, at)
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield " | ".join(cell for cell in row if cell), True
        elif token.type == "inline":
            text = prefix + _inline(token.children or ()).strip()
            prefix = ""
            if tokens[at - 1].type in ("td_open", "th_open"):
                row.append(text)
            elif text:
                yield text, depth > 0
        elif token.type in ("fence", "html_block"):
            text = _TAG.sub("", token.content).strip()
            if text:
                yield text, depth > 0


def _marker(tokens: Sequence[Token], at: int) -> str:
    """The marker of a list item where it is part of what is said: a number, a sign before a lone figure."""
    item = tokens[at]
    if item.info:
        return f"{item.info}{item.markup} "
    alone = tokens[at - 1].type == "bullet_list_open" and not any(
        token.type == "list_item_open" and token.level == item.level for token in _siblings(tokens, at)
    )
    figure = at + 2 < len(tokens) and tokens[at + 2].content[:1].isdigit()
    return f"{item.markup} " if item.markup in "+-" and figure and alone else ""


def _siblings(tokens: Sequence[Token], at: int) -> Iterator[Token]:
    for token in tokens[at + 1 :]:
        if token.type == "bullet_list_close" and token.level == tokens[at].level - 1:
            return
        yield token


def _inline(children: Sequence[Token]) -> str:
    said = []
    for child in children:
        if child.type in ("softbreak", "hardbreak") or (
            child.type == "html_inline" and _BREAK.match(child.content)
        ):
            said.append("\n")
        elif child.type in ("text", "text_special", "code_inline"):
            said.append(child.content)
    return "".join(said)
