"""Models named in pieces: a brand before a model, trims behind it or alone, models not in the gazetteer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.detect.name_context import Cover, NameContext, is_roman, occurrences
from pipeline.language.entity_words import UPPER
from pipeline.schema import EntityMention, Kind

_MAKERS = frozenset({Kind.BRAND, Kind.COMPANY})
_WORD = re.compile(r"[ ]([\w+-]+(?:\.\w+)?)")
_POWER = re.compile(r"[ ](\d{2,3})(?![\w%€]|[.,]\d|[ ]\d)")
_DESIGNATION = re.compile(
    rf"[ ]((?:[{UPPER}][\w-]+[ ])?(?=[\w-]*\d)(?=[\w-]*[^\W\d_])[\w-]+"
    rf"|[a-z]-?[{UPPER}][\w-]+"
    rf"|[{UPPER}][^\W\d_]+[ ]\d{{1,3}}(?![\w.,]\w|[ ]\d))(?!\w)"
)
_NAME = re.compile(rf"[ ]([{UPPER}][^\W\d_]+(?:-[^\W_]+)*)(?![\w])")
_SERIES = re.compile(rf"((?:[ ][{UPPER}][^\W\d_]+)+)[ ]\d{{2}}(?![\w%€]|[.,]\d|[ ]\d)")
_VERSION = re.compile(r"[ ](\d{2,3}x?)(?![\w%€]|[.,]\d|[ ][\d%€])")
_NEW_DESIGNATION = re.compile(r"([A-Z]{2,3}[.-]?)\d{1,2}[a-zA-Z]?(?![\w-]|[.,]\d|[ ]\d)")
_TRIM = re.compile(rf"[{UPPER}][^\W\d_][\w+-]*(?:[ ][{UPPER}][\w+-]*)?(?![\w'])")
_GLUE = frozenset(".-")
_PERIOD = re.compile(r"[TQSH][1-4]\Z|[A-Z]{0,2}\d{4}\Z")
_GLUED = re.compile(r"\d+(?:[a-z].*|kW.*|[GMT]Wh?|Nm|V|M)\Z")
_JOINT = re.compile(rf"(,|[ ]\w+)[ ]([{UPPER}\d][\w]{{0,3}})(?!\w|[.,]\d)")
_CAPPED = re.compile(rf"(?:[ ][{UPPER}][\w-]*[^\W\d_](?![\w-]))+")
_DIVISION = re.compile(rf"[ ](?:([^\W\d_]+)[ ])?([{UPPER}][\w-]*)(?![\w-])")
_ENGINE = re.compile(r"[ ]\d\.\d(?=[ ])")
_MOST = 4
_FAR = 700
_SHORTEST = 2
_ACRONYM = 3


def join_models(ctx: NameContext, known: list[EntityMention]) -> list[EntityMention]:
    """`known` with brands and trims joined to their models, and with models outside the gazetteer."""
    found: list[EntityMention] = []
    for mention in known:
        last = found[-1] if found else None
        if last is not None and _belongs(ctx, last, mention):
            start, end = last.span.start, mention.span.end
            found[-1] = replace(mention, span=ctx.doc.span(start, end))
        else:
            found.append(mention)
    found = _with_joint(ctx, _with_divisions(ctx, found))
    cover = ctx.cover(found)
    joined: list[EntityMention] = []
    for mention in found:
        if joined and mention.span.start < joined[-1].span.end:
            continue  # the town in "A110 San Remo 73"
        if mention.kind is Kind.MODEL:
            joined.append(_with_trim(ctx, mention, cover))
        elif mention.kind in _MAKERS and "maker" in mention.classes:
            joined.append(_unknown_model(ctx, mention, joined, cover))
        else:
            joined.append(mention)
    joined = _learned(ctx, joined, cover)
    joined.extend(_designated(ctx, joined, cover))
    joined.sort(key=lambda m: m.span.start)
    joined.extend([*_bare_trims(ctx, joined, cover), *_bare_numbers(ctx, joined, cover)])
    return sorted(joined, key=lambda m: m.span.start)


def _with_divisions(ctx: NameContext, known: list[EntityMention]) -> list[EntityMention]:
    """`known` with the words of divisions and legal forms behind a maker: "Kia France", "Ford du Canada"."""
    found: list[EntityMention] = []
    reach = 0
    for mention in known:
        if mention.span.start < reach:
            continue  # the country in "Kia France"
        found.append(mention)
        match = _DIVISION.match(ctx.doc.plain, mention.span.end)
        if match is None or mention.kind not in _MAKERS:
            continue
        link, word = match.group(1), match.group(2).lower()
        if word in ctx.words.legal_forms and not link:
            found[-1] = replace(mention, span=ctx.doc.span(mention.span.start, match.end()))
        elif word in ctx.words.divisions and (not link or _is_of(ctx, mention, link)):
            span = ctx.doc.span(mention.span.start, match.end())
            written = ctx.doc.plain[span.start : mention.span.end]
            acronym = written.isupper() and len(written) >= _ACRONYM
            head = written if acronym or " " in written or written.startswith(mention.name) else mention.name
            name = f"{head}{match.group()}"
            found[-1] = EntityMention(span, name, Kind.COMPANY, mention.name, mention.country, known=False)
        reach = found[-1].span.end
    return found


def _is_of(ctx: NameContext, maker: EntityMention, link: str) -> bool:
    """True for a link between a maker and its country that stands in names, where no cars are meant."""
    return link in ctx.words.division_links and ctx.previous(maker.span.start) not in ctx.words.plural_determiners


def _with_joint(ctx: NameContext, known: list[EntityMention]) -> list[EntityMention]:
    """`known` with the models that share a word with the one before them: "Model S et X"."""
    cover = ctx.cover(known)
    found = []
    for mention in known:
        found.append(mention)
        head, _, _ = mention.span.text.rpartition(" ")
        at = mention.span.end
        while mention.kind is Kind.MODEL and head:
            match = _JOINT.match(ctx.doc.plain, at)
            if not match or not cover.free(*match.span(2)):
                break
            form = ctx.gazetteer.forms.get(f"{head} {match.group(2)}")
            joins = match.group(1) == "," or match.group(1).strip() in ctx.words.conjunctions
            if not joins or form is None or ctx.following(match.end()) in ctx.words.counted:
                break
            at = match.end()
            found.append(ctx.mention(*match.span(2), form.strong or form.weak[0]))
    return found


def _belongs(ctx: NameContext, brand: EntityMention, model: EntityMention) -> bool:
    return (
        model.kind is Kind.MODEL
        and brand.name == model.parent
        and model.span.start - brand.span.end == 1
        and ctx.doc.plain[brand.span.end] in " -"
    )


def _trim(ctx: NameContext, at: int, cover: Cover) -> int:
    """The end of the trim words that follow `at`; `at` where there are none."""
    end = at
    while True:
        ends = []
        stop = end
        for _ in range(_MOST):
            word = _WORD.match(ctx.doc.plain, stop)
            if word is None or not cover.free(word.start(1), word.end()):
                break
            if stop == end and not _may_trim(ctx, word.group(1)):
                break
            stop = word.end()
            ends.append(stop)
        phrase = next((e for e in reversed(ends) if _is_trim(ctx, ctx.doc.plain[end + 1 : e])), None)
        if phrase is None:
            return end
        end = _power(ctx, phrase)


def _power(ctx: NameContext, at: int) -> int:
    """The end of the power that follows an engine's name ("BlueHDi 130"); `at` where there is none."""
    power = _POWER.match(ctx.doc.plain, at)
    return power.end() if power and ctx.following(power.end()) not in ctx.words.counted else at


