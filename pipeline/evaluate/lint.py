"""What cannot be right in a corpus: gold that does not fit its article, the contract or itself."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.detect.calendar import bounds
from pipeline.evaluate.gold import GoldArticle, GoldFact, GoldFigure, GoldPeriod, describe
from pipeline.ingest import read_articles
from pipeline.ontology import FactType, Ontology, load_ontology
from pipeline.schema import Article, ErrorRecord, Qualifier
from pipeline.units import Units, load_units

_TIMEX = re.compile(r"\d{3}|\d{4}(-(\d{2}(-\d{2})?|Q[1-4]|H[12]|W\d{2}(-WE)?|SP|SU|FA|WI))?")
_RATE = re.compile(r"P(\d+[YMWD]|T\d+[HMS])")

Complaint = tuple[str, str]
"""A key ("facts.3.unit") and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: the file, the key in it ("facts.3.unit"), and why."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Tables:
    ontology: Ontology
    units: Units


def lint_corpus(corpus_dir: Path) -> list[Problem]:
    """Check corpus_dir/gold/*.json against corpus_dir/articles, the contract and the package's tables.

    Quotes and dates are looked up in the text as ingest reads it, to which all facts refer. Returns the
    problems; what cannot be read is a problem, not an error.
    """
    tables = _Tables(load_ontology(), load_units())
    articles: dict[str, Article] = {}
    problems = []
    for article in read_articles([corpus_dir / "articles"]):
        if isinstance(article, ErrorRecord):
            problems.append(Problem(article.path, article.reason, article.message))
        else:
            articles[article.id] = article
    paths = sorted((corpus_dir / "gold").glob("*.json"))
    for path in paths:
        problems += [Problem(path.name, key, message) for key, message in _file(path, articles, tables)]
    without = articles.keys() - {path.stem for path in paths}
    return problems + [Problem(name, "(all)", "an article without gold") for name in sorted(without)]


def _file(path: Path, articles: Mapping[str, Article], tables: _Tables) -> Iterator[Complaint]:
    try:
        gold = GoldArticle.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        yield from describe(error)
        return
    except ValueError as error:
        yield "(all)", f"no JSON: {error}"
        return
    if gold.id != path.stem:
        yield "id", f"{gold.id!r} is not the file's name"
    article = articles.get(gold.id)
    if article is None:
        yield "id", f"no article {gold.id!r}"
    else:
        yield from _head(gold, article)
    for index, fact in enumerate(gold.facts):
        for key, message in _fact(fact, article.text if article else None, tables):
            yield f"facts.{index}.{key}", message
    yield from _repeats(gold)
    yield from _mentions(gold, article.text if article else None)


def _head(gold: GoldArticle, article: Article) -> Iterator[Complaint]:
    published = article.published.value if article.published else None
    if gold.published != published:
        yield "published", f"{gold.published}, but the article has {published}"
    if gold.lang != article.lang:
        yield "lang", f"{gold.lang}, but the article has {article.lang}"


def _fact(fact: GoldFact, text: str | None, tables: _Tables) -> Iterator[Complaint]:
    if text is not None and text.count(fact.quote) != 1:
        yield "quote", f"{fact.quote!r} occurs {text.count(fact.quote)} times in the article"
    if fact.subject is None:
        yield "subject", "is missing"
    row = tables.ontology.types.get(fact.type)
    if row is None:
        yield "type", f"unknown type {fact.type!r}"
    else:
        yield from _figure(fact, row, tables.units)
    yield from _form(fact, tables.ontology)
    for key in ("previous", "converted"):
        yield from _other_figure(key, getattr(fact, key), fact, tables.units)
    if fact.period is not None:
        yield from _period(fact.period)


