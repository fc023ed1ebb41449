"""Records say what was found where, keep the contract's order, and reach the disk whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from stand_in import SENTENCE, StandIn, article, fact, mentions

from pipeline.emit import (
    AtomicFiles,
    DetectError,
    article_record,
    detect_record,
    explanation_records,
    fact_schema,
    json_line,
    publish_sealed,
    remove_partial,
    write_atomic,
)
from pipeline.emit.terminal import render
from pipeline.schema import ErrorRecord, Extraction, Mentions, Published

KEYS = [
    "schema_version",
    "id",
    "article_id",
    "published",
    "lang",
    "type",
    "subject",
    "object",
    "metric",
    "quantity",
    "converted",
    "previous",
    "period",
    "basis",
    "modality",
    "polarity",
    "place",
    "source",
    "evidence",
    "confidence",
    "extractor",
]
NOTE = ErrorRecord(path="é.txt", reason="empty", message="the file is empty")


def shown(extraction: Extraction) -> str:
    console = Console(width=100, color_system=None, file=io.StringIO())
    with console.capture() as capture:
        console.print(render(extraction))
    return capture.get()


def test_a_fact_has_all_keys_in_the_contracts_order_and_fits_the_schema() -> None:
    line = json_line(fact(article()))
    assert list(json.loads(line)) == KEYS
    assert json.loads(line)["quantity"]["value"] == 20000
    assert '"plus de 20 000 véhicules"' in line
    jsonschema_rs.validator_for(fact_schema()).validate(json.loads(line))


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("modality", "certain"),
        ("id", "1"),
        ("evidence", []),
        ("confidence", 1.5),
        ("quantity", {"value": "20000", "unit": "vehicle"}),
        ("surprise", 1),
    ],
)
def test_what_is_no_fact_does_not_fit_the_schema(slot: str, value: object) -> None:
    line = json.loads(json_line(fact(article()))) | {slot: value}
    assert not jsonschema_rs.validator_for(fact_schema()).is_valid(line)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_record_is_one_line_for_every_reader_of_lines(text: str) -> None:
    line = json_line(DetectError(id=text, error=text))
    assert line.splitlines() == [line]
    assert json.loads(line) == {"id": text, "error": text}


def test_an_article_is_written_with_its_mentions_and_counts() -> None:
    source = article(title="T", path="x.txt", published=Published("2024-10", "head"))
    record = json.loads(json_line(article_record(StandIn().extract(source))))
    assert {
        key: record[key] for key in ("id", "path", "lang", "published", "published_origin", "title", "text")
    } == {
        "id": "a",
        "path": "x.txt",
        "lang": "fr",
        "published": "2024-10",
        "published_origin": "head",
        "title": "T",
        "text": SENTENCE,
    }
    assert record["sha256"] == hashlib.sha256(SENTENCE.encode()).hexdigest()
    assert record["counts"] == {
        "characters": len(SENTENCE),
        "dates": 1,
        "quantities": 2,
        "entities": 1,
        "facts": 1,
        "rejections": 1,
    }
    found = [*record["dates"], *record["quantities"], *record["entities"]]
    assert [mention["text"] for mention in found] == [
        "2024",
        "plus de 20 000 véhicules",
        "18 000 euros",
        "Renault",
    ]
    assert all(SENTENCE[m["start"] : m["end"]] == m["text"] for m in found)


def test_an_undated_article_says_so() -> None:
    record = article_record(StandIn().extract(article()))
    assert (record.published, record.published_origin) == (None, None)


def test_detections_hold_conversions_in_brackets_too() -> None:
    record = json.loads(json_line(detect_record(7, mentions(SENTENCE))))
    assert record["id"] == 7
    assert [(q["value"], q["unit"], q["qualifier"]) for q in record["quantities"]] == [
        (20000, "vehicle", "more_than"),
        (18000, "EUR", "exact"),
    ]
    assert [n["value"] for n in record["numbers"]] == [20000]
    assert record["dates"][0] | {} == {
        "start": SENTENCE.index("2024"),
        "end": SENTENCE.index("2024") + 4,
        "text": "2024",
        "value": "2024",
        "mod": None,
        "first": None,
        "last": None,
    }


def test_explanations_belong_to_their_facts() -> None:
    (record,) = explanation_records(StandIn().extract(article()))
    assert (record.article_id, record.fact_id, record.trace) == (
        "a",
        "f:0123456789abcdef",
        ("rule 1", "trigger"),
    )


# ---- files


def files_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_files_appear_together_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("old")
    files = AtomicFiles(tmp_path)
    files.open("b.jsonl")
    assert [files.append("a.jsonl", b"one\n"), files.append("a.jsonl", b"two\n")] == [0, 4]
    assert (tmp_path / "a.jsonl").read_text() == "old"
    assert not (tmp_path / "b.jsonl").exists()
    files.publish()
    assert files_in(tmp_path) == {"a.jsonl": "one\ntwo\n", "b.jsonl": ""}


def test_what_is_discarded_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("old")
    files = AtomicFiles(tmp_path)
    files.append("a.jsonl", b"new")
    files.discard()
    assert files_in(tmp_path) == {"a.jsonl": "old"}


def test_sealed_files_can_be_published_by_another_process(tmp_path: Path) -> None:
    files = AtomicFiles(tmp_path)
    files.append("a.jsonl", b"a")
    files.append("b.jsonl", b"b")
    files.seal()
    publish_sealed(tmp_path, ["a.jsonl"])
    publish_sealed(tmp_path, ["a.jsonl", "b.jsonl"])
    assert files_in(tmp_path) == {"a.jsonl": "a", "b.jsonl": "b"}


def test_what_a_killed_process_leaves_can_be_removed(tmp_path: Path) -> None:
    files = AtomicFiles(tmp_path)
    files.append("a.jsonl", b"a")
    write_atomic(tmp_path / "b.json", "{}")
    remove_partial(tmp_path)
    assert files_in(tmp_path) == {"b.json": "{}"}


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        AtomicFiles(tmp_path / "file").open("a.jsonl")


# ---- the terminal


def test_an_article_is_shown_with_a_legend_and_its_facts() -> None:
    text = shown(StandIn().extract(article(published=Published("2024-10", "head"))))
    assert "2024-10 (head)" in text
    assert "date  quantity  entity" in text
    assert SENTENCE in text
    for cell in ("sales", "Renault", "more_than 20\u202f000 vehicle", "2024", "actual", "CNBC", "0.97"):
        assert cell in text


def test_mentions_are_coloured_where_they_stand() -> None:
    console = Console(width=100, force_terminal=True, color_system="standard", file=io.StringIO())
    with console.capture() as capture:
        console.print(render(StandIn().extract(article())))
    styled = capture.get()
    assert "\x1b[35mRenault\x1b[0m a vendu \x1b[1;36mplus de 20 000 véhicules\x1b[0m" in styled
    assert "\x1b[32m2024\x1b[0m" in styled


def test_control_characters_do_not_reach_the_terminal() -> None:
    source = article("Renault\x1b[31m \u202evendu\x07 \x9b2J\n\n[bold]2024[/bold]")
    text = shown(Extraction(source, Mentions(), ()))
    assert "Renault␛[31m �vendu␇ �2J" in text
    assert "[bold]2024[/bold]" in text
