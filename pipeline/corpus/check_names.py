"""Names that neither the article nor the gazetteer supports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.corpus.problem import Complaint
from pipeline.evaluate.gold import GoldArticle, GoldFact
from pipeline.gazetteer import Entry, Gazetteer, load_gazetteer
from pipeline.language import load_pack
from pipeline.schema import EntityMention, Kind
from pipeline.text import WORD, lower, plain, unaccent

Words = tuple[str, ...]
_MAKERS = {Kind.COMPANY, Kind.BRAND}
_COUNTRY = "country"
_ENDING = 2  # letters that a word keeps at least without its ending
_WORLD = "monde"  # what the contract (§1) writes for "world-wide", in every language


@lru_cache(maxsize=1)
def load_name_checks() -> NameChecks:
    """The checks by the gazetteer of the package. Raises as `load_gazetteer`."""
    return NameChecks(load_gazetteer())


@dataclass(frozen=True, slots=True)
class _Said:
    """What one article names: its words, the same in running text, and the names that they stand for."""

    words: frozenset[str]
    running: str
    named: frozenset[Words]


class NameChecks:
    """The names that may be said of an article by what the gazetteer holds."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    @cached_property
    def _forms(self) -> dict[Words, list[Words]]:
        """By the words of each name of the gazetteer those of all its forms."""
        table: dict[Words, list[Words]] = {}
        for text, form in self.gazetteer.forms.items():
            for entry in (form.strong, *form.weak):
                if entry is not None:
                    table.setdefault(fold(entry.name), []).append(fold(text))
        return table

    @cached_property
    def _entries(self) -> dict[Words, list[Entry]]:
        table: dict[Words, list[Entry]] = {}
        for entry in self.gazetteer.entries.values():
            table.setdefault(fold(entry.name), []).append(entry)
        return table

    def names(self, gold: GoldArticle, text: str, found: Sequence[EntityMention]) -> Iterator[Complaint]:
        """Names of `gold` that nothing in `text` stands for: of entities, and (as warnings) of the facts' slots.

        `found` are the names that the pipeline has detected in the text.
        """
        said = self._said(text, gold.lang, found)
        for entity in gold.entities:
            kind = Kind.MODEL if entity.type == "MODEL" else Kind.OTHER
            if not self._supported(entity.name, kind, said):
                # Without a table of the language's adjectives and forms a foreign place may well be named.
                foreign = not self.gazetteer.demonyms(gold.lang)
                yield Complaint("entities", f"{entity.name!r} is not named in the text", warning=foreign)
        complained: set[tuple[str, str]] = set()
        for index, fact in enumerate(gold.facts):
            for key, name, kind in _slots(fact):
                if (key, name) not in complained and not self._supported(name, kind, said):
                    complained.add((key, name))
                    yield Complaint(f"facts.{index}.{key}", f"{name!r} is not named in the text", warning=True)

    def _said(self, text: str, lang: str, found: Sequence[EntityMention]) -> _Said:
        words, low = fold(text), lower(plain(text))
        adjectives = self.gazetteer.demonyms(lang)
        named = {name for mention in found for name in (mention.name, mention.parent) if name}
        named |= {adjectives[word].place for word in set(WORD.findall(low)) & adjectives.keys()}
        named |= {entry.name for _, _, entry in self.gazetteer.nicknames(low, lang)}
        stems = _stems(words) if _inflects(lang) else ()
        return _Said(frozenset((*words, *stems)), f" {' '.join(words)} ", frozenset(fold(name) for name in named))

    def _supported(self, name: str, kind: Kind, said: _Said) -> bool:
        """True where each word of `name` stands in the text or belongs to a name that the text gives otherwise.

        The text may leave out the maker of a model, and the country that it is all about.
        """
        words = fold(name)
        if words in said.named:
            return True
        country = self.gazetteer.lookup(name)
        if country is not None and fold(country.name) in said.named:
            return True
        if kind is Kind.PLACE and name == _WORLD:
            return True
        if kind is Kind.PLACE and country is not None and _COUNTRY in country.classes:
            return True
        if kind is Kind.MODEL:
            heads = {n: self._entries.get(words[:n], ()) for n in range(1, len(words))}
            makers = [n for n, entries in heads.items() if any(entry.kind in _MAKERS for entry in entries)]
            words = words[max(makers, default=0) :]
        at = 0
        while at < len(words):
            size = next((n for n in range(len(words) - at, 0, -1) if self._stands(words[at : at + n], said)), 0)
            if not size:
                return False
            at += size
        return True

    def _stands(self, part: Words, said: _Said) -> bool:
        if part in said.named or (len(part) == 1 and part[0] in said.words):
            return True
        return any(f" {' '.join(form)} " in said.running for form in self._forms.get(part, ()))


@lru_cache(maxsize=16)
def _inflects(lang: str) -> bool:
    """Whether names take endings in the language `lang` ("des Kraftfahrt-Bundesamts"), as its pack says."""
    try:
        return bool(load_pack(lang).entities.name_endings)
    except LookupError:
        return False


def _stems(words: Words) -> Iterator[str]:
    """`words` without the letters that inflection may have put behind them."""
    return (word[:-size] for word in words for size in (1, 2) if len(word) > _ENDING + size)


def fold(text: str) -> Words:
    """The words of `text` without case and accents."""
    return tuple(WORD.findall(unaccent(plain(text)).casefold()))


def _slots(fact: GoldFact) -> Iterator[tuple[str, str, Kind]]:
    """The names in the slots of a fact, with their kinds."""
    for key, party in (("subject", fact.subject), ("object", fact.object)):
        if party is not None:
            yield key, party.name, party.kind
    if fact.place is not None:
        yield "place", fact.place, Kind.PLACE
    if fact.source is not None:
        yield "source", fact.source, Kind.OTHER
