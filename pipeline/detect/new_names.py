"""Names that the gazetteer does not hold: persons, companies, authorities, media, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from pipeline.detect.announced_models import announced_models
from pipeline.detect.name_context import Cover, NameContext, cue_kind, is_roman, occurrences
from pipeline.detect.party_names import PartyFinder, organisation_edges
from pipeline.detect.short_names import bracketed, short_forms
from pipeline.language.entity_words import UPPER, CueKind
from pipeline.schema import EntityMention, Kind
from pipeline.text import unaccent

_BRACKET = re.compile(rf"\(([{UPPER}][\w&-]{{1,9}})\)")
_OPENED = re.compile(rf"([{UPPER}]{{2,8}}) \(([{UPPER}][^()]{{8,80}})\)")
_DEPARTMENT = re.compile(r"\((?:\d{2,3}|2[AB])\)")
_TOWN = re.compile(rf"(?<![\w-])([{UPPER}][\w-]+(?:[ '][{UPPER}][\w-]+)*) \Z")
_TOWN_REACH = 40
_TOWN_LIMIT = 120  # characters: no name of a town is longer
_AGE = re.compile(r",[ ]\d{1,2}[ ](\w+)")
_BESIDE = re.compile(rf"[ ](\w+)[ ]([{UPPER}][\w-]+)[ ][{UPPER}]")
_LIST_START = re.compile(r"(?:, | \w+ )\Z")
_LIST_END = re.compile(r", | \w+ ")
_STOP = re.compile(r"[.;:()]")
_PIECE = re.compile(r"\S+")
_ROLE_REACH = 60
_EXPANSION = 12
_LINKS = 4
Places = set[int]
"""Where places begin and end."""


def find_new(ctx: NameContext, known: list[EntityMention]) -> list[EntityMention]:
    """Names outside the gazetteer that their surroundings tell, beside the `known` ones.

    A new name covers known ones that are part of it: the surname of "Hervé Renault".
    """
    cover = ctx.cover(known)
    places = {at for m in known if m.kind is Kind.PLACE for at in (m.span.start, m.span.end)}
    found: list[EntityMention] = []
    found.extend(announced_models(ctx, known, cover))
    found.extend(bracketed(ctx, known, cover))
    for source in (_acronyms, _places_by_number, _by_runs):
        for mention in source(ctx, cover, places):
            cover.take(mention.span.start, mention.span.end)
            found.append(mention)
    found.extend(_repeated(ctx, found, cover))
    found.extend(short_forms(ctx, [*known, *found], cover))
    finder = PartyFinder(ctx, organisation_edges([*known, *found]))
    parties = []
    for start, end in _free_runs(ctx, cover):
        party = finder.find(start, end)
        if party is not None:
            cover.take(start, end)
            parties.append(party)
    found.extend([*parties, *_repeated(ctx, parties, cover)])
    found.extend(short_forms(ctx, [*known, *found], cover))
    full = {m.name.split(" ", 1)[1]: m.name for m in found if m.kind is Kind.PERSON and " " in m.name}
    return [replace(m, name=full[m.name]) if m.name in full and m.kind is Kind.PERSON else m for m in found]


def _acronyms(ctx: NameContext, cover: Cover, _: Places) -> Iterator[EntityMention]:
    """ "National Development and Reform Commission (NDRC)" and "NDRC (National …)", one entity each."""
    plain = ctx.doc.plain
    if "(" not in plain:
        return
    for match in _OPENED.finditer(plain):
        if cover.free(*match.span(1)) and sorted(match.group(1)) == sorted(_initials(match.group(2))):
            yield ctx.stranger(match.start(), match.end(), match.group(1), Kind.AUTHORITY)
    for match in _BRACKET.finditer(plain):
        known = ctx.gazetteer.lookup(match.group(1))
        if known is None and not cover.free(*match.span(1)):
            continue
        start = _expansion(ctx, match.start(), match.group(1))
        if start is not None and known is None:
            yield ctx.stranger(start, match.end(), match.group(1), _expansion_kind(ctx, start))
        elif start is not None and known is not None and cover.free(start, match.start()):
            yield ctx.mention(start, match.start() - 1, known)


def _initials(text: str) -> str:
    return "".join(w[0] for w in text.split() if w[0].isupper())


def _expansion(ctx: NameContext, bracket: int, acronym: str) -> int | None:
    """Where the words start whose initials, in order, make the acronym."""
    sentence = ctx.sentence(bracket)
    letters = unaccent(acronym).lower()
    words = list(re.finditer(r"\w+", ctx.doc.plain[sentence.start : bracket]))[-_EXPANSION:]
    initials = [unaccent(word.group())[0].lower() for word in words]
    for index in reversed(range(len(words) - 1)):
        word = words[index]
        if word.group()[0].isupper() and _in_order(letters, initials[index:]):
            return sentence.start + word.start()
    for index, word in enumerate(words[:-1]):
        text = word.group()
        named = text in ctx.words.cue_kinds or (text[0].isupper() and not ctx.words.is_ordinary(text.lower()))
        if named and set(letters) <= set(initials[index:]):
            return sentence.start + word.start()
    return None


def _in_order(letters: str, initials: list[str]) -> bool:
    """True where the first of `initials` is the first letter, and the others follow in order."""
    if initials[0] != letters[0]:
        return False
    left = iter(initials)
    return all(letter in left for letter in letters)


def _expansion_kind(ctx: NameContext, start: int) -> Kind:
    return cue_kind(ctx.words.cue_kinds.get(ctx.following(start), "authority"))


def _places_by_number(ctx: NameContext, cover: Cover, _: Places) -> Iterator[EntityMention]:
    """ "Onnaing (59)": a town with its department."""
    for number in _DEPARTMENT.finditer(ctx.doc.plain):
        match = _TOWN.search(ctx.doc.plain, max(0, number.start() - _TOWN_REACH), number.start())
        start, end = match.span(1) if match else (0, 0)
        if match and cover.free(start, end):
            name = match.group(1)
            yield ctx.stranger(start, end, name.title() if name.isupper() else name, Kind.PLACE)


def _by_runs(ctx: NameContext, cover: Cover, places: Places) -> Iterator[EntityMention]:
    """Capitalised words told by a first name, a role, a noun before them, or a preposition."""
    reach = 0
    for start, _ in ctx.capitals:
        stop = ctx.run(start) if start >= reach else None
        if stop is None:
            continue
        end = reach = stop
        if cover.full(start, end) or _only_begins(ctx, start, end):
            continue
        mention = _named(ctx, start, end, cover, places)
        first = ctx.doc.plain.find(" ", start, end)
        if mention is None and first > 0 and ctx.words.is_ordinary(ctx.doc.lower[start:first]):
            mention = _named(ctx, first + 1, end, cover, places)
        if mention is not None:
            if mention.kind is Kind.PLACE:
                places |= {mention.span.start, mention.span.end}
            yield mention


def _only_begins(ctx: NameContext, start: int, end: int) -> bool:
    """True for one ordinary word, or one that has its capital from the sentence alone."""
    if ctx.doc.plain.startswith(("'", " ("), end) or " " in ctx.doc.plain[start:end] or _aged(ctx, end):
        return False
    return ctx.words.is_ordinary(ctx.doc.lower[start:end]) or ctx.opens(start)


def _named(ctx: NameContext, start: int, end: int, cover: Cover, places: Places) -> EntityMention | None:
    return (
        _person(ctx, start, end, cover)
        or _town(ctx, start, cover, places)
        or _cued(ctx, start, end, cover)
    )


def _tokens(ctx: NameContext, start: int, end: int) -> list[tuple[int, int]]:
    return [m.span() for m in _PIECE.finditer(ctx.doc.plain, start, end)]


def _person(ctx: NameContext, start: int, end: int, cover: Cover) -> EntityMention | None:
    tokens = _tokens(ctx, start, end)
    while tokens and not _namelike(ctx, *tokens[-1]):
        tokens.pop()
    titled = len(tokens) > 1 and ctx.doc.lower[slice(*tokens[0])] in ctx.words.titles
    tokens = tokens[titled:]
    for index, (a, b) in enumerate(tokens[:-1]):
        first = ctx.doc.plain[a:b]
        stop = tokens[-1][1]
        if len(tokens) - index > 5 or not cover.free(a, b):
            continue
        if _given(ctx, first):
            return ctx.stranger(a, stop, ctx.doc.plain[a:stop], Kind.PERSON)
    if not tokens or not cover.free(tokens[0][0], tokens[-1][1]):
        return None
    start, end = tokens[0][0], tokens[-1][1]
    told = _told_person(ctx, tokens, titled)
    return ctx.stranger(start, end, ctx.doc.plain[start:end], Kind.PERSON) if told else None


def _told_person(ctx: NameContext, tokens: list[tuple[int, int]], titled: bool) -> bool:
    """True where a title, an age, a role or a verb tells that the name is a person's."""
    start, end = tokens[0][0], tokens[-1][1]
    title = ctx.doc.lower[max(0, start - 10) : start].split()
    if len(tokens) <= 3 and (titled or (title and title[-1] in ctx.words.titles)):
        return True
    if _ordinary(ctx, *tokens[0]):
        return False
    if len(tokens) <= 3 and (_aged(ctx, end) or (len(tokens) > 1 and _beside_person(ctx, end))):
        return True
    if len(tokens) == 1:
        return _given(ctx, ctx.doc.plain[start:end]) and ctx.previous(start) in ctx.words.sayings
    return len(tokens) <= 4 and _has_role(ctx, start, end)


