"""The [entities] section of a pack: the words around names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from pipeline.language.base import Section
from pipeline.text import WORD

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĶĻŁŃŇŌŐŒŘŚŠŞŢŤŪŮŰŹŻŽ"
"""Capital letters, for a class of a regular expression."""
Words = frozenset[str]
CueKind = Literal[
    "company", "maker", "supplier", "retailer", "bank", "analyst", "media", "authority", "association", "union", "place"
]


class EntityWords(Section):
    """Words that tell names from ordinary words and numbers, in lower case; an elision keeps its apostrophe.

    `determiners` and `adjectives` stand before a bare model name; behind a bare number after one of
    `plural_determiners`, only `followers` leave it a name. `counted` are units, scales and nouns that a
    number counts. `place_before` are prepositions of places, `place_inside` those that, with an
    article, stand before a region, `place_after` words behind "in X,". `cues` are nouns that a name
    follows, with demonyms, words in `adjective_endings` or `cue_links` between, by what they tell;
    `owners` nouns that one of `owner_links` joins to a company's name. `agents` are prepositions before
    one who acts, `party_before` words that a party may follow, `actor_verbs` first words of what a
    party does, `relatives` pronouns that explain a name, `list_words` conjunctions of lists,
    `other_heads` nouns of streets, fairs and families that bear names, `ages` units of a person's age.
    `courts` are first words of authorities that are named with their town, `fairs` those of shows.
    `sites` are nouns of plants
    and offices. `particles` join capitalised words to one name. `town_articles` are articles of towns,
    as written; `town_heads` and `town_links` are first and middle parts of the names of towns. `roles`
    are posts and `titles` forms of address of persons, `sayings` verbs that credit a speech or name a
    holder, before the name, `person_verbs` what only a person does, behind it; `credits` are words that
    credit a source, `media_credits` those that credit a medium. `company_words` end the names of
    companies, `divisions` are last words of company names that are companies of their own,
    `division_links` what may stand
    before them,
    `legal_forms` those that leave a company what it is. `versions` are names of trims in this language
    (as written), `version_nouns` what announces one, `trim_nouns` what
    announces one that may be new, `model_nouns` what announces a model, `naming`
    participles before the name that something is given. `states` are heads of authorities that a country's
    adjective names, with what their names begin in. `not_names` are phrases in which no word is a
    name, `ordinary` words that begin sentences and are no names. Where `capital_nouns`, common nouns have a capital:
    a word of `ordinary`, or one that ends in one of `noun_endings` ("Batteriewerk"), is taken for such a noun anywhere.
    `name_endings` may stand behind a name within its word ("Teslas Absatz").
    """

    capital_nouns: bool = False
    noun_endings: tuple[str, ...] = ()
    name_endings: tuple[str, ...] = ()

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
    owners: dict[CueKind, Words]
    owner_links: Words
    agents: Words
    party_before: Words
    actor_verbs: Words
    relatives: Words
    list_words: Words
    other_heads: Words
    ages: Words
    courts: Words
    fairs: Words
    sites: Words
    adjective_endings: tuple[str, ...]
    particles: Words
    town_articles: tuple[str, ...]
    town_heads: Words
    town_links: Words
    roles: Words
    titles: Words
    sayings: Words
    person_verbs: Words
    credits: Words
    media_credits: Words
    company_words: dict[CueKind, Words]
    divisions: Words
    division_links: Words
    legal_forms: Words
    versions: Words
    version_nouns: Words
    trim_nouns: Words = frozenset()
    model_nouns: Words
    naming: Words
    states: dict[str, str]
    not_names: Words
    place_inside: Words
    ordinary: Words

    def is_ordinary(self, word: str) -> bool:
        """Whether `word` (in lower case) is no name: one of `ordinary`, or a common noun by its ending."""
        return word in self.ordinary or (bool(self.noun_endings) and word.endswith(self.noun_endings))

    @cached_property
    def run(self) -> re.Pattern[str]:
        """Capitalised words in a row, with `particles` and initials between, over plain text."""
        token = rf"(?:[{UPPER}]\.(?=[ ]?[{UPPER}])|[{UPPER}][\w&+-]*)"
        particles = "|".join(sorted(self.particles))
        return re.compile(rf"(?<![\w-]){token}(?:(?:[ ]|[ ]?&[ ]?)(?:(?:{particles})[ ]){{0,2}}{token})*")

    @cached_property
    def town(self) -> re.Pattern[str]:
        """What a town may be called, its article in group 1, over plain text."""
        articles = "|".join(map(re.escape, self.town_articles))
        return re.compile(rf"({articles})?[{UPPER}][^\W\d_]+(?:[-'][^\W\d_]+)*(?![\w-])")

    @cached_property
    def role(self) -> re.Pattern[str]:
        """A role, over lower-case text."""
        return _any(self.roles)

    @cached_property
    def trim_heads(self) -> Words:
        """The first words of `versions`."""
        return frozenset(phrase.partition(" ")[0] for phrase in self.versions)

    @cached_property
    def court(self) -> re.Pattern[str]:
        """The first words of an authority or a show with its town, over lower-case text."""
        return _any(self.courts | self.fairs)

    @cached_property
    def court_heads(self) -> Words:
        """The words of which a text holds one where `court` is found in it."""
        return _heads(self.courts | self.fairs)

    @cached_property
    def state(self) -> re.Pattern[str]:
        """A head of an authority that an adjective may name, over lower-case text."""
        return _any(self.states)

    @cached_property
    def state_heads(self) -> Words:
        """The words of which a text holds one where `state` is found in it."""
        return _heads(self.states)

    @cached_property
    def cue_kinds(self) -> dict[str, CueKind]:
        """What each of `cues` tells."""
        return _by_word(self.cues)

    @cached_property
    def owner_kinds(self) -> dict[str, CueKind]:
        """What each of `owners` tells."""
        return _by_word(self.owners)

    @cached_property
    def company_kinds(self) -> dict[str, CueKind]:
        """What each of `company_words` tells."""
        return _by_word(self.company_words)


def _by_word(groups: dict[CueKind, Words]) -> dict[str, CueKind]:
    return {word: kind for kind, words in groups.items() for word in words}


def _heads(phrases: Iterable[str]) -> Words:
    """The first word of each of `phrases`."""
    return frozenset(WORD.findall(phrase)[0] for phrase in phrases)


def _any(words: Iterable[str]) -> re.Pattern[str]:
    branches = sorted(words, key=lambda w: (-len(w), w))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, branches)) + r")(?!\w)")
