"""The pages of the site: what they say is run, their tables are those of the code, their links lead somewhere.

Run with UPDATE_DOCS=1 to write what the commands print now into the pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
import test_dates
import test_pack
import yaml
from doc_pages import DOCS, ROOT, RUN, autofacts, blocks, carry_out, holds
from label_studio import submitted
from postgres_server import running_server
from small_corpus import put_splits

from pipeline.corpus import build_corpus, load_splits
from pipeline.evaluate import load_gold
from pipeline.ingest import identify
from pipeline.language import Pack, load_pack
from pipeline.ontology import load_ontology
from pipeline.report.texts import load_texts
from pipeline.schema import Fact, Kind, Mod, Modality, Polarity, Qualifier
from pipeline.units import MONEY, load_units

CARRIED_OUT = (
    "index.md", "languages.md", "tutorial.md", "contract.md", "encoder.md", "how-to/ten-machines.md",
    "reference/index.md",
)  # fmt: skip
# Pages with tests of their own, and where these are.
ELSEWHERE = {
    "annotating.md": "test_annotate_docs.py",
    "batches.md": "test_batch_docs.py",
    "cluster.md": "test_batch_docs.py",
    "consolidate.md": "test_tables_docs.py",
    "inputs.md": "test_ingest_docs.py",
    "integrations.md": "test_integrations_docs.py",
    "report.md": "test_report.py",
    "service.md": "test_service.py",
    "tables.md": "test_tables_docs.py",
}
# Pages that the tests below carry out by themselves.
HERE = ("accuracy.md", "correct-and-retrain.md", "fact-type.md", "language.md", "postgresql.md")
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")


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


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a corpus of some articles of ours in place of all."""
    splits = {
        "train": ["fr-e05-chery-france-2025", "fr-e06-dacia-spring-commandes-2021", "fr-e15-electra-levee-2022"],
        "dev": ["fr-h01-mazda-semestre-2012", "fr-i15-tesla-prix-belgique-2023"],
    }
    for folder, suffix in (("articles", "md"), ("annotations", "yaml")):
        (tmp_path / "corpus" / folder).mkdir(parents=True)
        for name in (name for names in splits.values() for name in names):
            shutil.copy(ROOT / "corpus" / folder / f"{name}.{suffix}", tmp_path / "corpus" / folder)
    put_splits(tmp_path / "corpus", **splits)
    build_corpus(tmp_path / "corpus")
    return tmp_path


def test_the_page_on_accuracy_does_what_it_says(small: Path) -> None:
    carry_out(DOCS / "accuracy.md", small)


def test_the_page_on_accuracy_counts_the_corpus_as_it_is() -> None:
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    gold = load_gold(ROOT / "corpus" / "gold")
    for split, names in load_splits(ROOT / "corpus").splits.items():
        french = [gold[name] for name in names if gold[name].lang == "fr"]
        facts = sum(not fact.optional for article in french for fact in article.facts)
        assert f"| {split} | {len(french)} | {facts} |" in page


def test_the_comparison_quotes_the_scores_of_the_page_on_accuracy() -> None:
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    scores = re.search(r"^\| test \| \d+ \| \d+ \| ([\d.]+)[^|]*\| ([\d.]+)", page, re.M)
    assert scores
    quoted = f"our {scores[1]} and {scores[2]} on test"
    assert quoted in " ".join((DOCS / "comparison.md").read_text(encoding="utf-8").split())


def test_the_page_on_training_does_what_it_says(small: Path) -> None:
    autofacts(["extract", str(small / "corpus" / "articles"), "--output", str(small / "before")])
    carry_out(DOCS / "how-to" / "correct-and-retrain.md", small, {"autofacts": submitted})
    gold = load_gold(small / "corpus" / "gold")["fr-x01-byd-belgique-2024"]
    assert {fact.type for fact in gold.facts} == {"deliveries", "plant_opening", "price"}
    assert "fr-x01-byd-belgique-2024" in load_splits(small / "corpus").splits["train"]
    assert (small / "models" / "scorer.json").is_file()


def test_the_page_on_postgresql_does_what_it_says(tmp_path: Path) -> None:
    """With an article, and a server of the test's own in place of the one it names."""
    if shutil.which("psql") is None:
        pytest.skip("no psql here (apt-get install postgresql)")
    (tmp_path / "articles").mkdir()
    shutil.copy(ROOT / "corpus" / "articles" / "fr-d01-xpeng-octobre-2022.md", tmp_path / "articles")
    with running_server() as url:
        named, here = "postgresql://analyst@localhost/news", url.replace("tests@/postgres", "analyst@/news")
        user, host = "tests", url.partition("host=")[2]

        def moved(words: Sequence[str]) -> list[str]:
            return [here if word == named else word for word in words]

        def client(program: str, words: Sequence[str]) -> str:
            where = [] if program == "psql" else ["--host", host, "--username", user]
            environment = {**os.environ, "LC_ALL": "C.UTF-8"}
            command = [program, *where, *moved(words)]
            return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout

        clients = {name: partial(client, name) for name in ("createuser", "createdb", "psql")}
        programs = {"autofacts": lambda words: autofacts(moved(words)), **clients}
        carry_out(DOCS / "how-to" / "postgresql.md", tmp_path, programs)


