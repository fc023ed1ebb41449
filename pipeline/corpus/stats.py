"""The datasheet of a corpus: what it holds, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipeline.corpus.article import CorpusArticle, load_articles
from pipeline.corpus.build import build_article
from pipeline.corpus.splits import load_splits
from pipeline.evaluate.gold import GoldArticle, GoldFact

NONE = "-"
_Pair = tuple[CorpusArticle, GoldArticle]


class Share(BaseModel):
    """Part of a corpus. `characters` are those of the texts; `required` facts are those that are not optional."""

    model_config = ConfigDict(frozen=True)

    articles: int
    without_facts: int
    characters: int
    facts: int
    required: int
    optional: int
    figures: int
    events: int
    entities: int
    dates: int
    ignored: int


class Datasheet(BaseModel):
    """The counts of a corpus: of all, by what articles have in common, and facts by what they say.

    `country` is that of the page's address where its top-level domain is one ("fr"), else that domain ("com").
    """

    model_config = ConfigDict(frozen=True)

    total: Share
    split: dict[str, Share]
    language: dict[str, Share]
    kind: dict[str, Share]
    country: dict[str, Share]
    year: dict[str, Share]
    site: dict[str, int]
    type: dict[str, int]
    modality: dict[str, int]
    polarity: dict[str, int]
    qualifier: dict[str, int]
    entity: dict[str, int]

    def to_text(self) -> str:
        """The datasheet for a terminal."""
        groups = {title: getattr(self, title) for title in ("split", "language", "kind", "country", "year")}
        heads = [field.replace("_", " ") for field in Share.model_fields]
        width = max(len(name) for group in (*groups.values(), groups) for name in group) + 5
        lines = []
        for title, group in {"": {"all": self.total}, **groups}.items():
            label = f"by {title}" if title else ""
            lines += ["", f"{label:{width}}" + "".join(f"{head:>{len(head) + 2}}" for head in heads)]
            for name, share in group.items():
                counts = zip(heads, share.model_dump().values(), strict=True)
                lines.append(f"{name:{width}}" + "".join(f"{count:{len(head) + 2}}" for head, count in counts))
        for title in ("type", "modality", "polarity", "qualifier", "entity", "site"):
            counted: dict[str, int] = getattr(self, title)
            listed = ", ".join(f"{name} {count}" for name, count in counted.items())
            lines += ["", f"{title} ({len(counted)}): {listed or 'none'}"]
        return "\n".join(lines[1:])


def corpus_stats(corpus: Path) -> Datasheet:
    """Count what the annotations of the folder `corpus` say of its articles.

    Raises CorpusError naming file and key for what cannot be read, FileNotFoundError where there are no articles, no
    annotation of one, or no splits, and OSError.
    """
    split_of = load_splits(corpus).split_of
    pairs = [(article, build_article(corpus, article.name)) for article in load_articles(corpus)]
    facts = [fact for _, gold in pairs for fact in gold.facts]
    return Datasheet(
        total=_share(pairs),
        split=_by(pairs, lambda article: split_of.get(article.name, NONE)),
        language=_by(pairs, lambda article: article.head.lang),
        kind=_by(pairs, lambda article: article.head.kind),
        country=_by(pairs, lambda article: (article.site or NONE).rpartition(".")[2]),
        year=_by(pairs, lambda article: article.head.published[:4]),
        site=_ranked(article.site or NONE for article, _ in pairs),
        type=_ranked(fact.type for fact in facts),
        modality=_ranked(fact.modality for fact in facts),
        polarity=_ranked(fact.polarity for fact in facts),
        qualifier=_ranked(fact.qualifier for fact in facts if fact.qualifier),
        entity=_ranked(entity.type for _, gold in pairs for entity in gold.entities),
    )


def _by(pairs: Iterable[_Pair], key: Callable[[CorpusArticle], str]) -> dict[str, Share]:
    groups: dict[str, list[_Pair]] = {}
    for pair in pairs:
        groups.setdefault(key(pair[0]), []).append(pair)
    return {name: _share(groups[name]) for name in sorted(groups)}


def _share(pairs: Iterable[_Pair]) -> Share:
    pairs = list(pairs)
    facts: list[GoldFact] = [fact for _, gold in pairs for fact in gold.facts]
    return Share(
        articles=len(pairs),
        without_facts=sum(not gold.facts for _, gold in pairs),
        characters=sum(len(article.text) for article, _ in pairs),
        facts=len(facts),
        required=sum(not fact.optional for fact in facts),
        optional=sum(fact.optional for fact in facts),
        figures=sum(fact.has_figure for fact in facts),
        events=sum(not fact.has_figure for fact in facts),
        entities=sum(len(gold.entities) for _, gold in pairs),
        dates=sum(len(gold.dates) for _, gold in pairs),
        ignored=sum(len(gold.ignored) for _, gold in pairs),
    )


def _ranked(names: Iterable[str]) -> dict[str, int]:
    """Counts, the most frequent first, then by name."""
    counts: Mapping[str, int] = Counter(str(name) for name in names)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
