"""Names of the gazetteer in a document; weak forms only where the article bears them out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.detect.name_context import NameContext, occurrences
from pipeline.gazetteer import Entry, Hit
from pipeline.schema import EntityMention, Kind
from pipeline.text import unaccent

_ORGANISATIONS = frozenset({Kind.COMPANY, Kind.BRAND, Kind.AUTHORITY, Kind.OTHER})
_COMPOUND = re.compile(r"[\w'-]+")
_COMPOUND_HEAD = re.compile(r"([\w'-]+)-\Z")
_COMPOUND_REACH = 40
_NEAR = 8
_CAPITALS_SIZE = 4
_CAPITALS_WORDS = 4
_CAPITALS_LONGEST = 40


@dataclass(slots=True)
class Evidence:
    """What the strong forms of an article name: `names` of entries, `brands` with those of the models named.

    `proper` are weak forms of organisations that stand capitalised within a sentence somewhere.
    """

    names: set[str] = field(default_factory=set)
    brands: set[str] = field(default_factory=set)
    proper: set[str] = field(default_factory=set)

    def add(self, entry: Entry) -> None:
        self.names.add(entry.name)
        self.brands.add(entry.name)
        if entry.kind is Kind.MODEL and entry.parent:
            self.brands.add(entry.parent)


def find_known(ctx: NameContext, nicknamed: list[Entry]) -> list[EntityMention]:
    """Mentions of the gazetteer's names, by offset, without overlaps. `nicknamed` entries count as named."""
    hits = _without_phrases(ctx, ctx.gazetteer.scan(ctx.doc.plain, ctx.doc.article.lang, ctx.words.name_endings))
    evidence = _evidence(ctx, hits)
    for named in nicknamed:
        evidence.add(named)
    found: list[EntityMention] = []
    reach = 0
    for hit in hits:
        if hit.start < reach:
            continue
        entry = _resolve(ctx, hit, evidence, found[-1] if found else None)
        if entry is not None and not _part_of_word(ctx, hit, entry):
            mention = _place(ctx, hit, entry) if entry.kind is Kind.PLACE else ctx.mention(*hit[:2], entry)
            found.append(mention)
            reach = mention.span.end
    return _with_capitals(ctx, found)


def _without_phrases(ctx: NameContext, hits: list[Hit]) -> list[Hit]:
    lower = ctx.doc.lower
    phrases = [phrase for phrase in ctx.words.not_names if phrase in lower]
    barred = {at for phrase in phrases for span in occurrences(lower, phrase) for at in range(*span)}
    return [hit for hit in hits if hit.start not in barred] if barred else hits


def _evidence(ctx: NameContext, hits: list[Hit]) -> Evidence:
    evidence = Evidence()
    reach = 0
    for start, end, form in hits:
        if start >= reach and form.strong is not None:
            reach = end
            if not any(len(o.name) > len(form.text) for o in form.weak):
                evidence.add(form.strong)
        if form.weak and form.text not in evidence.proper and _stands_proper(ctx, start, end):
            evidence.proper.add(form.text)
    return evidence


def _stands_proper(ctx: NameContext, start: int, end: int) -> bool:
    neighbours = ctx.capital_before(start) or ctx.capital_after(end) or ctx.hyphened(start, end)
    return ctx.doc.plain[start].isupper() and not neighbours and not ctx.opens(start)


def _resolve(ctx: NameContext, hit: Hit, evidence: Evidence, last: EntityMention | None) -> Entry | None:
    """The entry that a form stands for here, None where it is an ordinary word or number."""
    named = [entry for entry in hit.form.weak if entry.name in evidence.names]
    if hit.form.strong is not None:
        meant = _as_strong(ctx, hit, hit.form.strong, evidence)
        return named[0] if named and meant else meant
    for entry in named or sorted(hit.form.weak, key=lambda e: e.name != hit.form.text):
        if _borne_out(ctx, hit, entry, evidence, last):
            return entry
    return None


def _as_strong(ctx: NameContext, hit: Hit, strong: Entry, evidence: Evidence) -> Entry | None:
    """`strong`, for which the form always stands, None where it is an ordinary word or part of another name here."""
    given = strong.kind is Kind.PLACE and hit.form.text in ctx.gazetteer.first_names
    if given and ctx.doc.plain[hit.end : hit.end + 1] == " " and ctx.capital_after(hit.end):
        return None  # "Aude Lagarde" is no town
    if strong.kind is Kind.MODEL and _counts(ctx, hit):
        return None
    noun = ctx.words.capital_nouns and hit.form.text.lower() in ctx.words.ordinary
    if strong.kind is Kind.PLACE and noun:
        return None
    return next((e for e in hit.form.weak if _of_sister(e, strong, evidence)), strong)


