"""The tables of facts: the one place that says which columns there are. Rows come from `pipeline.tables.rows`."""

from __future__ import annotations

from importlib.resources import files

from pipeline.tables.shape import Column, Shape, Table, Type, figure_columns

_CHARACTERS = "code points of `articles.text`"

ARTICLES_TABLE = Table(
    "articles",
    "One row for each article that was read.",
    (
        Column("article_id", Type.TEXT, "the article's id in `articles.jsonl`", key=True),
        Column("path", Type.TEXT, "where it was read from"),
        Column("title", Type.TEXT, "its title, where it has one beside the text"),
        Column("lang", Type.TEXT, "its language, ISO 639-1", needed=True),
        Column("published", Type.TEXT, "its publication date: a day, a month or a year"),
        Column("published_start", Type.DATE, "first day of `published`"),
        Column("published_end", Type.DATE, "last day of `published`"),
        Column("published_origin", Type.TEXT, "where that date was found: `head`, `metadata`, `option`, …"),
        Column("characters", Type.INTEGER, "length of the text", "code points", needed=True),
        Column("text", Type.TEXT, "the text that all offsets refer to", needed=True),
        Column("sha256", Type.TEXT, "hash of the text in UTF-8", needed=True),
    ),
)

FACTS_TABLE = Table(
    "facts",
    "One row for each fact. The slots are those of `facts.jsonl`; their places in the text stand in `evidence`.",
    (
        Column("fact_id", Type.TEXT, "the fact's id in `facts.jsonl`", key=True),
        Column("article_id", Type.TEXT, "the article that states it", needed=True),
        Column("published", Type.TEXT, "publication date of the article"),
        Column("published_start", Type.DATE, "first day of `published`"),
        Column("published_end", Type.DATE, "last day of `published`"),
        Column("lang", Type.TEXT, "language of the article, ISO 639-1", needed=True),
        Column("type", Type.TEXT, "type of the fact", needed=True),
        Column("subject", Type.TEXT, "whom or what the statement is about; a name of `parties`"),
        Column("subject_kind", Type.TEXT, "`company`, `brand`, `model`, `market`, `person`, `authority`, `other`"),
        Column("object", Type.TEXT, "the second party; a name of `parties`"),
        Column("object_kind", Type.TEXT, "as `subject_kind`"),
        Column("metric", Type.TEXT, "the type of figure that grew or is ranked"),
        *figure_columns("", "the figure"),
        *figure_columns("converted_", "the same figure in another unit, where the article gives one"),
        *figure_columns("previous_", "the figure that it replaces or is compared with"),
        Column("period", Type.TEXT, "when it holds or takes place, TIMEX3: `2024-10`, `2024-Q3`, `2024-01/2024-09`"),
        Column("period_mod", Type.TEXT, "`START`, `MID`, `END`, `APPROX`, `BEFORE`, `AFTER`"),
        Column("period_start", Type.DATE, "first day of the period; null where open"),
        Column("period_end", Type.DATE, "last day of the period; null where open"),
        Column("basis", Type.WORDS, "what the figure is measured by or under"),
        Column("modality", Type.TEXT, "`actual`, `planned`, `forecast`, `speculated`", needed=True),
        Column("polarity", Type.TEXT, "`positive`; `negative` where the text denies it", needed=True),
        Column("place", Type.TEXT, "the site or market that the statement is limited to; a name of `parties`"),
        Column("place_kind", Type.TEXT, "as `subject_kind`, most often `place`"),
        Column("place_country", Type.TEXT, "its country, ISO 3166-1 alpha-2"),
        Column("source", Type.TEXT, "whom the article credits with the statement"),
        Column("sentence", Type.TEXT, "the first sentence that states it", needed=True),
        Column("confidence", Type.REAL, "probability that type, subject and figure are right", "0 to 1", needed=True),
        Column("extractor", Type.TEXT, "program and version", needed=True),
        Column("schema_version", Type.TEXT, "version of the fact contract", needed=True),
    ),
    parent="articles",
    parent_key="article_id",
)

EVIDENCE_TABLE = Table(
    "evidence",
    "Where each fact and each of its slots stands in the text of its article.",
    (
        Column("fact_id", Type.TEXT, "the fact", key=True),
        Column(
            "slot",
            Type.TEXT,
            "`statement` (the sentence), or the slot: `subject`, `object`, `quantity`, `converted`, `previous`, "
            "`period`, `place`, `source`",
            key=True,
        ),
        Column("ordinal", Type.INTEGER, "0, 1, … where several sentences state it", key=True),
        Column("start_offset", Type.INTEGER, "where it starts", _CHARACTERS, needed=True),
        Column("end_offset", Type.INTEGER, "where it has ended", _CHARACTERS, needed=True),
        Column("text", Type.TEXT, "what stands there", needed=True),
    ),
    parent="facts",
    parent_key="fact_id",
)

MENTIONS_TABLE = Table(
    "mentions",
    "Every date, figure in a unit and name that was found in an article, whether it became part of a fact or not.",
    (
        Column("article_id", Type.TEXT, "the article", key=True),
        Column("mention", Type.TEXT, "`date`, `quantity` or `entity`", key=True),
        Column("ordinal", Type.INTEGER, "0, 1, … in the order of the text, for each of the three", key=True),
        Column("start_offset", Type.INTEGER, "where it starts", _CHARACTERS, needed=True),
        Column("end_offset", Type.INTEGER, "where it has ended", _CHARACTERS, needed=True),
        Column("text", Type.TEXT, "what stands there", needed=True),
        Column("timex", Type.TEXT, "of a date: its TIMEX3 value; null where it stays unresolved"),
        Column("timex_mod", Type.TEXT, "of a date: as `facts.period_mod`"),
        Column("first_day", Type.DATE, "of a date: its first day"),
        Column("last_day", Type.DATE, "of a date: its last day"),
        *figure_columns("", "of a quantity: the figure"),
        Column("name", Type.TEXT, "of an entity: its canonical name"),
        Column("kind", Type.TEXT, "of an entity: as `facts.subject_kind`"),
    ),
    parent="articles",
    parent_key="article_id",
)

PARTIES_TABLE = Table(
    "parties",
    "Every name that is subject, object or place of a fact, with what the gazetteer knows of it.",
    (
        Column("name", Type.TEXT, "canonical name", key=True),
        Column("kind", Type.TEXT, "as `facts.subject_kind`", key=True),
        Column("known", Type.BOOLEAN, "whether it is a name of the gazetteer", needed=True),
        Column("parent", Type.TEXT, "brand of a model, owner of a brand or company, employer of a person"),
        Column("owner", Type.TEXT, "the last of its parents: the group; its own name where it has no parent"),
        Column("country", Type.TEXT, "ISO 3166-1 alpha-2"),
    ),
)

FACTS_SHAPE = Shape(
    "facts",
    (ARTICLES_TABLE, FACTS_TABLE, EVIDENCE_TABLE, MENTIONS_TABLE, PARTIES_TABLE),
    (files("pipeline.tables") / "views.sql").read_text(encoding="utf-8"),
)
