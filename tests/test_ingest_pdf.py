"""PDF: paragraphs in reading order, words mended, running lines left out."""

from __future__ import annotations

import pytest
from made_inputs import Words, lines_down, pdf

from pipeline.ingest.options import IngestError
from pipeline.ingest.pdf import read_pdf
from pipeline.ingest.pdf_layout import Line, in_reading_order

LEFT = """Le constructeur a livré
douze mille véhicules
électriques à ses clients
européens cet été."""
RIGHT = """Son concurrent a vendu
trois mille utilitaires
en Espagne au premier
semestre de cette année."""
COLUMNS = [
    "Le constructeur a livré douze mille véhicules électriques à ses clients européens cet été.",
    "Son concurrent a vendu trois mille utilitaires en Espagne au premier semestre de cette année.",
]


def paragraphs(*pages: list[Words], max_pages: int | None = None) -> list[str]:
    return read_pdf(pdf(*pages), max_pages).body.split("\n\n")


def test_lines_are_joined_to_paragraphs_and_a_gap_parts_them() -> None:
    assert paragraphs(lines_down("Une ligne de texte\nqui continue ici.\n\nUn autre alinéa.")) == [
        "Une ligne de texte qui continue ici.",
        "Un autre alinéa.",
    ]


def test_an_indent_and_a_short_last_line_part_paragraphs() -> None:
    indented = [
        Words("Une première ligne assez longue pour la page", bottom=700),
        Words("et la suite de cette ligne, assez longue aussi.", bottom=686),
        Words("Un nouvel alinéa en retrait, long comme les autres", left=90, bottom=672),
        Words("qui se termine ici.", bottom=658),
        Words("Et un troisième qui remplit toute la largeur, lui.", bottom=644),
    ]
    assert [each.split()[0] for each in paragraphs(indented)] == ["Une", "Un", "Et"]


def test_a_heading_in_larger_type_stands_alone() -> None:
    page = [Words("Les ventes montent", bottom=702, size=16), *lines_down("le texte suit\net continue.", 686)]
    assert paragraphs(page) == ["Les ventes montent", "le texte suit et continue."]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("les véhicules élec-\ntriques sont là", "les véhicules électriques sont là"),
        ("les véhicules élec\u00ad\ntriques sont là", "les véhicules électriques sont là"),
        ("un porte-parole, dit le porte-\nparole", "un porte-parole, dit le porte-parole"),
        ("la ville de Saint-\nDenis", "la ville de Saint-Denis"),
        ("la ville de Saint-\n\nUn autre alinéa", "la ville de Saint-\n\nUn autre alinéa"),
        ("la période 2024-\n2025", "la période 2024-2025"),
        ("un tiret -\nseul", "un tiret - seul"),
    ],
)
def test_words_that_a_line_end_cut_are_mended(lines: str, expected: str) -> None:
    assert read_pdf(pdf(lines_down(lines))).body == expected


@pytest.mark.parametrize("across", [False, True])
def test_columns_are_read_one_after_the_other(across: bool) -> None:
    """Also where the file draws the page line by line, across both columns."""
    columns = [*lines_down(LEFT, 650, 72), *lines_down(RIGHT, 650, 320)]
    if across:
        columns.sort(key=lambda words: -words.bottom)
    heading = Words("Un titre qui passe au-dessus des deux colonnes de cette page", bottom=700, size=16)
    assert paragraphs([heading, *columns]) == [heading.text, *COLUMNS]


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    left = [*LEFT.split("\n")[:3], "européens, dont"]
    right = ["quatre mille en France", "et deux mille en Italie", "selon ses chiffres publiés", "hier, qui"]
    first = [*lines_down("\n".join(left), 650, 72), *lines_down("\n".join(right), 650, 320)]
    (found,) = paragraphs(first, lines_down("surprennent le marché."))
    assert "européens, dont quatre mille en France et deux mille" in found
    assert found.endswith("hier, qui surprennent le marché.")


def test_cells_beside_each_other_are_no_columns() -> None:
    rows = [
        Line(text, left, 700 - 14 * at, left + 60, 711 - 14 * at)
        for at in range(5)
        for text, left in ((f"Clio {at}", 72), (f"{at} €", 300))
    ]
    assert [line.text for line in in_reading_order(rows)] == [f"Clio {at} {at} €" for at in range(5)]


def test_page_numbers_and_running_heads_are_left_out() -> None:
    pages = [
        [
            Words(f"La Gazette, 3 octobre, page {number}", bottom=800),
            *lines_down(f"Un alinéa de la page {number}.", 700),
            Words(f"- {number} -", left=290, bottom=40),
        ]
        for number in (1, 2, 3)
    ]
    assert paragraphs(*pages) == [f"Un alinéa de la page {number}." for number in (1, 2, 3)]


def test_only_the_first_pages_are_read_where_that_is_asked() -> None:
    pages = [lines_down(f"Page {word}.") for word in ("une", "deux", "trois")]
    assert paragraphs(*pages, max_pages=2) == ["Page une.", "Page deux."]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf([]), "no_text"),
        (pdf(lines_down("x"), encrypted=True), "encrypted"),
        (pdf(lines_down("x"))[:40], "format"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "format"),
    ],
)
def test_what_gives_no_text_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(IngestError) as caught:
        read_pdf(data)
    assert caught.value.reason == reason
