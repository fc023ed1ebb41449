"""Calendar expressions of an article, normalised as the fact contract's §4 wants them."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.detect import calendar as cal
from pipeline.detect.date_grammar import BREAK, OTHER, Grammar, grammar, options
from pipeline.detect.date_guards import Guards, Match
from pipeline.detect.date_joins import Found, join
from pipeline.detect.date_readings import ABSOLUTE
from pipeline.detect.date_relative import RELATIVE
from pipeline.detect.date_scene import PRIOR, Captures, Scene, UnanchoredError
from pipeline.language.date_words import DateWords
from pipeline.schema import DateMention, Document, Mod, Published, Span

_TENSE_REACH = 90  # characters on either side in which a verb tells past from future
_CLAUSE_END = re.compile(r"[,;:()«»\"]")
_WORD = re.compile(r"[^\W\d_]{2}")
# No form goes over a word without a role or the end of a clause.
_RUN = re.compile(f"[^{OTHER}{re.escape(BREAK)}]+")
_REPORTED = 45  # days from the end of the months reported on to the article
_NEW_MONTH = 10  # so early in a month, a running total ends with the month before
_CONTEXT_REACH = 400  # characters within which "a year earlier" looks back to a date
_REPORT_REACH = 1200  # the same for the period that the article reports on
_ECHOES = frozenset({"same", "shift", "ago"})  # forms that compare with a period rather than report on one
# What a boundary says about the tense of its date; -2 admits no future at all.
_LEANS = {"since": -2, "from": 1, "until": 1, "before": 1, "not_before": 1}
_FISCAL = frozenset({"year", "year_range", "closed", "quarter", "half", "relative_unit"})
_TRAILING = frozenset({"LATEST", "EARLIEST", "ONWARDS"})  # "in 2027 at the latest"
_BARE_SEASON = frozenset({"season", "det"})
_READINGS = {**ABSOLUTE, **RELATIVE}
_MODS = {"START": Mod.START, "MID": Mod.MID, "END": Mod.END}


def detect_dates(
    document: Document, words: DateWords, anchor: Published | None, blocked: Sequence[Span] = ()
) -> tuple[DateMention, ...]:
    """The calendar expressions of `document`, sorted by offset, none overlapping another.

    `anchor` is the publication date; without one, relative expressions have no value. Words within `blocked`
    spans (names that hold figures or month names) are passed over. `start` and `end` are the first and last
    day, None where open. Raises ValueError where the anchor's value is no date.
    """
    scan = _Scan(document, grammar(words), anchor, blocked)
    found = scan.joined()
    return tuple(m for at, f in enumerate(found) if (m := scan.mention(f, found[:at])) is not None)


class _Scan:
    """One pass over one document."""

    def __init__(
        self, document: Document, compiled: Grammar, anchor: Published | None, blocked: Sequence[Span]
    ) -> None:
        self._document = document
        self._grammar = compiled
        self._anchor = None if anchor is None else cal.Anchor.of(anchor)
        self._tokens = compiled.tokens(document, blocked)
        self._codes = "".join(t.code for t in self._tokens)
        self._guards = Guards(document, compiled, self._tokens)
        self._sentences = [s.start for s in document.sentences]

    def joined(self) -> list[Found]:
        """All expressions, ranges as one."""
        return join(self._run(), self._tokens, self._anchor)

    def _run(self) -> list[Found]:
        """All expressions from left to right, before ranges are joined."""
        found: list[Found] = []
        at = 0
        while (hit := self._grammar.starts.search(self._codes, at)) is not None:
            at = hit.start()
            best = self._best(at, found)
            if best is None:
                at += 1
                continue
            found.append(best)
            at = best.last
        return found

    def _best(self, at: int, before: Sequence[Found]) -> Found | None:
        """The longest form that makes sense from token `at`."""
        codes = self._codes
        run = _RUN.match(codes, at, at + self._grammar.reach)
        for option in options(self._grammar, run[0]) if run else ():
            captures = Captures.of(option, at, self._tokens)
            core = min(at + option.core, len(codes) - 1)
            seen = Match(option.form.name, at, core, at + option.end, frozenset(captures.values))
            if self._guards.allow(seen) and not self._habitual(seen):
                read = self._read(seen, captures, before)
                if read is not None:
                    return read
        return None

    def _habitual(self, seen: Match) -> bool:
        """True for a season of every year ("l'hiver, l'autonomie baisse"): bare, and nothing tells a tense."""
        if seen.form != "season" or not seen.names <= _BARE_SEASON:
            return False
        if self._guards.qualifies(seen):
            return True
        if not self._guards.habitual(seen):
            return False
        return self._lean(self._tokens[seen.first].start, self._tokens[seen.last - 1].end) == 0

    def _read(self, seen: Match, captures: Captures, before: Sequence[Found]) -> Found | None:
        start, end = self._tokens[seen.first].start, self._tokens[seen.last - 1].end
        bound = captures.str("bound") or ""
        opened = None if seen.form.endswith("_range") else _LEANS.get(bound)
        scene = Scene(
            self._anchor,
            self._grammar.words.numeric_order,
            lambda: self._lean(start, end) if opened is None else opened,
        )
        if before and start - before[-1].end <= _CONTEXT_REACH:
            scene.context = self._context(before[-1])
            scene.reported = self._reported(start, before)
        value: str | None
        try:
            value = _READINGS[seen.form](captures, scene)
            cal.bounds(value)
        except UnanchoredError:
            value = None
        except (ValueError, OverflowError):
            return None
        if bound == "open":
            behind = seen.form.endswith("_range") or self._is_behind(value)
            bound = "since" if behind else "from"
        echo = PRIOR in (captures.str("rel"), captures.str("yrel"))
        form: str = "same" if echo else "present" if captures.str("deictic") == "present" else seen.form
        if "fiscal" in captures and form in _FISCAL:
            form = f"fiscal_{form}"
        return Found(
            first=seen.first,
            last=seen.last,
            start=start,
            end=end,
            form=form,
            value=value,
            bound=None if seen.form == "so_far" else bound or scene.bound,
            part=None if {"closed", "closing"} & seen.names else captures.str("part"),
            relative=scene.relative,
            yearless=scene.yearless,
            now=captures.str("deictic") == "now",
        )

    def _is_behind(self, value: str | None) -> bool:
        """Whether `value` begins by the time of publication, as far as that is known."""
        return value is None or self._anchor is None or cal.bounds(value)[0] <= self._anchor.last

    def _reported(self, start: int, before: Sequence[Found]) -> str | None:
        """The nearest value before `start` that is longer than a day and not ahead of the anchor."""
        for found in reversed(before):
            if start - found.end > _REPORT_REACH:
                return None
            value = None if found.form in _ECHOES else self._context(found)
            if value is not None and self._anchor is not None:
                first, last = cal.bounds(value)
                if first < last and first <= self._anchor.last:
                    return value
        return None

    def _context(self, found: Found) -> str | None:
        """The value that "the same period" or "a year earlier" takes up."""
        if found.value is None or found.bound != "since" or self._anchor is None:
            return found.value
        if not self._year_to_date(found, cal.bounds(found.value)[0]):
            return found.value
        return cal.span(f"{self._anchor.first.year:04}-01", cal.unit_at(self._anchor.last, "month"))

    def _lean(self, start: int, end: int) -> int:
        """The tense of the words around (see `Scene.lean`); what stands right before decides first."""
        index = max(0, bisect_right(self._sentences, start) - 1)
        if not self._sentences:
            return 0
        sentence, low, patterns = (
            self._document.sentences[index],
            self._document.lower,
            self._grammar.patterns,
        )
        first = max(sentence.start, start - _TENSE_REACH)
        before = low[first:start]
        if patterns["future_before"].search(before):
            return 1
        last = min(max(sentence.end, end), end + _TENSE_REACH)
        future = patterns["future"].search(low, first, last) is not None
        past = patterns["past_before"].search(before) or patterns["past"].search(low, first, last)
        return int(future) - int(past is not None)

    def mention(self, found: Found, earlier: Sequence[Found]) -> DateMention | None:
        """The mention, with its ends opened as the words around it say; `earlier` are those before it."""
        trailing = found.bound is None and self._trails(found)
        span = self._document.span(found.start, self._tokens[found.last].end if trailing else found.end)
        if found.value is None:
            return DateMention(span, None, relative=True, vague_now=found.now)
        first: dt.date | None
        last: dt.date | None
        first, last = cal.bounds(found.value)
        if found.form == "present" or (found.now and found.bound is None and self._nowadays(found)):
            return None
        value, mod, since_start = found.value, _MODS.get(found.part or ""), False
        bound = self._bound(found)
        if bound == "from" and found.form in _ECHOES:
            bound = None  # "up 5% from a year earlier"
        both = bound == "since" or (bound == "from" and "FROM" in self._tokens[found.first].roles)
        if both and found.form.endswith("_range"):
            bound = None  # "since" and "from" open a range as well
        if bound == "since" and self._year_to_date(found, first):
            value, mod, since_start = self._total(found, earlier), None, True
            first, last = cal.bounds(value)
            if found.part is not None and self._anchor is not None and self._anchor.grain != "day":
                value, mod = found.value, Mod.START
        elif bound in ("since", "from", "not_before"):
            last, mod = None, Mod.AFTER if bound == "not_before" else mod
        elif bound == "until":
            first = None
        elif bound == "before":
            last = last if found.part in ("MID", "END") or first == last else first - cal.DAY
            first, mod = None, mod or Mod.BEFORE
        elif bound == "after":
            first = first if found.part in ("START", "MID") else last + cal.DAY
            last, mod = None, mod or Mod.AFTER
        elif bound == "about":
            mod = mod or Mod.APPROX
        return DateMention(
            span, value, mod, first, last, found.relative or since_start, found.now, since_start
        )

    def _bound(self, found: Found) -> str | None:
        bound = found.bound
        if bound == "before":
            index = max(0, bisect_right(self._sentences, found.start) - 1)
            floor = self._document.sentences[index].start if self._sentences else 0
            if self._grammar.patterns["negated"].search(
                self._document.lower[max(floor, found.start - 130) : found.start].rstrip()
            ):
                return "not_before"
        if bound is None and self._trails(found):
            return "until" if "LATEST" in self._tokens[found.last].roles else "from"
        return bound

    def _trails(self, found: Found) -> bool:
        """Whether words behind the date open an end ("in 2027 at the latest", "and more", but not "and more than")."""
        after = [t.roles for t in self._tokens[found.last : found.last + 2]]
        return bool(after and _TRAILING & after[0].keys() and not ("ONWARDS" in after[0] and "OF" in after[-1]))

    def _total(self, found: Found, earlier: Sequence[Found]) -> str:
        """The span of "since January": to the months that were last reported on, else to the anchor."""
        anchor = self._anchor
        assert anchor is not None
        year = f"{anchor.first.year:04}"
        for other in reversed(earlier):
            if other.value is None or other.bound is not None:
                continue
            first, last = cal.bounds(other.value)
            closed = last > first and 0 < (anchor.first - last).days <= _REPORTED and last.year == anchor.first.year
            if closed and (last + cal.DAY).day == 1:
                return cal.span(f"{year}-01", cal.unit_at(last, "month"))
        new = anchor.grain == "day" and anchor.first.month > 1 and anchor.first.day <= _NEW_MONTH
        if new and found.form == "month":
            return cal.span(f"{year}-01", cal.unit_at(cal.add_months(anchor.first, -1), "month"))
        return cal.span(cal.unit_at(cal.bounds(year)[0], anchor.grain), anchor.value)

    def _nowadays(self, found: Found) -> bool:
        """True where "today" stands for the present: beside a verb that does not tell of the past."""
        index = max(0, bisect_right(self._sentences, found.start) - 1)
        if not self._sentences or found.form != "deictic":
            return False
        sentence, low, patterns = self._document.sentences[index], self._document.lower, self._grammar.patterns
        head, tail = low[sentence.start : found.start], low[found.end : sentence.end]
        before, after = _CLAUSE_END.split(head)[-1], _CLAUSE_END.split(tail)[0]
        if not _WORD.search(before + after):
            before, after = head, next((c for c in _CLAUSE_END.split(tail) if _WORD.search(c)), "")
        if not _WORD.search(before + after):
            return False
        return patterns["past"].search(f"{before} {after}") is None

    def _year_to_date(self, found: Found, first: dt.date) -> bool:
        """True for "since the start of the year", "since January", said of the anchor's year."""
        if self._anchor is None or first.year != self._anchor.first.year or first.month > 1 or first.day > 1:
            return False
        year_start = found.part == "START" and len(found.value or "") == 4
        return year_start or found.form in ("month", "day", "year_to_date")
