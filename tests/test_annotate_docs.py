"""docs/annotating.md: its commands are run, in order, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_pages import DOCS, carry_out
from label_studio import submitted
from small_corpus import put_annotation, put_article
from typer.testing import CliRunner

from pipeline.annotate.sheet import CHOICES, MENTIONS, ROLES
from pipeline.cli import app
from pipeline.corpus import build_corpus

PAGE = (DOCS / "annotating.md").read_text(encoding="utf-8")


def test_every_command_runs(tmp_path: Path) -> None:
    put_article(tmp_path, "a")
    put_article(tmp_path / "corpus", "b")
    put_annotation(tmp_path / "corpus", "b")
    build_corpus(tmp_path / "corpus")
    carry_out(DOCS / "annotating.md", tmp_path, {"autofacts": submitted})
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
