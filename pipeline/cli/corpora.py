"""Commands about the gold corpus: annotations to gold, what cannot be right, counts, splits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import TestErrorsOption, fail, say
from pipeline.cli.inputs import PathsArgument, inputs_at
from pipeline.cli.running import ProfileOption, factory_of

app = typer.Typer(no_args_is_help=True, help="Build, check, count and split the gold corpus; compare its annotators.")

CorpusFolder = Annotated[
    Path, typer.Argument(help="Folder with articles/, annotations/ and splits.toml.", exists=True, file_okay=False)
]
DEFAULT = Path("corpus")


@app.command()
def build(
    corpus: CorpusFolder = DEFAULT,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where gold is not up to date.")] = False,
    update_digest: Annotated[
        bool, typer.Option("--update-digest", help="Record the digests of the splits as they now are.")
    ] = False,
) -> None:
    """Annotations to gold: quotes become offsets, gold that is up to date is left alone."""
    from pipeline.corpus import build_corpus, load_articles, update_digests

    if check and update_digest:
        raise typer.BadParameter("cannot be given together with --check", param_hint="--update-digest")
    try:
        done = build_corpus(corpus, check=check)
    except (OSError, ValueError) as error:
        fail(str(error))
    for problem in done.problems:
        say(str(problem))
    for name in done.stale:
        typer.echo(f"{name}.json: (all): gold without an annotation")
    if check:
        for name in done.written:
            typer.echo(f"{name}.json: (all): is not what its annotation says; corpus build writes it")
    state = "not up to date" if check else "written"
    say(f"{len(done.written)} gold files {state}, {len(done.unchanged)} unchanged", err=True)
    if done.problems or (check and not done.up_to_date):
        raise typer.Exit(1)
    if update_digest:
        try:
            changed = update_digests(corpus, {article.name: article for article in load_articles(corpus)})
        except (OSError, ValueError) as error:
            fail(str(error))
        say(f"digests changed: {', '.join(changed) or 'none'}", err=True)


@app.command()
def lint(
    corpus: CorpusFolder = DEFAULT,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
) -> None:
    """List what cannot be right, one line each: file, key, reason; exit code 1 where there is anything."""
    from pipeline.corpus import lint_corpus

    try:
        problems = lint_corpus(corpus)
    except (OSError, ValueError) as error:
        fail(str(error))
    for problem in problems:
        say(str(problem))
    warnings = sum(problem.warning for problem in problems)
    say(f"{len(problems) - warnings} problems, {warnings} warnings", err=True)
    if len(problems) > (0 if strict else warnings):
        raise typer.Exit(1)


@app.command()
def stats(
    corpus: CorpusFolder = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Print a datasheet: what the corpus holds, counted."""
    from pipeline.corpus import corpus_stats

    try:
        sheet = corpus_stats(corpus)
    except (OSError, ValueError) as error:
        fail(str(error))
    typer.echo(sheet.model_dump_json(indent=2) if as_json else sheet.to_text())


@app.command()
def split(
    corpus: CorpusFolder = DEFAULT,
    write: Annotated[bool, typer.Option("--write", help="Add the articles to splits.toml.")] = False,
) -> None:
    """Propose a split for each article that has none; those of one site and month stay together."""
    from pipeline.corpus import assign, load_articles, load_settings, load_splits, propose_splits

    try:
        articles = {article.name: article for article in load_articles(corpus)}
        proposed = propose_splits(load_splits(corpus), articles, load_settings().shares)
        if write:
            assign(corpus, proposed)
    except (OSError, ValueError) as error:
        fail(str(error))
    for name, chosen in proposed.items():
        say(f"{chosen}\t{name}")
    say(f"{len(proposed)} articles {'assigned' if write else 'without a split'}", err=True)


@app.command()
def agreement(
    corpus: CorpusFolder = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="List where the annotators disagree.")] = False,
    show_test_errors: TestErrorsOption = False,
) -> None:
    """Score the second annotations in doubles/ against the first: how far two annotators agree."""
    from pipeline.corpus import corpus_agreement
    from pipeline.evaluate import error_lines

    try:
        found = corpus_agreement(corpus, show_held_out=show_test_errors)
    except (OSError, ValueError) as error:
        fail(str(error))
    typer.echo(found.model_dump_json(indent=2) if as_json else found.to_text())
    if errors and not as_json:
        say("\n".join(error_lines(found.report)))


@app.command()
def suggest(
    paths: PathsArgument,
    corpus: Annotated[Path, typer.Option(help="Corpus whose annotated articles are left out.")] = DEFAULT,
    passages: Annotated[bool, typer.Option("--passages", help="Rank sentences rather than articles.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many to print.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
    profile: ProfileOption = None,
) -> None:
    """Rank articles without annotations by how unsure the extractor is of their facts, the most unsure first."""
    from pipeline.batch import extract_all
    from pipeline.corpus import suggest as suggested
    from pipeline.ingest import read_inputs
    from pipeline.schema import ErrorRecord

    unread = 0
    extractions = []
    for found in extract_all(read_inputs(inputs_at(paths)), factory_of(profile, None)):
        if isinstance(found, ErrorRecord):
            unread += 1
            say(f"{found.path}: {found.reason}: {found.message}", err=True)
        else:
            extractions.append(found)
    try:
        ranked = suggested(extractions, corpus, by_passage=passages)
    except (OSError, ValueError) as error:
        fail(str(error))
    for each in ranked[:limit]:
        place = "" if each.start is None else f":{each.start}-{each.end}\t{each.text}"
        typer.echo(each.model_dump_json() if as_json else f"{each.doubt:.3f}\t{each.facts}\t{each.article_id}{place}")
    say(f"{len(ranked)} ranked of {len(extractions)} articles, {unread} not read", err=True)
