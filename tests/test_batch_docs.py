"""What docs/batches.md and docs/cluster.md say holds: their commands run, or at least exist with their options."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipeline.cli import app

ROOT = Path(__file__).parents[1]
BATCHES = (ROOT / "docs" / "batches.md").read_text(encoding="utf-8")
CLUSTER = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    inline = [code for code in re.findall(r"`([^`\n]+)`", text) if code.startswith("autofacts ")]
    lines = [line for block in blocks for line in block.splitlines()] + inline
    return sorted({line for line in lines if line.startswith("autofacts ")})


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with the folder `articles` that the pages speak of."""
    (tmp_path / "articles").mkdir()
    for path in sorted((ROOT / "corpus" / "articles").glob("fr-b0*.md"))[:3]:
        shutil.copy(path, tmp_path / "articles")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("line", commands(BATCHES) + commands(CLUSTER))
def test_commands_and_their_options_exist(line: str) -> None:
    _, name, *words = shlex.split(line)
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.usefixtures("articles")
def test_the_commands_of_the_page_do_what_it_says() -> None:
    said = []
    for block in re.findall(r"<!-- run -->\n```sh\n(.*?)```", BATCHES, re.S):
        for line in block.splitlines():
            result = CliRunner().invoke(app, shlex.split(line)[1:])
            assert result.exit_code == 0, result.output
            said.append(result.output)
    first, status, again = said
    assert "3 articles" in first
    shown = re.findall(r"^(\w+)  ", re.search(r"```text\n(.*?)```", BATCHES, re.S).group(1), re.M)  # type: ignore[union-attr]
    assert shown == [word for word in re.findall(r"^(\w+)  ", status, re.M) if word in shown]
    assert "0 extracted now, 3 known" in again


@pytest.mark.usefixtures("articles")
def test_the_python_example_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = re.search(r"<!-- example python -->\n```python\n(.*?)```", BATCHES, re.S)
    assert code
    (tmp_path / "example.py").write_text(code.group(1), encoding="utf-8")
    runpy.run_path(str(tmp_path / "example.py"), run_name="__main__")
    assert re.fullmatch(r"3 articles, \d+ facts\n", capsys.readouterr().out)


def test_every_option_of_a_run_is_in_the_page() -> None:
    from pipeline.cli import running

    names = [name for name in vars(running) if name.endswith("Option")]
    flags = {re.sub(r"(?<!^)([A-Z])", r"-\1", name.removesuffix("Option")).lower() for name in names}
    assert not {flag for flag in flags if f"--{flag}" not in BATCHES}