# ---- the site


def _leaves(nav: object) -> Iterator[str]:
    """The files of a `nav` of mkdocs.yml."""
    if isinstance(nav, str):
        yield nav
    for item in nav if isinstance(nav, list) else nav.values() if isinstance(nav, dict) else ():
        yield from _leaves(item)


def test_every_page_is_in_the_nav_once_and_the_nav_names_no_other() -> None:
    assert sorted(_leaves(SITE["nav"])) == PAGES


def test_every_page_with_commands_or_programs_is_carried_out() -> None:
    for page in PAGES:
        found = [block for block in blocks((DOCS / page).read_text(encoding="utf-8")) if block.language in RUN]
        known = page in CARRIED_OUT or page in ELSEWHERE or Path(page).name in HERE
        assert known or not found, f"{page}: carried out by no test"
    for page, test in ELSEWHERE.items():
        assert page in (ROOT / "tests" / test).read_text(encoding="utf-8"), f"{test} does not speak of {page}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings(page: str) -> None:
    path = DOCS / page
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if not link.startswith(("http://", "https://")):
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), f"{page}: {link}"
            assert not anchor or anchor in _anchors(target), f"{page}: {link}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\s-]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_nothing_is_loaded_from_a_network() -> None:
    """`make docs` looks into the pages; this is what it takes."""
    assert SITE["theme"]["font"] is False
    assert not [name for name in ("extra_javascript", "offline") if name in SITE or name in SITE["plugins"]]
    assert not [style for style in SITE["extra_css"] if not (DOCS / style).is_file()]


# ---- tables that are made of the code


def test_the_table_of_types_is_that_of_the_ontology() -> None:
    names = {"organisation": "organisations", "vehicle": "vehicle data"}
    lines = []
    types = load_ontology().types
    for group in dict.fromkeys(row.group for row in types.values()):
        lines += ["", f"**{names.get(group, group).capitalize()}**", ""]
        lines += ["| type | what it is | subject | object | figure |", "| --- | --- | --- | --- | --- |"]
        for name, row in types.items():
            if row.group == group:
                figure = {"none": "", "optional": "may be"}.get(row.figure, ", ".join(row.units or row.dimensions))
                cells = (row.description, ", ".join(row.subjects), ", ".join(row.objects), figure)
                lines.append(f"| `{name}` | {' | '.join(cells)} |")
    holds(DOCS / "contract.md", "types", "\n".join(lines))


def test_the_table_of_units_is_that_of_the_code() -> None:
    units = load_units()
    lines = ["| dimension | units |", "| --- | --- |", f"| {MONEY} | the codes of ISO 4217 |"]
    for dimension in dict.fromkeys(units.dimensions.values()):
        symbols = [f"`{symbol}`" for symbol, its in units.dimensions.items() if its == dimension]
        lines.append(f"| {dimension} | {', '.join(symbols)} |")
    holds(DOCS / "contract.md", "units", "\n".join(lines))


def test_the_contract_names_every_slot_and_every_value() -> None:
    page = (DOCS / "contract.md").read_text(encoding="utf-8")
    words = (*Fact.model_fields, *Kind, *Qualifier, *Modality, *Polarity, *Mod)
    assert [word for word in words if f"`{word}`" not in page] == []


def test_the_page_on_languages_names_every_section_of_a_pack() -> None:
    page = (DOCS / "how-to" / "language.md").read_text(encoding="utf-8")
    sections = Pack.model_fields.keys() - {"code", "cue"}
    assert [name for name in sections if f"| `{name}` |" not in page] == []


# ---- the reference


REFERENCE = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md")}
DOCUMENTED = sorted({name for page in REFERENCE.values() for name in re.findall(r"^::: ([\w.]+)$", page, re.M)})


@pytest.mark.parametrize("name", [name for name in DOCUMENTED if name != "pipeline"])
def test_what_the_reference_names_exists_and_has_a_docstring(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert getattr(import_module(module), attribute).__doc__


@pytest.mark.parametrize(
    "package", ["pipeline", "pipeline.evaluate", "pipeline.language", "pipeline.report", "pipeline.train"]
)
def test_what_a_package_offers_is_in_the_reference(package: str) -> None:
    offered = set(import_module(package).__all__) - {"__version__"}
    assert offered - {name.rpartition(".")[2] for name in DOCUMENTED} == set()