def _beside_person(ctx: NameContext, at: int) -> bool:
    """True before a conjunction and another person: "Neel Jani et Nicolas Prost"."""
    match = _BESIDE.match(ctx.doc.plain, at)
    return match is not None and match.group(1) in ctx.words.list_words and _given(ctx, match.group(2))


def _aged(ctx: NameContext, at: int) -> bool:
    """True before the age of a person: ", 71 ans"."""
    match = _AGE.match(ctx.doc.lower, at)
    return match is not None and match.group(1) in ctx.words.ages


def _given(ctx: NameContext, word: str) -> bool:
    return word in ctx.gazetteer.first_names or word.partition("-")[0] in ctx.gazetteer.first_names


def _namelike(ctx: NameContext, start: int, end: int) -> bool:
    word = ctx.doc.plain[start:end]
    if word.isupper():
        return is_roman(word)
    return len(word) > 1 and not any(c.isdecimal() for c in word)


def _ordinary(ctx: NameContext, start: int, end: int) -> bool:
    word = ctx.doc.lower[start:end]
    return ctx.words.is_ordinary(word) or word in ctx.gazetteer.demonyms(ctx.doc.article.lang)


def _has_role(ctx: NameContext, start: int, end: int) -> bool:
    """True where a role stands before the name or behind it, or a verb of saying beside it."""
    words, lower = ctx.words, ctx.doc.lower
    sentence = ctx.sentence(start)
    before = lower[max(sentence.start, start - _ROLE_REACH) : start]
    after = lower[end : min(sentence.end, end + _ROLE_REACH)]
    roles = list(words.role.finditer(before))
    if roles and not _STOP.search(before, roles[-1].end()):
        return True
    if after.startswith(",") and words.role.search(after[:40]):
        return True
    return ctx.previous(start) in words.sayings or ctx.following(end) in words.person_verbs


