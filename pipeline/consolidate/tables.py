"""The tables of consolidated facts."""

from __future__ import annotations

from pipeline.tables.shape import Column, Shape, Table, Type, figure_columns

_PERIOD = (
    Column("period", Type.TEXT, "when it holds or takes place, TIMEX3"),
    Column("period_mod", Type.TEXT, "`START`, `MID`, `END`, `APPROX`, `BEFORE`, `AFTER`"),
    Column("period_start", Type.DATE, "first day of the period; null where open"),
    Column("period_end", Type.DATE, "last day of the period; null where open"),
)

GROUPS_TABLE = Table(
    "groups",
    "One row for each thing that is stated, by one article or several.",
    (
        Column("group_id", Type.TEXT, "the group's id in `consolidated.jsonl`", key=True),
        Column("type", Type.TEXT, "type of the facts", needed=True),
        Column("subject", Type.TEXT, "whom or what the statements are about"),
        Column("subject_kind", Type.TEXT, "`company`, `brand`, `model`, `market`, `person`, `authority`, `other`"),
        Column("object", Type.TEXT, "the second party"),
        Column("object_kind", Type.TEXT, "as `subject_kind`"),
        Column("metric", Type.TEXT, "the type of figure that grew or is ranked"),
        *_PERIOD,
        Column("basis", Type.WORDS, "what the figure is measured by or under"),
        Column("modality", Type.TEXT, "`actual`, `planned`, `forecast`, `speculated`", needed=True),
        Column("place", Type.TEXT, "the site or market that the statements are limited to"),
        Column("place_kind", Type.TEXT, "as `subject_kind`, most often `place`"),
        Column("place_country", Type.TEXT, "its country, ISO 3166-1 alpha-2"),
        Column(
            "verdict", Type.TEXT, "`single`, `agree`, `compatible`, `contradict`, `revised`, `changed`", needed=True
        ),
        Column("articles", Type.INTEGER, "how many articles state it", "articles", needed=True),
        Column("statements", Type.INTEGER, "how many facts there are of it", "facts", needed=True),
        Column("stands", Type.TEXT, "the fact that stands; null where the statements contradict"),
    ),
)

STATEMENTS_TABLE = Table(
    "statements",
    "One row for each fact, in its group.",
    (
        Column("group_id", Type.TEXT, "the group", key=True),
        Column("fact_id", Type.TEXT, "the fact's id in `facts.jsonl`", key=True),
        Column("article_id", Type.TEXT, "the article that states it", needed=True),
        Column("published", Type.TEXT, "its publication date: a day, a month or a year"),
        Column("published_start", Type.DATE, "first day of `published`"),
        Column("published_end", Type.DATE, "last day of `published`"),
        Column("source", Type.TEXT, "whom the article credits with it"),
        *figure_columns("", "the figure as stated"),
        *figure_columns("converted_", "the figure in the unit of `--into`"),
        Column("rate", Type.DECIMAL, "the rate of `--rate` by which it was converted", "`converted_unit` for 1 `unit`"),
        *_PERIOD,
        Column("polarity", Type.TEXT, "`positive`; `negative` where the text denies it", needed=True),
        Column("confidence", Type.REAL, "probability that type, subject and figure are right", "0 to 1", needed=True),
        Column("sentence", Type.TEXT, "the first sentence that states it", needed=True),
    ),
    parent="groups",
    parent_key="group_id",
)

DIFFERENCES_TABLE = Table(
    "differences",
    "Two facts of a group that differ, and how.",
    (
        Column("group_id", Type.TEXT, "the group", key=True),
        Column("ordinal", Type.INTEGER, "0, 1, … in the order of publication", key=True),
        Column(
            "relation",
            Type.TEXT,
            "what the later does to the earlier: `raised`, `lowered`, `delayed`, `brought_forward`, `abandoned`, "
            "`taken_up`; or `contradicts`",
            needed=True,
        ),
        Column("earlier", Type.TEXT, "the fact that was published first", needed=True),
        Column("later", Type.TEXT, "the other fact", needed=True),
    ),
    parent="groups",
    parent_key="group_id",
)

CONSOLIDATED_SHAPE = Shape("consolidated", (GROUPS_TABLE, STATEMENTS_TABLE, DIFFERENCES_TABLE))
