"""Splits, held-out errors, breakdowns by kind of text and language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from short_facts import article, fact

from pipeline.evaluate import PRF, error_lines
from pipeline.evaluate.run import Run
from pipeline.evaluate.scores import EvaluateOptions, evaluate_run
from pipeline.evaluate.splits import load_splits

SALE = {"type": "sales", "subject": "company:BYD", "value": 500}
FOUND = Run({"a": [fact(SALE, "a")], "b": [fact({**SALE, "value": 8}, "b")]})


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Gold of four articles: a and b with a split of their own, c without, d English."""
    folder = tmp_path / "gold"
    folder.mkdir()
    for key, more in {"a": {}, "b": {"kind": "launch"}, "c": {}, "d": {"lang": "en"}}.items():
        (folder / f"{key}.json").write_text(json.dumps(article([SALE], key) | more), encoding="utf-8")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("---\ntitle: x\nkind: 'market'\n---\nkind: plant\n", encoding="utf-8")
    (tmp_path / "articles" / "c.md").write_text("No front matter.\n---\nkind: plant\n---\n", encoding="utf-8")
    (tmp_path / "splits.toml").write_text('[splits]\ntrain = []\ndev = ["a"]\ntest = ["b"]\n', encoding="utf-8")
    return folder


def test_a_split_is_judged_alone(gold: Path) -> None:
    report = evaluate_run(gold, FOUND, EvaluateOptions(split="dev"))
    assert (report.split, report.articles, report.facts.core.tp, report.facts.core.fp) == ("dev", 1, 1, 0)
    assert report.ignored == 0  # b has gold, though of another split
    assert report.to_text().startswith("1 articles of split dev, ")


@pytest.mark.parametrize(
    ("split", "message"),
    [("exam", "no split 'exam'; there are: dev, test, train"), ("train", "no gold for any article of split 'train'")],
)
def test_a_split_must_be_there(gold: Path, split: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate_run(gold, FOUND, EvaluateOptions(split=split))


def test_errors_of_the_test_split_are_counted_not_listed(gold: Path) -> None:
    report = evaluate_run(gold, FOUND)
    assert {failure.article_id for found in report.errors.values() for failure in found} == {"c", "d"}
    assert report.withheld == {"missed": 1, "extra": 1}
    assert report.error_counts() == {"missed": 3, "extra": 1}
    assert report.facts.core.fn == 3
    assert " b " not in "\n".join(error_lines(report))
    assert '"b"' not in report.model_dump_json()
    assert "2 of them in held-out articles: not shown one by one" in report.to_text()
    shown = evaluate_run(gold, FOUND, EvaluateOptions(show_held_out=True))
    assert (shown.withheld, len(shown.errors["missed"])) == ({}, 3)


def test_scores_by_kind_of_text_and_language(gold: Path) -> None:
    report = evaluate_run(gold, FOUND)
    kinds = {name: (group.articles, group.scores.core) for name, group in report.by_kind.items()}
    assert kinds == {"launch": (1, PRF(fp=1, fn=1)), "market": (1, PRF(tp=1)), "unknown": (2, PRF(fn=2))}
    assert {name: group.articles for name, group in report.by_lang.items()} == {"en": 1, "fr": 3}
    assert sum(group.scores.core.fp for group in report.by_lang.values()) == report.facts.core.fp
    assert "market               1    1     0  1.000  1.000  1.000    1.000" in report.to_text()


def test_without_a_file_there_are_no_splits_and_a_broken_one_is_named(gold: Path) -> None:
    path = gold.parent / "splits.toml"
    path.write_text("[splits]\ndev = 3\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"splits\.toml: "):
        load_splits(gold)
    path.unlink()
    assert load_splits(gold).held_out == frozenset()
    assert evaluate_run(gold, FOUND).withheld == {}
