"""One name for one party in an article: the fullest that the article writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.detect.name_context import NameContext
from pipeline.schema import EntityMention, Kind

_SPELLED = 3  # words of a name that is written out rather than explained
_PARTIES = frozenset({Kind.COMPANY, Kind.BRAND, Kind.AUTHORITY})


def as_written(ctx: NameContext, mentions: list[EntityMention]) -> list[EntityMention]:
    """`mentions` with the names of organisations as their article writes them.

    "Volvo Cars" is the party's name in an article that writes it so at least once, "Great Wall" in one that never
    writes "Great Wall Motor", "Force ouvrière" in one that never writes "FO". Nicknames and other short forms
    ("Mercedes") keep the gazetteer's name.
    """
    renamed: dict[str, str] = {}
    for name, forms in _written(ctx, mentions).items():
        full = _fullest(ctx, name, forms)
        if full != name:
            renamed[name] = full
    return [_renamed(m, renamed) for m in mentions] if renamed else mentions


def _written(ctx: NameContext, mentions: Iterable[EntityMention]) -> dict[str, set[str]]:
    """The forms of each organisation in the gazetteer, those before its models among them."""
    forms: dict[str, set[str]] = {}
    for mention in mentions:
        start, end = mention.span.start, mention.span.end
        if mention.known and mention.kind in _PARTIES:
            forms.setdefault(mention.name, set()).add(ctx.doc.plain[start:end])
        elif mention.kind is Kind.MODEL and mention.parent:
            head, blank, _ = ctx.doc.plain[start:end].partition(" ")
            entry = ctx.gazetteer.lookup(head) if blank else None
            if entry is not None and entry.name == mention.parent:
                forms.setdefault(entry.name, set()).add(head)
    return forms


def _fullest(ctx: NameContext, name: str, forms: set[str]) -> str:
    long = [form for form in forms if form.startswith(name + " ") and _names_more(ctx, form[len(name) :])]
    if long:
        return max(long, key=lambda form: (len(form), form))
    if name in forms:
        return name
    strong = [form for form in forms if _strong(ctx, form, name)]
    heads = [form for form in strong if name.lower().startswith(form.lower() + " ")]
    spelled = [form for form in strong if name.isupper() and _spells(form, name)]
    return max(spelled or heads, key=lambda form: (len(form), form), default=name)


def _names_more(ctx: NameContext, rest: str) -> bool:
    """True where the words behind a name say more than its legal form or its marques ("PSA Peugeot Citroën")."""
    words = rest.replace("-", " ").split()
    return all(word[0].isupper() for word in words) and not all(
        word.lower().strip(".") in ctx.words.legal_forms or ctx.gazetteer.lookup(word) for word in words
    )


def _spells(form: str, name: str) -> bool:
    """True where `form` writes the acronym `name` out."""
    return 1 < len(form.split()) <= _SPELLED and not form.startswith(name + " ")


def _strong(ctx: NameContext, form: str, name: str) -> bool:
    entry = ctx.gazetteer.lookup(form)
    return entry is not None and entry.name == name


def _renamed(mention: EntityMention, names: dict[str, str]) -> EntityMention:
    if mention.kind in _PARTIES and mention.name in names:
        return replace(mention, name=names[mention.name])
    parent = mention.parent
    if parent not in names:
        return mention
    written = names[parent]
    shorter = mention.kind is Kind.MODEL and mention.name.startswith(parent + " ") and written in parent
    name = written + mention.name[len(parent) :] if shorter else mention.name
    return replace(mention, name=name, parent=written)