def _town(ctx: NameContext, start: int, cover: Cover, places: Places) -> EntityMention | None:
    """A town told by its form ("Sablé-sur-Sarthe"), its region in brackets, or places listed beside it."""
    plain = ctx.doc.plain
    match = ctx.words.town.match(plain, start, start + _TOWN_LIMIT)
    if match is None or not cover.free(*match.span()):
        return None
    end = match.end()
    article = match.group(1) or ""
    if ctx.words.is_ordinary(ctx.doc.lower[start:end]):
        return None
    parts = ctx.doc.lower[start + len(article) : end].replace("'", "-").split("-")
    town = parts[0] in ctx.words.town_heads or any(part in ctx.words.town_links for part in parts[1:-1])
    before = ctx.previous(start)
    placed = before in ctx.words.place_before and before not in ctx.words.determiners
    formed = town and len(parts) > 1 and placed
    in_region = plain.startswith(" (", end) and end + 2 in places
    if formed or in_region or (not article and _is_listed(ctx, start, end, places)):
        return ctx.stranger(start, end, match.group(), Kind.PLACE)
    return None


def _is_listed(ctx: NameContext, start: int, end: int, places: Places) -> bool:
    """True between two places of a list, or behind a place and a conjunction."""
    before = _LIST_START.search(ctx.doc.plain, max(0, start - 8), start)
    after = _LIST_END.match(ctx.doc.plain, end)
    if before is None or before.start() not in places:
        return False
    joined = before.group().strip() in ctx.words.conjunctions
    return joined or (after is not None and after.end() in places)


