"""The gazetteer: what it refuses to load, what it finds, and that the package's own is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.gazetteer import HEADER, Gazetteer, load_gazetteer
from pipeline.schema import Kind
from pipeline.text import plain

_ROWS = """Wagen,brand,WAGEN,,Haus,DE,maker
Haus,company,,,,DE,group
Wagen 208,model,,208|Blitz,Wagen,DE,city|electric
L'Atelier,company,,,,FR,supplier
"""


def _folder(path: Path, **files: str) -> Path:
    for name, rows in {"names": f"{HEADER}\n{_ROWS}", **files}.items():
        (path / f"{name}.csv").write_text(rows, encoding="utf-8")
    return path


def _read(path: Path, **files: str) -> Gazetteer:
    return Gazetteer.read(_folder(path, **files))


def _found(gazetteer: Gazetteer, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in gazetteer.scan(plain(text))]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("Rad,brand,,,Nirgends,DE,maker", "zeta.csv, line 2: the parent 'Nirgends'"),
        ("Rad,thing,,,,DE,maker", "zeta.csv, line 2: unknown kind 'thing'"),
        ("Rad,brand,WAGEN,,,DE,maker", "zeta.csv, line 2: 'WAGEN' stands for"),
        ("Haus,brand,,,,DE,maker", "zeta.csv, line 2: 'Haus' occurs twice"),
        ("Rad,brand,,DE,maker", "zeta.csv, line 2: 5 fields"),
    ],
)
def test_wrong_rows_are_named(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _read(tmp_path, zeta=f"{HEADER}\n{rows}\n")


def test_wrong_header_and_nickname_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"other.csv, line 1: unknown header"):
        _read(tmp_path, other="a,b\n")
    (tmp_path / "other.csv").unlink()
    with pytest.raises(ValueError, match=r"nicknames_de.csv, line 2: 'Niemand'"):
        _read(tmp_path, nicknames_de="form,name\nder Riese,Niemand\n")


def test_scan_keeps_to_words_and_figures(tmp_path: Path) -> None:
    gazetteer = _read(tmp_path)
    assert _found(gazetteer, "Ein Wagen, Wagens, WAGEN.") == ["Wagen", "WAGEN"]
    assert _found(gazetteer, "wagen") == []
    assert _found(gazetteer, "208 aber 208,5 und 1 208 und 208 000 und 208.") == ["208", "208"]
    assert _found(gazetteer, "chez L’Atelier") == ["L’Atelier"]


def test_scan_gives_the_longest_first(tmp_path: Path) -> None:
    assert _found(_read(tmp_path), "Wagen 208") == ["Wagen 208", "Wagen", "208"]


def test_weak_and_strong_forms(tmp_path: Path) -> None:
    gazetteer = _read(tmp_path)
    assert gazetteer.lookup("WAGEN") is gazetteer.entries["Wagen"]
    assert gazetteer.lookup("208") is None
    assert [entry.name for entry in gazetteer.forms["208"].weak] == ["Wagen 208"]


def test_nicknames_and_demonyms_by_language(tmp_path: Path) -> None:
    nicknames, demonyms = "form,name\nDer Riese,Haus\n", "form,country,place\nbayerisch,DE,Bayern\n"
    gazetteer = _read(tmp_path, nicknames_de=nicknames, demonyms_de=demonyms)
    found = gazetteer.nicknames("da steht der riese", "de")
    assert [(start, end, entry.name) for start, end, entry in found] == [(9, 18, "Haus")]
    assert gazetteer.nicknames("da steht der riese", "fr") == []
    assert gazetteer.demonyms("de")["bayerisch"] == ("DE", "Bayern")
    assert gazetteer.demonyms("fr") == {}


def test_own_gazetteer_is_whole() -> None:
    gazetteer = load_gazetteer()
    assert len(gazetteer.entries) > 4000
    assert gazetteer.lookup("Etats-Unis") is gazetteer.entries["États-Unis"]
    assert gazetteer.lookup("SU7") is gazetteer.entries["Xiaomi SU7"]
    assert gazetteer.demonyms("fr")["chinoises"].country == "CN"
    for entry in gazetteer.entries.values():
        assert entry.country is None or (len(entry.country) == 2 and entry.country.isupper())
        if entry.kind is Kind.MODEL:
            assert entry.parent is not None
            assert entry.classes


def test_a_language_has_its_own_names_for_entries() -> None:
    gazetteer = load_gazetteer()
    (hit, *_) = gazetteer.scan("Sales in Georgia rose.", "en")
    assert hit.form.strong is not None
    assert gazetteer.written(hit.form.strong.name, "en") == "Georgia"
    assert gazetteer.written("Allemagne", "de") == "Deutschland"
    assert gazetteer.written("Allemagne", "fr") == "Allemagne"
    assert gazetteer.demonyms("en")["german"].place == "Germany"


@pytest.mark.parametrize(("lang", "countries"), [("en", 180), ("de", 180), ("es", 180), ("it", 180)])
def test_countries_are_known_by_their_names_in_each_language(lang: str, countries: int) -> None:
    gazetteer = load_gazetteer()
    known = [e.name for e in gazetteer.entries.values() if e.classes == ("country",) and e.country]
    found = [n for n in known if any(h.form.strong for h in gazetteer.scan(gazetteer.written(n, lang), lang))]
    assert len(found) >= countries


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("Nowhere,Somewhere,,", "names_xx.csv, line 2: 'Nowhere' is no name"),
        ("Chine,China,,\nInde,China,,", "names_xx.csv, line 3: 'China' stands for 'Chine' as well"),
    ],
)
def test_a_wrong_file_of_a_language_names_its_line(tmp_path: Path, row: str, error: str) -> None:
    (tmp_path / "places.csv").write_text(f"{HEADER}\nChine,place,,,,CN,country\nInde,place,,,,IN,country\n")
    (tmp_path / "names_xx.csv").write_text(f"name,written,aliases,weak_aliases\n{row}\n")
    with pytest.raises(ValueError, match=re.escape(error)):
        Gazetteer.read(tmp_path)
