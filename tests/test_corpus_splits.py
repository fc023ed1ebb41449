"""Splits by source and month, their digests, the datasheet, and the commands."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from small_corpus import put_annotation, put_article, put_splits
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.corpus import (
    CorpusArticle,
    CorpusError,
    SplitTable,
    assign,
    build_corpus,
    corpus_stats,
    lint_corpus,
    load_articles,
    load_settings,
    load_splits,
    propose_splits,
    update_digests,
)
from pipeline.evaluate.splits import load_splits as load_splits_of_gold

SHARES = load_settings().shares
ANNOTATED = """facts:
  - {quote: plus de 4 200 voitures, type: deliveries, value: 4200, unit: vehicle, qualifier: more_than}
  - {quote: usine de Szeged ouvrira, type: plant_opening, modality: planned, optional: true}
entities: {ORG: [BYD], PLACE: [Belgique]}
dates: [{text: septembre, value: 2024-09}]
ignored: [{quote: 8 ans, why: guarantee}]
"""


def articles_of(corpus: Path) -> dict[str, CorpusArticle]:
    return {article.name: article for article in load_articles(corpus)}


def put_pages(corpus: Path, pages: dict[str, tuple[str, str]], lang: str = "fr") -> None:
    """Articles by name with the site and the day of publication of their pages."""
    for name, (site, day) in pages.items():
        put_article(corpus, name, modelled_on=f"https://{site}/{name}", published=day, lang=lang)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three articles, one in each split, with digests."""
    put_pages(
        tmp_path,
        {"a": ("www.a.fr", "2024-10-01"), "b": ("b.be", "2023-01"), "c": ("a.fr", "2024-11-01")},
    )
    for name in "abc":
        put_annotation(tmp_path, name, "" if name == "c" else ANNOTATED)
    put_splits(tmp_path, train=["a"], dev=["b"], test=["c"])
    build_corpus(tmp_path)
    update_digests(tmp_path, articles_of(tmp_path))
    return tmp_path


def split_problems(corpus: Path) -> list[str]:
    return [str(problem) for problem in lint_corpus(corpus) if problem.file == "splits.toml"]


def test_sound_splits(corpus: Path) -> None:
    assert split_problems(corpus) == []
    assert load_splits(corpus).split_of == {"a": "train", "b": "dev", "c": "test"}
    assert load_splits_of_gold(corpus / "gold").held_out == {"c"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"train": ["a"], "test": ["c"]}, "splits: 'b' is in no split"),
        ({"train": ["a", "b"], "dev": ["b"], "test": ["c"]}, "splits: 'b' is in 2 splits"),
        ({"train": ["a"], "dev": ["b", "d"], "test": ["c"]}, "splits.dev: there is no article 'd'"),
    ],
)
def test_every_article_is_in_one_split(names: dict[str, list[str]], expected: str, corpus: Path) -> None:
    put_splits(corpus, **names)
    assert f"splits.toml: {expected}" in split_problems(corpus)


def test_no_two_splits_share_a_site_and_month(corpus: Path) -> None:
    put_pages(corpus, {"c": ("a.fr", "2024-10-31")})
    assert "splits.toml: splits: a.fr in 2024-10 is in several: a (train), c (test)" in split_problems(corpus)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[splits]\ntrain = []\nheld = []\n", "splits.held: unknown split"),
        ("[splits]\ntrain = []\n", "splits.dev: is missing"),
        ("[splits]\ntrain = 3\n", "splits.train: Input should be"),
        ("[other]\n", "splits: is missing"),
        ("[splits", "(all): no TOML"),
    ],
)
def test_a_file_of_splits_that_is_not_valid(source: str, expected: str, corpus: Path) -> None:
    (corpus / "splits.toml").write_text(source, encoding="utf-8")
    assert any(problem.startswith(f"splits.toml: {expected}") for problem in split_problems(corpus))


def test_a_split_set_apart_may_be_there_and_is_proposed_for_nothing(corpus: Path) -> None:
    (corpus / "splits.toml").write_text(
        '[splits]\ntrain = ["a"]\ndev = []\ntest = []\ncalibration = ["c"]\n', encoding="utf-8"
    )
    update_digests(corpus, articles_of(corpus))
    assert split_problems(corpus) == ["splits.toml: splits: 'b' is in no split"]
    assert propose_splits(load_splits(corpus), articles_of(corpus), SHARES)["b"] in SHARES


def test_a_missing_file_of_splits(corpus: Path) -> None:
    (corpus / "splits.toml").unlink()
    assert split_problems(corpus) == ["splits.toml: (all): is missing"]


