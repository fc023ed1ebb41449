"""The report's figures in words, its scales, and what its charts draw."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from short_facts import fact

from pipeline.page import json_block
from pipeline.report import scales
from pipeline.report.chart_table import ChartSettings, load_chart_table, parse_chart_table
from pipeline.report.chart_views import chart_views
from pipeline.report.drawing import candidates
from pipeline.report.revisions import draw_revisions
from pipeline.report.spans import draw_spans
from pipeline.report.spread import draw_spread
from pipeline.report.texts import load_texts
from pipeline.report.wording import Wording
from pipeline.schema import Fact, Modality, Period, Quantity

FR, EN = (Wording(load_texts(), lang) for lang in ("fr", "en"))
TABLE = load_chart_table()
SPANS, PRICES, SITES, REVISIONS = TABLE.charts
NARROW, WIDE = "\u202f", "\xa0"


def plain(text: str) -> str:
    return text.replace(NARROW, " ").replace(WIDE, " ")


@pytest.mark.parametrize(
    ("quantity", "french", "english"),
    [
        ({"value": 2, "unit": "plant", "qualifier": "more_than"}, "plus de 2 usines", "more than 2 plants"),
        ({"value": 20000, "unit": "vehicle"}, "20 000 véhicules", "20,000 vehicles"),
        ({"value": 1, "unit": "plant"}, "1 usine", "1 plant"),
        ({"value": 10_000_000_000, "unit": "EUR", "qualifier": "nearly"}, "près de 10 Md €", "nearly €10B"),
        ({"value": Decimal("1234567.89"), "unit": "EUR"}, "1 234 567,89 €", "€1,234,567.89"),
        ({"value": 14990, "unit": "EUR"}, "14 990 €", "€14,990"),
        ({"value": Decimal("99.5"), "unit": "EUR"}, "99,50 €", "€99.50"),
        ({"low": 20, "high": 30, "unit": "km", "qualifier": "between"}, "20 à 30 km", "20 to 30 km"),
        ({"value": Decimal("13.4"), "unit": "GWh", "per": "P1Y"}, "13,4 GWh par an", "13.4 GWh a year"),
        ({"value": 3, "unit": "rank"}, "n° 3", "no. 3"),
        ({"value": Decimal("-2.5"), "unit": "%"}, "-2,5 %", "-2.5%"),
        ({"value": 5, "unit": "{parsec}", "per": "P3M"}, "5 {parsec}", "5 {parsec}"),
    ],
)
def test_figures_in_words(quantity: dict[str, Any], french: str, english: str) -> None:
    made = Quantity.model_validate(quantity)
    assert (plain(FR.figure(made)), plain(EN.figure(made))) == (french, english)


@given(st.decimals(min_value=Decimal("-1e13"), max_value=Decimal("1e13"), places=2))
def test_no_digit_of_an_amount_is_lost(value: Decimal) -> None:
    text = plain(EN.figure(Quantity(value=value, unit="EUR")))
    scale = {"K": 3, "M": 6, "B": 9, "T": 12}.get(text[-1], 0)
    number = Decimal(text.rstrip("KMBT").replace("€", "").replace(",", ""))
    assert number.scaleb(scale) == value


@pytest.mark.parametrize(
    ("value", "mod", "french", "english"),
    [
        ("2024", None, "2024", "2024"),
        ("2024", "START", "début 2024", "early 2024"),
        ("2024-10", None, "octobre 2024", "October 2024"),
        ("2024-10-03", None, "3 octobre 2024", "October 3, 2024"),
        ("2024-Q3", None, "T3 2024", "Q3 2024"),
        ("2024-H1", None, "S1 2024", "H1 2024"),
        ("2025-SU", None, "été 2025", "summer 2025"),
        ("2024-W05", None, "semaine 5 de 2024", "week 5 of 2024"),
        ("202", None, "années 2020", "2020s"),
        ("2021-01/2021-08", None, "janvier à août 2021", "January to August 2021"),
        ("2021-11/2022-02", None, "novembre 2021 à février 2022", "November 2021 to February 2022"),
        ("2024-99", None, "2024-99", "2024-99"),
        ("{0}/<b>", None, "{0} à <b>", "{0} to <b>"),
    ],
)
def test_periods_in_words(value: str, mod: Any, french: str, english: str) -> None:
    period = Period(value=value, mod=mod)
    assert (FR.period(period), EN.period(period)) == (french, english)


def test_open_periods_in_words() -> None:
    day = dt.date(2024, 1, 1)
    assert EN.period(Period(value="2024", start=day)) == "from 2024"
    assert EN.period(Period(value="2024", end=day)) == "until 2024"


@given(st.lists(st.floats(min_value=-1e12, max_value=1e12), min_size=1), st.booleans())
def test_an_axis_holds_its_values(values: list[float], spread: bool) -> None:
    scale = scales.spread(values, 0, 300) if spread else scales.linear(values, 0, 300)
    assert all(-0.11 <= scale.at(value) <= 300.11 for value in values)
    assert all(-0.11 <= scale.at(tick) <= 300.11 for tick in scale.ticks)
    assert len(scale.ticks) <= 14


@given(st.lists(st.dates(), min_size=1, max_size=5))
def test_an_axis_of_days_holds_its_days(days: list[dt.date]) -> None:
    scale, ticks = scales.days(days, 0, 300)
    assert all(-0.1 <= scale.at(day.toordinal()) <= 300.1 for day in days)
    assert 1 <= len(ticks) <= 8
    assert all(day.day == 1 for day in ticks)


SALES = {"type": "deliveries", "subject": "company:Xiaomi", "confidence": 0.9}


def numbered(*shorts: dict[str, Any]) -> list[Fact]:
    """Facts of articles of their own, in the order given, published in successive months of 2024."""
    made = (fact({"confidence": 0.9, **short}, f"a{n}", n) for n, short in enumerate(shorts))
    return [each.model_copy(update={"published": f"2024-{n + 1:02}"}) for n, each in enumerate(made)]


def test_a_series_has_one_subject_type_unit_place_and_basis() -> None:
    one = {**SALES, "period": "2024-10"}
    facts = numbered(
        *({**one, "value": value} for value in (1, 2, 3)),
        {**one, "value": 4, "place": "France"},
        {**one, "value": 5, "basis": ["diesel"]},
        {**one, "value": 6, "subject": "company:BYD"},
        {**one, "value": 7, "type": "sales"},
        {**SALES, "value": 8},  # without a period
    )
    drawing = draw_spans(facts, SPANS, EN)
    assert [panel.title for panel in drawing.panels] == ["Xiaomi · Deliveries"]
    assert [figure for _, figure in drawing.drawn] == ["1 vehicle", "2 vehicles", "3 vehicles"]


def test_what_several_articles_state_is_one_point() -> None:
    one = {**SALES, "period": "2024-10"}
    facts = numbered(*({**one, "value": value} for value in (1, 1, 2, 3)))
    drawing = draw_spans(facts, SPANS, EN)
    labels = [mark.label for mark in drawing.panels[0].chart.marks]
    assert labels[0] == "Xiaomi · Deliveries · 1 vehicle · October 2024 · actual · 2 articles"
    assert len(labels) == 3


def test_marks_lead_to_their_facts_and_tell_the_modalities() -> None:
    facts = numbered(*({**SALES, "period": "2024", "value": n + 1, "modality": m} for n, m in enumerate(Modality)))
    marks = draw_spans(facts, SPANS, EN).panels[0].chart.marks
    assert [mark.href for mark in marks] == [f"#fact={each.id}" for each in facts]
    assert len({mark.style for mark in marks}) == len(Modality)


@pytest.mark.parametrize(
    "change",
    [{"polarity": "negative"}, {"confidence": 0.49}, {"type": "stock"}, {"subject": "company:Tesla"}],
)
def test_what_a_chart_is_not_about(change: dict[str, Any]) -> None:
    short = {"type": "price", "subject": "model:Tesla Model 3", "value": 1, "unit": "EUR"}
    facts = numbered(short, {**short, **change})
    assert candidates(facts, PRICES, TABLE.least_confidence) == facts[:1]


def test_rows_are_the_names_with_most_figures_the_largest_first() -> None:
    price = {"type": "price", "unit": "EUR"}
    names = [("A", 10), ("B", 30), ("B", 40), ("C", 20)]
    facts = numbered(*({**price, "subject": f"model:{name}", "value": value} for name, value in names))
    few = PRICES.model_copy(update={"rows_most": 2})
    labels = [label.text for label in draw_spread(facts, few, EN).panels[0].chart.labels]
    assert labels == ["B", "€30 to €40", "A", "€10"]


def test_capacities_stand_under_their_site_or_else_their_owner() -> None:
    capacity = {"type": "production_capacity", "subject": "company:BYD"}
    facts = numbered(
        {**capacity, "place": "Szeged", "value": 200000, "per": "P1Y"},
        {**capacity, "place": "Szeged", "value": 150000},
        {**capacity, "value": 90000},
        {**capacity, "place": "Szeged", "value": 3000, "per": "P1W"},  # another rate cannot stand beside them
    )
    drawing = draw_spread(facts, SITES, EN)
    assert [panel.title for panel in drawing.panels] == ["vehicles a year"]
    assert [label.text for label in drawing.panels[0].chart.labels][::2] == ["Szeged · BYD", "BYD"]
    assert [each.id for each, _ in drawing.drawn] == [each.id for each in facts[:3]]


AIM = {**SALES, "period": "2025", "modality": "planned"}


@pytest.mark.parametrize(
    ("shorts", "expected"),
    [
        ([{**AIM, "value": 250, "previous": [200]}], ["200 → 250 vehicles"]),
        ([{**AIM, "value": n} for n in (200, 250, 300)], ["250 → 300 vehicles", "200 → 250 vehicles"]),
        ([{**AIM, "value": 200}, {**AIM, "value": 200}], []),
        ([{**AIM, "value": 200}, {**AIM, "value": 250, "period": "2026"}], []),
        ([{**AIM, "value": 200}, {**AIM, "value": 250, "source": "CNBC"}], []),
        ([{**AIM, "value": 200}, {**AIM, "value": 250, "place": "Europe"}], []),
        ([{**AIM, "value": 250, "previous": [0]}], []),
        ([{**AIM, "value": 250, "previous": [200]}] * 2, ["200 → 250 vehicles"]),
        ([{**AIM, "type": "margin", "unit": "%", "value": 7, "previous": [5]}], []),
    ],
)
def test_revisions(shorts: list[dict[str, Any]], expected: list[str]) -> None:
    drawing = draw_revisions(numbered(*shorts), REVISIONS, EN)
    assert [figure for _, figure in drawing.drawn] == expected
    assert len(drawing.panels) == bool(expected)


def test_a_loss_that_grows_falls() -> None:
    loss = {**AIM, "type": "profit", "unit": "EUR", "value": -300, "previous": [-200]}
    texts = [label.text for label in draw_revisions(numbered(loss), REVISIONS, EN).panels[0].chart.labels]
    assert plain(texts[1]) == "-50 %"


def test_a_chart_says_how_much_it_does_not_draw() -> None:
    facts = numbered(*({**SALES, "period": "2024", "value": value} for value in (1, 2, 3)), {**SALES, "value": 9})
    (view,) = chart_views(facts, TABLE, EN)
    assert (view.id, len(view.rows), view.drawn) == ("deliveries", 3, "Facts drawn: 3")
    assert view.not_drawn.startswith("Facts not drawn: 1 (")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ('form = "pie"', "form"),
        ('form = "spans"\ntypes = ["sale"]', "no such type: sale"),
        ('form = "spans"\ncolour = "red"', "colour"),
    ],
)
def test_a_chart_that_is_not_valid_is_refused(fields: str, message: str) -> None:
    words = 'title = { fr = "a", en = "b" }\nnote = { fr = "a", en = "b" }'
    with pytest.raises(ValueError, match=message):
        parse_chart_table(f'least_confidence = 0.5\n[[charts]]\nid = "x"\n{fields}\n{words}\n')


def test_a_chart_without_a_language_is_refused() -> None:
    with pytest.raises(ValueError, match="title and note must be in fr, en"):
        ChartSettings(id="x", form="spans", title={"fr": "a"}, note={"fr": "a", "en": "b"})


@given(st.text())
def test_data_stays_the_same_and_cannot_end_its_element(text: str) -> None:
    block = str(json_block(json.dumps(text, ensure_ascii=False)))
    assert json.loads(block) == text
    assert "<" not in block
