"""The [link] section of a pack: small words that tie parties, places and figures together."""

from __future__ import annotations

from pydantic import Field

from pipeline.language.base import Section


class LinkWords(Section):
    """Function words, in lower case, elided forms with their apostrophe.

    determiners      stand between a preposition and its noun
    topics           open a sentence by saying of whom it speaks ("pour X, …")
    fronting         open a sentence with what its subject has, before it ("avec 65 501 ventes, X …")
    genitives        tie an owner to what stands before it
    prepositions     bar a party behind them from being a grammatical subject
    locatives        make a place behind them the place of the statement
    respectively     say that two lists run in parallel
    comparisons      before a date make it the date of a comparison
    bases            open a date that is the base of a change of so many per cent told before it ("up 6% from April")
    than             do so where one of `comparatives` stands a few words before ("de plus que sur")
    closers          before the end of a month make it the end of a running total ("à fin juin")
    balances         before a day make it one at which stock is taken ("au 31 octobre")
    dated            participles that take the date behind them, of an announcement or a founding, unless one of
                     `auxiliaries` makes them the verb
    made             participles that say when vehicles were made, of the date behind them
    perfect          auxiliaries that make a participle behind them an act done, one of `adverbs` between them or not
    echoes           in a date make it one that another period is compared with ("un an plus tôt")
    carriers         may stand before a figure that takes its unit from an earlier one
    parts            tie to a share, without an article, what is the part and not the whole ("8 % de diesels")
    points           nouns of a change of a share ("+2,9 points")
    partitives       pronouns that stand for a noun counted before ("elle en compte 130")
    counted          the unit that a name behind a figure counts ("12 300 Clio")
    sorts            units of sorts of product, of which a large number counts products ("426 039 modèles")
    plural_endings   betray a counted noun behind a figure
    market           with the adjective of a country names its market
    feminines        endings of masculine adjectives with those of their feminine ("" and "e"); of the forms of a
                     country's adjective, the masculine names its market
    market_heads     nouns of a market or a part of it, behind a genitive ("marché des véhicules légers")
    market_adjectives  what qualifies them behind, beside the adjectives of countries
    market_genitives   tie such a noun to the one before it, with or without a determiner
    levels           before a figure make it a level reached rather than a change
    reaching         before a bare figure, in a sentence that speaks of a volume, make it the level that this reaches
    volumes          units in which such volumes are counted
    conjunctions     join the members of an enumeration; `joiner` links the last two of a joint name
    object_relatives  open a clause whose object stands right before them
    relatives        open a clause whose subject stands right before them
    participles      do so without a verb of their own ("une Zoe, vendue 30 000 euros")
    demonstratives   pronouns that stand for a noun of the clause before ("tandis que celles de X …")
    facets           nouns for a product under one of its aspects ("la troisième génération de la Clio")
    having           stand between a product and what it is fitted with
    openers          words behind which a clause may begin
    possessive_relatives  open a clause about what the party right before them has ("X, dont la batterie …")
    genders          articles and pronouns of one gender, with its name
    clefts           stand before a party that the clause is about, one of `relatives` behind it ("c'est X qui …")
    possessives      make the whole of a share a maker's own ("26 % de ses ventes")
    worldwide        phrases for the whole world; `world` is the name of that place
    questions        marks that end a question
    dependents       nouns that a hyphen joins to the name of a party, for one that belongs to it ("die VW-Tochter")
    free_order       the verb may stand before its subject or behind its object ("stellt X den Y vor"), so that a party
                     within or behind the phrase of an event may be what it speaks of
    adjectives_before  what qualifies a market stands before it ("der deutsche Automarkt")
    """

    dependents: frozenset[str] = frozenset()
    free_order: bool = False
    adjectives_before: bool = False

    determiners: frozenset[str]
    topics: frozenset[str]
    fronting: frozenset[str] = frozenset()
    genitives: frozenset[str]
    prepositions: frozenset[str]
    locatives: frozenset[str]
    respectively: frozenset[str]
    comparisons: tuple[str, ...]
    bases: tuple[str, ...] = ()
    than: tuple[str, ...]
    comparatives: frozenset[str]
    closers: frozenset[str]
    balances: tuple[str, ...] = ()
    dated: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    perfect: frozenset[str] = frozenset()
    adverbs: frozenset[str] = frozenset()
    echoes: tuple[str, ...]
    carriers: frozenset[str]
    parts: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    partitives: frozenset[str] = frozenset()
    counted: str
    sorts: frozenset[str] = frozenset()
    plural_endings: tuple[str, ...]
    market: str
    feminines: dict[str, str] = Field(default_factory=dict)
    market_heads: frozenset[str]
    market_adjectives: frozenset[str]
    market_genitives: frozenset[str]
    levels: frozenset[str]
    reaching: frozenset[str] = frozenset()
    volumes: frozenset[str] = frozenset()
    conjunctions: frozenset[str]
    joiner: str
    relatives: frozenset[str]
    object_relatives: frozenset[str]
    participles: frozenset[str] = frozenset()
    demonstratives: frozenset[str] = frozenset()
    facets: frozenset[str] = frozenset()
    having: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    possessive_relatives: frozenset[str] = frozenset()
    possessives: frozenset[str] = frozenset()
    genders: dict[str, str] = Field(default_factory=dict)
    clefts: tuple[str, ...] = ()
    worldwide: tuple[str, ...]
    world: str
    questions: tuple[str, ...] = ()
