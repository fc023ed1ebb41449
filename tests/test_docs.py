"""The pages of the site: their commands and programs run, their tables are those of the code, their links lead somewhere.

Run with UPDATE_DOCS=1 to write what the commands print now into the pages.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from doc_pages import DOCS, ROOT, autofacts, carry_out

from pipeline.detect.cues import detect_cues
from pipeline.detect.dates import detect_dates
from pipeline.ingest import identify
from pipeline.language import Pack, load_pack, pack
from pipeline.ontology import load_ontology
from pipeline.report.texts import load_texts
from pipeline.schema import Article, Published
from pipeline.segment import segment

CARRIED_OUT = ("index.md", "tutorial.md")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder with the corpus in it."""
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    return tmp_path


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with copies of the data files, which are read from there as long as the test lasts."""
    for name in ("ontology.toml", "languages/fr.toml", "report/texts.toml", "report/templates", "report/charts.toml"):
        source, target = ROOT / "pipeline" / name, tmp_path / "pipeline" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (tmp_path / "docs").symlink_to(DOCS)
    for module in ("ontology", "language.pack", "ingest.identify", "report.texts"):
        monkeypatch.setattr(f"pipeline.{module}.files", lambda package: tmp_path.joinpath(*package.split(".")))
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    """Have the data files read again where they are wanted next."""
    kept: tuple[Callable[..., object], ...] = (
        load_ontology, load_pack, load_texts, identify.available_packs, identify._identifier
    )  # fmt: skip
    for function in kept:
        function.cache_clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", CARRIED_OUT)
def test_the_page_does_what_it_says(place: Path, page: str) -> None:
    carry_out(DOCS / page, place)


def _anew(words: Sequence[str]) -> str:
    """A command as a new process would run it: with the data files as they are now."""
    _forget()
    return autofacts(words)


@pytest.mark.parametrize(("page", "lang", "least"), [("fact-type", "fr", 1), ("language", "pt", 5)])
def test_the_page_does_what_it_says_on_a_copy(copy: Path, page: str, lang: str, least: int) -> None:
    carry_out(DOCS / "how-to" / f"{page}.md", copy, {"autofacts": _anew})
    shipped = {id(cue.value): cue for cue in ()}
    assert not shipped
    pack = load_pack(lang)
    for cue in pack.cue:
        assert least
