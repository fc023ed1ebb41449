"""The smaller slots of a statement: source, basis, rate, and the figure that it replaces."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.language.link_words import LinkWords
from pipeline.link.party import PartyMention
from pipeline.link.scene import Scene, within
from pipeline.schema import CueMention, Kind, Place, QuantityMention, Source, Span

_BASIS_REACH = 9.0
_RATE_REACH = 5
_CREDITED = 4  # words between a word of saying and the name behind it
_ANONYMOUS_REACH = 6  # clause cost over which "selon plusieurs sources" still speaks
_SPEAKER = 6  # words between a name and its verb of saying
_SAID_REACH = 3  # clause cost over which "X a indiqué" still speaks
_PREVIOUS_REACH = 14
_LEVEL_GAP = 4
_INTRODUCED = 5  # words between a comparing word and its figure ("contre une précédente estimation à 21,2 milliards")
_TERM = 24  # characters before a comparing word in which a longer term may hold it
_OWNER = 12  # characters between a figure and the party whose it is


def _as_last_named(market: PartyMention, parties: Sequence[PartyMention], words: LinkWords) -> PartyMention:
    """A bare "Markt" as it was last named with what stands before it ("der deutsche Automarkt")."""
    named = (p for p in reversed(within(parties, 0, market.span.start)) if p.kind is Kind.MARKET)
    fuller = (p.name for p in named if len(p.name) > len(words.market) and p.name.lower().endswith(words.market))
    name = next(fuller, None)
    return replace(market, name=name) if name else market


def full_market(
    market: PartyMention,
    place: Place | None,
    parties: Sequence[PartyMention],
    words: LinkWords,
    demonyms: Mapping[str, tuple[str | None, str]],
) -> PartyMention:
    """A bare "marché" by its full name: with the adjective of `place`, else as it was last named in full."""
    if market.name.lower() != words.market:
        return market
    if words.adjectives_before:
        return _as_last_named(market, parties, words)
    if place:
        # An adjective without a country is of a capital or a region: "bruxellois" is no name of a market.
        forms = [form for form, (code, name) in demonyms.items() if code and name == place.name]
        # The plainest adjective is the masculine one that has a regular feminine beside it.
        plain = [f for f in forms if _has_feminine(f, words.feminines, demonyms)] or sorted(forms, key=len)
        if plain:
            return replace(market, name=f"{market.name} {plain[0]}")
    fuller = (
        p
        for p in reversed(within(parties, 0, market.span.start))
        if p.kind is Kind.MARKET and p.name.lower().startswith(f"{words.market} ")
    )
    last = next(fuller, None)
    return replace(market, name=last.name) if last else market


def _has_feminine(form: str, feminines: Mapping[str, str], forms: Container[str]) -> bool:
    """Whether the feminine that an ending of `feminines` makes of `form` is among `forms`."""
    ends = ((old, new) for old, new in feminines.items() if form.endswith(old))
    return any(form.removesuffix(old) + new in forms for old, new in ends)


def find_source(
    scene: Scene, parties: Sequence[PartyMention], anchors: Sequence[Span], index: int
) -> Source | None:
    """Whom the sentence credits with the statement."""
    sentence = scene.sentence(index)
    cues = scene.cues_in("source", sentence.start, sentence.end)
    if not cues:
        return None
    for cue in cues:
        if cue.value == "self" and scene.crossing(cue.span, anchors[0]) < _ANONYMOUS_REACH:
            return Source(name=_anonymous(cue), span=cue.span)
    local = within(parties, sentence.start, sentence.end)
    here = [p for p in local if p.kind is not Kind.MODEL and p.kind is not Kind.MARKET]
    for cue in cues:
        found = _speaker(scene, cue, here)
        said_before = found is not None and found.span.end <= cue.span.start
        if found and (not said_before or scene.crossing(cue.span, anchors[0]) < _SAID_REACH):
            return Source(name=found.name, span=found.span)
    return None


def _anonymous(cue: CueMention) -> str:
    """The phrase itself without the word that introduces it."""
    head, _, rest = cue.span.text.partition(" ")
    return rest or head


def _speaker(scene: Scene, cue: CueMention, parties: Sequence[PartyMention]) -> PartyMention | None:
    """Who speaks: behind the cue ("selon X", ", a indiqué X"), or before it ("X a indiqué")."""
    inverted = scene.before(cue.span, 3).rstrip().endswith((",", "»", '"'))
    if cue.value == "after" or inverted:
        after = [p for p in parties if p.span.start >= cue.span.end]
        nearest = min(after, key=lambda p: p.span.start, default=None)
        reach = int(cue.attribute("reach") or _CREDITED)
        near = nearest is not None and scene.words_between(cue.span, nearest.span) <= reach
        if nearest and near and scene.crossing(cue.span, nearest.span) < 1 + _bracket(scene, nearest.span):
            return nearest
    if cue.value == "before":
        before = [p for p in parties if p.span.end <= cue.span.start and p.role != "rival"]
        nearest = max(before, key=lambda p: p.span.end, default=None)
        if nearest and scene.words_between(nearest.span, cue.span) <= _SPEAKER:
            return nearest
    return None


def _bracket(scene: Scene, span: Span) -> float:
    """The clause cost of a bracket that opens right before `span`: an acronym is the name that stands before it."""
    opened = scene.before(span, 1) == "("
    return scene.crossing(scene.doc.span(span.start - 2, span.start - 1), span) if opened else 0.0


def find_basis(scene: Scene, type_name: str, anchors: Sequence[Span], index: int) -> list[str] | None:
    """Canonical words of what the figure is measured by, from cues near the figure or its trigger."""
    sentence = scene.sentence(index)
    found = []
    for cue in scene.cues_in("basis", sentence.start, sentence.end):
        types = cue.attribute("types")
        if types and type_name not in types.split("|"):
            continue
        if min(scene.distance(cue.span, a) for a in anchors) <= _BASIS_REACH and cue.value not in found:
            found.append(cue.value)
    return found or None


def find_rate(scene: Scene, quantity: QuantityMention, trigger: Span | None) -> str | None:
    """The rate of the figure ("annuelle" gives P1Y), from the figure itself or a word beside figure or trigger."""
    if quantity.per:
        return quantity.per
    index = scene.sentence_index(quantity.span.start)
    sentence = scene.sentence(index)
    anchors = [quantity.span, *([trigger] if trigger else [])]
    for cue in scene.cues_in("rate", sentence.start, sentence.end):
        if any(a.overlaps(cue.span) for a in anchors):
            return cue.value
        if any(
            scene.words_between(cue.span, a) <= _RATE_REACH and scene.crossing(cue.span, a) == 0 for a in anchors
        ) and not _other_figure_between(scene, cue.span, quantity):
            return cue.value
    return None


def _other_figure_between(scene: Scene, span: Span, quantity: QuantityMention) -> bool:
    low, high = min(span.end, quantity.span.end), max(span.start, quantity.span.start)
    return any(q is not quantity for q in within(scene.mentions.quantities, low, high))


def find_previous(scene: Scene, quantity: QuantityMention, words: LinkWords) -> QuantityMention | None:
    """The older figure of the same unit that the text sets against `quantity` ("contre 238 000")."""
    local = scene.quantities_in(scene.sentence_index(quantity.span.start))
    peers = (other for other in local if other is not quantity and other.unit == quantity.unit)
    return next((other for other in peers if replaced_by(scene, other, local, words) is quantity), None)


def replaced_by(
    scene: Scene, old: QuantityMention, local: Sequence[QuantityMention], words: LinkWords
) -> QuantityMention | None:
    """The newer figure of the sentence for which `old` stands as the earlier one, by the cue before it.

    `local` are the quantities of the sentence. "contre" looks back for the newer figure, "passe de" ahead.
    """
    for cue in scene.cues_in("previous", old.span.start - 40, old.span.start + 1):
        side = cue.attribute("side")
        if cue.value != "figure" or cue.span.start >= old.figure.start or not _introduces(scene, cue, old, local):
            continue
        terms = scene.cues_in("trigger", cue.span.start - _TERM, cue.span.start)
        if any(term.span.contains(cue.span) for term in terms):
            continue  # part of a word for what the figure is ("s'échange contre 53 990 €")
        newer = [q for q in local if q.unit == old.unit and q is not old and _comparable(q, old)]
        if side == "left":
            if _is_of_another(scene, old, words):
                continue
            before = [q for q in newer if q.span.end <= cue.span.start]
            nearest = max(before, key=lambda q: q.span.end, default=None)
        else:
            after = [q for q in newer if q.span.start >= old.span.end and _leads_to(scene, old, q, words)]
            nearest = min(after, key=lambda q: q.span.start, default=None)
        if nearest and scene.words_between(old.span, nearest.span) <= _PREVIOUS_REACH:
            return nearest
    return None


def _is_of_another(scene: Scene, old: QuantityMention, words: LinkWords) -> bool:
    """Whether the figure is of a party named right behind it ("contre 17,5 % pour Honda"): a fact of its own."""
    end = old.span.end
    for entity in within(scene.mentions.entities, end, end + _OWNER):
        gap = scene.doc.lower[end : entity.span.start].split()
        return bool(gap) and gap[0] in words.genitives and set(gap[1:]) <= words.determiners
    return False


def _leads_to(scene: Scene, old: QuantityMention, new: QuantityMention, words: LinkWords) -> bool:
    """Whether the newer figure is the level reached ("de A à B")."""
    gap = scene.between(old.span, new.span).split()
    return len(gap) <= _LEVEL_GAP and (any(w in words.levels for w in gap) or new.span.text.split()[0] in words.levels)


def _introduces(
    scene: Scene, cue: CueMention, old: QuantityMention, local: Sequence[QuantityMention]
) -> bool:
    between = any(cue.span.end <= q.span.start < old.span.start for q in local)
    if scene.after(cue.span, 1) == "-":
        return False  # the first part of another word ("contre-performance")
    near = scene.words_between(cue.span, old.figure) <= _INTRODUCED and scene.crossing(cue.span, old.span) == 0
    return near and not between


def _comparable(a: QuantityMention, b: QuantityMention) -> bool:
    """Whether two figures are of one order of size, so that one can have replaced the other."""
    first = a.value if a.value is not None else a.high
    second = b.value if b.value is not None else b.high
    if not first or not second:
        return False
    return Decimal("0.05") <= abs(first / second) <= 20
