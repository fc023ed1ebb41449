"""What the detectors of names share: the words around a place in the text, and how a mention is made."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from pipeline.gazetteer import Entry, Gazetteer
from pipeline.language.entity_words import CueKind, EntityWords
from pipeline.schema import Document, EntityMention, Kind, Sentence

_ROMAN = re.compile(r"(?:X{0,2}(?:IX|IV|V?I{0,3}))(?<=.)")
_INSIDE = "-_%€$"
_WORD_LIMIT = 200  # characters: no word is longer
_AFTER = re.compile(r"[ ]?([\w%€$£¥/]+'?)")
_CUE_KINDS: dict[CueKind, Kind] = {
    "authority": Kind.AUTHORITY,
    "association": Kind.AUTHORITY,
    "union": Kind.AUTHORITY,
    "place": Kind.PLACE,
}
_NO_CLASS = frozenset({"company", "authority", "place"})
_PIECE = re.compile(r"\w[\w&+-]*")
_LEAD = re.compile(r"[\W_]*\Z")


class NameContext:
    """A document with the words of its language and the names of the trade."""

    def __init__(self, doc: Document, words: EntityWords, gazetteer: Gazetteer) -> None:
        self.doc = doc
        self.words = words
        self.gazetteer = gazetteer

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.doc.sentences]

    @cached_property
    def capitals(self) -> list[tuple[int, int]]:
        """The words that begin in a capital."""
        plain, lower = self.doc.plain, self.doc.lower
        return [span for span in self.doc.words if plain[span[0]] != lower[span[0]]]

    def cover(self, mentions: Iterable[EntityMention]) -> Cover:
        """The characters of the document that `mentions` take."""
        return Cover(len(self.doc.plain), mentions)

    def sentence(self, at: int) -> Sentence:
        """The sentence that holds the offset `at`, or the last one before it."""
        return self.doc.sentences[max(0, bisect_right(self._starts, at) - 1)]

    def previous(self, at: int) -> str:
        """The lower-case word right before `at` ("l'" with its apostrophe), "" where there is none."""
        start = self.previous_start(at)
        return self.doc.lower[start:at].rstrip(" ")

    def previous_start(self, at: int) -> int:
        """Where the word of `previous` starts; `at` where there is none."""
        lower = self.doc.lower
        end = at - 1 if at and lower[at - 1] == " " else at
        stop = end - 1 if end and lower[end - 1] == "'" else end
        start = stop
        floor = max(0, stop - _WORD_LIMIT)
        while start > floor and (lower[start - 1].isalnum() or lower[start - 1] in _INSIDE):
            start -= 1
        return start if start < stop else at

    def following(self, at: int) -> str:
        """The lower-case word or symbol right behind `at`, "" where there is none."""
        match = _AFTER.match(self.doc.lower, at)
        return match.group(1) if match else ""

    def opens(self, at: int) -> bool:
        """True where `at` begins a sentence, be it behind quotation marks."""
        start = self.sentence(at).start
        return start >= at or bool(at - start < 4 and _LEAD.match(self.doc.plain, start, at))

    def capital_before(self, at: int) -> bool:
        """True where a capitalised word that does not begin its sentence stands right before `at`."""
        start = self.previous_start(at)
        capital = start < at and self.doc.plain[start].isupper() and not self.opens(start)
        return capital and not (self.words.capital_nouns and self.words.is_ordinary(self.doc.lower[start:at].strip()))

    def capital_after(self, at: int) -> bool:
        """True where a capitalised word, no acronym, follows right behind `at`."""
        after = self.doc.plain[at : at + 3]
        capital = len(after) == 3 and after[0] in " -" and after[1].isupper() and after[2].islower()
        return capital and not (self.words.capital_nouns and self.words.is_ordinary(self._word(at + 1)))

    def is_noun(self, start: int, end: int) -> bool:
        """True for a common noun that only has its capital from the rules of the language."""
        return self.words.capital_nouns and self.words.is_ordinary(self.doc.lower[start:end])

    def run(self, start: int) -> int | None:
        """Where the capitalised words in a row end that begin at `start`, None where none begins there.

        Where common nouns have capitals, the row ends before the first of them.
        """
        match = self.words.run.match(self.doc.plain, start)
        if match is None or not self.words.capital_nouns:
            return match.end() if match else None
        end = start + len(self._word(start))
        for word in _PIECE.finditer(self.doc.lower, end, match.end()):
            if self.words.is_ordinary(word.group()):
                break
            end = word.end()
        return end

    def _word(self, at: int) -> str:
        """The lower-case word, hyphens and all, that begins at `at`."""
        match = _PIECE.match(self.doc.lower, at)
        return match.group() if match else ""

    def hyphened(self, start: int, end: int) -> bool:
        """True where a hyphen joins [start, end) to another word."""
        plain = self.doc.plain
        before = start > 1 and plain[start - 1] == "-" and plain[start - 2].isalnum()
        return before or self.hyphened_behind(end)

    def hyphened_behind(self, at: int) -> bool:
        """True where a hyphen joins what ends at `at` to a word behind it, save a noun that makes a compound of it
        ("Golf-Produktion")."""
        plain = self.doc.plain
        if plain[at : at + 1] != "-" or not plain[at + 1 : at + 2].isalnum():
            return False
        return not (self.words.capital_nouns and self.words.is_ordinary(self._word(at + 1)))

    def mention(self, start: int, end: int, entry: Entry) -> EntityMention:
        """A mention of a name of the gazetteer."""
        span, name = self.doc.span(start, end), self.gazetteer.written(entry.name, self.doc.article.lang)
        return EntityMention(span, name, entry.kind, entry.parent, entry.country, entry.classes)

    def stranger(self, start: int, end: int, name: str, kind: Kind) -> EntityMention:
        """A mention of a name that the gazetteer does not hold."""
        return EntityMention(self.doc.span(start, end), name, kind, known=False)

    def cued(self, start: int, end: int, name: str, cue: CueKind) -> EntityMention:
        """A name that the gazetteer does not hold, of the kind and class that a noun tells."""
        classes = () if cue in _NO_CLASS else (str(cue),)
        kind = cue_kind(cue)
        return EntityMention(self.doc.span(start, end), name, kind, classes=classes, known=False)


class Cover:
    """Which characters of a text of `size` characters are taken by mentions."""

    def __init__(self, size: int, mentions: Iterable[EntityMention] = ()) -> None:
        self._taken = bytearray(size)
        for mention in mentions:
            self.take(mention.span.start, mention.span.end)

    def take(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\x01" * (end - start)

    def full(self, start: int, end: int) -> bool:
        """True where every character of [start, end) is taken."""
        return 0 not in self._taken[start:end]

    def free(self, start: int, end: int) -> bool:
        return 1 not in self._taken[start:end]


def cue_kind(cue: CueKind) -> Kind:
    """The kind of party that a noun's cue tells."""
    return _CUE_KINDS.get(cue, Kind.COMPANY)


def is_roman(word: str) -> bool:
    """True for a small Roman numeral: a ruler's, or a generation's."""
    return bool(_ROMAN.fullmatch(word))


def occurrences(text: str, name: str) -> Iterator[tuple[int, int]]:
    """The places of `name` in `text` at word boundaries."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            yield at, end
        at = text.find(name, end)
