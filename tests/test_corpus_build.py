"""Annotations as people write them, and the gold that is built of them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpus import ANNOTATION, BODY, HEAD, put_annotation, put_article

from pipeline.corpus import CorpusError, build_article, build_corpus, load_article
from pipeline.corpus.annotation import Annotation, load_annotation
from pipeline.corpus.build import gold_text
from pipeline.corpus.files import parse_yaml
from pipeline.evaluate import GoldArticle, load_gold
from pipeline.ingest import read_articles
from pipeline.schema import Article, Kind, Mod, Modality, Polarity, Qualifier

FACT = "facts:\n  - quote: 44 990 euros\n    type: price\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    put_article(tmp_path, "a")
    put_annotation(tmp_path, "a")
    return tmp_path


def built(corpus: Path, annotation: str) -> GoldArticle:
    put_annotation(corpus, "a", annotation)
    return build_article(corpus, "a")


def refusal(corpus: Path, annotation: str) -> str:
    with pytest.raises(CorpusError) as caught:
        built(corpus, annotation)
    return str(caught.value)


def test_what_is_not_written_has_its_usual_content(corpus: Path) -> None:
    fact = built(corpus, FACT + "    value: 44990\n    unit: EUR\n").facts[0]
    assert fact.model_dump(exclude={"span"}) == {
        **dict.fromkeys(("subject", "object", "metric", "low", "high", "per", "basis", "period", "place", "source")),
        **dict.fromkeys(("previous", "converted")),
        "type": "price",
        "value": Decimal(44990),
        "unit": "EUR",
        "qualifier": Qualifier.EXACT,
        "modality": Modality.ACTUAL,
        "polarity": Polarity.POSITIVE,
        "quote": "44 990 euros",
        "optional": False,
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("value: 44990.50\n    unit: EUR", {"value": Decimal("44990.50")}),
        ("value: -3\n    unit: EUR", {"value": Decimal(-3)}),
        ("range: [1, 2.5]\n    unit: EUR", {"low": Decimal(1), "high": Decimal("2.5"), "qualifier": "between"}),
        ("value: 1\n    unit: EUR\n    qualifier: about", {"qualifier": "about"}),
        ("optional: true", {"optional": True, "qualifier": None}),
        ("subject: {company: BYD}", {"subject": {"name": "BYD", "kind": Kind.COMPANY}}),
        ("object: {place: Szeged}", {"object": {"name": "Szeged", "kind": Kind.PLACE}}),
        ("basis: [WLTP, 10-80%]", {"basis": ["WLTP", "10-80%"]}),
        ("metric: sales", {"metric": "sales"}),
        ("modality: planned\n    polarity: negative", {"modality": "planned", "polarity": "negative"}),
        (
            "value: 1\n    unit: EUR\n    previous: {range: [3, 4], unit: USD}",
            {"previous": {"value": None, "low": Decimal(3), "high": Decimal(4), "unit": "USD"}},
        ),
    ],
)
def test_slots(written: str, expected: dict[str, Any], corpus: Path) -> None:
    found = built(corpus, f"{FACT}    {written}\n").facts[0].model_dump()
    assert {key: found[key] for key in expected} == expected


PERIODS = [
    ("2024-10", None, "2024-10-01", "2024-10-31"),
    ("2024-03-28", None, "2024-03-28", "2024-03-28"),
    ("2021-01/2021-08", None, "2021-01-01", "2021-08-31"),
    ("2024-WI", None, "2024-12-01", "2025-02-28"),
    ("{value: 2025, mod: START}", Mod.START, "2025-01-01", "2025-12-31"),
    ("{value: 2026, mod: END, open: start}", Mod.END, None, "2026-12-31"),
    ("{value: 2026, open: end}", None, "2026-01-01", None),
    ("{value: 2024, end: 2024-03-15}", None, "2024-01-01", "2024-03-15"),
    ("{value: 2024, start: 2024-02-01}", None, "2024-02-01", "2024-12-31"),
]


@pytest.mark.parametrize(("written", "mod", "start", "end"), PERIODS)
def test_periods(written: str, mod: Mod | None, start: str | None, end: str | None, corpus: Path) -> None:
    period = built(corpus, f"{FACT}    period: {written}\n").facts[0].period
    assert period is not None
    days = tuple(day and dt.date.fromisoformat(day) for day in (start, end))
    assert (period.mod, period.start, period.end) == (mod, *days)


BROKEN = [
    ("colour: red", "facts.0.colour: unknown key"),
    ("value: 1 000\n    unit: EUR", "facts.0.value: '1 000' is no figure in plain digits"),
    ("value: 1e3\n    unit: EUR", "facts.0.value: '1e3' is no figure"),
    ("value: 1000", "facts.0: a figure without a unit"),
    ("value: 1\n    range: [1, 2]\n    unit: EUR", "facts.0: a value beside a range"),
    ("range: [1]\n    unit: EUR", "facts.0.range.1: is missing"),
    ("previous: {unit: EUR}", "facts.0.previous: neither a value nor a range"),
    ("qualifier: roughly", "facts.0.qualifier: Input should be"),
    ("modality: certain", "facts.0.modality: Input should be"),
    ("optional: yes", "facts.0.optional: 'yes' is neither true nor false"),
    ("subject: BYD", "facts.0.subject: a party is written {kind: name}"),
    ("subject: {firm: BYD}", "facts.0.subject: unknown kind 'firm'"),
    ("subject: {company: A, model: B}", "facts.0.subject: a party is written"),
    ("subject: {company: ''}", "facts.0.subject.name: "),
    ("basis: []", "facts.0.basis: "),
    ("basis: WLTP", "facts.0.basis: "),
    ("period: spring", "facts.0.period.value: 'spring' is no TIMEX3 date"),
    ("period: 2024-13", "facts.0.period.value: "),
    ("period: 2025/2024", "facts.0.period.value: '2025/2024' runs backwards"),
    ("period: {value: 2025, open: both}", "facts.0.period.open: "),
    ("period: {value: 2025, open: end, end: 2025-06-30}", "facts.0.period: end is open and written"),
    ("period: {value: 2025, end: 2026-06-30}", "facts.0.period.end: 2026-06-30 lies outside 2025"),
    ("period: {value: 2025, start: 2025-06-30, end: 2025-03-01}", "facts.0.period.start: 2025-06-30 is after"),
    ("place: a\n    place: b", "no YAML: line 5: 'place' stands twice"),
]


@pytest.mark.parametrize(("written", "expected"), BROKEN)
def test_what_is_not_as_the_format_says_is_named(written: str, expected: str, corpus: Path) -> None:
    message = refusal(corpus, f"{FACT}    {written}\n")
    assert message.startswith("a.yaml: ")
    assert expected in message


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("notes: []", "a.yaml: notes: unknown key"),
        ("facts: [", "a.yaml: (all): no YAML: line 1"),
        ("- a", "a.yaml: (all): Input should be"),
        ("entities: {FIRM: [BYD]}", "a.yaml: entities.FIRM: unknown key"),
        ("dates:\n  - {text: septembre}", "a.yaml: dates.0.value: is missing"),
        ("ignored:\n  - {quote: 8 ans}", "a.yaml: ignored.0.why: is missing"),
        ("ignored:\n  - {quote: 2,1 %, why: share}", "a.yaml: ignored.0.1 %: unknown key (inside { } a text with"),
        ("ignored:\n  - {quote: 9 ans, why: guarantee}", "a.yaml: ignored.0.quote: '9 ans' is not in the text"),
    ],
)
def test_what_is_wrong_beside_the_facts_is_named(annotation: str, expected: str, corpus: Path) -> None:
    assert refusal(corpus, annotation).startswith(expected)


def test_an_empty_annotation_is_one_without_facts(corpus: Path) -> None:
    for annotation in ("", "facts:\nentities:\ndates:\nignored:\n", "facts: []\nentities: {ORG: }\n"):
        gold = built(corpus, annotation)
        assert (gold.facts, gold.entities, gold.dates, gold.ignored) == ([], [], [], [])


@given(st.recursive(st.text("0123456789-:.nyotruefalse ", min_size=1), st.lists, max_leaves=5))
def test_yaml_builds_strings_lists_and_maps_alone(value: object) -> None:
    assert parse_yaml(json.dumps({"key": value})) == {"key": value}


@pytest.mark.parametrize("scalar", ["2024-10", "2024-03-28", "no", "1.0", "0x10", "~", "12:30"])
def test_yaml_leaves_words_as_they_are_written(scalar: str) -> None:
    assert parse_yaml(f"key: {scalar}") == {"key": scalar}


BODY_OF_FIVES = "Le marché gagne 5 % en mai, puis 5 % en juin. L’essence cède 5\u00a0%."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("{text: 5 %, nth: 1}", ["gagne", "5 %"]),
        ("{text: 5 %, nth: 2}", ["puis", "5 %"]),
        ("{text: 5 %, nth: 3}", ["cède", "5\u00a0%"]),
        ("L'essence", ["juin.", "L’essence"]),
        ("cède 5 %", ["L’essence", "cède 5\u00a0%"]),
    ],
)
def test_quotes_are_placed(quote: str, found: list[str], corpus: Path) -> None:
    put_article(corpus, "a", BODY_OF_FIVES)
    fact = built(corpus, f"facts:\n  - quote: {quote}\n    type: growth\n").facts[0]
    assert fact.span is not None
    text = load_article(corpus, "a").text
    before, words = text[: fact.span.start], text[fact.span.start : fact.span.end]
    assert [before.split()[-1], words] == found
    assert fact.quote == words


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("5 %", "a.yaml: facts.0.quote: '5 %' stands 3 times in the text: say which with nth"),
        ("6 %", "a.yaml: facts.0.quote: '6 %' is not in the text"),
        ("{text: 5 %, nth: 4}", "a.yaml: facts.0.quote.nth: '5 %' stands 3 times in the text"),
        ("{text: 5 %, nth: 0}", "a.yaml: facts.0.quote.nth: Input should be"),
        ("{words: 5 %}", "a.yaml: facts.0.quote.text: is missing"),
    ],
)
def test_quotes_that_have_no_place(quote: str, expected: str, corpus: Path) -> None:
    put_article(corpus, "a", BODY_OF_FIVES)
    message = refusal(corpus, f"facts:\n  - quote: {quote}\n    type: growth\n")
    assert message.startswith(expected)


def test_the_gold_file_has_every_key(corpus: Path) -> None:
    assert build_corpus(corpus).written == ("a",)
    gold = json.loads((corpus / "gold" / "a.json").read_text(encoding="utf-8"))
    text = f"{HEAD['title']}\n\n{BODY}"
    assert list(gold) == ["id", "lang", "published", "kind", "sha256", "facts", "entities", "dates", "ignored"]
    assert (gold["id"], gold["lang"], gold["published"]) == ("a", "fr", "2024-10-12")
    assert gold["sha256"] == sha256(text.encode()).hexdigest()
    assert list(gold["facts"][0]) == [
        *("type", "subject", "object", "metric", "value", "low", "high", "unit", "qualifier", "per", "basis"),
        *("period", "modality", "polarity", "place", "source", "previous", "converted", "quote", "optional", "span"),
    ]
    assert gold["facts"][0]["value"] == 4200
    assert gold["facts"][0]["period"] == {"value": "2024-09", "mod": None, "start": "2024-09-01", "end": "2024-09-30"}
    start = text.index("8 ans")
    assert gold["ignored"] == [{"quote": "8 ans", "why": "guarantee", "span": {"start": start, "end": start + 5}}]
    assert gold["entities"][0] == {"name": "BYD", "type": "ORG"}
    assert load_gold(corpus / "gold")["a"].model_dump() == build_article(corpus, "a").model_dump()


def test_a_build_leaves_what_is_up_to_date_alone(corpus: Path) -> None:
    put_article(corpus, "b")
    put_annotation(corpus, "b")
    assert build_corpus(corpus).written == ("a", "b")
    before = (corpus / "gold" / "a.json").stat()
    put_annotation(corpus, "b", "facts: []\n")
    done = build_corpus(corpus)
    assert (done.written, done.unchanged, done.up_to_date) == (("b",), ("a",), False)
    after = (corpus / "gold" / "a.json").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert sorted(path.name for path in (corpus / "gold").iterdir()) == ["a.json", "b.json"]


def test_a_check_writes_nothing(corpus: Path) -> None:
    assert build_corpus(corpus, check=True).written == ("a",)
    assert not (corpus / "gold").exists()
    build_corpus(corpus)
    assert build_corpus(corpus, check=True).up_to_date
    (corpus / "gold" / "a.json").write_text("{}", encoding="utf-8")
    assert not build_corpus(corpus, check=True).up_to_date


def test_gold_without_an_annotation_is_stale(corpus: Path) -> None:
    build_corpus(corpus)
    (corpus / "gold" / "b.json").write_text("{}", encoding="utf-8")
    done = build_corpus(corpus)
    assert (done.stale, done.up_to_date) == (("b",), False)
    assert (corpus / "gold" / "b.json").exists()


def test_an_annotation_that_cannot_be_used_does_not_stop_the_others(corpus: Path) -> None:
    put_annotation(corpus, "b")
    put_annotation(corpus, "c", "facts: [")
    put_article(corpus, "c")
    done = build_corpus(corpus)
    assert done.written == ("a",)
    assert str(done.problems[0]) == "b.yaml: (all): an annotation without an article"
    assert [problem.file for problem in done.problems] == ["b.yaml", "c.yaml"]


def test_a_folder_without_annotations_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no annotations"):
        build_corpus(tmp_path)


def test_gold_is_the_same_each_time(corpus: Path) -> None:
    assert len({gold_text(build_article(corpus, "a")) for _ in range(3)}) == 1


HEADS = [
    ({"title": None}, "a.md: title: is missing"),
    ({"author": "x"}, "a.md: author: unknown key"),
    ({"published": "12 octobre"}, "a.md: published: '12 octobre' is no ISO day, month or year"),
    ({"published": "2024-02-30"}, "a.md: published: '2024-02-30' is no ISO day"),
    ({"published": "2024-02-03T10:00"}, "a.md: published: '2024-02-03T10:00' is no ISO day"),
    ({"lang": "french"}, "a.md: lang: "),
]


@pytest.mark.parametrize(("head", "expected"), HEADS)
def test_heads_that_are_not_as_the_format_says(head: dict[str, str | None], expected: str, corpus: Path) -> None:
    put_article(corpus, "a", **head)
    with pytest.raises(CorpusError) as caught:
        load_article(corpus, "a")
    assert str(caught.value).startswith(expected)


def test_an_article_without_a_head(corpus: Path) -> None:
    (corpus / "articles" / "a.md").write_text("BYD accélère", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"a\.md: \(all\): no metadata between two lines"):
        load_article(corpus, "a")


@pytest.mark.parametrize(
    "body", [BODY, "Une « ligne »\u00a0: 5\u202f% 🚗\n\nl’autre", "Une liste\n\n1. un\n\n2. deux", "* a\n* b"]
)
def test_the_text_is_that_which_ingest_reads(body: str, corpus: Path) -> None:
    put_article(corpus, "a", body)
    (article,) = read_articles([corpus / "articles"])
    assert isinstance(article, Article)
    assert load_article(corpus, "a").text == article.text
    assert load_article(corpus, "a").as_article().published == article.published


def test_the_annotation_says_the_same_in_short_and_at_length(corpus: Path) -> None:
    short = load_annotation(corpus, "a")
    long = ANNOTATION.replace("quote: 44 990 euros", "quote: {text: 44 990 euros, nth: 1}")
    long = long.replace("period: 2026", "period: {value: 2026, start: 2026-01-01, end: 2026-12-31}")
    gold = built(corpus, long)
    put_annotation(corpus, "a")
    assert gold == build_article(corpus, "a")
    assert isinstance(short, Annotation)
