"""The encoder itself: an ONNX model with its tokenizer and settings, read from a folder and held against checksums."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.encoder.answer import Read, Scores, answer
from pipeline.encoder.blend import Blend, load_blend
from pipeline.encoder.inputs import inputs_of
from pipeline.encoder.passages import Pieces, passages
from pipeline.encoder.question import Answer, Question
from pipeline.encoder.settings import load_settings
from pipeline.encoder.tokenizing import Tokenizer

FOLDER = "encoder"  # below the folder of models
MODEL = "encoder.onnx"
CHECKSUMS = "manifest.toml"
INPUTS = ("ids", "anchors", "around", "targets", "pairs", "hints")


class Encoder:
    """Answers questions about texts. One thread; safe to share between threads, and to fork.

    Raises FileNotFoundError where `folder` holds no model, ValueError where a file is not the one of its manifest,
    ModuleNotFoundError naming the extra where a library is missing.
    """

    def __init__(self, folder: Path) -> None:
        check(folder)
        self.settings = load_settings(folder)
        self.blend: Blend = load_blend(folder)
        self._tokenizer = Tokenizer(folder)
        self._session = _session(folder / MODEL)

    def read(self, question: Question) -> Answer:
        """The opinion of each anchor, and the names found on the way. Only passages that hold an anchor are read, each
        once; a question without anchors costs nothing."""
        if not question.anchors:
            return Answer({}, ())
        pieces = self._tokenizer.pieces(question.text)
        return answer(question, pieces, self._read(question, pieces), self.settings)

    def _read(self, question: Question, pieces: Pieces) -> Iterator[Read]:
        for passage in passages(question, pieces, self.settings):
            held = inputs_of(question, pieces, passage, self.settings)
            fed = dict(zip(INPUTS, held.inputs, strict=True))
            yield Read(passage, held, Scores(*self._session.run(Scores._fields, fed)))


def installed(models: Path) -> bool:
    """Whether a model of the encoder lies in the folder of models."""
    return (models / FOLDER / MODEL).is_file()


def check(folder: Path) -> None:
    """Hold the files of a model against the sha256 that its manifest gives.

    Raises FileNotFoundError for one that is missing, ValueError for one that is another.
    """
    manifest = tomllib.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    listed = manifest.get("sha256", {})
    if MODEL not in listed:
        raise ValueError(f"{folder / CHECKSUMS}: does not give the sha256 of {MODEL}")
    for name, wanted in listed.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
            raise ValueError(f"{folder / name}: is not the file of {CHECKSUMS} (sha256 differs)")


def _session(path: Path) -> Any:
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("the encoder needs: pip install 'autofacts[encoder]'") from error
    options = onnxruntime.SessionOptions()
    # Articles are worked on side by side already, and a process that forks may have no other threads.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's own errors have no common class
        raise ValueError(f"{path}: {error}") from error
