"""The folder of a run as a stream of rows: articles with their mentions, facts with their evidence, parties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.batch import ARTICLES, FACTS
from pipeline.emit import ArticleRecord
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.schema import Fact
from pipeline.tables.rows import PartyKey, TableRow, article_rows, fact_parties, fact_rows, party_rows

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class Tally:
    """What went through: how many articles and facts, and what had to be left out, with file, line and reason."""

    articles: int = 0
    facts: int = 0
    left_out: list[str] = field(default_factory=list)


def records(path: Path, model: type[M]) -> Iterator[tuple[int, M]]:
    """The lines of a JSON Lines file as values of `model`, with their numbers from 1, one in memory at a time.

    Raises ValueError naming file, line and key where one is not valid, FileNotFoundError where there is no file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path}: not the folder of a run of extract")
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield number, model.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                key = ".".join(map(str, first["loc"])) or "(all)"
                raise ValueError(f"{path}, line {number}: {key}: {first['msg']}") from error


def run_rows(run: Path, tally: Tally, gazetteer: Gazetteer | None = None) -> Iterator[TableRow]:
    """The rows of all tables of facts, parents before their children, in the order of the run's files.

    Only ids and names are kept in memory. What does not fit a column (a figure of more than 18 digits; an article whose
    date is none, and its facts) is left out and told in `tally`. Raises ValueError naming file and line for a line that
    is no record, an id that stands twice, or a fact of no article, and FileNotFoundError.
    """
    articles, facts = run / ARTICLES, run / FACTS
    known: set[str] = set()
    unfit: set[str] = set()
    for line, article in records(articles, ArticleRecord):
        where = f"{articles}, line {line}"
        _once(article.id, known, where)
        try:
            rows, unfit_figures = article_rows(article)
        except ValueError as error:
            tally.left_out.append(f"{where}: {error}")
            unfit.add(article.id)
            continue
        tally.articles += 1
        tally.left_out += (f"{where}: {reason}" for reason in unfit_figures)
        yield from rows
    parties: dict[PartyKey, str | None] = {}
    seen: set[str] = set()
    for line, fact in records(facts, Fact):
        where = f"{facts}, line {line}"
        if fact.article_id not in known:
            raise ValueError(f"{where}: the article {fact.article_id!r} is not in {articles.name}")
        _once(fact.id, seen, where)
        if fact.article_id in unfit:
            continue
        try:
            rows = fact_rows(fact)
        except ValueError as error:
            tally.left_out.append(f"{where}: {error}")
            continue
        tally.facts += 1
        for key, country in fact_parties(fact).items():
            # The smallest, so that the order of the facts makes no difference.
            parties[key] = min(filter(None, (parties.get(key), country)), default=None)
        yield from rows
    yield from party_rows(parties, gazetteer or load_gazetteer())


def _once(key: str, seen: set[str], where: str) -> None:
    if key in seen:
        raise ValueError(f"{where}: the id {key!r} stands twice")
    seen.add(key)
