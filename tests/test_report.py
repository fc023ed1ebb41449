"""The report page: what it holds, what it leaves out, and that nothing in it is markup that is not ours."""

from __future__ import annotations

import json
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report_run import BIDI, EVIL, FACTS, TEXTS, put_lines, put_run
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.ontology import load_ontology
from pipeline.report import ReportOptions, languages, write_report
from pipeline.report.source import load_report_run
from pipeline.report.texts import load_texts, parse_texts
from pipeline.report.view import Limits, ReportView, build_view

PAGE = Path(__file__).parents[1] / "docs" / "report.md"
ROOT = Path(__file__).parents[1] / "pipeline"
EVERYTHING = Limits(facts=1000, characters=1_000_000)


def page(folder: Path, **options: Any) -> str:
    write_report(folder, folder / "report.html", ReportOptions(**options))
    return (folder / "report.html").read_text(encoding="utf-8")


def view(folder: Path, limits: Limits = EVERYTHING) -> ReportView:
    return build_view(load_report_run(folder), load_texts(), limits)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return put_run(tmp_path / "out")


class Reader(HTMLParser):
    """Collects tags with their attributes, and what stands in the element with the data."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""
        self._in_data = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_data = ("id", "data") in attrs

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data += data


def test_nothing_of_a_run_is_markup(run: Path) -> None:
    source = page(run)
    reader = Reader(source)
    assert EVIL not in source
    assert [dict(attrs) for tag, attrs in reader.tags if tag == "script"] == [
        {"type": "application/json", "id": "data"},
        {},
    ]
    assert not [tag for tag, _ in reader.tags if tag == "img"]
    assert not [name for _, attrs in reader.tags for name in attrs if name.startswith("on") or name == "style"]
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', source, re.DOTALL)
    assert block
    assert not set("<>&\u2028\u2029") & set(block.group(1))
    articles = json.loads(block.group(1))["articles"]
    assert [article["text"] for article in articles] == [
        TEXTS["2024-xiaomi"],
        re.sub(f"[{BIDI}]", "\ufffd", TEXTS["2025-evil"]),
    ]
    assert not set(BIDI) & set(source)


def test_the_page_loads_nothing(run: Path) -> None:
    source = page(run)
    tags = Reader(source).tags
    assert "http" not in source.replace("http-equiv", "")
    assert {attrs["href"] for tag, attrs in tags if tag == "link"} == {"data:,"}
    policy = next(attrs["content"] or "" for tag, attrs in tags if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    links = {(attrs.get("href") or "").partition("=")[0] for tag, attrs in tags if tag == "a"}
    assert links == {"#list", "#fact"}


def test_ids_and_references_agree(run: Path) -> None:
    tags = Reader(page(run)).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "aria-controls", "aria-describedby", "list"):
        assert {attrs[name] for _, attrs in tags if name in attrs} <= set(ids)


def test_every_text_of_the_page_is_in_every_language(run: Path) -> None:
    reader = Reader(page(run))
    data = json.loads(reader.data)
    keys = {value for _, attrs in reader.tags for name, value in attrs.items() if name.startswith("data-t")}
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "report" / "templates").glob("*.js"))
    keys |= set(re.findall(r'say\.ui\("(\w+)"', scripts))
    for lang in languages():
        tables = data["texts"][lang]
        assert keys - {""} <= set(tables["ui"]) | {str(turn) for turn in (-1, 1)} | set(languages())
        assert set(tables["types"]) == set(load_ontology().types)


def test_every_text_of_the_interface_is_used() -> None:
    ours = [path for path in (ROOT / "report").rglob("*") if path.suffix in (".py", ".js", ".j2")]
    source = "".join(path.read_text(encoding="utf-8") for path in ours)
    assert not [key for key in load_texts().ui if not re.search(rf"""["']{key}["']|\b{key}: \(a""", source)]


def test_offsets_are_those_of_the_browser(run: Path) -> None:
    found = view(run)
    text = found.articles[0].text or ""
    units = text.encode("utf-16-le")
    marks = {fact.id: fact.marks or [] for fact in found.facts}
    (start, end, slot), *_ = marks["f:0000000000000000"]
    assert slot == "evidence"
    assert units[2 * start : 2 * end].decode("utf-16-le") == FACTS[0]["quote"]
    assert text.index(FACTS[0]["quote"]) + 1 == start  # the face before it counts twice


@pytest.mark.parametrize(
    ("limits", "facts", "left"),
    [
        (EVERYTHING, 10, (0, 0, 0, 0)),
        (Limits(facts=3, characters=1_000_000), 3, (7, 0, 0, 0)),
        (Limits(facts=1000, characters=0), 10, (0, 2, 0, 0)),
        (Limits(facts=1000, characters=len(TEXTS["2024-xiaomi"])), 10, (0, 1, 0, 0)),
    ],
)
def test_what_is_left_out_is_counted(run: Path, limits: Limits, facts: int, left: tuple[int, ...]) -> None:
    found = view(run, limits)
    out = found.left_out
    assert (out.facts, out.texts, out.missing, out.misplaced) == left
    assert [fact.id for fact in found.facts] == [f"f:{number:016x}" for number in range(facts)]
    assert all(bool(fact.marks) != bool(fact.quotes) for fact in found.facts)


def test_facts_without_their_article_and_out_of_place_are_shown_and_counted(run: Path) -> None:
    articles = (run / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(articles[0])
    put_lines(run / "articles.jsonl", [json.dumps(record | {"text": "Un autre texte."})])
    found = view(run)
    assert (found.left_out.missing, found.left_out.misplaced) == (1, 6)
    assert found.facts[0].quotes == [FACTS[0]["quote"]]
    (run / "articles.jsonl").unlink()
    (run / "errors.jsonl").unlink()
    assert view(run).left_out.missing == 2
    assert "Articles that have facts, but whose text is missing from the folder: 2." in page(run, lang="en")


def test_the_page_says_what_it_holds(run: Path) -> None:
    source = page(run, lang="en")
    assert '<html lang="en">' in source
    assert "10 facts from 3 articles" in source
    assert "Facts: 10. Articles: 3, of them without a fact: 1." in source
    assert "Nothing is left out." in source
    assert "Facts left out: 7; the page keeps the 3 of highest confidence." in page(run, lang="en", max_facts=3)
    assert "Articles dont le texte est laissé de côté" in page(run, max_characters=0)


def test_the_same_run_gives_the_same_page(run: Path) -> None:
    assert page(run) == page(run)


def test_a_run_without_facts_has_a_page(tmp_path: Path) -> None:
    put_lines(tmp_path / "facts.jsonl", [])
    assert "Nothing to draw" in page(tmp_path, lang="en")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (', en = "Extracted facts"', "", "ui.title: has fr; the languages are fr, en"),
        ("\nsales = ", "\nsale = ", "types: missing or unknown: sale, sales"),
        ("[languages]", "[languages", "texts.toml: "),
    ],
)
def test_words_that_are_not_whole_are_refused(old: str, new: str, message: str) -> None:
    source = (ROOT / "report" / "texts.toml").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_texts(source.replace(old, new))


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


