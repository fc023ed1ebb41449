"""The kind of text that each article is: launch, results, market, …"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.evaluate.gold import GoldArticle

UNKNOWN = "unknown"
_KIND = re.compile(r"^kind:[ \t]*[\"']?([\w -]+)", re.MULTILINE)
_FENCE = "---\n"


def text_kinds(gold: Mapping[str, GoldArticle], gold_dir: Path) -> dict[str, str]:
    """The kind of each article: what its gold says, else the front matter of articles/ID.md beside the folder of
    gold, else UNKNOWN. Raises OSError where an article is there and cannot be read."""
    folder = gold_dir.resolve().parent / "articles"
    return {key: article.kind or _of_file(folder / f"{key}.md") or UNKNOWN for key, article in gold.items()}


def _of_file(path: Path) -> str | None:
    if not path.is_file():
        return None
    before, _, rest = path.read_text(encoding="utf-8").partition(_FENCE)
    match = None if before.strip() else _KIND.search(rest.partition(_FENCE)[0])
    return match.group(1).strip() if match else None
