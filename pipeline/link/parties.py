"""Who is spoken of where: names, noun phrases and pronouns as party mentions with canonical names."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.language.link_words import LinkWords
from pipeline.link.markets import MarketPhrases, find_markets
from pipeline.link.party import MAKERS, PartyMention
from pipeline.link.scene import Scene, touching
from pipeline.schema import CueMention, EntityMention, Kind, Span

_NAMED_WITHIN = 3  # words after a noun phrase in which its own name may follow ("le groupe chinois Xiaomi")
_PROMINENT = 0.4  # weight of how often the article names a party, against its nearness
FIGURE = "figure"  # value of an anaphor that takes up the statement before ("cela représente …")
RECEIVER = "receiver"  # value of a pronoun that stands for who gets something ("lui ont prêté …")
_NOBODY = "nobody"  # value of a pronoun that stands for nobody ("il faut compter …")
_PAIR = "pair"  # value of an anaphor for two parties at once
_LATEST = "latest"  # which party a word takes up: the one named last
_HEADED = 0.4  # bonus of a party in the heading right above
_RECALLED = 150  # parties of the text so far among which the one meant is sought
_MEMORY = 12  # sentences after which a party is no longer taken up by a pronoun


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the whole article says of its parties: the first of each kind, and how often each is named."""

    first: Mapping[Kind, PartyMention]
    counts: Counter[str]
    most: int

    def share(self, party: PartyMention) -> float:
        """Mentions of the party against those of the most mentioned one."""
        return self.counts[party.name] / self.most


def find_parties(
    scene: Scene, demonyms: Mapping[str, tuple[str | None, str]], words: LinkWords, phrases: MarketPhrases
) -> tuple[PartyMention, ...]:
    """All parties of the document in the order of the text, anaphors resolved, roles marked.

    `demonyms` maps adjectives to (country code, place), to tell "le groupe chinois" from the others.
    An anaphor for which the text so far offers nobody is left out.
    """
    named = [_from_entity(scene, e) for e in scene.mentions.entities if e.kind is not Kind.PLACE]
    anaphors = (c for c in scene.cues("anaphor") if c.value not in (FIGURE, RECEIVER, _NOBODY))
    open_anaphors = [c for c in anaphors if not _names_itself(scene, c)]
    markets = find_markets(scene, phrases)
    found: list[PartyMention] = []
    first = _first_by_kind(named)
    counts = Counter(p.name for p in named if not p.observer)
    standing = _Standing(first, counts, max(counts.values(), default=1))
    items: list[PartyMention | CueMention] = [*named, *open_anaphors, *markets]
    for item in sorted(items, key=lambda m: (m.span.start, m.span.end)):
        if isinstance(item, PartyMention):
            found.append(item)
            continue
        if item.value == _PAIR:
            resolved = _resolve_pair(scene, item, found[-_RECALLED:], words)
        else:
            resolved = _resolve(scene, item, found[-_RECALLED:], standing, demonyms)
        if resolved:
            found.append(resolved)
    titles = _titles(scene, found)
    return tuple(_with_role(scene, _as_titled(scene, p, titles)) for p in found)


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


def _resolve_pair(
    scene: Scene, cue: CueMention, before: Sequence[PartyMention], words: LinkWords
) -> PartyMention | None:
    """ "Les deux groupes": the last two makers that the text has named."""
    makers = [p for p in before if p.kind in MAKERS and not p.observer and not p.anaphor]
    names = list(dict.fromkeys(p.name for p in reversed(makers)))[:2]
    if len(names) < 2:
        return None
    last, first = names
    name, at = f"{first} {words.joiner} {last}", scene.sentence_index(cue.span.start)
    return PartyMention(cue.span, name, Kind.COMPANY, at, classes=(_PAIR,), anaphor=True)


def _from_entity(scene: Scene, entity: EntityMention) -> PartyMention:
    return PartyMention(
        entity.span, entity.name, entity.kind, scene.sentence_index(entity.span.start),
        entity.parent, entity.country, entity.classes,
    )  # fmt: skip


def _names_itself(scene: Scene, cue: CueMention) -> bool:
    """True where the noun phrase overlaps a name or is followed by its own name."""
    entities = scene.mentions.entities
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


def _first_by_kind(named: Sequence[PartyMention]) -> dict[Kind, PartyMention]:
    first: dict[Kind, PartyMention] = {}
    for party in named:
        if not party.observer:
            first.setdefault(party.kind, party)
    return first


