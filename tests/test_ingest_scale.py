"""Collections are streamed: nothing is read ahead, nothing is kept; missing libraries are named."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from made_inputs import gz, json_lines, table, tar_file, zst
from test_ingest_formats import GOOD, SECOND

from pipeline.ingest import Item, Names, discover, items, overview
from pipeline.schema import ErrorRecord

DRAW = random.Random(1)
# Article-sized, and no two alike for compression.
TEXTS = [SECOND + DRAW.randbytes(2500).hex() for _ in range(1000)]
LINES = [json.dumps({"text": text}).encode() + b"\n" for text in TEXTS]


class Counting(io.RawIOBase):
    """A file without end, that counts how much of it was read."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        start = self.given % len(self.line)
        repeated = self.line * (len(buffer) // len(self.line) + 2)
        buffer[:] = repeated[start : start + len(buffer)]
        self.given += len(buffer)
        return len(buffer)


def test_the_first_item_is_out_before_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Counting(LINES[0])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    stream = items(discover(["-"]))
    assert isinstance(next(stream), Item)
    assert endless.given < 50 * len(LINES[0])
    for _ in range(1000):
        assert isinstance(next(stream), Item)
    assert endless.given < 1050 * len(LINES[0])


@pytest.mark.parametrize("name", ["d.jsonl", "d.jsonl.gz", "d.jsonl.zst", "d.json", "d.csv", "d.tar"])
def test_memory_does_not_grow_with_the_file(name: str, tmp_path: Path) -> None:
    data = b"".join(LINES)
    made: dict[str, Callable[[], bytes]] = {
        "d.jsonl": lambda: json_lines({"text": " ".join(TEXTS[at % 90 :][:10])} for at in range(1000)),
        "d.jsonl.gz": lambda: gz(data),
        "d.jsonl.zst": lambda: zst(data),
        "d.json": lambda: b"[" + b",".join(LINES) + b"]",
        "d.csv": lambda: table([json.loads(line) for line in LINES]),
        "d.tar": lambda: tar_file({f"d/{number}.txt": line for number, line in enumerate(LINES)}),
    }
    path = tmp_path / name
    path.write_bytes(made[name]())
    assert name != "d.jsonl" or path.stat().st_size > 50_000_000
    next(items(discover([path])))  # what is loaded once is not counted
    tracemalloc.start()
    try:
        found = sum(isinstance(item, Item) for item in items(discover([path])))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == 1000
    assert peak < 1_000_000


def test_ids_are_kept_on_disk() -> None:
    names = Names()
    tracemalloc.start()
    try:
        assert all(names.take(f"article-{number}") for number in range(10_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not names.take("article-7")
    assert peak < 50_000


def test_later_calls_go_on_from_the_ids_of_earlier_ones(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("x.txt", "a/x.txt"):
        (tmp_path / name).write_bytes(GOOD["a.txt"])
    names = Names()
    found = [item for path in ("x.txt", "a/x.txt", "x.txt") for item in items(discover([tmp_path / path]), None, names)]
    assert [item.id if isinstance(item, Item) else item.reason for item in found] == ["x", "a/x", "duplicate_id"]


EXTRAS = {
    "2024-10-03-a.pdf": ("pypdfium2", "pdf"),
    "d.rss": ("feedparser", "feeds"),
    "d.warc": ("warcio", "warc"),
    "d.parquet": ("pyarrow", "parquet"),
    "a.txt.zst": ("zstandard", "zst"),
}


@pytest.mark.parametrize("name", EXTRAS)
def test_a_missing_library_is_named_with_its_extra(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.ingest import read_articles

    library, extra = EXTRAS[name]
    path = tmp_path / name
    path.write_bytes(GOOD[name] if name in GOOD else zst(GOOD["a.txt"]))
    (tmp_path / "z.txt").write_bytes(GOOD["a.txt"])
    for module in [module for module in sys.modules if module.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    error, article = read_articles([tmp_path])
    assert isinstance(error, ErrorRecord)
    assert (error.reason, error.path) == ("extra", str(path))
    assert error.message.endswith(f"needs {library}, which is not installed: pip install 'autofacts[{extra}]'")
    assert not isinstance(article, ErrorRecord)
    assert f"needs pip install 'autofacts[{extra}]'" in {row.note for row in overview(discover([path]))}


def test_an_address_without_its_library_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    (error,) = items(discover(["memory://x"]))
    assert isinstance(error, ErrorRecord)
    assert (error.reason, "autofacts[remote]" in error.message) == ("extra", True)


def test_a_protocol_without_its_library_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("s3fs", "botocore", "aiobotocore"):
        monkeypatch.setitem(sys.modules, library, None)
    (error,) = items(discover(["s3://bucket/folder"]))
    assert isinstance(error, ErrorRecord)
    assert error.reason == "extra"
    assert "s3fs" in error.message


def test_no_optional_library_is_loaded_before_it_is_needed() -> None:
    libraries = {"pypdfium2", "feedparser", "warcio", "pyarrow", "zstandard", "fsspec", "trafilatura", "lxml"}
    code = f"import sys, pipeline.ingest; print(sorted({libraries} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
