"""Agreement of two annotators, on corpora small enough to count by hand; what lint says of second annotations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_corpus import ANNOTATION, BODY, put_annotation, put_article, put_splits
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.corpus import CorpusError, build_corpus, corpus_agreement, lint_corpus
from pipeline.evaluate import PRF

PADDING = " ".join(["mot"] * 200)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """One article, annotated twice alike: three facts, five names, three dates."""
    put(tmp_path, "a", ANNOTATION)
    return tmp_path


def put(corpus: Path, name: str, second: str, first: str = ANNOTATION) -> None:
    put_article(corpus, name, f"{BODY}\n\n{PADDING}.")
    put_annotation(corpus, name, first)
    path = corpus / "doubles" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(second, encoding="utf-8")


def changed(*pairs: tuple[str, str]) -> str:
    text = ANNOTATION
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def prf(tp: int, fp: int, fn: int) -> PRF:
    return PRF(tp=tp, fp=fp, fn=fn)


OPTIONAL = ("    value: 44990\n", "    value: 44990\n    optional: true\n")
# Second and first annotation; core and full counts.
CASES = {
    "alike": ([], [], prf(3, 0, 0), prf(3, 0, 0)),
    "another subject": ([("{model: BYD Seal}", "{company: Kia}")], [], prf(3, 0, 0), prf(2, 1, 1)),
    "another quote, place and source": (
        [("quote: 44 990 euros", "quote: coûte 44 990 euros"), ("    source: L'Écho\n", "")],
        [],
        prf(3, 0, 0),
        prf(3, 0, 0),
    ),
    "another figure": (
        [("value: 44990", "value: 44900")],
        [("value: 44990", "value: 49990")],
        prf(2, 1, 1),
        prf(2, 1, 1),
    ),
    "the second leaves it optional": ([OPTIONAL], [], prf(2, 0, 0), prf(2, 0, 0)),
    "the first leaves it optional": ([], [OPTIONAL], prf(2, 0, 0), prf(2, 0, 0)),
    "both leave it optional": ([OPTIONAL], [OPTIONAL], prf(2, 0, 0), prf(2, 0, 0)),
    "the second alone has it, as optional": (
        [OPTIONAL],
        [("type: price", "type: launch"), ("    value: 44990\n    unit: EUR\n", "    optional: true\n")],
        prf(2, 0, 0),
        prf(2, 0, 0),
    ),
    "the first alone has it": (
        [("value: 44990", "value: 1"), ("    unit: EUR\n", "    unit: EUR\n    optional: true\n")],
        [],
        prf(2, 0, 1),
        prf(2, 0, 1),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_counts(case: str, tmp_path: Path) -> None:
    second, first, core, full = CASES[case]
    put(tmp_path, "a", changed(*second), changed(*first))
    scores = corpus_agreement(tmp_path).report.facts
    assert (scores.core, scores.full) == (core, full)


def test_the_report_says_what_was_compared(tmp_path: Path) -> None:
    put(tmp_path, "a", changed(OPTIONAL, ("ORG: [BYD, L'Écho]", "ORG: [BYD]"), ("value: 2024-09}", "value: 2024}")))
    put_article(tmp_path, "b")
    put_annotation(tmp_path, "b")
    found = corpus_agreement(tmp_path)
    report = found.report
    assert (found.first.facts, found.first.optional, found.second.facts, found.second.optional) == (3, 0, 3, 1)
    assert report.articles == 1
    assert (report.dates, report.entities) == (prf(2, 1, 1), prf(4, 0, 1))
    assert report.slots["subject"].accuracy == 1
    assert report.intervals is not None
    assert report.intervals.core.f1.low == 1
    assert report.calibration is None
    assert list(report.errors) == ["missed date", "extra date", "missed entity"]
    text = found.to_text()
    assert text.startswith("1 articles annotated twice: 3 facts (0 optional), then 3 facts (1 optional)\n")
    assert "\ndates             P 0.667  R 0.667  F1 0.667  (tp 2, fp 1, fn 1)\n" in text


def test_a_missing_brand_is_known_from_all_gold(tmp_path: Path) -> None:
    """Names agree as in the evaluation: by the brands of all gold, not of the doubles alone."""
    facts = (
        "facts:\n  - quote: 44 990 euros\n    type: price\n    subject: {model: %s}\n    value: 44990\n    unit: EUR\n"
    )
    put(tmp_path, "a", facts % "Seal", facts % "BYD Seal")
    assert corpus_agreement(tmp_path).report.facts.full == prf(0, 1, 1)
    put_article(tmp_path, "b")
    put_annotation(tmp_path, "b")
    build_corpus(tmp_path)
    assert corpus_agreement(tmp_path).report.facts.full == prf(1, 0, 0)


def run(*args: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["corpus", "agreement", *map(str, args)], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result


def test_disagreements_of_the_test_split_are_counted_only(tmp_path: Path) -> None:
    other = changed(("value: 44990", "value: 1"))
    put(tmp_path, "a", other)
    put(tmp_path, "b", other)
    put_splits(tmp_path, dev=["a"], test=["b"])
    listed = run(tmp_path, "--errors").stdout
    assert "2 of them in held-out articles: not shown one by one" in listed
    assert [line.split(" | ")[:3] for line in listed.splitlines() if " | " in line] == [
        ["missed", "a", "price"],
        ["extra", "a", "price"],
    ]
    assert "| b |" in run(tmp_path, "--errors", "--show-test-errors").stdout
    assert " | " not in run(tmp_path).stdout
    report = json.loads(run(tmp_path, "--json").stdout)
    assert report["report"]["facts"]["core"]["tp"] == 4
    assert {each["article_id"] for each in report["report"]["errors"]["missed"]} == {"a"}


def test_doubles_that_cannot_be_used(corpus: Path) -> None:
    put(corpus, "a", changed(("44 990 euros", "45 000 euros")))
    with pytest.raises(CorpusError, match=r"^doubles/a\.yaml: facts\.2\.quote: '45 000 euros' is not in the text"):
        corpus_agreement(corpus)
    (corpus / "annotations" / "a.yaml").unlink()
    assert "doubles/a.yaml: (all): there is no first annotation of this article" in run(corpus, code=2).stderr
    (corpus / "doubles" / "a.yaml").unlink()
    assert "no second annotations (*.yaml) in" in run(corpus, code=2).stderr


def test_lint_checks_doubles_and_asks_for_no_figures(corpus: Path) -> None:
    def lint(second: str) -> list[str]:
        put(corpus, "a", second)
        return [str(found) for found in lint_corpus(corpus) if found.file.startswith("doubles/")]

    assert lint(changed(("ignored:\n  - {quote: 8 ans, why: guarantee}\n", ""))) == []
    assert lint(changed(("unit: EUR", "unit: kWh"))) == [
        "doubles/a.yaml: facts.2.unit: warning: kWh does not fit price"
    ]
    assert lint(changed(("44 990 euros", "45 000 euros"))) == [
        "doubles/a.yaml: facts.2.quote: '45 000 euros' is not in the text"
    ]
    assert lint("notes: []") == ["doubles/a.yaml: notes: unknown key"]
    (corpus / "doubles" / "c.yaml").write_text("", encoding="utf-8")
    assert "doubles/c.yaml: (all): an annotation without an article" in [str(found) for found in lint_corpus(corpus)]
