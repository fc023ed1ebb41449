"""What is shipped: the wheel's content, the extras, the program's ways to help a shell."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.versions import versions

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
FOR_US = {"dev", "bench", "docs", "fuzz", "lock"}


def brought_by(extra: str) -> set[str]:
    """The requirements of an extra, those of the extras that it names among them."""
    found: set[str] = set()
    for requirement in EXTRAS[extra]:
        named = re.fullmatch(r"autofacts\[(.+)\]", requirement)
        found |= set().union(*(brought_by(name.strip()) for name in named[1].split(","))) if named else {requirement}
    return found


@pytest.mark.parametrize("extra", sorted(EXTRAS.keys() - FOR_US))
def test_all_brings_every_extra(extra: str) -> None:
    assert brought_by(extra) <= brought_by("all")


def test_extras_that_messages_and_pages_name_exist() -> None:
    sources = [*(ROOT / "pipeline").rglob("*.py"), *ROOT.glob("docs/*.md"), ROOT / "README.md"]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    named = {name.strip() for names in re.findall(r"autofacts\[([\w, ]+)\]", text) for name in names.split(",")}
    assert {"service", "spacy", "tables"} <= named
    assert named <= EXTRAS.keys()


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pipeline").rglob("*") if path.is_file()}
    ours = {name for name in ours if "__pycache__" not in name}
    ours |= {f"pipeline/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "models").rglob("*") if path.is_file()}
    assert {name for name in names if not name.startswith("autofacts-")} == ours
    assert {"pipeline/py.typed", "pipeline/languages/fr.toml", "pipeline/ontology.toml"} <= ours
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_versions_of_data_follow_their_content() -> None:
    found = versions()
    assert list(found)[:2] == ["autofacts", "python"]
    assert {"language fr", "model scorer", "names", "ontology", "units"} <= found.keys()
    assert all(re.fullmatch("[0-9a-f]{12}", found[name]) for name in list(found)[2:])
    assert found == versions()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(shell: str) -> None:
    asked = {"_AUTOFACTS_COMPLETE": f"source_{shell}"}
    result = CliRunner().invoke(app, [], env=asked, prog_name="autofacts")
    assert result.exit_code == 0
    assert "_AUTOFACTS_COMPLETE=complete" in result.output
