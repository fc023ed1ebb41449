"""What looks like a calendar expression and is none: counts, model names, participles, proper nouns."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.detect.date_grammar import BREAK, OTHER, Grammar, Token
from pipeline.language.date_words import FormName
from pipeline.schema import Document

_MONEY = "€$£¥%‰°"
_SELF_SUFFICIENT = frozenset({"BOUND", "PART", "AGO", "AHEAD", "WITHIN"})


@dataclass(frozen=True, slots=True)
class Match:
    """One form found on the tokens [first, last) of a document; `core` is the first token behind the prefix."""

    form: FormName
    first: int
    core: int
    last: int
    names: frozenset[str]


class Guards:
    """Plausibility of a match in its surroundings."""

    def __init__(self, document: Document, grammar: Grammar, tokens: list[Token]) -> None:
        self._plain = document.plain
        self._lower = document.lower
        self._tokens = tokens
        self._grammar = grammar
        self._starts = {s.start for s in document.sentences}
        words = grammar.words
        self._year_before = frozenset(words.year_before)
        self._never_before = frozenset(words.never_before)
        self._counted = frozenset(words.counted)
        self._function = frozenset(words.function_words)
        self._homographs = frozenset(words.homographs)

    def allow(self, match: Match) -> bool:
        """True where `match` reads as a date in its place."""
        check = {
            "year": self._year, "year_range": self._years, "month": self._month, "season": self._season,
            "bare_day": self._bare_day, "part_unit": self._part_unit, "offset": self._offset,
            "numeric_day": self._numeric_day, "first_n": self._not_of, "last_n": self._not_of,
            "quarter": self._mark, "half": self._mark, "decade": self._decade, "day_range": self._day_range,
            "relative_unit": self._single, "numeric_month": self._years, "numeric": self._free,
            "whole": self._not_of, "holiday": self._announced, "weekday": self._weekday, "day": self._day,
        }.get(match.form)  # fmt: skip
        return check is None or check(match)

    def _text(self, index: int) -> str:
        if not 0 <= index < len(self._tokens):
            return ""
        token = self._tokens[index]
        return self._lower[token.start : token.end]

    def _code(self, index: int) -> str:
        return self._tokens[index].code if 0 <= index < len(self._tokens) else BREAK

    def _has(self, index: int, *roles: str) -> bool:
        return 0 <= index < len(self._tokens) and any(r in self._tokens[index].roles for r in roles)

    def _capital(self, index: int) -> bool:
        """True for a capitalised word that does not open a sentence."""
        if not 0 <= index < len(self._tokens):
            return False
        start = self._tokens[index].start
        return self._plain[start].isupper() and start not in self._starts

    def _glued(self, index: int, step: int) -> bool:
        """True where the token touches a digit, a currency sign or a decimal mark on that side."""
        token = self._tokens[index]
        at = token.start - 1 if step < 0 else token.end
        near = self._plain[at : at + 1] if at >= 0 else ""
        if near in _MONEY and near:
            return True
        far = self._plain[at + step : at + step + 1] if at + step >= 0 else ""
        if near == " ":
            return far != "" and (far in _MONEY or (far.isdigit() and not self._has(index + step, "YEAR", "DAY")))
        return near != "" and near in ".,+=*#@_" and far.isdigit()

    def _counted_next(self, last: int) -> bool:
        """True where a unit or a counted noun follows the token before `last`."""
        if self._code(last) in (",", ".", "/", "-", BREAK) or last >= len(self._tokens):
            return last < len(self._tokens) and self._glued(last - 1, 1)
        word = self._text(last)
        if self._glued(last - 1, 1) or word in self._counted or word.rstrip("sx") in self._counted:
            return True
        return word[0].isdigit() and not self._has(last, "DAY", "YEAR")

    def _plural_next(self, last: int) -> bool:
        word = self._text(last) if self._code(last) == OTHER else ""
        return bool(word) and word not in self._function and self._grammar.counted.fullmatch(word) is not None

    def _free(self, match: Match) -> bool:
        """Numbers that neither touch more digits nor count something."""
        start, end = self._tokens[match.core].start, self._tokens[match.last - 1].end
        if start and self._plain[start - 1] in "/-." and self._has(match.core - 2, "NUM"):
            return False
        if self._plain[end : end + 1] in ("/", "-") and self._has(match.last + 1, "NUM"):
            return False
        if match.form == "numeric" and (self._has(match.core - 1, "NUM") or self._has(match.last, "NUM")):
            return False
        return not self._glued(match.core, -1) and not self._counted_next(match.last)

    def _years(self, match: Match) -> bool:
        return self._free(match) and not (self._plural_next(match.last) and match.core == match.first)

    def _year(self, match: Match) -> bool:
        if not self._free(match):
            return False
        if match.last - match.core > 1:
            return True
        before = match.core - 1
        word = self._text(before)
        if self._has(before, "MONTH", "BOUND", "PART", "SEASON") or word in self._year_before:
            return not self._has(before, "BOUND") or not self._plural_next(match.last)
        if word in self._never_before or self._plural_next(match.last):
            return False
        if self._code(before) == "-" or self._code(match.last) == "-":
            return False
        alone = match.core == 0 or self._code(before) == BREAK or self._tokens[match.core].start in self._starts
        if alone or self._code(before) == ",":
            return not self._capital(match.last)
        return not self._capital(before) and not self._has(before, "NUMBER") and not self._capital(match.last)

    def _month(self, match: Match) -> bool:
        if match.names & {"year", "short", "rel", "unit_month", "unit_year", "this", "part", "bound"}:
            return True
        at, before = match.last - 1, match.core - 1
        if self._has(before, "AT", "BOUND", "PART"):
            return True
        if self._capital(at):
            return False
        joined = self._has(before, "AND", "TO") or self._code(before) in ",-"
        if joined and any("MONTH" in t.roles for t in self._tokens[max(0, before - 3) : before]):
            return True
        if self._text(at) not in self._homographs:
            return True
        return self._has(before, "OF", "BETWEEN", "FROM", "MONTH") and not self._capital(match.last)

    def _season(self, match: Match) -> bool:
        if match.names & {"this", "det", "bound", "part", "rel"} or self._has(match.core - 1, "AT", "OF", "TO", "BETWEEN"):
            return True
        return "year" in match.names and self._text(match.core) not in self._homographs

    def _closed(self, last: int) -> bool:
        """True where nothing follows in the same clause."""
        return self._code(last) in (",", ".", BREAK) and not self._glued(last - 1, 1)

    def _bare_day(self, match: Match) -> bool:
        digits = self._has(match.core, "NUM") or "bound" in match.names
        return digits and bool(match.names & {"det", "bound"}) and self._closed(match.last) and "part" not in match.names

    def _day_range(self, match: Match) -> bool:
        return bool(match.names & {"month", "unit_month"}) or self._closed(match.last)

    def _day(self, match: Match) -> bool:
        return not self._glued(match.core, -1) or self._has(match.core, "WEEKDAY")

    def _numeric_day(self, match: Match) -> bool:
        month = self._tokens[match.last - 1].roles.get("NUM", "")
        announced = match.names & {"det", "bound", "weekday"} or self._has(match.core - 1, "FROM", "TO", "OF", "AT")
        return bool(announced or str(month).startswith("0")) and self._free(match)

    def _part_unit(self, match: Match) -> bool:
        return "part" in match.names and not self._has(match.last, "NUMBER") and self._text(match.last - 1)[-1:] != ""

    def _offset(self, match: Match) -> bool:
        return "bound" in match.names

    def _not_of(self, match: Match) -> bool:
        """"The first three months of production" counts from something else than a date."""
        return bool(match.names & {"year", "unit_year"}) or not self._has(match.last, "OF")

    def _mark(self, match: Match) -> bool:
        if "ord" in match.names or "rel" in match.names or "year" in match.names:
            return True
        marked = self._tokens[match.last - 1].roles
        return "MARK_YEAR" in marked or (self._has(match.core - 1, "AT", "OF") and not self._capital(match.last))

    def _decade(self, match: Match) -> bool:
        return not self._counted_next(match.last)

    def _single(self, match: Match) -> bool:
        """A plural without a number ("the last years") names no period."""
        if any(self._has(index, "DET_MANY") for index in range(match.first, match.core + 1)):
            return False
        if match.last - match.core == 1 and self._has(match.core, "UNIT_WEEKEND"):
            return not self._has(match.first - 1, "AND", "OF") and not self._has(match.last, "AND", "OF", "THERE")
        return not self._has(match.core - 1, "NUMBER", "ORD", "DET_MANY") or self._has(match.core, "THIS")

    def _announced(self, match: Match) -> bool:
        if match.names & {"year", "rel", "this", "det", "bound", "part"} or self._has(match.core - 1, "AT", "OF", "TO"):
            return True
        return not self._capital(match.core - 1) and not self._capital(match.last)

    def _weekday(self, match: Match) -> bool:
        at = match.core + ("this" in match.names)
        token = self._tokens[at]
        return token.end - token.start > 4 or match.last - match.first > 1