def _may_trim(ctx: NameContext, word: str) -> bool:
    return word in ctx.gazetteer.trim_heads or word in ctx.words.trim_heads


def _is_trim(ctx: NameContext, phrase: str) -> bool:
    return phrase in ctx.gazetteer.versions or phrase in ctx.words.versions


def _with_trim(ctx: NameContext, model: EntityMention, cover: Cover) -> EntityMention:
    end = _series(ctx, model.span.end) or _version_number(ctx, model, cover)
    end = _trim(ctx, end or model.span.end, cover)
    engine = _ENGINE.match(ctx.doc.plain, end)
    if engine:
        with_engine = _trim(ctx, engine.end(), cover)
        end = with_engine if with_engine > engine.end() else end
    capped = _CAPPED.match(ctx.doc.plain, end)
    if capped and cover.free(*capped.span()) and not _ordinary(ctx, capped.group()):
        end = _trim(ctx, _power(ctx, capped.end()), cover)
    if end == model.span.end:
        return model
    cover.take(model.span.end, end)
    return _trimmed(ctx, model, model.span.start, model.span.end + 1, end)


def _series(ctx: NameContext, at: int) -> int:
    """The end of a series named by words and a number ("San Remo 73") behind a model, 0 without one."""
    match = _SERIES.match(ctx.doc.plain, at)
    if match is None or ctx.following(match.end()) in ctx.words.counted or _ordinary(ctx, match.group(1)):
        return 0
    return match.end()


