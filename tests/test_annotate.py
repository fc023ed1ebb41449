"""Round trips: what goes out to an annotation tool comes back the same, and what was corrected there comes back so."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from short_facts import gold_fact
from small_corpus import ANNOTATION, BODY, put_annotation, put_article

from pipeline.annotate import brat, doccano, label_studio
from pipeline.annotate.exchange import export_to, import_to
from pipeline.annotate.forms import Form, Format, Offsets
from pipeline.annotate.marking import gold_of_run, sheet_of_gold, sheet_of_run
from pipeline.annotate.offsets import CodeUnits
from pipeline.annotate.reading import gold_of_sheet
from pipeline.annotate.sheet import MENTIONS, ROLES, Link, Mark, Sheet, fact_types
from pipeline.annotate.written import annotation_text
from pipeline.corpus import build_article, build_corpus, load_splits
from pipeline.corpus.build import gold_text
from pipeline.emit import ArticleRecord
from pipeline.evaluate.gold import GoldArticle, load_facts, load_lines
from pipeline.schema import Fact

CORPUS = Path(__file__).parents[1] / "corpus"
FORMATS = list(Format)

# ---- the tools


def label_studio_export(path: Path) -> None:
    """What Label Studio makes of tasks whose predictions somebody has submitted unchanged."""
    tasks = json.loads(path.read_text(encoding="utf-8"))
    for number, task in enumerate(tasks, 1):
        result = task.pop("predictions")[0]["result"]
        task |= {"id": number, "annotations": [{"id": number, "result": result, "was_cancelled": False}]}
    path.write_text(json.dumps(tasks), encoding="utf-8")


def doccano_export(path: Path) -> None:
    """What doccano makes of imported lines: new ids for lines, spans and relations."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    for number, line in enumerate(lines, 1):
        line["id"] = number
        for span in line["entities"]:
            span["id"] += 5000
        for relation in line["relations"]:
            relation |= {key: relation[key] + 5000 for key in ("from_id", "to_id")}
        line["Comments"] = []
    path.write_text("".join(json.dumps(line, ensure_ascii=True) + "\n" for line in lines), encoding="utf-8")


def exported(folder: Path, format: Format) -> Path:
    """What is imported, after the tool has had the files in `folder`."""
    match format:
        case Format.LABEL_STUDIO:
            label_studio_export(folder / "tasks.json")
            return folder / "tasks.json"
        case Format.DOCCANO:
            doccano_export(folder / "doccano.jsonl")
            return folder / "doccano.jsonl"
        case Format.BRAT:
            return folder


def through(sheet: Sheet, format: Format, folder: Path, offsets: Offsets = Offsets.UTF16) -> Sheet:
    """`sheet` after it was written, opened in the tool, and read again."""
    match format:
        case Format.LABEL_STUDIO:
            label_studio.write([sheet], folder, offsets=offsets)
            (back,), untouched = label_studio.read(exported(folder, format))
            assert untouched == []
        case Format.BRAT:
            brat.write([sheet], folder)
            (back,) = brat.read(folder)
        case Format.DOCCANO:
            doccano.write([sheet], folder)
            (back,) = doccano.read(exported(folder, format))
    return back


def content(sheet: Sheet) -> dict[str, Any]:
    """All that a sheet says, whatever its marks are called."""
    said = {mark.id: [mark.start, mark.end, mark.label, dict(mark.note), dict(mark.choices)] for mark in sheet.marks}
    links = [[said[link.source], link.role, said[link.target]] for link in sheet.links]
    return {
        "id": sheet.id,
        "text": sheet.text,
        "meta": dict(sheet.meta),
        "marks": sorted(said.values(), key=json.dumps),
        "links": sorted(links, key=json.dumps),
    }


# ---- offsets


