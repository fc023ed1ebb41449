"""What lint finds in a corpus, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_corpus import ANNOTATION, BODY, put_annotation, put_article, put_splits

from pipeline.corpus import Problem, build_corpus, lint_corpus, load_articles, update_digests

PADDING = " ".join(f"mot{number}" for number in range(200))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one article with nothing wrong in it."""
    put(tmp_path, BODY, ANNOTATION)
    return tmp_path


def put(corpus: Path, body: str, annotation: str, lang: str = "fr") -> None:
    """One article of a fit length with its annotation, gold, split and digest."""
    put_article(corpus, "a", f"{body}\n\n{letters(PADDING)}.", lang=lang)
    put_annotation(corpus, "a", annotation)
    put_splits(corpus, train=["a"])
    build_corpus(corpus)
    update_digests(corpus, {article.name: article for article in load_articles(corpus)})


def letters(text: str) -> str:
    """`text` without figures, which lint would ask about."""
    return text.translate(str.maketrans("0123456789", "abcdefghij"))


def found(corpus: Path, *, warnings: bool = False) -> list[str]:
    return [str(problem) for problem in lint_corpus(corpus) if problem.warning is warnings]


def changed(corpus: Path, old: str, new: str) -> list[str]:
    """The problems and warnings of the sound annotation with `old` replaced."""
    assert ANNOTATION.count(old) == 1, old
    put(corpus, BODY, ANNOTATION.replace(old, new))
    return [str(problem) for problem in lint_corpus(corpus)]


def test_a_sound_corpus_has_no_problems(corpus: Path) -> None:
    assert lint_corpus(corpus) == []


FLAWS = [
    ("type: price", "type: waiting_time", "facts.2.type: unknown type 'waiting_time'"),
    ("unit: EUR", "unit: parsec", "facts.2.unit: unknown unit 'parsec'"),
    ("unit: EUR", "unit: kWh", "facts.2.unit: kWh does not fit price"),
    ("    value: 44990\n    unit: EUR\n", "", "facts.2.value: price needs a figure"),
    ("    modality: planned", "    value: 3\n    unit: km", "facts.1.unit: km does not fit plant_opening"),
    ("    modality: planned", "    unit: vehicle", "facts.1.unit: is filled without a figure"),
    ("    modality: planned", "    per: P1Y", "facts.1.per: is filled without a figure"),
    ("    value: 44990", "    range: [45000, 44990]", "facts.2.range: 45000 is not below 44990"),
    ("    value: 44990", "    value: 44990\n    qualifier: between", "facts.2.qualifier: between with one value"),
    ("    value: 44990", "    range: [1, 2]\n    qualifier: about", "facts.2.qualifier: about with a range"),
    ("    value: 44990", "    value: 44990\n    per: year", "facts.2.per: 'year' is no ISO 8601 duration"),
    ("    value: 44990", "    value: 44990\n    metric: speed", "facts.2.metric: unknown type 'speed'"),
    ("    value: 44990", "    value: 44990\n    basis: [wltp]", "facts.2.basis: 'wltp' is written 'WLTP'"),
    ("    value: 44990", "    value: 44990\n    basis: [after_bonus]", "facts.2.basis: unknown word 'after_bonus'"),
    ("    value: 44990", "    value: 44990\n    basis: [net, net]", "facts.2.basis: a word stands twice"),
    ("    subject: {model: BYD Seal}\n", "", "facts.2.subject: is missing"),
    ("    subject: {model: BYD Seal}\n", "    subject: {person: BYD}\n", "facts.2.subject: person does not fit price"),
    ("type: plant_opening", "type: appointment", "facts.1.subject: company does not fit appointment (person)"),
    ("previous: {value: 2100, unit: vehicle}", "previous: {value: 2, unit: EUR}", "facts.0.previous.unit: EUR beside"),
    ("previous: {value: 2100, unit: vehicle}", "converted: {value: 1, unit: ell}", "facts.0.converted.unit: unknown"),
    ("text: septembre", "text: octobre", "dates.0.text: 'octobre' is not in the text"),
    ("value: 2023-09", "value: autumn", "dates.1.value: 'autumn' is no TIMEX3 date"),
    ("ORG: [BYD, L'Écho]", "ORG: [BYD, BYD, L'Écho]", "entities: 'BYD' stands 2 times"),
    ("PERSON: []", "PERSON: [BYD]", "entities: 'BYD' stands 2 times"),
    ("PERSON: []", "PERSON: [Stella Li]", "entities: 'Stella Li' is not named in the text"),
    ("text: un an plus tôt, value: 2023-09", "text: septembre, value: 2024-09", "dates: 'septembre (2024-09)'"),
    ("period: 2024-09", "period: 2024-19", "facts.0.period.value: "),
    ("quote: 8 ans", "quote: 9 ans", "ignored.0.quote: '9 ans' is not in the text"),
]


