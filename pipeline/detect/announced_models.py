"""Models outside the gazetteer that a noun of vehicles announces: "le SUV Bigster", "un concept baptisé Oli"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from pipeline.detect.model_names import repeats
from pipeline.detect.name_context import Cover, NameContext, is_roman
from pipeline.language.entity_words import UPPER
from pipeline.schema import EntityMention, Kind

_RUN = re.compile(rf"[{UPPER}][\w-]+(?:[ ](?:[{UPPER}][\w.-]*\w|\d[\w-]*(?![.,]\d|[ ]\d)))*(?![\w'])")
_APPOSED = re.compile(r",[ ](\w+(?:[ ][\w-]+){1,3})")
_MAKERS = frozenset({Kind.BRAND, Kind.COMPANY})
_REACH = 40
_LONGEST = 4


def announced_models(ctx: NameContext, known: list[EntityMention], cover: Cover) -> Iterator[EntityMention]:
    """The models of the makers in `known` that a noun announces, and where they are named again."""
    makers = [m for m in known if (m.kind in _MAKERS and "maker" in m.classes) or m.kind is Kind.MODEL]
    if not makers:
        return
    for start, end in ctx.capitals:
        if not cover.free(start, end):
            continue
        announced = _announced(ctx, start)
        if not announced and not _articled(ctx, start):
            continue
        match = _RUN.match(ctx.doc.plain, start)
        if match and not announced and not _apposed(ctx, match.end()):
            continue
        name = _name(ctx, match.group()) if match else ""
        stop = start + len(name)
        if not name or not cover.free(start, stop) or ctx.following(stop) in ctx.words.counted:
            continue
        brand, country = _brand(ctx, makers, start)
        span = ctx.doc.span(start, stop)
        cover.take(start, stop)
        model = EntityMention(span, f"{brand} {name}", Kind.MODEL, brand, country, known=False)
        yield model
        yield from repeats(ctx, model, name, cover)


def _announced(ctx: NameContext, start: int) -> bool:
    """True behind a noun of vehicles, or behind a participle of naming that has such a noun before it."""
    before, nouns = ctx.previous(start), ctx.words.model_nouns
    if before in nouns:
        return True
    if before not in ctx.words.naming:
        return False
    sentence = ctx.sentence(start)
    words = ctx.doc.lower[max(sentence.start, start - _REACH) : start].replace(",", " ").replace("'", " ").split()
    return any(word in nouns for word in words)


def _articled(ctx: NameContext, start: int) -> bool:
    """True behind a determiner of one thing."""
    before = ctx.previous(start)
    return before in ctx.words.determiners and before not in ctx.words.plural_determiners


def _apposed(ctx: NameContext, end: int) -> bool:
    """True where an apposition says that what ends at `end` is a vehicle ("la E6, un grand crossover")."""
    following = _APPOSED.match(ctx.doc.lower, end)
    words = following.group(1).split() if following else []
    if not words or words[0] not in ctx.words.determiners:
        return False
    return any(word in ctx.words.model_nouns for word in words[1:])


def _name(ctx: NameContext, run: str) -> str:
    """The words of `run` that are no ordinary ones, "" where they may be something else than a model."""
    lead = list(takewhile(lambda word: not _ordinary(ctx, word), run.split()))
    single = len(lead) == 1 and (lead[0].isupper() or lead[0] in ctx.gazetteer.trim_heads)
    if " ".join(lead) in ctx.gazetteer.versions:
        return ""
    if not lead or len(lead) > _LONGEST or (single and not any(c.isdecimal() for c in lead[0])):
        return ""
    return " ".join(lead)


def _ordinary(ctx: NameContext, word: str) -> bool:
    low = word.lower()
    demonyms = ctx.gazetteer.demonyms(ctx.doc.article.lang)
    return ctx.words.is_ordinary(low) or low in ctx.words.model_nouns or low in demonyms or is_roman(word)


def _brand(ctx: NameContext, makers: list[EntityMention], at: int) -> tuple[str, str | None]:
    """The maker named last in the sentence before `at`, else first behind it, else last in the article."""
    sentence = ctx.sentence(at)
    inside = [m for m in makers if sentence.start <= m.span.start < sentence.end]
    before = [m for m in inside if m.span.start < at]
    earlier = [m for m in makers if m.span.start < at]
    maker = before[-1] if before else inside[0] if inside else earlier[-1] if earlier else makers[0]
    return (maker.parent if maker.kind is Kind.MODEL and maker.parent else maker.name), maker.country
