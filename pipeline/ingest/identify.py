"""In which language an article is written, and whether there is a pack for it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.ingest.options import IngestError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_PROBE = 1_500  # characters at the head of a text that tell its language
_SURE = 0.8
_QUOTE = 240  # characters that tell the language of a quotation
_SURE_QUOTE = 0.95
# Most texts are told by less: stretches of the probe, from its beginning, its middle and its end.
_STRETCH, _STRETCHES = 120, 3
_CERTAIN = 0.99


@lru_cache(maxsize=1)
def available_packs() -> frozenset[str]:
    """ISO 639-1 codes of the languages that have a pack."""
    entries = (files("pipeline") / "languages").iterdir()
    return frozenset(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml"))


def language_of(text: str, declared: str | None) -> str:
    """The ISO 639-1 code of the article `text`: as `declared` ("fr", "fr-FR"), else as identified.

    All languages are told apart, those without a pack too; a text too short for that counts as written in the most
    likely language that has one. Raises IngestError with `language` where there is no pack for it.
    """
    tag = declared or _identify(text[:_PROBE])
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    if code not in available_packs():
        raise IngestError("language", f"the language is {code!r}, for which there is no pack")
    return code


def is_foreign(text: str, lang: str) -> bool:
    """Whether a passage of an article in the language `lang` is beyond doubt written in another one."""
    best, probability = _identifier().rank(text[:_QUOTE])[0]
    return probability >= _SURE_QUOTE and str(best) != lang


def _identify(text: str) -> str:
    sample = _sample(text)
    ranked = _identifier().rank(sample)
    if ranked[0][1] < _CERTAIN and sample != text:
        ranked = _identifier().rank(text)
    best, probability = ranked[0]
    if probability < _SURE:
        best = next((code for code, _ in ranked if code in available_packs()), best)
    return str(best)


def _sample(text: str) -> str:
    """Stretches of `text`, spread over all of it; the whole where it is little longer than they are."""
    if len(text) <= _STRETCH * (_STRETCHES + 1):
        return text
    step = (len(text) - _STRETCH) // (_STRETCHES - 1)
    return "\n".join(text[at * step : at * step + _STRETCH] for at in range(_STRETCHES))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
