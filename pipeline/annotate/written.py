"""Gold to the annotations that people write (corpus/AUTHORING.md)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import yaml
from pydantic import JsonValue

from pipeline.annotate.sheet import CHOICES, NAMES, USUAL
from pipeline.corpus.resolve import occurrences, timex_bounds
from pipeline.evaluate.gold import GoldArticle, GoldFact, GoldFigure, GoldParty, GoldPeriod, GoldSpan
from pipeline.schema import Qualifier

Written = dict[str, object]


class _Dumper(yaml.SafeDumper):
    """Figures in plain digits, each item with its own content (no anchors)."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_figure(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    digits = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in digits else 'int'}", digits)


_Dumper.add_representer(Decimal, _represent_figure)


def annotation_text(gold: GoldArticle, text: str) -> str:
    """The content of an annotation file that builds to `gold`, for the article with this text.

    Raises ValueError where the format cannot say something: a period with neither a first nor a last day.
    """
    names = {kind: [each.name for each in gold.entities if each.type == kind] for kind in NAMES}
    whole = {
        "facts": [_fact(fact, text, at) for at, fact in enumerate(gold.facts)],
        "entities": names,
        "dates": [{"text": each.text, "value": each.value} for each in gold.dates],
        "ignored": [{"quote": _quote(each.quote, each.span, text), "why": each.why} for each in gold.ignored],
    }
    # Without a width nothing is folded; without a style the innermost lists and maps stand on one line.
    return yaml.dump(
        whole, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"), default_flow_style=None
    )


def _fact(fact: GoldFact, text: str, at: int) -> Written:
    usual = Qualifier.BETWEEN if fact.low is not None else Qualifier.EXACT
    qualified = fact.qualifier is not None and not (fact.has_figure and fact.qualifier == usual)
    said: Written = {
        "quote": _quote(fact.quote, fact.span, text),
        "type": fact.type,
        "subject": _party(fact.subject),
        "object": _party(fact.object),
        "value": fact.value,
        "range": _range(fact.low, fact.high),
        "unit": fact.unit,
        "qualifier": fact.qualifier.value if qualified and fact.qualifier else None,
        "per": fact.per,
        "converted": _figure(fact.converted),
        "previous": _figure(fact.previous),
        "metric": fact.metric,
        "basis": fact.basis or None,
        "period": _period(fact.period, at),
        **_choices(fact.model_dump(mode="json", include=set(CHOICES))),
        "place": fact.place,
        "source": fact.source,
    }
    return {key: value for key, value in said.items() if value is not None}


def _choices(chosen: Mapping[str, JsonValue]) -> Written:
    said = {key: value if isinstance(value, bool) else str(value) for key, value in chosen.items()}
    return {key: value for key, value in said.items() if str(value).lower() != USUAL[key]}


def _quote(words: str, span: GoldSpan | None, text: str) -> object:
    starts = occurrences(words, text)
    if span is None or len(starts) < 2 or span.start not in starts:
        return words
    return {"text": words, "nth": starts.index(span.start) + 1}


def _party(party: GoldParty | None) -> Written | None:
    return {party.kind.value: party.name} if party else None


def _range(low: Decimal | None, high: Decimal | None) -> list[Decimal] | None:
    return None if low is None or high is None else [low, high]


def _figure(figure: GoldFigure | None) -> Written | None:
    if figure is None:
        return None
    said: Written = {"value": figure.value, "range": _range(figure.low, figure.high), "unit": figure.unit}
    return {key: value for key, value in said.items() if value is not None}


def _period(period: GoldPeriod | None, at: int) -> object:
    if period is None:
        return None
    if period.start is None and period.end is None:
        raise ValueError(f"facts.{at}.period: an annotation cannot say a period that is open on both sides")
    said: Written = {"value": period.value}
    if period.mod is not None:
        said["mod"] = period.mod.value
    try:
        usual = timex_bounds(period.value)
    except (ValueError, OverflowError):  # written as it is; corpus build says what is wrong with it
        return said
    for key, day, first_or_last in (("start", period.start, usual[0]), ("end", period.end, usual[1])):
        if day is None:
            said["open"] = key
        elif day != first_or_last:
            said[key] = day.isoformat()
    return said if len(said) > 1 else period.value
