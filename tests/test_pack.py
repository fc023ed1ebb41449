"""Every cue of every language pack finds its examples and none of its counter-examples."""

import re
from pathlib import Path

import pytest
from languages import packs

import pipeline
from pipeline.detect.cues import detect_cues
from pipeline.language import Pack
from pipeline.language.cue_words import Cue
from pipeline.ontology import load_ontology
from pipeline.schema import Article, Modality, Polarity
from pipeline.segment import segment

PACKS = packs()
CASES = [(pack, cue) for pack in PACKS for cue in pack.cue]


def _found(pack: Pack, cue: Cue, text: str) -> bool:
    doc = segment(Article("x", text), pack.segment)
    return any((m.category, m.value) == (cue.category, cue.value) for m in detect_cues(doc, pack.cues))


def _case_id(value: Pack | Cue) -> str:
    return f"{value.category}-{value.value}" if isinstance(value, Cue) else value.code


@pytest.mark.parametrize(("pack", "cue"), CASES, ids=_case_id)
def test_examples_and_counter_examples(pack: Pack, cue: Cue) -> None:
    assert [e for e in cue.examples if not _found(pack, cue, e)] == []
    assert [e for e in cue.counters if _found(pack, cue, e)] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.code)
def test_values_are_of_the_contract(pack: Pack) -> None:
    types = set(load_ontology().types)
    allowed = {"trigger": types, "event": types, "metric": types, "modality": set(Modality), "polarity": set(Polarity)}
    assert [c.value for c in pack.cue if c.value not in allowed.get(c.category, {c.value})] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.code)
def test_every_type_has_triggers(pack: Pack) -> None:
    triggers = {c.value for c in pack.cue if c.category in ("trigger", "event")}
    assert set(load_ontology().types) - triggers == set()


def test_code_names_no_fact_type() -> None:
    """Types are data: a name of one in the code, as a string, would be knowledge in the wrong place."""
    names = set(load_ontology().types) - {"range", "power", "length", "width", "height", "weight", "price"}
    root = Path(pipeline.__file__).parent
    sources = [p for p in root.rglob("*.py") if "evaluate" not in p.parts]
    texts = {path.name: path.read_text(encoding="utf-8") for path in sources}
    found = ((file, name) for file, text in texts.items() for name in names if re.search(rf"[\"']{name}[\"']", text))
    offending = list(found)
    assert offending == []
