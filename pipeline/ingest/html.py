"""A web page to the text of its article, its title and its date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from configparser import ConfigParser
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.ingest.nesting import check_markup
from pipeline.ingest.options import DEFAULT_MAX_DEPTH, Draft, IngestError, Metadata
from pipeline.ingest.publication import parse_published

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
# Dates are read from the page's metadata and marked elements only, not guessed from its text; the upper limit
# is fixed lest the result depend on the day of the run.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
# Letters of text below which the page is searched again, by means that glue its paragraphs together; the
# library's own limit of 250 would do that to news in brief.
_ENOUGH = 60
_HTML_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "figure", "section", "article"}
)
_HTML_LINES = frozenset({"br", "li", "tr", "dt", "dd"})
_SILENT = frozenset({"script", "style", "figcaption", "iframe", "noscript"})
_BLANKS = re.compile(r"[ \t\r\n]+")
_BREAKS = re.compile(r"[\f\v]")
_BLOCKS = frozenset({"p", "head", "quote", "list", "table", "code", "div", "body"})


def looks_like_html(text: str) -> bool:
    """True where `text` begins as a web page does."""
    return _PAGE.match(text) is not None


def read_html(source: str, url: str | None = None, max_depth: int = DEFAULT_MAX_DEPTH) -> Draft:
    """The article of the page `source`: blank lines between blocks, a line for each item and table row.

    Menus, captions, comments and footers are left out. Raises IngestError with `no_text` where
    nothing is left, with `too_deep` where elements lie more than `max_depth` deep.
    """
    check_markup(source, max_depth)
    from trafilatura.core import bare_extraction
    from trafilatura.settings import Document

    try:
        page = bare_extraction(
            source,
            url=url,
            include_comments=False,
            date_extraction_params=_DATES,
            with_metadata=True,
            config=_config(),
        )
    except (ValueError, AssertionError, RecursionError) as error:
        raise IngestError("no_text", f"the page cannot be parsed: {error}") from error
    if not isinstance(page, Document) or not (body := "\n\n".join(_blocks(page.body))):
        raise IngestError("no_text", "the page holds no article text, or is cut off before it")
    return Draft(
        body=body,
        metadata=Metadata(title=page.title or None),
        published=parse_published(page.date or "", "metadata"),
    )


def fragment_to_text(source: str, max_depth: int = DEFAULT_MAX_DEPTH) -> str:
    """The words of a piece of HTML, such as the content of a feed's entry: all of it is taken for the article.

    Blank lines stand between blocks, a line for each list item and table row; entities are resolved. Raises
    IngestError with `too_deep` where elements lie more than `max_depth` deep.
    """
    check_markup(source, max_depth)
    from lxml import html

    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    # In a body of its own: else loose text before the first tag would be lost or wrapped.
    root = html.document_fromstring(f"<html><body>{source}</body></html>", parser=parser)
    blocks = _BLANKS.sub(" ", "".join(_flat(root))).split("\f")
    paragraphs = ("\n".join(line.strip(" ") for line in block.split("\v")).strip() for block in blocks)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _flat(element: HtmlElement) -> Iterator[str]:
    """The text in `element`, with a form feed around a block and a vertical tab before a line."""
    if element.tag in _SILENT:
        return
    around = "\f" if element.tag in _HTML_BLOCKS else ""
    yield ("\v" if element.tag in _HTML_LINES else around) + _BREAKS.sub(" ", element.text or "")
    for child in element:
        yield from _flat(child)
        yield _BREAKS.sub(" ", child.tail or "")
    yield around or (" " if element.tag in ("td", "th") else "")


@lru_cache(maxsize=1)
def _config() -> ConfigParser:
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(_ENOUGH)
    return config


def _blocks(element: _Element) -> Iterator[str]:
    """The text of each block in `element`; text that stands beside blocks is a block itself."""
    inline = [element.text or ""]
    for child in element:
        if child.tag not in _BLOCKS:
            inline.append(_text(child) + (child.tail or ""))
            continue
        yield from _said("".join(inline))
        inline = [child.tail or ""]
        if child.tag in ("list", "table"):
            yield from _said("\n".join(_lines(child)))
        else:
            yield from _blocks(child)
    yield from _said("".join(inline))


def _lines(element: _Element) -> Iterator[str]:
    for line in element:
        if line.tag == "row":
            cells = (" ".join(_text(cell).split()) for cell in line)
            yield " | ".join(cell for cell in cells if cell)
        else:
            yield " ".join(_text(line).split())


def _said(text: str) -> Iterator[str]:
    if text.strip():
        yield text.strip()


def _text(element: _Element) -> str:
    """The text inside `element` without its tail; a line break where it has one."""
    if element.tag == "lb":
        return "\n"
    pieces = [element.text or ""]
    for child in element:
        pieces += [_text(child), child.tail or ""]
    return "".join(pieces)
