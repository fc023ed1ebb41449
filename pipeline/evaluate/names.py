"""When two names are one: case, accents, legal forms, joint names, a brand left out before a model."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.schema import Kind
from pipeline.text import plain, unaccent

_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")  # "S.A." is "SA", "ID.3" stays two words
_TOKEN = re.compile(r"[\w+]+")
_LIST = re.compile(r"\s*[,;/]\s*")


@dataclass(frozen=True, slots=True)
class Name:
    """A name with the kind of party that it stands for."""

    text: str
    kind: Kind = Kind.OTHER


Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameRules:
    """Comparison of names. `brands` holds the keys of the brands that may be missing before a model."""

    legal_forms: frozenset[str]
    joint: re.Pattern[str]
    brands: frozenset[str] = frozenset()

    def with_brands(self, names: Iterable[str]) -> NameRules:
        """The same rules, knowing these brand and company names as well."""
        tokens = [_tokens(name) for name in names]
        keys = {_key(each) for each in tokens} | {_key(self._bare(each)) for each in tokens}
        return NameRules(self.legal_forms, self.joint, self.brands | keys)

    def agree(self, one: Name | None, other: Name | None) -> bool:
        """Whether the two are the same party or parties, in any order. None agrees with None."""
        if one is None or other is None:
            return one is other
        models = Kind.MODEL in (one.kind, other.kind)
        ours, theirs = self._members(one.text, models), self._members(other.text, models)
        return (
            len(ours) == len(theirs)
            and all(any(self._same(a, b, models) for b in theirs) for a in ours)
            and all(any(self._same(a, b, models) for a in ours) for b in theirs)
        )

    def share(self, some: Iterable[Name | None], others: Iterable[Name | None]) -> bool:
        """Whether any member of any name on one side is one of the other side."""
        pairs = [(a, b) for a in some for b in others if a is not None and b is not None]
        for one, other in pairs:
            models = Kind.MODEL in (one.kind, other.kind)
            theirs = self._members(other.text, models)
            if any(self._same(a, b, models) for a in self._members(one.text, models) for b in theirs):
                return True
        return False

    def key(self, name: Name) -> str:
        """What the spellings of one party have in common, for grouping. Unlike `agree` it knows no brand that is
        left out."""
        members = self._members(name.text, name.kind is Kind.MODEL)
        return "+".join(sorted({_key(tokens) for tokens in members}))

    def _members(self, text: str, models: bool) -> list[Tokens]:
        parts = [_tokens(part) for piece in _LIST.split(text) for part in self.joint.split(piece)]
        named = [part for part in parts if part and not self.legal_forms.issuperset(part)]
        whole = named or [part for part in parts if part] or [(text.strip(),)]
        # "SE" and "Co" are legal forms of a company, but trims of a model.
        return whole if models else [self._bare(part) for part in whole]

    def _bare(self, tokens: Tokens) -> Tokens:
        while len(tokens) > 1 and tokens[-1] in self.legal_forms:
            tokens = tokens[:-1]
        while len(tokens) > 1 and tokens[0] in self.legal_forms:
            tokens = tokens[1:]
        return tokens

    def _same(self, one: Tokens, other: Tokens, models: bool) -> bool:
        if _key(one) == _key(other):
            return True
        return models and (self._brand_before(one, other) or self._brand_before(other, one))

    def _brand_before(self, full: Tokens, short: Tokens) -> bool:
        return any(
            _key(full[cut:]) == _key(short) and _key(full[:cut]) in self.brands for cut in range(1, len(full))
        )


def spelling(name: str) -> str:
    """`name` without case, accents and punctuation: what its spellings have in common."""
    return _key(_tokens(name))


def _tokens(text: str) -> Tokens:
    return tuple(_TOKEN.findall(_INITIALS.sub("", unaccent(plain(text)).casefold())))


def _key(tokens: Tokens) -> str:
    return "".join(tokens)  # "Model3" is "Model 3", "ID3" is "ID.3"


@lru_cache(maxsize=1)
def load_name_rules() -> NameRules:
    """The rules of names.toml, without brands. Raises ValueError where the file is not valid TOML."""
    table = tomllib.loads((files("pipeline.evaluate") / "names.toml").read_text(encoding="utf-8"))
    words = "|".join(re.escape(word) for word in table["conjunctions"])
    return NameRules(frozenset(table["legal_forms"]), re.compile(rf"\s+(?:{words})\s+"))
