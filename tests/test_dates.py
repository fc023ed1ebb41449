"""Calendar expressions: the table of press sentences, the pack's examples, and properties over any text."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from typing import Any

import dateparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import cases, packs, params

from pipeline.detect import calendar as cal
from pipeline.detect.date_grammar import grammar
from pipeline.detect.dates import detect_dates
from pipeline.language import load_pack
from pipeline.schema import Article, DateMention, Published, Span
from pipeline.segment import segment

PACKS = packs()
FRENCH = load_pack("fr")
WORDS = FRENCH.dates


def dates(
    text: str, anchor: str | None = "2024-10-15", blocked: tuple[Span, ...] = (), lang: str = "fr"
) -> tuple[DateMention, ...]:
    pack = load_pack(lang)
    document = segment(Article("a", text), pack.segment)
    return detect_dates(document, pack.dates, Published(anchor) if anchor else None, blocked)


def row(mention: DateMention) -> list[str]:
    flags = (("R", mention.relative), ("N", mention.vague_now), ("S", mention.since_start))
    return [
        mention.span.text,
        mention.value or "",
        mention.mod or "",
        mention.start.isoformat() if mention.start else "",
        mention.end.isoformat() if mention.end else "",
        "".join(letter for letter, on in flags if on),
    ]


@pytest.mark.parametrize(("lang", "case"), params("dates", lambda case: case["text"]))
def test_press_sentences(lang: str, case: dict[str, Any]) -> None:
    assert [row(m) for m in dates(case["text"], case["anchor"] or None, lang=lang)] == case["dates"]


def test_the_table_is_large_enough() -> None:
    table = cases("dates", "fr")
    assert sum(len(case["dates"]) for case in table) >= 150
    assert sum(not case["dates"] for case in table) >= 10


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.code)
def test_examples_and_counters_of_the_pack(pack: Any) -> None:
    for text, anchor, value in pack.dates.examples:
        found = detect_dates(segment(Article("a", text), pack.segment), pack.dates, Published(anchor))
        assert [m.value for m in found] == [value], text
    for text in pack.dates.counters:
        found = detect_dates(segment(Article("a", text), pack.segment), pack.dates, Published("2024-10-15"))
        assert found == (), text


@pytest.mark.parametrize("number", range(1, 13))
def test_every_writing_of_a_month(number: int) -> None:
    for name in WORDS.months[number - 1]:
        for text in (f"en {name} 2023", f"le 3 {name} 2023", f"EN {name.upper()} 2023"):
            (mention,) = dates(text)
            assert mention.value in (f"2023-{number:02}", f"2023-{number:02}-03"), text


def test_typographic_variants_read_alike() -> None:
    plain = dates("Depuis le début de l'année, puis l'an prochain et le 3 mars 2025.")
    fancy = dates("Depuis le début de l’année, puis l’an prochain et le\u00a03\u202fmars\u00a02025.")
    assert [m.value for m in plain] == [m.value for m in fancy]


def test_blocked_names_hold_no_dates() -> None:
    text = "La Peugeot 2008 de mars 2024 et la Lancia Avril 2024."
    name = Span.cut(text, text.index("Lancia"), len(text) - 1)
    assert [m.value for m in dates(text, blocked=(name,))] == ["2024-03"]


def test_relative_dates_without_an_anchor_have_no_value() -> None:
    found = dates("L'an prochain, hier, le 12 mars ; en 2023.", None)
    assert [(m.value, m.start, m.end, m.relative) for m in found[:3]] == [(None, None, None, True)] * 3
    assert found[3].value == "2023"


def test_an_anchor_that_is_no_date_is_an_error() -> None:
    with pytest.raises(ValueError, match="month"):
        dates("hier", "2024-13")


FRAGMENTS = st.sampled_from(
    [
        *("le", "12", "31", "mars", "mai", "2024", "T3", "de", "à", "d'ici", "fin", "depuis", "premier"),
        *("trimestre", "entre", "trois", "mois", "derniers", "et", "été", "l'", "an", "prochain", "il y a"),
        *("lundi", "-", "/", ",", ".", "\n\n", "99", "avant", "semaine", "du", "février", "29", "30", "€"),
        *("30/2/2024", "29/02", "Noël", "Pâques", "exercice", "clos", "années", "90", "les", "au"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(FRAGMENTS, max_size=14).map(" ".join))
ANCHORS = st.sampled_from([None, "2024", "2024-02", "2024-02-29", "0001-01-01", "9999-12-31"])


@given(TEXTS, ANCHORS)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_sound_mentions(text: str, anchor: str | None) -> None:
    found = dates(text, anchor)
    for mention in found:
        assert text[mention.span.start : mention.span.end] == mention.span.text
        assert mention.start is None or mention.end is None or mention.start <= mention.end
        if mention.value is None:
            assert mention.relative
            assert mention.start is mention.end is None
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(found))


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_full_days_read_as_dateparser_reads_them(day: dt.date) -> None:
    month = WORDS.months[day.month - 1][0]
    for text in (f"{day.day} {month} {day.year}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}"):
        parsed = dateparser.parse(text, languages=["fr"], settings={"DATE_ORDER": "DMY"})
        assert parsed is not None
        assert [m.start for m in dates(f"Le {text}.")] == [parsed.date()]


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31)),
    st.sampled_from(["day", "week", "month", "quarter", "half", "year"]),
)
def test_a_unit_holds_its_day_and_moves_back(day: dt.date, unit: str) -> None:
    value = cal.unit_at(day, unit)
    first, last = cal.bounds(value)
    assert first <= day <= last
    assert cal.moved(cal.moved(value, unit, 3), unit, -3) == value


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("202", "2020-01-01", "2029-12-31"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024-WI", "2024-12-01", "2025-02-28"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2024-W01-WE", "2024-01-06", "2024-01-07"),
        ("2023-04/2024-03", "2023-04-01", "2024-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
    ],
)
def test_first_and_last_day(value: str, first: str, last: str) -> None:
    assert tuple(d.isoformat() for d in cal.bounds(value)) == (first, last)


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "03-31"), (2025, "04-20"), (2008, "03-23"), (2038, "04-25")]
)
def test_easter(year: int, day: str) -> None:
    assert cal.easter(year).isoformat() == f"{year}-{day}"


@pytest.mark.parametrize(
    ("template", "message"),
    [("MONTH NOSUCH", "NOSUCH"), ("(MONTH", "bracket"), ("MONTH?", "nothing"), ("MONTH)", "bracket")],
)
def test_a_template_that_cannot_be_read_says_why(template: str, message: str) -> None:
    broken = WORDS.model_copy(update={"forms": {"month": (template,)}})
    with pytest.raises(ValueError, match=message):
        grammar(broken)


@pytest.mark.parametrize(
    "piece", ["de ", "1 ", "le 3 ", "mars ", "2024-", "3/", "les trois derniers ", "entre 2020 et "]
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    """Repetitions that would send a nested pattern astray; the bound is some ten times what is needed."""
    started = time.process_time()
    dates(piece * (20000 // len(piece)))
    assert time.process_time() - started < 3
