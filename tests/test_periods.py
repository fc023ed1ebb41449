"""The options among which the period of a figure is chosen, with their features."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.detect.mentions import detect
from pipeline.extract import Extractor
from pipeline.link.modality import ModalityFinder
from pipeline.link.periods import Figure, PeriodFinder, PeriodOption
from pipeline.link.scene import Scene
from pipeline.schema import Article, Published
from pipeline.segment import segment

TEXT = """Les ventes reculent en avril

Selon les chiffres publiés ce mardi, Volkswagen a livré 12 300 voitures, contre 15 000 en avril 2019."""


@pytest.fixture(scope="module")
def finder() -> PeriodFinder:
    extractor = Extractor.load("fr")
    knowledge = extractor.knowledge
    document = segment(Article("a", TEXT, Published("2020-05-19")), knowledge.pack.segment)
    mentions = detect(document, knowledge.pack, extractor.gazetteer, knowledge.units)
    scene, words = Scene(document, mentions), knowledge.pack.link
    return PeriodFinder(scene, words, ModalityFinder(scene, words))


def _figure(finder: PeriodFinder) -> Figure:
    quantity = next(q for q in finder.scene.mentions.quantities if q.value == 12300)
    return Figure([quantity.figure], 1, inherits=True)


def _values(options: list[PeriodOption]) -> list[tuple[str, str | None]]:
    return [(option.origin, option.date.value if option.date else None) for option in options]


def test_the_options_are_the_dates_of_the_sentence_what_governs_it_and_none(finder: PeriodFinder) -> None:
    found = _values(finder.options(_figure(finder)))
    assert found == [("sentence", "2020-05-19"), ("title", "2020-04"), ("lead", "2020-04"), ("none", None)]


def test_a_figure_that_inherits_nothing_has_only_its_sentence(finder: PeriodFinder) -> None:
    found = _values(finder.options(replace(_figure(finder), inherits=False)))
    assert found == [("sentence", "2020-05-19"), ("none", None)]


def test_the_day_of_the_announcement_is_marked_and_the_title_chosen(finder: PeriodFinder) -> None:
    figure = _figure(finder)
    announced = finder.options(figure)[0]
    assert announced.features["fresh"] == announced.features["day"] == 1.0
    period = finder.find(figure)
    assert period is not None
    assert period.value == "2020-04"


def test_the_cost_of_an_option_grows_with_the_distance(finder: PeriodFinder) -> None:
    near, *_ = finder.options(_figure(finder))
    assert near.cost > near.features["distance"] > 0
