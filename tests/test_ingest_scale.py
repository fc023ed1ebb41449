"""Collections are streamed: nothing is read ahead, nothing is kept; and optional libraries are named where they miss."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from made_inputs import gz, tar_file, zst
from test_ingest_formats import GOOD, SECOND

from pipeline.ingest import IngestOptions, Item, Names, discover, items, overview
from pipeline.schema import ErrorRecord

LINE = json.dumps({"text": SECOND * 6}, ensure_ascii=False).encode() + b"\n"


class Counting(io.RawIOBase):
    """A file without end, that counts how much of it was read."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        repeated = self.line * (len(buffer) // len(self.line) + 1)
        buffer[:] = repeated[: len(buffer)]
        self.given += len(buffer)
        return len(buffer)


def test_the_first_item_is_out_before_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Counting(LINE)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    stream = items(discover(["-"]))
    assert isinstance(next(stream), Item)
    assert endless.given < 100 * len(LINE)
    for _ in range(5000):
        next(stream)
    assert endless.given < 5100 * len(LINE)


@pytest.mark.parametrize("name", ["d.jsonl", "d.jsonl.gz", "d.jsonl.zst", "d.json", "d.csv", "d.tar"])
def test_memory_does_not_grow_with_the_file(name: str, tmp_path: Path) -> None:
    size = 50_000_000 if name == "d.jsonl" else 8_000_000
    count = size // len(LINE)
    data = LINE * count
    made: dict[str, Callable[[], bytes]] = {
        "d.jsonl": lambda: data,
        "d.jsonl.gz": lambda: gz(data[: len(data) // 4]),
        "d.jsonl.zst": lambda: zst(data),
        "d.json": lambda: b"[" + data.strip().replace(b"\n", b",") + b"]",
        "d.csv": lambda: b"text\n" + SECOND.encode() * 6 + (b"\n" + SECOND.encode() * 6) * (count - 1),
        "d.tar": lambda: tar_file({f"d/{number}.txt": SECOND.encode() for number in range(3000)}),
    }
    path = tmp_path / name
    path.write_bytes(made[name]())
    # Repeats shrink beyond all measure; real text does not.
    options = IngestOptions(max_bytes=20_000_000)
    next(items(discover([path]), options))
    tracemalloc.start()
    try:
        found = sum(isinstance(item, Item) for item in items(discover([path]), options))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found >= count // 4 or name == "d.tar"
    assert peak < 2_500_000


def test_ids_are_kept_on_disk() -> None:
    names = Names()
    tracemalloc.start()
    try:
        assert all(names.take(f"article-{number}") for number in range(50_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not names.take("article-7")
    assert peak < 200_000


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


def test_no_optional_library_is_loaded_before_it_is_needed() -> None:
    libraries = {"pypdfium2", "feedparser", "warcio", "pyarrow", "zstandard", "fsspec", "trafilatura", "lxml"}
    code = f"import sys, pipeline.ingest; print(sorted({libraries} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
