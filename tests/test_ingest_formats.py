"""Collections, archives and compressed files: each format read, and each broken in its own ways."""

from __future__ import annotations

import io
import json
import pickle
import random
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from made_inputs import atom, gz, json_lines, lines_down, parquet_file, pdf, rss, table, tar_file, warc, zip_file, zst

from pipeline.ingest import Fields, IngestOptions, Item, articles_of, discover, items, read_articles
from pipeline.ingest.json_records import Cutter
from pipeline.schema import Article, ErrorRecord, Published

FRENCH = "L'été dernier, le constructeur a livré 12 000 véhicules électriques à ses clients européens."
SECOND = "Le groupe a vendu 3 000 utilitaires en Espagne au premier semestre, une hausse de 4 %."
RECORD = {"id": "a", "title": "Un titre", "date": "2024-10-03", "text": FRENCH, "url": "https://exemple.fr/a"}
OTHER = {"id": "b", "title": "Un autre", "date": "2024-10-04", "text": SECOND, "url": "https://exemple.fr/b"}
PAGE = (
    '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Un titre</title>'
    '<meta property="article:published_time" content="2024-10-03"></head>'
    f"<body><article><h1>Un titre</h1><p>{FRENCH}</p><p>{SECOND}</p></article></body></html>"
).encode()
TEXT = f" date 2024-10-03 {FRENCH}".encode()
ITEM = (
    f"<title>Un titre</title><guid>a</guid><link>https://exemple.fr/a</link>"
    f"<pubDate>Thu, 03 Oct 2024 23:30:00 -0400</pubDate>"
    f"<description>&lt;p&gt;{FRENCH}&lt;/p&gt;</description>"
)
ENTRY = (
    f"<title>Un titre</title><id>a</id><updated>2024-10-03T08:00:00Z</updated>"
    f'<content type="html">&lt;p&gt;{FRENCH}&lt;/p&gt;</content>'
)
ARROW = {**RECORD, "date": date(2024, 10, 3)}
GOOD: dict[str, bytes] = {
    "a.txt": TEXT,
    "a.md": f"---\npublished: 2024-10-03\n---\n{FRENCH}".encode(),
    "a.html": PAGE,
    "2024-10-03-a.pdf": pdf(lines_down(FRENCH)),
    "d.jsonl": json_lines([RECORD]),
    "d.ndjson": json_lines([RECORD]),
    "d.json": json.dumps([RECORD]).encode(),
    "one.json": json.dumps(RECORD, indent=2).encode(),
    "d.csv": table([RECORD]),
    "d.tsv": table([RECORD], "\t"),
    "d.rss": rss(ITEM),
    "d.xml": rss(ITEM),
    "d.atom": atom(ENTRY),
    "d.warc": warc(("200 OK", "text/html; charset=utf-8", PAGE)),
    "d.warc.gz": warc(("200 OK", "text/html; charset=utf-8", PAGE), compressed=True),
    "d.parquet": parquet_file([ARROW]),
}
# The flag of an encrypted file set in its head and in the list of contents.
LOCKED = zip_file({"a.txt": TEXT}).replace(b"\x14\0\0\0\x08\0", b"\x14\0\x01\0\x08\0")
WRAPPED = {
    ".gz": lambda name, data: (f"{name}.gz", gz(data)),
    ".zst": lambda name, data: (f"{name}.zst", zst(data)),
    ".zip": lambda name, data: ("x.zip", zip_file({f"d/{name}": data})),
    ".tar": lambda name, data: ("x.tar", tar_file({f"d/{name}": data})),
    ".tar.gz": lambda name, data: ("x.tar.gz", gz(tar_file({name: data}))),
    ".tgz": lambda name, data: ("x.tgz", gz(tar_file({name: data}))),
    ".tar.zst": lambda name, data: ("x.tar.zst", zst(tar_file({name: data}))),
}


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read(path: Path | str, **options: object) -> list[Article | ErrorRecord]:
    return list(read_articles([path], IngestOptions(**options)))  # type: ignore[arg-type]


def articles(path: Path | str, **options: object) -> list[Article]:
    found = read(path, **options)
    assert not [each for each in found if isinstance(each, ErrorRecord)], found
    return [each for each in found if isinstance(each, Article)]


