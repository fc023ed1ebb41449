"""What looks like a calendar expression and is none: counts, model names, participles, proper nouns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.detect.date_grammar import BREAK, OTHER, Grammar, Token
from pipeline.language.date_words import FormName
from pipeline.schema import Document

_MONEY = "€$£¥%‰°"


class Match(NamedTuple):
    """One form on the tokens [first, last) of a document; `core` is the first token behind the prefix."""

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
        self._starts = {s.start for s in document.sentences}
        self._sets = grammar.sets
        self._capital_nouns = grammar.words.capital_nouns
        self._plural = grammar.patterns["plural"]
        self._capitals, self._month_first = grammar.words.capitals, grammar.words.month_first
        self._checks: Mapping[FormName, Callable[[Match], bool]] = {
            "year": self._year,
            "year_range": self._years,
            "month": self._month,
            "season": self._season,
            "bare_day": self._bare_day,
            "day": self._day,
            "month_day": self._month_day,
            "day_range": self._day_range,
            "weekday": self._weekday,
            "weekday_day": self._weekday_day,
            "numeric": self._numeric,
            "numeric_day": self._numeric_day,
            "numeric_range": self._free,
            "numeric_month": self._years,
            "quarter": self._mark,
            "half": self._mark,
            "decade": self._decade,
            "holiday": self._announced,
            "first_n": self._not_of,
            "last_n": self._last_n,
            "offset": self._offset,
            "part_unit": self._part_unit,
            "relative_unit": self._single,
            "whole": self._whole,
            "so_far": self._so_far,
        }

    def allow(self, match: Match) -> bool:
        """True where `match` reads as a date in its place."""
        check = self._checks.get(match.form)
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
        if not 0 <= index < len(self._tokens) or self._capital_nouns:
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
            return far != "" and (
                far in _MONEY or (far.isdecimal() and not self._has(index + step, "YEAR", "DAY"))
            )
        return near != "" and near in ".,+=*#@_" and far.isdecimal()

    def _counted_next(self, last: int) -> bool:
        """True where a unit or a counted noun follows the token before `last`."""
        if self._code(last) in (",", ".", "/", "-", BREAK) or last >= len(self._tokens):
            return last < len(self._tokens) and self._glued(last - 1, 1)
        word = self._text(last)
        if (
            self._glued(last - 1, 1)
            or word in self._sets["counted"]
            or word.rstrip("sx") in self._sets["counted"]
        ):
            return True
        return word[0].isdecimal() and not self._has(last, "DAY", "YEAR")

    def _plural_next(self, last: int) -> bool:
        word = self._text(last) if self._code(last) == OTHER else ""
        return (
            bool(word)
            and word not in self._sets["function_words"]
            and self._plural.fullmatch(word) is not None
        )

    def _numeric(self, match: Match) -> bool:
        """Three numbers with marks between them stand for themselves; with spaces they must stand alone."""
        first, last = match.core, match.last
        if any(self._code(index) in ("/", "-", ".") for index in range(first, last)):
            return not self._touched(first, last)
        if self._has(first - 1, "NUM") or self._has(last, "NUM") or self._touched(first, last):
            return False
        if self._has(last - 1, "YEAR") or (self._has(last - 1, "SHORT") and not self._plural_next(last)):
            return True
        announced = match.names & {"det", "bound"} or self._has(first - 1, "OF", "FROM", "AT")
        return self._whole_line(first, last) or (bool(announced) and self._closed(last))

    def _whole_line(self, first: int, last: int) -> bool:
        """True where the line holds nothing else."""
        return self._code(first - 1) == BREAK and self._code(last) in (".", BREAK) and self._code(last + 1) == BREAK

    def _touched(self, first: int, last: int) -> bool:
        """True where the tokens are part of a longer chain of figures."""
        start, end = self._tokens[first].start, self._tokens[last - 1].end
        if start and self._plain[start - 1] in "/-." and self._has(first - 2, "NUM"):
            return True
        return self._plain[end : end + 1] in ("/", "-") and self._has(last + 1, "NUM")

    def _free(self, match: Match) -> bool:
        """Numbers that neither touch more digits nor count something."""
        if self._touched(match.core, match.last):
            return False
        return not self._glued(match.core, -1) and not self._counted_next(match.last)

    def _years(self, match: Match) -> bool:
        return self._free(match) and not (self._plural_next(match.last) and match.core == match.first)

    def _year(self, match: Match) -> bool:
        """Four digits are a year behind a word that says so; elsewhere they must not name or count."""
        if not self._free(match):
            return False
        if match.last - match.core > 1 or "part" in match.names:
            return True
        before, plural = match.core - 1, self._plural_next(match.last)
        word = self._text(before)
        if self._has(before, "MONTH", "BOUND", "PART", "SEASON") or word in self._sets["year_before"]:
            return not (plural and self._has(before, "BOUND"))
        named = self._code(before) == "-" or self._code(match.last) == "-" or self._capital(match.last)
        if plural or named or word in self._sets["never_before"]:
            return False
        opens = match.core == 0 or self._tokens[match.core].start in self._starts
        if opens or self._code(before) in (BREAK, ","):
            return True
        return not self._capital(before) and not self._has(before, "NUMBER")

    def _month(self, match: Match) -> bool:
        """A bare month is in lower case or opens a sentence; one that is also a word needs a preposition."""
        if match.names & {"year", "short", "rel", "unit_month", "unit_year", "this", "part", "bound"}:
            return True
        at, before = match.last - 1, match.core - 1
        if self._has(at, "NUMBER") or self._has(before, "AT"):
            return not self._has(at, "NUMBER")
        named = self._capital(before) or self._capital(match.last)
        homograph = self._text(at) in self._sets["homographs"]
        if self._capitals:
            # A word that is a month too has its capital from the month, unless its neighbours have one as well.
            return not homograph or (self._plain[self._tokens[at].start].isupper() and not named)
        if self._capital(at) and (homograph or named):
            return False
        joined = self._has(before, "AND", "TO") or self._code(before) in ",-"
        listed = joined and any("MONTH" in t.roles for t in self._tokens[max(0, before - 3) : before])
        announced = self._has(before, "OF", "BETWEEN", "FROM", "MONTH") and not self._capital(match.last)
        return not homograph or listed or announced

    def _season(self, match: Match) -> bool:
        if self._text(match.core) in self._sets["verbal"] and not match.names & {"this", "rel", "bound", "year"}:
            return self._has(match.first - 1, "AT") and "det" in match.names
        if match.names & {"this", "det", "bound", "part", "rel"} or self._has(
            match.core - 1, "AT", "OF", "TO", "BETWEEN"
        ):
            return True
        return "year" in match.names and self._text(match.core) not in self._sets["homographs"]

    def qualifies(self, match: Match) -> bool:
        """True where a bare season only says of what kind a thing is ("pneus d'hiver")."""
        return "det" not in match.names and self._text(match.first - 1) in self._sets["qualifying"]

    def habitual(self, match: Match) -> bool:
        """True where a bare season may stand for that of every year: no preposition, or one of habits."""
        before = match.first - 1
        if self._text(before) in self._sets["habitual"]:
            return True
        return "det" in match.names and not self._has(before, "AT", "OF", "TO", "BETWEEN", "BOUND", "FROM")

    def _closed(self, last: int) -> bool:
        """True where nothing follows in the same clause."""
        return self._code(last) in (",", ".", BREAK) and not self._glued(last - 1, 1)

    def _bare_day(self, match: Match) -> bool:
        digits = (
            self._has(match.core, "NUM")
            or "bound" in match.names
            or "NUMBER" in self._tokens[match.core].roles
        )
        return (
            digits
            and bool(match.names & {"det", "bound"})
            and self._closed(match.last)
            and "part" not in match.names
        )

    def _weekday_day(self, match: Match) -> bool:
        """A day in words needs its month: "Thursday the first"."""
        return self._has(match.last - 1, "NUM") or self._text(match.last - 1)[0].isdecimal()

    def _month_day(self, match: Match) -> bool:
        """ "October 2", "October 2, 2019": a month first needs a year, or a day in digits with nothing behind, where
        the day stands first as a rule."""
        if "year" in match.names:
            return not self._touched(match.core, match.last)
        if self._month_first:
            return not self._touched(match.core, match.last) and not self._counted_next(match.last)
        listed = self._code(match.last) == "," and self._has(match.last + 1, "NUM", "NUMBER")
        ends = (self._closed(match.last) and not listed) or self._has(match.last, "TO")
        return ends and self._has(match.last - 1, "NUM", "ORD")

    def _day_range(self, match: Match) -> bool:
        if self._has(match.core, "MONTH"):
            return "year" in match.names or self._closed(match.last)
        return bool(match.names & {"month", "unit_month"}) or self._closed(match.last)

    def _day(self, match: Match) -> bool:
        # "On 30 September, 48 showrooms": a count, not a year.
        apart = "short" in match.names and self._code(match.last - 2) == ","
        if apart and (self._counted_next(match.last) or self._plural_next(match.last)):
            return False
        return not self._glued(match.core, -1) or self._has(match.core, "WEEKDAY")

    def _numeric_day(self, match: Match) -> bool:
        month = self._tokens[match.last - 1].roles.get("NUM", "")
        announced = match.names & {"det", "bound", "weekday"} or self._has(
            match.core - 1, "FROM", "TO", "OF", "AT"
        )
        if "year" in match.names:
            return self._free(match)
        day = str(self._tokens[match.last - 3].roles.get("NUM", "0"))
        clear = str(month).startswith("0") or (len(str(month)) == 2 and int(day) > 12)
        plain = self._code(match.last - 2) == "-"
        if plain and not (announced and str(month).startswith("0")):
            return False
        return bool(announced or clear or self._whole_line(match.first, match.last)) and self._free(match)

    def _part_unit(self, match: Match) -> bool:
        return not self._has(match.last, "NUMBER") and not self._has(match.last - 1, "UNIT_DAY")

    def _offset(self, match: Match) -> bool:
        return any(self._tokens[n].roles.get("BOUND") == "since" for n in range(match.first, match.core + 1))

    def _not_of(self, match: Match) -> bool:
        """ "The first three months of production" counts from something else than a date."""
        return bool(match.names & {"year", "unit_year"}) or not self._has(match.last, "OF")

    def _whole(self, match: Match) -> bool:
        return (
            self._not_of(match)
            and not self._has(match.last, "REL", "REL_MANY")
            and not any(self._has(index, "DET_MANY") for index in range(match.first, match.last - 1))
        )

    def _so_far(self, match: Match) -> bool:
        """ "In eight months", "over eight months": a preposition of totals, and nothing counted behind."""
        counted = self._has(match.last, "OF", "REL", "REL_MANY", "LATER", "EARLIER")
        before = match.first if "bound" in match.names else match.first - 1
        return self._text(before) in self._sets["totals"] and not counted

    def _last_n(self, match: Match) -> bool:
        """ "60 years past" is an age: a determiner, or the relative word first, makes a period."""
        if not self._not_of(match):
            return False
        last = self._tokens[match.last - 1].roles
        ahead = (last.get("REL_MANY") or last.get("REL")) in ("next", "following")
        return ahead or "UNIT" in last or "det" in match.names or self._has(match.core - 1, "DET_MANY")

    def _mark(self, match: Match) -> bool:
        if "ord" in match.names or "rel" in match.names or "year" in match.names:
            return True
        token = self._tokens[match.last - 1]
        if "MARK_YEAR" in token.roles:  # in small letters it is a time: "1h15"
            return not self._plain[token.start : token.end].islower()
        return self._has(match.core - 1, "AT", "OF") and not self._capital(match.last)

    def _decade(self, match: Match) -> bool:
        end = self._tokens[match.last - 1].end
        if self._plain[end : end + 1] in ("'", "’") and self._text(match.last) in self._sets["decade_suffixes"]:
            return True
        return not self._counted_next(match.last)

    def _single(self, match: Match) -> bool:
        """A plural without a number ("the last years") names no period."""
        if any(self._has(index, "DET_MANY") for index in range(match.first, match.core + 1)):
            return False
        if match.last - match.core == 1 and self._has(match.core, "UNIT_WEEKEND"):
            return not self._has(match.first - 1, "AND", "OF") and not self._has(
                match.last, "AND", "OF", "THERE"
            )
        return not self._has(match.core - 1, "NUMBER", "ORD", "DET_MANY") or self._has(match.core, "THIS")

    def _announced(self, match: Match) -> bool:
        if match.names & {"year", "rel", "this", "det", "bound", "part"} or self._has(
            match.core - 1, "AT", "OF", "TO"
        ):
            return True
        return not self._capital(match.core - 1) and not self._capital(match.last)

    def _weekday(self, match: Match) -> bool:
        """A short form is one only beside a figure."""
        token = next(t for t in self._tokens[match.core : match.last] if "WEEKDAY" in t.roles)
        if match.last - match.first == 1:
            # "From Monday to Friday" is every week.
            after, before = self._has(match.last, "TO"), self._has(match.first - 1, "TO")
            if after and self._has(match.first - 1, "FROM_THE") and self._has(match.last + 1, "WEEKDAY"):
                return False
            if before and self._has(match.first - 2, "WEEKDAY") and self._has(match.first - 3, "FROM_THE"):
                return False
        return token.end - token.start > 4
