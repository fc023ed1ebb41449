"""Article to Document: headings, paragraphs, sentences, and the character views that detectors read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline import text as views
from pipeline.ingest.identify import is_foreign
from pipeline.language.base import SegmentWords
from pipeline.schema import Article, Document, Sentence

_LINE = re.compile(r"[^\n]+")
# It begins with the mark itself, outside the alternatives, so that the search skips from mark to mark. A row of marks
# is tried at its first one only, lest it take the square of its length.
_BREAK = re.compile(
    r"[.!?…](?:(?<![.!?…]{2})[.!?…]*+[»\"”')\]]*\s*[»\"”]?(?=\s|$)"
    r"|(?<=[a-zà-ÿ»)%€\d][a-zà-ÿ»)%€][.!?])(?=[A-ZÀ-Ý][a-zà-ÿ' ]))"
)
_FINAL = re.compile(r"[.!?…:;,][»\"”')\]\s]*$")
_LEAD = re.compile(r"[\s«\"“(\[-]*")
_INITIAL = re.compile(r"(?:^|[\s(])[A-ZÀ-Ý]$")
_EDGE = re.compile(r"[\s(«\"']")
_NEXT = re.compile(r"\s+(\w+)")
_FIGURE = re.compile(r"(?:\b([^\W\d]+) )?(?<![\w.,])(\d[\d.]*)$")
_ORDINAL_DIGITS = 2
_WRAPPED = 60
_QUOTED = re.compile(r"[«“„\"]([^«»“”„\"\n]{60,})[»”“\"]")
_OWN = 0.2  # share of its words that a passage of the language's own has among the words that open sentences
_HEADING_LIMIT = 160
_LONGEST = 2_000
"""Characters after which a sentence is cut, at a blank where there is one: the press stays far below, and the stages
behind compare the words of a sentence with each other."""


def segment(article: Article, language: SegmentWords) -> Document:
    """Split `article` into sentences; a line without final punctuation that stands alone is a heading.

    Quotations in another language are blanked in the views that detectors read, so that no fact is read from them with
    the words of this one. Line breaks end a block, save a hard wrap: a long line without final punctuation, followed at
    once by a line that starts in lower case.
    """
    plain = views.plain(article.text)
    sentences: list[Sentence] = []
    for block, (start, end) in enumerate(_blocks(plain)):
        if _is_heading(plain, start, end):
            sentences.append(Sentence(start, end, block, heading=True))
        else:
            found = _sentences(plain, start, end, language)
            sentences.extend(Sentence(a, b, block) for whole in found for a, b in _cut(plain, *whole))
    plain = _without_foreign(plain, article.lang, language)
    lower = views.lower(plain)
    words = views.pieces(views.WORD, lower)
    offsets = tuple(zip(words.starts, words.ends, strict=True))
    return Document(article, plain, lower, tuple(sentences), offsets, tuple(words.starts), tuple(words.texts))


def _without_foreign(plain: str, lang: str, words: SegmentWords) -> str:
    """`plain` with spaces for the letters of long quotations in another language."""
    for quote in list(_QUOTED.finditer(plain)):
        found = [word.lower() for word in views.WORD.findall(quote[1])]
        # Most quotations need no second look: the commonest words of the language are there.
        if sum(word in words.openers for word in found) >= _OWN * len(found) or not is_foreign(quote[1], lang):
            continue
        start, end = quote.span(1)
        plain = plain[:start] + views.WORD.sub(lambda word: " " * len(word[0]), quote[1]) + plain[end:]
    return plain


def _blocks(plain: str) -> Iterator[tuple[int, int]]:
    start = end = -1
    for line in _LINE.finditer(plain):
        a, b = _trim(plain, *line.span())
        if a == b:
            continue
        if start >= 0 and _continues(plain, start, end, a):
            end = b
            continue
        if start >= 0:
            yield start, end
        start, end = a, b
    if start >= 0:
        yield start, end


def _continues(plain: str, start: int, end: int, following: int) -> bool:
    gap = plain[end:following]
    line_start = plain.rfind("\n", start, end) + 1 or start
    return (
        gap.count("\n") == 1
        and end - line_start >= _WRAPPED
        and not re.search(r"[.!?…:]\W*$", plain[max(start, end - 4) : end])
        and (plain[following].islower() or plain[following].isdigit())
    )


def _trim(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and plain[start].isspace():
        start += 1
    while start < end and plain[end - 1].isspace():
        end -= 1
    return start, end


def _is_heading(plain: str, start: int, end: int) -> bool:
    return end - start <= _HEADING_LIMIT and not _FINAL.search(plain[max(start, end - 6) : end])


def _sentences(plain: str, start: int, end: int, words: SegmentWords) -> Iterator[tuple[int, int]]:
    at = start
    for stop in _BREAK.finditer(plain, start, end):
        if stop.end() >= end:
            break
        if _is_abbreviation(plain, at, stop.start(), words) or _goes_on(plain, stop.end(), end):
            continue
        if words.ordinal_heads and _is_ordinal(plain, at, stop.start(), words):
            continue
        a, b = _trim(plain, at, stop.end())
        if a < b:
            yield a, b
        at = stop.end()
    a, b = _trim(plain, at, end)
    if a < b:
        yield a, b


def _cut(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence in pieces of at most `_LONGEST` characters."""
    while end - start > _LONGEST:
        blank = plain.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        stop = blank if blank > 0 else start + _LONGEST
        yield _trim(plain, start, stop)
        start, _ = _trim(plain, stop, end)
    yield start, end


def _is_abbreviation(plain: str, start: int, dot: int, words: SegmentWords) -> bool:
    if plain[dot] != ".":
        return False
    before = plain[max(start, dot - 24) : dot]
    if _EDGE.split(before)[-1].lower() in words.abbreviations:
        return True
    # A single capital is an initial, unless what follows can only open a sentence.
    following = _NEXT.match(plain, dot + 1)
    opens = following is not None and following.group(1).lower() in words.openers
    return bool(_INITIAL.search(before[-3:])) and not opens


def _is_ordinal(plain: str, start: int, dot: int, words: SegmentWords) -> bool:
    """True where the full stop at `dot` makes an ordinal of the figure before it ("12. März", "das 500.000. Auto")."""
    figure = _FIGURE.search(plain, max(start, dot - 24), dot)
    following = _NEXT.match(plain, dot + 1)
    if figure is None or following is None:
        return False
    word = following.group(1).lower()
    if (figure.group(1) or "").lower() in words.ordinal_articles:
        return word not in words.openers
    return len(figure.group(2)) <= _ORDINAL_DIGITS and word in words.ordinal_heads


def _goes_on(plain: str, after: int, end: int) -> bool:
    """True where what follows starts in lower case or with a comma: the mark did not end a sentence."""
    match = _LEAD.match(plain, after, end)
    following = match.end() if match else after
    return following < end and (plain[following].islower() or plain[following] in ",;")