def _version_number(ctx: NameContext, model: EntityMention, cover: Cover) -> int:
    """The end of the number of a version ("Elroq 85") behind a model named by a word, 0 without one."""
    if not model.name[-1].isalpha():
        return 0
    match = _VERSION.match(ctx.doc.plain, model.span.end)
    if match is None or not cover.free(*match.span(1)) or ctx.following(match.end()) in ctx.words.counted:
        return 0
    return match.end()


def _ordinary(ctx: NameContext, words: str) -> bool:
    """True where a word is no name, or counts generations ("Espace VI")."""
    ordinary, demonyms = ctx.words.is_ordinary, ctx.gazetteer.demonyms(ctx.doc.article.lang)
    return any(ordinary(w.lower()) or w.lower() in demonyms or is_roman(w) for w in words.split())


def _trimmed(ctx: NameContext, model: EntityMention, start: int, trim: int, end: int) -> EntityMention:
    name = f"{model.name} {ctx.doc.plain[trim:end]}"
    entry = ctx.gazetteer.lookup(name)
    return replace(model, span=ctx.doc.span(start, end), name=entry.name if entry else name)


def _unknown_model(
    ctx: NameContext, maker: EntityMention, before: list[EntityMention], cover: Cover
) -> EntityMention:
    """The model that a designation behind the brand names, or `maker` itself."""
    end = maker.span.end
    trim = _trim(ctx, end, cover)
    if trim > end:
        base = next((m for m in reversed(before) if m.kind is Kind.MODEL and m.parent == maker.name), None)
        if base is not None:
            cover.take(end, trim)
            return _trimmed(ctx, base, maker.span.start, end + 1, trim)
    stop = _designation(ctx, maker, cover)
    if stop == end:
        return maker
    cover.take(end, stop)
    stop = _trim(ctx, stop, cover)
    name = f"{maker.name} {ctx.doc.plain[end + 1 : stop]}"
    span = ctx.doc.span(maker.span.start, stop)
    return EntityMention(span, name, Kind.MODEL, maker.name, maker.country, known=False)


def _designation(ctx: NameContext, maker: EntityMention, cover: Cover) -> int:
    """The end of the model's designation behind `maker`; its own end where there is none."""
    plain, end = ctx.doc.plain, maker.span.end
    match = _DESIGNATION.match(plain, end)
    counted = match is not None and ctx.following(match.end()) in ctx.words.counted
    if match and not counted and cover.free(match.start(1), match.end()):
        last = match.group(1).rsplit(" ", 1)[-1]
        if not (_PERIOD.match(last) or _GLUED.match(last)):
            return match.end()
    match = _NAME.match(plain, end)
    if match and cover.free(match.start(1), match.end()) and _determined(ctx, maker.span.start):
        word = match.group(1).lower()
        if word not in ctx.words.divisions and word not in ctx.gazetteer.demonyms(ctx.doc.article.lang):
            return match.end()
    return end


