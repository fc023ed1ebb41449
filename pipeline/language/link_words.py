"""The [link] section of a pack: small words that tie parties, places and figures together."""

from __future__ import annotations

from pipeline.language.base import Section


class LinkWords(Section):
    """Function words, in lower case, elided forms with their apostrophe.

    `genitives` tie an owner to what stands before it, `prepositions` bar a party behind them from being a grammatical
    subject, `locatives` make a place behind them the place of the statement, `respectively` says that two lists
    run in parallel, `comparisons` before a date make it the date of a comparison, `carriers` may stand before a
    figure that takes its unit from an earlier one, `counted` is the unit
    that a name behind a figure counts, `plural_endings` betray a counted noun, `market` with the adjective of a country names its market, `levels` before a figure make it a level
    reached rather than a change, `joiner` links the last two of a joint name, `worldwide` are phrases for the whole world and `world` the
    name of that place.
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
    levels: frozenset[str]
    conjunctions: frozenset[str]
    joiner: str
    worldwide: tuple[str, ...]
    world: str
    questions: tuple[str, ...] = ()
