"""Facts in a spaCy pipeline: `nlp.add_pipe("autofacts")`. Needs the extra `spacy`.

The component reads the text alone, not the tokens or what other components have found: it works in a blank pipeline.
"""

from __future__ import annotations

from typing import Any

try:
    from spacy.language import Language
    from spacy.tokens import Doc, Span
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError("the component needs spaCy: pip install 'autofacts[spacy]'", name="spacy") from missing

from pipeline.extract import Extractor
from pipeline.ingest import parse_published
from pipeline.notebook import SLOT_COLOURS, slots
from pipeline.schema import Article, Fact, Published
from pipeline.schema import Span as TextSpan

STATEMENTS, SLOTS = "autofacts", "autofacts_slots"
_STORED = "autofacts"


@Language.factory(
    "autofacts",
    assigns=["doc._.facts", "doc.spans"],
    default_config={"lang": None, "published": None},
)
def make_component(nlp: Language, name: str, lang: str | None, published: str | None) -> Component:
    """The component. `lang` is that of the pipeline by default; `published` is the publication date of documents
    whose `doc._.published` says none. Raises LookupError for a language without a pack, ValueError for no date."""
    code = lang or str(nlp.lang)
    return Component(Extractor.load(code), code, _date(published))


class Component:
    """Puts the facts of a document into `doc._.facts`, and where they stand into `doc.spans`.

    `doc.spans["autofacts"]` holds the sentences, labelled with the fact's type, `doc.spans["autofacts_slots"]` the
    parts, labelled with their slot; each span has the fact's id as `id_`. spaCy's spans run from token to token: where
    a part begins or ends inside a token its span holds the whole token. The offsets of the facts are exact; they
    count the characters of `doc.text`.
    """

    def __init__(self, extractor: Extractor, lang: str, published: Published | None = None) -> None:
        self._extractor = extractor
        self._lang = lang
        self._published = published

    def __call__(self, doc: Doc) -> Doc:
        published = _date(doc._.published) or self._published
        facts = self._extractor.extract(Article("doc", doc.text, published, self._lang)).facts
        # As plain values: a document is written and sent between processes with them.
        doc.user_data[_STORED] = [fact.model_dump_json() for fact in facts]
        doc.spans[STATEMENTS] = [_span(doc, s, fact.type, fact) for fact in facts for s in fact.evidence]
        doc.spans[SLOTS] = [_span(doc, span, slot, fact) for fact in facts for slot, span in slots(fact)]
        return doc


def displacy_options() -> dict[str, Any]:
    """Options with which `displacy.render(doc, style="span", options=…)` shows the parts of facts in their colours."""
    return {"spans_key": SLOTS, "colors": dict(SLOT_COLOURS)}


def _span(doc: Doc, at: TextSpan, label: str, fact: Fact) -> Span:
    span = doc.char_span(at.start, at.end, label=label, span_id=fact.id, alignment_mode="expand")
    assert span is not None  # the offsets are those of the document's own text
    return span


def _date(value: str | None) -> Published | None:
    found = parse_published(value, "given") if value else None
    if value and found is None:
        raise ValueError(f"the publication date is no ISO day, month or year: {value!r}")
    return found


def _facts(doc: Doc) -> tuple[Fact, ...]:
    return tuple(map(Fact.model_validate_json, doc.user_data.get(_STORED, ())))


# spaCy's way to give documents attributes of one's own; `force` because a module may be loaded again.
Doc.set_extension("facts", getter=_facts, force=True)
Doc.set_extension("published", default=None, force=True)
