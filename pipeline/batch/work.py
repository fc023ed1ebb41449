"""The work on one item: bytes in, lines out. The same function serves this process, workers and a cluster."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel

from pipeline.batch.outputs import ARTICLES, ERRORS, EXPLANATIONS, FACTS, OUTPUTS, REJECTIONS
from pipeline.emit import article_record, explanation_records, json_line
from pipeline.ingest import Format, IngestOptions, Item, articles_of
from pipeline.schema import Article, ErrorRecord, Extraction

_WARM_UP = Item(locator="", id="", format=Format.TEXT, payload=b".")


class Extracts(Protocol):
    """What the work needs of an extractor."""

    def extract(self, article: Article, /) -> Extraction: ...


Factory = Callable[[str], Extracts]
"""Loads the extractor of a language (ISO 639-1). It must be found by its module and name where it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How articles are read, and whether rejected candidates and the traces of facts are written too."""

    ingest: IngestOptions = field(default_factory=IngestOptions)
    rejections: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines by what they are."""

    articles: int = 0
    facts: int = 0
    errors: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.articles + other.articles, self.facts + other.facts, self.errors + other.errors)


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Seconds spent on reading articles out of their bytes, on extraction, and on writing lines."""

    read: float = 0.0
    extract: float = 0.0
    write: float = 0.0

    def __add__(self, other: StageTimes) -> StageTimes:
        return StageTimes(self.read + other.read, self.extract + other.extract, self.write + other.write)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: `lines` holds the whole lines for each of OUTPUTS, empty where there are none.

    `quarantined` is the reason where the item was given up (`crashed`, `timeout`, `memory`); `memory` is the most
    that the working process has used so far, in bytes, 0 where unknown.
    """

    lines: tuple[bytes, ...]
    counts: Counts
    times: StageTimes = StageTimes()
    quarantined: str | None = None
    memory: int = 0


def failed(path: str, reason: str, message: str, *, quarantined: bool = False) -> Outcome:
    """The outcome of an item that gave nothing but an error."""
    line = _line(ErrorRecord(path=path, reason=reason, message=message))
    lines = tuple(line if name == ERRORS else b"" for name in OUTPUTS)
    return Outcome(lines, Counts(errors=1), quarantined=reason if quarantined else None)


class Work:
    """Turns items into outcomes; extractors are loaded when an article of their language comes, and kept.

    `factory` is `Extractor.load` by default. An article that takes longer than `timeout` seconds ends the process
    with SIGALRM: a signal's default action needs no help from whatever hangs, and works where nobody watches any
    more. Without `timeout` an article may take for ever.
    """

    def __init__(self, options: BatchOptions, factory: Factory | None = None, timeout: float | None = None) -> None:
        self._options = options
        self._timeout = timeout
        self._load = factory or _default_factory()
        self._extractors: dict[str, Extracts] = {}

    def warm_up(self) -> None:
        """Load what the first article would, lest that count as the time it takes."""
        with contextlib.suppress(Exception):
            self._outcome(_WARM_UP)

    def outcome(self, item: Item) -> Outcome:
        """The lines of `item`. Nothing is raised: what fails is an error line."""
        try:
            with self._time_limit():
                return self._outcome(item)
        except MemoryError:
            return failed(item.locator, "memory", "it needs more memory than there is", quarantined=True)
        except Exception as error:  # a reader's or writer's own fault must not stop the rest
            return failed(item.locator, "internal", f"{type(error).__name__}: {error}")

    def _outcome(self, item: Item) -> Outcome:
        lines: dict[str, list[bytes]] = {name: [] for name in OUTPUTS}
        counts, times = Counts(), StageTimes()
        started = time.perf_counter()
        for found in articles_of(item, self._options.ingest):
            read = time.perf_counter()
            result = found if isinstance(found, ErrorRecord) else self._extract(found)
            extracted = time.perf_counter()
            if isinstance(result, ErrorRecord):
                lines[ERRORS].append(_line(result))
                counts += Counts(errors=1)
            else:
                _add_lines(lines, result, self._options)
                counts += Counts(articles=1, facts=len(result.facts))
            written = time.perf_counter()
            times += StageTimes(read - started, extracted - read, written - extracted)
            started = written
        return Outcome(tuple(b"".join(lines[name]) for name in OUTPUTS), counts, times)

    def _extract(self, article: Article) -> Extraction | ErrorRecord:
        if article.lang not in self._extractors:
            with self._no_time_limit():  # loading is not the article's fault
                self._extractors[article.lang] = self._load(article.lang)
        try:
            return self._extractors[article.lang].extract(article)
        except MemoryError:
            raise
        except Exception as error:
            return _fault(article, error)

    @contextlib.contextmanager
    def _time_limit(self) -> Iterator[None]:
        if self._timeout is None:
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, self._timeout)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @contextlib.contextmanager
    def _no_time_limit(self) -> Iterator[None]:
        if self._timeout is None:
            yield
            return
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, left)


def extract_all(
    articles: Iterable[Article | ErrorRecord], factory: Factory | None = None
) -> Iterator[Extraction | ErrorRecord]:
    """The extraction of each article, in this process; an error where the extractor fails on it. Errors pass
    through. `factory` is `Extractor.load` by default."""
    load = factory or _default_factory()
    extractors: dict[str, Extracts] = {}
    for article in articles:
        if isinstance(article, ErrorRecord):
            yield article
            continue
        if article.lang not in extractors:
            extractors[article.lang] = load(article.lang)
        try:
            yield extractors[article.lang].extract(article)
        except Exception as error:
            yield _fault(article, error)


def _fault(article: Article, error: Exception) -> ErrorRecord:
    """Whatever one article does to the rules, the rest goes on."""
    message = f"{type(error).__name__}: {error}"
    return ErrorRecord(path=article.path or article.id, reason="internal", message=message)


def _add_lines(lines: dict[str, list[bytes]], extraction: Extraction, options: BatchOptions) -> None:
    lines[FACTS].extend(map(_line, extraction.facts))
    lines[ARTICLES].append(_line(article_record(extraction)))
    if options.rejections:
        lines[REJECTIONS].extend(map(_line, extraction.rejections))
    if options.explain:
        lines[EXPLANATIONS].extend(map(_line, explanation_records(extraction)))


def _line(record: BaseModel) -> bytes:
    return json_line(record).encode("utf-8") + b"\n"


def _default_factory() -> Factory:
    # Loading the extractor costs most of a second: a process that only hands out work does without.
    from pipeline.extract import Extractor

    return Extractor.load