def test_a_change_of_text_gold_or_names_changes_the_digest_of_its_split_alone(corpus: Path) -> None:
    before = load_splits(corpus).digests
    gold = corpus / "gold" / "c.json"
    kept = gold.read_bytes()
    gold.write_bytes(kept.replace(b'"c"', b'"d"'))
    (problem,) = split_problems(corpus)
    assert problem.startswith("splits.toml: digests.test: is not that of its texts and gold; corpus build --update-")
    gold.write_bytes(kept)
    assert split_problems(corpus) == []
    put_pages(corpus, {"c": ("a.fr", "2024-11-02")})
    assert split_problems(corpus) == []  # the day is not of the text
    put_article(corpus, "c", "Un autre texte", modelled_on="https://a.fr/c", published="2024-11-01")
    assert update_digests(corpus, articles_of(corpus)) == ["test"]
    after = load_splits(corpus).digests
    assert {split for split in before if before[split] != after[split]} == {"test"}
    assert update_digests(corpus, articles_of(corpus)) == []


def test_what_the_file_says_above_its_tables_stays(corpus: Path) -> None:
    source = (corpus / "splits.toml").read_text(encoding="utf-8")
    assert source.startswith("# fixed\n[splits]\n")
    assert load_splits(corpus).to_toml() == source
    assert set(tomllib.loads(source)) == {"splits", "digests"}


def test_proposals_keep_what_is_assigned_and_what_belongs_together(tmp_path: Path) -> None:
    put_pages(tmp_path, {f"o{n}": (f"o{n}.fr", "2020-01") for n in range(6)})
    put_splits(tmp_path, train=["o0", "o1", "o2"], dev=["o3"], test=["o4", "o5"])
    put_pages(tmp_path, {"x1": ("o4.fr", "2020-01-31"), "x2": ("www.o4.fr", "2020-01"), "x3": ("o3.fr", "2020-02")})
    put_pages(tmp_path, {"y1": ("y.fr", "2021-03"), "y2": ("y.fr", "2021-03-09"), "y3": ("y.fr", "2021-03-10")})
    articles = articles_of(tmp_path)
    proposed = propose_splits(load_splits(tmp_path), articles, SHARES)
    assert set(proposed) == {"x1", "x2", "x3", "y1", "y2", "y3"}
    assert proposed["x1"] == proposed["x2"] == "test"
    assert proposed["y1"] == proposed["y2"] == proposed["y3"] == "train"
    assign(tmp_path, proposed)
    table = load_splits(tmp_path)
    assert table.splits["train"][:3] == ("o0", "o1", "o2")
    assert propose_splits(table, articles, SHARES) == {}


@pytest.mark.parametrize("order", [1, -1])
def test_proposals_share_out_each_language_the_same_each_time(order: int, tmp_path: Path) -> None:
    put_splits(tmp_path)
    put_pages(tmp_path, {f"fr{n:02}": (f"s{n}.fr", "2020-01") for n in range(50)})
    put_pages(tmp_path, {f"de{n:02}": (f"s{n}.de", "2020-01") for n in range(10)}, "de")
    articles = dict(list(articles_of(tmp_path).items())[::order])
    proposed = propose_splits(load_splits(tmp_path), articles, SHARES)
    counts = Counter((name[:2], split) for name, split in proposed.items())
    assert {key: counts[key] for key in counts if key[0] == "fr"} == {
        ("fr", "train"): 30, ("fr", "dev"): 10, ("fr", "test"): 10,
    }  # fmt: skip
    assert [counts["de", split] for split in SHARES] == [6, 2, 2]
    assert proposed == propose_splits(load_splits(tmp_path), articles_of(tmp_path), SHARES)


def test_names_that_are_gone_are_no_bar_to_proposals(tmp_path: Path) -> None:
    put_pages(tmp_path, {"a": ("a.fr", "2020-01")})
    table = SplitTable(splits={"train": ("gone",), "dev": (), "test": ()})
    assert propose_splits(table, articles_of(tmp_path), SHARES) == {"a": "train"}


