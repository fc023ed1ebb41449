"""Bytes to text: which encoding it is, what is no text at all, and the repairs before the text is frozen."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.ingest.options import IngestError

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

# UTF-32 before UTF-16, whose mark is the beginning of its own.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FOREIGN = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"RIFF")
# Encodings in which western European newsrooms have kept their archives.
_LEGACY = ["cp1252", "iso8859_15", "mac_roman"]
_PROBE = 65_536
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\x0c\x1b")
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE
)
# Control characters, and marks that show nothing (soft hyphen, zero-width space, joiners, directions).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Without a match of either a text is in good repair. The first finds a character that is not usual in western European
# news (letters with accents in one piece, quotes, dashes, spaces; "&" may begin an entity); the second two characters
# that follow each other in mojibake. One such pair is in each sequence for which ftfy looks (`ftfy.badness`); to look
# for them all would take most of the time of reading.
_UNUSUAL = re.compile(
    "[^\t\n -%'-~\u00a0-\u00ac\u00ae-\u0131\u0134-\u0148\u014a-\u017f\u2010-\u2026\u202f-\u205e\u20ac]"
)
_HARMLESS = "\u00a0\u00b7\u2013\u2014\u2026\u2019\u202f"  # spaces, dashes and quotes that often stand beside others
_PAIR = re.compile(
    f"[\u0080-\uffff](?:(?<=[ÂÃÎÐØÙŒœ])[^A-Za-z]|(?<![{_HARMLESS}])(?![{_HARMLESS}])[\u0080-\uffff])"
)


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of `data`, line ends as "\\n": by its mark, as UTF-8, as `charset` or the data
    declare, else by detection.

    Raises IngestError with `empty`, `binary` or `encoding`.
    """
    if not data.strip():
        raise IngestError("empty", "the file is empty")
    text = _decode(data, charset)
    if not text.strip("\ufeff\x00 \t\r\n"):
        raise IngestError("empty", "the file holds no characters but blanks")
    return _LINE_END.sub("\n", text)


def repair(text: str) -> str:
    """`text` as it stands for good: mojibake undone, NFC, no invisible characters, no blanks around it."""
    if not _UNUSUAL.search(text) and not _PAIR.search(text):
        return text.strip()
    from ftfy import fix_text

    fixed = fix_text(text, _repairs())
    fixed = _INVISIBLE.sub("", _LINE_END.sub("\n", fixed))
    return unicodedata.normalize("NFC", fixed).strip()


@lru_cache(maxsize=1)
def _repairs() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(uncurl_quotes=False, fix_character_width=False, explain=False)


def _decode(data: bytes, charset: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = _unmarked_utf16(data)
    if wide:
        return data.decode(wide, "replace")
    probe = data[:_PROBE]
    if data.startswith(_FOREIGN) or 50 * sum(probe.count(c) for c in _CONTROLS) > len(probe):
        raise IngestError("binary", "the file is not text")
    return _utf8(data) or _as(charset, data) or _declared(data) or _legacy(data)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: western letters leave every other byte zero, on one side only."""
    probe = data[:_PROBE]
    half = max(len(probe) // 2, 1)
    low, high = probe[::2].count(0) / half, probe[1::2].count(0) / half
    if high > 0.7 and low < 0.1:
        return "utf-16-le"
    return "utf-16-be" if low > 0.7 and high < 0.1 else None


def _utf8(data: bytes) -> str | None:
    """`data` as UTF-8, also where a few bytes are broken among many that can be nothing else; else None."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        return text if len(_MULTIBYTE.findall(data)) > 4 * text.count("\ufffd") else None


def _declared(data: bytes) -> str | None:
    declared = _DECLARED.search(data[:4096])
    return _as(declared.group(1).decode("ascii"), data) if declared else None


def _as(encoding: str | None, data: bytes) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except (LookupError, ValueError):
        return None


def _legacy(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 4 * _PROBE], cp_isolation=_LEGACY, preemptive_behaviour=False).best()
    if best is None:
        raise IngestError("encoding", "the encoding of the file could not be told")
    return data.decode(best.encoding, "replace")