def _resolve(
    scene: Scene,
    cue: CueMention,
    before: Sequence[PartyMention],
    standing: _Standing,
    demonyms: Mapping[str, tuple[str | None, str]],
) -> PartyMention | None:
    kinds = _kinds(cue.value)
    sentence = scene.sentence_index(cue.span.start)
    span, country = _with_adjective(scene, cue.span, demonyms)
    best, best_score = None, 0.0
    wanted, kind = cue.attribute("class"), cue.attribute("kind")
    if cue.attribute("which") == _LATEST:
        latest = _latest(before, sentence)
        if latest:
            return replace(latest, span=span, sentence=sentence, anaphor=True, role="actor")
    for party in before:
        score = _salience(scene, party, kinds, sentence, cue)
        if not score:
            continue
        if country and party.country and party.country != country:
            continue
        if country and party.country == country:
            score += 0.5
        if wanted and party.classes:
            score += 0.6 if wanted in party.classes else -0.3
        if kind:
            score += 0.25 if party.kind.value == kind else -0.15
        score += _PROMINENT * standing.share(party)
        if score >= best_score and score > 0:
            best, best_score = party, score
    if best is None:
        first = standing.first
        best = next((first[k] for k in (Kind.COMPANY, Kind.BRAND, Kind.MODEL) if k in kinds and k in first), None)
    if best is None:
        return None
    if best.kind is Kind.MODEL and Kind.MODEL not in kinds and best.parent:
        best = replace(best, name=best.parent, kind=Kind.BRAND, parent=None, classes=())
    return replace(best, span=span, sentence=sentence, anaphor=True, role="actor")


@lru_cache(maxsize=256)
def _kinds(value: str) -> frozenset[Kind]:
    """The kinds that an anaphor can stand for."""
    return frozenset(Kind) if value == "any" else frozenset(Kind(k) for k in value.split("|"))


def _latest(before: Sequence[PartyMention], sentence: int) -> PartyMention | None:
    """The party named last, up to one sentence back, for words that say so ("ce dernier")."""
    barred = (Kind.MARKET, Kind.PLACE, Kind.AUTHORITY)
    return next(
        (
            p
            for p in reversed(before)
            if p.sentence >= sentence - 1 and not p.anaphor and not p.observer and p.kind not in barred
        ),
        None,
    )


def _with_adjective(
    scene: Scene, span: Span, demonyms: Mapping[str, tuple[str | None, str]]
) -> tuple[Span, str | None]:
    """The span with a following adjective of nationality, and that country."""
    at = scene.word_index(span.end)
    if at < len(scene.doc.words):
        start, end = scene.doc.words[at]
        word = scene.doc.lower[start:end]
        if start - span.end <= 1 and word in demonyms:
            return scene.doc.span(span.start, end), demonyms[word][0]
    return span, None


def _salience(
    scene: Scene, party: PartyMention, kinds: frozenset[Kind], sentence: int, cue: CueMention
) -> float:
    fits = party.kind in kinds or (party.kind is Kind.MODEL and kinds == MAKERS and party.parent is not None)
    if not fits or party.kind in (Kind.MARKET, Kind.PLACE) or party.observer:
        return 0.0
    if _PAIR in party.classes and cue.attribute("number") != "plural":
        return 0.0
    age = sentence - party.sentence
    if age > _MEMORY or party.role == "source":
        return 0.0
    score = 1.0 / (1.0 + 0.5 * age)
    if scene.words_before(party.span, party.sentence) <= 4:
        score += 0.3
    if age == 1 and scene.sentence(party.sentence).heading:
        score += _HEADED
    if party.sentence == 0 or scene.sentence(party.sentence).heading:
        score += 0.1
    if _rival_before(scene, party):
        score -= 0.5
    if party.kind is Kind.MODEL and Kind.MODEL not in kinds:
        score -= 0.2
    if cue.value == "any" and party.kind is Kind.PERSON and age == 0:
        score -= 0.1
    return score


def _rival_before(scene: Scene, party: PartyMention) -> bool:
    start = party.span.start
    return any(
        scene.words_between(cue.span, party.span) <= 2 and cue.span.end <= start
        for cue in scene.cues_in("rival", start - 40, start)
    )


def _with_role(scene: Scene, party: PartyMention) -> PartyMention:
    if _rival_before(scene, party):
        return replace(party, role="rival")
    if _credited(scene, party):
        return replace(party, role="source")
    return party


def _credited(scene: Scene, party: PartyMention) -> bool:
    for cue in scene.cues_in("source", party.span.start - 40, party.span.start):
        before = cue.value == "after" and cue.span.end <= party.span.start
        if before and scene.words_between(cue.span, party.span) <= 2 and scene.crossing(cue.span, party.span) == 0:
            return True
    return False
