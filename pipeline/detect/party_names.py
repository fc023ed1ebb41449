"""Companies outside the gazetteer, told by where their name stands and how often it is written."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.detect.name_context import NameContext, is_roman, occurrences
from pipeline.language.entity_words import CueKind
from pipeline.schema import EntityMention, Kind

_APPOSITION = re.compile(r",[ ]((?:\w|-)+'?)[ ]?((?:\w|-)*)[ ]?((?:\w|-)*)")
_BEHIND = re.compile(r",[ ]((?:\w|-)+)")
_LIST_BEFORE = re.compile(r"(?:(,)|[ ](\w+))[ ]\Z")
_LIST_AFTER = re.compile(r"(?:(,)|[ ](\w+))[ ]")
_LIST_REACH = 8
_ACRONYM = 6
_SHORTEST = 3


class PartyFinder:
    """Tells the companies of one document. `organisations` holds the offsets where known ones begin and end."""

    def __init__(self, ctx: NameContext, organisations: set[int]) -> None:
        self._ctx = ctx
        self._organisations = organisations
        # What holds of a name wherever it stands is found out once.
        self._arguments: dict[str, bool] = {}
        self._others: dict[str, bool] = {}

    def find(self, start: int, end: int) -> EntityMention | None:
        """The party that the capitalised words [start, end) name; None where nothing tells one."""
        ctx = self._ctx
        name = ctx.doc.plain[start:end]
        if len(name) < _SHORTEST or is_roman(name) or self._lower(name):
            return None
        if ctx.doc.lower[start:end] in ctx.gazetteer.demonyms(ctx.doc.article.lang):
            return None
        cue = self._cue(start, end, name)
        if cue is None or self._other(name):
            return None
        self._organisations |= {start, end}
        return ctx.cued(start, end, name, cue)

    def _cue(self, start: int, end: int, name: str) -> CueKind | None:
        ctx = self._ctx
        opens = ctx.opens(start)
        before = "" if opens else ctx.previous(start)
        if before in ctx.words.determiners or before in ctx.words.adjectives:
            return None
        if self._acts(end):
            return "company"
        apposed = self._apposed(end)
        if opens:
            return apposed if apposed and self._recurs(name) else self._explained(end, name)
        if apposed and before not in ctx.words.place_before:
            return apposed
        return self._owned(start, before) or ("company" if self._told(start, end, before) else None)

    def _told(self, start: int, end: int, before: str) -> bool:
        """True within a sentence for what an agent's preposition, a demonym, a list or its return tells."""
        name = self._ctx.doc.plain[start:end]
        if self._listed(start, end):
            return True
        if name.isupper() and len(name) < _ACRONYM:
            return False
        return before in self._ctx.words.agents or self._of_nation(start, before) or self._argument(name)

    def _acts(self, end: int) -> bool:
        """True before what only an actor does: "X a annoncé", "X s'engage"."""
        return self._ctx.following(end) in self._ctx.words.actor_verbs

    def _apposed(self, end: int) -> CueKind | None:
        """What a noun behind the name calls it: "X, le petit loueur", "X, filiale de"."""
        words = self._ctx.words
        match = _APPOSITION.match(self._ctx.doc.lower, end)
        if match is None:
            return None
        first, *rest = match.groups()
        cues = rest if first in words.determiners else (first,)
        return next((words.cue_kinds[word] for word in cues if word in words.cue_kinds), None)

    def _explained(self, end: int, name: str) -> CueKind | None:
        """ "X, qui …" where the name comes back."""
        match = _BEHIND.match(self._ctx.doc.lower, end)
        if match is None or match.group(1) not in self._ctx.words.relatives:
            return None
        return "company" if self._recurs(name) else None

    def _owned(self, start: int, before: str) -> CueKind | None:
        """ "un accord avec X", "les analystes de X"."""
        words = self._ctx.words
        if before not in words.owner_links:
            return None
        return words.owner_kinds.get(self._ctx.previous(self._ctx.previous_start(start)))

    def _of_nation(self, start: int, before: str) -> bool:
        """ "l'australien X"."""
        ctx = self._ctx
        if before not in ctx.gazetteer.demonyms(ctx.doc.article.lang):
            return False
        return ctx.previous(ctx.previous_start(start)) in ctx.words.determiners

    def _listed(self, start: int, end: int) -> bool:
        """ "Renault et X", "X et Renault", "Renault, X et …"."""
        plain, conjunctions = self._ctx.doc.plain, self._ctx.words.list_words
        before = _LIST_BEFORE.search(plain, max(0, start - _LIST_REACH), start)
        after = _LIST_AFTER.match(plain, end)
        behind = before is not None and before.start() in self._organisations
        joined = after is not None and (after.group(1) is not None or after.group(2) in conjunctions)
        if before is not None and behind:
            return before.group(2) in conjunctions or (before.group(1) is not None and joined)
        return after is not None and after.group(2) in conjunctions and after.end() in self._organisations

    def _other(self, name: str) -> bool:
        """True where the name is one of a street, a fair, a family, in one place at least."""
        if name not in self._others:
            places = occurrences(self._ctx.doc.plain, name)
            self._others[name] = any(self._of_other(at) for at, _ in places)
        return self._others[name]

    def _argument(self, name: str) -> bool:
        if name not in self._arguments:
            self._arguments[name] = self._is_argument(name)
        return self._arguments[name]

    def _is_argument(self, name: str) -> bool:
        """True for a name that comes back, never behind a determiner, and once where a party may stand."""
        ctx = self._ctx
        if not self._recurs(name):
            return False
        may = False
        for start, _ in occurrences(ctx.doc.plain, name):
            if ctx.opens(start):
                continue
            before = ctx.previous(start)
            if before in ctx.words.determiners or before in ctx.words.adjectives:
                return False
            may = may or before in ctx.words.party_before
        return may

    def _recurs(self, name: str) -> bool:
        return len(list(islice(occurrences(self._ctx.doc.plain, name), 2))) > 1

    def _lower(self, name: str) -> bool:
        """True where the article writes the word without its capital as well."""
        return " " not in name and any(True for _ in occurrences(self._ctx.doc.plain, name.lower()))

    def _of_other(self, start: int) -> bool:
        """True for the name of a street, a fair, a family: "avenue de la X"."""
        ctx = self._ctx
        at = start
        for _ in range(3):
            word = ctx.previous(at)
            if word in ctx.words.other_heads:
                return True
            if word not in ctx.words.place_before:
                return False
            at = ctx.previous_start(at)
        return False


def organisation_edges(mentions: list[EntityMention]) -> set[int]:
    """Where the companies and brands among `mentions` begin and end."""
    makers = [m.span for m in mentions if m.kind in (Kind.COMPANY, Kind.BRAND)]
    return {at for span in makers for at in (span.start, span.end)}