def _of_sister(entry: Entry, known: Entry, evidence: Evidence) -> bool:
    """Whether the article names the marque of `entry` and not that of `known`, of like models ("Corsa" in an article on
    Vauxhall)."""
    return entry.kind is Kind.MODEL and entry.parent in evidence.names and known.parent not in evidence.brands


def _counts(ctx: NameContext, hit: Hit) -> bool:
    """True where the number behind a brand counts what follows: "chez Volvo 240 postes"."""
    return hit.form.text.rpartition(" ")[2].isdecimal() and ctx.following(hit.end) in ctx.words.counted


def _borne_out(
    ctx: NameContext, hit: Hit, entry: Entry, evidence: Evidence, last: EntityMention | None
) -> bool:
    if entry.kind is Kind.MODEL:
        return _is_model(ctx, hit, entry, evidence, last)
    if ctx.hyphened(hit.start, hit.end):
        return False
    if entry.kind is Kind.PERSON:
        return _is_person(ctx, hit, entry, evidence)
    if not hit.form.text[0].isupper():
        return " " in hit.form.text  # "la Commission"
    if entry.kind is Kind.PLACE:
        return _is_place(ctx, hit)
    return _is_organisation(ctx, hit, entry, evidence)


def _is_organisation(ctx: NameContext, hit: Hit, entry: Entry, evidence: Evidence) -> bool:
    known = hit.form.text in evidence.proper or entry.name in evidence.names
    if not known or ctx.capital_before(hit.start):
        return False
    # "Seat France" is the marque's, "Seat Dupont" nobody's.
    return not ctx.capital_after(hit.end) or ctx.following(hit.end) in ctx.words.divisions


def _is_model(
    ctx: NameContext, hit: Hit, entry: Entry, evidence: Evidence, last: EntityMention | None
) -> bool:
    if last is not None and last.name == entry.parent and last.span.end == hit.start - 1:
        return ctx.following(hit.end) not in ctx.words.counted
    if entry.parent not in evidence.brands:
        return _like_first_name(ctx, hit) or (_of_group(ctx, entry, evidence) and _singled_out(ctx, hit))
    joined = (
        last is not None
        and last.kind is Kind.MODEL
        and hit.start - last.span.end < _NEAR
        and (ctx.previous(hit.start) in ctx.words.conjunctions or ctx.doc.plain[last.span.end] in ",/")
    )
    return _is_model_number(ctx, hit, joined) if hit.form.text.isdecimal() else _is_model_word(ctx, hit, joined)


def _is_model_word(ctx: NameContext, hit: Hit, joined: bool) -> bool:
    text = hit.form.text
    if ctx.hyphened(hit.start, hit.end) or ctx.is_noun(hit.start, hit.end):
        return False
    if any(c.isdecimal() for c in text) and ctx.following(hit.end) not in ctx.words.counted:
        return True
    determined = _determined(ctx, hit.start) or joined
    if ctx.capital_after(hit.end) or not text[0].isupper():
        return determined
    return determined or not (ctx.opens(hit.start) or ctx.capital_before(hit.start))


def _of_group(ctx: NameContext, entry: Entry, evidence: Evidence) -> bool:
    brand = ctx.gazetteer.entries.get(entry.parent or "")
    return brand is not None and brand.parent in evidence.names


def _like_first_name(ctx: NameContext, hit: Hit) -> bool:
    """True for a first name behind a determiner, which no person has: "sa Zoé"."""
    before = ctx.previous(hit.start)
    alone = not ctx.capital_after(hit.end) and not ctx.hyphened(hit.start, hit.end)
    return alone and before in ctx.words.determiners and hit.form.text in ctx.gazetteer.first_names


def _singled_out(ctx: NameContext, hit: Hit) -> bool:
    """True for a form with a figure in it behind a determiner of one thing."""
    before = ctx.previous(hit.start)
    single = before in ctx.words.determiners and before not in ctx.words.plural_determiners
    return single and hit.form.text[-1].isdecimal() and ctx.following(hit.end) not in ctx.words.counted