def told(path: Path, **options: object) -> list[str]:
    """What came out, one word each: the id of an article, or place and reason of an error."""
    return [
        each.id if isinstance(each, Article) else f"{each.path.removeprefix(f'{path.parent}/')} {each.reason}"
        for each in read(path, **options)
    ]


# ---- every format


@pytest.mark.parametrize("name", GOOD)
def test_a_format_is_read(name: str, tmp_path: Path) -> None:
    (found,) = articles(write(tmp_path / name, GOOD[name]))
    assert FRENCH in found.text
    assert found.published is not None
    assert found.published.value == "2024-10-03"


@pytest.mark.parametrize("wrapping", WRAPPED)
@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith(".gz")])
def test_a_format_is_read_compressed_and_in_archives(name: str, wrapping: str, tmp_path: Path) -> None:
    (plain,) = articles(write(tmp_path / name, GOOD[name]))
    wrapped, data = WRAPPED[wrapping](name, GOOD[name])
    (found,) = articles(write(tmp_path / "wrapped" / wrapped, data))
    assert (found.text, found.title, found.published) == (plain.text, plain.title, plain.published)


@pytest.mark.parametrize("name", GOOD)
def test_a_folder_holds_any_format(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, GOOD[name])
    assert len(articles(tmp_path)) == 1


@pytest.mark.parametrize(
    "name",
    ["a.txt", "a.html", "2024-10-03-a.pdf", "d.jsonl", "d.json", "d.rss", "d.atom", "d.warc", "d.warc.gz", "d.parquet"],
)
def test_a_named_file_without_extension_is_told_by_its_content(name: str, tmp_path: Path) -> None:
    (found,) = articles(write(tmp_path / "2024-10-03", GOOD[name]))
    assert FRENCH in found.text


@pytest.mark.parametrize("name", ["d.jsonl", "d.pdf", "d.zip", "d.csv.gz"])
def test_an_empty_file_is_empty_or_broken(name: str, tmp_path: Path) -> None:
    (problem,) = told(write(tmp_path / name, b"")) or ["d.jsonl empty"]
    assert problem.split()[1] in ("empty", "format")


# ---- records


def test_records_have_ids_titles_and_places(tmp_path: Path) -> None:
    path = write(tmp_path / "d.jsonl", json_lines([RECORD, {"text": SECOND}]))
    assert articles(path) == [
        Article("a", f"Un titre\n\n{FRENCH}", Published("2024-10-03", "record"), "fr", "Un titre", f"{path}#1"),
        Article(f"{path}#2", SECOND, None, "fr", None, f"{path}#2"),
    ]


def test_an_id_that_comes_again_is_put_behind_its_file_then_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "d.jsonl", json_lines([RECORD, RECORD, RECORD]))
    assert told(path) == ["a", "d.jsonl/a", f"{path}#3"]


@pytest.mark.parametrize(
    ("record", "options", "expected"),
    [
        ({"content": FRENCH}, {}, FRENCH),
        ({"Body": FRENCH, "teaser": SECOND}, {}, FRENCH),
        ({"corps": FRENCH, "text": SECOND}, {"text": ("corps",)}, FRENCH),
        ({"content": {"rendered": f"<p>{FRENCH}</p>"}}, {"text": ("content.rendered",)}, FRENCH),
        (
            {"text": f"<p>{FRENCH}</p>\n<p>Prix&nbsp;: 12&nbsp;€<br>net</p>"},
            {},
            f"{FRENCH}\n\nPrix\u00a0: 12\u00a0€\nnet",
        ),
        (
            {"text": f"<div>{SECOND}</div><script>x()</script><ul><li>un</li><li>deux</li></ul>"},
            {},
            f"{SECOND}\n\nun\ndeux",
        ),
        ({"text": PAGE.decode()}, {}, f"Un titre\n\n{FRENCH}\n\n{SECOND}"),
        ({"text": f"{FRENCH} 3 < 4 et \ud800 5 > 2"}, {}, f"{FRENCH} 3 < 4 et \ufffd 5 > 2"),
    ],
)
def test_the_text_is_found(
    record: dict[str, object], options: dict[str, tuple[str]], expected: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "d.jsonl", (json.dumps(record) + "\n").encode())
    (found,) = articles(path, fields=Fields(**options))
    assert found.text == expected


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-10-03T23:59:00-05:00", "2024-10-03"),
        ("2024-10", "2024-10"),
        ("Thu, 03 Oct 2024 23:30:00 -0400", "2024-10-03"),
        (1727913600, "2024-10-03"),
        (1727913600000, "2024-10-03"),
        (1727913600.5, "2024-10-03"),
        (20241003, "2024-10-03"),
    ],
)
def test_dates_as_programs_write_them_are_read(written: object, value: str, tmp_path: Path) -> None:
    (found,) = articles(write(tmp_path / "d.jsonl", json_lines([{"text": FRENCH, "date": written}])))
    assert found.published == Published(value, "record")


