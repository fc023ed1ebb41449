"""The [link] section of a pack: small words that tie parties, places and figures together."""

from __future__ import annotations

from pipeline.language.base import Section


class LinkWords(Section):
    """Function words, in lower case, elided forms with their apostrophe.

    determiners      stand between a preposition and its noun
    genitives        tie an owner to what stands before it
    prepositions     bar a party behind them from being a grammatical subject
    locatives        make a place behind them the place of the statement
    respectively     say that two lists run in parallel
    comparisons      before a date make it the date of a comparison
    carriers         may stand before a figure that takes its unit from an earlier one
    counted          the unit that a name behind a figure counts ("12 300 Clio")
    plural_endings   betray a counted noun behind a figure
    market           with the adjective of a country names its market
    market_heads     nouns of a market or a part of it, behind a genitive ("marché des véhicules légers")
    market_adjectives  what qualifies them behind, beside the adjectives of countries
    market_genitives   tie such a noun to the one before it, with or without a determiner
    levels           before a figure make it a level reached rather than a change
    conjunctions     join the members of an enumeration; `joiner` links the last two of a joint name
    possessive_relatives  open a clause whose subject belongs to what stands before them
    object_relatives  open a clause whose object stands right before them
    relatives        open a clause whose subject stands right before them
    worldwide        phrases for the whole world; `world` is the name of that place
    questions        marks that end a question
    """

    determiners: frozenset[str]
    genitives: frozenset[str]
    prepositions: frozenset[str]
    locatives: frozenset[str]
    respectively: frozenset[str]
    comparisons: tuple[str, ...]
    carriers: frozenset[str]
    counted: str
    plural_endings: tuple[str, ...]
    market: str
    market_heads: frozenset[str]
    market_adjectives: frozenset[str]
    market_genitives: frozenset[str]
    levels: frozenset[str]
    conjunctions: frozenset[str]
    joiner: str
    relatives: frozenset[str]
    object_relatives: frozenset[str]
    possessive_relatives: frozenset[str]
    worldwide: tuple[str, ...]
    world: str
    questions: tuple[str, ...] = ()
