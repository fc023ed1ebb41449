"""The way from sources to articles: decode, take out of the format, date, repair, freeze."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pipeline.ingest.decode import decode, repair
from pipeline.ingest.discover import Inputs, Source, discover
from pipeline.ingest.html import looks_like_html, read_html
from pipeline.ingest.identify import language_of
from pipeline.ingest.markdown import markdown_to_text
from pipeline.ingest.metadata import read_sidecar, split_front_matter
from pipeline.ingest.options import Draft, IngestError, IngestOptions, Metadata
from pipeline.ingest.publication import parse_published, published_in_name, split_head
from pipeline.schema import Article, ErrorRecord, Published

_MARKDOWN = frozenset({".md", ".markdown"})
_HTML = frozenset({".html", ".htm"})


def read_articles(
    paths: Sequence[Path | Literal["-"]], options: IngestOptions | None = None
) -> Iterator[Article | ErrorRecord]:
    """Read the articles under `paths` ("-" is standard input), one after the other, by name in folders.

    What cannot be read comes out as an ErrorRecord in its place; nothing is raised.
    """
    return read_inputs(discover(paths), options)


def read_inputs(inputs: Inputs, options: IngestOptions | None = None) -> Iterator[Article | ErrorRecord]:
    """Read the sources of `inputs` in their order, as `read_articles` does.

    An id that another article has already is made distinct by the folder it lies in ("folder/stem").
    """
    options = options or IngestOptions()
    yield from inputs.errors
    ids: set[str] = set()
    seen: set[Path] = set()
    for source in inputs.sources:
        try:
            _once(source, seen)
            article, problem = _read(source, options, ids)
        except IngestError as error:
            yield ErrorRecord(path=source.name, reason=error.reason, message=error.message)
        except OSError as error:
            reason = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
            yield ErrorRecord(path=source.name, reason=reason, message=error.strerror or str(error))
        except Exception as error:  # a reader's own fault must not stop the folder
            message = f"{type(error).__name__}: {error}"
            yield ErrorRecord(path=source.name, reason="internal", message=message)
        else:
            ids.add(article.id)
            yield article
            if problem:
                yield ErrorRecord(path=source.name, reason="metadata", message=problem)


def _once(source: Source, seen: set[Path]) -> None:
    key = source.path.resolve() if source.path else Path("-")
    if key in seen:
        raise IngestError("duplicate_id", "the same file was given before")
    seen.add(key)


def _read(source: Source, options: IngestOptions, ids: set[str]) -> tuple[Article, str | None]:
    text = decode(_bytes(source, options.max_bytes))
    sidecar, problem = _sidecar(source)
    draft = _draft(text, source, sidecar)
    own = draft.metadata
    title = repair(own.title or sidecar.title or "") or None
    body = repair(draft.body)
    if not body:
        raise IngestError("empty", "there is no text behind the head")
    full = body if title is None or _begins_with(body, title) else f"{title}\n\n{body}"
    article = Article(
        id=_distinct_id(own.id or sidecar.id, source, ids),
        text=full,
        published=_published(draft, sidecar, source, options),
        lang=language_of(full, own.lang or sidecar.lang or options.lang),
        title=title,
        path=source.name,
    )
    return article, problem


def _bytes(source: Source, limit: int) -> bytes:
    if source.path is None:
        data = sys.stdin.buffer.read(limit + 1)
    else:
        with source.path.open("rb") as stream:
            data = stream.read(limit + 1)
    if len(data) > limit:
        raise IngestError("too_large", f"larger than the limit of {limit} bytes")
    return data


def _sidecar(source: Source) -> tuple[Metadata, str | None]:
    """The sidecar's metadata, empty where there is none, and what is wrong with it."""
    try:
        return (source.path and read_sidecar(source.path)) or Metadata(), None
    except IngestError as error:
        return Metadata(), error.message


def _draft(text: str, source: Source, sidecar: Metadata) -> Draft:
    suffix = source.path.suffix.lower() if source.path else ""
    if suffix in _HTML or looks_like_html(text):
        return read_html(text, sidecar.url)
    metadata, body = split_front_matter(text)
    published, body = split_head(body)
    own = metadata or Metadata()
    return Draft(
        body=markdown_to_text(body) if suffix in _MARKDOWN else body,
        metadata=own,
        published=published or parse_published(own.published or "", "front_matter"),
    )


def _published(draft: Draft, sidecar: Metadata, source: Source, options: IngestOptions) -> Published | None:
    return (
        draft.published
        or parse_published(sidecar.published or "", "sidecar")
        or (published_in_name(source.path.stem) if source.path else None)
        or options.published
    )


def _begins_with(body: str, title: str) -> bool:
    beginning = body[: 2 * len(title) + 100]
    return " ".join(beginning.split()).startswith(" ".join(title.split()))


def _distinct_id(given: str | None, source: Source, ids: set[str]) -> str:
    """The given id, else the file's stem, with as much of the path before it as makes it distinct."""
    if source.path is None:
        names = [given or "stdin"]
    else:
        path = Path(source.name)
        names = [given or path.stem, f"{path.parent.name}/{given or path.stem}", source.name]
    for name in names:
        if name not in ids:
            return name
    raise IngestError("duplicate_id", f"another article has the id {names[0]!r}")