@pytest.mark.parametrize("written", ["03/10/2024", "hier", "2024-13-45", 12])
def test_a_date_that_cannot_be_read_is_told_beside_the_article(written: object, tmp_path: Path) -> None:
    path = write(tmp_path / "d.jsonl", json_lines([{"text": FRENCH, "id": "a", "date": written}]))
    assert told(path) == ["a", "d.jsonl#1 metadata"]


# ---- bad records among good ones


def test_a_bad_line_costs_itself(tmp_path: Path) -> None:
    lines = [
        json.dumps(RECORD),
        '{"text": "',
        "[1, 2]",
        "",
        json.dumps({"titel": "x"}),
        json.dumps({"text": " "}),
        "[" * 100_000,
        json.dumps({"text": FRENCH * 30}),
        json.dumps({"text": "A Renault anunciou vendas mais altas no terceiro trimestre deste ano, disse a empresa."}),
        json.dumps(OTHER),
    ]
    path = write(tmp_path / "d.jsonl", "\n".join(lines).encode())
    assert told(path, max_bytes=1500) == [
        "a",
        "d.jsonl#2 format",
        "d.jsonl#3 format",
        "d.jsonl#5 no_text",
        "d.jsonl#6 empty",
        "d.jsonl#7 too_large",
        "d.jsonl#8 too_large",
        "d.jsonl#9 language",
        "b",
    ]
    assert told(write(tmp_path / "deep.jsonl", b"[" * 100_000)) == ["deep.jsonl#1 too_deep"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"[]", []),
        (b"[%s,\n%s]", ["a", "b"]),
        (b"\xef\xbb\xbf %s %s\n", ["a", "b"]),
        (b'[%s, 7, "x", %s]', ["a", "#2 format", "#3 format", "b"]),
        (b"[%s, {'a': 1}, %s]", ["a", "#2 format", "b"]),
        (b"[%s, {}, %s", ["a", "#2 no_text", "b", " format"]),
        (b'[%s, {"text": "', ["a", " format"]),
        (b"nothing", ["#1 format"]),
        (b" ", [" empty"]),
    ],
)
def test_json_files_are_cut_into_their_objects(source: bytes, expected: list[str], tmp_path: Path) -> None:
    records = [json.dumps({**each, "x": [{"]": '\\"}{'}]}).encode() for each in (RECORD, OTHER)]
    path = write(tmp_path / "d.json", source % tuple(records[: source.count(b"%s")]))
    assert [each.removeprefix("d.json") for each in told(path)] == expected


def test_json_is_cut_alike_whatever_the_chunks(tmp_path: Path) -> None:
    source = json.dumps([{"t": 'é"\\\\\\"]}', "n": {"m": [1]}}] * 3, ensure_ascii=False).encode()[1:]
    cuts = []
    for size in range(1, len(source)):
        cutter = Cutter(1000)
        cutter.in_array = True
        parts = [source[at : at + size] for at in range(0, len(source), size)]
        cuts.append([value for part in parts for value in cutter.feed(part)] + list(cutter.end()))
    assert all(cut == cuts[0] for cut in cuts)
    assert [json.loads(value or b"") for value in cuts[0]] == json.loads(b"[" + source)


