"""Articles in blocks and sentences: the table, and what holds of every text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import params

from pipeline import text as views
from pipeline.language import load_pack
from pipeline.schema import Article, Document
from pipeline.segment import segment

_PIECES = ["Renault", "vend", ".", " ", "\n", "\n\n", "?", "…", "«", "»", "M.", "12.500", "é", "\u00a0", "(", "’"]


def _segment(text: str, lang: str = "fr") -> Document:
    return segment(Article("a", text), load_pack(lang).segment)


def _shown(doc: Document) -> Iterator[str]:
    block = 0
    for sentence in doc.sentences:
        if sentence.block != block:
            block = sentence.block
            yield "--"
        yield ("# " if sentence.heading else "") + doc.text[sentence.start : sentence.end]


@pytest.mark.parametrize(("lang", "case"), params("segment", lambda case: case["about"]))
def test_table(lang: str, case: dict[str, Any]) -> None:
    assert list(_shown(_segment(case["text"], lang))) == case["sentences"]


@pytest.mark.parametrize(("lang", "case"), params("segment", lambda case: case["about"]))
def test_a_paragraph_before_changes_nothing(lang: str, case: dict[str, Any]) -> None:
    shown = list(_shown(_segment(f"Il pleut.\n\n{case['text']}", lang)))
    assert shown == ["Il pleut.", *(["--", *case["sentences"]] if case["sentences"] else [])]


def test_views_and_words_of_a_document() -> None:
    doc = _segment("L’ID.3 à\u00a020\u202f000\u00a0€.")
    assert doc.plain == "L'ID.3 à 20 000 €."
    assert doc.lower == "l'id.3 à 20 000 €."
    assert [doc.plain[a:b] for a, b in doc.words] == ["L", "ID", "3", "à", "20", "000"]
    assert doc.span(9, 15).text == "20\u202f000"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=30).map("".join))
def test_sentences_are_apart_in_order_and_hold_all_that_is_written(text: str) -> None:
    doc = _segment(text)
    assert len(doc.plain) == len(doc.lower) == len(text)
    for left, right in pairwise(doc.sentences):
        assert left.end <= right.start
        assert right.block - left.block in (0, 1)
    for sentence in doc.sentences:
        inside = doc.plain[sentence.start : sentence.end]
        assert inside == inside.strip() != ""
    outside = [
        doc.plain[a:b]
        for a, b in pairwise([0, *(o for s in doc.sentences for o in (s.start, s.end)), len(text)])
    ][::2]
    assert "".join(outside).strip() == ""


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_a_heading_is_a_block_of_its_own(text: str) -> None:
    doc = _segment(text)
    headings = {s.block for s in doc.sentences if s.heading}
    assert all(sum(s.block == block for s in doc.sentences) == 1 for block in headings)


def test_unaccent() -> None:
    assert views.unaccent("Citroën ë-C3, Škoda, Čezeta, Hœnheim") == "Citroen e-C3, Skoda, Cezeta, Hœnheim"


@pytest.mark.parametrize(
    ("lang", "text", "blank"),
    [
        ("fr", "Il a dit : « We sold 45,000 electric cars in September, which is a record for our brand. »", True),
        ("en", "“Wir haben im September 45.000 Elektroautos verkauft, ein Rekord für unsere Marke”, he said.", True),
        ("fr", "Il a dit : « Nous avons vendu 45 000 voitures en septembre, un record pour notre marque. »", False),
        ("en", 'He said: "We sold 45,000 electric cars in September, which is a record for our brand."', False),
        ("fr", "La devise « Vorsprung durch Technik » reste.", False),  # too short to mislead
    ],
)
def test_long_quotations_in_another_language_are_blank_to_detectors(lang: str, text: str, blank: bool) -> None:
    doc = segment(Article("a", text, lang=lang), load_pack(lang).segment)
    assert len(doc.plain) == len(text)
    assert ("45" not in doc.plain and "45" in text) is blank
