"""The report as one HTML page that needs no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.emit.whole import write_whole
from pipeline.ontology import load_ontology
from pipeline.page import Assets, environment, json_block
from pipeline.report.chart_table import load_chart_table
from pipeline.report.chart_views import chart_views
from pipeline.report.source import ReportRun, load_report_run
from pipeline.report.texts import Texts, load_texts
from pipeline.report.view import LeftOut, Limits, ReportView, build_view
from pipeline.report.wording import Wording
from pipeline.schema import ErrorRecord, Modality
from pipeline.text import visible

_PACKAGE = "pipeline.report"
_STYLES = ("report.css",)
_SCRIPTS = ("texts.js", "facts.js", "article.js", "page.js")
_ERRORS = 500
_PRINTED = 500
_LEFT_OUT = {"facts": "left_facts", "texts": "left_texts", "missing": "left_missing", "misplaced": "left_misplaced"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """The language that the page opens in; how many facts, and how many characters of articles, it holds at most."""

    lang: str = "fr"
    max_facts: int = 20_000
    max_characters: int = 20_000_000


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """What the page holds."""

    facts: int
    articles: int
    charts: int
    left_out: LeftOut


def write_report(folder: Path, path: Path, options: ReportOptions | None = None) -> ReportSummary:
    """Write the page about the run in `folder` to `path`, whole or not at all.

    Raises ValueError for a file of the run that is not valid (naming file, line and key) and for a language that the
    interface has not; OSError where a file cannot be read or written.
    """
    source, summary = render(load_report_run(folder), options or ReportOptions())
    write_whole(path, source)
    return summary


def render(run: ReportRun, options: ReportOptions) -> tuple[str, ReportSummary]:
    """The page about `run`, and what it holds. Raises ValueError for a language that the interface has not."""
    texts, table = load_texts(), load_chart_table()
    if options.lang not in texts.languages:
        raise ValueError(f"no interface in {options.lang!r}; there is: {', '.join(texts.languages)}")
    view = build_view(run, texts, Limits(options.max_facts, options.max_characters))
    wordings = {lang: Wording(texts, lang) for lang in texts.languages}
    charts = {lang: chart_views(view.shown, table, words) for lang, words in wordings.items()}
    said = {lang: _statements(view, words, table.least_confidence) for lang, words in wordings.items()}
    first = options.lang
    source = (
        environment(_PACKAGE)
        .get_template("report.html.j2")
        .render(
            lang=first,
            languages=texts.languages,
            texts={key: row[first] for key, row in texts.ui.items()} | said[first],
            tables=texts.for_page(first),
            notes={key: row[first] for key, row in texts.modality_notes.items()},
            modalities=list(Modality),
            view=view,
            lost=_lost(view.left_out),
            errors=_shown_errors(view.errors),
            charts=charts,
            data=json_block(_data(view, texts, said)),
            assets=Assets.of(_PACKAGE, _STYLES, _SCRIPTS),
        )
    )
    return source, ReportSummary(len(view.facts), len(view.articles), len(charts[first]), view.left_out)


def _data(view: ReportView, texts: Texts, said: dict[str, dict[str, str]]) -> str:
    """What the page's script works on."""
    words = {lang: texts.for_page(lang) for lang in texts.languages}
    for lang, tables in words.items():
        tables["ui"] |= said[lang]
        tables["notes"] = {key: row[lang] for key, row in texts.modality_notes.items()}
    types: dict[str, list[str]] = {}
    for name, row in load_ontology().types.items():
        types.setdefault(row.group, []).append(name)
    head = {
        "languages": list(texts.languages),
        "texts": words,
        "types": types,
        "modalities": list(Modality),
        "parties": [name for name, _ in view.parties],
        "printed": _PRINTED,
    }
    facts = ",".join(fact.model_dump_json(exclude_none=True) for fact in view.facts)
    articles = ",".join(article.model_dump_json(exclude_none=True) for article in view.articles)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]},"facts":[{facts}],"articles":[{articles}]}}'


def _statements(view: ReportView, words: Wording, least: float) -> dict[str, str]:
    """The sentences of the page that hold figures of this run, by the names that the template gives them."""
    left = view.left_out
    facts, articles = words.count(len(view.facts)), words.count(view.articles_read)
    said = {
        "said_summary": words.ui("summary", facts=facts, articles=articles),
        "said_holds": words.ui("holds_facts", facts=facts, articles=articles, empty=words.count(view.articles_empty)),
        "said_charts": words.ui("charts_note", least=f"{least:.2f}"),
        "said_printed": words.ui("first_printed", n=words.count(_PRINTED)),
    }
    if view.published:
        first, last = (words.published(value) for value in view.published)
        said["said_between"] = words.ui("published_between", first=visible(first), last=visible(last))
    for slot, key in _LEFT_OUT.items():
        if number := getattr(left, slot):
            said[f"said_{key}"] = words.ui(key, n=words.count(number), kept=facts)
    if len(view.errors) > _ERRORS:
        said["said_errors_more"] = words.ui("errors_more", n=words.count(len(view.errors) - _ERRORS))
    return said


def _lost(left_out: LeftOut) -> list[str]:
    """The names of the sentences that say what the page leaves out."""
    return [f"said_{key}" for slot, key in _LEFT_OUT.items() if getattr(left_out, slot)] or ["left_nothing"]


def _shown_errors(errors: Sequence[ErrorRecord]) -> list[dict[str, str]]:
    return [{key: visible(value) for key, value in error.model_dump().items()} for error in errors[:_ERRORS]]