@pytest.mark.parametrize(("old", "new", "expected"), FLAWS)
def test_flaws_of_annotations(old: str, new: str, expected: str, corpus: Path) -> None:
    problems = changed(corpus, old, new)
    assert any(problem.startswith(f"a.yaml: {expected}") for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("subject: {model: BYD Seal}", "subject: {market: voitures}"),
        ("    value: 44990", "    value: 44990\n    basis: [20-80%, garantie longue, WLTP]"),
        ("period: 2024-09", "period: 2021-04/2022-03"),
        ("period: 2024-09", "period: {value: 2025-W19, open: end}"),
        ("source: L'Écho", "source: l'Écho, journal en Belgique".replace("journal ", "")),
        ("place: Belgique\n    source", "place: Allemagne\n    source"),
        ("place: Belgique\n    source", "place: Deutschland\n    source"),
    ],
)
def test_what_is_sound(old: str, new: str, corpus: Path) -> None:
    assert changed(corpus, old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("subject: {model: BYD Seal}", "subject: {model: BYD Dolphin}", "facts.2.subject: warning: 'BYD Dolphin'"),
        ("source: L'Écho", "source: Reuters", "facts.2.source: warning: 'Reuters' is not named in the text"),
        ("place: Szeged", "place: Lyon", "facts.1.place: warning: 'Lyon' is not named in the text"),
        ("modality: planned", "object: {company: CATL}", "facts.1.object: warning: 'CATL' is not named"),
    ],
)
def test_names_that_nothing_supports(old: str, new: str, expected: str, corpus: Path) -> None:
    (problem,) = changed(corpus, old, new)
    assert problem.startswith(f"a.yaml: {expected}")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Les ventes de VW montent.", "ORG: [Volkswagen]"),
        ("La marque au losange monte.", "ORG: [Renault]"),
        ("La Zoé de Renault monte.", "MODEL: [Renault Zoe]"),
        ("La Coccinelle monte.", "MODEL: [Volkswagen Coccinelle]"),
        ("Le marché espagnol monte.", "PLACE: [Espagne]"),
        ("Seat et VW montent.", "ORG: [Seat et Volkswagen]"),
    ],
)
def test_names_that_the_text_gives_otherwise(body: str, names: str, corpus: Path) -> None:
    put(corpus, body, f"entities: {{{names}}}\n")
    assert lint_corpus(corpus) == []


def test_a_repeated_fact(corpus: Path) -> None:
    fact = "  - quote: gagne 5 %\n    type: growth\n    subject: {market: marché}\n    value: 5\n    unit: '%'\n"
    put(corpus, "Le marché gagne 5 %.", f"facts:\n{fact}{fact}")
    assert found(corpus) == ["a.yaml: facts.1: repeats facts.0"]
    put(corpus, "Le marché gagne 5 %.", f"facts:\n{fact}{fact}    modality: planned\n")
    assert found(corpus) == []