# ---- tables


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_read_in_usual_forms(separator: str, encoding: str, tmp_path: Path) -> None:
    rows = [{**RECORD, "text": f'Il dit : "oui", {separator}\n{FRENCH}'}, OTHER]
    path = write(tmp_path / "d.csv", table(rows, separator).decode().encode(encoding))
    found = articles(path)
    assert [each.id for each in found] == ["a", "b"]
    assert found[0].text == f'Un titre\n\nIl dit : "oui", {separator}\n{FRENCH}'
    assert [each.path for each in found] == [f"{path}#2", f"{path}#4"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["id,text", f'a,"{FRENCH}', f'b,"{SECOND}"'], ["#2 format", "b"]),
        (["id,text", f'a,"{SECOND}'], ["#2 format"]),
        (["id,text", f'a,"{SECOND}', "b,ligne", "c,ligne"], ["#2 format", "b", "c"]),
        (["id,text", f'a,"{SECOND}"', "b,c,d,e", f'f,"{SECOND}"'], ["a", "#3 format", "f"]),
        (["id,text", f'a,"{SECOND}"', "", "b", f'f,"{SECOND}"'], ["a", "#4 no_text", "f"]),
        (["id,text", f'a,"{SECOND * 90}"', f'b,"{SECOND}"'], ["#2 too_large", "b"]),
        (["id,teaser", "a,b"], [" no_text"]),
    ],
)
def test_a_bad_row_costs_itself(lines: list[str], expected: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", "\n".join(lines).encode())
    assert [each.removeprefix("d.csv") for each in told(path, max_bytes=5000, lang="fr")] == expected


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    for path in (
        write(tmp_path / "d.csv", b"id,teaser\na,b\n"),
        write(tmp_path / "d.parquet", parquet_file([{"id": "a", "teaser": "b"}])),
    ):
        (error,) = read(path)
        assert isinstance(error, ErrorRecord)
        assert error.reason == "no_text"
        assert "text or content or body or article; the columns are: id, teaser" in error.message


def test_a_parquet_file_of_many_rows_is_read_in_order(tmp_path: Path) -> None:
    rows = [{"id": number, "content": {"rendered": SECOND}, "picture": b"\0" * 9} for number in range(200)]
    path = write(tmp_path / "d.parquet", parquet_file(rows))
    found = list(items(discover([path]), IngestOptions(fields=Fields(text=("content.rendered",)))))
    assert [item.id for item in found if isinstance(item, Item)] == [str(number) for number in range(200)]


# ---- feeds


def test_an_entry_gives_its_longest_text(tmp_path: Path) -> None:
    entry = (
        f"<title>A &amp;amp; B</title><id>a</id><summary>Court.</summary>"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FRENCH}</p><p>{SECOND}</p></div></content>'
    )
    (found,) = articles(write(tmp_path / "d.atom", atom(entry)))
    assert found.text == f"A & B\n\n{FRENCH}\n\n{SECOND}"


def test_entities_that_a_feed_defines_are_not_expanded(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", b"SECRET")
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{lol}<!ENTITY x SYSTEM "file://{secret}">]>'
    feed = rss(f"<guid>a</guid><description>{FRENCH} &l9; &x;</description>").replace(b"<rss", head.encode() + b"<rss")
    (found,) = articles(write(tmp_path / "d.rss", feed))
    assert len(found.text) < 200
    assert "SECRET" not in found.text


def test_a_feed_that_is_cut_off_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    feed = rss(ITEM, ITEM.replace("<guid>a", "<guid>b"))
    found = told(write(tmp_path / "d.rss", feed[: feed.index(b"<guid>b") + 5]))
    assert found[0] == "a"
    assert found[-1] == "d.rss format"
    assert told(write(tmp_path / "e.xml", b'<?xml version="1.0"?><NewsML></NewsML>')) == ["e.xml format"]


# ---- web archives


def test_only_pages_that_were_found_are_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "d.warc",
        warc(
            ("404 Not Found", "text/html", PAGE),
            ("200 OK", "image/jpeg", b"\xff\xd8\xff"),
            ("200 OK", "text/html; charset=iso-8859-1", PAGE.replace(b"charset", b"x").decode().encode("latin-1")),
            ("200 OK", "text/html", b"<html>"),
        ),
    )
    assert told(path) == [f"{path}#3", "d.warc#4 no_text"]
    assert FRENCH in str(read(path)[0])


