"""Many texts to detections, line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from pipeline.emit import DetectError, RequestId, detect_record, json_line
from pipeline.ingest import IngestError, language_of, parse_published
from pipeline.schema import Article

_SURROGATE = re.compile("[\\ud800-\\udfff]")


def detect_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """Answer each line of JSON `{"id", "text", "lang", "published"}` with a line of its mentions.

    `lang` is identified where it is missing; `published` is an ISO day, month or year. A line that cannot be
    worked on is answered with `{"id", "error"}`, `id` null where it has none; blank lines are passed over.
    Offsets count the code points of the text as given, a lone surrogate as one.
    """
    from pipeline.extract import Extractor

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
