"""The splits of a corpus: fixed by source and month, guarded by a digest."""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.corpus.article import CorpusArticle
from pipeline.corpus.problem import Complaint, CorpusError, complaints
from pipeline.corpus.settings import CorpusSettings
from pipeline.emit.whole import write_whole

FILE = "splits.toml"
Source = tuple[str, str]
"""Site and month of the page that an article is modelled on."""


class SplitTable(BaseModel):
    """splits.toml: the names of the articles and the digest of each split. `comment` is what the file says above."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    splits: dict[str, tuple[str, ...]]
    digests: dict[str, str] = {}
    comment: str = ""

    @property
    def split_of(self) -> dict[str, str]:
        """The split of each article, the last where it is in two."""
        return {name: split for split, names in self.splits.items() for name in names}

    def to_toml(self) -> str:
        """The content of the file, names sorted."""
        lines = [*self.comment.splitlines(), "[splits]"]
        for split, names in self.splits.items():
            lines += [f"{split} = [", *(f"  {json.dumps(name)}," for name in sorted(names)), "]"]
        lines += ["", "[digests]", *(f"{split} = {json.dumps(digest)}" for split, digest in self.digests.items())]
        return "\n".join(lines) + "\n"


def load_splits(corpus: Path) -> SplitTable:
    """The splits of a corpus. Raises CorpusError where the file is not valid, FileNotFoundError where there is none."""
    source = (corpus / FILE).read_text(encoding="utf-8")
    comment = [line for line in source.splitlines() if line.startswith("#")]
    try:
        return SplitTable.model_validate({**tomllib.loads(source), "comment": "\n".join(comment)})
    except ValidationError as error:
        raise CorpusError(tuple(found.of(FILE) for found in complaints(error))) from error
    except tomllib.TOMLDecodeError as error:
        raise CorpusError((Complaint("", f"no TOML: {error}").of(FILE),)) from error


def digests(corpus: Path, table: SplitTable, articles: Mapping[str, CorpusArticle]) -> dict[str, str]:
    """For each split the SHA-256 over names, texts and gold files of its articles, by name.

    What is missing counts as empty.
    """
    return {split: _digest(corpus, sorted(names), articles) for split, names in table.splits.items()}


def _digest(corpus: Path, names: Sequence[str], articles: Mapping[str, CorpusArticle]) -> str:
    total = sha256()
    for name in names:
        gold = corpus / "gold" / f"{name}.json"
        text = articles[name].text if name in articles else ""
        for part in (name.encode(), text.encode(), gold.read_bytes() if gold.is_file() else b""):
            # The length keeps what ends one part from beginning the next.
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def update_digests(corpus: Path, articles: Mapping[str, CorpusArticle]) -> list[str]:
    """Write the digests of the corpus as it is into splits.toml; the names of the splits that have changed.

    Raises as `load_splits`, and OSError.
    """
    table = load_splits(corpus)
    current = digests(corpus, table, articles)
    changed = [split for split in current if table.digests.get(split) != current[split]]
    if changed or current.keys() != table.digests.keys():
        write_whole(corpus / FILE, table.model_copy(update={"digests": current}).to_toml())
    return changed


def check_splits(
    corpus: Path, table: SplitTable, articles: Mapping[str, CorpusArticle], settings: CorpusSettings
) -> Iterator[Complaint]:
    """What is wrong with the splits: names, sources that two of them share, digests."""
    for split in sorted((table.splits.keys() ^ settings.shares.keys()) - settings.apart):
        yield Complaint(f"splits.{split}", "unknown split" if split in table.splits else "is missing")
    counts = Counter(name for names in table.splits.values() for name in names)
    for name in sorted(counts.keys() | articles.keys()):
        if name not in articles:
            yield Complaint(f"splits.{table.split_of[name]}", f"there is no article {name!r}")
        elif counts[name] != 1:
            yield Complaint("splits", f"{name!r} is in {counts[name] or 'no'} split{'s' if counts[name] else ''}")
    for source, members in sorted(_by_source(articles.values()).items()):
        found = {name: table.split_of[name] for name in members if name in table.split_of}
        if len(set(found.values())) > 1:
            listed = ", ".join(f"{name} ({split})" for name, split in found.items())
            yield Complaint("splits", f"{source[0]} in {source[1]} is in several: {listed}")
    for split, digest in digests(corpus, table, articles).items():
        recorded = table.digests.get(split)
        if recorded != digest:
            reason = "is missing" if recorded is None else "is not that of its texts and gold"
            yield Complaint(f"digests.{split}", f"{reason}; corpus build --update-digest writes it")


def propose_splits(
    table: SplitTable, articles: Mapping[str, CorpusArticle], shares: Mapping[str, float]
) -> dict[str, str]:
    """A split for each article that has none, by name. The same corpus gives the same answer.

    Articles of one site and month stay together: with those that are assigned already (with the first by name, where
    these are in several splits), else in the split that is furthest below its share of the language's articles.
    """
    split_of = {name: split for name, split in table.split_of.items() if name in articles}
    totals = Counter(article.head.lang for article in articles.values())
    counts = Counter((articles[name].head.lang, split) for name, split in split_of.items())
    groups: list[tuple[list[str], str | None]] = []
    for members in _by_source(articles.values()).values():
        held = next((split_of[name] for name in members if name in split_of), None)
        if new := [name for name in members if name not in split_of]:
            groups.append((new, held))
    # Bound groups first, then the large ones, while there is room; then in an order that no name or date decides.
    groups.sort(key=lambda group: (group[1] is None, -len(group[0]), sha256(" ".join(group[0]).encode()).digest()))
    proposed: dict[str, str] = {}
    for names, held in groups:
        lang = articles[names[0]].head.lang
        want = {split: share * totals[lang] - counts[lang, split] for split, share in shares.items()}
        split = held or max(want, key=lambda name: want[name])
        proposed |= dict.fromkeys(names, split)
        counts.update((articles[name].head.lang, split) for name in names)
    return dict(sorted(proposed.items()))


def assign(corpus: Path, proposed: Mapping[str, str]) -> None:
    """Add the articles to their splits in splits.toml. Raises as `load_splits`, and OSError."""
    table = load_splits(corpus)
    splits = {split: list(names) for split, names in table.splits.items()}
    for name, split in proposed.items():
        splits.setdefault(split, []).append(name)
    write_whole(corpus / FILE, table.model_copy(update={"splits": splits}).to_toml())


def _by_source(articles: Iterable[CorpusArticle]) -> dict[Source, list[str]]:
    """The names of the articles by site and month; one without an address stands alone."""
    groups: dict[Source, list[str]] = defaultdict(list)
    for article in articles:
        groups[(article.site or f"({article.name})", article.month)].append(article.name)
    return {source: sorted(names) for source, names in groups.items()}
