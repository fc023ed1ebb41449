"""What the page shows: facts and articles in a form that its script can draw as it is.

Texts that differ between the languages of the interface stand in lists, one for each, in the order of `texts.toml`.
Offsets are UTF-16 code units, as JavaScript counts them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from pipeline.annotate.offsets import CodeUnits
from pipeline.report.source import ArticleText, ReportRun
from pipeline.report.texts import Texts
from pipeline.report.wording import Wording
from pipeline.schema import ErrorRecord, Fact, Quantity, Span
from pipeline.text import visible

_EVIDENCE = "evidence"
_SLOTS = ("subject", "object", "quantity", "converted", "previous", "period", "place", "source")
Mark = tuple[int, int, str]
"""First and last offset (half-open) of what is marked, and the slot that it fills."""


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class FactView(_View):
    """A fact; `article` is the place of its article in the list. `quotes` are its sentences where the article's
    text is not there to cut them from."""

    id: str
    article: int
    type: str
    modality: str
    confidence: float
    denied: bool | None = None
    subject: str | None = None
    object: str | None = None
    metric: str | None = None
    figure: tuple[str, ...] | None = None
    converted: tuple[str, ...] | None = None
    previous: tuple[str, ...] | None = None
    period: tuple[str, ...] | None = None
    start: str | None = None
    end: str | None = None
    basis: list[str] | None = None
    place: str | None = None
    source: str | None = None
    marks: list[Mark] | None = None
    quotes: list[str] | None = None


class ArticleView(_View):
    """An article; `text` is None where it is left out or was not there."""

    id: str
    title: str
    published: str | None
    dated: tuple[str, ...]
    path: str | None
    lang: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the page does not show: facts beyond its limit, texts beyond its limit, texts that the run has not, facts
    whose sentence does not stand where they say."""

    facts: int
    texts: int
    missing: int
    misplaced: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """All of the page but its charts. `shown` are the facts as the run has them, in the order of `facts`;
    `articles_read` and `articles_empty` count the run's articles, and those among them without a fact."""

    facts: tuple[FactView, ...]
    articles: tuple[ArticleView, ...]
    errors: tuple[ErrorRecord, ...]
    shown: tuple[Fact, ...]
    left_out: LeftOut
    articles_read: int
    articles_empty: int
    published: tuple[str, str] | None

    @property
    def parties(self) -> list[tuple[str, int]]:
        """Subjects and objects with the number of their facts, the most frequent first."""
        names = Counter(name for fact in self.facts for name in {fact.subject, fact.object} if name)
        return sorted(names.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many facts and how many characters of articles the page holds at most."""

    facts: int
    characters: int


def build_view(run: ReportRun, texts: Texts, limits: Limits) -> ReportView:
    """The view of `run`. Beyond the limits the facts of least confidence are left out, and the last texts."""
    kept = _kept(run.facts, limits.facts)
    by_article: dict[str, list[Fact]] = defaultdict(list)
    for fact in kept:
        by_article[fact.article_id].append(fact)
    stored = {article.id: article for article in run.articles}
    wordings = [Wording(texts, lang) for lang in texts.languages]
    articles: list[ArticleView] = []
    facts: list[FactView] = []
    room, without_text, misplaced = limits.characters, 0, 0
    for article_id, its in by_article.items():
        article = stored.get(article_id)
        fits = article is not None and len(article.text) <= room
        if article is not None and fits:
            room -= len(article.text)
        without_text += article is not None and not fits
        views = _fact_views(its, len(articles), article if fits else None, wordings)
        misplaced += sum(view.quotes is not None for view in views) if fits else 0
        facts += views
        articles.append(_article_view(article_id, its[0], article, wordings, with_text=fits))
    dates = sorted(fact.published for fact in kept if fact.published)
    with_facts = {fact.article_id for fact in run.facts}
    return ReportView(
        facts=tuple(facts),
        articles=tuple(articles),
        errors=run.errors,
        shown=tuple(fact for its in by_article.values() for fact in its),
        left_out=LeftOut(len(run.facts) - len(kept), without_text, len(by_article.keys() - stored.keys()), misplaced),
        articles_read=len(stored.keys() | with_facts),
        articles_empty=len(stored.keys() - with_facts),
        published=(dates[0], dates[-1]) if dates else None,
    )


def _kept(facts: Sequence[Fact], most: int) -> list[Fact]:
    """At most so many facts, those of highest confidence, in the order of the run."""
    best = sorted(range(len(facts)), key=lambda at: (-facts[at].confidence, at))[:most]
    return [facts[at] for at in sorted(best)]


def _article_view(
    article_id: str, fact: Fact, article: ArticleText | None, wordings: Sequence[Wording], *, with_text: bool
) -> ArticleView:
    published = article.published if article else fact.published
    return ArticleView(
        id=visible(article_id),
        title=visible((article and article.title) or article_id),
        published=visible(published) if published else None,
        dated=tuple(visible(words.published(published)) for words in wordings),
        path=visible(article.path) if article and article.path else None,
        lang=visible(article.lang) if article else None,
        text=visible(article.text) if article and with_text else None,
    )


def _fact_views(
    facts: Iterable[Fact], at: int, article: ArticleText | None, wordings: Sequence[Wording]
) -> list[FactView]:
    units = CodeUnits(article.text) if article else None
    views = []
    for fact in facts:
        there = article is not None and all(_stands(span, article.text) for span in fact.evidence)
        marks = _marks(fact, article.text, units) if article and units and there else None
        views.append(_fact_view(fact, at, marks, wordings))
    return views


def _fact_view(fact: Fact, at: int, marks: list[Mark] | None, wordings: Sequence[Wording]) -> FactView:
    def figures(quantity: Quantity | None) -> tuple[str, ...] | None:
        return tuple(visible(words.figure(quantity)) for words in wordings) if quantity else None

    def name(party: object) -> str | None:
        found = getattr(party, "name", None)
        return visible(found) if found else None

    period = fact.period
    return FactView(
        id=fact.id,
        article=at,
        type=visible(fact.type),
        modality=fact.modality,
        confidence=fact.confidence,
        denied=True if fact.polarity == "negative" else None,
        subject=name(fact.subject),
        object=name(fact.object),
        metric=visible(fact.metric) if fact.metric else None,
        figure=tuple(visible(words.fact_figure(fact)) for words in wordings) if fact.quantity else None,
        converted=figures(fact.converted),
        previous=figures(fact.previous),
        period=tuple(visible(words.period(period)) for words in wordings) if period else None,
        start=period.start.isoformat() if period and period.start else None,
        end=period.end.isoformat() if period and period.end else None,
        basis=[visible(word) for word in fact.basis] if fact.basis else None,
        place=name(fact.place),
        source=name(fact.source),
        marks=marks,
        quotes=None if marks else [visible(span.text) for span in fact.evidence],
    )


def _marks(fact: Fact, text: str, units: CodeUnits) -> list[Mark]:
    """Sentences and slots of a fact in its article; a slot that does not stand where it says is not marked."""
    spans = [(span, _EVIDENCE) for span in fact.evidence]
    spans += [(slot.span, name) for name in _SLOTS if (slot := getattr(fact, name)) and slot.span]
    return [(units.unit(span.start), units.unit(span.end), name) for span, name in spans if _stands(span, text)]


def _stands(span: Span, text: str) -> bool:
    return text[span.start : span.end] == span.text
