"""Texts in pieces, with the offsets of what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.encoder.passages import Pieces

TOKENIZER = "tokenizer.json"


class Tokenizer:
    """The tokenizer of a model, read from `tokenizer.json` of its folder.

    Raises ModuleNotFoundError naming the extra where `tokenizers` is missing, ValueError for a file that is none.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import tokenizers
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError("the encoder needs: pip install 'autofacts[encoder]'") from error
        path = folder / TOKENIZER
        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises Exception itself
            raise ValueError(f"{path}: {error}") from error

    def pieces(self, text: str) -> Pieces:
        """The pieces of `text`, whole, without those that open and close it."""
        found = self._tokenizer.encode(text, add_special_tokens=False)
        starts, ends = [], []
        for start, end in found.offsets:
            # A piece takes the space before it along.
            starts.append(end - len(text[start:end].lstrip()))
            ends.append(end)
        return Pieces(found.ids, starts, ends)
