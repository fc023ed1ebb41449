"""The errors of an evaluation, grouped by cause, for those who mend the extractor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.evaluate.agreement import EMPTY, SLOTS, figure_text, period_text, slot_text
from pipeline.evaluate.mentions import FoundByArticle
from pipeline.evaluate.pairing import Pair, Pairing
from pipeline.evaluate.report import Failure
from pipeline.evaluate.statement import Statement

Grouped = dict[str, list[Failure]]

_CAUSES = (
    "missed", "extra", *(f"wrong {slot}" for slot in SLOTS),
    "missed date", "extra date", "missed entity", "extra entity", "missed figure", "extra figure",
)  # fmt: skip


def list_errors(pairings: Mapping[str, Pairing], mentions: Mapping[str, FoundByArticle]) -> Grouped:
    """All errors by cause, in a fixed order of causes; optional gold facts, and what met them, give none.

    `mentions` are keyed by what they are: date, entity, figure.
    """
    errors: Grouped = defaultdict(list)
    for article_id, pairing in pairings.items():
        _facts(article_id, pairing, errors)
    for what, found in mentions.items():
        for article_id, each in found.items():
            for side, noted in (("missed", each.missed), ("extra", each.extra)):
                errors[f"{side} {what}"] += [
                    Failure(article_id=article_id, type=what, quote=note.label, surface=note.surface) for note in noted
                ]
    return {cause: errors[cause] for cause in _CAUSES if errors[cause]}


def _facts(article_id: str, pairing: Pairing, errors: Grouped) -> None:
    required = [gold for gold in pairing.missed if not gold.optional]
    for gold in required:
        found = _types_of(gold, pairing.extra)
        shown = _failure(article_id, gold, expected=_gist(gold), found=found)
        errors["missed"].append(shown.model_copy(update={"gold_at": int(gold.ref)}))
    for predicted in pairing.extra:
        expected = _types_of(predicted, required)
        shown = _failure(article_id, predicted, expected=expected, found=_gist(predicted))
        errors["extra"].append(shown.model_copy(update={"fact_id": predicted.ref}))
    for pair in pairing.pairs:
        if not pair.gold.optional:
            _slots(article_id, pair, errors)


def _types_of(statement: Statement, others: Sequence[Statement]) -> str:
    """A hint: the types under which the other side holds the very figure."""
    figure = figure_text(statement.figure)
    types = {other.type for other in others if statement.figure and figure_text(other.figure) == figure}
    return ", ".join(sorted(types)) or EMPTY


def _slots(article_id: str, pair: Pair, errors: Grouped) -> None:
    for slot, right in pair.slots.items():
        if not right:
            expected, found = slot_text(pair.gold, slot), slot_text(pair.predicted, slot)
            shown = _failure(article_id, pair.gold, expected=expected, found=found)
            sides = {"fact_id": pair.predicted.ref, "gold_at": int(pair.gold.ref)}
            errors[f"wrong {slot}"].append(shown.model_copy(update=sides))


def _failure(article_id: str, statement: Statement, *, expected: str, found: str) -> Failure:
    return Failure(
        article_id=article_id,
        type=statement.type,
        figure=figure_text(statement.figure),
        quote=statement.quote,
        expected=expected,
        found=found,
    )


def _gist(statement: Statement) -> str:
    """Who, what and when, on one line."""
    parties = [slot_text(statement, slot) for slot in ("subject", "object")]
    when = period_text(statement.period) if statement.period else EMPTY
    return f"{' > '.join(parties)}, {when}, {statement.modality}"
