"""Facts in a spaCy pipeline: they are the library's, and spans stand where they should."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from pipeline import extract
from pipeline.component import SLOTS, STATEMENTS, displacy_options
from pipeline.notebook import SLOT_COLOURS

TEXT = (
    "Aujourd’hui, l’usine de Renault a livré 21 400 exemplaires de la Renault 5 en septembre, a indiqué le groupe. "
    "Xiaomi a vendu 75\u202f000 véhicules en 2024 🚗."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("fr")
    nlp.add_pipe("autofacts")
    return nlp


def dated(nlp: Language, text: str, published: str | None) -> Doc:
    doc = nlp.make_doc(text)
    doc._.published = published
    return doc


def test_the_facts_are_those_of_the_library(nlp: Language) -> None:
    facts = nlp(dated(nlp, TEXT, "2024-10"))._.facts
    expected = extract(TEXT, published="2024-10", article_id="doc").facts
    assert facts == expected
    assert len(facts) == 2


def test_spans_hold_the_parts_of_facts_to_the_token(nlp: Language) -> None:
    doc = nlp(dated(nlp, TEXT, "2024-10"))
    first, second = doc._.facts
    assert [(span.label_, span.id_) for span in doc.spans[STATEMENTS]] == [
        (first.type, first.id),
        (second.type, second.id),
    ]
    assert doc.spans[STATEMENTS][0].text == first.evidence[0].text
    found = {(span.label_, span.text) for span in doc.spans[SLOTS] if span.id_ == first.id}
    assert found >= {
        ("subject", "Renault"),
        ("object", "Renault 5"),
        ("quantity", "21 400 exemplaires"),
        ("period", "septembre"),
        ("source", "le groupe"),
    }


@pytest.mark.parametrize("text", ["L’usine vaut 5 milliards d’euros.", "Renault:21 400 ventes!", "(Renault)", " ", ""])
def test_a_part_inside_a_token_has_the_whole_token(nlp: Language, text: str) -> None:
    doc = nlp(text)
    for span, fact in ((span, fact) for span in doc.spans[SLOTS] for fact in doc._.facts if fact.id == span.id_):
        part = getattr(fact, span.label_).span
        assert span.start_char <= part.start
        assert part.end <= span.end_char


def test_dates_come_from_the_document_then_from_the_pipeline() -> None:
    nlp = spacy.blank("fr")
    nlp.add_pipe("autofacts", config={"published": "2023-03"})
    docs = nlp.pipe([nlp.make_doc(TEXT), dated(nlp, TEXT, "2024-10")])
    assert [doc._.facts[0].period.value for doc in docs] == ["2022-09", "2024-09"]
    with pytest.raises(ValueError, match="no ISO day, month or year: 'hier'"):
        nlp(dated(nlp, TEXT, "hier"))


def test_documents_keep_their_facts_when_they_are_written(nlp: Language) -> None:
    doc = nlp(dated(nlp, TEXT, "2024-10"))
    (read,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert read._.facts == doc._.facts
    assert [span.text for span in read.spans[SLOTS]] == [span.text for span in doc.spans[SLOTS]]


def test_a_pipeline_is_written_and_read(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    assert len(spacy.load(tmp_path)(TEXT)._.facts) == 2


def test_a_document_that_nobody_has_read_has_no_facts(nlp: Language) -> None:
    assert nlp.make_doc(TEXT)._.facts == ()


def test_a_language_without_a_pack_is_said() -> None:
    nlp = spacy.blank("fi")
    with pytest.raises(LookupError, match="no language pack for 'fi'"):
        nlp.add_pipe("autofacts")


def test_displacy_shows_every_slot_in_its_colour(nlp: Language) -> None:
    html = displacy.render(nlp(dated(nlp, TEXT, "2024-10")), style="span", options=displacy_options())
    assert SLOT_COLOURS["quantity"] in html
    assert {"subject", "quantity", "period"} <= {slot for slot in SLOT_COLOURS if slot in html}


def test_the_entry_point_is_the_factory() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, name = project["entry-points"]["spacy_factories"]["autofacts"].split(":")
    assert callable(getattr(import_module(module), name))
    assert Language.has_factory("autofacts")
