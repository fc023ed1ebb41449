"""Names in a document: companies, brands, models, persons, authorities, places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from pipeline.detect.known_names import find_known
from pipeline.detect.model_names import join_models
from pipeline.detect.name_context import NameContext
from pipeline.detect.new_names import find_new
from pipeline.detect.written_names import as_written
from pipeline.gazetteer import Entry, Gazetteer
from pipeline.language.entity_words import EntityWords
from pipeline.schema import Document, EntityMention, Kind

INNER = "inner"
_ADJECTIVE = re.compile(r"[ ]([\w-]+)")
_COURT = "court"
_Nickname = tuple[int, int, Entry]


def detect_entities(doc: Document, words: EntityWords, gazetteer: Gazetteer) -> tuple[EntityMention, ...]:
    """The names in `doc`, by offset, without overlaps.

    Names of the gazetteer carry its canonical name, kind, parent, country and classes; a nickname ("la marque
    au losange") that of what it stands for. Names within a nickname ("le constructeur de Palo Alto") are
    mentions of their own with the class "inner", and the nickname's mention ends before them. Names outside
    the gazetteer have `known` False.
    """
    ctx = NameContext(doc, words, gazetteer)
    nicknames = gazetteer.nicknames(doc.lower, doc.article.lang)
    known = join_models(ctx, find_known(ctx, [entry for _, _, entry in nicknames]))
    mentions = as_written(ctx, _with_states(ctx, _with_courts(ctx, _with_nicknames(ctx, known, nicknames))))
    new = find_new(ctx, mentions)
    # A person may be called like a marque or a town: the new name takes its place.
    taken = ctx.cover(new)
    kept = [m for m in mentions if taken.free(m.span.start, m.span.end)] if new else mentions
    return tuple(sorted((*kept, *new), key=lambda m: m.span.start))


def _with_nicknames(
    ctx: NameContext, known: list[EntityMention], nicknames: list[_Nickname]
) -> list[EntityMention]:
    mentions = list(known)
    named = {m.name for m in known} | {m.parent for m in known}
    starts, ends = [m.span.start for m in known], [m.span.end for m in known]
    reach = 0
    for start, end, entry in nicknames:
        if start < reach:
            continue
        reach = end
        inside = range(bisect_right(ends, start), bisect_left(starts, end))
        written = ctx.gazetteer.written(entry.name, ctx.doc.article.lang)
        if written not in named and any(mentions[i].kind is Kind.PLACE for i in inside):
            continue  # more than one maker may live in a town
        for i in inside:
            mentions[i] = replace(mentions[i], classes=(*mentions[i].classes, INNER))
        stop = min((mentions[i].span.start for i in inside), default=end)
        while stop > start and not ctx.doc.plain[stop - 1].isalnum():
            stop -= 1
        if stop > start:
            mentions.append(ctx.mention(start, stop, entry))
    return mentions


def _with_states(ctx: NameContext, mentions: list[EntityMention]) -> list[EntityMention]:
    """`mentions` with the authorities that an adjective of their country names: "l'État algérien".

    "L'État de Caroline du Nord" is the place alone.
    """
    if ctx.words.state_heads.isdisjoint(ctx.doc.lower_words):
        return mentions
    cover = ctx.cover(mentions)
    demonyms, states = ctx.gazetteer.demonyms(ctx.doc.article.lang), ctx.words.states
    spans = {(m.span.start, m.span.end) for m in mentions}
    places = {m.span.start for m in mentions if m.kind is Kind.PLACE}
    replaced: set[tuple[int, int]] = set()
    found: list[EntityMention] = []
    for match in ctx.words.state.finditer(ctx.doc.lower):
        start, end = match.span()
        word = _ADJECTIVE.match(ctx.doc.lower, end)
        adjective = word.group(1) if word else ""
        bare = (start, end) in spans
        if not bare and not cover.free(start, end):
            continue
        if word and adjective in demonyms and demonyms[adjective].country:
            replaced.add((start, end))
            found.append(ctx.stranger(start, word.end(), f"{states[match.group()]} {adjective}", Kind.AUTHORITY))
        elif bare and not places.isdisjoint(range(end + 1, end + 5)):
            replaced.add((start, end))
    return [m for m in mentions if (m.span.start, m.span.end) not in replaced] + found


def _with_courts(ctx: NameContext, mentions: list[EntityMention]) -> list[EntityMention]:
    """`mentions` with the authorities and shows named with their town: "le tribunal de commerce de Paris"."""
    if ctx.words.court_heads.isdisjoint(ctx.doc.lower_words):
        return mentions
    courts: list[EntityMention] = []
    starts: dict[int, list[int]] = {}
    for index, mention in enumerate(mentions):
        starts.setdefault(mention.span.start, []).append(index)
    for match in ctx.words.court.finditer(ctx.doc.lower):
        for i in (i for at in range(match.end() + 1, match.end() + 5) for i in starts.get(at, ())):
            town = mentions[i]
            gap = ctx.doc.lower[match.end() : town.span.start].strip()
            if town.kind is Kind.PLACE and gap in ctx.words.owner_links:
                name = ctx.doc.plain[match.start() : town.span.end]
                mentions[i] = replace(town, classes=(*town.classes, INNER))
                kind = Kind.OTHER if match.group() in ctx.words.fairs else Kind.AUTHORITY
                court = ctx.stranger(*match.span(), name, kind)
                courts.append(replace(court, classes=(_COURT,)))
    return [*mentions, *courts]
