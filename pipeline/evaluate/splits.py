"""Which articles belong to which split, and which of them are held out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.evaluate.gold import GoldArticle

CALIBRATION = "calibration"
_HELD_OUT = ("test", CALIBRATION)
_TABLE = TypeAdapter(dict[str, list[str]])


@dataclass(frozen=True, slots=True)
class Splits:
    """Article ids by the name of their split."""

    articles: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def held_out(self) -> frozenset[str]:
        """The articles whose errors nobody reads, lest rules be written from them."""
        return frozenset().union(*(self.articles.get(name, ()) for name in _HELD_OUT))

    def choose(self, split: str | None, ids: Iterable[str]) -> list[str]:
        """Those of `ids` that are in `split`, or all where it is None, sorted.

        Raises ValueError where there is no such split or none of the articles is in it.
        """
        if split is None:
            return sorted(ids)
        if split not in self.articles:
            raise ValueError(f"no split {split!r}; there are: {', '.join(sorted(self.articles)) or 'none'}")
        chosen = sorted(self.articles[split].intersection(ids))
        if not chosen:
            raise ValueError(f"no gold for any article of split {split!r}")
        return chosen

    def gold(self, known: Mapping[str, GoldArticle], split: str | None, lang: str | None) -> dict[str, GoldArticle]:
        """The articles of `known` in `split` and in the language `lang` (all where None), by id. Raises as `choose`."""
        ids = [key for key, article in known.items() if lang in (None, article.lang)]
        return {key: known[key] for key in self.choose(split, ids)}


def load_splits(gold_dir: Path) -> Splits:
    """The splits of splits.toml beside the folder of gold; none where there is no such file.

    Raises ValueError naming the file where it is not valid.
    """
    path = gold_dir.resolve().parent / "splits.toml"
    if not path.is_file():
        return Splits()
    try:
        table = _TABLE.validate_python(tomllib.loads(path.read_text(encoding="utf-8")).get("splits", {}))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"{path}: {error}") from error
    return Splits({name: frozenset(ids) for name, ids in table.items()})
