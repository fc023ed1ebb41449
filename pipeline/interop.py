"""Facts for other programs: plain records, Arrow tables for pandas and polars, one function that tools can call."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import JsonValue

from pipeline.extract import Extractor
from pipeline.schema import Article, Extraction, Published
from pipeline.tables.arrow import arrow_schema, arrow_table
from pipeline.tables.facts import FACTS_TABLE
from pipeline.tables.rows import fact_rows

if TYPE_CHECKING:
    import pyarrow as pa

Record = dict[str, JsonValue]


def records(extractions: Iterable[Extraction]) -> list[Record]:
    """The facts of `extractions` as `facts.jsonl` has them, one dictionary a fact."""
    return [fact.model_dump(mode="json") for extraction in extractions for fact in extraction.facts]


def to_arrow(extractions: Iterable[Extraction]) -> pa.Table:
    """The facts of `extractions`, one row a fact; columns and their meaning are those of `facts` in docs/tables.md.

    Raises MissingExtraError without pyarrow.
    """
    schema = arrow_schema(FACTS_TABLE)
    rows = [
        row
        for extraction in extractions
        for fact in extraction.facts
        for table, row in fact_rows(fact)
        if table is FACTS_TABLE
    ]
    return arrow_table(schema, rows) if rows else schema.empty_table()


def extract_facts(text: str, published: str | None = None, lang: str = "fr") -> list[Record]:
    """Extract facts about the motor industry from a news article.

    `text` is the article, `published` its publication date (`2024-10-03`, `2024-10`, `2024`), to which words such as
    "last month" refer, `lang` its language (ISO 639-1). Returns one record a fact, as JSON has it: who (`subject`),
    what (`type`), how much (`quantity`), when (`period`), how sure (`modality`), and the sentence (`evidence`).
    Raises LookupError for a language without a pack, ValueError for a date that is none.
    """
    anchor = Published(published) if published else None
    return records([_extractor(lang).extract(Article("text", text, anchor, lang))])


@lru_cache(maxsize=8)
def _extractor(lang: str) -> Extractor:
    return Extractor.load(lang)
