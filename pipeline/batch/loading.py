"""How the extractor of a run is loaded, as a value that can be sent to those who work."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.batch.work import Extracts
from pipeline.encoder.profile import Profile


@dataclass(frozen=True, slots=True)
class Loading:
    """A factory of extractors of one profile (None: what is installed decides), with the token-classification model
    `ner_model` beside the rules, where one is named. Calling it raises as `Extractor.load`."""

    profile: Profile | None = None
    ner_model: str | None = None

    def __call__(self, lang: str) -> Extracts:
        # Loading the extractor costs most of a second: a process that only hands out work does without.
        from pipeline.extract import Extractor

        return Extractor.load(lang, profile=self.profile, ner_model=self.ner_model)
