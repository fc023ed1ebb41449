"""Files, folders and streams become articles with a date and a frozen text; the rest become errors."""

from __future__ import annotations

import io
import json
import os
import sys
import tomllib
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ftfy import TextFixerConfig, fix_text
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import IngestOptions, Survey, discover, parse_published, read_articles
from pipeline.ingest.decode import decode, repair
from pipeline.ingest.html import looks_like_html, read_html
from pipeline.ingest.identify import language_of
from pipeline.ingest.markdown import markdown_to_text
from pipeline.ingest.options import IngestError
from pipeline.ingest.publication import published_in_name, split_head
from pipeline.schema import Article, ErrorRecord, Published

TABLES = Path(__file__).parent / "tables"
CORPUS = Path(__file__).parents[1] / "corpus" / "articles"
FRENCH = "L'été dernier, le constructeur a livré 12 000 véhicules électriques à ses clients européens."
PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">
<title>Renault : ventes en hausse - Site</title>
<meta property="article:published_time" content="2024-10-03T08:00:00+02:00"></head><body>
<nav><a href="/">Accueil</a></nav><article><h1>Renault : ventes en hausse</h1>
<p>Le groupe Renault a vendu <b>549&nbsp;099</b> véhicules au <a href="x">troisième trimestre</a> 2024.</p>
<h2>En Europe</h2><p>La marque progresse, portée par la Clio.<br>Une autre ligne du même paragraphe.</p>
<ul><li>Clio : 12 000 exemplaires</li><li>R5 : 3 000</li></ul>
<table><tr><th>Modèle</th><th>Prix</th></tr><tr><td>Clio</td><td>18 000 €</td></tr></table></article>
<footer>Mentions légales</footer></body></html>"""
PAGE_TEXT = """Renault : ventes en hausse

Le groupe Renault a vendu 549 099 véhicules au troisième trimestre 2024.

En Europe

La marque progresse, portée par la Clio.
Une autre ligne du même paragraphe.

Clio : 12 000 exemplaires
R5 : 3 000

