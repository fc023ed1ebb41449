"""Front matter and sidecars: what stands beside the text and about it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.ingest.options import IngestError, Metadata

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_PAIR = re.compile(r"^(\w+)[ \t]*:[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_SIDECAR_LIMIT = 1_000_000


def split_front_matter(text: str) -> tuple[Metadata | None, str]:
    """The YAML front matter of `text` and the body behind it; (None, `text`) where there is none.

    Titles with a bare colon are no YAML but common: then the lines are read as plain `key: value` pairs.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return None, text
    source = match.group(1) or ""
    return _metadata(_yaml(source) or dict(_PAIR.findall(source))), text[match.end() :]


def read_sidecar(path: Path) -> Metadata | None:
    """The metadata in `NAME.json` beside the article `path`; None where there is no such file.

    Raises IngestError with `metadata` where it cannot be read or is no JSON object.
    """
    sidecar = path.with_suffix(".json")
    if sidecar == path or not sidecar.is_file():
        return None
    try:
        with sidecar.open("rb") as stream:
            data = json.loads(stream.read(_SIDECAR_LIMIT))
    except (OSError, ValueError, RecursionError) as error:
        raise IngestError("metadata", f"the sidecar {sidecar.name} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise IngestError("metadata", f"the sidecar {sidecar.name} is no JSON object")
    return _metadata(data)


def _yaml(source: str) -> Mapping[object, object] | None:
    import yaml

    try:
        # The base loader leaves "2024-10" and "no" the strings they are.
        data = yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _metadata(data: Mapping[object, object]) -> Metadata:
    def text(*keys: str) -> str | None:
        values = (str(data[key]).strip() for key in keys if isinstance(data.get(key), str | int))
        return next((" ".join(value.split()) for value in values if value), None)

    return Metadata(
        id=text("id"),
        title=text("title"),
        published=text("published", "date"),
        lang=text("lang"),
        url=text("url"),
    )
