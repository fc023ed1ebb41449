"""Names in texts: the table of cases, and what holds of every text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import params

from pipeline.detect.entities import INNER, detect_entities
from pipeline.gazetteer import load_gazetteer
from pipeline.language.pack import load_pack
from pipeline.schema import Article, EntityMention
from pipeline.segment import segment

_PIECES = [
    "Renault", " ", "208", "la", "Golf", "M. Dupont", "(ABC)", "-", "d'", "’", "É", "\n\n", ".", "5 %",
    "Clio RS", "M", "L'Île-d'", "Jean ", "(59)", "Tours",
]  # fmt: skip


def _detect(text: str, lang: str = "fr") -> tuple[EntityMention, ...]:
    pack = load_pack(lang)
    return detect_entities(segment(Article("a", text, lang=lang), pack.segment), pack.entities, load_gazetteer())


def _shown(mention: EntityMention) -> str:
    return f"{mention.span.text} = {mention.name}, {mention.kind}" + ("" if mention.known else " ?")


@pytest.mark.parametrize(("lang", "case"), params("entities", lambda case: case["about"]))
def test_table(lang: str, case: dict[str, Any]) -> None:
    assert [_shown(m) for m in _detect(case["text"], lang)] == case["names"]


def test_models_carry_brand_country_and_classes() -> None:
    (model,) = _detect("La Renault Clio plaît.")
    assert (model.name, model.parent, model.country) == ("Renault Clio", "Renault", "FR")
    assert model.classes


def test_names_inside_a_nickname_are_marked() -> None:
    mentions = _detect("Tesla attend. Le constructeur de Palo Alto aussi.")
    assert [(m.name, INNER in m.classes) for m in mentions] == [
        ("Tesla", False),
        ("Tesla", False),
        ("Palo Alto", True),
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=12).map("".join))
def test_mentions_are_sorted_slices_without_overlaps(text: str) -> None:
    mentions = _detect(text)
    for mention in mentions:
        assert text[mention.span.start : mention.span.end] == mention.span.text
        assert mention.name
    for left, right in pairwise(mentions):
        assert left.span.end <= right.span.start
