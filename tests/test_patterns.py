"""The phrase notation: what each construct matches, and what is no pattern."""

import re

import pytest

from pipeline.language.patterns import PhraseIndex, compile_phrase, spell_out
from pipeline.text import pieces


def found(pattern: str, text: str) -> list[str]:
    index = PhraseIndex([compile_phrase(pattern)])
    words = pieces(re.compile(r"(\w+)"), text)
    return [text[a:b] for a, b, _ in index.find(text, words, 0, len(words.texts))]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("livr*", "75 000 véhicules livrés, une livraison", ["livrés", "livraison"]),
        ("livrer", "livrer et livreront", ["livrer"]),
        ("*eront", "ils livreront, ils seront", ["livreront", "seront"]),
        ("+absatz", "der Absatz, der Jahresabsatz, absatzstark".lower(), ["absatz", "jahresabsatz"]),
        ("(marque|marques) d' intérêt", "3600 marques d'intérêt", ["marques d'intérêt"]),
        ("capacité [annuelle] de production", "capacité de production", ["capacité de production"]),
        ("capacité [annuelle] de production", "capacité annuelle de production", ["capacité annuelle de production"]),
        ("[très] bonne part", "très bonne part, bonne part", ["très bonne part", "bonne part", "bonne part"]),
        ("ouvr* ~3 commandes", "il ouvre enfin les commandes", ["ouvre enfin les commandes"]),
        ("ouvr* ~1 commandes", "il ouvre enfin ses grandes commandes", []),
        ("ouvr* ~3 commandes", "il ouvre, dit-il, les commandes", []),
        ("vend _ voitures", "il vend dix voitures", ["vend dix voitures"]),
        ("mi-juin", "dès mi-juin", ["mi-juin"]),
    ],
)
def test_notation(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize("pattern", ["(a", "a)", "[x", "", "~2 x", "[a]", "_ x", "(a|) b"])
def test_what_is_no_pattern_is_named(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        compile_phrase(pattern)


def test_names_stand_for_their_alternatives() -> None:
    phrases = {"opens": "ouvre|<will>", "will": "ouvrira|va ouvrir"}
    assert spell_out("<opens> ses portes", phrases) == "(ouvre|(ouvrira|va ouvrir)) ses portes"
    phrase = compile_phrase(spell_out("<opens> ses portes", phrases))
    assert phrase.match("va ouvrir ses portes", 0) == len("va ouvrir ses portes")


@pytest.mark.parametrize(("pattern", "phrases"), [("<gone>", {}), ("<a>", {"a": "x|<b>", "b": "<a>"})])
def test_a_name_that_stands_for_nothing_is_an_error(pattern: str, phrases: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="stands for nothing"):
        spell_out(pattern, phrases)
