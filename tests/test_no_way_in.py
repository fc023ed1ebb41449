"""No input gets at anything: not at the network, not at other files, not at the terminal, not at what is run."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from small_run import article, fact, write_run
from stand_in import SENTENCE
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.ingest import PassedOver, discover, read_articles
from pipeline.schema import Article
from pipeline.tables.export import Format, export
from pipeline.tables.query import QueryError, query

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "pipeline").rglob("*.py"))

# ---- what the code does not do

FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve", "joblib", "cloudpickle"}
FORBIDDEN_CALLS = {
    ("os", "system"),
    ("os", "popen"),
    ("yaml", "full_load"),
    ("yaml", "unsafe_load"),
    ("yaml", "load_all"),
    ("torch", "load"),
    ("urllib.request", "urlopen"),
}
SAFE_LOADER = re.compile(r"BaseLoader|SafeLoader|^_Loader$")  # the last is of pipeline/corpus/files.py


def offences(source: str) -> Iterator[str]:
    """What in Python `source` could run what it reads."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.partition(".")[0] in FORBIDDEN_MODULES)
        elif isinstance(node, ast.ImportFrom):
            yield from [node.module or ""] if (node.module or "").partition(".")[0] in FORBIDDEN_MODULES else []
        elif isinstance(node, ast.Call):
            yield from _call(node)


def _call(node: ast.Call) -> Iterator[str]:
    name = ast.unparse(node.func)
    words = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if name in FORBIDDEN_NAMES or tuple(name.rsplit(".", 1)) in FORBIDDEN_CALLS:
        yield name
    if words.get("shell", "False") != "False":
        yield f"{name}(shell=…)"
    if name == "yaml.load" and not SAFE_LOADER.search(words.get("Loader", "")):
        yield "yaml.load without a safe loader"
    if words.get("trust_remote_code", "False") != "False" or words.get("allow_pickle", "False") != "False":
        yield f"{name} that trusts what it loads"


@pytest.mark.parametrize(
    "source",
    [
        "eval(x)",
        "import pickle",
        "from pickle import loads",
        "yaml.load(x)",
        "yaml.load(x, Loader=yaml.Loader)",
        "yaml.unsafe_load(x)",
        "subprocess.run(x, shell=True)",
        "os.system(x)",
        "np.load(x, allow_pickle=True)",
    ],
)
def test_what_is_looked_for_is_found(source: str) -> None:
    assert list(offences(source))


def test_no_code_runs_what_it_reads() -> None:
    found = {path.relative_to(ROOT).as_posix(): list(offences(path.read_text(encoding="utf-8"))) for path in SOURCES}
    assert {name: what for name, what in found.items() if what} == {}
    tree = ast.parse((ROOT / "pipeline" / "corpus" / "files.py").read_text(encoding="utf-8"))
    loader = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert (loader.name, [ast.unparse(base) for base in loader.bases]) == ("_Loader", ["yaml.BaseLoader"])


# ---- the network

_NO_NETWORK = """
import os, socket

def _refused(*args, **kwargs):
    with open(os.environ["NETWORK_LOG"], "a") as log:
        print(os.getpid(), args[1:], file=log)
    raise OSError("no network here")

for _name in ("connect", "connect_ex", "sendto", "listen"):
    setattr(socket.socket, _name, _refused)
socket.getaddrinfo = socket.create_connection = _refused
"""


