"""A smaller vocabulary: the pieces that the five languages and the corpus need, out of 250,002."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

KEPT = 52_000
_WORDS = 80_000  # most frequent words of a language that count
_LANGUAGES = {"fr": 3, "en": 1, "de": 1, "es": 1, "it": 1}  # French is what is read most
_SPACE = "▁"
_SPECIAL = 4  # the first pieces: opening, padding, closing, unknown
_ACRONYM = 4  # letters
_SHORT = 2


def word_weights() -> Mapping[str, float]:
    """How often words occur in the five languages together (wordfreq), by word."""
    import wordfreq

    weights: Counter[str] = Counter()
    for lang, share in _LANGUAGES.items():
        for word in wordfreq.top_n_list(lang, _WORDS):
            weights[word] += share * wordfreq.word_frequency(word, lang)
    return weights


def pruned(
    tokenizer: Path, words: Mapping[str, float], texts: Iterable[str], kept: int = KEPT
) -> tuple[str, list[int]]:
    """The tokenizer of the file with `kept` pieces, as JSON, and the old id of each of them.

    Forced in are the pieces of `texts`, single characters, digits and punctuation, pieces of two letters, and acronyms
    (without them `SUV` falls apart); the others are those that `words` need most, by their weight.
    """
    from tokenizers import Tokenizer

    whole = Tokenizer.from_file(str(tokenizer))
    table: dict[str, Any] = json.loads(tokenizer.read_text(encoding="utf-8"))
    vocabulary: list[list[Any]] = table["model"]["vocab"]
    needed: defaultdict[int, float] = defaultdict(float)
    for word, weight in words.items():
        for form in (word, word.capitalize()):
            for piece in whole.encode(form, add_special_tokens=False).ids:
                needed[piece] += weight
    forced = set(range(_SPECIAL)) | {at for at, (piece, _) in enumerate(vocabulary) if _is_basic(piece)}
    for text in texts:
        forced.update(whole.encode(text, add_special_tokens=False).ids)
    ranked = sorted(needed.keys() - forced, key=lambda at: (-needed[at], at))
    ids = sorted(forced) + ranked[: max(kept - len(forced), 0)]
    ids.sort()
    table["model"]["vocab"] = [vocabulary[at] for at in ids]
    table["added_tokens"] = [each for each in table["added_tokens"] if each["id"] < _SPECIAL]
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")), ids


def _is_basic(piece: str) -> bool:
    """Whether a piece is kept whatever the language: short, of digits and marks, or an acronym in Latin letters."""
    bare = piece.removeprefix(_SPACE)
    if len(bare) <= 1 and ord(bare or " ") < 0x2200:
        return True
    if not any(char.isalpha() for char in bare):
        return len(bare) <= _ACRONYM
    if not all(ord(char) < 0x250 for char in bare):
        return False
    return len(bare) <= _SHORT or (bare.isupper() and len(bare) <= _ACRONYM)
