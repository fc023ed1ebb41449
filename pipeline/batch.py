"""Many articles to files, and many texts to detections: one article is the unit of work and of failure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from pipeline.emit import (
    DetectError,
    JsonLinesFolder,
    RequestId,
    article_record,
    detect_record,
    explanation_records,
    json_line,
)
from pipeline.extract import Extractor
from pipeline.ingest import IngestError, IngestOptions, Inputs, language_of, parse_published, read_inputs
from pipeline.schema import Article, ErrorRecord, Extraction

FACTS, ARTICLES, ERRORS = "facts.jsonl", "articles.jsonl", "errors.jsonl"
REJECTIONS, EXPLANATIONS = "rejections.jsonl", "explanations.jsonl"
_SURROGATE = re.compile("[\\ud800-\\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How articles are read, and whether rejected candidates and the traces of facts are written too."""

    ingest: IngestOptions = field(default_factory=IngestOptions)
    rejections: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to; `skipped` counts files in folders that are no articles."""

    articles: int
    facts: int
    errors: int
    skipped: int


def extract_to(
    inputs: Inputs, output: Path, options: BatchOptions, on_source: Callable[[], None] = lambda: None
) -> Summary:
    """Extract the facts of `inputs` into JSON lines in the folder `output`.

    Writes `facts.jsonl`, `articles.jsonl` and `errors.jsonl`, on demand `rejections.jsonl` and
    `explanations.jsonl`. What cannot be read or processed goes to `errors.jsonl`; `on_source` is called after
    each source. Raises OSError where `output` cannot be written.
    """
    optional = {REJECTIONS: options.rejections, EXPLANATIONS: options.explain}
    names = [FACTS, ARTICLES, ERRORS, *(name for name, wanted in optional.items() if wanted)]
    outdated = [name for name, wanted in optional.items() if not wanted]
    articles = facts = errors = 0
    with JsonLinesFolder(output, names, outdated) as files:
        for result in extract_all(read_inputs(inputs, options.ingest)):
            if isinstance(result, ErrorRecord):
                files.write(ERRORS, result)
                errors += 1
            else:
                _write(files, result, options)
                articles += 1
                facts += len(result.facts)
            on_source()
    return Summary(articles, facts, errors, inputs.survey().passed_over)


def extract_all(articles: Iterable[Article | ErrorRecord]) -> Iterator[Extraction | ErrorRecord]:
    """The extraction of each article, an error where the extractor fails on it; errors pass through."""
    extractors: dict[str, Extractor] = {}
    for article in articles:
        if isinstance(article, ErrorRecord):
            yield article
            continue
        if article.lang not in extractors:
            extractors[article.lang] = Extractor.load(article.lang)
        try:
            yield extractors[article.lang].extract(article)
        except Exception as error:  # whatever one article does to the rules, the rest goes on
            message = f"{type(error).__name__}: {error}"
            yield ErrorRecord(path=article.path or article.id, reason="internal", message=message)


def detect_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """Answer each line of JSON `{"id", "text", "lang", "published"}` with a line of its mentions.

    `lang` is identified where it is missing; `published` is an ISO day, month or year. A line that cannot be
    worked on is answered with `{"id", "error"}`, `id` null where it has none; blank lines are passed over.
    Offsets count the code points of the text as given, a lone surrogate as one.
    """
    extractors: dict[str, Extractor] = {}
    for line in lines:
        if not line.strip():
            continue
        request_id: RequestId = None
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError("the line is no JSON object")
            request_id = _request_id(request.get("id"))
            article = _article(request)
            if article.lang not in extractors:
                extractors[article.lang] = Extractor.load(article.lang)
            mentions = extractors[article.lang].detect(article)
            yield json_line(detect_record(request_id, mentions))
        except (IngestError, ValueError) as error:
            yield json_line(DetectError(id=request_id, error=str(error)))
        except Exception as error:  # one line is the unit of failure
            yield json_line(DetectError(id=request_id, error=f"{type(error).__name__}: {error}"))


def _article(request: dict[str, JsonValue]) -> Article:
    text = request.get("text")
    if not isinstance(text, str):
        raise ValueError('the line has no string "text"')
    text = _SURROGATE.sub("\ufffd", text)
    declared = request.get("lang")
    given = request.get("published")
    published = parse_published(str(given), "given") if given else None
    if given and published is None:
        raise ValueError(f'"published" is no ISO day, month or year: {given!r}')
    lang = language_of(text, str(declared) if declared else None)
    return Article(id=str(request.get("id")), text=text, published=published, lang=lang)


def _request_id(value: JsonValue) -> RequestId:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if value is None or isinstance(value, int | float):
        return value
    raise ValueError('"id" is neither a string nor a number')


def _write(files: JsonLinesFolder, extraction: Extraction, options: BatchOptions) -> None:
    for fact in extraction.facts:
        files.write(FACTS, fact)
    files.write(ARTICLES, article_record(extraction))
    if options.rejections:
        for rejection in extraction.rejections:
            files.write(REJECTIONS, rejection)
    if options.explain:
        for explanation in explanation_records(extraction):
            files.write(EXPLANATIONS, explanation)
