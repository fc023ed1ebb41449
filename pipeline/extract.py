"""The whole way, in one screen: article, document, mentions, candidates, facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline import __version__
from pipeline.detect.mentions import detect
from pipeline.encoder.hub import HubModel
from pipeline.encoder.model import FOLDER, Encoder, installed
from pipeline.encoder.names import with_names
from pipeline.encoder.profile import Profile
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.language import load_pack
from pipeline.link.bench import Knowledge
from pipeline.link.linker import bench_of, link_on
from pipeline.link.revise import Second, revise
from pipeline.ontology import load_ontology
from pipeline.schema import Article, Document, Extraction, Mentions, Published
from pipeline.scorer import SCORER, Scorer, load_scorer
from pipeline.segment import segment
from pipeline.units import load_units
from pipeline.validate import Judge, validate
from pipeline.versions import models_folder


@dataclass(frozen=True)
class Extractor:
    """Everything that extraction in one language needs, loaded once. Safe to share between threads.

    Without a `scorer` the rules speak alone: no candidate is rejected as unlikely, and confidences say nothing. With a
    `second` reader they are read again, and a `voter` adds names that no rule knows.
    """

    knowledge: Knowledge
    gazetteer: Gazetteer
    scorer: Scorer | None
    name: str = f"autofacts {__version__}"
    second: Second | None = None
    voter: HubModel | None = None

    @classmethod
    def load(
        cls, lang: str = "fr", *, rules_only: bool = False, profile: Profile | None = None, ner_model: str | None = None
    ) -> Extractor:
        """The extractor of a language (ISO 639-1), without anything learned where `rules_only`. By default `profile` is
        accurate where a model of the encoder is installed. `ner_model` is a name or folder for `HubModel`.

        Raises LookupError where there is no pack for the language, FileNotFoundError for a profile whose model is not
        there, ValueError for a model that was changed, ModuleNotFoundError for an extra that is missing.
        """
        gazetteer = load_gazetteer()
        knowledge = Knowledge.of(load_pack(lang), load_ontology(), load_units(), gazetteer.demonyms(lang))
        voter = HubModel(ner_model) if ner_model else None
        if rules_only:
            return cls(knowledge, gazetteer, None, voter=voter)
        second = _second(profile)
        learned_with = models_folder() / FOLDER
        scorer = load_scorer(learned_with if second and (learned_with / SCORER).is_file() else None)
        return cls(knowledge, gazetteer, scorer, second=second, voter=voter)

    def extract(self, article: Article) -> Extraction:
        """The facts of `article` with its mentions and what was rejected."""
        doc = segment(article, self.knowledge.pack.segment)
        mentions = self._mentions(doc)
        bench = bench_of(doc, mentions, self.knowledge)
        candidates, unused = link_on(bench)
        if self.second:
            candidates, doubted = revise(bench, candidates, self.second)
            unused += doubted
        judge = Judge(self.knowledge.ontology, self.scorer, self.knowledge.pack.code)
        checked = validate(article, candidates, judge, self.name)
        rejections = (*unused, *checked.rejections)
        return Extraction(article, mentions, checked.facts, rejections, checked.traces, checked.evidence)

    def detect(self, article: Article) -> Mentions:
        """The mentions of `article` alone."""
        return self._mentions(segment(article, self.knowledge.pack.segment))

    def _mentions(self, doc: Document) -> Mentions:
        mentions = detect(doc, self.knowledge.pack, self.gazetteer, self.knowledge.units)
        return with_names(mentions, self.voter.names(doc)) if self.voter else mentions


def extract(text: str, *, published: str | None = None, lang: str = "fr", article_id: str = "text") -> Extraction:
    """Extract the facts of one text.

    `published` is a day, month or year (`2024-10-03`, `2024-10`, `2024`) to which relative dates refer; without it
    they stay unresolved. For many texts load an `Extractor` once and call its `extract`.
    """
    anchor = Published(published) if published else None
    return Extractor.load(lang).extract(Article(article_id, text, anchor, lang))


@cache
def _second(profile: Profile | None) -> Second | None:
    """The encoder with its blend, where the profile asks for it; one model serves all languages."""
    models = models_folder()
    if profile is Profile.FAST or (profile is None and not installed(models)):
        return None
    if not installed(models):
        raise FileNotFoundError(f"{models / FOLDER}: no model of the encoder; autofacts train encoder makes one")
    encoder = Encoder(models / FOLDER)
    return Second(encoder, encoder.blend)
