"""The pages of the site: their commands and programs run, their tables are those of the code, their links lead somewhere.

Run with UPDATE_DOCS=1 to write what the commands print now into the pages.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from doc_pages import DOCS, ROOT, carry_out

CARRIED_OUT = ("index.md", "tutorial.md")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder with the corpus in it."""
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    return tmp_path


@pytest.mark.parametrize("page", CARRIED_OUT)
def test_the_page_does_what_it_says(place: Path, page: str) -> None:
    carry_out(DOCS / page, place)
