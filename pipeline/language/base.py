"""What every section of a language pack shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A section of a pack: frozen, and an unknown key is an error that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SegmentWords(Section):
    """`abbreviations` end in a full stop without ending a sentence (in lower case, without the stop); `openers` are
    words that open a sentence and follow no initial. A figure with a full stop behind it is an ordinal ("12. März")
    behind one of `ordinal_articles`, or before one of `ordinal_heads` where it has at most two digits."""

    abbreviations: frozenset[str]
    openers: frozenset[str]
    ordinal_articles: frozenset[str] = frozenset()
    ordinal_heads: frozenset[str] = frozenset()
