"""The pages of the site: their commands and programs run, their tables are those of the code, their links lead somewhere.

Run with UPDATE_DOCS=1 to write what the commands print now into the pages.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import test_dates
import test_pack
from doc_pages import DOCS, ROOT, autofacts, carry_out
from postgres_server import running_server, server_programs
from small_corpus import put_splits

from pipeline.corpus import build_corpus, load_splits
from pipeline.evaluate import load_gold
from pipeline.ingest import identify
from pipeline.language import load_pack
from pipeline.ontology import load_ontology
from pipeline.report.texts import load_texts

CARRIED_OUT = ("index.md", "tutorial.md", "how-to/ten-machines.md")


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


@pytest.mark.parametrize(("page", "lang", "new"), [("fact-type", "fr", "ground_clearance"), ("language", "pt", "")])
def test_the_page_does_what_it_says_on_a_copy(copy: Path, page: str, lang: str, new: str) -> None:
    carry_out(DOCS / "how-to" / f"{page}.md", copy, {"autofacts": _anew})
    pack = load_pack(lang)
    cues = [cue for cue in pack.cue if new in cue.value]
    assert cues
    for cue in cues:
        test_pack.test_examples_and_counter_examples(pack, cue)
    test_dates.test_examples_and_counters_of_the_pack(pack)


def test_the_page_on_training_does_what_it_says(tmp_path: Path) -> None:
    """On some articles of the corpus; what people do in Label Studio is to submit what was predicted."""
    splits = {
        "train": ("fr-e05-chery-france-2025", "fr-e06-dacia-spring-commandes-2021", "fr-e15-electra-levee-2022"),
        "dev": ("fr-h01-mazda-semestre-2012", "fr-i15-tesla-prix-belgique-2023"),
    }
    for folder, suffix in (("articles", "md"), ("annotations", "yaml")):
        (tmp_path / "corpus" / folder).mkdir(parents=True)
        for name in (name for names in splits.values() for name in names):
            shutil.copy(ROOT / "corpus" / folder / f"{name}.{suffix}", tmp_path / "corpus" / folder)
    put_splits(tmp_path / "corpus", **{split: list(names) for split, names in splits.items()})
    build_corpus(tmp_path / "corpus")
    autofacts(["extract", str(tmp_path / "corpus" / "articles"), "--output", str(tmp_path / "before")])

    def submitted(words: Sequence[str]) -> str:
        printed = autofacts(words)
        if "export" in words:
            tasks = json.loads(Path("tasks/tasks.json").read_text(encoding="utf-8"))
            for task in tasks:
                task["annotations"] = [{"result": task.pop("predictions")[0]["result"]}]
            Path("label-studio.json").write_text(json.dumps(tasks), encoding="utf-8")
        return printed

    carry_out(DOCS / "how-to" / "correct-and-retrain.md", tmp_path, {"autofacts": submitted})
    gold = load_gold(tmp_path / "corpus" / "gold")["fr-x01-byd-belgique-2024"]
    assert {fact.type for fact in gold.facts} == {"deliveries", "plant_opening", "price"}
    assert "fr-x01-byd-belgique-2024" in load_splits(tmp_path / "corpus").splits["train"]
    assert (tmp_path / "models" / "scorer.json").is_file()


def test_the_page_on_postgresql_does_what_it_says(tmp_path: Path) -> None:
    """With the articles of its tables, and a server of the test's own in place of the one it names."""
    folder = server_programs()
    if folder is None or not (folder / "psql").is_file():
        pytest.skip("no PostgreSQL here (apt-get install postgresql)")
    (tmp_path / "articles").mkdir()
    shutil.copy(ROOT / "corpus" / "articles" / "fr-d01-xpeng-octobre-2022.md", tmp_path / "articles")
    with running_server() as url:

        def here(words: Sequence[str]) -> list[str]:
            return [url if word.startswith("postgresql://") else word for word in words]

        def psql(words: Sequence[str]) -> str:
            command = [folder / "psql", "-X", *here(words)]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        programs = {"autofacts": lambda words: autofacts(here(words)), "psql": psql}
        carry_out(DOCS / "how-to" / "postgresql.md", tmp_path, programs)