def _figure(fact: GoldFact, row: FactType, units: Units) -> Iterator[Complaint]:
    if not fact.has_figure:
        if row.figure == "required":
            yield "value", f"{fact.type} needs a figure"
        return
    if row.figure == "none":
        yield "value", f"{fact.type} has no figure"
        return
    unit = fact.unit or ""
    dimension = _dimension(unit, units)
    if dimension is None:
        yield "unit", f"unknown unit {unit!r}"
    elif not row.admits(unit, dimension):
        yield "unit", f"{unit} does not fit {fact.type}"


def _form(fact: GoldFact, ontology: Ontology) -> Iterator[Complaint]:
    """Slots that go together."""
    if not fact.has_figure:
        for key in ("unit", "qualifier", "per", "converted", "previous"):
            if getattr(fact, key) is not None:
                yield key, "is filled without a figure"
    elif fact.qualifier is None:
        yield "qualifier", "is missing"
    elif (fact.qualifier is Qualifier.BETWEEN) != (fact.low is not None):
        yield "qualifier", f"{fact.qualifier} with {'a range' if fact.low is not None else 'one value'}"
    if fact.low is not None and fact.high is not None and fact.low >= fact.high:
        yield "low", f"{fact.low} is not below {fact.high}"
    if fact.per is not None and not _RATE.fullmatch(fact.per):
        yield "per", f"{fact.per!r} is no ISO 8601 duration"
    if fact.metric is not None and fact.metric not in ontology.types:
        yield "metric", f"unknown type {fact.metric!r}"
    if fact.basis == []:
        yield "basis", "an empty list, not null"


def _other_figure(key: str, figure: GoldFigure | None, fact: GoldFact, units: Units) -> Iterator[Complaint]:
    if figure is None:
        return
    dimension = _dimension(figure.unit, units)
    if dimension is None:
        yield f"{key}.unit", f"unknown unit {figure.unit!r}"
    elif fact.unit is not None and dimension != _dimension(fact.unit, units):
        yield f"{key}.unit", f"{figure.unit} beside {fact.unit}"


def _dimension(unit: str, units: Units) -> str | None:
    try:
        return units.dimension(unit)
    except LookupError:
        return None


def _period(period: GoldPeriod) -> Iterator[Complaint]:
    try:
        first, last = _timex(period.value)
    except ValueError as error:
        yield "period.value", str(error)
        return
    if period.start is None and period.end is None:
        yield "period.start", "both ends are open"
    if period.start not in (None, first):
        yield "period.start", f"{period.start}, but {period.value} starts {first}"
    if period.end not in (None, last):
        yield "period.end", f"{period.end}, but {period.value} ends {last}"


def _timex(value: str) -> tuple[dt.date, dt.date]:
    """First and last day. Raises ValueError where `value` is no TIMEX3 date or span, or runs backwards."""
    parts = value.split("/")
    if len(parts) > 2 or not all(_TIMEX.fullmatch(part) for part in parts):
        raise ValueError(f"{value!r} is no TIMEX3 date")
    first, last = bounds(value)
    if first > last:
        raise ValueError(f"{value!r} runs backwards")
    return first, last


def _repeats(gold: GoldArticle) -> Iterator[Complaint]:
    """Facts, entities and dates that occur twice."""
    slots = [
        fact.model_dump_json(exclude={"quote", "optional", "qualifier", "source"}) for fact in gold.facts
    ]
    for index, fact in enumerate(slots):
        if fact in slots[:index]:
            yield f"facts.{index}", f"repeats facts.{slots.index(fact)}"
    names = Counter(entity.name for entity in gold.entities)
    yield from (("entities", f"{name!r} occurs {count} times") for name, count in names.items() if count > 1)
    dates = Counter((date.text, date.value) for date in gold.dates)
    yield from (("dates", f"{date} occurs {count} times") for date, count in dates.items() if count > 1)


def _mentions(gold: GoldArticle, text: str | None) -> Iterator[Complaint]:
    for index, date in enumerate(gold.dates):
        if text is not None and date.text not in text:
            yield f"dates.{index}.text", f"{date.text!r} is not in the article"
        try:
            _timex(date.value)
        except ValueError as error:
            yield f"dates.{index}.value", str(error)
