"""The files of a run, as far as the report shows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipeline.batch import ARTICLES, ERRORS, FACTS
from pipeline.evaluate.gold import load_lines
from pipeline.schema import ErrorRecord, Fact


class ArticleText(BaseModel):
    """An article as `articles.jsonl` has it, without its mentions and counts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    path: str | None = None
    lang: str
    published: str | None = None
    title: str | None = None
    text: str


@dataclass(frozen=True, slots=True)
class ReportRun:
    """What a run has written."""

    facts: tuple[Fact, ...]
    articles: tuple[ArticleText, ...]
    errors: tuple[ErrorRecord, ...]


def load_report_run(folder: Path) -> ReportRun:
    """The run that wrote its files to `folder`; only its facts must be there.

    Raises ValueError, naming file, line and key, for what is not valid, and FileNotFoundError.
    """
    articles, errors = folder / ARTICLES, folder / ERRORS
    return ReportRun(
        facts=tuple(load_lines(folder / FACTS, Fact)),
        articles=tuple(load_lines(articles, ArticleText)) if articles.is_file() else (),
        errors=tuple(load_lines(errors, ErrorRecord)) if errors.is_file() else (),
    )
