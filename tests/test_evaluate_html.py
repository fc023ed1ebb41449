"""The HTML report: well-formed, self-contained, escaped, with each error in its sentence."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from short_facts import article, fact

from pipeline.evaluate.cases import cases
from pipeline.evaluate.gold import load_gold
from pipeline.evaluate.html import grouped, write_html
from pipeline.evaluate.run import Run, load_run
from pipeline.evaluate.scores import EvaluateOptions, evaluate_run

EVIL = "<script>alert(1)</script>"
TEXT = f"Titre\n\nBYD a écoulé 500 voitures en 2024 {EVIL}. BMW en a 7 en stock.\n\nElle en a vendu 900."
VOID = {"meta", "link", "input", "br"}


def span(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


SALE = {"type": "sales", "subject": "company:BYD", "value": 500, "quote": "écoulé 500 voitures"}
STOCK = {"type": "stock", "subject": "company:BMW", "value": 7, "quote": "7 en stock"}
LATER = {"type": "sales", "subject": "company:BMW", "value": 900, "quote": "vendu 900"}
FIRST = TEXT[TEXT.index("BYD") : TEXT.index(" BMW")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Gold of two articles, "a" with a text and a run beside it in which there are errors of each sort."""
    (tmp_path / "gold").mkdir()
    gold = article([SALE, STOCK, LATER]) | {"kind": EVIL, "dates": [{"text": "2024", "value": "2024"}]}
    (tmp_path / "gold" / "a.json").write_text(json.dumps(gold), encoding="utf-8")
    (tmp_path / "gold" / "b.json").write_text(json.dumps(article([SALE], "b")), encoding="utf-8")
    wrong = fact({**SALE, "subject": f"company:{EVIL}", "evidence": [span(FIRST)], "confidence": 0.75}).model_dump(
        mode="json"
    )
    wrong["quantity"]["span"] = span("500 voitures")
    extra = fact({**STOCK, "value": 8, "evidence": [span("BMW en a 7 en stock.")]}, number=1).model_dump(mode="json")
    lines = "\n".join(json.dumps(each) for each in (wrong, extra))
    (tmp_path / "facts.jsonl").write_text(lines, encoding="utf-8")
    record = {"id": "a", "text": TEXT, "lang": "fr", "dates": [], "entities": [], "quantities": []}
    (tmp_path / "articles.jsonl").write_text(json.dumps(record), encoding="utf-8")
    reasons = {"article_id": "a", "fact_id": wrong["id"], "trace": [f"trigger:{EVIL}"]}
    (tmp_path / "explanations.jsonl").write_text(json.dumps(reasons), encoding="utf-8")
    rejection = {"article_id": "a", "reason": "no_subject", "type": "stock", "span": span("en stock"), "detail": ""}
    (tmp_path / "rejections.jsonl").write_text(json.dumps(rejection), encoding="utf-8")
    return tmp_path


def page(folder: Path, options: EvaluateOptions | None = None, run: Run | None = None) -> str:
    run = run or load_run(folder / "facts.jsonl")
    write_html(evaluate_run(folder / "gold", run, options), folder / "gold", run, folder / "out" / "report.html")
    return (folder / "out" / "report.html").read_text(encoding="utf-8")