MARKS = ("quantity", "subject", "object", "period", "place", "source")
PAIRS = [
    *((front, back) for front in ("ink", "soft", "core", "miss") for back in ("paper", "card")),
    *((front, "card") for front in ("right", "full", "wrong")),
    *(("mark-ink", back) for back in MARKS),
    ("ink", "evidence"),
    *(("on", back) for back in ("core", "miss", "extra", "wrong")),
]


@pytest.mark.parametrize(("front", "back"), PAIRS)
@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_against_its_ground(front: str, back: str, dark: bool) -> None:
    paths = (ROOT / "page" / "templates" / "base.css", ROOT / "report" / "templates" / "report.css")
    sources = [path.read_text(encoding="utf-8") for path in paths]
    blocks = [found for source in sources for found in re.findall(r":root \{([^}]*)\}", source)]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", "".join(blocks[int(dark) :: 2])))
    low, high = sorted((_luminance(colours[front]), _luminance(colours[back])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


# ---- the command


def test_the_command_says_what_it_wrote(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages" / "report.html"
    done = CliRunner().invoke(app, ["report", str(run), "--html", str(out), "--max-facts", "4"])
    assert done.exit_code == 0, done.output
    assert f"4 facts of 1 articles, 2 charts; see {out}" in done.stderr
    assert "left out: 6 facts, 0 texts of articles" in done.stderr
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("lines", "options", "message"),
    [
        (["{}"], [], "facts.jsonl, line 1: "),
        ([], ["--lang", "eo"], "no interface in 'eo'; there is: fr, en"),
        (None, [], "facts.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, lines: list[str] | None, options: list[str], message: str
) -> None:
    if lines is not None:
        put_lines(tmp_path / "facts.jsonl", lines)
    done = CliRunner().invoke(app, ["report", str(tmp_path), "--html", str(tmp_path / "r.html"), *options])
    assert done.exit_code == 2
    assert message in done.stderr
    assert not (tmp_path / "r.html").exists()


def test_every_command_of_the_docs_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("Renault a livré 21 400 Renault 5.", encoding="utf-8")
    documented = PAGE.read_text(encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", documented, re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 4
    for command in commands:
        program, *args = shlex.split(command)
        assert program == "autofacts"
        done = CliRunner().invoke(app, args)
        assert done.exit_code == 0, f"{command}: {done.output}"
    assert (tmp_path / "report.html").stat().st_size > 10_000
    known = CliRunner().invoke(app, ["report", "--help"], env={"COLUMNS": "200"}).output
    assert not [option for option in set(re.findall(r"--[a-z-]+", known)) - {"--help"} if option not in documented]
