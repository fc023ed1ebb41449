"""Other ways in which an article writes the names of its organisations: short forms, acronyms in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.detect.name_context import Cover, NameContext, occurrences
from pipeline.schema import EntityMention, Kind

_PARTIES = frozenset({Kind.COMPANY, Kind.BRAND})
_SHORTEST = 4
_BRACKET = re.compile(r"[ ]\(([A-Z]{2,8})\)")


def bracketed(ctx: NameContext, mentions: list[EntityMention], cover: Cover) -> Iterator[EntityMention]:
    """The acronyms that an article gives in brackets behind a name, wherever they come back."""
    for mention in mentions:
        match = _BRACKET.match(ctx.doc.plain, mention.span.end) if mention.kind in _PARTIES else None
        if match is None or ctx.words.is_ordinary(match.group(1).lower()) or not cover.free(*match.span(1)):
            continue
        for start, end in occurrences(ctx.doc.plain, match.group(1)):
            if cover.free(start, end) and not ctx.hyphened(start, end):
                cover.take(start, end)
                yield replace(mention, span=ctx.doc.span(start, end))


def short_forms(ctx: NameContext, mentions: list[EntityMention], cover: Cover) -> Iterator[EntityMention]:
    """The places of names that leave out what ends a company's: "Vulcan" in an article on Vulcan Energy."""
    endings = ctx.words.company_kinds.keys() | ctx.words.legal_forms
    longer: dict[str, EntityMention] = {}
    for mention in mentions:
        if mention.kind in _PARTIES and " " in mention.span.text:
            parts = mention.span.text.split(" ")
            while len(parts) > 1 and parts[-1].lower() in endings:
                parts.pop()
                longer.setdefault(" ".join(parts), mention)
    for short, mention in longer.items():
        if len(short) < _SHORTEST or not _own(ctx, short):
            continue
        for start, end in occurrences(ctx.doc.plain, short):
            bare = not ctx.capital_before(start) and not ctx.capital_after(end) and not ctx.hyphened(start, end)
            if bare and cover.free(start, end):
                cover.take(start, end)
                yield replace(mention, span=ctx.doc.span(start, end))


def _own(ctx: NameContext, short: str) -> bool:
    """True for words that are a name by themselves, and no ordinary ones."""
    low = short.lower()
    gazetteer = ctx.gazetteer
    others = gazetteer.demonyms(ctx.doc.article.lang)
    return (
        not ctx.words.is_ordinary(low)
        and low not in others
        and short not in gazetteer.first_names
        and gazetteer.lookup(short) is None
        and not any(True for _ in occurrences(ctx.doc.plain, low))
    )