def test_a_whole_run_asks_nothing_of_the_network(tmp_path: Path) -> None:
    """In all its processes: the program, the template of its workers, and the workers."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_NO_NETWORK, encoding="utf-8")
    (tmp_path / "in").mkdir()
    head = "<head><link rel=stylesheet href='http://x.test/a.css'></head>"
    page = f"<html>{head}<body><p>{SENTENCE * 5}</p></body></html>"
    (tmp_path / "in" / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text(f" date 2024-10 {SENTENCE}", encoding="utf-8")
    item = f"<item><link>http://x.test/</link><description>{SENTENCE}</description></item>"
    feed = f"<rss version='2.0'><channel>{item}</channel></rss>"
    doctype = '<!DOCTYPE rss SYSTEM "http://x.test/rss.dtd">'
    (tmp_path / "in" / "c.rss").write_text(doctype + feed, encoding="utf-8")
    log = tmp_path / "log"
    paths = os.pathsep.join([str(tmp_path / "site"), *filter(None, sys.path)])
    environment = os.environ | {"PYTHONPATH": paths, "NETWORK_LOG": str(log)}
    main = [sys.executable, "-c", "from pipeline.cli import main; main()"]
    out = str(tmp_path / "out")
    extract = ["extract", str(tmp_path / "in"), "--output", out, "--workers", "1"]
    for command in (extract, ["report", out, "--html", f"{out}/r.html"]):
        subprocess.run([*main, *command], env=environment, check=True, capture_output=True, timeout=120)
    assert len((tmp_path / "out" / "articles.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert not log.exists(), log.read_text(encoding="utf-8")
    probe = "import socket; socket.create_connection(('127.0.0.1', 9))"
    asked = subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, check=False)
    assert asked.returncode == 1
    assert log.exists()


# ---- other files


def test_a_sidecar_that_is_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.json").write_text('{"title": "secret"}', encoding="utf-8")
    (tmp_path / "in" / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "in" / "a.json").symlink_to(tmp_path / "secret.json")
    (found,) = read_articles([tmp_path / "in"])
    assert isinstance(found, Article)
    assert (found.title, "secret" in found.text) == (None, False)


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text(SENTENCE, encoding="utf-8")
    found = list(discover([tmp_path]).walk())
    assert [each.why for each in found if isinstance(each, PassedOver)] == ["no regular file"]
    assert len(list(read_articles([tmp_path]))) == 1


NAMES = ["../../outside.txt", "/tmp/autofacts-outside.txt", "a/../../b.txt", "C:\\outside.txt"]


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, name in enumerate(NAMES):
            archive.writestr(name, f"{SENTENCE} {number}")
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, name in enumerate(NAMES):
            data = f"{SENTENCE} {number}".encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


@pytest.mark.parametrize(("name", "data"), [("a.zip", _zip()), ("a.tar", _tar())])
def test_members_of_archives_are_only_names(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    before = sorted(tmp_path.rglob("*"))
    command = ["extract", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--workers", "0"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    made = {path.relative_to(tmp_path).parts[0] for path in set(tmp_path.rglob("*")) - set(before)}
    assert made == {"out"}
    assert not Path("/tmp/autofacts-outside.txt").exists()
    text = (tmp_path / "out" / "articles.jsonl").read_text(encoding="utf-8")
    assert (len(text.splitlines()), "root:" in text) == (len(NAMES), False)


# ---- the terminal

EVIL = "\x1b[31mred\x1b]0;owned\x07\x9b2J\u202eback"


@pytest.mark.parametrize("verb", ["inputs", "show", "extract"])
def test_names_of_files_do_not_act_on_the_terminal(tmp_path: Path, verb: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / f"{EVIL}.txt").write_bytes(b"")
    target = folder / f"{EVIL}.txt" if verb == "show" else folder
    more = ["--output", str(tmp_path / "out"), "--fail-fast", "--workers", "0"] if verb == "extract" else []
    result = CliRunner().invoke(app, [verb, str(target), *more], env={"COLUMNS": "200"})
    said = result.stdout + result.stderr
    assert "red" in said
    assert not set("\x1b\x07\x9b\u202e") & set(said)


# ---- databases

DROP = "a'); DROP TABLE facts; --"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_run(folder, [article(DROP, "2024-10", fact(f"{DROP} vend 3.", "sales", f"brand:{DROP}", "3 vehicle"))])
    export(folder, [Format.SQLITE, Format.DUCKDB])
    return folder


def test_words_of_articles_are_no_sql(run: Path) -> None:
    asked = "SELECT article_id, subject FROM facts"
    assert list(query(run, asked).rows) == [(DROP, DROP)]
    with closing(sqlite3.connect(run / "facts.sqlite")) as database:
        assert database.execute(asked).fetchall() == [(DROP, DROP)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY facts TO '/tmp/autofacts-outside.csv'",
        "ATTACH '/tmp/autofacts-outside.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "DROP TABLE facts",
        "DELETE FROM facts",
    ],
)
def test_a_question_reads_nothing_else_and_changes_nothing(run: Path, sql: str) -> None:
    with pytest.raises(QueryError):
        query(run, sql)
    assert list(query(run, "SELECT count(*) FROM facts").rows) == [(1,)]
    assert not list(Path("/tmp").glob("autofacts-outside*"))


def test_lines_of_json_stay_lines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{SENTENCE} \u2028 {{}} \x85 {SENTENCE}", encoding="utf-8")
    CliRunner().invoke(app, ["extract", str(tmp_path / "a.txt"), "--output", str(tmp_path / "out"), "--workers", "0"])
    for path in (tmp_path / "out").glob("*.jsonl"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") == len(text.splitlines()) == len([json.loads(line) for line in text.splitlines()])
