"""A model of the encoder small enough to build in a test: its body is a table of vectors, its links go to what is
near. It knows nothing, but has the inputs and outputs of a real one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from pipeline.encoder.answer import Scores
from pipeline.encoder.blend import BLEND, Blend
from pipeline.encoder.inputs import PLACES
from pipeline.encoder.model import CHECKSUMS, INPUTS, MODEL
from pipeline.encoder.settings import CONFIG, EncoderSettings
from pipeline.encoder.tokenizing import TOKENIZER
from pipeline.link.asking import MARKS
from pipeline.ontology import load_ontology

HIDDEN = 8
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,' "


def settings(**sizes: int) -> EncoderSettings:
    """The settings of the tiny model."""
    return EncoderSettings(types=("", *load_ontology().types), marks=tuple(map(str, MARKS)), **sizes)


def build(folder: Path, blend: Blend | None = None, seed: int = 0, **sizes: int) -> Path:
    """Write a model with random weights to `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = settings(**sizes)
    (folder / CONFIG).write_text(made.model_dump_json(), encoding="utf-8")
    (folder / BLEND).write_text((blend or Blend()).model_dump_json(), encoding="utf-8")
    _tokenizer().save(str(folder / TOKENIZER))
    onnx.save(_model(made, np.random.default_rng(seed)), str(folder / MODEL))
    seal(folder)
    return folder


def seal(folder: Path) -> None:
    """Write the checksums of the files in `folder`."""
    names = (CONFIG, BLEND, TOKENIZER, MODEL)
    rows = [f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"' for name in names]
    (folder / CHECKSUMS).write_text("\n".join(["[sha256]", *rows, ""]), encoding="utf-8")


def _tokenizer() -> Tokenizer:
    """Pieces of one letter or mark, those of a word apart."""
    table = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    table |= {letter: at for at, letter in enumerate(LETTERS, len(table))}
    tokenizer = Tokenizer(models.WordLevel(table, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s*\w+|\s*[^\w\s]"), "isolated")
    return tokenizer


def _model(made: EncoderSettings, random: np.random.Generator) -> onnx.ModelProto:
    slots, numbers = len(made.slots), PLACES + len(made.marks)
    nearness = np.zeros((numbers, slots), np.float32)
    nearness[0] = 9.0
    tables = {
        "vectors": random.normal(size=(4 + len(LETTERS), HIDDEN)),
        "w_names": random.normal(size=(HIDDEN, len(made.tags))),
        "w_types": random.normal(size=(HIDDEN, len(made.types))),
        "w_modality": random.normal(size=(HIDDEN, len(made.modalities))),
        "w_polarity": random.normal(size=(HIDDEN, len(made.polarities))),
        "w_near": nearness,
        "w_target": random.normal(size=(HIDDEN, slots)),
        "w_nobody": np.zeros((HIDDEN, slots)),
    }
    nodes = [
        helper.make_node("Gather", ["vectors", "ids"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "w_names"], ["names"]),
        helper.make_node("MatMul", ["anchors", "hidden"], ["at"]),
        helper.make_node("MatMul", ["around", "hidden"], ["about"]),
        helper.make_node("Add", ["at", "about"], ["said"]),
        helper.make_node("MatMul", ["said", "w_types"], ["scored"]),
        helper.make_node("Add", ["scored", "hints"], ["types"]),
        helper.make_node("MatMul", ["said", "w_modality"], ["modality"]),
        helper.make_node("MatMul", ["said", "w_polarity"], ["polarity"]),
        helper.make_node("MatMul", ["targets", "hidden"], ["to"]),
        helper.make_node("MatMul", ["to", "w_target"], ["liked"]),
        helper.make_node("MatMul", ["pairs", "w_near"], ["near"]),
        helper.make_node("Add", ["near", "liked"], ["linked"]),
        helper.make_node("MatMul", ["said", "w_nobody"], ["flat"]),
        helper.make_node("Unsqueeze", ["flat", "one"], ["nobody"]),
        helper.make_node("Concat", ["linked", "nobody"], ["links"], axis=1),
    ]
    weights = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in tables.items()]
    weights.append(numpy_helper.from_array(np.array([1], dtype=np.int64), "one"))
    shapes = {
        "ids": ["pieces"], "anchors": ["anchors", "pieces"], "around": ["anchors", "pieces"],
        "targets": ["targets", "pieces"], "pairs": ["anchors", "targets", numbers],
        "hints": ["anchors", len(made.types)],
    }  # fmt: skip
    fed = [
        helper.make_tensor_value_info(name, TensorProto.INT64 if name == "ids" else TensorProto.FLOAT, shapes[name])
        for name in INPUTS
    ]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in Scores._fields]
    graph = helper.make_graph(nodes, "tiny", fed, given, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model
