"""Which mark parts the decimals of a text in a language whose countries differ: 12.500 in Spain is 12,500 in Mexico."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.detect.identity import Same
from pipeline.language.number_words import DecimalMark, NumberWords
from pipeline.schema import Document

_OTHER: dict[DecimalMark, DecimalMark] = {",": ".", ".": ","}
_ENOUGH = 2


class _Uses(NamedTuple):
    """What shows that a mark parts decimals: `sure` figures read in one way only, `likely` ones, groups of three behind
    the other mark that may be three decimals."""

    sure: re.Pattern[str]
    likely: re.Pattern[str]


def decimal_mark(doc: Document, words: NumberWords) -> DecimalMark:
    """The decimal mark of all figures of `doc`: that of the pack, or the other one where the pack has `other_marks` and
    the figures of the text show it. Figures that can be read in one way only decide ("1,234,567", "12.5 %"). Where they
    are none, or even, two signs are needed: groups that are hardly decimals ("12,500 autos"), a word of `other_marks`.
    """
    own = words.decimal_mark
    if not words.other_marks:
        return own
    ours, theirs = _uses(Same(words))
    sure = _count(theirs.sure, doc) - _count(ours.sure, doc)
    if sure:
        return _OTHER[own] if sure > 0 else own
    likely = _count(theirs.likely, doc) - _count(ours.likely, doc)
    named = not words.other_marks.isdisjoint(doc.lower_words)
    return _OTHER[own] if likely + named >= _ENOUGH else own


def _count(pattern: re.Pattern[str], doc: Document) -> int:
    return sum(1 for _ in pattern.finditer(doc.lower))


@lru_cache(maxsize=16)
def _uses(section: Same[NumberWords]) -> tuple[_Uses, _Uses]:
    """What shows the decimal mark of the pack, and what shows the other one."""
    own = section.value.decimal_mark
    return _use(own, section.value), _use(_OTHER[own], section.value)


def _use(decimal: DecimalMark, words: NumberWords) -> _Uses:
    part, group = re.escape(decimal), re.escape(_OTHER[decimal])
    closers = "|".join(map(re.escape, (*words.closers, *words.scales)))
    behind = rf" ?%| (?:{closers})\b"
    alone, over = r"(?<![\w.,/-])", r"(?![.,/-]?[0-9])"
    grouped = rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})"
    return _Uses(
        re.compile(
            rf"{alone}(?:{grouped}{{2,}}{over}|{grouped}+{part}[0-9]{{1,2}}{over}|[0-9]{{1,4}}{part}[0-9]{{1,2}}(?={behind}))"
        ),
        # nobody writes a zero at the end of three decimals
        re.compile(rf"{alone}[1-9][0-9]{{0,2}}{group}(?:[0-9]{{2}}0{over}|[0-9]{{3}}{over}(?!{behind}))"),
    )
