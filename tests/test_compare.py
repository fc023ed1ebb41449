"""Two runs side by side, worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from short_facts import article, fact

from pipeline.evaluate.compare import Comparison, compare_runs
from pipeline.evaluate.compare_text import comparison_text
from pipeline.evaluate.run import Run
from pipeline.evaluate.scores import EvaluateOptions

Short = dict[str, Any]
SALE: Short = {"type": "sales", "subject": "company:BYD", "value": 500}
STOCK: Short = {"type": "stock", "subject": "company:BYD", "value": 7}
ORDERS: Short = {"type": "orders", "subject": "company:BYD", "value": 9, "optional": True}


def write_gold(folder: Path, **articles: list[Short]) -> Path:
    gold = folder / "gold"
    gold.mkdir()
    for key, facts in articles.items():
        (gold / f"{key}.json").write_text(json.dumps(article(facts, key)), encoding="utf-8")
    return gold


def run(**facts: list[Short]) -> Run:
    return Run({key: [fact(short, key, at) for at, short in enumerate(shorts)] for key, shorts in facts.items()})


def compared(tmp_path: Path, before: list[Short], after: list[Short]) -> Comparison:
    return compare_runs(write_gold(tmp_path, a=[SALE, STOCK, ORDERS]), run(a=before), run(a=after))


def outcomes(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [(each.outcome, each.type, each.before, each.after) for each in found.changes]


KIA = {**SALE, "subject": "company:Kia"}
LATE = {**SALE, "period": "2024"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([SALE], [SALE], []),
        ([], [SALE], [("won", "sales", "missed", "full match")]),
        ([SALE], [], [("lost", "sales", "full match", "missed")]),
        ([KIA], [SALE], [("won", "sales", "core match, wrong: subject Kia", "full match")]),
        # A slot outside the full match that is put right is won too.
        (
            [{**SALE, "place": "France"}],
            [SALE],
            [("won", "sales", "full match, wrong: place France", "full match")],
        ),
        # One slot put right and one spoilt, at the same level.
        (
            [KIA],
            [LATE],
            [
                (
                    "mixed", "sales", "core match, wrong: subject Kia",
                    "core match, wrong: period 2024 [2024-01-01, 2024-12-31]",
                )
            ],
        ),
        # Predictions without gold: gone is won, new is lost, the same is neither, nor is one wrong in another way.
        ([{**STOCK, "value": 8}], [], [("won", "stock", "extra: BYD", "-")]),
        ([], [{**STOCK, "value": 8}], [("lost", "stock", "-", "extra: BYD")]),
        ([{**STOCK, "value": 8}], [{**STOCK, "value": 8, "subject": "company:Kia"}], []),
        ([ORDERS], [], []),
    ],
)  # fmt: skip
def test_what_is_won_and_lost(
    tmp_path: Path, before: list[Short], after: list[Short], expected: list[tuple[str, ...]]
) -> None:
    assert outcomes(compared(tmp_path, before, after)) == expected


def test_scores_of_both_and_the_chance_of_the_difference(tmp_path: Path) -> None:
    gold = write_gold(tmp_path, a=[SALE], b=[SALE], c=[SALE])
    found = compare_runs(gold, run(), run(a=[SALE], b=[SALE], c=[KIA]))
    assert (found.facts.a.core.f1, found.facts.b.core.f1) == (0, 1)
    assert found.facts.b.full.tp == 2
    assert found.core_p == 2 / 8
    # Of the 8 ways, those that set a and b on one side give a difference as large; c has a full match in neither.
    assert found.full_p == 4 / 8
    assert found.by_type["sales"].b.core.tp == 3
    assert found.slots["subject"].b.accuracy == pytest.approx(2 / 3)


def test_the_text_has_scores_and_changes(tmp_path: Path) -> None:
    text = comparison_text(compared(tmp_path, [KIA], [SALE, STOCK]))
    assert "core F1                 0.667  1.000  +0.333   p = 1.0000" in text
    assert "won 2, lost 0, mixed 0" in text
    assert "won | a | stock | 7 vehicle | missed -> full match | « stock 7 »" in text


def test_changes_in_held_out_articles_are_counted_only(tmp_path: Path) -> None:
    gold = write_gold(tmp_path, a=[SALE], b=[SALE])
    (tmp_path / "splits.toml").write_text('[splits]\ndev = ["a"]\ntest = ["b"]\n', encoding="utf-8")
    runs = run(), run(a=[SALE], b=[SALE])
    found = compare_runs(gold, *runs)
    assert [each.article_id for each in found.changes] == ["a"]
    assert found.withheld == {"won": 1}
    assert "1 of them in held-out articles" in comparison_text(found)
    shown = compare_runs(gold, *runs, EvaluateOptions(show_held_out=True))
    assert (len(shown.changes), shown.withheld) == (2, {})
    assert compare_runs(gold, *runs, EvaluateOptions(split="dev")).facts.b.core.tp == 1
