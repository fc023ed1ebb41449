"""The languages that have a pack, and the cases of their tables: `tables/KIND_LANG.toml`, read where it is there."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.language import Pack, load_pack

CODES = sorted(p.stem for p in (Path(pipeline.__file__).parent / "languages").glob("*.toml"))
TABLES = Path(__file__).parent / "tables"


@lru_cache(maxsize=1)
def packs() -> list[Pack]:
    """The packs of all languages, by code."""
    return [load_pack(code) for code in CODES]


def cases(kind: str, lang: str) -> list[Any]:
    """The cases of the table of `kind` ("dates", "facts") for `lang`; empty where there is none."""
    table = _table(kind, lang)
    return list(table.get("case") or table.get("cases") or ())


def framed(kind: str, lang: str, text: str) -> str:
    """`text` in the sentence of its language that the table of `kind` gives as `around`."""
    sentence: str = _table(kind, lang)["around"]
    return sentence.replace("{}", text)


@lru_cache(maxsize=64)
def _table(kind: str, lang: str) -> dict[str, Any]:
    path = TABLES / f"{kind}_{lang}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def params(kind: str, name: Callable[[Any], str]) -> list[Any]:
    """One parameter set (language, case) for each case of each language; `name` gives the case its id.

    A case with `xfail` must fail until what it tells of is mended.
    """
    found = []
    for lang in CODES:
        for case in cases(kind, lang):
            why = case.get("xfail") if isinstance(case, dict) else None
            marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
            found.append(pytest.param(lang, case, marks=marks, id=f"{lang}-{name(case)[:50]}".replace(" ", "-")))
    return found
