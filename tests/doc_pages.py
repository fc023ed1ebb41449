"""Pages of documentation carried out: files that they show are written, commands and programs run, outputs compared.

- A fenced block with a title (```toml title="articles/a.toml") is put at the end of the file of that name.
- A line of an `sh` block is run: `autofacts` in this process, tools such as `cp` in a shell. What sets a machine
  up (`make`, `pip`) is not run; it must exist.
- A `python` block is executed, with the names of those before it.
- A `text` or `json` block right behind one of these, without a title, is what it prints.

With UPDATE_DOCS=1 what is printed now is written into the page.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from pipeline.cli import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.M | re.S)
TOOLS = ("cat", "cp", "head", "ls", "mkdir", "sed", "split")
RUN = ("sh", "python")
Program = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that its title names, its content and where that stands in the page."""

    language: str
    title: str | None
    content: str
    start: int
    end: int


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page that name a language, in order."""
    for match in FENCE.finditer(page):
        yield Block(match[1], match[2], match[3], match.start(3), match.end(3))


def steps(page: str) -> Iterator[tuple[Block, Block | None]]:
    """Each block that is to be carried out, with the block of its output where it has one."""
    found = list(blocks(page))
    for index, block in enumerate(found):
        if block.title or block.language in RUN:
            behind = found[index + 1] if index + 1 < len(found) else None
            shown = (
                behind is not None
                and behind.language in ("text", "json")
                and not behind.title
                and not page[block.end : behind.start].replace("`", "").replace(behind.language, "").strip()
            )
            yield block, behind if shown else None


def carry_out(path: Path, folder: Path, programs: Mapping[str, Program] | None = None) -> None:
    """Carry out the page `path` in `folder`; fails where a command fails or prints something else than is shown.

    `programs` are called with the words of their lines instead of being run, and give what they print.
    """
    page = path.read_text(encoding="utf-8")
    known = {"autofacts": autofacts, "make": _make, "pip": _pip, **(programs or {})}
    names: dict[str, object] = {"__name__": "__main__"}
    outdated: list[tuple[Block, str]] = []
    with contextlib.chdir(folder):
        for block, shown in steps(page):
            if block.title:
                printed = _append(Path(block.title), block.content)
            elif block.language == "sh":
                printed = "".join(_run(line, known) for line in _lines(block.content))
            else:
                with contextlib.redirect_stdout(io.StringIO()) as output:
                    exec(compile(block.content, str(path), "exec"), names)
                printed = output.getvalue()
            if shown and (clean := tidy(printed)) != shown.content:
                outdated.append((shown, clean))
    if outdated and os.environ.get("UPDATE_DOCS"):
        for block, printed in reversed(outdated):
            page = page[: block.start] + printed + page[block.end :]
        path.write_text(page, encoding="utf-8")
        return
    assert [printed for _, printed in outdated] == [block.content for block, _ in outdated], (
        f"{path.name} is not up to date: run this test with UPDATE_DOCS=1"
    )


def holds(path: Path, name: str, content: str) -> None:
    """The page has `content` between `<!-- name -->` and `<!-- end of name -->`; with UPDATE_DOCS it is put there."""
    page = path.read_text(encoding="utf-8")
    before, mark, rest = page.partition(f"<!-- {name} -->\n")
    held, closing, after = rest.partition(f"<!-- end of {name} -->")
    assert mark, f"{path.name} has no {name}"
    assert closing, f"{path.name} has no end of {name}"
    wanted = f"\n{content.strip()}\n\n"
    if held != wanted and os.environ.get("UPDATE_DOCS"):
        path.write_text(f"{before}{mark}{wanted}{closing}{after}", encoding="utf-8")
        return
    assert held == wanted, f"{path.name}, {name}: not up to date: run this test with UPDATE_DOCS=1"


def tidy(printed: str) -> str:
    """What a command prints without blank lines and spaces at line ends."""
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines() if line.strip())


def autofacts(words: Sequence[str]) -> str:
    """Run a command of `autofacts` in this process; what it prints."""
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "160", "AUTOFACTS_WORKERS": "0"})
    assert result.exit_code == 0, f"autofacts {shlex.join(words)}: {result.output}"
    return result.output


def _lines(content: str) -> Iterator[str]:
    """The commands of an `sh` block; a backslash at its end, or a quote that is open, joins a line to the next."""
    command = ""
    for line in content.replace("\\\n", " ").splitlines():
        command = f"{command}\n{line}" if command else line
        with contextlib.suppress(ValueError):  # no closing quotation
            if shlex.split(command, comments=True):
                yield command.strip()
            command = ""
    assert not command, f"{command}: a quote is not closed"


def _run(line: str, programs: Mapping[str, Program]) -> str:
    program, *words = shlex.split(line, comments=True)
    if program in TOOLS:
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout
    assert program in programs, f"{line}: no way to run it is known"
    if words[-2:-1] == [">"]:
        Path(words[-1]).write_text(programs[program](words[:-2]), encoding="utf-8")
        return ""
    return programs[program](words)


def _append(path: Path, content: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(content)
    return ""


def _make(words: Sequence[str]) -> str:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert set(words) <= set(targets), f"make {shlex.join(words)}"
    return ""


def _pip(words: Sequence[str]) -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.findall(r"\[(.*?)\]", " ".join(words))
    unknown = {extra for group in extras for extra in group.split(",")} - project["optional-dependencies"].keys()
    assert not unknown, f"pip {shlex.join(words)}"
    return ""