GROWTH = """facts:
  - quote: gagne 5,5 %
    type: growth
    subject: {market: marché}
    value: 5.5
    unit: '%'
    basis: [batterie 58 kWh, 10-80%]
    previous: {value: 3, unit: '%'}
  - quote: 12 430 voitures
    type: sales
    subject: {market: marché}
    value: 12430
    unit: vehicle
entities: {MODEL: [Citroën 2 CV, Peugeot 208 1.0 VTi 68]}
dates:
  - {text: 3 mai, value: 2024-05-03}
ignored:
  - {quote: huit ans, why: age}
"""
START = "La Citroën 2 CV et la Peugeot 208 1.0 VTi 68, huit ans le 3 mai. Le marché gagne 5,5 %, 12 430 voitures"


@pytest.mark.parametrize(
    "rest",
    [
        ", contre 3 %.",  # previous
        " (avec 58 kWh et de 10 à 80 %).",  # basis
        ", encore 12\u202f430 véhicules.",  # the same figure to the digit
        ".\n\nPlus de 12 000 voitures",  # less round in a heading
        ". La 2 CV plaît.",  # part of a name
        ". La 208 1.0 VTi 68 plaît.",
        ". On la dit 208.",
        ". Le 1.2 PureTech et le 1.6 BlueHDi plaisent.",  # names of engines
        ". La norme Euro 6 tient, le plan Dare Forward 2030 aussi.",  # names of norms and plans
        ". Les deux-roues plaisent.",  # part of a word
        ", le troisième été.",  # an ordinal that counts nothing
        ", à moitié.",  # an idiom
        ", selon un client.",  # an article
        ". Le premier client et la 2008 plaisent.",
        ".\n\n1. Roulez.\n2. Freinez.",  # marks of a list
        ". En 2023, le 4 mai, mardi, il y a trois ans, au premier trimestre.",  # dates
    ],
)
def test_figures_that_are_accounted_for(rest: str, corpus: Path) -> None:
    put(corpus, START + rest, GROWTH)
    assert lint_corpus(corpus) == []


@pytest.mark.parametrize(
    ("rest", "figure"),
    [
        (", contre 4 %.", "4"),
        (", contre 3,1 %.", "3,1"),
        (". Et 12 431 voitures.", "12 431"),
        (". Et 5,5 points.\n\nLe reste.\n\nElle perd encore 7,5 %.", "7,5"),
        (".\n\nPlus de 15 000 voitures", "15 000"),
        (".\n\nPlus de 12 000 euros", "12 000"),
        (". Avec 60 kWh.", "60"),
        (". Deux usines suffisent.", "Deux"),
        (". Ils sont vingt-deux ouvriers.", "vingt-deux"),
        (". La moitié des voitures.", "moitié"),
        (". Un client paie 1\u202f300 euros.", "1 300"),
        (".\n\nRecharge : 350 kW", "350"),
        (". La garantie est de 7 ans ou 150.000 km.", "7"),
    ],
)
def test_figures_that_nothing_accounts_for(rest: str, figure: str, corpus: Path) -> None:
    put(corpus, START + rest, GROWTH)
    problems = found(corpus)
    assert any(problem.startswith(f"a.yaml: ignored: '{figure}' in “… ") for problem in problems), problems


def test_in_a_language_without_a_pack_figures_in_digits_are_looked_at(corpus: Path) -> None:
    dates = "dates:\n- {text: 12 de maio, value: 2024-05-12}\n"
    put(corpus, "Vendeu 1 200 carros, dois por dia, em 12 de maio.", dates, "pt")
    assert found(corpus) == [
        "a.yaml: ignored: '1 200' in “… accélère en Belgique Vendeu 1 200 carros, dois por dia, em 12 d …”"
        " is in no quote of a fact and not ignored"
    ]


HEADS = [
    ({"kind": "poem"}, "kind: unknown kind 'poem'"),
    ({"modelled_on": None}, "modelled_on: is missing"),
    ({"modelled_on": "the web"}, "modelled_on: 'the web' is no web address"),
    ({"published": "soon"}, "published: 'soon' is no ISO day"),
    ({"mood": "dull"}, "mood: unknown key"),
]


