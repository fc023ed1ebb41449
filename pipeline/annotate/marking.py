"""Gold and runs to sheets: where names, dates and figures stand, and what fills the slots of the facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from pydantic import JsonValue

from pipeline.annotate.sheet import CHOICES, DATE, FIGURE, IGNORED, NAMES, ROLES, USUAL, Link, Mark, Note, Sheet
from pipeline.emit import ArticleRecord
from pipeline.evaluate.gold import (
    GoldArticle,
    GoldDate,
    GoldEntity,
    GoldFact,
    GoldFigure,
    GoldParty,
    GoldPeriod,
    GoldSpan,
)
from pipeline.schema import Fact, Kind, Party, Quantity
from pipeline.text import plain

FIGURE_KEYS = ("value", "low", "high", "unit", "qualifier", "per")
_OTHER_FIGURE_KEYS = FIGURE_KEYS[:4]
_APART = {"type", "quote", "span", *CHOICES}
_TYPES = {Kind.MODEL: "MODEL", Kind.PERSON: "PERSON", Kind.PLACE: "PLACE"}
Place = tuple[int, int]


def sheet_of_gold(gold: GoldArticle, text: str) -> Sheet:
    """The sheet of an article with its gold. Raises ValueError where gold is not that of `text`.

    Gold says which names an article holds, not where: each place is marked. What stands nowhere travels in `meta`.
    """
    if gold.sha256 is not None and gold.sha256 != sha256(text.encode()).hexdigest():
        raise ValueError("gold is that of another text (sha256)")
    marker = _Marker(gold, text)
    longer: list[Place] = []
    for at, entity in sorted(enumerate(gold.entities), key=lambda each: -len(each[1].name)):
        places = _places(entity.name, text)
        # "Renault" in "Renault 5" is no mention of its own, unless it stands nowhere else.
        marker.name(at, [each for each in places if not _inside(each, longer)] or places)
        longer += places
    seen: dict[str, int] = defaultdict(int)
    for at, date in enumerate(gold.dates):
        places = _places(date.text, text)
        marker.date(at, places[seen[date.text] :][:1] or places[:1])
        seen[date.text] += 1
    return marker.sheet()


def sheet_of_run(article: ArticleRecord, facts: Sequence[Fact]) -> Sheet:
    """The sheet of an article of a run with its facts, dates, figures in their units, and names.

    `meta` holds the mean confidence of the facts. Raises ValueError where a fact's offsets lie outside the text.
    """
    gold = gold_of_run(article, facts)
    marker = _Marker(gold, article.text)
    names: list[tuple[str, str]] = [(each.name, each.type) for each in gold.entities]
    dates = [(each.text, each.value) for each in gold.dates]
    spots: dict[int, list[Place]] = defaultdict(list)
    for entity in article.entities:
        spots[names.index((entity.name, _name_type(entity.kind)))].append((entity.start, entity.end))
    for at, places in spots.items():
        marker.name(at, places)
    spots = defaultdict(list)
    for date in article.dates:
        spots[dates.index((date.text, date.value or date.text))].append((date.start, date.end))
    for at, places in spots.items():
        marker.date(at, places)
    for figure in article.quantities:
        marker.mark((figure.start, figure.end), FIGURE, _parts(figure.model_dump(mode="json"), FIGURE_KEYS))
    confidence = {"confidence": sum(fact.confidence for fact in facts) / len(facts)} if facts else {}
    return marker.sheet(confidence)


def gold_of_run(article: ArticleRecord, facts: Sequence[Fact]) -> GoldArticle:
    """What a run found in an article, in the form of gold. A date without a value has its words there."""
    entities = {(each.name, _name_type(each.kind)): None for each in article.entities}
    dates = {(each.text, each.value or each.text): None for each in article.dates}
    return GoldArticle(
        id=article.id,
        lang=article.lang,
        published=article.published,
        sha256=article.sha256,
        facts=[_gold_fact(fact) for fact in facts],
        entities=[GoldEntity.model_validate({"name": name, "type": kind}) for name, kind in entities],
        dates=[GoldDate(text=text, value=value) for text, value in dates],
    )


def _gold_fact(fact: Fact) -> GoldFact:
    figure = fact.quantity
    quote = figure.span if figure and figure.span else fact.evidence[0]
    return GoldFact(
        type=fact.type,
        subject=_party(fact.subject),
        object=_party(fact.object),
        metric=fact.metric,
        value=figure.value if figure else None,
        low=figure.low if figure else None,
        high=figure.high if figure else None,
        unit=figure.unit if figure else None,
        qualifier=figure.qualifier if figure else None,
        per=figure.per if figure else None,
        basis=fact.basis,
        period=GoldPeriod(**fact.period.model_dump(exclude={"span"})) if fact.period else None,
        modality=fact.modality,
        polarity=fact.polarity,
        place=fact.place.name if fact.place else None,
        source=fact.source.name if fact.source else None,
        previous=_other_figure(fact.previous),
        converted=_other_figure(fact.converted),
        quote=quote.text,
        optional=False,
        span=GoldSpan(start=quote.start, end=quote.end),
    )


def _party(party: Party | None) -> GoldParty | None:
    return GoldParty(name=party.name, kind=party.kind) if party else None


def _other_figure(figure: Quantity | None) -> GoldFigure | None:
    return GoldFigure(value=figure.value, low=figure.low, high=figure.high, unit=figure.unit) if figure else None


def _name_type(kind: Kind) -> str:
    return _TYPES.get(kind, "ORG")


class _Marker:
    """Collects the marks of one article. What has no place in the text is kept by its list."""

    def __init__(self, gold: GoldArticle, text: str) -> None:
        self.gold, self.text = gold, text
        self.marks: list[Mark] = []
        self.links: list[Link] = []
        self.unplaced: dict[str, list[JsonValue]] = {}

    def mark(self, place: Place, label: str, note: Note, choices: Mapping[str, str] | None = None) -> Mark:
        made = Mark(f"m{len(self.marks) + 1}", *place, label, note, choices or {})
        self.marks.append(made)
        return made

    def name(self, at: int, places: Iterable[Place]) -> None:
        entity = self.gold.entities[at]
        self._listed("entities", at, entity.model_dump(), [(place, entity.type, "name") for place in places])

    def date(self, at: int, places: Iterable[Place]) -> None:
        self._listed("dates", at, self.gold.dates[at].model_dump(), [(place, DATE, "text") for place in places])

    def _listed(self, key: str, at: int, item: dict[str, JsonValue], spots: Sequence[tuple[Place, str, str]]) -> None:
        """Mark one item of a list at its `spots`: place, label, and the key whose content the text shows."""
        for place, label, shown in spots:
            # What the mark itself says is not said twice, lest the two part when a tool changes one.
            said = {shown} if item[shown] == self.text[place[0] : place[1]] else set()
            said |= {"type"}
            self.mark(place, label, {"at": at, **{name: each for name, each in item.items() if name not in said}})
        if not spots:
            self.unplaced.setdefault(key, []).append({"at": at, **item})

    def sheet(self, more: Note | None = None) -> Sheet:
        for at, mark in enumerate(self.gold.ignored):
            self.mark((mark.span.start, mark.span.end), IGNORED, {"at": at, "why": mark.why})
        for at, fact in enumerate(self.gold.facts):
            self._fact(at, fact)
        meta: dict[str, JsonValue] = {
            key: value
            for key, value in self.gold.model_dump(exclude={"facts", "entities", "dates", "ignored"}).items()
            if value is not None
        }
        if self.unplaced:
            meta["unplaced"] = {key: [*items] for key, items in self.unplaced.items()}
        return Sheet(self.gold.id, self.text, tuple(self.marks), tuple(self.links), {**meta, **(more or {})})

    def _fact(self, at: int, fact: GoldFact) -> None:
        whole = fact.model_dump(mode="json")
        if fact.span is not None:
            place = (fact.span.start, fact.span.end)
            if self.text[slice(*place)] != fact.quote:
                raise ValueError(f"facts.{at}: the quote {fact.quote!r} does not stand at {place[0]} to {place[1]}")
        elif found := _places(fact.quote, self.text):
            place = found[0]
        else:
            self.unplaced.setdefault("facts", []).append({"at": at, **whole})
            return
        slots = {key: value for key, value in whole.items() if key not in _APART and value is not None}
        targets = {role: target for role in ROLES if (target := self._target(role, slots, range(*place)))}
        chosen = {key: str(fact.optional).lower() if key == "optional" else str(whole[key]) for key in CHOICES}
        choices = {key: value for key, value in chosen.items() if value != USUAL[key]}
        drawn: Note = {"drawn": [*targets]} if targets else {}
        made = self.mark(place, fact.type, {"at": at, **slots, **drawn}, choices)
        self.links += [Link(made.id, target.id, role) for role, target in targets.items()]

    def _target(self, role: str, slots: Note, place: range) -> Mark | None:
        """The nearest mark that says what stands in the slot."""
        fits = [mark for mark in self.marks if mark.label in ROLES[role] and self._says(role, slots, mark)]
        return min(fits, key=lambda mark: (_gap(mark, place), mark.start), default=None)

    def _says(self, role: str, slots: Note, mark: Mark) -> bool:
        if mark.label in NAMES:
            said = slots.get(role)
            name = said.get("name") if isinstance(said, dict) else said
            return name == mark.note.get("name", self.text[mark.start : mark.end])
        content = slots if role == "figure" else slots.get(role)
        if not isinstance(content, dict):
            return False
        if mark.label == DATE:
            return content.get("value") == mark.note["value"]
        keys = FIGURE_KEYS if role == "figure" else _OTHER_FIGURE_KEYS
        return _parts(content, keys) == _parts(mark.note, keys)


def _parts(content: Note, keys: Iterable[str]) -> dict[str, JsonValue]:
    return {key: content[key] for key in keys if content.get(key) is not None}


def _places(words: str, text: str) -> list[Place]:
    """Where `words` stand in `text` as words of their own, whatever kind of space or apostrophe is in them; where they
    only stand inside others, there."""
    found = [(match.start(), match.end()) for match in _occurrences(words, text)]
    alone = [(start, end) for start, end in found if not _cut(text, start) and not _cut(text, end)]
    return alone or found


def _occurrences(words: str, text: str) -> Iterator[re.Match[str]]:
    yield from re.finditer(re.escape(plain(words)), plain(text))


def _cut(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _gap(mark: Mark, place: range) -> int:
    """How many characters lie between the two; 0 where they touch or overlap."""
    return max(0, place.start - mark.end, mark.start - place.stop)


def _inside(place: Place, others: Iterable[Place]) -> bool:
    return any(start <= place[0] and place[1] <= end and (start, end) != place for start, end in others)