@pytest.mark.parametrize("compressed", [False, True])
def test_a_web_archive_that_is_cut_off_gives_what_is_whole(compressed: bool, tmp_path: Path) -> None:
    page = ("200 OK", "text/html", PAGE)
    data = warc(page, page, compressed=compressed)
    path = write(tmp_path / ("d.warc.gz" if compressed else "d.warc"), data[: len(data) * 3 // 4])
    found = told(path)
    assert found[0] == f"{path}#1"
    assert found[-1].endswith(" format")
    assert told(write(tmp_path / "e.warc", b"no archive at all"))[-1] == "e.warc format"


# ---- compression and archives

MANY = json_lines({"id": f"n{number}", "text": f"{SECOND} {number}"} for number in range(2000))


@pytest.mark.parametrize("pack", [gz, zst])
def test_compressed_data_that_are_cut_off_or_broken_give_what_came_before(pack: object, tmp_path: Path) -> None:
    data = pack(MANY)  # type: ignore[operator]
    name = "d.jsonl.gz" if pack is gz else "d.jsonl.zst"

    def ids(changed: bytes) -> list[str]:
        found = items(discover([write(tmp_path / name, changed)]))
        return [each.id if isinstance(each, Item) else each.reason for each in found]

    cut = ids(data[:-20])
    assert (cut[0], cut[-1]) == ("n0", "format")
    assert len(cut) > 1000
    assert ids(data[:9] + b"\xff" * 50 + data[59:])[-1] == "format"
    assert len(ids(data + data)) == 4000
    if pack is gz:
        assert len(ids(data + b"\0" * 5000)) == 2000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("d.txt.gz", gz(b"a" * 3_000_000)),
        ("d.jsonl.gz", gz(b"a" * 30_000_000)),
        ("d.jsonl.zst", zst(b"a" * 30_000_000)),
        ("d.zip", zip_file({"d.jsonl": b"a" * 30_000_000})),
        ("d.tar.gz", gz(tar_file({"d.jsonl": b"a" * 30_000_000}))),
        ("d.parquet.gz", gz(b"\0" * 30_000_000)),
    ],
)
def test_what_unpacks_beyond_all_measure_ends_with_an_error(name: str, data: bytes, tmp_path: Path) -> None:
    found = told(write(tmp_path / name, data), max_bytes=100_000)
    assert found
    assert all(each.endswith(" too_large") for each in found)
    assert len(found) <= 2


def test_members_are_read_in_order_with_their_sidecars(tmp_path: Path) -> None:
    data = zip_file(
        {
            "d/b.txt": FRENCH.encode(),
            "d/b.json": b'{"date": "2024-10"}',
            "a.txt": FRENCH.encode(),
            "e/b.txt": FRENCH.encode(),
            "../../etc/passwd.txt": FRENCH.encode(),
            "/abs\x07.txt": FRENCH.encode(),
            "__MACOSX/._a.txt": b"x",
            "photo.jpg": b"x",
            "inner.zip": b"PK\x03\x04",
            "d.jsonl": json_lines([OTHER]),
        }
    )
    path = write(tmp_path / "x.zip", data)
    found = read(path)
    assert [(each.id, each.path) for each in found if isinstance(each, Article)] == [
        ("b", f"{path}!d/b.txt"),
        ("a", f"{path}!a.txt"),
        ("e/b", f"{path}!e/b.txt"),
        ("passwd", f"{path}!../../etc/passwd.txt"),
        ("abs\ufffd", f"{path}!/abs\ufffd.txt"),
        ("d.jsonl/b", f"{path}!d.jsonl#1"),
    ]
    assert [each.published for each in found[:1] if isinstance(each, Article)] == [Published("2024-10", "sidecar")]
    (error,) = [each for each in found if isinstance(each, ErrorRecord)]
    assert (error.path, error.reason) == (f"{path}!inner.zip", "format")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["x.zip"]


def test_links_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("a.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        info = tarfile.TarInfo("b.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    assert told(write(tmp_path / "x.tar", out.getvalue())) == ["b"]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("x.zip", zip_file({"a.txt": TEXT})[:-30], ["x.zip format"]),
        ("x.zip", b"PK\x03\x04 no", ["x.zip format"]),
        ("x.zip", LOCKED, ["x.zip!a.txt encrypted"]),
        ("x.tar", tar_file({"a.txt": TEXT, "b.txt": TEXT})[:1100], ["a", "x.tar format"]),
        ("x.tar", b"no tar" * 200, ["x.tar format"]),
        ("x.gz", gz(TEXT), ["x"]),
        ("x.parquet", parquet_file([ARROW])[:-9], ["x.parquet format"]),
        ("x.pdf", b"%PDF-1.4 no", ["x.pdf format"]),
        ("x.pdf", pdf(lines_down(FRENCH), encrypted=True), ["x.pdf encrypted"]),
        ("x.pdf", pdf([]), ["x.pdf no_text"]),
    ],
)
def test_a_broken_file_says_so(name: str, data: bytes, expected: list[str], tmp_path: Path) -> None:
    assert told(write(tmp_path / name, data)) == expected


