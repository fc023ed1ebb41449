"""What we depend on: pinned by hash, free of vulnerabilities that we know, under licences that we name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from scripts import load_script

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


audit = load_script(ROOT / "security" / "audit.py")
PINS: dict[str, list[Version]] = {}
for _name, _version in audit.pinned(LOCK):
    PINS.setdefault(_name, []).append(_version)


def wanted(extra: str | None) -> list[Requirement]:
    """What the package requires, or one of its extras with those that it names."""
    asked = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    own = list(map(Requirement, asked))
    named = [name for each in own if each.name == "autofacts" for name in sorted(each.extras)]
    return [each for each in own if each.name != "autofacts"] + [each for name in named for each in wanted(name)]


@pytest.mark.parametrize("requirement", [*wanted(None), *wanted("dev")], ids=str)
def test_the_lock_holds_what_the_project_asks_for(requirement: Requirement) -> None:
    """Where this fails, `make lock` writes it anew."""
    versions = PINS.get(canonicalize_name(requirement.name), [])
    assert any(version in requirement.specifier for version in versions)


def test_every_version_has_hashes_and_nothing_else_is_in_the_lock() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) == sum(map(len, PINS.values()))
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert not re.search(r"https?://|^-", LOCK, re.MULTILINE)


def test_no_version_has_a_vulnerability_that_we_know() -> None:
    advisories = (ROOT / "security" / "advisories.toml").read_text(encoding="utf-8")
    assert list(audit.vulnerable(list(audit.pinned(LOCK)), advisories)) == []
    old = list(audit.pinned("jinja2==3.1.2 \\\n    --hash=sha256:0\nPyYAML==6.0.1\n"))
    assert [each.partition(":")[0] for each in audit.vulnerable(old, advisories)] == ["jinja2 3.1.2"]


def test_every_package_has_a_licence_that_we_name() -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\S+) \| (.+) \|$", page.partition("<!-- packages -->")[2], re.MULTILINE))
    assert listed.keys() - {"package", "---"} == PINS.keys()
    assert not [name for name, licence in listed.items() if licence in ("?", "UNKNOWN") or "AGPL" in licence]
