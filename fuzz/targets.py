"""What is fuzzed: each target takes any bytes and raises where something is wrong with what we make of them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, BinaryIO, cast

import jsonschema_rs
from fastapi import FastAPI

from pipeline.emit import article_record, detect_record, explanation_records, fact_schema, json_line
from pipeline.emit.json_ld import to_json_ld
from pipeline.extract import Extractor
from pipeline.ingest import IngestOptions, Inputs, Names, Source, articles_of, items
from pipeline.ingest.decode import decode, repair
from pipeline.ingest.options import IngestError
from pipeline.ingest.remote import RemoteFile
from pipeline.schema import Article, ErrorRecord, Extraction, Fact, Published, Span
from pipeline.service import Settings
from pipeline.service.app import _Desk, _other_routes, _work_routes
from pipeline.service.guard import Guard
from pipeline.service.metrics import Metrics
from pipeline.service.pool import Pool
from pipeline.service.problems import handle_problems
from pipeline.service.work import Outcome, Task, work
from pipeline.tables.arrow import arrow_schema, arrow_table
from pipeline.tables.csv_files import guarded, unguarded
from pipeline.tables.facts import FACTS_SHAPE
from pipeline.tables.rows import article_rows, fact_rows

OPTIONS = IngestOptions(max_bytes=200_000, lang="fr")
PATHS = ("/extract", "/detect", "/extract?rejections=true&explain=true", "/schema", "/health", "/x")


# ---- readers


@dataclass(frozen=True)
class _File:
    """A file that lies nowhere, with what readers ask of one."""

    name: str
    data: bytes

    def open(self, mode: str) -> BinaryIO:
        return cast("BinaryIO", io.BytesIO(self.data))

    def with_name(self, name: str) -> _File:
        return _File(name, b'{"title": "un titre", "date": "2024-10"}')

    def is_file(self) -> bool:
        return True


class _One(Inputs):
    """A single file."""

    def walk(self) -> Iterator[Source]:
        (path,) = self.paths
        yield Source(str(path), cast("RemoteFile", _FILES[0]), named=True)


class _AnyName(Names):
    """Gives out every name: nothing is kept between inputs."""

    def __init__(self) -> None:
        pass

    def take(self, name: str) -> bool:
        return True


_FILES: list[_File] = []


def read(name: str, data: bytes) -> None:
    """All that the reader of the file `name` makes of `data`."""
    _FILES[:] = [_File(name, data)]
    for item in items(_One((name,)), OPTIONS, _AnyName()):
        for found in [item] if isinstance(item, ErrorRecord) else articles_of(item, OPTIONS):
            if isinstance(found, ErrorRecord):
                assert found.reason != "internal", found.message
            else:
                assert found.text.strip() == found.text != ""
                assert found.text.encode("utf-8")


def decoding(data: bytes) -> None:
    """Bytes to text, and its repair, which changes nothing a second time."""
    try:
        once = repair(decode(data))
    except IngestError:
        return
    assert repair(once) == once or len(data) > 1_000


# ---- detectors, linker, writers


@cache
def _extractor() -> Extractor:
    return Extractor.load("fr")


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(fact_schema(), validate_formats=True)


def _article(data: bytes) -> Article:
    return Article("a", data.decode("utf-8", "replace"), Published("2024-10"))


def detecting(data: bytes) -> None:
    """The mentions of a text: each a slice of it, and written as JSON."""
    article = _article(data)
    found = _extractor().detect(article)
    for mention in (*found.dates, *found.numbers, *found.quantities, *found.entities, *found.cues):
        assert article.text[mention.span.start : mention.span.end] == mention.span.text
    json.loads(json_line(detect_record("a", found)))


def linking(data: bytes) -> Extraction:
    """The facts of a text: valid, each slot a slice of it."""
    article = _article(data)
    found = _extractor().extract(article)
    for fact in found.facts:
        for span in _spans(fact):
            assert article.text[span.start : span.end] == span.text
    return found


def _spans(fact: Fact) -> Iterator[Span]:
    yield from fact.evidence
    for name in Fact.model_fields:
        span = getattr(getattr(fact, name), "span", None)
        if isinstance(span, Span):
            yield span


def writing(data: bytes) -> None:
    """The facts of a text as JSON, JSON-LD, CSV and Arrow."""
    found = linking(data)
    record = article_record(found)
    for line in map(json_line, (record, *found.facts, *found.rejections, *explanation_records(found))):
        assert "\n" not in line
        assert len(line.splitlines()) == 1
    rows: dict[str, list[Any]] = {table.name: [] for table in FACTS_SHAPE.tables}
    for table, row in [*article_rows(record)[0], *(row for fact in found.facts for row in fact_rows(fact))]:
        rows[table.name].append(row)
    for table in (table for table in FACTS_SHAPE.tables if rows[table.name]):
        assert arrow_table(arrow_schema(table), rows[table.name]).num_rows == len(rows[table.name])
    for fact in found.facts:
        _schema().validate(json.loads(json_line(fact)))
        assert Fact.model_validate_json(json_line(fact)) == fact
        to_json_ld(fact)


def cells(data: bytes) -> None:
    """Words as cells of a CSV file: they come back, and none is a formula."""
    words = data.decode("utf-8", "replace").split("\x1f")
    out = io.StringIO(newline="")
    csv.writer(out).writerow([guarded(word) for word in words])
    assert not any(guarded(word)[:1] in ("=", "+", "-", "@") for word in words)
    if not any("\r" in word or "\0" in word for word in words):
        (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)
        assert [unguarded(cell) for cell in row] == words


# ---- the service


class _Here:
    """Does the work where it is asked for."""

    async def run(self, task: Task) -> Outcome:
        return work(lambda lang: _extractor(), task) if len(task.article.text) < 2_000 else Outcome(504, detail="long")


@cache
def _service() -> Guard:
    settings, metrics = Settings(max_bytes=10_000, max_articles=3), Metrics()
    app = FastAPI()
    app.include_router(_work_routes(_Desk(settings, cast("Pool", _Here()), metrics)))
    app.include_router(_other_routes(metrics))
    handle_problems(app)
    return Guard(app, settings=settings, metrics=metrics, paths=lambda: frozenset(PATHS))


def serving(data: bytes) -> None:
    """A request: the first byte says which, the rest is its body. No answer is an error of the service."""
    path, _, query = PATHS[data[0] % len(PATHS) if data else 0].partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST" if data[:1] < b"\xf0" else "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": data[1:], "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    _loop().run_until_complete(_service()(scope, receive, send))
    assert sent[0]["status"] < 500 or sent[0]["status"] == 504, sent
    body = b"".join(message.get("body", b"") for message in sent[1:])
    json.loads(body)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


_READERS = {
    "text": "a.txt",
    "markdown": "a.md",
    "html": "a.html",
    "pdf": "a.pdf",
    "json_lines": "a.jsonl",
    "json": "a.json",
    "csv": "a.csv",
    "feed": "a.rss",
    "warc": "a.warc",
    "parquet": "a.parquet",
    "zip": "a.zip",
    "tar": "a.tar",
    "gzip": "a.jsonl.gz",
    "zstd": "a.jsonl.zst",
    "unnamed": "a",
}
TARGETS: dict[str, Callable[[bytes], object]] = {
    **{name: partial(read, file_name) for name, file_name in _READERS.items()},
    "decode": decoding,
    "detect": detecting,
    "link": linking,
    "writers": writing,
    "cells": cells,
    "service": serving,
}
