"""The [entities] section of a pack: the words around names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from pipeline.language.base import Section

Words = frozenset[str]
CueKind = Literal["company", "authority", "media", "place"]


class EntityWords(Section):
    """Words that tell names from ordinary words and numbers, in lower case; an elision keeps its apostrophe.

    `determiners` and `adjectives` stand before a bare model name; behind a bare number after one of
    `plural_determiners`, only `followers` leave it a name. `counted` are units, scales and nouns that a number
    counts. `place_before` are prepositions of places, `place_after` words behind "in X,". `cues` are nouns
    that a name follows, with up to two adjectives (of `adjective_endings`, or demonyms) or `cue_links` between.
    `sites` are nouns of plants and offices. `roles` are posts and `titles` forms of address of persons, `sayings`
    verbs that credit a speech, `credits` words that credit a medium. `particles` join surnames. `divisions` are
    words behind a company's name that belong to it. `versions` are names of trims in this language, `version_nouns`
    what announces one. `ordinary` are words that begin sentences and are no names.
    """

    determiners: Words
    plural_determiners: Words
    adjectives: Words
    conjunctions: Words
    followers: Words
    counted: Words
    place_before: Words
    place_after: Words
    cues: dict[CueKind, Words]
    cue_links: Words
    adjective_endings: tuple[str, ...]
    sites: Words
    roles: Words
    titles: Words
    sayings: Words
    credits: Words
    particles: Words
    divisions: Words
    versions: Words
    version_nouns: Words
    ordinary: Words

    @cached_property
    def role(self) -> re.Pattern[str]:
        """A role, over lower-case text."""
        return _any(self.roles)

    @cached_property
    def cue_kinds(self) -> dict[str, CueKind]:
        """The kind that each cue noun tells."""
        return {noun: kind for kind, nouns in self.cues.items() for noun in nouns}


def _any(words: Iterable[str]) -> re.Pattern[str]:
    branches = sorted(words, key=lambda w: (-len(w), w))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, branches)) + r")(?!\w)")