@pytest.mark.parametrize(("head", "expected"), HEADS)
def test_flaws_of_heads(head: dict[str, str | None], expected: str, corpus: Path) -> None:
    put_article(corpus, "a", f"{BODY}\n\n{letters(PADDING)}.", **head)
    assert any(problem.startswith(f"a.md: {expected}") for problem in found(corpus))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"BYD accélère en Belgique\n\n{letters(PADDING)}", "a.md: body: repeats the headline"),
        (f"Le *marché* monte. {letters(PADDING)}", "a.md: body: is not read as it stands (Markdown"),
        (f"{letters(PADDING)}\n\n* un\n* deux", "a.md: body: is not read as it stands"),
    ],
)
def test_flaws_of_texts(body: str, expected: str, corpus: Path) -> None:
    put_article(corpus, "a", body)
    assert any(problem.startswith(expected) for problem in found(corpus))


@pytest.mark.parametrize(("words", "fits"), [(100, False), (200, True), (500, False)])
def test_a_length_out_of_the_ordinary_is_a_warning(words: int, fits: bool, corpus: Path) -> None:
    put_article(corpus, "a", " ".join(["autos"] * words))
    put_annotation(corpus, "a", "")
    assert [problem.split(":")[2] for problem in found(corpus, warnings=True)] == ([] if fits else [" warning"])


def test_articles_and_annotations_go_together(corpus: Path) -> None:
    (corpus / "articles" / "a.md").rename(corpus / "articles" / "b.md")
    assert {"b.md: (all): an article without an annotation", "a.yaml: (all): an annotation without an article"} <= set(
        found(corpus)
    )


def test_an_annotation_that_cannot_be_read_is_a_problem(corpus: Path) -> None:
    put_annotation(corpus, "a", "facts: [")
    assert found(corpus)[0].startswith("a.yaml: (all): no YAML")


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ("https://www.auto.example/byd", True),
        ("http://auto.example/byd/#top", True),
        ("https://auto.example/byd?page=2", False),
        ("https://auto.example/geely", False),
    ],
)
def test_two_articles_of_one_page(second: str, same: bool, corpus: Path) -> None:
    put_article(corpus, "b", " ".join(f"autre{letters(str(n))}" for n in range(120)), modelled_on=second)
    expected = "b.md: modelled_on: is the page of a.md as well"
    assert (expected in found(corpus)) is same


SENTENCE = "Le groupe a dit jeudi que ses ventes avaient doublé dans toute la région depuis le printemps"


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (SENTENCE, SENTENCE.upper(), "shares “le groupe a dit jeudi que ses ventes avaient double dans toute”"),
        (SENTENCE, SENTENCE.replace("jeudi", "lundi").replace("toute", "une"), None),
        (
            " ".join(f"de la ville {letters(str(n))} au port" for n in range(100, 160)),
            " ".join(f"de la ville {letters(str(n))} au parc" for n in range(100, 160)),
            "of its runs of words are those of a.md",
        ),
    ],
)
def test_articles_that_are_alike(one: str, two: str, expected: str | None, corpus: Path) -> None:
    tail = " ".join(letters(f"fin{n}") for n in range(100))
    put_article(corpus, "a", f"{one} {letters(PADDING)}")
    put_article(corpus, "b", f"{two} {tail}", modelled_on="https://b.example/", title="Un autre titre")
    likenesses = [problem for problem in found(corpus) if problem.startswith("b.md: body: ")]
    assert len(likenesses) == (expected is not None)
    assert all(expected and expected in problem for problem in likenesses)


def test_a_problem_is_one_line() -> None:
    assert str(Problem("a.md", "kind", "is missing")) == "a.md: kind: is missing"
    assert str(Problem("a.md", "kind", "is rare", warning=True)) == "a.md: kind: warning: is rare"


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no articles"):
        lint_corpus(tmp_path)
