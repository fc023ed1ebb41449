"""Figures with units: the table of expressions, spans, and properties over any text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import framed, params

from pipeline.detect.numbers import detect_numbers
from pipeline.detect.quantities import detect_quantities, lend_units
from pipeline.language import load_pack
from pipeline.language.number_words import QuantityWords
from pipeline.schema import Article, Qualifier, QuantityMention
from pipeline.segment import segment
from pipeline.units import load_units

PACK = load_pack("fr")


def quantities(text: str, lang: str = "fr") -> tuple[QuantityMention, ...]:
    pack = load_pack(lang)
    doc = segment(Article("a", text), pack.segment)
    return detect_quantities(doc, detect_numbers(doc, pack.numbers), pack.quantities, load_units())


def plain(value: Decimal) -> str:
    return f"{round(value, 6).normalize():f}"


def figure(mention: QuantityMention) -> str:
    if mention.low is not None and mention.high is not None:
        return f"{plain(mention.low)}..{plain(mention.high)}"
    assert mention.value is not None
    return plain(mention.value)


def show(mention: QuantityMention) -> str:
    parts = [figure(mention), mention.unit]
    if mention.qualifier not in (Qualifier.EXACT, Qualifier.BETWEEN):
        parts.append(mention.qualifier.value)
    if mention.low is not None:
        assert mention.qualifier is Qualifier.BETWEEN
    parts += [mention.per] if mention.per else []
    parts += ["signed"] if mention.signed else []
    parts += ["list"] if mention.list_id is not None else []
    if mention.converted:
        parts += [f"={figure(mention.converted)}", mention.converted.unit]
    return " ".join(parts)


@pytest.mark.parametrize(("lang", "case"), params("quantities", lambda case: case[0]))
def test_table(lang: str, case: list[str]) -> None:
    text, expected = case
    assert " | ".join(show(m) for m in quantities(text, lang)) == expected


@pytest.mark.parametrize(("lang", "case"), params("quantities", lambda case: case[0]))
def test_a_sentence_around_changes_nothing(lang: str, case: list[str]) -> None:
    text, expected = case
    assert " | ".join(show(m) for m in quantities(framed("quantities", lang, text), lang)) == expected


def test_span_runs_from_the_qualifier_to_the_unit_and_figure_is_the_number() -> None:
    (found,) = quantities("On en livre plus de 20 000 véhicules par an.")
    assert (found.span.text, found.figure.text, found.noun) == (
        "plus de 20 000 véhicules",
        "20 000",
        "véhicules",
    )


def test_members_of_one_list_share_an_id_and_other_lists_have_their_own() -> None:
    found = quantities("Comptez 52 ou 64 kWh, pour 150 et 204 ch.")
    ids = [m.list_id for m in found]
    assert ids[0] == ids[1] != ids[2] == ids[3]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [("jusqu'à 555 pour l'autre", "at_most"), ("5 900 environ", "about"), ("à partir de 35.800", "at_least")],
)
def test_a_figure_that_borrows_its_unit_keeps_its_qualifier(text: str, qualifier: str) -> None:
    doc = segment(Article("a", text), PACK.segment)
    (number,) = detect_numbers(doc, PACK.numbers)
    (found,) = lend_units(doc, [(number, "EUR")], PACK.quantities, load_units())
    assert (found.unit, found.value, found.qualifier.value) == ("EUR", number.value, qualifier)


@pytest.mark.parametrize("tail", [" h", " voitures", " 1/4", " km/h", "", " € 50", " sur 3", " fois plus"])
@pytest.mark.parametrize("head", ["", "numéro ", "divisé par ", "de 3 à ", "-"])
def test_a_figure_of_any_length_is_read(head: str, tail: str) -> None:
    quantities(f"{head}{'9' * 5000}{tail}")


def test_empty_lines_part_a_figure_from_what_follows() -> None:
    assert quantities("La Renault 5\n\nvoitures de demain") == ()


def test_unknown_unit_in_a_pack_is_an_error_that_names_it() -> None:
    words = PACK.quantities.model_dump()
    words["units"]["parsec"] = ("parsec(s)",)
    doc = segment(Article("a", "3 parsecs"), PACK.segment)
    with pytest.raises(ValueError, match="parsec"):
        detect_quantities(doc, (), QuantityWords.model_validate(words), load_units())


UNIT_SAMPLES = [
    ("€", "EUR"),
    ("euros", "EUR"),
    ("véhicules", "vehicle"),
    ("km", "km"),
    ("kWh", "kWh"),
    ("ch", "ch"),
]


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 10**7), st.sampled_from(UNIT_SAMPLES), st.sampled_from([" ", "\u00a0", "\u202f", "."]))
def test_every_figure_keeps_its_value_and_unit(value: int, unit: tuple[str, str], separator: str) -> None:
    digits = f"{value:,}".replace(",", separator)
    (found,) = quantities(f"On parle de {digits} {unit[0]} en tout.")
    assert (found.value, found.unit) == (value, unit[1])


WORDS = (
    "de à entre et environ plus 12 3,5 1.200 deux un cent millions euros € km ch % (soit ) , par an sur\n\n"
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split(" ")), max_size=25).map(" ".join))
def test_any_text_gives_sorted_spans_that_hold_their_figures(text: str) -> None:
    found = quantities(text)
    assert list(found) == sorted(found, key=lambda q: (q.span.start, q.span.end))
    assert all(m.span.contains(m.figure) for m in found)
