"""The network: a BERT body, and heads for names, types, modality, polarity and links (torch)."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from torch import nn
from transformers import BertConfig, BertModel

from pipeline.encoder.inputs import PLACES, Inputs
from pipeline.encoder.settings import EncoderSettings
from pipeline.train.encoder.weights import Pretrained

Tensor: TypeAlias = torch.Tensor
_WIDTH = 160  # of what a link compares
_INNER = 128
_DROP = 0.1


class Shape(NamedTuple):
    """How much of the body is used: all `layers`, of which the first `frozen` are left as they are; links are read off
    layer `middle`, the other heads off the last."""

    layers: int = 6
    frozen: int = 3
    middle: int = 5


class Output(NamedTuple):
    """Scores before normalisation: names (pieces by tags), types, modality and polarity (anchors by labels), links
    (anchors by targets and nobody, by slots)."""

    names: Tensor
    types: Tensor
    modality: Tensor
    polarity: Tensor
    links: Tensor


def body(pretrained: Pretrained, shape: Shape, ids: list[int] | None = None) -> BertModel:
    """The pretrained body with its first layers, and the embeddings of the pieces `ids` (None: all)."""
    sizes = pretrained.sizes
    config = BertConfig(
        vocab_size=len(ids) if ids else sizes.vocabulary, hidden_size=sizes.hidden, num_hidden_layers=shape.layers,
        num_attention_heads=sizes.heads, intermediate_size=sizes.inner, max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.kinds, layer_norm_eps=sizes.epsilon, attn_implementation="eager",
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.tensor(value) for name, value in _state(pretrained, shape, ids).items()})
    return model


def _state(pretrained: Pretrained, shape: Shape, ids: list[int] | None) -> dict[str, np.ndarray]:
    hidden = pretrained.sizes.hidden
    words = pretrained.matrix("emb.word", hidden)
    kinds = pretrained.floats("emb.type").reshape(-1, hidden)
    state = {
        "embeddings.word_embeddings.weight": words[ids] if ids else words,
        "embeddings.position_embeddings.weight": pretrained.floats("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": np.resize(kinds, (pretrained.sizes.kinds, hidden)),
        "embeddings.LayerNorm.weight": pretrained.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": pretrained.floats("emb.ln.b"),
    }
    matrices = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
    }  # fmt: skip
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(shape.layers):
        for short, long in matrices.items():
            inputs = pretrained.sizes.inner if short == "fo" else hidden
            state[f"encoder.layer.{layer}.{long}.weight"] = pretrained.matrix(f"l{layer}.{short}.w", inputs)
            state[f"encoder.layer.{layer}.{long}.bias"] = pretrained.floats(f"l{layer}.{short}.b")
        for short, long in norms.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = pretrained.floats(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{long}.bias"] = pretrained.floats(f"l{layer}.{short}.b")
    return state


class Heads(nn.Module):
    """What is asked of the body's layers, for one passage."""

    def __init__(self, hidden: int, settings: EncoderSettings) -> None:
        super().__init__()
        self.norm_last, self.norm_middle = nn.LayerNorm(2 * hidden), nn.LayerNorm(2 * hidden)
        self.norm_target = nn.LayerNorm(hidden)
        self.names = nn.Linear(hidden, len(settings.tags))
        self.types = _mlp(2 * hidden, 192, len(settings.types))
        self.modality = _mlp(2 * hidden, 96, len(settings.modalities))
        self.polarity = _mlp(2 * hidden, 48, len(settings.polarities))
        self.anchor, self.target = nn.Linear(2 * hidden, _WIDTH), nn.Linear(hidden, _WIDTH)
        self.hint = nn.Linear(len(settings.types), 24)
        self.pair = _mlp(3 * _WIDTH + 24 + PLACES + len(settings.marks), _INNER, len(settings.slots))
        self.nobody = _mlp(_WIDTH + 24, 48, len(settings.slots))

    def forward(self, middle: Tensor, last: Tensor, passage: Inputs) -> Output:
        """`middle` and `last` are two layers (pieces by hidden); `passage` holds tensors in place of arrays."""
        said = self.norm_last(torch.cat([passage.anchors @ last, passage.around @ last], dim=-1))
        told = self.norm_middle(torch.cat([passage.anchors @ middle, passage.around @ middle], dim=-1))
        anchor = self.anchor(told)
        target = self.target(self.norm_target(passage.targets @ middle))
        hint = self.hint(passage.hints)
        anchors, targets = passage.pairs.shape[0], passage.pairs.shape[1]
        one = torch.cat([anchor, hint], dim=-1)
        each = one.unsqueeze(1).expand(anchors, targets, one.shape[-1])
        other = target.unsqueeze(0).expand(anchors, targets, target.shape[-1])
        product = anchor.unsqueeze(1) * target.unsqueeze(0) / math.sqrt(2.0)
        links = self.pair(torch.cat([each, other, product, passage.pairs], dim=-1))
        links = torch.cat([links, self.nobody(one).unsqueeze(1)], dim=1)
        return Output(self.names(last), self.types(said), self.modality(said), self.polarity(said), links)


class Network(nn.Module):
    """Body and heads."""

    def __init__(self, encoder: BertModel, shape: Shape, settings: EncoderSettings) -> None:
        super().__init__()
        self.encoder, self.shape = encoder, shape
        self.heads = Heads(encoder.config.hidden_size, settings)
        for parameter in encoder.embeddings.parameters():
            parameter.requires_grad = False
        for layer in encoder.encoder.layer[: shape.frozen]:
            for parameter in layer.parameters():
                parameter.requires_grad = False

    def bottom(self, ids: Tensor) -> Tensor:
        """What the frozen layers make of the pieces: it never changes, and is worked out once."""
        with torch.no_grad():
            hidden = self.encoder.embeddings(ids.unsqueeze(0))
            return self._through(hidden, 0, self.shape.frozen)[0]

    def forward(self, hidden: Tensor, passage: Inputs) -> Output:
        """The scores of a passage from what `bottom` made of it."""
        middle = self._through(hidden.unsqueeze(0), self.shape.frozen, self.shape.middle)
        last = self._through(middle, self.shape.middle, self.shape.layers)
        return self.heads(middle[0], last[0], passage)

    def _through(self, hidden: Tensor, first: int, stop: int) -> Tensor:
        for layer in self.encoder.encoder.layer[first:stop]:
            found = layer(hidden)
            hidden = found[0] if isinstance(found, tuple) else found
        return hidden


def as_tensors(inputs: Inputs) -> Inputs:
    """The arrays of a passage as tensors."""
    return Inputs(*(torch.from_numpy(array) for array in inputs))


def _mlp(inputs: int, inner: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Dropout(_DROP), nn.Linear(inputs, inner), nn.GELU(), nn.Linear(inner, outputs))
