"""The commands: what they write, what they say, and with which code they end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest
from stand_in import FAILURE, SENTENCE, use_stand_in
from typer.testing import CliRunner, Result

from pipeline import __version__
from pipeline.cli import app
from pipeline.emit import fact_schema

DUTCH = "Renault verkocht vorig kwartaal meer auto's in Nederland dan een jaar eerder."


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    use_stand_in(monkeypatch)
    monkeypatch.setenv("COLUMNS", "200")
    return Run()


class Run:
    """Runs `autofacts` with the stand-in for the extractor."""

    def __call__(self, *args: str | Path, stdin: str | bytes | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "below").mkdir(parents=True)
    (folder / "a.txt").write_text(f" date 2024-10 {SENTENCE}", encoding="utf-8")
    (folder / "below" / "b.md").write_text(f"---\ntitle: Un titre\n---\n{SENTENCE}", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"")
    (folder / "d.txt").write_text(f"{FAILURE} : {SENTENCE}", encoding="utf-8")
    (folder / "e.txt").write_text(DUTCH, encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


def lines(path: Path) -> Iterator[dict[str, object]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


# ---- extract


def test_extract_writes_facts_articles_and_errors(run: Run, folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "deep" / "out"
    result = run("extract", folder, "--output", output)
    assert result.stdout == ""
    assert f"2 articles, 2 facts, 3 errors (1 other files passed over); see {output}" in result.stderr
    written = [".autofacts", "articles.jsonl", "errors.jsonl", "facts.jsonl", "run.json"]
    assert sorted(path.name for path in output.iterdir()) == written
    assert [(fact["article_id"], fact["published"]) for fact in lines(output / "facts.jsonl")] == [
        ("a", "2024-10"),
        ("b", None),
    ]
    assert [(Path(str(e["path"])).name, e["reason"]) for e in lines(output / "errors.jsonl")] == [
        ("c.txt", "empty"),
        ("d.txt", "internal"),
        ("e.txt", "language"),
    ]
    assert [article["id"] for article in lines(output / "articles.jsonl")] == ["a", "b"]


def test_every_fact_fits_the_schema_and_its_offsets_the_article(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    run("extract", folder, "--output", tmp_path)
    validator = jsonschema_rs.validator_for(fact_schema())
    texts = {article["id"]: str(article["text"]) for article in lines(tmp_path / "articles.jsonl")}
    for fact in lines(tmp_path / "facts.jsonl"):
        validator.validate(fact)
        (evidence,) = fact["evidence"]  # type: ignore[misc]
        assert texts[fact["article_id"]][evidence["start"] : evidence["end"]] == evidence["text"]  # type: ignore[index]


def test_a_second_run_writes_the_same_bytes(run: Run, folder: Path, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        run("extract", folder, "--output", tmp_path / name)
        written.append({path.name: path.read_bytes() for path in (tmp_path / name).glob("*.jsonl")})
    assert written[0] == written[1]


def test_rejections_and_explanations_are_written_on_demand_only(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    run("extract", folder, "--output", tmp_path / "out", "--rejections", "--explain")
    assert [r["reason"] for r in lines(tmp_path / "out" / "rejections.jsonl")] == ["no_subject"] * 2
    assert [e["trace"] for e in lines(tmp_path / "out" / "explanations.jsonl")] == [["rule 1", "trigger"]] * 2
    run("extract", folder, "--output", tmp_path / "out")
    assert not (tmp_path / "out" / "rejections.jsonl").exists()
    assert not (tmp_path / "out" / "explanations.jsonl").exists()


def test_options_serve_articles_that_do_not_say(run: Run, folder: Path, tmp_path: Path) -> None:
    run(
        "extract",
        folder,
        "--output",
        tmp_path / "out",
        "--published",
        "2020-01-02",
        "--lang",
        "fr",
        "--max-bytes",
        "85",
    )
    origins = [(a["id"], a["published"], a["published_origin"]) for a in lines(tmp_path / "out" / "articles.jsonl")]
    assert origins == [("a", "2024-10", "head"), ("e", "2020-01-02", "option")]
    assert [e["reason"] for e in lines(tmp_path / "out" / "errors.jsonl")] == ["empty", "internal", "too_large"]


def test_standard_input_is_extracted(run: Run, tmp_path: Path) -> None:
    run("extract", "-", "--output", tmp_path, stdin=SENTENCE)
    assert [a["id"] for a in lines(tmp_path / "articles.jsonl")] == ["stdin"]


def test_files_of_errors_alone_are_no_usage_error(run: Run, folder: Path, tmp_path: Path) -> None:
    assert "0 articles, 0 facts, 1 errors" in run("extract", folder / "c.txt", "--output", tmp_path).stderr


def test_a_large_file_is_not_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    run("extract", path, "--output", tmp_path / "out")
    assert [e["reason"] for e in lines(tmp_path / "out" / "errors.jsonl")] == ["too_large"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["extract", "IN"], "Missing option '--output'"),
        (["extract", "--output", "OUT"], "Missing argument"),
        (["extract", "IN", "--output", "OUT", "--bogus"], "No such option: --bogus"),
        (["extract", "IN/nowhere", "--output", "OUT"], "there is no"),
        (["extract", "IN", "--output", "IN/a.txt"], "is not a folder"),
        (["extract", "IN", "--output", "IN/a.txt/out"], "cannot write to"),
        (["extract", "EMPTY", "--output", "OUT"], "nothing to read in"),
        (["extract", "IN", "--output", "OUT", "--lang", "xx"], "no pack for 'xx'; there are: "),
        (["extract", "IN", "--output", "OUT", "--published", "hier"], "'hier' is no ISO date"),
        (["extract", "IN", "--output", "OUT", "--max-bytes", "0"], "--max-bytes"),
        (["show", "IN"], "is a folder"),
        (["show", "IN/c.txt"], "empty: the file is empty"),
        (["show", "IN/d.txt"], "internal: RuntimeError: the rules failed"),
        (["show", "IN/nowhere"], "there is no"),
        (["evaluate", "--gold", "IN/nowhere", "--facts", "IN/nowhere"], "autofacts:"),
        (["bogus"], "No such command"),
    ],
)
def test_what_cannot_be_done_as_given_is_said_with_code_2(
    run: Run, folder: Path, tmp_path: Path, args: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"IN": folder, "OUT": tmp_path / "out", "EMPTY": tmp_path / "empty"}
    given = [str(places[arg]) if arg in places else arg.replace("IN/", f"{folder}/") for arg in args]
    assert message in " ".join(run(*given, code=2).stderr.split())
    assert not (tmp_path / "out").exists()


# ---- detect


def test_detect_answers_each_line_under_its_id(run: Run) -> None:
    asked = [
        {"id": "x", "text": SENTENCE, "lang": "fr", "published": "2024-10-03"},
        {"id": 2, "text": f"{SENTENCE}\u2028{SENTENCE}"},
        {"id": 3, "text": "", "lang": "fr"},
    ]
    result = run("detect", stdin="\n\n".join(json.dumps(line) for line in asked))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(answer) for answer in answers] == [["id", "dates", "numbers", "quantities", "entities"]] * 3
    assert [answer["id"] for answer in answers] == ["x", 2, 3]
    assert answers[0]["quantities"][0] == {
        "start": 16,
        "end": 40,
        "text": "plus de 20 000 véhicules",
        "value": 20000,
        "low": None,
        "high": None,
        "unit": "vehicle",
        "qualifier": "more_than",
        "per": None,
    }
    assert answers[2] == {"id": 3, "dates": [], "numbers": [], "quantities": [], "entities": []}


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("nonsense", (None, "Expecting value: line 1 column 1 (char 0)")),
        ("[1]", (None, "the line is no JSON object")),
        ('{"id": "x"}', ("x", 'the line has no string "text"')),
        ('{"id": ["x"], "text": ""}', (None, '"id" is neither a string nor a number')),
        ('{"id": 1, "text": "T", "lang": "xx"}', (1, "the language is 'xx', for which there is no pack")),
        (
            '{"id": 1, "text": "T", "published": "hier"}',
            (1, "\"published\" is no ISO day, month or year: 'hier'"),
        ),
        (json.dumps({"id": 1, "text": FAILURE, "lang": "fr"}), (1, "RuntimeError: the rules failed")),
        (b'{"id": 1, "text": "\xff"}', (None, "'utf-8' codec can't decode byte 0xff")),
    ],
)
def test_a_bad_line_is_answered_and_the_next_one_worked_on(
    run: Run, line: str | bytes, answer: tuple[object, str]
) -> None:
    bad = line if isinstance(line, bytes) else line.encode()
    good = json.dumps({"id": "good", "text": SENTENCE, "lang": "fr"}).encode()
    first, second = run("detect", stdin=bad + b"\n" + good).stdout.splitlines()
    found = json.loads(first)
    assert list(found) == ["id", "error"]
    assert found["id"] == answer[0]
    assert found["error"].startswith(answer[1])
    assert json.loads(second)["id"] == "good"


def test_lone_surrogates_do_not_shift_offsets(run: Run) -> None:
    result = run("detect", stdin=r'{"id": "\ud800", "text": "\udfff Renault 2024", "lang": "fr"}')
    found = json.loads(result.stdout)
    assert found["id"] == "\ufffd"
    assert (found["dates"][0]["start"], found["entities"][0]["start"]) == (10, 2)


# ---- the other commands


def test_show_prints_the_article_and_its_facts(run: Run, folder: Path) -> None:
    result = run("show", folder / "a.txt")
    assert SENTENCE in result.stdout
    assert "more_than 20\u202f000 vehicle" in result.stdout


def test_schema_prints_the_json_schema_of_a_fact(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    assert schema == fact_schema()
    jsonschema_rs.meta.validate(schema)


def test_evaluate_prints_a_report_or_its_json(run: Run, folder: Path, tmp_path: Path) -> None:
    run("extract", folder, "--output", tmp_path / "out")
    gold = {"id": "a", "lang": "fr", "published": "2024-10", "facts": [], "entities": [], "dates": []}
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.json").write_text(json.dumps(gold), encoding="utf-8")
    args = ("evaluate", "--gold", tmp_path / "gold", "--facts", tmp_path / "out" / "facts.jsonl")
    assert run(*args).stdout.startswith("1 articles, 0 gold facts")
    assert json.loads(run(*args, "--json").stdout)["facts"]["core"]["fp"] == 1
    assert "| sales |" in run(*args, "--errors").stdout


@pytest.fixture
def judged(run: Run, folder: Path, tmp_path: Path) -> Path:
    """A folder with gold of one article without facts, in split dev, its text, and a run that has one fact of it."""
    run("extract", folder, "--output", tmp_path / "out")
    gold = {"id": "a", "lang": "fr", "published": "2024-10", "facts": [], "entities": [], "dates": []}
    for name in ("gold", "articles"):
        (tmp_path / name).mkdir()
    (tmp_path / "gold" / "a.json").write_text(json.dumps(gold), encoding="utf-8")
    (tmp_path / "articles" / "a.md").write_text(f"---\ntitle: Un titre\n---\n{SENTENCE}", encoding="utf-8")
    (tmp_path / "splits.toml").write_text('[splits]\ndev = ["a"]\n', encoding="utf-8")
    return tmp_path


def test_evaluate_extracts_the_articles_itself(run: Run, judged: Path) -> None:
    args = ("evaluate", "--gold", judged / "gold", "--split", "dev")
    report = json.loads(run(*args, "--articles", judged / "articles", "--json").stdout)
    assert (report["split"], report["facts"]["core"]["fp"], report["dates"]["fp"]) == ("dev", 1, 1)
    assert "give one of --facts and --articles" in run(*args, code=2).stderr
    (judged / "articles" / "a.md").write_text(f"---\nlang: fr\n---\n{FAILURE}", encoding="utf-8")
    failed = run(*args, "--articles", judged / "articles")
    assert "internal: RuntimeError: the rules failed; judged as without facts" in " ".join(failed.stderr.split())
    assert failed.stdout.startswith("1 articles of split dev, 0 gold facts and 0 optional ones, 0 predicted")


def test_evaluate_writes_a_page(run: Run, judged: Path) -> None:
    page = judged / "deep" / "report.html"
    run("evaluate", "--gold", judged / "gold", "--facts", judged / "out" / "facts.jsonl", "--html", page)
    assert "plus de 20 000 véhicules" in page.read_text(encoding="utf-8")


def test_the_gate_pins_fails_and_does_not_lower(run: Run, judged: Path) -> None:
    floors = judged / "baseline.json"
    args = ["evaluate", "--gold", judged / "gold", "--facts", judged / "out" / "facts.jsonl", "--baseline", floors]
    assert "baseline.json" in run(*args, code=2).stderr  # there is none yet
    run(*args, "--update-baseline")
    assert "dates_f1" in run(*args).stderr
    pinned = json.loads(floors.read_text())
    floors.write_text(json.dumps(pinned | {"floors": pinned["floors"] | {"core_f1": 0.9}}))
    fallen = run(*args, code=1).stderr
    assert "BELOW ITS FLOOR" in fallen
    assert "below the floors of" in fallen
    assert "not lowered unless told to: core_f1" in " ".join(run(*args, "--update-baseline", code=2).stderr.split())
    run(*args, "--update-baseline", "--allow-lower")
    assert json.loads(floors.read_text()) == pinned
    assert "needs --baseline" in run(*args[:-2], "--update-baseline", code=2).stderr


def test_compare_prints_two_runs_side_by_side(run: Run, judged: Path) -> None:
    (judged / "none").mkdir()
    (judged / "none" / "facts.jsonl").write_text("", encoding="utf-8")
    args = ("compare", judged / "out", judged / "none", "--gold", judged / "gold")
    assert "won 1, lost 0, mixed 0" in run(*args).stdout
    assert json.loads(run(*args, "--json").stdout)["changes"][0]["outcome"] == "won"
    assert "autofacts:" in run("compare", judged, judged, "--gold", judged / "gold", code=2).stderr


def test_version_is_the_packages(run: Run) -> None:
    first, *rest = run("--version").stdout.splitlines()
    assert first == f"autofacts {__version__}"
    assert {"language fr", "names", "ontology", "units"} <= {line.rpartition(" ")[0] for line in rest}


@pytest.mark.parametrize("module", ["pipeline", "pipeline.cli"])
def test_importing_waits_for_no_heavy_library(module: str) -> None:
    heavy = (
        "pydantic trafilatura charset_normalizer ftfy py3langid dateparser scipy numpy yaml markdown_it jinja2 spacy"
    )
    code = f"import sys, {module}; print(*({{*{heavy.split()!r}}} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_packages_function_is_not_hidden_by_its_module() -> None:
    code = (
        "import pipeline.extract, pipeline; from pipeline import extract; assert callable(extract);"
        "assert extract is pipeline.extract and pipeline.Span and 'Extractor' in dir(pipeline)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