def _is_model_number(ctx: NameContext, hit: Hit, joined: bool) -> bool:
    words, following = ctx.words, ctx.following(hit.end)
    if following in words.counted or ctx.hyphened(hit.start, hit.end):
        return False
    if joined:
        return True
    before = ctx.previous(hit.start)
    if before in words.adjectives:
        return _determined(ctx, ctx.previous_start(hit.start))
    if before in words.plural_determiners:
        return not following or following in words.followers
    return before in words.determiners


def _determined(ctx: NameContext, start: int) -> bool:
    before = ctx.previous(start)
    if before in ctx.words.adjectives:
        return True
    return before in ctx.words.determiners


def _is_person(ctx: NameContext, hit: Hit, entry: Entry, evidence: Evidence) -> bool:
    title = _title_before(ctx, hit.start)
    if ctx.capital_before(hit.start) and not title:
        return False
    if entry.name in evidence.names:
        return True
    alone = len(hit.form.weak) == 1
    return alone and (title or ctx.previous(hit.start) in ctx.words.roles)


def _title_before(ctx: NameContext, start: int) -> bool:
    before = ctx.doc.lower[max(0, start - 12) : start].split()
    return bool(before) and before[-1] in ctx.words.titles


def _is_place(ctx: NameContext, hit: Hit) -> bool:
    if ctx.capital_before(hit.start) or ctx.capital_after(hit.end):
        return False
    plain = ctx.doc.plain
    bracketed = plain[hit.start - 1 : hit.start] == "(" or plain.startswith(" (", hit.end)
    return bracketed or ctx.previous(hit.start) in ctx.words.place_before


def _place(ctx: NameContext, hit: Hit, entry: Entry) -> EntityMention:
    """A place, or the compound that it begins ("Rabat-Salé-Kénitra") where the parts are not all known."""
    plain = ctx.doc.plain
    if plain[hit.end : hit.end + 1] != "-" or not ctx.hyphened(hit.start, hit.end):
        return ctx.mention(hit.start, hit.end, entry)
    match = _COMPOUND.match(plain, hit.start)
    end = match.end() if match else hit.end
    parts = plain[hit.end + 1 : end].split("-")
    if not parts[-1][:1].isupper() or all(ctx.gazetteer.lookup(part) for part in parts):
        return ctx.mention(hit.start, hit.end, entry)
    span = ctx.doc.span(hit.start, end)
    return EntityMention(span, plain[hit.start : end], Kind.PLACE, None, entry.country, known=False)


def _part_of_word(ctx: NameContext, hit: Hit, entry: Entry) -> bool:
    """True for a part of a hyphened word that means something else: the "Fiesta ST" of "Fiesta ST-Line"."""
    if entry.kind is Kind.MODEL:
        return ctx.hyphened_behind(hit.end)
    return entry.kind is not Kind.PERSON and _ends_compound(ctx, hit)


def _ends_compound(ctx: NameContext, hit: Hit) -> bool:
    """True for the last part of a name of another town: "La Suze-sur-Sarthe"."""
    plain = ctx.doc.plain
    if not hit.start or plain[hit.start - 1] != "-":
        return False
    head = _COMPOUND_HEAD.search(plain, max(0, hit.start - _COMPOUND_REACH), hit.start)
    return head is not None and ctx.gazetteer.lookup(head.group(1)) is None and not head.group(1).islower()


def _with_capitals(ctx: NameContext, found: list[EntityMention]) -> list[EntityMention]:
    """`found` with the names in texts set in capitals ("TESLA", "RÜSSELSHEIM")."""
    plain = ctx.doc.plain
    shouted = [(a, b) for a, b in ctx.capitals if b - a > 1 and plain[a:b].isupper()]
    if not any(b - a >= _CAPITALS_SIZE for a, b in shouted):
        return found
    cover = ctx.cover(found)
    added = []
    for index, (start, _) in enumerate(shouted):
        for _, end in reversed(shouted[index : index + _CAPITALS_WORDS]):
            if end - start > _CAPITALS_LONGEST or not cover.free(start, end):
                continue
            entry = ctx.gazetteer.upper.get(unaccent(plain[start:end]))
            if entry is not None:
                cover.take(start, end)
                added.append(ctx.mention(start, end, entry))
    return sorted((*found, *added), key=lambda m: m.span.start) if added else found
