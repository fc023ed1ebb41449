"""Annotations to gold files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.corpus.annotation import ANNOTATIONS, annotation_file, annotation_names, load_annotation
from pipeline.corpus.article import load_article
from pipeline.corpus.problem import Complaint, CorpusError, Problem
from pipeline.corpus.resolve import resolve
from pipeline.emit.whole import write_whole
from pipeline.evaluate.gold import GoldArticle


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did, or with `check` would do: names whose gold is `written`, `unchanged`, or `stale` (without
    an annotation; left where it is). Articles with `problems` are in none of them."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    stale: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def up_to_date(self) -> bool:
        return not (self.written or self.stale or self.problems)


def build_corpus(corpus: Path, *, check: bool = False) -> Build:
    """Write corpus/gold/NAME.json for each corpus/annotations/NAME.yaml, where it is not that already.

    With `check` nothing is written. Raises FileNotFoundError where there are no annotations, and OSError.
    """
    names = annotation_names(corpus)
    if not names:
        raise FileNotFoundError(f"no annotations (*.yaml) in {corpus / 'annotations'}")
    written: list[str] = []
    unchanged: list[str] = []
    problems: list[Problem] = []
    for name in names:
        try:
            text = gold_text(build_article(corpus, name))
        except CorpusError as error:
            problems += error.problems
            continue
        path = corpus / "gold" / f"{name}.json"
        if path.is_file() and path.read_bytes() == text.encode():
            unchanged.append(name)
            continue
        written.append(name)
        if not check:
            write_whole(path, text)
    stale = sorted({path.stem for path in (corpus / "gold").glob("*.json")} - set(names))
    return Build(tuple(written), tuple(unchanged), tuple(stale), tuple(problems))


def build_article(corpus: Path, name: str, folder: str = ANNOTATIONS) -> GoldArticle:
    """The gold of one article, by its annotation in `folder`. Raises CorpusError where article and annotation do not go
    together, and OSError."""
    file = annotation_file(name, folder)
    annotation = load_annotation(corpus, name, folder)
    try:
        article = load_article(corpus, name)
    except FileNotFoundError as error:
        raise CorpusError((Complaint("", "an annotation without an article").of(file),)) from error
    resolved = resolve(article, annotation)
    if resolved.complaints:
        raise CorpusError(tuple(found.of(file) for found in resolved.complaints))
    return resolved.gold


def gold_text(gold: GoldArticle) -> str:
    """The content of a gold file: JSON with every key, in the order of the model."""
    return gold.model_dump_json(indent=1) + "\n"
