"""Who is spoken of where: names, noun phrases and pronouns as party mentions with canonical names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.language.link_words import LinkWords
from pipeline.link.antecedents import Antecedents, Standing
from pipeline.link.attribution import credited, rival_before
from pipeline.link.joint import enumerations
from pipeline.link.markets import MarketPhrases, find_markets
from pipeline.link.party import MAKERS, RIVAL, PartyMention
from pipeline.link.scene import Scene, touching
from pipeline.schema import CueMention, EntityMention, Kind

_ARTICLE = 10  # characters before a name in which its article stands
_RECALLED = 60  # parties of the text so far among which its product is sought
_MEMORY = 12  # sentences after which it is no longer meant
_NAMED_WITHIN = 3  # words after a noun phrase in which its own name may follow ("le groupe chinois Xiaomi")
FIGURE = "figure"  # value of an anaphor that takes up the statement before ("cela représente …")
RECEIVER = "receiver"  # value of a pronoun that stands for who gets something ("lui ont prêté …")
_NOBODY = "nobody"  # value of a pronoun that stands for nobody ("il faut compter …")


def find_parties(
    scene: Scene, demonyms: Mapping[str, tuple[str | None, str]], words: LinkWords, phrases: MarketPhrases
) -> tuple[PartyMention, ...]:
    """All parties of the document in the order of the text, anaphors resolved, roles marked.

    `demonyms` maps adjectives to (country code, place), to tell "le groupe chinois" from the others.
    An anaphor for which the text so far offers nobody is left out.
    """
    own = [e for e in scene.mentions.entities if not _has_dependent(scene, e, words)]
    entities = [_from_entity(scene, e) for e in own if e.kind is not Kind.PLACE]
    compared = [replace(p, role=RIVAL) if rival_before(scene, p) else p for p in entities]
    named = _with_shared_roles(scene, compared, words)
    anaphors = (c for c in scene.cues("anaphor") if c.value not in (FIGURE, RECEIVER, _NOBODY))
    open_anaphors = [c for c in anaphors if not _names_itself(scene, c, own)]
    markets = find_markets(scene, phrases)
    found: list[PartyMention] = []
    antecedents = Antecedents(scene, Standing.of(scene, named, words), demonyms, words)
    # "La voiture" within "le marché de la voiture d'occasion" takes up nobody.
    in_order = sorted(markets, key=lambda m: m.span.start)
    apart = [c for c in open_anaphors if not any(m.span.contains(c.span) for m in touching(in_order, c.span))]
    items: list[PartyMention | CueMention] = [*named, *apart, *markets]
    for item in sorted(items, key=lambda m: (m.span.start, m.span.end)):
        if isinstance(item, PartyMention):
            found.append(_as_product(scene, item, found, words))
            continue
        resolved = antecedents.resolve(item, found)
        if resolved:
            found.append(resolved)
    titles = _titles(scene, found)
    return tuple(_with_role(scene, _as_titled(scene, p, titles)) for p in found)


def _with_shared_roles(scene: Scene, parties: Sequence[PartyMention], words: LinkWords) -> tuple[PartyMention, ...]:
    """The parties, each that an enumeration joins to a rival one too ("face à la 208, la Clio et la Polo")."""
    rivals = {
        party.span
        for _, local in groupby(parties, key=lambda p: p.sentence)
        for row in enumerations(scene, words, list(local))
        for party in row
        if row[0].role == RIVAL
    }
    return tuple(replace(p, role=RIVAL) if p.span in rivals and p.role == "actor" else p for p in parties)


def _as_product(
    scene: Scene, party: PartyMention, found: Sequence[PartyMention], words: LinkWords
) -> PartyMention:
    """The product that the name of its marque stands for where an article of one gender precedes it ("la Citroën",
    "le Tesla"): the marque's model that the text named last."""
    before = scene.before(party.span, _ARTICLE).replace("'", "' ").split()
    named = party.kind in MAKERS and party.span.text[0].isupper()
    compound = scene.after(party.span, 1) == "-"  # "der BMW-Absatz"
    if not named or compound or not before or before[-1] not in words.genders:
        return party
    of_marque = (p for p in reversed(found[-_RECALLED:]) if p.kind is Kind.MODEL and p.parent == party.name)
    model = next(of_marque, None)
    if model is None or party.sentence - model.sentence > _MEMORY:
        return party
    return replace(model, span=party.span, sentence=party.sentence, anaphor=True, role=party.role)


def _titles(scene: Scene, parties: Sequence[PartyMention]) -> Mapping[int, PartyMention]:
    """By sentence, the model that a heading names where it names one only."""
    named: dict[int, list[PartyMention]] = {}
    for party in parties:
        if party.kind is Kind.MODEL and scene.sentence(party.sentence).heading:
            named.setdefault(party.sentence, []).append(party)
    return {index: models[0] for index, models in named.items() if len(models) == 1}


def _as_titled(scene: Scene, party: PartyMention, titles: Mapping[int, PartyMention]) -> PartyMention:
    """The version that the heading above names, where the text below goes on with the plain name of its model."""
    above = scene.heading_above(party.sentence) if party.kind is Kind.MODEL and titles else None
    title = titles.get(above) if above is not None else None
    return replace(party, name=title.name) if title and title.name.startswith(f"{party.name} ") else party


def _from_entity(scene: Scene, entity: EntityMention) -> PartyMention:
    return PartyMention(
        entity.span, entity.name, entity.kind, scene.sentence_index(entity.span.start),
        entity.parent, entity.country, entity.classes,
    )  # fmt: skip


def _has_dependent(scene: Scene, entity: EntityMention, words: LinkWords) -> bool:
    """Whether a hyphen joins the name to a noun for a party that belongs to the named one ("die VW-Tochter")."""
    if not words.dependents or scene.after(entity.span, 1) != "-":
        return False
    behind = scene.after(entity.span, _ARTICLE * 2)[1:].replace(",", " ").replace(".", " ").split()
    return bool(behind) and behind[0] in words.dependents


def _names_itself(scene: Scene, cue: CueMention, entities: Sequence[EntityMention]) -> bool:
    """True where the noun phrase overlaps one of the names `entities` or is followed by its own name."""
    if touching(entities, cue.span):
        return True
    at = bisect_left(entities, cue.span.end, key=lambda e: e.span.start)
    if cue.value == "any" or at == len(entities):
        return False
    span = entities[at].span
    gap = scene.doc.plain[cue.span.end : span.start]
    if cue.attribute("of") and entities[at].kind not in MAKERS:
        return False
    if scene.words_between(cue.span, span) < _NAMED_WITHIN and not any(c in gap for c in ",.;:()\n"):
        return cue.attribute("of") is not None or not _has_preposition(gap)
    return False


def _has_preposition(gap: str) -> bool:
    # Between a noun and its own name stand adjectives only; a short word links two parties.
    return any(len(word) <= 3 for word in gap.replace("'", " ").split())


def _with_role(scene: Scene, party: PartyMention) -> PartyMention:
    if rival_before(scene, party):
        return replace(party, role=RIVAL)
    if credited(scene, party):
        return replace(party, role="source")
    return party
