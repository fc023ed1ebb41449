"""Commands that judge facts: against gold, against floors, and two runs against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import TestErrorsOption, fail, say

if TYPE_CHECKING:
    from pipeline.evaluate import Report
    from pipeline.evaluate.run import Run
    from pipeline.evaluate.scores import EvaluateOptions

GoldOption = Annotated[
    Path, typer.Option(help="Folder of gold files (*.json); splits.toml and articles/ are read beside it.")
]
SplitOption = Annotated[str | None, typer.Option(metavar="NAME", help="Judge the articles of one split only.")]
LanguageOption = Annotated[
    str | None, typer.Option("--lang", metavar="CODE", help="Judge the articles in one language only.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")]


def evaluate(
    gold: GoldOption,
    facts: Annotated[
        Path | None, typer.Option(help="The facts.jsonl to judge; articles.jsonl is read beside it.")
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(help="Extract the articles ID.md of this folder now and judge that, without --facts.")
    ] = None,
    split: SplitOption = None,
    lang: LanguageOption = None,
    precision: Annotated[
        float, typer.Option(min=0, max=1, help="Seek the threshold on confidence that gives this precision.")
    ] = 0.9,
    as_json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one HTML page with charts and all errors.")
    ] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List what is missed, extra or wrong.")] = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="List each rule with its facts and its precision, never on test articles.")
    ] = False,
    show_test_errors: TestErrorsOption = False,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check the scores against these floors; exit code 1 below one.")
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Raise the floors of --baseline to the scores.")
    ] = False,
    allow_lower: Annotated[
        bool, typer.Option("--allow-lower", help="With --update-baseline: lower floors too.")
    ] = False,
) -> None:
    """Compare facts with gold: precision, recall and F1 by type, slot, language and kind of text, with intervals."""
    from pipeline.evaluate import error_lines
    from pipeline.evaluate.html import write_html
    from pipeline.evaluate.scores import EvaluateOptions, evaluate_run

    if update_baseline and baseline is None:
        raise typer.BadParameter("needs --baseline FILE", param_hint="--update-baseline")
    options = EvaluateOptions(split=split, lang=lang, show_held_out=show_test_errors, precision=precision)
    try:
        run = _run(gold, facts, articles, options)
        report = evaluate_run(gold, run, options)
        if html:
            write_html(report, gold, run, html)
    except (OSError, ValueError) as error:
        fail(str(error))
    for each in run.errors:
        say(f"autofacts: {each.path}: {each.reason}: {each.message}; judged as without facts", err=True)
    typer.echo(report.model_dump_json(indent=2) if as_json else report.to_text())
    if errors and not as_json:
        say("\n".join(error_lines(report)))
    if rules and not as_json:
        say(f"\n{_rules(gold, run, options)}")
    if baseline and update_baseline:
        _update(report, baseline, allow_lower)
    elif baseline:
        _check(report, baseline)


def compare(
    one: Annotated[Path, typer.Argument(metavar="A", help="Folder of the first run (facts.jsonl, articles.jsonl).")],
    other: Annotated[Path, typer.Argument(metavar="B", help="Folder of the second run.")],
    gold: GoldOption,
    split: SplitOption = None,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
    show_test_errors: TestErrorsOption = False,
) -> None:
    """Compare two runs: scores side by side, whether the difference may be chance, what was won and lost."""
    from pipeline.evaluate.compare import compare_runs
    from pipeline.evaluate.compare_text import comparison_text
    from pipeline.evaluate.run import load_folder
    from pipeline.evaluate.scores import EvaluateOptions

    try:
        options = EvaluateOptions(split=split, lang=lang, show_held_out=show_test_errors)
        found = compare_runs(gold, load_folder(one), load_folder(other), options)
    except (OSError, ValueError) as error:
        fail(str(error))
    typer.echo(found.model_dump_json(indent=2) if as_json else comparison_text(found))


def _run(gold: Path, facts: Path | None, articles: Path | None, options: EvaluateOptions) -> Run:
    from pipeline.evaluate import load_gold
    from pipeline.evaluate.run import extract_run, load_run
    from pipeline.evaluate.splits import load_splits

    if facts is not None and articles is None:
        return load_run(facts)
    if articles is not None and facts is None:
        return extract_run(articles, load_splits(gold).gold(load_gold(gold), options.split, options.lang))
    raise typer.BadParameter("give one of --facts and --articles", param_hint="--facts")


def _rules(gold: Path, run: Run, options: EvaluateOptions) -> str:
    from pipeline.evaluate.rules import rule_scores, rules_text

    try:
        return rules_text(rule_scores(gold, run, options))
    except ValueError as error:
        fail(str(error))


def _check(report: Report, path: Path) -> None:
    from pipeline.evaluate.gate import check, check_text, load_baseline

    try:
        baseline = load_baseline(path)
        checks = check(report, baseline)
    except (OSError, ValueError) as error:
        fail(str(error))
    say(f"\n{check_text(checks, baseline, report)}", err=True)
    fallen = [each.name for each in checks if not each.holds]
    if fallen:
        fail(f"below the floors of {path}: {', '.join(fallen)}", code=1)


def _update(report: Report, path: Path, allow_lower: bool) -> None:
    from pipeline.evaluate.gate import load_baseline, save_baseline, update

    try:
        current = load_baseline(path) if path.exists() else None
        save_baseline(update(report, current, allow_lower=allow_lower), path)
    except (OSError, ValueError) as error:
        fail(str(error))
    say(f"wrote {path}", err=True)
