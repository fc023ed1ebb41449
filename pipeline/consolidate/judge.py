"""The verdict on statements of one group: do they agree, contradict, or follow on each other?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, groupby

from pipeline.consolidate.statement import Knowledge, Statement, denied, holds_without_date
from pipeline.schema import Modality


class Verdict(StrEnum):
    """What the statements of a group are to each other."""

    SINGLE = "single"
    AGREE = "agree"
    COMPATIBLE = "compatible"
    CONTRADICT = "contradict"
    REVISED = "revised"
    CHANGED = "changed"


class Relation(StrEnum):
    """What a later statement does to an earlier one, or two that contradict."""

    RAISED = "raised"
    LOWERED = "lowered"
    DELAYED = "delayed"
    BROUGHT_FORWARD = "brought_forward"
    ABANDONED = "abandoned"
    TAKEN_UP = "taken_up"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two statements that differ, the earlier one first."""

    relation: Relation
    earlier: Statement
    later: Statement


@dataclass(frozen=True, slots=True)
class Group:
    """Statements of the same thing by order of publication, the verdict, and the one that stands (None where they
    contradict)."""

    statements: tuple[Statement, ...]
    verdict: Verdict
    differences: tuple[Difference, ...]
    stands: Statement | None


def judge(statements: Iterable[Statement], knowledge: Knowledge) -> list[Group]:
    """The groups that statements of one key make: one, or several where the key does not tell things apart.

    That is so where one article states several figures under it; where a figure has no period and is not that of
    a property, so that each may be of its own time; and where an event has happened, which may happen again.
    """
    ordered = sorted(statements, key=lambda each: each.order)
    if _apart(ordered, knowledge):
        return [_judged(cluster, knowledge) for cluster in _clusters(ordered)]
    return [_judged(ordered, knowledge)]


def _apart(statements: Sequence[Statement], knowledge: Knowledge) -> bool:
    fact = statements[0].fact
    if statements[0].figure is None:
        return fact.modality is Modality.ACTUAL or _several_in_one(statements)
    undated = fact.period is None and not holds_without_date(fact, knowledge)
    return undated or _several_in_one(statements)


def _several_in_one(statements: Sequence[Statement]) -> bool:
    by_article = sorted(statements, key=lambda each: each.fact.article_id)
    for _, own in groupby(by_article, key=lambda each: each.fact.article_id):
        if any(not a.agrees(b) for a, b in combinations(_distinct(own), 2)):
            return True
    return False


def _clusters(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Statements in clusters within which all agree, each in the first that takes it."""
    clusters: list[list[Statement]] = []
    for statement in statements:
        for cluster in clusters:
            if all(statement.agrees(other) for other in _distinct(cluster)):
                cluster.append(statement)
                break
        else:
            clusters.append([statement])
    return clusters


def _judged(statements: Sequence[Statement], knowledge: Knowledge) -> Group:
    follows = _follows(statements[0], knowledge)
    differences: list[Difference] = []
    last: list[Statement] = []
    for voice in _voices(statements):
        found, stands = _through_time(voice) if follows else (_contradictions(voice), voice[-1])
        differences += found
        last.append(stands)
    differences += _contradictions(last)
    verdict = _verdict(statements, differences)
    stands_for_all = None
    if verdict in (Verdict.REVISED, Verdict.CHANGED):
        stands_for_all = max(last, key=lambda each: each.order)
    elif verdict is not Verdict.CONTRADICT:
        stands_for_all = max(statements, key=lambda each: (-_width(each), each.fact.confidence, each.order))
    return Group(tuple(statements), verdict, tuple(differences), stands_for_all)


def _follows(statement: Statement, knowledge: Knowledge) -> bool:
    """Whether a later statement may replace an earlier one: of what is to come, or of a property."""
    fact = statement.fact
    return fact.modality is not Modality.ACTUAL or (fact.period is None and holds_without_date(fact, knowledge))


def _voices(statements: Sequence[Statement]) -> list[list[Statement]]:
    ordered = sorted(statements, key=lambda each: (each.voice, each.order))
    return [list(own) for _, own in groupby(ordered, key=lambda each: each.voice)]


def _through_time(voice: Sequence[Statement]) -> tuple[list[Difference], Statement]:
    """The differences of one voice, by order of publication, and the statement that stands at the end."""
    found: list[Difference] = []
    standing = [voice[0]]
    for statement in voice[1:]:
        other = next((each for each in _distinct(standing) if each.excludes(statement)), None)
        if other is None:
            standing.append(statement)
        elif all(each.published.before(statement.published) for each in standing):
            found.append(Difference(_relation(standing[-1], statement), standing[-1], statement))
            standing = [statement]
        else:
            found.append(Difference(Relation.CONTRADICTS, other, statement))
    return found, standing[-1]


def _contradictions(statements: Sequence[Statement]) -> list[Difference]:
    pairs = combinations(_distinct(sorted(statements, key=lambda each: each.order)), 2)
    return [Difference(Relation.CONTRADICTS, a, b) for a, b in pairs if a.excludes(b)]


def _distinct(statements: Iterable[Statement]) -> list[Statement]:
    """One statement of each content: a thousand articles that repeat a figure are compared once."""
    found: dict[tuple[object, ...], Statement] = {}
    for statement in statements:
        found.setdefault(statement.content, statement)
    return list(found.values())


def _relation(earlier: Statement, later: Statement) -> Relation:
    if denied(earlier.fact) != denied(later.fact):
        return Relation.ABANDONED if denied(later.fact) else Relation.TAKEN_UP
    if earlier.figure is not None and later.figure is not None:
        return Relation.RAISED if later.figure.middle > earlier.figure.middle else Relation.LOWERED
    return Relation.DELAYED if earlier.days.before(later.days) else Relation.BROUGHT_FORWARD


def _verdict(statements: Sequence[Statement], differences: Sequence[Difference]) -> Verdict:
    if any(each.relation is Relation.CONTRADICTS for each in differences):
        return Verdict.CONTRADICT
    if differences:
        actual = statements[0].fact.modality is Modality.ACTUAL
        return Verdict.CHANGED if actual else Verdict.REVISED
    if len({each.fact.article_id for each in statements}) == 1:
        return Verdict.SINGLE
    return Verdict.AGREE if all(a.agrees(b) for a, b in combinations(_distinct(statements), 2)) else Verdict.COMPATIBLE


def _width(statement: Statement) -> float:
    """How loosely a figure is stated: of several that agree the tightest stands."""
    figure = statement.figure
    if figure is None:
        return 0.0
    if figure.low is None or figure.high is None:
        return float("inf")
    return float(figure.high - figure.low + figure.slack)
