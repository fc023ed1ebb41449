"""Figures: the table of expressions, blocked spans, and agreement with text2num on the numbers it knows."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import framed, params
from pydantic import ValidationError
from text_to_num import text2num

from pipeline.detect.figures import read_figure
from pipeline.detect.numbers import detect_numbers
from pipeline.language import load_pack
from pipeline.language.number_words import NumberWords
from pipeline.schema import Article, Document, NumberMention, Qualifier, Span
from pipeline.segment import segment

PACK = load_pack("fr")
MARKS = {Qualifier.MORE_THAN: ">", Qualifier.ABOUT: "~"}
UNITS = [
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
]
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def document(text: str, lang: str = "fr") -> Document:
    return segment(Article("a", text), load_pack(lang).segment)


def numbers(text: str, blocked: tuple[Span, ...] = (), lang: str = "fr") -> tuple[NumberMention, ...]:
    return detect_numbers(document(text, lang), load_pack(lang).numbers, blocked)


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def show(mention: NumberMention) -> str:
    if mention.low is not None and mention.high is not None:
        return f"{plain(mention.low)}..{plain(mention.high)}"
    assert mention.value is not None
    mark = MARKS[mention.qualifier] if mention.qualifier else ""
    return mark + plain(mention.value)


@pytest.mark.parametrize(("lang", "case"), params("numbers", lambda case: case[0]))
def test_table(lang: str, case: list[str]) -> None:
    text, expected = case
    assert " | ".join(show(m) for m in numbers(text, lang=lang)) == expected


@pytest.mark.parametrize(("lang", "case"), params("numbers", lambda case: case[0]))
def test_a_sentence_around_changes_nothing(lang: str, case: list[str]) -> None:
    text, expected = case
    if text[0] in "+−-":
        pytest.skip("a sign needs its own place")
    found = numbers(framed("numbers", lang, text), lang=lang)
    assert " | ".join(show(m) for m in found) == expected


def test_blocked_spans_are_not_read() -> None:
    text = "En 2024, la 208 coûte 20 000 euros."
    blocked = tuple(Span.cut(text, text.index(w), text.index(w) + len(w)) for w in ("2024", "208"))
    assert [m.span.text for m in numbers(text, blocked)] == ["20 000"]


def test_a_figure_stops_before_a_blocked_span() -> None:
    text = "la 5 008 et la 3"
    assert [m.span.text for m in numbers(text, (Span.cut(text, 5, 8),))] == ["5", "3"]


def spell(value: int, joiner: str = "-") -> str:
    """French for 0 ≤ value < 10^12, in the spelling of France."""
    if value < 17:
        return UNITS[value]
    if value < 20:
        return f"dix{joiner}{UNITS[value - 10]}"
    if value < 100:
        return _below_hundred(value, joiner)
    if value < 1000:
        head = "cent" if value < 200 else f"{UNITS[value // 100]} cent"
        rest = value % 100
        return f"{head} {spell(rest, joiner)}" if rest else head + ("s" if value >= 200 else "")
    for scale, one, many in ((10**9, "un milliard", "milliards"), (10**6, "un million", "millions")):
        if value >= scale:
            head = one if value // scale == 1 else f"{spell(value // scale, joiner)} {many}"
            return f"{head} {spell(value % scale, joiner)}" if value % scale else head
    count = value // 1000
    head = spell(count, joiner)
    head = "mille" if count == 1 else f"{head.removesuffix('s') if count % 100 in (0, 80) else head} mille"
    return f"{head} {spell(value % 1000, joiner)}" if value % 1000 else head


def _below_hundred(value: int, joiner: str) -> str:
    if value >= 80:
        rest = value - 80
        return f"quatre{joiner}vingt" + (f"{joiner}{spell(rest, joiner)}" if rest else "s")
    ten = 60 if value >= 60 else value // 10 * 10
    rest = value - ten
    if not rest:
        return TENS[ten]
    return f"{TENS[ten]} et {UNITS[rest]}" if rest in (1, 11) else f"{TENS[ten]}{joiner}{spell(rest, joiner)}"


@settings(max_examples=300, deadline=None)
@given(st.integers(10, 10**12 - 1), st.sampled_from(["-", " "]))
def test_spelled_numbers_are_read_as_text2num_reads_them(value: int, joiner: str) -> None:
    text = spell(value, joiner)
    assert text2num(text, "fr") == value
    found = numbers(f"Il en reste {text}.")
    assert [m.value for m in found] == [value]
    assert found[0].span.text == text


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**10), st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", ".", "'", ""]))
def test_digits_are_read_with_every_separator(value: int, separator: str) -> None:
    text = f"{value:,}".replace(",", separator)
    assert [m.value for m in numbers(f"Il en reste {text} aujourd'hui")] == [value]


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="un deux cent mille millions et demi-quart 0123456789.,'’%€-–()/\n\u00a0", max_size=60)
)
def test_any_text_gives_sorted_spans_that_fit_it(text: str) -> None:
    found = numbers(text)
    assert all(m.span.text == text[m.span.start : m.span.end] for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "comma", "point"),
    [
        ("12,500", "12.500", "12500"),
        ("12.500", "12500", "12.500"),
        ("1,234.5", "1234.5", "1234.5"),
        ("1,234.56", "1234.56", "1234.56"),
        ("1.234,56", "1234.56", "1234.56"),
        ("1,234,567", "1234567", "1234567"),
        ("1.234.567", "1234567", "1234567"),
        ("1,23,456", "1.23", "123456"),
        ("12 500,5", "12500.5", "12500.5"),
        ("2.5", "2.5", "2.5"),
        ("2,5", "2.5", "2.5"),
    ],
)
def test_the_decimal_mark_tells_groups_from_decimals(text: str, comma: str, point: str) -> None:
    for mark, value in ((",", comma), (".", point)):
        figure = read_figure(text, 0, len(text), "." if mark == "." else ",")
        assert figure is not None
        assert str(figure.value) == value, mark


@pytest.mark.parametrize("word", ["México", "puerto rico", "", "7"])
def test_words_of_other_marks_are_single_and_in_lower_case(word: str) -> None:
    section = load_pack("es").numbers.model_dump() | {"other_marks": [word]}
    with pytest.raises(ValidationError, match="other_marks"):
        NumberWords.model_validate(section)


def test_a_pack_without_other_marks_keeps_its_own() -> None:
    assert numbers("12,500 voitures, 3.5 % de plus, 1,234,567")[0].value == Decimal("12.5")