@given(st.text())
def test_code_units_are_those_of_utf16(text: str) -> None:
    units = CodeUnits(text)
    for point in range(len(text) + 1):
        unit = len(text[:point].encode("utf-16-le", "surrogatepass")) // 2
        assert units.unit(point) == unit
        assert units.point(unit) == point


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("a🚗b", 2, "inside a character"),
        ("a🚗b", 5, "outside the text, which has 4 code units"),
        ("a🚗b", -1, "outside the text"),
        ("", 1, "outside the text, which has 0 code units"),
    ],
)
def test_code_units_that_are_no_place(text: str, unit: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CodeUnits(text).point(unit)


def test_a_point_outside_the_text() -> None:
    with pytest.raises(ValueError, match="offset 4 lies outside the text, which has 3 characters"):
        CodeUnits("a🚗b").unit(4)


# ---- any sheet, through each tool

TEXTS = st.text(
    st.one_of(
        st.sampled_from("abc é🚗👍🏽\u0301\u00a0\u202f\n\r\t\u2028\x85\"'\\;:"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)
LABELS = [*MENTIONS, *fact_types()[:3]]
NOTES = st.dictionaries(
    st.sampled_from(["at", "name", "why", "é\n\u2028"]), st.one_of(st.integers(), TEXTS), max_size=2
)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    text = draw(TEXTS)
    breaks = set("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    marks: list[Mark] = []
    for number in range(draw(st.integers(0, 6)) if text else 0):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        # brat holds no span that begins or ends with a line break.
        if text[start] in breaks or text[end - 1] in breaks:
            continue
        label = draw(st.sampled_from(LABELS))
        choices = draw(st.sampled_from([{}, {"modality": "planned"}, {"polarity": "negative", "optional": "true"}]))
        marks.append(Mark(f"m{number}", start, end, label, draw(NOTES), {} if label in MENTIONS else choices))
    facts = [mark.id for mark in marks if mark.label not in MENTIONS]
    links = {
        (draw(st.sampled_from(facts)), draw(st.sampled_from(marks)).id, draw(st.sampled_from(list(ROLES))))
        for _ in range(draw(st.integers(0, 3)) if facts else 0)
    }
    made = tuple(Link(*link) for link in sorted(links) if link[0] != link[1] and link[1] not in facts)
    return Sheet("fr.a/1", text, tuple(marks), made, {"id": "fr.a/1", "lang": draw(st.sampled_from(["fr", "é\u2028"]))})


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=60)
@given(sheet=sheets())
def test_a_sheet_comes_back_as_it_was(sheet: Sheet, format: Format, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert content(through(sheet, format, tmp_path_factory.mktemp("tool"))) == content(sheet)


# ---- gold, through each tool

ODD = (
    "L\u2019e\u0301ssor 🚗🚗 de BYD\r\n\r\nBYD a livré 4\u202f200 voitures \U0001f468\u200d\U0001f469\u200d\U0001f467 "
    "en 2024, 4\u202f200 aussi hier.\n\nLa BYD Seal coûte 44\u00a0990\u00a0€… 🎉"
)


def gold(text: str, facts: list[dict[str, Any]], **more: Any) -> GoldArticle:
    """Gold of `text`; each fact with the place of its quote, the `nth` where it stands several times."""
    made = []
    for fact in facts:
        nth = fact.pop("nth", 1)
        start = -1
        for _ in range(nth):
            start = text.index(fact["quote"], start + 1)
        made.append({**gold_fact(fact), "span": {"start": start, "end": start + len(fact["quote"])}})
    head = {"id": "a", "lang": "fr", "published": "2024-10", "sha256": sha256(text.encode()).hexdigest()}
    return GoldArticle.model_validate({**head, "entities": [], "dates": [], **more, "facts": made})


def odd() -> GoldArticle:
    """Emoji, combining marks, odd spaces, CRLF; quotes that overlap, touch, and are the same."""
    deliveries = {"type": "deliveries", "subject": "company:BYD", "value": 4200, "period": "2024"}
    mark = ODD.index("hier")
    return gold(
        ODD,
        [
            {
                **deliveries,
                "quote": "4\u202f200 voitures \U0001f468\u200d\U0001f469\u200d\U0001f467",
                "place": "Belgique",
            },
            {
                **deliveries,
                "quote": "voitures \U0001f468\u200d\U0001f469\u200d\U0001f467 en 2024",
                "modality": "planned",
            },
            {**deliveries, "quote": "4\u202f200", "nth": 2, "optional": True, "basis": ["fleets", "é: [x], 'y'"]},
            {**deliveries, "quote": "4\u202f200", "nth": 2, "low": 4000, "high": 4400, "value": None},
            {**deliveries, "quote": " aussi", "polarity": "negative", "previous": [2100], "source": "L\u2019Écho"},
            {"type": "launch", "quote": "La BYD Seal", "subject": "company:BYD", "object": "model:BYD Seal"},
            {
                "type": "price",
                "quote": "44\u00a0990\u00a0€… 🎉",
                "subject": "model:BYD Seal",
                "value": 44990.5,
                "unit": "EUR",
            },
            {"type": "launch", "quote": "🚗 de BYD\r\n\r\nBYD a livré"},
        ],
        entities=[
            {"name": "BYD Seal", "type": "MODEL"},
            {"name": "BYD", "type": "ORG"},
            {"name": "L'Écho", "type": "ORG"},
        ],
        dates=[
            {"text": "2024", "value": "2024"},
            {"text": "hier", "value": "2024-10-01"},
            {"text": "jadis", "value": "19"},
        ],
        ignored=[{"quote": "hier", "why": "no figure", "span": {"start": mark, "end": mark + 4}}],
        kind="market",
    )


@pytest.mark.parametrize("format", FORMATS)
def test_gold_comes_back_as_it_was(format: Format, tmp_path: Path) -> None:
    given = odd()
    assert gold_text(gold_of_sheet(through(sheet_of_gold(given, ODD), format, tmp_path))) == gold_text(given)


def test_code_points_for_label_studio(tmp_path: Path) -> None:
    sheet = sheet_of_gold(odd(), ODD)
    assert content(through(sheet, Format.LABEL_STUDIO, tmp_path, Offsets.CODE_POINTS)) == content(sheet)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", ["", "Rien.\r\n"])
def test_an_article_without_anything(text: str, format: Format, tmp_path: Path) -> None:
    given = gold(text, [], entities=[{"name": "BYD", "type": "ORG"}], dates=[{"text": "hier", "value": "2024"}])
    back = through(sheet_of_gold(given, text), format, tmp_path)
    assert back.text == text
    assert gold_of_sheet(back) == given


def test_names_and_dates_are_marked_where_they_stand() -> None:
    sheet = sheet_of_gold(odd(), ODD)
    shown = [(mark.label, sheet.surface(mark), mark.start) for mark in sheet.marks]
    # BYD within BYD Seal is no mention of its own; what stands nowhere travels in meta.
    assert [at for label, words, at in shown if (label, words) == ("ORG", "BYD")] == [
        ODD.index("BYD"),
        ODD.index("BYD a"),
    ]
    assert ("MODEL", "BYD Seal", ODD.index("BYD Seal")) in shown
    assert sheet.meta["unplaced"] == {
        "entities": [{"at": 2, "name": "L'Écho", "type": "ORG"}],
        "dates": [{"at": 2, "text": "jadis", "value": "19"}],
    }
    roles = {
        (link.role, sheet.surface(next(mark for mark in sheet.marks if mark.id == link.target))) for link in sheet.links
    }
    assert roles == {("subject", "BYD"), ("subject", "BYD Seal"), ("object", "BYD Seal"), ("period", "2024")}


def test_a_fact_without_a_place_travels_too() -> None:
    given = gold(ODD, [])
    fact = gold_fact({"type": "launch", "quote": "nulle part"})
    given = GoldArticle.model_validate({**given.model_dump(), "facts": [fact]})
    sheet = sheet_of_gold(given, ODD)
    assert sheet.marks == ()
    assert gold_of_sheet(sheet) == given


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sha256": "0" * 64}, "gold is that of another text"),
        (
            {"facts": [{**gold_fact({"type": "launch", "quote": "BYD"}), "span": {"start": 0, "end": 3}}]},
            "facts.0: the quote",
        ),
    ],
)
def test_gold_of_another_text_is_refused(change: dict[str, Any], message: str) -> None:
    given = GoldArticle.model_validate({**gold(ODD, []).model_dump(), **change})
    with pytest.raises(ValueError, match=message):
        sheet_of_gold(given, ODD)


def test_the_corpus_comes_back_to_the_byte(tmp_path: Path) -> None:
    """Some articles of the train split, through all tools, as gold and as annotations."""
    names = sorted(set(load_splits(CORPUS).splits["train"]))[::12]
    (tmp_path / "gold").mkdir()
    for name in names:
        (tmp_path / "articles").mkdir(exist_ok=True)
        source = (CORPUS / "articles" / f"{name}.md").read_text(encoding="utf-8")
        (tmp_path / "articles" / f"{name}.md").write_text(source, encoding="utf-8")
        (tmp_path / "gold" / f"{name}.json").write_text(gold_text(build_article(CORPUS, name)), encoding="utf-8")
    before = {name: (tmp_path / "gold" / f"{name}.json").read_bytes() for name in names}
    for format in FORMATS:
        assert export_to(tmp_path / "gold", tmp_path / format, format=format) == names
        source_path = exported(tmp_path / format, format)
        done = import_to(source_path, tmp_path / f"{format}-gold", format=format, form=Form.GOLD)
        assert done.written == tuple(names)
        assert {name: (tmp_path / f"{format}-gold" / f"{name}.json").read_bytes() for name in names} == before
    import_to(tmp_path / "brat", tmp_path / "annotations", format=Format.BRAT, form=Form.ANNOTATIONS)
    assert build_corpus(tmp_path).unchanged == tuple(names)


# ---- annotations


def test_annotations_build_to_the_same_gold(tmp_path: Path) -> None:
    body = "En 2024, 5 %\u00a0🚗 puis 5 % : ~ «\u00a0null\u00a0». L’usine d'Alès ouvrira d'ici à 2026. 1 à 2\u202f€"
    annotation = """facts:
  - {quote: {text: 5 %, nth: 2}, type: growth, value: -0.5, unit: '%', metric: sales, optional: true}
  - {quote: "1 à 2 €", type: price, range: [1, 2.50], unit: EUR, per: P1M, converted: {range: [3, 4], unit: USD}}
  - {quote: 5 % 🚗, type: growth, value: 5, unit: '%', qualifier: about, basis: ["null", "~", "a, b: c"], source: 'no'}
  - {quote: "L'usine", type: plant_opening, subject: {company: "true"}, period: {value: 2026, open: start, mod: END}}
  - {quote: ouvrira, type: plant_opening, polarity: negative, modality: planned, period: {value: 2024, end: 2024-03-15}}
  - {quote: Alès ouvrira, type: plant_opening, period: {value: 2024-WI, open: end}, object: {place: "# x"}}
entities: {PERSON: ["- a", "1.0"], ORG: [BYD]}
dates: [{text: d'ici à 2026, value: 2026}, {text: "En 2024", value: 2024}]
ignored: [{quote: {text: "2", nth: 2}, why: "because: it"}]
"""
    put_article(tmp_path, "a", body)
    put_annotation(tmp_path, "a", annotation)
    given = build_article(tmp_path, "a")
    put_annotation(tmp_path, "a", annotation_text(given, f"BYD accélère en Belgique\n\n{body}"))
    assert gold_text(build_article(tmp_path, "a")) == gold_text(given)


def test_annotations_are_written_as_people_write_them(tmp_path: Path) -> None:
    put_article(tmp_path, "a", BODY)
    put_annotation(tmp_path, "a", ANNOTATION)
    written = annotation_text(build_article(tmp_path, "a"), f"BYD accélère en Belgique\n\n{BODY}")
    assert written.startswith(
        "facts:\n- quote: plus de 4 200 voitures\n  type: deliveries\n  subject: {company: BYD}\n  value: 4200\n"
        "  unit: vehicle\n  qualifier: more_than\n  previous: {value: 2100, unit: vehicle}\n  period: 2024-09\n"
        "  place: Belgique\n"
    )


def test_a_period_open_on_both_sides_cannot_be_written() -> None:
    fact = {
        **gold_fact({"type": "launch", "quote": "BYD"}),
        "period": {"value": "2024", "mod": None, "start": None, "end": None},
    }
    given = GoldArticle.model_validate({**gold("BYD", []).model_dump(), "facts": [fact]})
    with pytest.raises(ValueError, match=r"facts\.0\.period: .* open on both sides"):
        annotation_text(given, "BYD")


# ---- a run

RUN_TEXT = "🚗 Le groupe BYD a livré plus de 4 200 voitures en septembre."


def run_of(text: str) -> tuple[ArticleRecord, Fact]:
    """An article of a run with one fact."""

    def span(words: str) -> dict[str, Any]:
        return {"start": text.index(words), "end": text.index(words) + len(words), "text": words}

    figure = {"value": 4200, "low": None, "high": None, "unit": "vehicle", "qualifier": "more_than", "per": None}
    month = {"value": "2024-09", "mod": None}
    first, last = "2024-09-01", "2024-09-30"
    article = ArticleRecord.model_validate(
        {
            "id": "folder/a",
            "path": None,
            "lang": "fr",
            "published": "2024-10",
            "published_origin": "head",
            "title": None,
            "text": text,
            "dates": [{**span("septembre"), **month, "first": first, "last": last}],
            "quantities": [{**span("plus de 4 200 voitures"), **figure}],
            "entities": [{**span("BYD"), "name": "BYD Company", "kind": "company"}],
            "counts": dict.fromkeys(("characters", "dates", "quantities", "entities", "facts", "rejections"), 0),
            "sha256": sha256(text.encode()).hexdigest(),
        }
    )
    fact = Fact.model_validate(
        {
            **dict.fromkeys(("object", "metric", "converted", "previous", "basis", "place", "source")),
            "id": "f:0000000000000000",
            "article_id": "folder/a",
            "published": "2024-10",
            "lang": "fr",
            "type": "deliveries",
            "subject": {"name": "BYD Company", "kind": "brand", "span": span("BYD")},
            "quantity": {**figure, "span": span("plus de 4 200 voitures")},
            "period": {**month, "start": first, "end": last, "span": span("septembre")},
            "modality": "actual",
            "polarity": "positive",
            "evidence": [{"start": 0, "end": len(text), "text": text}],
            "confidence": 0.75,
            "extractor": "autofacts 0.1.0",
        }
    )
    return article, fact


@pytest.mark.parametrize("format", FORMATS)
def test_a_run_comes_back_as_its_facts(format: Format, tmp_path: Path) -> None:
    article, fact = run_of(RUN_TEXT)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "facts.jsonl").write_text(fact.model_dump_json() + "\n", encoding="utf-8")
    (tmp_path / "out" / "articles.jsonl").write_text(article.model_dump_json() + "\n", encoding="utf-8")
    assert export_to(tmp_path / "out", tmp_path / "tool", format=format) == ["folder/a"]
    import_to(exported(tmp_path / "tool", format), tmp_path / "gold", format=format, form=Form.GOLD)
    back = GoldArticle.model_validate_json((tmp_path / "gold" / "folder" / "a.json").read_bytes())
    assert back == gold_of_run(article, [fact])
    said = back.facts[0]
    assert (said.type, said.quote, said.subject and said.subject.name) == (
        "deliveries",
        "plus de 4 200 voitures",
        "BYD Company",
    )
    assert [entity.name for entity in back.entities] == ["BYD Company"]


def test_a_run_is_drawn_whole() -> None:
    article, fact = run_of(RUN_TEXT)
    sheet = sheet_of_run(article, [fact])
    assert [(mark.label, sheet.surface(mark)) for mark in sheet.marks] == [
        ("ORG", "BYD"),
        ("DATE", "septembre"),
        ("FIGURE", "plus de 4 200 voitures"),
        ("deliveries", "plus de 4 200 voitures"),
    ]
    assert {link.role for link in sheet.links} == {"subject", "period", "figure"}
    assert sheet.meta["confidence"] == 0.75


def test_what_extract_writes_can_be_exported(tmp_path: Path) -> None:
    """The files of a real run are read."""
    from pipeline.batch import BatchOptions, extract_to
    from pipeline.ingest import discover

    (tmp_path / "a.txt").write_text(" date 2024-10 Renault a livré 21 400 Renault 5 en septembre. 🚗", encoding="utf-8")
    extract_to(discover([tmp_path / "a.txt"]), tmp_path / "out", BatchOptions())
    for format in FORMATS:
        export_to(tmp_path / "out", tmp_path / format, format=format)
        import_to(exported(tmp_path / format, format), tmp_path / f"{format}-gold", format=format, form=Form.GOLD)
        back = GoldArticle.model_validate_json((tmp_path / f"{format}-gold" / "a.json").read_bytes())
        (article,) = load_lines(tmp_path / "out" / "articles.jsonl", ArticleRecord)
        assert back == gold_of_run(article, load_facts(tmp_path / "out" / "facts.jsonl")["a"])


# ---- corrections

Change = Callable[[Sheet], Sheet]
PLAIN = "BYD et Kia ont livré 4 200 voitures en 2024, plus en 2025."


def plain_sheet() -> Sheet:
    fact = {
        "type": "deliveries",
        "quote": "4 200 voitures",
        "subject": "brand:BYD",
        "value": 4200,
        "period": "2024",
        "place": "Chine",
    }
    names = [{"name": "BYD", "type": "ORG"}, {"name": "Kia", "type": "ORG"}]
    dates = [{"text": "2024", "value": "2024"}, {"text": "2025", "value": "2025"}]
    return sheet_of_gold(gold(PLAIN, [fact], entities=names, dates=dates), PLAIN)


def mark_at(sheet: Sheet, words: str) -> Mark:
    return next(mark for mark in sheet.marks if sheet.surface(mark) == words)


def relinked(sheet: Sheet, role: str, target: str | None) -> Sheet:
    kept = [link for link in sheet.links if link.role != role]
    fact = mark_at(sheet, "4 200 voitures").id
    new = [Link(fact, mark_at(sheet, target).id, role)] if target else []
    return Sheet(sheet.id, sheet.text, sheet.marks, (*kept, *new), sheet.meta)


CORRECTIONS = [
    (lambda s: s, {"subject": {"name": "BYD", "kind": "brand"}, "place": "Chine", "modality": "actual"}),
    (lambda s: relinked(s, "subject", "Kia"), {"subject": {"name": "Kia", "kind": "company"}}),
    (lambda s: relinked(s, "subject", None), {"subject": None, "place": "Chine"}),
    (lambda s: relinked(s, "place", "Kia"), {"place": "Kia"}),
    (
        lambda s: relinked(s, "period", "2025"),
        {"period": {"value": "2025", "mod": None, "start": "2025-01-01", "end": "2025-12-31"}},
    ),
    (lambda s: relinked(s, "period", None), {"period": None}),
]


@pytest.mark.parametrize(("change", "expected"), CORRECTIONS)
def test_links_that_were_changed(change: Change, expected: dict[str, Any]) -> None:
    found = gold_of_sheet(change(plain_sheet())).facts[0].model_dump(mode="json")
    assert {key: found[key] for key in expected} == expected


def test_marks_that_were_added_and_removed() -> None:
    sheet = plain_sheet()
    figure = Mark("n1", 21, 35, "FIGURE", {"value": 4200, "unit": "vehicle", "qualifier": "about"})
    fact = Mark("n2", 0, 10, "production", {}, {"modality": "planned", "optional": "true"})
    name, date, other = Mark("n3", 11, 14, "PERSON"), Mark("n4", 45, 49, "DATE"), Mark("n5", 21, 26, "IGNORED")
    kept = tuple(mark for mark in sheet.marks if sheet.surface(mark) not in ("Kia", "4 200 voitures"))
    links = (Link("n2", "n3", "subject"), Link("n2", "n1", "figure"))
    found = gold_of_sheet(Sheet("a", PLAIN, (figure, fact, name, date, other, *kept), links, sheet.meta))
    assert [(each.name, each.type) for each in found.entities] == [("BYD", "ORG"), ("ont", "PERSON")]
    assert [(each.text, each.value) for each in found.dates] == [("2024", "2024"), ("2025", "2025"), ("plus", "plus")]
    assert [(each.quote, each.why) for each in found.ignored] == [("4 200", "no fact")]
    (made,) = found.facts
    assert made.model_dump(mode="json", exclude_none=True) == {
        "type": "production",
        "subject": {"name": "ont", "kind": "person"},
        "value": 4200,
        "unit": "vehicle",
        "qualifier": "about",
        "modality": "planned",
        "polarity": "positive",
        "quote": "BYD et Kia",
        "optional": True,
        "span": {"start": 0, "end": 10},
    }


FAULTS: list[tuple[Change, str]] = [
    (lambda s: Sheet("a", PLAIN, (Mark("x", 0, 3, "FIRM"),)), r"mark x \(FIRM, 0 to 3\): unknown label 'FIRM'"),
    (lambda s: Sheet("a", PLAIN, (Mark("x", 0, 3, "sales", {"valeu": 1}),)), "mark x .*: unknown key valeu"),
    (lambda s: Sheet("a", PLAIN, (Mark("x", 0, 3, "sales", {"value": "1"}),)), "mark x .*: value: "),
    (
        lambda s: Sheet("a", PLAIN, (Mark("x", 0, 3, "sales", {"value": 1}),)),
        "mark x .*: Value error, a figure without a unit",
    ),
    (lambda s: Sheet("a", PLAIN, (Mark("x", 0, 3, "sales", {}, {"modality": "sure"}),)), "unknown choice sure"),
    (lambda s: Sheet("a", PLAIN, (Mark("x", 0, 3, "ORG", {"name": ""}),)), "mark x .*: name: "),
    (lambda s: relinked(s, "subject", "2024"), "link subject leads to a DATE"),
    (lambda s: relinked(s, "figure", "BYD"), "link figure leads to a ORG"),
    (lambda s: relinked(s, "buyer", "BYD"), "link 'buyer' is none of subject, "),
    (lambda s: Sheet(s.id, s.text, s.marks, (Link(s.marks[0].id, s.marks[1].id, "object"),)), "from what is no fact"),
    (lambda s: Sheet(s.id, "BYD!" + s.text, s.marks, s.links, s.meta), "not the one that was exported"),
    (lambda s: Sheet(s.id, s.text, meta={"unplaced": {"facts": [1]}}), "unplaced.facts is no list of objects"),
    (lambda s: Sheet("../a", ""), "'../a' cannot be the name of an article"),
    (lambda s: Sheet("/a", ""), "'/a' cannot be the name"),
    (lambda s: Sheet("a", "\ud800"), "lone surrogate"),
    (lambda s: Sheet("a", "x", (Mark("x", 0, 2, "ORG"),)), "runs from 0 to 2; the text has 1 characters"),
    (lambda s: Sheet("a", "x", (Mark("x", 0, 0, "ORG"),)), "runs from 0 to 0"),
    (lambda s: Sheet("a", "x", (Mark("x", 0, 1, "ORG"),) * 2), "same id"),
    (lambda s: Sheet("a", "x", links=(Link("x", "y", "subject"),)), "leads to 'x', which is no mark"),
]


@pytest.mark.parametrize(("change", "message"), FAULTS)
def test_what_cannot_be_gold_is_named(change: Change, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gold_of_sheet(change(plain_sheet()))


def test_two_links_of_one_role() -> None:
    sheet = plain_sheet()
    fact = mark_at(sheet, "4 200 voitures").id
    links = (*sheet.links, Link(fact, mark_at(sheet, "Kia").id, "subject"))
    with pytest.raises(ValueError, match="2 links subject"):
        gold_of_sheet(Sheet("a", PLAIN, sheet.marks, links))
