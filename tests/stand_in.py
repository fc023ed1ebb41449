"""A stand-in for the extractor: one fact an article, and failure on demand."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest

from pipeline.schema import (
    Article,
    CueMention,
    DateMention,
    EntityMention,
    Extraction,
    Fact,
    Kind,
    Mentions,
    Modality,
    NumberMention,
    Party,
    Period,
    Polarity,
    Qualifier,
    Quantity,
    QuantityMention,
    Rejection,
    Source,
    Span,
)

FAILURE = "Fauteuil"
SENTENCE = "Renault a vendu plus de 20 000 véhicules (18 000 euros) en 2024."


def article(text: str = SENTENCE, **fields: str) -> Article:
    return Article(id=fields.pop("id", "a"), text=text, **fields)  # type: ignore[arg-type]


def _found(text: str, part: str) -> tuple[Span, ...]:
    at = text.find(part)
    return (Span.cut(text, at, at + len(part)),) if at >= 0 else ()


def mentions(text: str) -> Mentions:
    euros = [
        QuantityMention(span, span, Decimal(18000), None, None, "EUR")
        for span in _found(text, "18 000 euros")
    ]
    return Mentions(
        dates=tuple(DateMention(span, "2024") for span in _found(text, "2024")),
        numbers=tuple(NumberMention(span, Decimal(20000)) for span in _found(text, "20 000")),
        quantities=tuple(
            QuantityMention(
                span,
                span,
                Decimal(20000),
                None,
                None,
                "vehicle",
                Qualifier.MORE_THAN,
                converted=euros[0] if euros else None,
            )
            for span in _found(text, "plus de 20 000 véhicules")
        ),
        entities=tuple(EntityMention(span, "Renault", Kind.BRAND) for span in _found(text, "Renault")),
        cues=tuple(CueMention(span, "trigger", "sales", "vendre") for span in _found(text, "vendu")),
    )


def fact(source: Article) -> Fact:
    figure = next(iter(_found(source.text, "plus de 20 000 véhicules")), None)
    return Fact(
        id="f:0123456789abcdef",
        article_id=source.id,
        published=source.published.value if source.published else None,
        lang=source.lang,
        type="sales",
        subject=Party(name="Renault", kind=Kind.BRAND),
        object=None,
        metric=None,
        quantity=Quantity(value=Decimal("20000"), unit="vehicle", qualifier=Qualifier.MORE_THAN, span=figure),
        converted=None,
        previous=None,
        period=Period(value="2024"),
        basis=None,
        modality=Modality.ACTUAL,
        polarity=Polarity.POSITIVE,
        place=None,
        source=Source(name="CNBC"),
        evidence=[Span.cut(source.text, 0, len(source.text))],
        confidence=0.97,
        extractor="autofacts 0",
    )


class StandIn:
    """Has the interface of `pipeline.extract.Extractor`."""

    @classmethod
    def load(cls, lang: str) -> StandIn:
        return cls()

    def detect(self, source: Article) -> Mentions:
        if FAILURE in source.text:
            raise RuntimeError("the rules failed")
        return mentions(source.text)

    def extract(self, source: Article) -> Extraction:
        found = self.detect(source)
        made = fact(source)
        span = Span.cut(source.text, 0, 1)
        rejection = Rejection(article_id=source.id, reason="no_subject", type="sales", span=span)
        return Extraction(source, found, (made,), (rejection,), {made.id: ("rule 1", "trigger")})


def use_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands work with the stand-in, in this process, where it stands in."""
    monkeypatch.setattr(import_module("pipeline.extract"), "Extractor", StandIn)
    monkeypatch.setenv("AUTOFACTS_WORKERS", "0")
