"""A folder of a run, written by hand: articles whose text is the sentences of their facts, in a short form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from short_facts import party, period

from pipeline.emit import json_line
from pipeline.emit.records import ArticleRecord, Counts, DateRecord, EntityRecord, QuantityRecord
from pipeline.schema import Fact, Kind, Mod, Qualifier

Form = dict[str, Any]


def figure(text: str | None) -> Form | None:
    """ "about 75000 vehicle", "25000..30000 EUR", "at_least 3 kWh/P1Y" as a quantity."""
    if text is None:
        return None
    *qualifier, number, unit = text.split()
    low, _, high = number.partition("..")
    unit, _, per = unit.partition("@")
    return {
        "value": None if high else low,
        "low": low if high else None,
        "high": high or None,
        "unit": unit,
        "qualifier": qualifier[0] if qualifier else "between" if high else "exact",
        "per": per or None,
    }


def fact(sentence: str, type: str, subject: str, quantity: str | None = None, **slots: Any) -> Form:
    """One fact in short form; `subject` and the like are "kind:name", `period` is a TIMEX3 value."""
    return {"sentence": sentence, "type": type, "subject": subject, "quantity": quantity, **slots}


def article(article_id: str, published: str | None, *facts: Form, text: str | None = None) -> Form:
    """One article, whose text is the sentences of its facts, each on a line of its own."""
    body = text or "\n".join(dict.fromkeys(form["sentence"] for form in facts))
    return {"id": article_id, "published": published, "text": body, "facts": facts}


def write_run(folder: Path, articles: Sequence[Form]) -> list[Fact]:
    """Write facts.jsonl, articles.jsonl and errors.jsonl into `folder`; the facts."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = [made(source, form) for source in articles for form in source["facts"]]
    lines = "".join(f"{json_line(one)}\n" for one in facts)
    (folder / "facts.jsonl").write_text(lines, encoding="utf-8")
    lines = "".join(f"{json_line(record(source))}\n" for source in articles)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    (folder / "errors.jsonl").write_text("", encoding="utf-8")
    return facts


def made(source: Form, form: Form) -> Fact:
    """The fact of a short form, in its article."""
    slots = {name: form.get(name) for name in ("metric", "basis", "modality", "polarity")}
    content: Form = {
        **slots,
        "modality": slots["modality"] or "actual",
        "polarity": slots["polarity"] or "positive",
        "article_id": source["id"],
        "published": source["published"],
        "lang": "fr",
        "type": form["type"],
        "subject": party(form["subject"]),
        "object": party(form.get("object")),
        **{slot: figure(form.get(slot)) for slot in ("quantity", "converted", "previous")},
        "period": _period(form.get("period"), form.get("mod")),
        "place": _place(form.get("place")),
        "source": {"name": form["source"]} if form.get("source") else None,
        "evidence": [_span(source["text"], form["sentence"])],
        "confidence": form.get("confidence", 0.9),
        "extractor": "autofacts test",
    }
    for slot, words in form.get("spans", {}).items():
        content[slot]["span"] = _span(source["text"], words)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return Fact.model_validate_json(json.dumps({"id": f"f:{digest[:16]}", **content}))


def record(source: Form) -> ArticleRecord:
    """The line of articles.jsonl for an article; one date, quantity and name where the text has "2024-10", "20 000"."""
    text = source["text"]
    return ArticleRecord(
        id=source["id"],
        path=f"{source['id']}.txt",
        lang="fr",
        published=source["published"],
        published_origin="head" if source["published"] else None,
        title=source.get("title"),
        text=text,
        dates=tuple(
            DateRecord(start=s["start"], end=s["end"], text=s["text"], value="2024", mod=Mod.END, first=None, last=None)
            for s in _spans(text, "fin 2024")
        ),
        quantities=tuple(
            QuantityRecord(**s, value=20000, low=None, high=None, unit="vehicle", qualifier=Qualifier.EXACT, per=None)
            for s in _spans(text, "20 000")
        ),
        entities=tuple(EntityRecord(**s, name="Renault", kind=Kind.BRAND) for s in _spans(text, "Renault")),
        counts=Counts(characters=len(text), dates=0, quantities=0, entities=0, facts=0, rejections=0),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _period(value: str | None, mod: str | None) -> Form | None:
    found = period(value)
    return found | {"mod": mod} if found else None


def _place(text: str | None) -> Form | None:
    if text is None:
        return None
    name, _, country = text.partition(":")
    return {"name": name, "country": country or None}


def _span(text: str, part: str) -> Form:
    start = text.index(part)
    return {"start": start, "end": start + len(part), "text": part}


def _spans(text: str, part: str) -> list[Form]:
    return [_span(text, part)] if part in text else []