def _learned(ctx: NameContext, joined: list[EntityMention], cover: Cover) -> list[EntityMention]:
    """`joined` with the further places of models outside the gazetteer: "Fiat Tris" of a heading, "la Tris"."""
    new = {m.name: m for m in joined if m.kind is Kind.MODEL and m.parent and not m.known}
    if not new:
        return joined
    found = []
    for mention in joined:
        word = _NAME.match(ctx.doc.plain, mention.span.end) if mention.kind in _MAKERS else None
        model = new.get(f"{mention.name} {word.group(1)}") if word else None
        if word and model and cover.free(word.start(1), word.end()):
            cover.take(word.start(1), word.end())
            found.append(replace(model, span=ctx.doc.span(mention.span.start, word.end())))
        else:
            found.append(mention)
    for model in new.values():
        found.extend(repeats(ctx, model, model.name.removeprefix(f"{model.parent} "), cover))
    return sorted(found, key=lambda m: m.span.start)


def repeats(ctx: NameContext, model: EntityMention, bare: str, cover: Cover) -> Iterable[EntityMention]:
    """The places where a determiner stands before the `bare` name of a model outside the gazetteer."""
    if len(bare) < _SHORTEST or bare.isdecimal():
        return
    for start, end in occurrences(ctx.doc.plain, bare):
        if cover.free(start, end) and _determined(ctx, start) and ctx.following(end) not in ctx.words.counted:
            cover.take(start, end)
            yield replace(model, span=ctx.doc.span(start, end))


def _determined(ctx: NameContext, start: int) -> bool:
    """True where a determiner of one thing stands before a brand: "la nouvelle Fiat Tris"."""
    before = ctx.previous(start)
    if before in ctx.words.adjectives:
        return _determined(ctx, ctx.previous_start(start))
    return before in ctx.words.determiners and before not in ctx.words.plural_determiners


def _bare_trims(ctx: NameContext, joined: list[EntityMention], cover: Cover) -> Iterable[EntityMention]:
    """Trims that stand for the model named last: "la version Grande Autonomie", "la Performance"."""
    if not any(m.kind is Kind.MODEL for m in joined):
        return
    for start, end in ctx.capitals:
        if not cover.free(start, end) or ctx.opens(start) or ctx.is_noun(start, end):
            continue
        before = ctx.previous(start)
        if not _may_trim(ctx, ctx.doc.plain[start:end]):
            base = _base(ctx, joined, start) if before in ctx.words.trim_nouns else None
            stop = _new_trim(ctx, start) if base is not None else start
            if base is not None and stop > start and cover.free(start, stop):
                cover.take(start, stop)
                yield _resolve_trim(ctx, base, joined, start, stop)
            continue
        if before in ctx.words.adjectives:
            before = ctx.previous(ctx.previous_start(start))
        announced = before in ctx.words.version_nouns
        if not announced and (before not in ctx.words.determiners or before in ctx.words.plural_determiners):
            continue
        stop = _trim(ctx, start - 1, cover)
        if stop < end or (not announced and ctx.doc.lower[start:stop] in ctx.words.cue_kinds):
            continue  # "la Société nationale des véhicules" is no trim
        base = _base(ctx, joined, start)
        if base is None:
            continue
        cover.take(start, stop)
        yield _resolve_trim(ctx, base, joined, start, stop)


def _new_trim(ctx: NameContext, start: int) -> int:
    """The end of a trim's name outside the gazetteer that starts at `start` ("la version Unico"), else `start`."""
    match = _TRIM.match(ctx.doc.plain, start)
    if match is None or _ordinary(ctx, match.group()) or ctx.following(match.end()) in ctx.words.counted:
        return start
    return match.end()


