"""A PDF to the text of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.ingest.extras import needing
from pipeline.ingest.options import Draft, IngestError
from pipeline.ingest.pdf_layout import DIVIDED, Line, joined, text_of

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

# Heights of a line: words are never that far apart, columns and cells are.
_GAP = 1.2
_PASSWORD = 4  # FPDF_ERR_PASSWORD


def read_pdf(data: bytes, max_pages: int | None = None) -> Draft:
    """The text of the PDF `data` in reading order, a blank line between paragraphs; of `max_pages` pages at most: that
    there are more is a problem of the draft.

    Raises IngestError with `encrypted` where a password is asked for, `format` where it cannot be opened, `no_text`
    where its pages are pictures, `extra`.
    """
    with needing("pdf", "a PDF file"):
        from pypdfium2 import PdfDocument, PdfiumError
    try:
        with PdfDocument(data) as document:
            there = len(document)
            count = there if max_pages is None else min(there, max_pages)
            text = text_of([_lines(document[at]) for at in range(count)])
    except PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise IngestError("encrypted", "the PDF file asks for a password") from error
        raise IngestError("format", f"the PDF file cannot be opened: {error}") from error
    if not text:
        raise IngestError("no_text", "the PDF file holds no text; its pages may be scans")
    problem = f"of its {there} pages the first {count} were read (the limit)" if count < there else None
    return Draft(body=text, problem=problem)


def _lines(page: PdfPage) -> list[Line]:
    """The lines of `page` in the order of the file, parted where a wide gap is, as between columns."""
    textpage = page.get_textpage()
    try:
        return [
            line for start, text in _split(textpage.get_text_range()) for line in _parts(_words(textpage, start, text))
        ]
    finally:
        textpage.close()
        page.close()


def _parts(words: Iterator[Line]) -> Iterator[Line]:
    line: Line | None = None
    for word in words:
        if line is None:
            line = word
        elif word.left - line.right > _GAP * line.height:
            yield line
            line = word
        else:
            line = joined(line, word)
    if line is not None:
        yield line


def _words(textpage: PdfTextPage, start: int, text: str) -> Iterator[Line]:
    """The words of the line `text`, which begins at `start`, each with its box."""
    from pypdfium2.raw import FPDFText_GetCharIndexFromTextIndex

    for match in re.finditer(r"\S+", text):
        at = start + _units(text[: match.start()])
        # The library inserts and leaves out characters: it counts in two ways.
        first = max(FPDFText_GetCharIndexFromTextIndex(textpage, at), 0)
        last = FPDFText_GetCharIndexFromTextIndex(textpage, at + _units(match.group()) - 1)
        left, bottom, _, top = textpage.get_charbox(first, loose=True)
        right = textpage.get_charbox(max(first, last), loose=True)[2]
        yield Line(match.group(), left, bottom, right, top)


def _split(text: str) -> Iterator[tuple[int, str]]:
    """The lines of `text`, each with its offset in UTF-16 units, in which the library counts.

    It runs two lines into one where a hyphen ends the first, and puts U+FFFE for the hyphen.
    """
    start = 0
    for match in re.finditer(r"([^\n\ufffe]*)([\n\ufffe]|$)", text):
        line = match.group(1) + (DIVIDED if match.group(2) == DIVIDED else "")
        if line.strip():
            yield start, line
        start += _units(match.group())


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
