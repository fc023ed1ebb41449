"""Quantities that stand together: ranges and lists with a shared unit, conversions, run-up speeds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.detect.drafts import Draft, qualify, word_before
from pipeline.detect.phrases import Tokens
from pipeline.detect.quantity_tables import Tables
from pipeline.schema import NumberMention

_WIDEST = 1000
_SIGNS = "+-–−"
_DASHES = frozenset("-–—")
_RUN_UP = 4
_BETWEEN_WORDS = 3
_YEARS = range(1950, 2051)


def combine(
    drafts: list[Draft], numbers: Sequence[NumberMention], tokens: Tokens, tables: Tables
) -> list[Draft]:
    """`drafts` with ranges merged, shared units handed on, conversions attached, run-up speeds left out."""
    merged = _ranges(drafts, tokens, tables)
    shared = _shared(merged, numbers, tokens, tables)
    return _conversions(_without_run_up(shared, tokens, tables), tokens, tables)


def _before(tokens: Tokens, offset: int) -> str:
    return tokens.text(word_before(tokens, offset))


def _is_change(tokens: Tokens, at: int, tables: Tables) -> bool:
    return bool(tables.changes.search(tokens.lower, max(0, at - 60), at))


def _ranges(drafts: list[Draft], tokens: Tokens, tables: Tables) -> list[Draft]:
    """ "entre 10 euros et 20 euros", "de 130 km à 160 km": one range."""
    found: list[Draft] = []
    for draft in drafts:
        last = found[-1] if found else None
        if last and _is_range(last, draft, tokens, tables):
            last.low, last.high, last.value = *sorted((_value(last), _value(draft))), None
            last.figure_end, last.end, last.tail = draft.figure_end, draft.end, draft.tail
            last.per = draft.per or last.per
            last.start = _head(last, tokens)
            qualify(last, tokens, tables)
            continue
        found.append(draft)
    return found


def _is_range(one: Draft, two: Draft, tokens: Tokens, tables: Tables) -> bool:
    if one.unit != two.unit or one.value is None or two.value is None or one.prefixed != two.prefixed:
        return False
    if two.figure_start - one.tail > 12:
        return False
    gap = tokens.between(one.tail, two.start)
    if gap in tables.range_to and _one_sign(one, two, tokens):
        return True  # "-15 % à -20 %"
    if not one.value < two.value:
        return False
    before = _before(tokens, _head(one, tokens))
    dashed = gap in _DASHES and tables.words.bare_ranges  # "$10-$20"
    if dashed or tables.words.between.get(before) == gap:
        return True
    return (
        gap in tables.range_to
        and ((tables.words.bare_ranges and not one.prefixed) or before in tables.words.range_from)
        and not _is_change(tokens, one.start, tables)
    )


def _head(draft: Draft, tokens: Tokens) -> int:
    """Where the figure starts, with the currency before it but without its qualifier."""
    return tokens.lower.rfind(draft.noun, 0, draft.figure_start) if draft.prefixed else draft.figure_start


def _one_sign(one: Draft, two: Draft, tokens: Tokens) -> bool:
    """Whether both figures carry the same sign in the text."""
    first = tokens.lower[one.figure_start]
    return first in _SIGNS and tokens.lower[two.figure_start] == first


def _value(draft: Draft) -> Decimal:
    return draft.value or Decimal(0)


def _shared(
    drafts: list[Draft], numbers: Sequence[NumberMention], tokens: Tokens, tables: Tables
) -> list[Draft]:
    """Figures that share the unit of the next one: "299, 389 et 578 ch", "passe de 49 600 à 43 800 euros"."""
    index_of = {n.span.start: i for i, n in enumerate(numbers)}
    taken = {d.number.span.start for d in drafts}
    covered = {at for d in drafts for at in range(d.start, d.tail)}
    found: list[Draft] = []
    next_id = 0
    for draft in drafts:
        at = index_of.get(draft.number.span.start)
        group: list[Draft] = []
        listed = False
        while at and not draft.prefixed:
            number, following = numbers[at - 1], numbers[at]
            gap = tokens.between(number.span.end, following.span.start)
            is_list = gap in tables.list_ends or (bool(group) and listed and gap in tables.lists)
            is_change = (
                gap in tables.change_to and _before(tokens, number.span.start) in tables.words.range_from
            )
            if number.span.start in taken or not (is_list or is_change):
                break
            if number.span.start in covered or not _alike(number, draft, tables):
                break
            listed = listed or is_list
            group.insert(0, _handed(number, draft, tokens, tables))
            at -= 1
            if is_change:
                break
        if group and listed:
            for member in (*group, draft):
                member.list_id = next_id
            next_id += 1
        found += [*group, draft]
    return found


def _alike(number: NumberMention, draft: Draft, tables: Tables) -> bool:
    """Figures of one list are written alike and of one size; a year does not count as a number of things."""
    if number.digits != draft.number.digits or number.value is None or draft.number.value is None:
        return number.digits == draft.number.digits and number.low is not None and draft.low is not None
    if len(number.span.text) == 4 and number.span.text.isdecimal() and int(number.value) in _YEARS:
        return tables.units.dimension(draft.unit) not in (draft.unit, "percent")
    small, large = sorted((abs(number.value), abs(draft.number.value)))
    return large <= _WIDEST * max(small, Decimal(1))


def _handed(number: NumberMention, draft: Draft, tokens: Tokens, tables: Tables) -> Draft:
    start, end = number.span.start, number.span.end
    member = Draft(
        number,
        start,
        end,
        number.value,
        number.low,
        number.high,
        draft.unit,
        draft.noun,
        start,
        end,
        end,
        per=draft.per,
    )
    qualify(member, tokens, tables)
    return member


def _without_run_up(drafts: list[Draft], tokens: Tokens, tables: Tables) -> list[Draft]:
    """Without the speeds of a run-up: "0 à 100 km/h en 5,2 s" states a time."""
    found: list[Draft] = []
    for index, draft in enumerate(drafts):
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        if tables.units.dimension(draft.unit) == "speed":
            if draft.low == 0 or draft.value == 0:
                continue
            if following and following.unit == "s":
                gap = tokens.between(draft.tail, following.figure_start).split()
                if len(gap) <= _RUN_UP and tables.words.run_up & set(gap):
                    continue
        found.append(draft)
    return found


def _conversions(drafts: list[Draft], tokens: Tokens, tables: Tables) -> list[Draft]:
    """ "215 900 yuans (27 500 euros)", "105 kW, soit 143 chevaux": the second figure restates the first."""
    found: list[Draft] = []
    for draft in drafts:
        last = found[-1] if found else None
        if last and last.converted is None and _restates(last, draft, tokens, tables):
            last.converted = draft
            continue
        found.append(draft)
    return found


def _restates(one: Draft, two: Draft, tokens: Tokens, tables: Tables) -> bool:
    if one.unit == two.unit or two.start - one.tail > 40 or one.tail > two.start:
        return False
    dimension = tables.units.dimension(one.unit)
    if dimension != tables.units.dimension(two.unit) or (one.low is None) != (two.low is None):
        return False
    gap = tokens.between(one.tail, two.start).split()
    for skipped in range(min(_BETWEEN_WORDS, len(gap)) + 1):
        rest = " ".join(gap[skipped:])
        if rest in tables.conversions and (not skipped or not rest[0].isalpha()):
            return True
        if skipped < len(gap) and not gap[skipped].isalpha():
            return False
    return False