Modèle | Prix
Clio | 18 000 €"""


def table(name: str, key: str = "case") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((TABLES / name).read_text(encoding="utf-8"))[key]
    return rows


def read(*paths: Path, **options: Any) -> list[Article | ErrorRecord]:
    return list(read_articles(paths, IngestOptions(**options)))


def article(path: Path, **options: Any) -> Article:
    (result,) = read(path, **options)
    assert isinstance(result, Article), result
    return result


def reasons(*paths: Path, **options: Any) -> dict[str, str]:
    return {Path(r.path).name: r.reason for r in read(*paths, **options) if isinstance(r, ErrorRecord)}


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


# ---- publication dates


@pytest.mark.parametrize("row", table("publication.toml", "head"), ids=lambda row: row["text"])
def test_a_head_is_split_from_the_text(row: dict[str, str]) -> None:
    published, rest = split_head(row["text"])
    assert published == (Published(row["value"], "head") if "value" in row else None)
    assert rest == row.get("rest", row["text"])


@pytest.mark.parametrize("row", table("publication.toml", "iso"), ids=lambda row: row["text"])
def test_iso_dates_of_a_day_a_month_or_a_year_are_read(row: dict[str, str]) -> None:
    published = parse_published(row["text"], "option")
    assert (published and published.value) == row.get("value")


@pytest.mark.parametrize("row", table("publication.toml", "name"), ids=lambda row: row["text"])
def test_days_and_months_are_read_from_file_names(row: dict[str, str]) -> None:
    published = published_in_name(row["text"])
    assert (published and published.value) == row.get("value")


def test_the_articles_own_date_wins_in_the_order_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "2020-05-titre.txt"
    option = Published("2019", "option")
    write(path.with_suffix(".json"), json.dumps({"published": "2021-06"}))
    write(path, f"---\npublished: 2022-07\n---\n date 2023-08 {FRENCH}")
    expected = [("2023-08", "head")]
    found = [article(path, published=option).published]
    write(path, f"---\ndate: 2022-07-01\n---\n{FRENCH}")
    expected.append(("2022-07-01", "front_matter"))
    found.append(article(path, published=option).published)
    write(path, FRENCH)
    expected.append(("2021-06", "sidecar"))
    found.append(article(path, published=option).published)
    path.with_suffix(".json").unlink()
    expected.append(("2020-05", "file_name"))
    found.append(article(path, published=option).published)
    bare = write(tmp_path / "titre.txt", FRENCH)
    expected.append(("2019", "option"))
    found.append(article(bare, published=option).published)
    assert found == [Published(value, origin) for value, origin in expected]
    assert article(bare).published is None


# ---- formats


def test_the_seeds_head_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = write(
        tmp_path / "000_6acf58f510a647bb.txt", f" date 2023-08 {FRENCH}\n\nIntertitre\n\nSuite du texte.\n"
    )
    found = article(path)
    assert found == Article(
        id="000_6acf58f510a647bb",
        text=f"{FRENCH}\n\nIntertitre\n\nSuite du texte.",
        published=Published("2023-08", "head"),
        lang="fr",
        title=None,
        path=str(path),
    )


def test_front_matter_gives_id_title_date_and_language(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.md",
        f"---\nid: a-1\ntitle: Un titre\npublished: 2024-10-03\nlang: fr\n---\n\n{FRENCH}\n",
    )
    found = article(path)
    assert (found.id, found.title, found.published) == (
        "a-1",
        "Un titre",
        Published("2024-10-03", "front_matter"),
    )
    assert found.text == f"Un titre\n\n{FRENCH}"


def test_a_title_with_a_bare_colon_is_read_although_it_is_no_yaml(tmp_path: Path) -> None:
    found = article(
        write(tmp_path / "x.md", f"---\ntitle: BMW i3 : la puce\npublished: 2024-10\n---\n{FRENCH}")
    )
    assert found.title == "BMW i3 : la puce"
    assert found.published == Published("2024-10", "front_matter")


@pytest.mark.parametrize(
    "text", ["---\nUn texte entre deux filets.\n---\n\nSuite.", "---\nprix : 12 €\nUne phrase.\n---\n"]
)
def test_text_between_two_rules_is_no_front_matter(tmp_path: Path, text: str) -> None:
    assert article(write(tmp_path / "x.txt", text)).text == text.strip()


def test_a_title_that_opens_the_body_is_not_repeated(tmp_path: Path) -> None:
    found = article(write(tmp_path / "x.md", f"---\ntitle: Un titre\n---\n# Un titre\n\n{FRENCH}"))
    assert found.text == f"Un titre\n\n{FRENCH}"


def test_a_sidecar_speaks_where_the_file_is_silent(tmp_path: Path) -> None:
    path = write(tmp_path / "x.txt", FRENCH)
    write(
        tmp_path / "x.json",
        json.dumps({"id": 7, "title": "Un titre", "date": "2024-10-03T10:00:00Z", "lang": "fr"}),
    )
    found = article(path)
    assert (found.id, found.title, found.published) == ("7", "Un titre", Published("2024-10-03", "sidecar"))


def test_a_broken_sidecar_is_reported_beside_the_article(tmp_path: Path) -> None:
    path = write(tmp_path / "x.txt", FRENCH)
    write(tmp_path / "x.json", "{")
    found, problem = read(path)
    assert isinstance(found, Article)
    assert isinstance(problem, ErrorRecord)
    assert problem.reason == "metadata"


@pytest.mark.parametrize("row", table("markdown.toml"), ids=lambda row: row["source"][:30])
def test_markdown_loses_its_marks_and_keeps_its_words(row: dict[str, str]) -> None:
    assert markdown_to_text(row["source"]) == row["text"]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("fr-*.md")), ids=lambda path: path.stem)
def test_the_corpus_comes_through_word_for_word(path: Path) -> None:
    """Gold quotes refer to title and body as they stand in the file."""
    found = article(path)
    body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
    assert found.text.split() == f"{found.title} {body}".split()
    assert found.text.startswith(f"{found.title}\n\n")


def test_a_page_gives_its_article_title_and_date(tmp_path: Path) -> None:
    found = article(write(tmp_path / "x.html", PAGE))
    assert found.text == PAGE_TEXT
    assert found.title == "Renault : ventes en hausse"
    assert found.published == Published("2024-10-03", "metadata")


def test_a_page_is_known_by_its_beginning_whatever_its_name(tmp_path: Path) -> None:
    assert article(write(tmp_path / "x.data", "\n<!-- x -->" + PAGE)).text == PAGE_TEXT
    assert not looks_like_html("Le <html> est une balise")


def test_a_page_cut_off_in_its_middle_gives_what_is_left() -> None:
    assert read_html(PAGE[: PAGE.index("La marque")]).body.startswith(
        "Renault : ventes en hausse\n\nLe groupe"
    )


def test_a_page_is_decoded_as_it_declares(tmp_path: Path) -> None:
    page = PAGE.replace("utf-8", "windows-1252")
    assert article(write(tmp_path / "x.html", page.encode("cp1252"))).text == PAGE_TEXT


def test_standard_input_is_an_article(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(f" date 2024-10 {FRENCH}".encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    (found,) = read_articles(["-"])
    assert isinstance(found, Article)
    assert (found.id, found.path, found.text) == ("stdin", "-", FRENCH)
    assert found.published == Published("2024-10", "head")


# ---- encodings


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "iso8859_15", "mac_roman"],
)
def test_usual_encodings_are_told(encoding: str) -> None:
    text = f"{FRENCH} Où l'on prévoyait déjà la décélération du marché."
    assert decode(text.encode(encoding)) == text


def test_a_broken_byte_does_not_change_the_encoding_of_the_rest() -> None:
    assert decode(FRENCH.encode("utf-8") * 3 + b"\xe9") == FRENCH * 3 + "\ufffd"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("L’Ã©tÃ© Ã\u00a0 Paris, câ€™est 25 000 â‚¬", "L’été à Paris, c’est 25 000 €"),
        ("“Oui”, dit l’homme, ½ ２", "“Oui”, dit l’homme, ½ ２"),
        ("e\u0301te\u0301", "été"),
        ("vé\u00adhi\u200bcu\x00le\x1b[31m", "véhicule"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\n  12\u202f000\u00a0€ \n", "12\u202f000\u00a0€"),
    ],
)
def test_text_is_repaired_once_and_its_quotes_and_spaces_left(raw: str, expected: str) -> None:
    assert repair(raw) == expected


_LETTERS = "aeZ ,.\n«»“”’‘‚„€£°²½§–—…\u00a0\u202fàâçéèêîïôöùûüœæÀÂÃÇÉÊÎÐØÙŒñßšžŸ×µ"


@given(
    st.text(alphabet=_LETTERS + "\x80\x93\u0301¤¨¬¯ˆ˜†‡‰¦ªº√≈ВГв€β™®©ā<&"),
    st.sampled_from(["", "utf-8", "cp1252", "latin-1", "mac_roman", "cp1250"]),
)
def test_only_what_ftfy_leaves_alone_is_kept_from_it(text: str, taken_for: str) -> None:
    read = text.encode("utf-8").decode(taken_for, "ignore") if taken_for else text
    by_ftfy = fix_text(read, TextFixerConfig(uncurl_quotes=False, fix_character_width=False, explain=False))
    assert repair(read) == repair(by_ftfy)


@given(st.text())
def test_a_repaired_text_is_nfc_and_has_no_control_characters(text: str) -> None:
    found = repair(text)
    assert unicodedata.is_normalized("NFC", found)
    assert not [c for c in found if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert found == found.strip()


@given(st.lists(st.from_regex(r"[A-Za-zéèà][a-zéèà ]{0,30}[a-zéèà.]", fullmatch=True), min_size=1))
def test_markdown_without_marks_is_the_text(paragraphs: list[str]) -> None:
    assert markdown_to_text("\n\n".join(paragraphs)) == "\n\n".join(paragraphs)


# ---- languages


@pytest.mark.parametrize("row", table("language.toml"), ids=lambda row: row["text"][:30])
def test_languages_without_a_pack_are_refused_by_name(row: dict[str, str]) -> None:
    if "lang" in row:
        assert language_of(row["text"], row.get("declared")) == row["lang"]
    else:
        with pytest.raises(IngestError, match=f"'{row['refused']}'"):
            language_of(row["text"], row.get("declared"))


def test_the_language_can_be_forced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("---\nlang: pt\n---\nRenault sold 12,000 cars.", encoding="utf-8")
    given = IngestOptions(lang="en")
    refused, *_ = read_articles([tmp_path / "a.txt"], given)
    assert getattr(refused, "reason", "") == "language"
    (article,) = read_articles([tmp_path / "a.txt"], replace(given, force_lang=True))
    assert isinstance(article, Article)
    assert article.lang == "en"


# ---- folders and ids


def test_a_folder_is_read_in_order_with_what_lies_below(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "d/c.htm", "z.TXT"):
        write(tmp_path / name, FRENCH)
    for name in (".hidden.txt", ".git/x.txt", "photo.jpg", "notes.doc", "Makefile"):
        write(tmp_path / name, FRENCH)
    write(tmp_path / "a.json", "{}")
    found = discover([tmp_path])
    assert [source.name.removeprefix(f"{tmp_path.as_posix()}/") for source in found.sources()] == [
        "a.md",
        "b.txt",
        "z.TXT",
        "d/c.htm",
    ]
    assert found.survey() == Survey(sources=4, passed_over=3, errors=())


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.txt", FRENCH)
    folder = tmp_path / "folder"
    inside = write(folder / "a.txt", FRENCH)
    (folder / "out.txt").symlink_to(outside)
    (folder / "dir").symlink_to(outside.parent)
    (folder / "same.txt").symlink_to(inside)
    (folder / "broken.txt").symlink_to(folder / "nowhere.txt")
    found = discover([folder])
    assert [Path(source.name).name for source in found.sources()] == ["a.txt", "broken.txt", "same.txt"]
    assert reasons(folder) == {"same.txt": "duplicate_id", "broken.txt": "missing"}


def test_two_articles_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for name in ("a/x.txt", "b/x.txt", "b/x.md"):
        write(tmp_path / name, FRENCH)
    found = [r.id for r in read(tmp_path) if isinstance(r, Article)]
    assert found == ["x", "b/x", (tmp_path / "b" / "x.txt").as_posix()]


def test_one_file_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "x.txt", FRENCH)
    first, second = read(path, tmp_path)
    assert isinstance(first, Article)
    assert isinstance(second, ErrorRecord)
    assert second.reason == "duplicate_id"


# ---- bad input


def test_each_bad_file_says_why_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a-empty.txt", b"")
    write(tmp_path / "b-blank.txt", " \n\t\n")
    write(tmp_path / "c-binary.txt", bytes(range(256)) * 4)
    write(tmp_path / "d-image.txt", b"\x89PNG\r\n\x1a\n" + b"abc" * 50)
    write(tmp_path / "e-cut.html", "<!DOCTYPE html><html><head><title>Renau")
    write(tmp_path / "f-head.txt", " date 2024-10 ")
    write(tmp_path / "g-dutch.txt", "Renault heeft in het derde kwartaal van het jaar meer auto's verkocht.")
    write(tmp_path / "h-large.txt", FRENCH * 20)
    write(tmp_path / "i-latin.txt", FRENCH.encode("cp1252"))
    (tmp_path / "j-folder.txt").mkdir()
    write(tmp_path / "k-good.txt", FRENCH)
    assert reasons(tmp_path, max_bytes=1500) == {
        "a-empty.txt": "empty",
        "b-blank.txt": "empty",
        "c-binary.txt": "binary",
        "d-image.txt": "binary",
        "e-cut.html": "no_text",
        "f-head.txt": "empty",
        "g-dutch.txt": "language",
        "h-large.txt": "too_large",
    }
    found = [r for r in read(tmp_path, max_bytes=5000) if isinstance(r, Article)]
    assert [r.id for r in found] == ["h-large", "i-latin", "k-good"]
    assert found[1].text == FRENCH


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    assert reasons(tmp_path / "nowhere.txt") == {"nowhere.txt": "missing"}


def test_what_may_not_be_read_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated: the tests may run as root, whom no permission stops."""
    path = write(tmp_path / "x.txt", FRENCH)

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", os.fspath(self))

    monkeypatch.setattr(Path, "open", refuse)
    assert reasons(path) == {"x.txt": "unreadable"}


def test_a_reader_that_fails_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: str) -> str:
        raise KeyError(source)

    write(tmp_path / "a.md", FRENCH)
    write(tmp_path / "b.txt", FRENCH)
    monkeypatch.setattr("pipeline.ingest.read.markdown_to_text", fail)
    assert reasons(tmp_path) == {"a.md": "internal"}
