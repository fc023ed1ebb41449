"""What is asked and answered, as the OpenAPI description has it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from pipeline.emit import DetectRecord
from pipeline.ingest import available_packs, parse_published
from pipeline.schema import Fact, Rejection


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_date(value: str) -> str:
    if parse_published(value, "given") is None:
        raise ValueError("the calendar has no such day")
    return value


def _has_pack(lang: str) -> str:
    if lang not in available_packs():
        raise ValueError(f"there is no pack for it; there are: {', '.join(sorted(available_packs()))}")
    return lang


Day = Annotated[
    str,
    Field(pattern=r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$", examples=["2024-10-03"]),
    AfterValidator(_is_date),
]
Language = Annotated[str, Field(json_schema_extra={"enum": [*sorted(available_packs())]}), AfterValidator(_has_pack)]


class ArticleIn(_Message):
    """One article. Offsets in the answer count the code points of `text` as it is given."""

    text: str = Field(min_length=1, description="the article, without markup")
    id: str | None = Field(
        default=None, min_length=1, max_length=200, description="named by a hash of its text where it is missing"
    )
    published: Day | None = Field(default=None, description="day, month or year to which relative dates refer")
    lang: Language | None = Field(default=None, description="ISO 639-1; identified where it is missing")


class ArticlesIn(_Message):
    """Several articles, answered in their order."""

    articles: list[ArticleIn] = Field(min_length=1)


def _how_many(body: Any) -> Literal["one", "many"]:
    many = "articles" in body if isinstance(body, dict) else isinstance(body, ArticlesIn)
    return "many" if many else "one"


Asked = Annotated[Annotated[ArticleIn, Tag("one")] | Annotated[ArticlesIn, Tag("many")], Discriminator(_how_many)]


class Wrong(_Message):
    """One thing that is wrong with a request: a JSON pointer into its body, and what."""

    pointer: str
    detail: str


class Problem(_Message):
    """Problem details (RFC 9457). `errors` says what is wrong with the body, where that is the problem."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    request_id: str | None = None
    errors: list[Wrong] | None = None


class Explanation(_Message):
    """What led to a fact."""

    fact_id: str
    trace: list[str]


class ExtractAnswer(_Message):
    """The facts of one article; `rejections` and `explanations` are null unless they were asked for."""

    id: str
    lang: str
    published: str | None
    facts: list[Fact]
    rejections: list[Rejection] | None
    explanations: list[Explanation] | None


class NoAnswer(_Message):
    """Stands among several answers for an article that could not be worked on."""

    id: str
    problem: Problem


class ExtractAnswers(_Message):
    """One result for each article, in the order asked."""

    results: list[ExtractAnswer | NoAnswer]


class DetectAnswers(_Message):
    """One result for each article, in the order asked."""

    results: list[DetectRecord | NoAnswer]


class Health(_Message):
    """That the service answers, and what it runs; `packs` are the languages."""

    status: Literal["ok"] = "ok"
    version: str
    packs: list[str]
