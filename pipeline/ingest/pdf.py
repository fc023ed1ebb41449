"""A PDF to the text of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.ingest.extras import needing
from pipeline.ingest.options import IngestError
from pipeline.ingest.pdf_layout import Line, text_of

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_PASSWORD = 4  # FPDF_ERR_PASSWORD


def read_pdf(data: bytes, max_pages: int | None = None) -> str:
    """The text of the PDF `data` in reading order, a blank line between paragraphs; of `max_pages` pages at most.

    Raises IngestError with `encrypted` where a password is asked for, `format` where it cannot be opened, `no_text`
    where its pages are pictures, `extra`.
    """
    with needing("pdf", "a PDF file"):
        from pypdfium2 import PdfDocument, PdfiumError
    try:
        with PdfDocument(data) as document:
            count = len(document) if max_pages is None else min(len(document), max_pages)
            text = text_of([_lines(document[at]) for at in range(count)])
    except PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise IngestError("encrypted", "the PDF file asks for a password") from error
        raise IngestError("format", f"the PDF file cannot be opened: {error}") from error
    if not text:
        raise IngestError("no_text", "the PDF file holds no text; its pages may be scans")
    return text


def _lines(page: PdfPage) -> list[Line]:
    from pypdfium2.raw import FPDFText_GetCharIndexFromTextIndex

    try:
        textpage = page.get_textpage()
        lines = []
        for start, text in _split(textpage.get_text_range()):
            # The library inserts and leaves out characters: it counts in two ways.
            first = FPDFText_GetCharIndexFromTextIndex(textpage, start)
            last = FPDFText_GetCharIndexFromTextIndex(textpage, start + _units(text) - 1)
            left, bottom, _, top = textpage.get_charbox(max(first, 0), loose=True)
            right = textpage.get_charbox(max(first, last, 0), loose=True)[2]
            lines.append(Line(text, left, bottom, right, top))
        textpage.close()
        return lines
    finally:
        page.close()


def _split(text: str) -> Iterator[tuple[int, str]]:
    """The lines of `text` without the blanks around them, each with its offset in UTF-16 units, in which PDF
    readers count."""
    start = 0
    for line in text.split("\n"):
        said = line.strip()
        if said:
            yield start + _units(line[: line.index(said)]), said
        start += _units(line) + 1


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
