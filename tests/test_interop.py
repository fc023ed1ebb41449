"""Facts as plain records, Arrow tables and linked data, and an extraction in a notebook."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from pyld import jsonld
from stand_in import StandIn, article
from typer.testing import CliRunner

from pipeline import Extraction, extract
from pipeline.cli.app import app
from pipeline.emit import json_line
from pipeline.emit.json_ld import json_ld_document, to_json_ld, vocabulary
from pipeline.interop import extract_facts, records, to_arrow
from pipeline.ontology import load_ontology
from pipeline.schema import Fact, Kind, Place, Quantity
from pipeline.units import load_units

TEXT = "La Renault 5 est vendue à partir de 24 990 euros en France. Renault a livré 21 400 Renault 5 en septembre."
HOSTILE = "<script>alert('x')</script> & \"Renault\" a vendu plus de 20 000 véhicules </details>"
TERMS = (Path(__file__).parent / "tables" / "schema_org.txt").read_text(encoding="utf-8").split("\n\n")[1].split()


@pytest.fixture(scope="module")
def found() -> Extraction:
    return extract(TEXT, published="2024-10", article_id="a")


def of(fact: Fact, **slots: object) -> Fact:
    return Fact.model_validate(fact.model_dump() | slots)


# ---- plain values and tables


def test_records_are_the_lines_of_facts_jsonl(found: Extraction) -> None:
    assert records([found, found]) == 2 * [json.loads(json_line(fact)) for fact in found.facts]
    assert [r["type"] for r in extract_facts(TEXT, "2024-10")] == [fact.type for fact in found.facts]
    with pytest.raises(LookupError, match="no language pack"):
        extract_facts(TEXT, lang="xx")


def test_arrow_goes_to_pandas_and_polars(found: Extraction) -> None:
    table = to_arrow([found])
    expected = [(fact.id, fact.type, fact.quantity.value) for fact in found.facts if fact.quantity]
    assert expected
    columns = ["fact_id", "type", "value"]
    assert [tuple(row) for row in table.to_pandas()[columns].itertuples(index=False)] == expected
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    assert frame.select(columns).rows() == expected
    assert isinstance(pd.DataFrame(table.to_pandas()).value[0], Decimal)
    assert to_arrow([]).schema == table.schema


# ---- linked data


def expanded(fact: Fact) -> dict[str, list[dict[str, object]]]:
    (node,) = jsonld.expand(json_ld_document([fact]))
    return node  # type: ignore[no-any-return]


def iris(node: object) -> set[str]:
    """All terms of an expanded node: its properties, types, and properties named in values."""
    if isinstance(node, list):
        return set().union(*map(iris, node))
    if not isinstance(node, dict):
        return set()
    own = {key for key in node if not key.startswith("@")} | set(node.get("@type", []))
    own |= {value for key, value in node.items() if key == "@id" and value.startswith("https://schema.org/")}
    return own.union(*map(iris, node.values()))


def test_a_fact_expands_to_a_claim(found: Extraction) -> None:
    price, deliveries = map(expanded, found.facts)
    assert price["@type"] == ["https://schema.org/Claim"]
    assert price["https://schema.org/about"] == [
        {"@type": ["https://schema.org/Vehicle"], "https://schema.org/name": [{"@value": "Renault 5"}]}
    ]
    assert price["urn:autofacts:term:quantity"] == [
        {
            "@type": ["https://schema.org/MonetaryAmount"],
            "https://schema.org/currency": [{"@value": "EUR"}],
            "https://schema.org/value": [{"@value": 24990}],
            "urn:autofacts:term:qualifier": [{"@value": "at_least"}],
        }
    ]
    assert price["urn:autofacts:term:property"] == [{"@id": "https://schema.org/price"}]
    assert deliveries["https://schema.org/temporalCoverage"] == [{"@value": "2024-09-01/2024-09-30"}]
    assert deliveries["urn:autofacts:term:quantity"][0]["@type"] == ["https://schema.org/QuantitativeValue"]


def test_nothing_is_lost_in_expansion(found: Extraction) -> None:
    """A key that the context does not know would vanish: compacted again, the document is the same."""
    document = json_ld_document(found.facts)
    context = document["@context"]
    assert jsonld.compact(jsonld.expand(document), context)["@graph"] == document["@graph"]


def test_all_terms_are_of_schema_org_or_ours(found: Extraction) -> None:
    kinds = [of(found.facts[0], subject={"name": "X", "kind": kind}) for kind in Kind]
    types = [of(found.facts[0], type=name) for name in load_ontology().types]
    full = of(
        found.facts[1],
        place=Place(name="France", country="FR").model_dump(),
        source={"name": "CNBC"},
        converted=Quantity(low=Decimal(1), high=Decimal("2.5"), unit="EUR", per="P1Y").model_dump(),
        metric="x",
        basis=["net"],
    )
    used = set().union(*(iris(expanded(fact)) for fact in [*kinds, *types, full]))
    ours = {iri for iri in used if iri.startswith("urn:autofacts:")}
    assert {iri.removeprefix("https://schema.org/") for iri in used - ours} == set(TERMS)


def test_the_vocabulary_names_types_units_and_kinds_that_exist() -> None:
    words = vocabulary()
    assert set(words.properties) <= set(load_ontology().types)
    assert set(words.classes) == set(Kind)
    for unit in words.unit_codes:
        load_units().dimension(unit)


@pytest.mark.parametrize(
    ("start", "end", "interval"),
    [
        ("2024-01-01", "2024-12-31", "2024-01-01/2024-12-31"),
        ("2024-01-01", "2024-01-01", "2024-01-01"),
        (None, "2026-12-31", "../2026-12-31"),
        ("2024-01-01", None, "2024-01-01/.."),
        (None, None, None),
    ],
)
def test_intervals(found: Extraction, start: str | None, end: str | None, interval: str | None) -> None:
    fact = of(found.facts[0], period={"value": "2024", "start": start, "end": end})
    assert to_json_ld(fact).get("temporalCoverage") == interval


# ---- notebooks


class Text(HTMLParser):
    """The text of a piece of HTML, and whether its tags match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_notebook_shows_facts_and_text(found: Extraction) -> None:
    html = found._repr_html_()
    shown = Text(html)
    assert TEXT in shown.text
    assert "at_least 24\u202f990 EUR" in shown.text
    marked = re.findall(r'title="([^"]*)">([^<]*)</mark>', html)
    assert ("price: quantity", "à partir de 24 990 euros") in marked
    assert ("deliveries: period", "septembre") in marked


def test_what_an_article_says_is_escaped() -> None:
    shown = Text(StandIn().extract(article(HOSTILE, id="<b>"))._repr_html_())
    assert HOSTILE in shown.text
    assert "<b> · " in shown.text
    assert "script" not in shown.tags


def test_long_articles_are_cut_and_say_so() -> None:
    found = StandIn().extract(article("é" * 30_000))
    many = Extraction(found.article, found.mentions, found.facts * 300)
    shown = Text(many._repr_html_()).text
    assert "… and 10000 more characters" in shown
    assert "… and 100 more facts" in shown


def test_a_run_becomes_one_document_of_linked_data(tmp_path: Path) -> None:
    facts = extract(TEXT, published="2024-10").facts
    (tmp_path / "facts.jsonl").write_text("".join(json_line(fact) + "\n" for fact in facts), encoding="utf-8")
    assert CliRunner().invoke(app, ["export", str(tmp_path), "--to", "jsonld"]).exit_code == 0
    assert json.loads((tmp_path / "facts.jsonld").read_text(encoding="utf-8")) == json.loads(
        json.dumps(json_ld_document(facts))
    )
