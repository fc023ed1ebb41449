"""The [numbers] and [quantities] sections of a pack.

Two marks are allowed inside a phrase: "(s)" stands for an optional ending, "~" for one of `verb_endings`.
Phrases are in lower case; apostrophes are '.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pipeline.language.base import Section

DecimalMark = Literal[",", "."]


class CompoundWords(Section):
    """How numbers are written in one word. `joiners` may stand between the parts ("zweiundzwanzig"); `ones_first`
    where the ones stand before the tens, a joiner between them; `endings` add a part of one ("einhalb" = "0.5");
    `words` are numbers that no rule makes ("anderthalb" = "1.5").
    """

    joiners: tuple[str, ...] = ()
    ones_first: bool = False
    endings: dict[str, str] = Field(default_factory=dict)
    words: dict[str, str] = Field(default_factory=dict)


class NumberWords(Section):
    """Words of figures, and the `decimal_mark` of digits. `other_marks` are words of countries where comma and full
    stop change places; with them the figures of a text choose its mark (`pipeline/detect/marks.py`).

    `atoms`: words, or pairs of words, that stand for a number below 100; `rooms`: how much may be added
    behind an atom where it is not the usual 10 behind a multiple of ten. `hundreds` multiply a number
    below 100; those that do not stand alone (not in `bare_hundreds`) one from `hundreds_from` to below
    `hundreds_below`, or one in digits below 100 where `hundreds_behind_digits` ("3 hundred").
    `scales` multiply all that stands before, `collectives` are nouns of number
    ("dizaine"), those of `collectives_vague` and `vague_scales` stand for an unknown number of their kind
    where no number is before them. `joiner` may stand before one of `joined` and before a fraction, and behind a
    hundred before what a scale multiplies where `joiner_in_hundreds` ("one hundred and fifty thousand"); `of`
    links a noun of number to the next one. `closers` belong to a figure and hold words that look like
    another one. `minus` and `plus` stand before digits, `negative` before words too. `ambiguous` maps a word
    that is a number and an adjective to words that it follows as an adjective. `scale_signs` are written
    after digits and keep their case, `money_signs` between digits and a currency only; one of `loose_signs` is a unit
    where one of `measured` stands near ("4.2m long"). `opening` are atoms behind which only more may come ("a hundred",
    but not "two hundred a"). `compounds` is there where numbers are written in one word.
    `range_from` and `range_to` stand before the ends of a range, `change_to` before the new one of two figures.
    """

    decimal_mark: DecimalMark = ","
    other_marks: frozenset[str] = frozenset()
    compounds: CompoundWords | None = None
    atoms: dict[str, int]
    articles: frozenset[str]
    rooms: dict[str, int] = Field(default_factory=dict)
    hundreds: frozenset[str]
    bare_hundreds: frozenset[str]
    hundreds_from: int = 1
    hundreds_below: int = 100
    hundreds_behind_digits: bool = False
    scales: dict[str, int]
    bare_scales: frozenset[str]
    vague_scales: dict[str, int]
    definite: frozenset[str]
    scale_signs: dict[str, int]
    money_signs: dict[str, int] = Field(default_factory=dict)
    opening: frozenset[str] = frozenset()
    loose_signs: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()
    collectives: dict[str, int]
    collectives_vague: dict[str, int]
    joiner: str
    joiner_in_hundreds: bool = False
    joined: frozenset[str]
    alternatives: frozenset[str]
    of: frozenset[str]
    decimal: frozenset[str]
    fractions: dict[str, int]
    fraction_alone: frozenset[str]
    fraction_articles: frozenset[str]
    fraction_followers: frozenset[str]
    half_words: frozenset[str]
    ordinals: dict[str, int]
    ordinal_suffixes: frozenset[str]
    ordinal_plurals: frozenset[str]
    ratio: frozenset[str]
    minus: frozenset[str]
    negative: frozenset[str] = frozenset()
    plus: frozenset[str]
    sign_blockers: frozenset[str]
    range_between: dict[str, str]
    range_from: frozenset[str]
    range_to: frozenset[str]
    change_to: frozenset[str] = frozenset()
    change_verbs: tuple[str, ...]
    verb_endings: tuple[str, ...]
    closers: tuple[str, ...]
    ambiguous: dict[str, frozenset[str]]
    ambiguous_followers: frozenset[str]

    @model_validator(mode="after")
    def _check(self) -> NumberWords:
        strangers = (self.articles | self.joined | self.rooms.keys()) - self.atoms.keys()
        strangers |= (self.bare_scales - self.scales.keys()) | (self.ambiguous.keys() - self.atoms.keys())
        if strangers:
            raise ValueError(f"not among the atoms or scales: {', '.join(sorted(strangers))}")
        if unfit := {word for word in self.other_marks if not word.isalpha() or word != word.lower()}:
            raise ValueError(f"other_marks: not one word in lower case: {', '.join(sorted(unfit))}")
        return self


class FactorWords(Section):
    """Words that stand for a factor: stems with their endings, and whole phrases.

    `compared` are the words behind a number of times that make it a factor ("trois fois plus"), `less`
    those among them that make it a divisor. `changes` are phrases that stand for a change in per cent.
    """

    stems: dict[str, str]
    endings: tuple[str, ...]
    phrases: dict[str, str]
    changes: dict[str, str] = Field(default_factory=dict)
    compared: frozenset[str]
    less: frozenset[str]


class RankWords(Section):
    """Words of ranks: nouns that an ordinal ranks by itself, and nouns that need a scope behind them.

    `deeds` before an infinitive tell who did something in which turn ("le premier groupe européen à produire"), no
    rank. `superlatives` stand for the first rank; behind one of `verbs` an ordinal alone is a rank.
    """

    ordinals: dict[str, int]
    suffixes: frozenset[str]
    nouns: frozenset[str]
    scoped: frozenset[str]
    scopes: frozenset[str]
    deeds: frozenset[str] = frozenset()
    infinitive_endings: tuple[str, ...] = ()
    superlatives: tuple[str, ...] = ()
    verbs: frozenset[str] = frozenset()
    limit: int = Field(default=100, gt=0)


class QuantityWords(Section):
    """Words of units, counted nouns, rates and qualifiers.

    `units` maps a unit symbol to its words; `before` to words and symbols before the figure; `inverse_before` are those
    of a factor that divides. `price_qualifiers` are qualifiers before a price only. `bare_ranges` says that a range
    needs no word before it ("40% to 50%"). `subunits` maps the word of a hundredth of a currency. `articles` are words
    that stand for a number before the measures of `article_units`. `adjectival` are counted nouns that are adjectives
    where a noun stands before them, `cased` are units that a capital turns into something else. A word that ends in one
    of `unit_endings` is a word of that unit ("Neuwagen"); `hyphenated` where a hyphen may join figure, unit and a noun
    behind them ("80-kWh-Akku"), so that of such a word the last part counts. An ordinal behind one of `every` gives a
    share ("jedes vierte Auto"), a fraction behind one of `change_by` a change ("um ein Drittel"). `lower_adjectives`
    where a word with a capital is a noun, no adjective. `change_to` as in `NumberWords`.
    """

    verb_endings: tuple[str, ...]
    units: dict[str, tuple[str, ...]]
    before: dict[str, tuple[str, ...]]
    inverse_before: tuple[str, ...]
    articles: dict[str, str]
    article_units: frozenset[str]
    article_exceptions: frozenset[str]
    of: frozenset[str]
    share_of: frozenset[str]
    out_of: frozenset[str]
    out_of_endings: tuple[str, ...]
    bare_units: dict[str, str]
    adjectives: frozenset[str]
    adjective_endings: tuple[str, ...]
    not_adjectives: frozenset[str]
    adjectival: frozenset[str] = frozenset()
    cased: frozenset[str] = frozenset()
    unit_endings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    hyphenated: bool = False
    lower_adjectives: bool = False
    every: frozenset[str] = frozenset()
    change_by: frozenset[str] = frozenset()
    rates: dict[str, tuple[str, ...]]
    rate_free: frozenset[str]
    rate_stops: frozenset[str]
    qualifiers: dict[str, tuple[str, ...]]
    price_qualifiers: dict[str, tuple[str, ...]]
    measure_qualifiers: dict[str, tuple[str, ...]]
    count_qualifiers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    qualifiers_after: dict[str, tuple[str, ...]]
    fillers: frozenset[str]
    lists: frozenset[str]
    list_ends: frozenset[str]
    conversions: frozenset[str]
    between: dict[str, str]
    range_from: frozenset[str]
    range_to: frozenset[str]
    change_to: frozenset[str] = frozenset()
    bare_ranges: bool = False
    change_verbs: tuple[str, ...]
    clock: frozenset[str]
    run_up: frozenset[str]
    subunits: frozenset[str]
    factors: FactorWords
    ranks: RankWords
