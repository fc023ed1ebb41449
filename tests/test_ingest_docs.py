"""docs/inputs.md: its commands are run as they stand there, and its table of fields is that of the code."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import fsspec
import pytest
from made_inputs import gz, json_lines, tar_file, zip_file, zst
from stand_in import use_stand_in
from test_ingest_formats import FRENCH, GOOD
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.ingest import Fields
from pipeline.ingest.kinds import _COMPRESSIONS, _LAYOUTS, _SHORT

PAGE = (Path(__file__).parents[1] / "docs" / "inputs.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for line in block.splitlines()]
FOLDER = Path("/tmp/autofacts-news")
NESTED = {"guid": "a", "title": {"rendered": "Un titre"}, "content": {"rendered": f"<p>{FRENCH}</p>"}}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that has all the files that the page names."""
    use_stand_in(monkeypatch)
    monkeypatch.chdir(tmp_path)
    names = {"d.": "dump.", "a.": "news/a.", "2024-10-03-a.": "news/2024-10-03-a."}
    for name, data in GOOD.items():
        head, _, tail = name.partition(".")
        path = tmp_path / f"{names.get(f'{head}.', head)}{tail}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    others = {
        "flux.rss": GOOD["d.rss"],
        "flux.atom": GOOD["d.atom"],
        "crawl.warc.gz": GOOD["d.warc.gz"],
        "api.jsonl": json_lines([NESTED]),
        "dump.jsonl.gz": gz(GOOD["d.jsonl"]),
        "dump.csv.zst": zst(GOOD["d.csv"]),
        "news.zip": zip_file({"a.txt": GOOD["a.txt"]}),
        "news.tar.gz": gz(tar_file({"a.txt": GOOD["a.txt"]})),
    }
    for name, data in others.items():
        (tmp_path / name).write_bytes(data)
    shutil.copytree(tmp_path / "news", tmp_path / "archive")
    memory = fsspec.filesystem("memory")
    memory.pipe({"/news/a.txt": GOOD["a.txt"]})
    yield tmp_path
    memory.rm("/news", recursive=True)


def test_every_command_runs(place: Path) -> None:
    assert len(COMMANDS) >= 18
    for command in COMMANDS:
        line, _, stdin = command.partition(" < ")
        words = [word.replace(str(FOLDER), str(place / "news")) for word in shlex.split(line)]
        program, *args = words
        assert program == "autofacts"
        shutil.rmtree(place / "out", ignore_errors=True)
        result = CliRunner().invoke(app, args, input=(place / stdin).read_bytes() if stdin else None)
        assert result.exit_code == 0, f"{command}: {result.output}"
        if args[0] == "extract":
            assert (place / "out" / "articles.jsonl").read_bytes(), command
            assert not (place / "out" / "errors.jsonl").read_bytes(), command


def test_the_fields_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"\| `--(\w+)-field` \| (.*) \|", PAGE))
    assert {field: tuple(re.findall(r"`(\w+)`", names)) for field, names in rows.items()} == asdict(Fields())


@pytest.mark.parametrize("extension", [*_LAYOUTS, *_COMPRESSIONS, *_SHORT])
def test_every_extension_is_on_the_page(extension: str) -> None:
    assert f"`{extension}`" in PAGE


def test_every_option_is_on_the_page_or_in_the_readme() -> None:
    words = CliRunner().invoke(app, ["inputs", "--help"], env={"COLUMNS": "200"}).output
    for option in set(re.findall(r"--[a-z]+(?:-[a-z]+)*", words)) - {"--help"}:
        assert option in PAGE, option


# ---- autofacts inputs


def rows(*args: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(app, ["inputs", *args, "--json"])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_overview_has_a_line_a_collection_and_a_line_a_kind(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "photo.jpg", ".hidden"):
        (tmp_path / name).write_bytes(GOOD["a.txt"])
    (tmp_path / "d.jsonl.gz").write_bytes(gz(GOOD["d.jsonl"] + b"broken\n"))
    (tmp_path / "d.parquet").write_bytes(GOOD["d.parquet"])
    (tmp_path / "x.zip").write_bytes(zip_file({"a.txt": GOOD["a.txt"], "b.jpg": b"x"}))
    keys = ("source", "format", "compression", "files", "articles", "errors", "note")
    found = [tuple(row[key] for key in keys) for row in rows(str(tmp_path))]
    assert found == [
        (f"{tmp_path}/d.jsonl.gz", "json lines", "gzip", 1, None, None, ""),
        (f"{tmp_path}/d.parquet", "parquet", "", 1, 1, None, ""),
        (f"{tmp_path}/x.zip", "zip", "", 1, None, None, ""),
        (f"{tmp_path}/.hidden", "", "", 1, 0, None, "passed over: hidden"),
        (f"{tmp_path}/", "text", "", 2, 2, None, ""),
        (f"{tmp_path}/photo.jpg", "", "", 1, 0, None, "passed over: no known kind"),
    ]
    counted = {str(row["source"]).removeprefix(f"{tmp_path}/"): row for row in rows(str(tmp_path), "--count")}
    assert [counted["d.jsonl.gz"][key] for key in ("articles", "errors", "note")] == [1, 1, "format (1)"]
    assert [counted["x.zip"][key] for key in ("articles", "errors", "note")] == [1, 0, "passed over: no known kind (1)"]


def test_the_overview_is_a_table_for_people(tmp_path: Path) -> None:
    (tmp_path / "[b].csv").write_bytes(GOOD["d.csv"])
    result = CliRunner().invoke(app, ["inputs", str(tmp_path)], env={"COLUMNS": "200"})
    assert "[b].csv" in result.stdout
    assert CliRunner().invoke(app, ["inputs", str(tmp_path / "nowhere")]).exit_code == 2