def test_the_datasheet_counts(corpus: Path) -> None:
    sheet = corpus_stats(corpus)
    texts = {name: article.text for name, article in articles_of(corpus).items()}
    assert sheet.total.model_dump() == {
        "articles": 3, "without_facts": 1, "characters": sum(map(len, texts.values())), "facts": 4, "required": 2,
        "optional": 2, "figures": 2, "events": 2, "entities": 4, "dates": 2, "ignored": 2,
    }  # fmt: skip
    assert {split: share.articles for split, share in sheet.split.items()} == {"dev": 1, "test": 1, "train": 1}
    assert {lang: share.facts for lang, share in sheet.language.items()} == {"fr": 4}
    assert {kind: share.articles for kind, share in sheet.kind.items()} == {"market": 3}
    assert {country: share.articles for country, share in sheet.country.items()} == {"be": 1, "fr": 2}
    assert {year: share.articles for year, share in sheet.year.items()} == {"2023": 1, "2024": 2}
    assert sheet.site == {"a.fr": 2, "b.be": 1}
    assert sheet.type == {"deliveries": 2, "plant_opening": 2}
    assert sheet.modality == {"actual": 2, "planned": 2}
    assert sheet.qualifier == {"more_than": 2}
    assert sheet.entity == {"ORG": 2, "PLACE": 2}
    lines = sheet.to_text().splitlines()
    assert lines[0].split() == [
        *("articles", "without", "facts", "characters", "facts", "required", "optional", "figures", "events"),
        *("entities", "dates", "ignored"),
    ]
    assert lines[1].split()[:3] == ["all", "3", "1"]
    assert "type (2): deliveries 2, plant_opening 2" in lines


def test_a_datasheet_of_what_cannot_be_read(corpus: Path) -> None:
    put_annotation(corpus, "b", "facts: [")
    with pytest.raises(CorpusError, match=r"b\.yaml: \(all\): no YAML"):
        corpus_stats(corpus)


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["corpus", *map(str, arguments)])
    return result.exit_code, result.output


def test_build_writes_and_check_fails_where_gold_is_not_up_to_date(corpus: Path) -> None:
    assert run("build", corpus, "--check") == (0, "0 gold files not up to date, 3 unchanged\n")
    put_annotation(corpus, "c", "entities: {ORG: [BYD]}\n")
    code, output = run("build", corpus, "--check")
    assert code == 1
    assert "c.json: (all): is not what its annotation says; corpus build writes it" in output
    assert run("build", corpus) == (0, "1 gold files written, 2 unchanged\n")
    assert run("build", corpus, "--check")[0] == 0


def test_digests_change_only_where_asked_for(corpus: Path) -> None:
    put_annotation(corpus, "c", "entities: {ORG: [BYD]}\n")
    run("build", corpus)
    assert [problem.split(":")[1] for problem in split_problems(corpus)] == [" digests.test"]
    assert run("build", corpus, "--update-digest")[1].endswith("digests changed: test\n")
    assert split_problems(corpus) == []
    assert run("build", corpus, "--update-digest", "--check")[0] == 2


def test_build_reports_what_is_stale_or_wrong(corpus: Path) -> None:
    (corpus / "gold" / "d.json").write_text("{}", encoding="utf-8")
    code, output = run("build", corpus)
    assert (code, "d.json: (all): gold without an annotation" in output) == (0, True)
    assert run("build", corpus, "--check")[0] == 1
    put_annotation(corpus, "a", "facts: [")
    code, output = run("build", corpus)
    assert (code, "a.yaml: (all): no YAML" in output) == (1, True)


def test_lint_fails_on_problems_and_strictly_on_warnings(tmp_path: Path) -> None:
    put_article(tmp_path, "a", "Une phrase")
    put_annotation(tmp_path, "a", "")
    put_splits(tmp_path, train=["a"])
    build_corpus(tmp_path)
    assert "digests.train: is missing" in run("lint", tmp_path)[1]
    update_digests(tmp_path, articles_of(tmp_path))
    expected = "a.md: body: warning: the text has 36 characters, not 900 to 2500\n0 problems, 1 warnings\n"
    assert run("lint", tmp_path) == (0, expected)
    assert run("lint", tmp_path, "--strict") == (1, expected)


def test_stats_and_split_print(corpus: Path) -> None:
    assert json.loads(run("stats", corpus, "--json")[1])["total"]["articles"] == 3
    assert run("stats", corpus)[1] == corpus_stats(corpus).to_text() + "\n"
    put_pages(corpus, {"d": ("d.fr", "2024-10")})
    assert run("split", corpus) == (0, "train\td\n1 articles without a split\n")
    assert run("split", corpus, "--write") == (0, "train\td\n1 articles assigned\n")
    assert load_splits(corpus).split_of["d"] == "train"


@pytest.mark.parametrize("command", ["build", "lint", "stats", "split"])
def test_a_folder_that_is_no_corpus_ends_with_code_2(command: str, tmp_path: Path) -> None:
    code, output = run(command, tmp_path)
    assert (code, output.startswith("autofacts: ")) == (2, True)
    assert run(command, tmp_path / "none")[0] == 2
