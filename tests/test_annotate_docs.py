"""docs/annotating.md: its commands are run, in order, as they stand there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from small_corpus import put_annotation, put_article
from typer.testing import CliRunner

from pipeline.annotate.sheet import CHOICES, MENTIONS, ROLES
from pipeline.cli import app
from pipeline.corpus import build_corpus

PAGE = (Path(__file__).parents[1] / "docs" / "annotating.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for line in block.splitlines()]


def test_every_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put_article(tmp_path, "a")
    put_article(tmp_path / "corpus", "b")
    put_annotation(tmp_path / "corpus", "b")
    build_corpus(tmp_path / "corpus")
    assert len(COMMANDS) >= 8
    for command in COMMANDS:
        program, *args = shlex.split(command)
        assert program == "autofacts"
        result = CliRunner().invoke(app, args)
        assert result.exit_code == 0, f"{command}: {result.output}"
        if "--format label-studio" in command and "export" in args:
            # What Label Studio exports once somebody has submitted the predictions.
            tasks = json.loads((tmp_path / "tasks" / "tasks.json").read_text(encoding="utf-8"))
            for task in tasks:
                task["annotations"] = [{"result": task.pop("predictions")[0]["result"]}]
            (tmp_path / "label-studio.json").write_text(json.dumps(tasks), encoding="utf-8")
    assert (tmp_path / "annotations" / "a.yaml").is_file()
    original = (tmp_path / "corpus" / "gold" / "b.json").read_bytes()
    assert (tmp_path / "gold" / "b.json").read_bytes() == original


def test_every_option_is_on_the_page() -> None:
    for command in ("export", "import"):
        words = CliRunner().invoke(app, ["annotate", command, "--help"], env={"COLUMNS": "200"}).output
        for option in set(re.findall(r"--[a-z]+", words)) - {"--help"}:
            assert option in PAGE, option


@pytest.mark.parametrize("name", [*MENTIONS, *ROLES, *CHOICES])
def test_every_label_role_and_choice_is_on_the_page(name: str) -> None:
    assert name in PAGE
