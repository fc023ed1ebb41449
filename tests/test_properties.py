"""What holds of the extractor on every text, sensible or not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from decimal import Decimal

import jsonschema_rs
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline import text as views
from pipeline.emit import fact_schema, json_line
from pipeline.extract import Extractor
from pipeline.schema import Article, Extraction, Fact, Mentions, Published, QuantityMention, Span

EXTRACTOR = Extractor.load("fr")
SCHEMA = jsonschema_rs.validator_for(fact_schema(), validate_formats=True)
UNRELATED = "Il pleuvait sur la ville et personne ne songeait à sortir.\n\n"

_PIECES = [
    "Renault", "La Peugeot 208", "Le groupe chinois", "Xiaomi", "elle", "Lei Jun", "en France", "à Wolfsburg",
    "20 000", "12.500", "1,2 million", "de 10 à 80 %", "35\u202f000 €", "299, 389 et 578 ch", "(27 500 euros)", "-2 %",
    "véhicules", "km d'autonomie", "par an", "plus de", "entre", "et", "environ", "au lieu de", "contre",
    "a livré", "a vendu", "investira", "démarre à", "supprimerait", "recule de", "rachète", "lance", "n’a pas",
    "en mars", "au premier semestre 2024", "d'ici à 2030", "depuis janvier", "hier", "selon Reuters", "usine",
    ".", ",", " : ", "\n\n", "\n", "?", "« ", " »", "(", ")", "…", "respectivement",
]  # fmt: skip
_ODD = [
    "\U0001f697", "👨‍👩‍👧", "e\u0301", "\u0328\u0323", "\u202e", "\u2066", "\ufeff", "\u0000", "\u00ad", "İ", "ß", "ﬁ",
    "𝟚𝟘", "٣", "½", "²", "①", "Ⅷ", "\u2028", "\x85", "\r\n",
]  # fmt: skip

press = st.lists(st.sampled_from(_PIECES), max_size=40).map(" ".join)
mixed = st.lists(st.sampled_from(_PIECES) | st.sampled_from(_ODD) | st.text(max_size=6), max_size=30).map("".join)
dates = st.none() | st.sampled_from(["2024", "2024-10", "2024-02-29", "1999-12-31"])
moderate = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _extract(text: str, published: str | None = "2024-10") -> Extraction:
    anchor = Published(published) if published else None
    return EXTRACTOR.extract(Article("a", text, anchor))


def _located(value: object) -> Iterator[Span]:
    """All spans in a fact or a mention, at any depth."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, Fact):
        for name in type(value).model_fields:
            yield from _located(getattr(value, name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _located(each)
    else:
        span = getattr(value, "span", None)
        yield from [span] if isinstance(span, Span) else []


def _check(text: str, found: Extraction) -> None:
    m = found.mentions
    mentions = (m.dates, m.numbers, m.quantities, m.entities, m.cues)
    for span in _located([*found.facts, *found.rejections, *mentions]):
        assert text[span.start : span.end] == span.text
    for fact in found.facts:
        SCHEMA.validate(json.loads(json_line(fact)))
        assert Fact.model_validate_json(json_line(fact)).id == fact.id
        assert fact.subject is not None
    ids = [fact.id for fact in found.facts]
    assert len(ids) == len(set(ids))
    assert set(found.traces) == set(ids)


@moderate
@given(st.text(max_size=300), dates)
@example("\ud800", None)
@example("𝟚𝟘 km", "2024")
@example("100 g de CO²e au 1²er", "2024")
def test_any_text_is_extracted(text: str, published: str | None) -> None:
    _check(text, _extract(text, published))


@moderate
@given(mixed, dates)
def test_press_words_among_odd_characters(text: str, published: str | None) -> None:
    _check(text, _extract(text, published))


@moderate
@given(press)
def test_press_words_in_any_order(text: str) -> None:
    found = _extract(text)
    _check(text, found)
    assert _extract(text) == found


Figure = tuple[int, Decimal | None, Decimal | None, Decimal | None, str, str]


def _figures(quantities: tuple[QuantityMention, ...], offset: int) -> list[Figure]:
    return [
        (q.span.start - offset, q.value, q.low, q.high, q.unit, q.qualifier.value) for q in quantities
    ]


@moderate
@given(press | mixed)
def test_a_paragraph_before_changes_no_figure(text: str) -> None:
    alone = EXTRACTOR.detect(Article("a", text, Published("2024-10"))).quantities
    after = EXTRACTOR.detect(Article("a", UNRELATED + text, Published("2024-10"))).quantities
    assert _figures(after, len(UNRELATED)) == _figures(alone, 0)


Found = list[tuple[object, ...]]


def _dates_and_numbers(found: Mentions, offset: int) -> Found:
    dates: Found = [(d.span.start - offset, d.span.text, d.value, d.mod) for d in found.dates]
    return dates + [(n.span.start - offset, n.span.text, n.value) for n in found.numbers]


def _entities(found: Mentions, offset: int) -> Found:
    return [(e.span.start - offset, e.span.text, e.name, e.kind) for e in found.entities]


@moderate
@given(press | mixed)
def test_a_paragraph_before_changes_no_date_number_or_name(text: str) -> None:
    alone = EXTRACTOR.detect(Article("a", text, Published("2024-10")))
    after = EXTRACTOR.detect(Article("a", UNRELATED + text, Published("2024-10")))
    assert _dates_and_numbers(after, len(UNRELATED)) == _dates_and_numbers(alone, 0)
    assert _entities(after, len(UNRELATED)) == _entities(alone, 0)


@moderate
@given(press)
def test_figures_of_facts_are_figures_of_the_text(text: str) -> None:
    found = _extract(text)
    figures = {q.span for q in found.mentions.quantities}
    lent = {f.quantity.span for f in found.facts if f.quantity and f.quantity.span} - figures
    numbers = [n.span for n in found.mentions.numbers]
    assert all(any(span is not None and span.contains(n) for n in numbers) for span in lent)


@settings(max_examples=300, deadline=None)
@given(st.text())
@example("İ")
def test_views_keep_the_length(text: str) -> None:
    assert len(views.plain(text)) == len(text) == len(views.lower(text))


def test_views_keep_the_length_of_every_character() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert len(views.plain(every)) == len(every) == len(views.lower(every))


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_the_plain_view_is_stable_and_keeps_line_ends(text: str) -> None:
    plain = views.plain(text)
    assert views.plain(plain) == plain
    assert [i for i, c in enumerate(plain) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_pieces_are_what_the_pattern_finds_one_after_the_other(text: str) -> None:
    one_by_one = [(m.group(), m.start(), m.end()) for m in views.WORD.finditer(text)]
    assert list(zip(*views.pieces(views.WORD, text), strict=True)) == one_by_one


def test_lower_case_moves_no_edge_of_a_word() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert views.pieces(views.WORD, views.lower(every))[1:] == views.pieces(views.WORD, every)[1:]