def _base(ctx: NameContext, joined: list[EntityMention], at: int) -> EntityMention | None:
    """The model that a trim at `at` belongs to: the title's, unless another one is named in its sentence."""
    models = [m for m in joined if m.kind is Kind.MODEL and m.span.end <= at]
    if not models:
        return None
    last = models[-1]
    opening = ctx.doc.sentences[0]
    titled = {_stem(ctx, m.name): m for m in models if opening.heading and m.span.end <= opening.end}
    if len(titled) == 1 and last.span.start < ctx.sentence(at).start:
        return next(iter(titled.values()))
    return last if at - last.span.end <= _FAR else None


def _bare_numbers(ctx: NameContext, joined: list[EntityMention], cover: Cover) -> Iterable[EntityMention]:
    """Numbers of versions that stand for a version named before: "la 85" after "l'Elroq 85"."""
    named: dict[str, EntityMention] = {}
    for model in joined:
        number = model.name.rpartition(" ")[2]
        if model.kind is Kind.MODEL and number[0].isdecimal() and _stem(ctx, model.name) != model.name:
            named.setdefault(number, model)
    for number, model in named.items():
        for start, end in occurrences(ctx.doc.plain, number):
            alone = cover.free(start, end) and _determined(ctx, start) and start > model.span.end
            if alone and ctx.following(end) not in ctx.words.counted:
                cover.take(start, end)
                yield replace(model, span=ctx.doc.span(start, end))


def _designated(ctx: NameContext, joined: list[EntityMention], cover: Cover) -> Iterable[EntityMention]:
    """Models outside the gazetteer named as their brand names others: "l'EX60" where Volvo is named."""
    plain = ctx.doc.plain
    for start, _ in ctx.capitals:
        match = _NEW_DESIGNATION.match(plain, start) if plain[start + 1 : start + 2].isupper() else None
        makers = ctx.gazetteer.designations.get(match.group(1)) if match else None
        if match is None or makers is None or not cover.free(*match.span()):
            continue
        if ctx.following(match.end()) in ctx.words.counted or plain[start - 1 : start] in _GLUE:
            continue
        named = [m.parent if m.kind is Kind.MODEL else m.name for m in joined if m.span.end <= match.start()]
        brand = next((name for name in reversed(named) if name in makers), None)
        if brand is not None:
            cover.take(*match.span())
            country = ctx.gazetteer.entries[brand].country
            name = f"{brand} {match.group()}"
            yield EntityMention(ctx.doc.span(*match.span()), name, Kind.MODEL, brand, country, known=False)


def _resolve_trim(
    ctx: NameContext, base: EntityMention, joined: list[EntityMention], start: int, end: int
) -> EntityMention:
    trim = " " + ctx.doc.plain[start:end]
    span = ctx.doc.span(start, end)
    same = next((m for m in joined if m.kind is Kind.MODEL and m.name.endswith(trim)), None)
    if same is not None:
        return replace(same, span=span)
    head = " " + ctx.doc.plain[start:end].partition(" ")[0]
    base = next((m for m in joined if m.kind is Kind.MODEL and trim != head and m.name.endswith(head)), base)
    return replace(base, span=span, name=_joined(_stem(ctx, base.name), trim))


def _joined(stem: str, trim: str) -> str:
    """The model's name with a trim that may take up its last word: "Mercedes-AMG GT" and "GT S"."""
    last = stem.rpartition(" ")[2]
    return stem + (trim.removeprefix(" " + last) if trim.startswith(f" {last} ") else trim)


def _stem(ctx: NameContext, name: str) -> str:
    """The model's own name in a name that may carry a trim."""
    parts = name.split(" ")
    heads = (" ".join(parts[:size]) for size in range(len(parts), 1, -1))
    return next((head for head in heads if head in ctx.gazetteer.entries), name)
