"""What the README says holds: its commands exist, its options are known, its example is what comes out."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipeline.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.S)
    for line in block.splitlines()
]
INLINE = [code for code in re.findall(r"`([^`\n]+)`", README) if code.startswith(("autofacts ", "make "))]
COMMANDS = sorted({line for line in SHELL + INLINE if line})


def example(name: str) -> str:
    match = re.search(rf"<!-- example {name} -->\n```\w+\n(.*?)```", README, re.S)
    assert match, name
    return match.group(1)


def known_options(*words: str) -> set[str]:
    """The options of a command, which may be one of a group ("corpus", "build")."""
    command = get_command(app)
    for word in words:
        if word not in getattr(command, "commands", {}):
            break
        command = command.commands[word]  # type: ignore[attr-defined]
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("make ")])
def test_make_targets_exist(line: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    assert set(line.split()[1:]) <= set(targets)


@pytest.mark.parametrize("line", [line for line in COMMANDS if "autofacts" in line])
def test_commands_and_their_options_exist(line: str) -> None:
    _, *words = shlex.split(line)
    options = {word for word in words if re.match(r"--\w", word)} - {"--help"}
    assert words[0] in get_command(app).commands  # type: ignore[attr-defined]
    assert options <= known_options(*words)


@pytest.mark.parametrize(
    "command",
    [
        *("extract", "inputs", "watch", "status", "export", "query", "load", "consolidate", "report"),
        *("detect", "show", "schema", "serve"),
        *("evaluate", "compare", "corpus", "annotate", "train"),
    ],
)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert any(line.split()[1] == command for line in COMMANDS if "autofacts" in line)


def test_every_option_of_extract_is_in_the_readme() -> None:
    assert not [
        option
        for option in known_options("extract")
        if option.startswith("--") and f"`{option}" not in README and f" {option}" not in README
    ]


def test_the_example_is_what_comes_out(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(example("input"), encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(article), "--output", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    lines = (tmp_path / "out" / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(example("output"))]


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(example("python"), {})
    assert capsys.readouterr().out


def test_the_error_codes_of_the_readme_are_those_of_the_code() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipeline").rglob("*.py"))
    codes = set(re.findall(r'IngestError\(\s*"(\w+)"', source))
    codes |= {
        word for found in re.findall(r"reason = (.*)", source) for word in re.findall(r'"(\w+)"', found)
    }
    codes |= set(re.findall(r'ErrorRecord\([^)]*reason="(\w+)"', source))
    section = README[README.index("What cannot be read is one line") :]
    assert codes
    assert not {code for code in codes if f"`{code}`" not in section}