def _free_runs(ctx: NameContext, cover: Cover) -> Iterator[tuple[int, int]]:
    """The capitalised words that no mention takes, without ordinary words at their head."""
    reach = 0
    ordinary, lower = ctx.words.is_ordinary, ctx.doc.lower
    for head, first in ctx.capitals:
        start = first + 1 if ordinary(lower[head:first]) else head
        if head < reach or not cover.free(head, first) or not ctx.doc.plain[start : start + 1].isupper():
            continue
        stop = ctx.run(start)
        if stop is None:
            continue
        end = reach = stop
        if cover.free(start, end) and not ordinary(lower[start:end]) and not ctx.hyphened(start, end):
            yield start, end


def _cued(ctx: NameContext, start: int, end: int, cover: Cover) -> EntityMention | None:
    tokens = _tokens(ctx, start, end)
    cue = _cue_before(ctx, start)
    if not cover.free(*tokens[0]):
        return None
    if _ordinary(ctx, *tokens[0]) and (cue is None or len(tokens) == 1):
        return None
    tokens = list(takewhile(lambda token: cover.free(*token), tokens))
    end = tokens[-1][1]
    name = ctx.doc.plain[start:end]
    if len(name) < 3:
        return None
    if cue is None and not ctx.opens(start):
        cue = _credited(ctx, start)
    if cue is None and len(tokens) > 1:
        cue = ctx.words.company_kinds.get(ctx.doc.lower[slice(*tokens[-1])])
    if cue is None and _is_site(ctx, start, end):
        cue = "place"
    return ctx.cued(start, end, name, cue) if cue else None


def _credited(ctx: NameContext, start: int) -> CueKind | None:
    """A medium ("rapporte X", "à en croire le X"), or whoever else speaks ("selon X")."""
    before = ctx.previous(start)
    if before in ctx.words.determiners and before not in ctx.words.plural_determiners:
        before = ctx.previous(ctx.previous_start(start))
        return "media" if before in ctx.words.media_credits else None
    if before in ctx.words.media_credits:
        return "media"
    return "company" if before in ctx.words.credits else None


def _cue_before(ctx: NameContext, start: int) -> CueKind | None:
    """What the noun before a name tells, over adjectives and links."""
    at = start
    demonyms = ctx.gazetteer.demonyms(ctx.doc.article.lang)
    linked = False
    for _ in range(_LINKS):
        word = ctx.previous(at)
        cue = ctx.words.cue_kinds.get(word)
        if cue is not None:
            # "le groupe de X" speaks of the town or man behind it, "la ville de X" of X.
            return cue if cue == "place" or not linked else None
        adjective = word in demonyms or word.endswith(ctx.words.adjective_endings)
        if not word or not (word in ctx.words.cue_links or adjective):
            return None
        linked = at == start and word in ("de", "d'", "du", "des")
        at = ctx.previous_start(at)
    return None


def _is_site(ctx: NameContext, start: int, end: int) -> bool:
    """True for "l'usine de X", "à X," and the like."""
    before = ctx.previous(start)
    if before not in ctx.words.place_before or ctx.opens(start):
        return False
    at = ctx.previous_start(start)
    noun = ctx.previous(at)
    if noun in ctx.words.sites or (noun in ctx.words.place_inside and before in ctx.words.determiners):
        return True
    if before in ctx.words.determiners:
        return False
    paused = ctx.doc.plain.startswith((",", " ("), end)
    return ctx.opens(at) or (paused and ctx.following(end + 1) in ctx.words.place_after)


def _repeated(ctx: NameContext, found: list[EntityMention], cover: Cover) -> list[EntityMention]:
    """Further places of the new names: the same name, or a person's surname alone."""
    more = []
    sought: set[str] = set()
    for mention in found:
        if mention.name in sought:
            continue
        sought.add(mention.name)
        names = [mention.name]
        if mention.kind is Kind.PERSON and " " in mention.name:
            names.append(mention.name.split(" ", 1)[1])
        for name in names:
            for start, end in occurrences(ctx.doc.plain, name):
                if cover.free(start, end) and not (name != mention.name and ctx.capital_before(start)):
                    cover.take(start, end)
                    more.append(replace(mention, span=ctx.doc.span(start, end)))
    return more
