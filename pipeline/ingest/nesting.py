"""How deep things lie in each other, looked at before a parser is asked: parsers give up in silence, or not at all."""

from __future__ import annotations

import re

from pipeline.ingest.options import IngestError

# What is never closed is taken to go on to the end, so that nothing is looked at twice.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<silent>script|style)\b.*?(?:</(?P=silent)|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][\w:-]*)[^<>]*+(?P<end>>?)",
    re.DOTALL | re.IGNORECASE,
)
_JSON = re.compile(rb'"(?:[^"\\]|\\.?)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# Elements that the next of their kind closes.
_CLOSED_BY_NEXT = frozenset({"li", "p", "dt", "dd", "tr", "td", "th", "option", "tbody", "thead", "tfoot"})


def check_markup(source: str, limit: int) -> None:
    """Raises IngestError with `too_deep` where elements of the HTML or XML `source` lie more than `limit` deep."""
    stack: list[str] = []
    for match in _TAG.finditer(source):
        name = (match["name"] or "").lower()
        if not name or name in _VOID or source[match.end() - 2 : match.end()] == "/>":
            continue
        if match["close"]:
            _close(stack, name)
            continue
        if name in _CLOSED_BY_NEXT:
            _close_before(stack, name)
        stack.append(name)
        if len(stack) > limit:
            raise IngestError("too_deep", f"its elements lie more than {limit} deep in each other")


def check_json(source: bytes, limit: int) -> None:
    """Raises IngestError with `too_deep` where arrays and objects of the JSON `source` lie more than `limit` deep."""
    if source.count(b"[") + source.count(b"{") <= limit:
        return
    depth = 0
    for match in _JSON.finditer(source):
        sign = match.group()
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > limit:
            raise IngestError("too_deep", f"its arrays and objects lie more than {limit} deep in each other")


def _close(stack: list[str], name: str) -> None:
    """Close the last `name`, and all that was opened in it; where there is none nothing happens."""
    for at in range(len(stack) - 1, -1, -1):
        if stack[at] == name:
            del stack[at:]
            return


def _close_before(stack: list[str], name: str) -> None:
    """Close what the beginning of another `name` ends."""
    for at in range(len(stack) - 1, -1, -1):
        if stack[at] not in _CLOSED_BY_NEXT:
            return
        if stack[at] == name:
            del stack[at:]
            return
