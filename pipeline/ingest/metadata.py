"""Front matter and sidecars: what stands beside the text and about it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pipeline.ingest.options import IngestError, Metadata

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.{0,16384}?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_PAIR = re.compile(r"(\w+)[ \t]*:(?:[ \t]+(.*))?")
_SURROGATE = re.compile("[\ud800-\udfff]")
SIDECAR_LIMIT = 1_000_000


def split_front_matter(text: str) -> tuple[Metadata | None, str]:
    """The YAML front matter of `text` and the body behind it; (None, `text`) where there is none.

    Titles with a bare colon are no YAML but common: then the lines are read as plain `key: value` pairs.
    Anything else between two rules is text.
    """
    match = _FRONT_MATTER.match(text)
    data = (_yaml(match.group(1) or "") or _pairs(match.group(1) or "")) if match else None
    return (_metadata(data), text[match.end() :]) if match and data else (None, text)


def parse_sidecar(data: bytes) -> Metadata:
    """The metadata in the content of a `NAME.json` beside an article.

    Raises IngestError with `metadata` where it is no JSON object.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise IngestError("metadata", f"the sidecar cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise IngestError("metadata", "the sidecar is no JSON object")
    return _metadata(found)


def _yaml(source: str) -> Mapping[object, object] | None:
    import yaml

    try:
        # The base loader, here the fast one, leaves "2024-10" and "no" the strings they are.
        data = yaml.load(source, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _pairs(source: str) -> Mapping[object, object] | None:
    matches = [_PAIR.fullmatch(line.strip()) for line in source.splitlines() if line.strip()]
    pairs = [(match.group(1), match.group(2) or "") for match in matches if match]
    return dict(pairs) if len(pairs) == len(matches) else None


def _metadata(data: Mapping[object, object]) -> Metadata:
    def text(*keys: str) -> str | None:
        values = (str(data[key]).strip() for key in keys if isinstance(data.get(key), str | int))
        return next((_SURROGATE.sub("\ufffd", " ".join(value.split())) for value in values if value), None)

    return Metadata(
        id=text("id"),
        title=text("title"),
        published=text("published", "date"),
        lang=text("lang"),
        url=text("url"),
    )
