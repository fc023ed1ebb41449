"""From a run or gold to the files of a tool, and from these to annotations or gold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.annotate import brat, doccano, label_studio
from pipeline.annotate.forms import Form, Format, Offsets
from pipeline.annotate.marking import sheet_of_gold, sheet_of_run
from pipeline.annotate.reading import gold_of_sheet
from pipeline.annotate.sheet import AnnotateError, Sheet
from pipeline.annotate.written import annotation_text
from pipeline.batch import ARTICLES, FACTS
from pipeline.corpus.article import load_article
from pipeline.corpus.build import gold_text
from pipeline.emit import ArticleRecord
from pipeline.emit.whole import write_whole
from pipeline.evaluate.gold import load_facts, load_gold, load_lines


@dataclass(frozen=True, slots=True)
class Imported:
    """The ids of the articles written, and of those that nobody has annotated yet."""

    written: tuple[str, ...]
    untouched: tuple[str, ...] = ()


def export_to(source: Path, output: Path, *, format: Format, offsets: Offsets = Offsets.UTF16) -> list[str]:
    """Write the articles of `source` for a tool into the folder `output`; the ids of the articles.

    `source` is the folder of a run (facts.jsonl, articles.jsonl) or one of gold with the articles beside it. `offsets`
    is what Label Studio's offsets count; the other formats count code points. Raises ValueError naming file and
    reason, FileNotFoundError, and OSError.
    """
    # All of them before the first is written: a fault writes nothing.
    sheets = [*(_run_sheets(source) if (source / FACTS).is_file() else _gold_sheets(source))]
    match format:
        case Format.LABEL_STUDIO:
            return label_studio.write(sheets, output, offsets=offsets)
        case Format.BRAT:
            return brat.write(sheets, output)
        case Format.DOCCANO:
            return doccano.write(sheets, output)


def import_to(source: Path, output: Path, *, format: Format, form: Form, overwrite: bool = False) -> Imported:
    """Write what a tool has exported to `source` (a file; of brat, a folder) into the folder `output`.

    Nothing is written where anything is wrong. Raises ValueError naming file and reason, FileExistsError where a
    file is there already and is not to be overwritten, and OSError.
    """
    untouched: list[str] = []
    match format:
        case Format.LABEL_STUDIO:
            sheets, untouched = label_studio.read(source)
        case Format.BRAT:
            sheets = brat.read(source)
        case Format.DOCCANO:
            sheets = doccano.read(source)
    texts: dict[Path, str] = {}
    for sheet in sheets:
        # Ids hold dots: the suffix is added, not replaced.
        path = output / f"{sheet.id}.{'json' if form is Form.GOLD else 'yaml'}"
        if path in texts:
            raise AnnotateError(source, f"article {sheet.id} stands twice")
        if path.exists() and not overwrite:
            raise FileExistsError(f"{path} is there already")
        try:
            texts[path] = _content(sheet, form)
        except ValueError as error:
            raise AnnotateError(source, error, sheet.id) from error
    for path, text in texts.items():
        write_whole(path, text)
    return Imported(tuple(sheet.id for sheet in sheets), tuple(untouched))


def _content(sheet: Sheet, form: Form) -> str:
    if form is Form.GOLD:
        if "lang" not in sheet.meta:
            raise ValueError("gold says the article's language, and nothing here does")
        return gold_text(gold_of_sheet(sheet))
    return annotation_text(gold_of_sheet(sheet), sheet.text)


def _run_sheets(folder: Path) -> Iterator[Sheet]:
    facts = load_facts(folder / FACTS)
    for article in load_lines(folder / ARTICLES, ArticleRecord):
        try:
            yield sheet_of_run(article, facts.get(article.id, []))
        except ValueError as error:
            raise AnnotateError(folder / ARTICLES, error, article.id) from error


def _gold_sheets(folder: Path) -> Iterator[Sheet]:
    corpus = folder.resolve().parent
    for gold in load_gold(folder).values():
        try:
            yield sheet_of_gold(gold, load_article(corpus, gold.id).text)
        except FileNotFoundError as error:
            raise AnnotateError(f"{gold.id}.json", f"there is no {corpus / 'articles' / gold.id}.md") from error
        except ValueError as error:
            raise AnnotateError(f"{gold.id}.json", error) from error
