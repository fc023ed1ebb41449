"""Articles that are not as the format says, and articles that are alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from pipeline.corpus.article import CorpusArticle
from pipeline.corpus.check_names import fold
from pipeline.corpus.problem import Complaint, Problem
from pipeline.corpus.settings import CorpusSettings

Run = tuple[str, ...]


def check_text(article: CorpusArticle, settings: CorpusSettings) -> Iterator[Complaint]:
    """What is wrong with one article by itself."""
    head = article.head
    if head.kind not in settings.kinds:
        yield Complaint("kind", f"unknown kind {head.kind!r}")
    if head.modelled_on is None:
        yield Complaint("modelled_on", "is missing")
    elif urlsplit(head.modelled_on).scheme not in ("http", "https") or article.site is None:
        yield Complaint("modelled_on", f"{head.modelled_on!r} is no web address")
    read = article.text.removeprefix(f"{article.title}\n\n")
    if read != article.body:
        ends = min(len(read), len(article.body))
        at = next((at for at in range(ends) if read[at] != article.body[at]), ends)
        begins = " ".join(article.body[at : at + 40].split())
        yield Complaint("body", f"is not read as it stands (Markdown, or odd characters?) from “{begins}” on")
    if article.body.startswith(article.title):
        yield Complaint("body", "repeats the headline")
    shortest, longest = settings.length
    if not shortest <= len(article.text) <= longest:
        message = f"the text has {len(article.text)} characters, not {shortest} to {longest}"
        yield Complaint("body", message, warning=True)


def same_pages(articles: Sequence[CorpusArticle]) -> Iterator[Problem]:
    """Articles modelled on the same page; a scheme, "www.", fragment or final slash makes no other page of it."""
    by_page: dict[str, list[CorpusArticle]] = defaultdict(list)
    for article in articles:
        if article.site is not None:
            address = urlsplit(article.head.modelled_on or "")
            by_page[f"{article.site}{address.path.rstrip('/')}?{address.query}"].append(article)
    for members in by_page.values():
        for first, second in pairwise(members):
            yield Problem(second.file, "modelled_on", f"is the page of {first.file} as well")


def likenesses(articles: Sequence[CorpusArticle], settings: CorpusSettings) -> Iterator[Problem]:
    """Articles that share a sentence, or many short runs of words."""
    long = _shared(articles, settings.sentence_words)
    short = _shared(articles, settings.shingle_words)
    sizes = [len(_runs(article, settings.shingle_words)) for article in articles]
    for (one, two), common in sorted(short.items()):
        first, second = articles[one], articles[two]
        share = len(common) / (sizes[one] + sizes[two] - len(common))
        if copied := long.get((one, two)):
            words = " ".join(copied[0])
            yield Problem(second.file, "body", f"shares “{words}” with {first.file}")
        elif share >= settings.alike:
            yield Problem(second.file, "body", f"{share:.0%} of its runs of words are those of {first.file}")


def _shared(articles: Sequence[CorpusArticle], size: int) -> dict[tuple[int, int], list[Run]]:
    """The runs of `size` words that two articles have in common, by the articles' indices."""
    holders: dict[Run, list[int]] = defaultdict(list)
    for index, article in enumerate(articles):
        for run in _runs(article, size):
            holders[run].append(index)
    shared: dict[tuple[int, int], list[Run]] = defaultdict(list)
    for run, indices in holders.items():
        for at, one in enumerate(indices):
            for two in indices[at + 1 :]:
                shared[one, two].append(run)
    return shared


def _runs(article: CorpusArticle, size: int) -> dict[Run, int]:
    """The runs of `size` words of a text, once each, in order."""
    words = fold(article.text)
    return Counter(words[at : at + size] for at in range(len(words) - size + 1))
