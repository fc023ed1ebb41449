"""Templates of a pack's [dates] to regular expressions over codes, by recursive descent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pipeline.language.date_words import FormName

_SYMBOLS = {"COMMA": ",", "DOT": ".", "SLASH": "/", "DASH": "-"}
_PART = re.compile(r"\s*(?:(?:(?P<name>[A-Za-z0-9_]+):)?(?P<role>[A-Z][A-Z0-9_]*)|(?P<syntax>[()|?])|$)")


@dataclass(frozen=True)
class Form:
    """One template: its pattern has a named group for each of `roles`; `name` chooses the reading."""

    name: FormName
    source: str
    roles: Mapping[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first tried: an article needs few of them."""
        return re.compile(self.source)


class Piece(NamedTuple):
    """A pattern over codes, the codes that it can start with, those that match it alone, whether it can match nothing,
    and the most it can."""

    source: str
    first: frozenset[str]
    alone: frozenset[str]
    empty: bool = False
    longest: int = 1


class TemplateCompiler:
    """Templates over roles to regular expressions over codes, by recursive descent."""

    def __init__(self, codes: Mapping[frozenset[str], str], prefix: str, macros: Mapping[str, str]) -> None:
        self._macros = macros
        self._classes: dict[str, str] = {}
        for roles, code in codes.items():
            for role in roles:
                self._classes[role] = self._classes.get(role, "") + code
        self._prefix = prefix
        self._plain: dict[str, Piece] = {}

    def form(self, name: FormName, template: str) -> tuple[Form, Piece]:
        """The form of `template` behind the prefix (^: without), and its own piece, without groups."""
        roles: dict[str, str] = {}
        whole = template.startswith("^")
        before = "" if whole else self.piece(self._prefix, roles).source
        source = before + self.piece(template.removeprefix("^"), roles).source
        own = self.piece(template.removeprefix("^"), None)
        if own.empty:
            raise ValueError(f"date template {template!r} matches nothing at all")
        return Form(name, source, roles), own

    def piece(self, template: str, roles: dict[str, str] | None) -> Piece:
        """`template` as a pattern; `roles` collects the names of its groups, None leaves groups out."""
        if roles is not None:
            return self._read(template, roles)
        if template not in self._plain:
            self._plain[template] = self._read(template, None)
        return self._plain[template]

    def _read(self, template: str, roles: dict[str, str] | None) -> Piece:
        parts = list(_PART.finditer(template))
        if "".join(p[0] for p in parts) != template:
            raise ValueError(f"cannot read the date template {template!r}")
        piece, at = self._alternatives([p for p in parts if p["role"] or p["syntax"]], 0, roles)
        if at < len([p for p in parts if p["role"] or p["syntax"]]):
            raise ValueError(f"a bracket too many in the date template {template!r}")
        return piece

    def _alternatives(
        self, parts: Sequence[re.Match[str]], at: int, roles: dict[str, str] | None
    ) -> tuple[Piece, int]:
        options: list[Piece] = []
        while True:
            piece, at = self._sequence(parts, at, roles)
            options.append(piece)
            if at >= len(parts) or parts[at]["syntax"] != "|":
                break
            at += 1
        source = "|".join(o.source for o in options)
        first, alone = (frozenset().union(*codes) for codes in zip(*((o.first, o.alone) for o in options), strict=True))
        empty, longest = any(o.empty for o in options), max(o.longest for o in options)
        return Piece(f"(?:{source})", first, alone, empty, longest), at

    def _sequence(
        self, parts: Sequence[re.Match[str]], at: int, roles: dict[str, str] | None
    ) -> tuple[Piece, int]:
        source, first, alone, empty, longest = "", frozenset[str](), frozenset[str](), True, 0
        while at < len(parts) and parts[at]["syntax"] not in ("|", ")"):
            if parts[at]["syntax"] == "(":
                piece, at = self._alternatives(parts, at + 1, roles)
                if at >= len(parts):
                    raise ValueError(f"a bracket is open in the date template {parts[0].string!r}")
            else:
                piece = self._symbol(parts[at], roles)
            at += 1
            if at < len(parts) and parts[at]["syntax"] == "?":
                piece, at = piece._replace(source=f"{piece.source}?", empty=True), at + 1
            source += piece.source
            first |= piece.first if empty else frozenset()
            alone = (alone if piece.empty else frozenset()) | (piece.alone if empty else frozenset())
            empty = empty and piece.empty
            longest += piece.longest
        return Piece(source, first, alone, empty, longest), at

    def _symbol(self, part: re.Match[str], roles: dict[str, str] | None) -> Piece:
        role = part["role"]
        if role in self._macros:
            return self.piece(self._macros[role], roles)
        if role in _SYMBOLS:
            mark = frozenset(_SYMBOLS[role])
            return Piece(re.escape(_SYMBOLS[role]), mark, mark)
        if role not in self._classes:
            raise ValueError(f"date template {part.string!r}: no word plays the role {role}")
        codes = self._classes[role]
        first = frozenset(codes)
        if roles is None:
            return Piece(f"[{codes}]", first, first)
        name, number = (part["name"] or role).lower(), 1
        while (key := name if number == 1 else f"{name}_{number}") in roles:
            number += 1
        roles[key] = role
        return Piece(f"(?P<{key}>[{codes}])", first, first)
