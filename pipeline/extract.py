"""The whole way, in one screen: article, document, mentions, candidates, facts."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import __version__
from pipeline.detect.mentions import detect
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.language import load_pack
from pipeline.link.bench import Knowledge
from pipeline.link.linker import link
from pipeline.ontology import load_ontology
from pipeline.schema import Article, Extraction, Mentions, Published
from pipeline.scorer import Scorer, load_scorer
from pipeline.segment import segment
from pipeline.units import load_units
from pipeline.validate import Judge, validate


@dataclass(frozen=True)
class Extractor:
    """Everything that extraction in one language needs, loaded once. Safe to share between threads.

    Without a `scorer` the rules speak alone: no candidate is rejected as unlikely, and confidences say nothing.
    """

    knowledge: Knowledge
    gazetteer: Gazetteer
    scorer: Scorer | None
    name: str = f"autofacts {__version__}"

    @classmethod
    def load(cls, lang: str = "fr", *, rules_only: bool = False) -> Extractor:
        """The extractor of a language (ISO 639-1), without the learned scorer where `rules_only`.

        Raises LookupError where there is no pack for the language, ValueError for a scorer that was changed.
        """
        gazetteer = load_gazetteer()
        knowledge = Knowledge.of(load_pack(lang), load_ontology(), load_units(), gazetteer.demonyms(lang))
        return cls(knowledge, gazetteer, None if rules_only else load_scorer())

    def extract(self, article: Article) -> Extraction:
        """The facts of `article` with its mentions and what was rejected."""
        doc = segment(article, self.knowledge.pack.segment)
        mentions = detect(doc, self.knowledge.pack, self.gazetteer, self.knowledge.units)
        candidates, unused = link(doc, mentions, self.knowledge)
        checked = validate(article, candidates, Judge(self.knowledge.ontology, self.scorer), self.name)
        rejections = (*unused, *checked.rejections)
        return Extraction(article, mentions, checked.facts, rejections, checked.traces, checked.evidence)

    def detect(self, article: Article) -> Mentions:
        """The mentions of `article` alone."""
        doc = segment(article, self.knowledge.pack.segment)
        return detect(doc, self.knowledge.pack, self.gazetteer, self.knowledge.units)


def extract(text: str, *, published: str | None = None, lang: str = "fr", article_id: str = "text") -> Extraction:
    """Extract the facts of one text.

    `published` is a day, month or year (`2024-10-03`, `2024-10`, `2024`) to which relative dates refer; without it
    they stay unresolved. For many texts load an `Extractor` once and call its `extract`.
    """
    anchor = Published(published) if published else None
    return Extractor.load(lang).extract(Article(article_id, text, anchor, lang))