def test_a_member_that_is_broken_costs_itself(tmp_path: Path) -> None:
    data = bytearray(zip_file({"a.txt": TEXT, "b.txt": FRENCH.encode()}))
    data[45] ^= 0xFF
    assert told(write(tmp_path / "x.zip", bytes(data))) == ["x.zip!a.txt format", "b"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [*GOOD, "a.txt.gz", "d.jsonl.zst", "x.zip", "x.tar"])
def test_whatever_is_broken_is_an_error_of_the_file_and_not_of_ours(name: str, tmp_path: Path) -> None:
    wrapped = dict(make("a.txt", TEXT) for make in WRAPPED.values()) | {"d.jsonl.zst": zst(GOOD["d.jsonl"])}
    good = GOOD.get(name) or wrapped[name]
    draw = random.Random(name)
    for _ in range(15):
        at, data = draw.randrange(len(good)), bytearray(good)
        if draw.random() < 0.5:
            data[at] = draw.randrange(256)
        else:
            data[at : at + draw.choice((1, 4, 50))] = draw.randbytes(draw.choice((0, 1, 40)))
        found = read(write(tmp_path / name, bytes(data)), lang="fr", max_bytes=1_000_000)
        reasons = {each.reason for each in found if isinstance(each, ErrorRecord)}
        assert not reasons & {"internal", "unreadable", "missing"}, found


# ---- addresses


@pytest.fixture
def memory() -> Iterator[object]:
    import fsspec

    files = fsspec.filesystem("memory")
    files.pipe(
        {
            "/news/b.txt": TEXT,
            "/news/b.json": b'{"id": "from-sidecar"}',
            "/news/a/x.zip": zip_file({"c.txt": TEXT}),
            "/news/d.parquet": parquet_file([ARROW]),
            "/news/photo.jpg": b"x",
            "/news/.git/x.txt": TEXT,
        }
    )
    yield files
    files.rm("/news", recursive=True)


def test_remote_folders_and_files_are_read(memory: object) -> None:
    assert [(each.id, each.path) for each in articles("memory://news")] == [
        ("from-sidecar", "memory:///news/b.txt"),
        ("a", "memory:///news/d.parquet#1"),
        ("c", "memory:///news/a/x.zip!c.txt"),
    ]
    assert [each.id for each in articles("memory://news/b.txt")] == ["from-sidecar"]
    assert discover(["memory://news"]).survey().passed_over == 1


def test_an_address_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    for address, reason in (("memory://nowhere/x.txt", "missing"), ("nosuch://x", "unreadable")):
        (error,) = read(address)
        assert isinstance(error, ErrorRecord)
        assert error.reason == reason
    write(tmp_path / "a.txt", TEXT)
    assert [each.path for each in articles(f"file://{tmp_path}")] == [f"{tmp_path}/a.txt"]


# ---- items


@pytest.mark.parametrize("name", GOOD)
def test_an_item_can_be_sent_elsewhere_and_gives_the_same_there(name: str, tmp_path: Path) -> None:
    options = IngestOptions()
    (item,) = items(discover([write(tmp_path / name, GOOD[name])]), options)
    assert isinstance(item, Item)
    sent = pickle.loads(pickle.dumps(item))
    assert sent == item
    assert sent.digest() == item.digest()
    assert list(articles_of(sent, options)) == list(articles_of(item, options))


def test_ids_are_the_same_whoever_reads_what_when(tmp_path: Path) -> None:
    """The reading process gives them out: the article that fails keeps its id, and order of work plays no part."""
    for name in ("a/x.txt", "b/x.txt", "b/x.md", "c/y.txt"):
        write(tmp_path / name, b"" if name == "a/x.txt" else TEXT)
    write(tmp_path / "d.md", f"---\nid: y\n---\n{FRENCH}".encode())
    write(tmp_path / "e.txt", f"---\nid: y\n---\n{FRENCH}".encode("utf-16"))
    found = [item for item in items(discover([tmp_path])) if isinstance(item, Item)]
    assert [item.id for item in found] == ["y", f"{tmp_path.name}/y", "x", "b/x", f"{tmp_path}/b/x.txt", "c/y"]
