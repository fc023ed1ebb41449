"""Companies that the gazetteer does not hold, told by where their name stands and how often."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.detect.name_context import NameContext
from pipeline.schema import EntityMention, Kind

_APPOSITION = re.compile(r",[ ](\w+(?:-\w+)*'?)[ ]?(\w+(?:-\w+)*)?(?:[ ](\w+(?:-\w+)*))?")
_LIST_BEFORE = re.compile(r"(?:,|[ ](\w+))[ ]\Z")
_LIST_AFTER = re.compile(r"(?:,|[ ](\w+))[ ]")
_ACRONYM = 5
_HEADS = 3


class PartyFinder:
    """Tells the companies of one document from `makers`, where the organisations known so far begin and end."""

    def __init__(self, ctx: NameContext, organisations: set[int]) -> None:
        self._ctx = ctx
        self._organisations = organisations
        self._counts: Counter[str] | None = None

    def find(self, start: int, end: int) -> EntityMention | None:
        """The company that [start, end), capitalised words outside the gazetteer, names; None for no company."""
        ctx = self._ctx
        name = ctx.doc.plain[start:end]
        if len(name) < 3 or is_roman_like(name) or self._of_other(start):
            return None
        cue = self._apposed(end)
        acronym = name.isupper() and len(name) <= _ACRONYM
        if cue is None and not (self._acts(start, end) if acronym else self._stands(start, end, name)):
            return None
        mention = ctx.stranger(start, end, name, Kind.COMPANY) if cue is None else ctx.cued(start, end, name, cue)
        if mention.kind is not Kind.PLACE:
            self._organisations |= {start, end}
        return mention
