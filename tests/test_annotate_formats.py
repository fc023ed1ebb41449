"""Each tool's format as the tool has it: how files look, what is read that we did not write, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from pipeline.annotate import brat, doccano, label_studio
from pipeline.annotate.forms import Offsets
from pipeline.annotate.sheet import AnnotateError, Link, Mark, Sheet, fact_types
from pipeline.cli import app

TEXT = "🚗 BYD a livré\n4 200 voitures."
SHEET = Sheet(
    "a",
    TEXT,
    (
        Mark("m1", 2, 5, "ORG", {"at": 0}),
        Mark(
            "m2", 8, 28, "deliveries", {"value": 4200, "unit": "vehicle"}, {"modality": "planned", "optional": "true"}
        ),
    ),
    (Link("m2", "m1", "subject"),),
    {"id": "a", "lang": "fr"},
)


# ---- brat


def test_brat_files(tmp_path: Path) -> None:
    assert brat.write([SHEET], tmp_path) == ["a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ann", "a.json", "a.txt", "annotation.conf"]
    assert (tmp_path / "a.txt").read_bytes().decode() == TEXT
    assert (tmp_path / "a.ann").read_bytes().decode().split("\n") == [
        "T1\tORG 2 5\tBYD",
        "T2\tdeliveries 8 13;14 28\tlivré 4 200 voitures",
        "E1\tdeliveries:T2 subject:T1",
        "A1\tmodality E1 planned",
        "A2\toptional E1",
        '#1\tAnnotatorNotes T1\t{"at": 0}',
        '#2\tAnnotatorNotes E1\t{"value": 4200, "unit": "vehicle"}',
        "",
    ]
    conf = (tmp_path / "annotation.conf").read_text(encoding="utf-8")
    assert [line for line in conf.splitlines() if line.startswith("[")] == [
        "[entities]",
        "[relations]",
        "[events]",
        "[attributes]",
    ]
    assert all(f"\n{name}\tsubject?:ORG|MODEL|PERSON|PLACE" in conf for name in fact_types())


def brat_sheet(folder: Path, ann: str, text: str = TEXT) -> Sheet:
    (folder / "a.txt").write_text(text, encoding="utf-8", newline="")
    (folder / "a.ann").write_text(ann, encoding="utf-8", newline="")
    (sheet,) = brat.read(folder)
    return sheet


def test_brat_that_others_wrote(tmp_path: Path) -> None:
    """Relations in place of arguments, notes of triggers, numbered roles, Windows line ends, no NAME.json."""
    ann = (
        "T1\tORG 2 5\tBYD\r\n"
        "T2\tdeliveries 14 28\t4 200 voitures\r\n"
        "T3\tDATE 6 7\ta\r\n"
        "E7\tdeliveries:T2 period2:T3\r\n"
        "R1\tsubject Arg1:T2 Arg2:T1\t\r\n"
        '#1\tAnnotatorNotes T2\t{"unit": "vehicle"}\r\n'
        "T4\tlaunch 8 13\tlivré\r\n"
        "R2\tobject Arg1:T4 Arg2:T1\r\n"
    )
    with pytest.raises(AnnotateError, match=r"a\.ann: line 7: the text says 'livré' there"):
        brat_sheet(tmp_path, ann.replace("8 13\tlivré", "8 13\tvendu"))
    sheet = brat_sheet(tmp_path, ann)
    assert sheet.id == "a"
    assert {(mark.id, mark.label) for mark in sheet.marks} == {
        ("T1", "ORG"),
        ("T3", "DATE"),
        ("T4", "launch"),
        ("E7", "deliveries"),
    }
    assert set(sheet.links) == {Link("E7", "T3", "period"), Link("E7", "T1", "subject"), Link("T4", "T1", "object")}
    assert next(mark.note for mark in sheet.marks if mark.id == "E7") == {"unit": "vehicle"}


BAD_LINES = [
    ("T1\tORG 2 99\tBYD", "line 1: '2 99' lie outside the text, which has 29 characters"),
    ("T1\tORG 5 2\tBYD", "line 1: '5 2' lie outside"),
    ("T1\tORG two 5\tBYD", "line 1: 'two 5' are no offsets"),
    ("T1\tORG -2 5\tBYD", "line 1: '-2 5' are no offsets"),
    ("T1\tORG 2 3;4 5\tB D", "line 1: a span in pieces that are not parted by line ends alone"),
    ("T1 ORG 2 5 BYD", "line 1: 'T1 ORG 2 5 BYD' cannot be kept"),
    ("\nN1\tReference T1 Wikipedia:1\tBYD", "line 2: 'N1"),
    ("*\tEquiv T1 T2", "cannot be kept"),
    ("A1\tCertainty T1 sure", "line 1: 'A1"),
    ("T1\tORG 2 5\tBYD\n#1\tAnnotatorNotes T1\tà vérifier", "line 2: no JSON"),
    ("T1\tORG 2 5\tBYD\n#1\tAnnotatorNotes T1\t[1]", "line 2: the note '[1]' is no JSON object"),
    ("#1\tAnnotatorNotes T9\t{}", "a.ann: a note or attribute of T9, which is not there"),
    ("E1\tsales:T9", "the trigger T9 of an event is no span"),
    ("E1\tsales", "line 1: 'sales' is no pair of type and id"),
    ("T1\tsales 2 5\tBYD\nE1\tsales:T1 subject:T8", "leads to 'T8', which is no mark"),
]


@pytest.mark.parametrize(("ann", "message"), BAD_LINES)
def test_brat_that_cannot_be_kept(ann: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(AnnotateError) as caught:
        brat_sheet(tmp_path, ann)
    assert message in str(caught.value)
    assert str(tmp_path / "a.ann") in str(caught.value)


def test_brat_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no brat annotations"):
        brat.read(tmp_path)
    (tmp_path / "a.ann").write_bytes(b"")
    with pytest.raises(AnnotateError, match=r"a\.ann: there is no a\.txt beside it"):
        brat.read(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"\xff")
    with pytest.raises(AnnotateError, match=r"a\.txt: no UTF-8: invalid start byte at byte 0"):
        brat.read(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "a.json").write_bytes(b"{")
    with pytest.raises(AnnotateError, match=r"a\.json: no JSON"):
        brat.read(tmp_path)


def test_brat_holds_no_span_with_a_line_break_at_its_end(tmp_path: Path) -> None:
    sheet = Sheet("a", "x\n", (Mark("m1", 0, 2, "ORG"),))
    with pytest.raises(AnnotateError, match="a: m1: begins or ends with a line break"):
        brat.write([sheet], tmp_path)
    assert list(tmp_path.iterdir()) == []


# ---- doccano


def test_doccano_lines(tmp_path: Path) -> None:
    doccano.write([SHEET, Sheet("b", "\u2028", (Mark("x", 0, 1, "DATE"),))], tmp_path)
    first, second = (tmp_path / "doccano.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == {
        "text": TEXT,
        "entities": [
            {"id": 1, "label": "ORG", "start_offset": 2, "end_offset": 5},
            {"id": 2, "label": "deliveries", "start_offset": 8, "end_offset": 28},
        ],
        "relations": [{"id": 1, "from_id": 2, "to_id": 1, "type": "subject"}],
        "autofacts": {
            "meta": {"id": "a", "lang": "fr"},
            "marks": [
                {"start": 2, "end": 5, "label": "ORG", "note": {"at": 0}, "choices": {}},
                {
                    "start": 8,
                    "end": 28,
                    "label": "deliveries",
                    "note": {"value": 4200, "unit": "vehicle"},
                    "choices": {"modality": "planned", "optional": "true"},
                },
            ],
        },
    }
    assert json.loads(second)["entities"][0]["id"] == 3


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"label": "sales"}, True),
        ({"end_offset": 20}, True),
        ({"start_offset": 0, "end_offset": 9}, True),
        ({"start_offset": 0, "end_offset": 8}, False),
        ({"label": "sales", "end_offset": 20}, False),
    ],
)
def test_doccano_notes_find_their_span(change: dict[str, Any], kept: bool, tmp_path: Path) -> None:
    doccano.write([SHEET], tmp_path)
    path = tmp_path / "doccano.jsonl"
    line = json.loads(path.read_text(encoding="utf-8"))
    line["entities"][1] |= {"id": 99, **change}
    line["relations"] = []
    path.write_text(json.dumps(line), encoding="utf-8")
    (sheet,) = doccano.read(path)
    assert sheet.marks[0].note == {"at": 0}
    assert (sheet.marks[1].note == SHEET.marks[1].note, sheet.marks[1].choices == SHEET.marks[1].choices) == (
        kept,
        kept,
    )


def test_doccano_lines_that_others_wrote(tmp_path: Path) -> None:
    line = {
        "id": 7,
        "text": "BYD",
        "entities": [{"id": 1, "label": "ORG", "start_offset": 0, "end_offset": 3}],
        "Comments": [],
    }
    (tmp_path / "all.jsonl").write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    (sheet,) = doccano.read(tmp_path / "all.jsonl")
    assert (sheet.id, sheet.surface(sheet.marks[0])) == ("all-1", "BYD")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: no JSON"),
        ("[]", "line 2: (all): Input should be"),
        ("{}", "line 2: text: Field required"),
        (
            '{"text": "x", "entities": [{"id": 1, "label": "ORG", "start_offset": 0, "end_offset": 2}]}',
            "line 2: mark 1 (ORG) runs from 0 to 2",
        ),
        (
            '{"text": "x", "entities": [{"id": 1, "label": "ORG", "start_offset": "0", "end_offset": 1}]}',
            "line 2: entities.0.start_offset",
        ),
        (
            '{"text": "x", "relations": [{"id": 1, "from_id": 1, "to_id": 2, "type": "subject"}]}',
            "leads to '1', which is no mark",
        ),
        ('{"text": "\\ud800"}', "line 2: the text holds half a character"),
        ("[" * 100_000, "line 2: JSON that nests too deep"),
    ],
)
def test_doccano_lines_that_cannot_be_kept(line: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(f'{{"text": "BYD"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(AnnotateError) as caught:
        doccano.read(tmp_path / "x.jsonl")
    assert message in str(caught.value)
    assert "x.jsonl" in str(caught.value)


# ---- Label Studio


@pytest.mark.parametrize(
    ("offsets", "places"), [(Offsets.UTF16, [(3, 6), (9, 29)]), (Offsets.CODE_POINTS, [(2, 5), (8, 28)])]
)
def test_label_studio_tasks(offsets: Offsets, places: list[tuple[int, int]], tmp_path: Path) -> None:
    label_studio.write([SHEET], tmp_path, offsets=offsets)
    (task,) = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert task["data"] == {"text": TEXT, "autofacts": {"offsets": offsets.value, "meta": {"id": "a", "lang": "fr"}}}
    (prediction,) = task["predictions"]
    results = prediction["result"]
    assert [(each["type"], each.get("from_name"), each.get("id")) for each in results] == [
        ("labels", "label", "m1"),
        ("textarea", "note", "m1"),
        ("labels", "label", "m2"),
        ("choices", "modality", "m2"),
        ("choices", "optional", "m2"),
        ("textarea", "note", "m2"),
        ("relation", None, None),
    ]
    # A line end in the text of a region is a backslash and an n, as Label Studio has it.
    fact = {"start": places[1][0], "end": places[1][1], "text": "livré\\n4 200 voitures"}
    assert results[2]["value"] == {**fact, "labels": ["deliveries"]}
    assert results[3]["value"] == {**fact, "choices": ["planned"]}
    assert (results[0]["value"]["start"], results[0]["value"]["end"]) == places[0]
    assert results[6] == {
        "type": "relation",
        "from_id": "m2",
        "to_id": "m1",
        "direction": "right",
        "labels": ["subject"],
    }


def test_the_labelling_interface_knows_all_labels_and_choices(tmp_path: Path) -> None:
    label_studio.write([], tmp_path)
    assert json.loads((tmp_path / "tasks.json").read_text()) == []
    view = ElementTree.fromstring((tmp_path / "interface.xml").read_text(encoding="utf-8"))
    assert {each.get("value") for each in view.iter("Label")} > set(fact_types())
    assert {each.get("name") for each in view.iter("Choices")} == {"modality", "polarity", "optional"}
    assert {each.get("value") for each in view.iter("Relation")} >= {"subject", "period"}
    assert {each.get("toName") for each in view if each.get("toName")} == {"text"}


def region(**value: Any) -> dict[str, Any]:
    return {"id": "r", "type": "labels", "from_name": "label", "value": {"labels": ["ORG"], **value}}


def label_studio_sheets(folder: Path, *results: dict[str, Any], **task: Any) -> tuple[list[Sheet], list[str]]:
    whole = {"id": 5, "data": {"text": TEXT}, "annotations": [{"result": results}], **task}
    (folder / "x.json").write_text(json.dumps([whole]), encoding="utf-8")
    return label_studio.read(folder / "x.json")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"start": 3, "end": 6, "text": "BYD"}, (2, 5)),
        ({"start": 3, "end": 6}, (2, 5)),
        ({"start": 2, "end": 5, "text": "BYD"}, (2, 5)),
        ({"start": 8, "end": 28, "text": "livré\\n4 200 voitures"}, (8, 28)),
        ({"start": 9, "end": 29, "text": "livré\n4 200 voitures"}, (8, 28)),
        ({"start": 0, "end": 2, "text": "🚗"}, (0, 1)),
        ({"start": 0, "end": 1, "text": "🚗"}, (0, 1)),
    ],
)
def test_a_region_says_which_count_it_is_in(value: dict[str, Any], place: tuple[int, int], tmp_path: Path) -> None:
    (sheet,), _ = label_studio_sheets(tmp_path, region(**value))
    assert sheet.id == "x-5"
    assert [(mark.start, mark.end) for mark in sheet.marks] == [place]


def test_a_relation_drawn_backwards(tmp_path: Path) -> None:
    other = {**region(start=9, end=14, text="livré"), "id": "f"}
    other["value"]["labels"] = ["deliveries"]
    relation = {"type": "relation", "from_id": "r", "to_id": "f", "direction": "left", "labels": ["subject"]}
    (sheet,), _ = label_studio_sheets(tmp_path, region(start=3, end=6, text="BYD"), other, relation)
    assert sheet.links == (Link("f", "r", "subject"),)


def test_which_annotation_of_a_task_counts(tmp_path: Path) -> None:
    one, two = ({"result": [region(start=3, end=end, text=text)]} for end, text in ((6, "BYD"), (4, "B")))
    (sheet,), untouched = label_studio_sheets(tmp_path, annotations=[one, {**two, "ground_truth": True}])
    assert ([sheet.surface(mark) for mark in sheet.marks], untouched) == (["B"], [])
    (sheet,), _ = label_studio_sheets(tmp_path, annotations=[one, {**two, "was_cancelled": True}])
    assert [sheet.surface(mark) for mark in sheet.marks] == ["BYD"]
    assert label_studio_sheets(tmp_path, annotations=[]) == ([], ["x-5"])
    with pytest.raises(AnnotateError, match="task x-5: 2 annotations; mark one as ground truth"):
        label_studio_sheets(tmp_path, annotations=[one, two])


NOTE = {"id": "r", "type": "textarea", "from_name": "note"}
BAD_REGIONS = [
    (region(start=3, end=6, text="Kia"), "region r: the text says 'BYD' there, not 'Kia'"),
    (region(start=1, end=6), "region r: offset 1 lies inside a character"),
    (region(start=3, end=99), "region r: offset 99 lies outside the text"),
    (region(start=3), "region r: no start or no end"),
    (region(start=3, end=6, labels=["ORG", "PLACE"]), "region r: labels label cannot be kept"),
    ({"id": "r", "type": "rating", "from_name": "stars", "value": {}}, "region r: rating stars cannot be kept"),
    ({"id": "r", "type": "choices", "from_name": "mood", "value": {"choices": ["x"]}}, "choices mood cannot be kept"),
    ({**NOTE, "value": {"text": ["unsure"]}}, "region r: no JSON"),
    ({**NOTE, "value": {"text": "3"}}, "region r: the note '3' is no JSON object"),
    ({"type": "relation", "from_id": "r", "to_id": "s", "labels": []}, "the relation from r to s has no label"),
]


@pytest.mark.parametrize(("result", "message"), BAD_REGIONS)
def test_regions_that_cannot_be_kept(result: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(AnnotateError) as caught:
        label_studio_sheets(tmp_path, result)
    assert message in str(caught.value)
    assert f"{tmp_path / 'x.json'}: task x-5: " in str(caught.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{", "no JSON: "),
        ("{}", "(all): Input should be a valid list"),
        ('[{"data": {}}]', "0.data.text: Field required"),
        ('[{"data": {"text": "x"}, "annotations": [{}]}]', "0.annotations.0.result: Field required"),
    ],
)
def test_files_that_are_no_export_of_label_studio(source: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(source, encoding="utf-8")
    with pytest.raises(AnnotateError) as caught:
        label_studio.read(tmp_path / "x.json")
    assert str(caught.value).startswith(f"{tmp_path / 'x.json'}: {message}")


# ---- the commands


def run(*args: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["annotate", *map(str, args)], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return " ".join(result.stderr.split())


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    brat.write([Sheet("a", "", meta={"id": "a", "lang": "fr"})], tmp_path / "in")
    args = ("import", tmp_path / "in", tmp_path / "out", "--format", "brat")
    assert run(*args) == f"1 articles; see {tmp_path / 'out'}"
    assert run(*args, code=2) == f"autofacts: {tmp_path / 'out' / 'a.yaml'} is there already"
    run(*args, "--overwrite")
    run(*args, "--to", "gold")
    assert json.loads((tmp_path / "out" / "a.json").read_text())["lang"] == "fr"


def test_an_import_with_a_fault_writes_nothing(tmp_path: Path) -> None:
    good, bad = Sheet("a", "x", meta={"id": "a"}), Sheet("b", "x", (Mark("m", 0, 1, "FIRM"),), meta={"id": "b"})
    brat.write([good, bad], tmp_path / "in")
    said = run("import", tmp_path / "in", tmp_path / "out", "--format", "brat", code=2)
    assert said == f"autofacts: {tmp_path / 'in'}: b: mark T1 (FIRM, 0 to 1): unknown label 'FIRM'"
    assert not (tmp_path / "out").exists()


def test_gold_needs_a_language(tmp_path: Path) -> None:
    brat.write([Sheet("a", "x")], tmp_path / "in")
    args = ("import", tmp_path / "in", tmp_path / "out", "--format", "brat")
    assert "gold says the article's language" in run(*args, "--to", "gold", code=2)
    run(*args)
    assert (tmp_path / "out" / "a.yaml").exists()


def test_articles_that_stand_twice_and_tasks_that_nobody_did(tmp_path: Path) -> None:
    doccano.write([Sheet("a", "x", meta={"id": "a"})] * 2, tmp_path / "in")
    args = ("import", tmp_path / "in" / "doccano.jsonl", tmp_path / "out", "--format", "doccano")
    assert "article a stands twice" in run(*args, code=2)
    label_studio.write([SHEET], tmp_path / "in")
    args = ("import", tmp_path / "in" / "tasks.json", tmp_path / "out", "--format", "label-studio")
    assert run(*args) == f"0 articles, 1 not annotated yet; see {tmp_path / 'out'}"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("export", "EMPTY", "OUT", "--format", "brat"), "no gold articles (*.json) in"),
        (("export", "EMPTY", "OUT", "--format", "word"), "'word' is not one of"),
        (("export", "EMPTY/nowhere", "OUT", "--format", "brat"), "does not exist"),
        (("import", "EMPTY", "OUT", "--format", "brat"), "no brat annotations (*.ann) in"),
        (("import", "EMPTY", "OUT", "--format", "doccano"), "Is a directory"),
        (("export", "GOLD", "OUT", "--format", "brat"), "a.json: there is no"),
    ],
)
def test_what_cannot_be_done_is_said(args: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "gold").mkdir()
    gold = {"id": "a", "lang": "fr", "published": None, "facts": [], "entities": [], "dates": []}
    (tmp_path / "gold" / "a.json").write_text(json.dumps(gold), encoding="utf-8")
    places = {"EMPTY": "empty", "OUT": "out", "GOLD": "gold", "EMPTY/nowhere": "empty/nowhere"}
    said = run(*(tmp_path / places[arg] if arg in places else arg for arg in args), code=2)
    assert message in said
    assert not (tmp_path / "out").exists()
