"""What bounds the work on one input: no pattern takes long, no file unpacks or nests without end."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from made_inputs import Words, pdf, rss
from scripts import load_script

from pipeline.ingest import IngestError, IngestOptions, read_articles
from pipeline.ingest.nesting import check_json, check_markup
from pipeline.language import load_pack
from pipeline.schema import Article, ErrorRecord
from pipeline.segment import segment

ROOT = Path(__file__).parents[1]
TEXT = "Renault a livré 21 400 exemplaires de la Renault 5 en septembre, a indiqué le groupe. " * 3


growth = load_script(ROOT / "benchmarks" / "growth.py")


# ---- time


def test_no_pattern_takes_more_than_linear_time() -> None:
    # A process of its own: patterns are noted as they are compiled.
    command = [sys.executable, str(ROOT / "benchmarks" / "growth.py"), "--size", "4000", "--documents", "0"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [(r"(\w+) $", True), (r"\s+$", True), (r"<!--.*?-->x", True), (r"\w+", False), (r"(?<!\w)\w+ ", False)],
)
def test_the_measure_tells_slow_patterns_from_fast_ones(pattern: str, slow: bool) -> None:
    given = growth.Given(pattern, 0, "here:", False)
    assert (next(growth.slow_patterns([given], 4_000), None) is not None) == slow


@pytest.mark.parametrize("part", ["Aa Bb, ", "Aa'", "1 € ", "Renault-", "Renault, ", "a livré 20 ", "(1 €"])
def test_extraction_grows_with_the_text(part: str) -> None:
    assert growth.slow_documents(6_000, (part,)) == []


def test_a_row_of_comments_does_not_hang_the_look_at_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"<?xml?>" + b"<!---->" * 500)
    assert len(list(read_articles([tmp_path / "a"]))) == 1


def test_a_sentence_without_end_is_cut_at_blanks() -> None:
    text = "mot " * 2_000 + "x" * 5_000
    sentences = segment(Article("a", text), load_pack("fr").segment).sentences
    assert max(s.end - s.start for s in sentences) <= 2_000
    kept = "".join(text[s.start : s.end] for s in sentences)
    assert kept.replace(" ", "") == text.replace(" ", "")
    assert all(text[s.start - 1] == " " for s in sentences[1:4])


# ---- depth


@pytest.mark.parametrize(
    "source",
    [
        "<p>a<p>b<p>" * 500,
        "<ul>" + "<li>x" * 500 + "</ul>",
        "<table>" + "<tr><td>x<td>y" * 500 + "</table>",
        "<div><b>x</div>" * 500,
        "<br><img src=x>" * 500,
        "<script>" + "'<div>'" * 500 + "</script>",
        "<!--" + "<div>" * 500 + "-->",
        "</div>" * 500,
        "<a/>" * 500,
    ],
)
def test_markup_that_is_long_and_not_deep(source: str) -> None:
    check_markup(source, 10)


@pytest.mark.parametrize("source", ["<div>" * 11, "<div><p>" * 6, "<ul><li>" * 6, "<b x='>'>" * 11, "<Div>" * 11])
def test_markup_that_is_too_deep(source: str) -> None:
    with pytest.raises(IngestError, match="more than 10 deep") as caught:
        check_markup(source, 10)
    assert caught.value.reason == "too_deep"


@pytest.mark.parametrize(
    ("source", "deep"),
    [
        (b"[" * 11, True),
        (b'{"a":' * 11, True),
        (b"[]" * 50, False),
        (b'"' + b"[" * 50 + b'"', False),
        (b'"\\"' + b"[" * 50, False),
        (b'{"a": "\\\\", "b": ' + b"[" * 10, True),
    ],
)
def test_json_that_is_too_deep(source: bytes, deep: bool) -> None:
    if deep:
        with pytest.raises(IngestError, match="more than 10 deep"):
            check_json(source, 10)
    else:
        check_json(source, 10)


def test_ten_levels_are_well_within_ten() -> None:
    check_markup("<div>" * 10, 10)
    check_json(b"[" * 10 + b"]" * 10, 10)


# ---- files


def _tar_with_long_header() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.txt")
        info.pax_headers = {"comment": "x" * 2_000_000}
        archive.addfile(info)
    return out.getvalue()


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * 3_000_000)
        archive.writestr("good.txt", f" date 2024-10 {TEXT}")
    return out.getvalue()


def _doubling_entities() -> bytes:
    names = "abcdefghijklmnop"
    defined = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    head = f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{defined}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    body = f"<title>t</title><description>&p; &file; {TEXT}</description>"
    return rss(body).replace(b"<rss", head.encode() + b"<rss")


OPTIONS = IngestOptions(max_bytes=1_000_000, max_ratio=50, max_depth=50, max_pages=2, lang="fr")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("big.txt", b"a " * 600_000, ["too_large: larger than the limit of 1000000 bytes"]),
        ("bomb.txt.gz", gzip.compress(b"0" * 5_000_000), ["too_large: unpacks to more than 50 times its size"]),
        ("bomb.jsonl.zst", zstandard.compress(b"0" * 5_000_000), ["too_large: unpacks to more than 50 times its size"]),
        ("bomb.zip", _zip_bomb(), ["too_large: unpacks to more than 50 times its size", "ok"]),
        ("head.tar", _tar_with_long_header(), ["format: the file is broken: a header of 2000"]),
        ("deep.html", f"<html>{'<div>' * 60}{TEXT}".encode(), ["too_deep: its elements lie more than 50 deep"]),
        ("deep.jsonl", b'{"text": ' + b"[" * 60 + b"\n", ["too_deep: its arrays and objects lie more than 50 deep"]),
        ("part.jsonl", json.dumps({"text": f"{'<i>' * 60}{TEXT}</p>"}).encode(), ["too_deep: its elements lie more"]),
        ("deep.rss", rss("<a>" * 60), ["too_deep: its elements lie more than 50 deep"]),
        ("entities.rss", _doubling_entities(), ["ok"]),
        ("long.pdf", pdf(*[[Words(TEXT[:80])]] * 3), ["ok", "metadata: of its 3 pages the first 2 were read"]),
    ],
)
def test_limits_have_options_and_clear_errors(tmp_path: Path, name: str, data: bytes, told: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    found = list(read_articles([tmp_path / name], OPTIONS))
    said = [f"{f.reason}: {f.message}" if isinstance(f, ErrorRecord) else "ok" for f in found]
    assert [each.startswith(want) for each, want in zip(said, told, strict=True)] == [True] * len(told), said
    assert all(len(f.text) < 2_000 and "root:" not in f.text for f in found if isinstance(f, Article))