class Reader(HTMLParser):
    """Fails where tags do not nest; collects attributes, ids, and the text of each error."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.cases: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if ("class", "case") in attrs:
            self.cases.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "li" in self.open and self.cases and "script" not in self.open:
            self.cases[-1] += data


def test_the_page_is_well_formed_and_its_ids_distinct(folder: Path) -> None:
    attributes = Reader(page(folder)).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    anchors = {value[1:] for tag, name, value in attributes if (tag, name) == ("a", "href") and value}
    assert anchors <= set(ids)
    labels = {value for _, name, value in attributes if name == "aria-labelledby"}
    assert labels <= set(ids)


def test_nothing_of_articles_gold_or_facts_is_markup(folder: Path) -> None:
    source = page(folder)
    assert EVIL not in source
    assert source.count("<script") == source.count("</script>") == 1
    assert source.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4  # text, subject, reason, kind of text


def test_the_page_loads_nothing_and_says_so_to_the_browser(folder: Path) -> None:
    source = page(folder)
    assert "http" not in source.replace("http-equiv", "")
    loaded = [(name, value) for _, name, value in Reader(source).attributes if name in ("src", "href")]
    assert all(value and value.startswith(("#", "data:")) for _, value in loaded)
    assert not [name for _, name, _ in Reader(source).attributes if name == "style" or name.startswith("on")]
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest.replace('+', '&#43;')}&#39;" in source.replace("+", "&#43;")


def test_each_error_stands_in_its_sentence_with_its_reasons(folder: Path) -> None:
    run = load_run(folder / "facts.jsonl")
    report = evaluate_run(folder / "gold", run)
    found = {(case.article_id, case.causes): case for case in cases(report, load_gold(folder / "gold"), run)}
    wrong = found["a", ("wrong subject",)]
    (excerpt,) = wrong.excerpts
    assert "".join(piece.text for piece in excerpt) == FIRST
    assert [(piece.text, piece.marks) for piece in excerpt if piece.marks] == [
        ("écoulé ", ("gold",)),
        ("500 voitures", ("gold", "quantity")),
    ]
    assert (wrong.confidence, wrong.reasons) == (0.75, (f"trigger:{EVIL}",))
    assert [(row.what, row.expected, row.found) for row in wrong.rows] == [("subject", "BYD", EVIL)]
    missed = [case for key, case in found.items() if key == ("a", ("missed",))]
    assert [case.figure for case in missed] == ["900 vehicle"]
    date = found["a", ("missed date",)]
    assert [piece.text for piece in date.excerpts[0] if piece.marks] == ["2024"]
    # Without a text there are only the words of gold.
    assert "".join(piece.text for piece in found["b", ("missed",)].excerpts[0]) == "écoulé 500 voitures"


def test_what_was_rejected_about_a_missed_fact_is_shown(folder: Path) -> None:
    assert any("rejected stock (no_subject)" in text for text in Reader(page(folder)).cases)


def test_errors_can_be_filtered_by_cause_type_and_article(folder: Path) -> None:
    attributes = Reader(page(folder)).attributes
    values = {name: {value for _, key, value in attributes if key == f"data-{name}"} for name in ("type", "article")}
    assert values["type"] == {"sales", "stock", "date", "figure"}
    assert values["article"] == {"a", "b"}
    options = {value for tag, name, value in attributes if (tag, name) == ("option", "value")}
    assert {"missed", "extra", "wrong subject", "sales", "a", "b"} <= options


def test_errors_of_held_out_articles_are_not_in_the_page(folder: Path) -> None:
    (folder / "splits.toml").write_text('[splits]\ndev = ["b"]\ntest = ["a"]\n', encoding="utf-8")
    source = page(folder)
    assert len(Reader(source).cases) == 2  # a fact and a figure missed in b
    assert "BMW en a 7" not in source
    assert "errors in held-out articles are counted, not shown" in source
    assert "BMW en a 7" in page(folder, EvaluateOptions(show_held_out=True))


def test_a_run_without_articles_and_one_without_facts_have_a_page(folder: Path) -> None:
    facts = load_run(folder / "facts.jsonl").facts
    assert "Reasons are shown for facts" in page(folder, run=Run(facts))
    assert Reader(page(folder, run=Run({}))).cases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-5010000000 EUR", "-5\u202f010\u202f000\u202f000 EUR"),
        ("2024-01-01", "2024-01-01"),
        ("9999 km", "9999 km"),
        ("0.123456 t", "0.123456 t"),
        ("10000..20000 vehicle", "10\u202f000..20\u202f000 vehicle"),
    ],
)
def test_long_figures_are_grouped(text: str, expected: str) -> None:
    assert grouped(text) == expected
