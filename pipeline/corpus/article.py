"""The articles of a corpus: metadata, and the text to which everything refers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.corpus.files import parse_yaml
from pipeline.corpus.problem import Complaint, CorpusError, complaints
from pipeline.ingest import parse_published
from pipeline.ingest.decode import repair
from pipeline.ingest.markdown import markdown_to_text
from pipeline.schema import Article, Published

_FILE = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)
Line = Annotated[str, Field(pattern=r"^[^\n]+$")]


class FrontMatter(BaseModel):
    """The head of an article's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line
    published: Line
    lang: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    kind: Line
    modelled_on: Line | None = None

    @field_validator("published")
    @classmethod
    def _date(cls, value: str) -> str:
        published = parse_published(value, "front_matter")
        if published is None or published.value != value:
            raise ValueError(f"{value!r} is no ISO day, month or year")
        return value


@dataclass(frozen=True, slots=True)
class CorpusArticle:
    """One article. `text` is title, blank line, body, as ingest reads them; `body` is what the file holds."""

    name: str
    head: FrontMatter
    title: str
    body: str
    text: str

    @property
    def file(self) -> str:
        return f"{self.name}.md"

    @property
    def sha256(self) -> str:
        """The hash of the text in UTF-8."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def site(self) -> str | None:
        """The host of the page that the article is modelled on, without "www."."""
        host = urlsplit(self.head.modelled_on or "").hostname
        return host.removeprefix("www.") if host else None

    @property
    def month(self) -> str:
        """Year and month of publication, or the year alone."""
        return self.head.published[:7]

    def as_article(self) -> Article:
        """The value that the stages of the pipeline take."""
        published = Published(self.head.published, "front_matter")
        return Article(self.name, self.text, published, self.head.lang, self.title, self.file)


def article_names(corpus: Path) -> list[str]:
    """The names of the articles in the folder `corpus`, sorted. Raises FileNotFoundError where it has none."""
    names = sorted(path.stem for path in (corpus / "articles").glob("*.md"))
    if not names:
        raise FileNotFoundError(f"no articles (*.md) in {corpus / 'articles'}")
    return names


def load_article(corpus: Path, name: str) -> CorpusArticle:
    """The article `name`. Raises CorpusError naming file and key where it is not as AUTHORING.md says, and OSError."""
    try:
        source = (corpus / "articles" / f"{name}.md").read_text(encoding="utf-8")
        match = _FILE.fullmatch(source)
        if match is None:
            raise ValueError("no metadata between two lines of three dashes")
        head = FrontMatter.model_validate(parse_yaml(match[1]))
    except ValidationError as error:
        raise CorpusError(tuple(found.of(f"{name}.md") for found in complaints(error))) from error
    except ValueError as error:
        raise CorpusError((Complaint("", str(error)).of(f"{name}.md"),)) from error
    title = repair(" ".join(head.title.split()))
    body = match[2].strip()
    return CorpusArticle(name, head, title, body, f"{title}\n\n{repair(markdown_to_text(body))}")


def load_articles(corpus: Path) -> Iterator[CorpusArticle]:
    """All articles by name, for corpora that lint has passed. Raises as `article_names` and `load_article`."""
    return (load_article(corpus, name) for name in article_names(corpus))
