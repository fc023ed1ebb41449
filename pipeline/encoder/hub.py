"""Any token-classification model of the Hugging Face kind as a voter on names, beside the rules."""

from __future__ import annotations

from typing import Any

from pipeline.encoder.question import FoundName
from pipeline.schema import Document, Span

_LABELS = {
    "PER": "PERSON", "PERSON": "PERSON", "ORG": "ORG", "COMPANY": "ORG", "BRAND": "ORG", "LOC": "PLACE", "GPE": "PLACE",
    "PLACE": "PLACE", "MODEL": "MODEL", "PRODUCT": "MODEL", "PROD": "MODEL", "VEHICLE": "MODEL",
}  # fmt: skip
_ROOM = 900  # characters of a window: fewer pieces than the 512 that such models take


class HubModel:
    """A model by its name on the hub, or by the folder in which it lies.

    Labels that name none of person, organisation, place and product are passed over. Raises ModuleNotFoundError naming
    the extra where `transformers` is missing, ValueError where there is no such model.
    """

    def __init__(self, name: str) -> None:
        try:
            from transformers import pipeline
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError("--ner-model needs: pip install 'autofacts[transformers]'") from error
        try:
            self._tagger: Any = pipeline("token-classification", model=name, aggregation_strategy="simple")
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise ValueError(f"{name}: no token-classification model can be loaded: {error}") from error

    def names(self, doc: Document) -> list[FoundName]:
        """The names of a document, in the order of the text. It is read in windows of whole sentences; a longer
        sentence is cut between words."""
        found: list[FoundName] = []
        for start, end in windows(doc):
            for each in self._tagger(doc.text[start:end]):
                name = _name(doc.text, start, each)
                if name:
                    found.append(name)
        return found


def windows(doc: Document) -> list[tuple[int, int]]:
    """Stretches of at most 900 characters that hold the whole text: as many sentences as fit, longer ones cut before a
    word, or within one that is as long itself."""
    parts: list[tuple[int, int]] = []
    for sentence in doc.sentences:
        start = sentence.start
        while sentence.end - start > _ROOM:
            space = doc.plain.rfind(" ", start + 1, start + _ROOM)
            stop = space if space > start else start + _ROOM
            parts.append((start, stop))
            start = stop
        parts.append((start, sentence.end))
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        if joined and end - joined[-1][0] <= _ROOM:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _name(text: str, offset: int, found: dict[str, Any]) -> FoundName | None:
    label = _LABELS.get(str(found["entity_group"]).upper())
    start, end = offset + int(found["start"]), offset + int(found["end"])
    start = end - len(text[start:end].lstrip())
    if label is None or not text[start:end].strip():
        return None
    return FoundName(Span.cut(text, start, end), label, float(found["score"]))
