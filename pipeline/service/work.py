"""The work on one article, done in a worker process: a task in, an answer as bytes of JSON out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from pipeline.emit import detect_record, json_line
from pipeline.extract import Extractor
from pipeline.ingest import IngestError, language_of, parse_published
from pipeline.language import load_pack
from pipeline.schema import Article, Extraction, Mentions
from pipeline.service.messages import ArticleIn, Explanation, ExtractAnswer

_LANGUAGES = 8


class Extracts(Protocol):
    """What the service needs of an extractor."""

    def extract(self, article: Article, /) -> Extraction: ...

    def detect(self, article: Article, /) -> Mentions: ...


Factory = Callable[[str], Extracts]
"""Loads the extractor of a language (ISO 639-1). Workers import it by its module and name."""


@dataclass(frozen=True, slots=True)
class Task:
    """An article, what to do with it, and what the answer is to hold."""

    article: ArticleIn
    verb: Literal["extract", "detect"]
    rejections: bool = False
    explain: bool = False

    @property
    def id(self) -> str:
        """The id that was given, else one made of the text."""
        digest = hashlib.sha256(self.article.text.encode("utf-8", "replace")).hexdigest()
        return self.article.id or f"text-{digest[:16]}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: an HTTP status; with 200 the answer as JSON, else `detail`, which says what is wrong."""

    status: int
    body: bytes = b""
    facts: int = 0
    detail: str = ""


def begin(factory: Factory, languages: tuple[str, ...]) -> None:
    """Load the extractors of `languages` before the first request."""
    for lang in languages:
        _extractor(factory, lang)


def work(factory: Factory, task: Task) -> Outcome:
    """Extract or detect. What the article is to blame for is an outcome; an error of ours is raised."""
    given = task.article
    try:
        lang = language_of(given.text, given.lang)
    except IngestError as error:
        return Outcome(422, detail=error.message)
    published = parse_published(given.published, "given") if given.published else None
    article = Article(id=task.id, text=given.text, published=published, lang=lang)
    extractor = _extractor(factory, lang)
    if task.verb == "detect":
        return Outcome(200, json_line(detect_record(article.id, extractor.detect(article))).encode())
    return _answer(task, extractor.extract(article))


def _answer(task: Task, extraction: Extraction) -> Outcome:
    article, facts = extraction.article, extraction.facts
    traces = extraction.traces
    answer = ExtractAnswer.model_construct(
        id=article.id,
        lang=article.lang,
        published=article.published.value if article.published else None,
        facts=list(facts),
        rejections=list(extraction.rejections) if task.rejections else None,
        explanations=[Explanation(fact_id=f.id, trace=list(traces.get(f.id, ()))) for f in facts]
        if task.explain
        else None,
    )
    return Outcome(200, json_line(answer).encode(), len(facts))


def load_extractor(lang: str) -> Extracts:
    """The extractor that the service uses. What is loaded or compiled at first use is so now, by reading the examples
    of the pack."""
    extractor = Extractor.load(lang)
    text = "\n".join(cue.examples[0] for cue in load_pack(lang).cue)
    extractor.extract(Article("examples", text, lang=lang))
    language_of(text, None)
    return extractor


@lru_cache(maxsize=_LANGUAGES)
def _extractor(factory: Factory, lang: str) -> Extracts:
    return factory(lang)
