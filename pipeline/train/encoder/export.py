"""A fitted network as an int8 ONNX model (torch, onnx, onnxruntime)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from pipeline.encoder.answer import Scores
from pipeline.encoder.inputs import Inputs
from pipeline.encoder.model import INPUTS
from pipeline.train.encoder.net import Network, Output, Tensor, as_tensors

_OPSET = 17
_LEVELS = 127.0


class _RowWise(nn.Module):
    """An embedding as int8, each row with a scale of its own: one scale for all costs up to eight points of F1."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / _LEVELS
        self.register_buffer("scale", scale)
        self.register_buffer("levels", (weight / scale).round().to(torch.int8))

    def forward(self, ids: Tensor) -> Tensor:
        return self.levels[ids].float() * self.scale[ids]


class _Whole(nn.Module):
    """The network from ids to scores."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(  # the inputs of the ONNX model
        self, ids: Tensor, anchors: Tensor, around: Tensor, targets: Tensor, pairs: Tensor, hints: Tensor
    ) -> Output:
        hidden = self.network.bottom(ids)
        return self.network(hidden, Inputs(ids, anchors, around, targets, pairs, hints))


def export(network: Network, example: Inputs, path: Path, *, reduce_range: bool = False) -> None:
    """Write `network` to `path` as ONNX: products with weights in int8 by channel, embeddings by row, the rest in
    float32. `example` is any passage. `reduce_range` uses 7 bits, for processors without VNNI whose 8-bit products may
    overflow. Replaces the network's embeddings; it is of no use afterwards."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.eval()
    embeddings = network.encoder.embeddings
    embeddings.word_embeddings = _RowWise(embeddings.word_embeddings.weight.detach())
    pieces, one, many = {0: "pieces"}, {0: "anchors", 1: "pieces"}, {0: "targets", 1: "pieces"}
    axes = {"ids": pieces, "anchors": one, "around": one, "targets": many}
    axes |= {"pairs": {0: "anchors", 1: "targets"}, "hints": {0: "anchors"}}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        with torch.no_grad():
            torch.onnx.export(
                _Whole(network), tuple(as_tensors(example)), str(plain), input_names=list(INPUTS),
                output_names=list(Scores._fields), dynamic_axes=axes, opset_version=_OPSET, dynamo=False,
            )  # fmt: skip
        quantize_dynamic(
            plain, path, op_types_to_quantize=["MatMul", "Gemm"], per_channel=True, reduce_range=reduce_range,
            weight_type=QuantType.QInt8,
        )  # fmt: skip


def difference(network: Network, path: Path, passages: list[Inputs]) -> float:
    """The mean absolute difference between the link probabilities of a network and those of its export."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    apart = []
    for each in passages:
        with torch.no_grad():
            output = network(network.bottom(torch.from_numpy(each.ids)), as_tensors(each))
        found = Scores(*session.run(Scores._fields, dict(zip(INPUTS, each, strict=True))))
        ours = torch.softmax(output.links, dim=1).numpy()
        theirs = torch.softmax(torch.from_numpy(found.links), dim=1).numpy()
        apart.append(float(np.abs(ours - theirs).mean()))
    return float(np.mean(apart)) if apart else 0.0
