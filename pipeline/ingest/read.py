"""The way from items to articles: decode, take out of the format, date, repair, freeze."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.ingest.decode import decode, repair
from pipeline.ingest.discover import Inputs, discover
from pipeline.ingest.html import looks_like_html, read_html
from pipeline.ingest.identify import language_of
from pipeline.ingest.item import Format, Item
from pipeline.ingest.items import items
from pipeline.ingest.markdown import markdown_to_text
from pipeline.ingest.metadata import split_front_matter
from pipeline.ingest.options import NO_METADATA, Draft, IngestError, IngestOptions
from pipeline.ingest.pdf import read_pdf
from pipeline.ingest.publication import parse_published, published_in_name, split_head
from pipeline.ingest.records import draft_of_record
from pipeline.schema import Article, ErrorRecord, Published


def read_articles(
    paths: Sequence[Path | str], options: IngestOptions | None = None
) -> Iterator[Article | ErrorRecord]:
    """Read the articles under `paths` (as `discover` takes them), one after the other.

    What cannot be read comes out as an ErrorRecord in its place; nothing is raised.
    """
    return read_inputs(discover(paths), options)


def read_inputs(inputs: Inputs, options: IngestOptions | None = None) -> Iterator[Article | ErrorRecord]:
    """Read the sources of `inputs` in their order, as `read_articles` does."""
    options = options or IngestOptions()
    for item in items(inputs, options):
        if isinstance(item, ErrorRecord):
            yield item
        else:
            yield from articles_of(item, options)


def articles_of(item: Item, options: IngestOptions) -> Iterator[Article | ErrorRecord]:
    """The article in `item`, or why there is none; behind an article, what is wrong with its metadata.

    Depends on its arguments alone, reads no file, raises nothing.
    """
    try:
        article, problems = _article(item, options)
    except IngestError as error:
        yield ErrorRecord(path=item.locator, reason=error.reason, message=error.message)
    except Exception as error:  # a reader's own fault must not stop the rest
        yield ErrorRecord(path=item.locator, reason="internal", message=f"{type(error).__name__}: {error}")
    else:
        yield article
        for problem in problems:
            yield ErrorRecord(path=item.locator, reason="metadata", message=problem)


def _article(item: Item, options: IngestOptions) -> tuple[Article, list[str]]:
    beside = item.beside
    draft = _draft(item, options)
    own = draft.metadata
    title = repair(own.title or beside.title or "") or None
    body = repair(draft.body)
    if not body:
        raise IngestError("empty", "there is no text behind the head")
    said = options.lang if options.force_lang else own.lang or beside.lang or options.lang
    full = body if title is None or _begins_with(body, title) else f"{title}\n\n{body}"
    article = Article(
        id=item.id,
        text=full,
        published=_published(draft, item, options),
        lang=language_of(full, said),
        title=title,
        path=item.locator,
    )
    return article, [problem for problem in (item.problem, draft.problem) if problem]


def _draft(item: Item, options: IngestOptions) -> Draft:
    if item.format is Format.PDF:
        return read_pdf(item.payload, options.max_pages)
    if item.format is Format.RECORD:
        return draft_of_record(item.payload, options.max_depth)
    text = decode(item.payload, item.charset)
    if item.format is Format.HTML or looks_like_html(text):
        return read_html(text, item.beside.url, options.max_depth)
    metadata, body = split_front_matter(text)
    published, body = split_head(body)
    own = metadata or NO_METADATA
    return Draft(
        body=markdown_to_text(body) if item.format is Format.MARKDOWN else body,
        metadata=own,
        published=published or parse_published(own.published or "", "front_matter"),
    )


def _published(draft: Draft, item: Item, options: IngestOptions) -> Published | None:
    return (
        draft.published
        or parse_published(item.beside.published or "", "sidecar")
        or published_in_name(item.stem)
        or options.published
    )


def _begins_with(body: str, title: str) -> bool:
    beginning = body[: 2 * len(title) + 100]
    return " ".join(beginning.split()).startswith(" ".join(title.split()))
