"""Fits the network to examples, and asks a fitted one about them (torch)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from torch.nn import functional

from pipeline.encoder.answer import Read, Scores, answer
from pipeline.encoder.inputs import Held, Inputs, fillable, inputs_of
from pipeline.encoder.passages import Passage, Pieces, passages
from pipeline.encoder.question import NOBODY, Answer, Question
from pipeline.encoder.settings import EncoderSettings
from pipeline.encoder.tokenizing import Tokenizer
from pipeline.train.encoder.augment import augmented
from pipeline.train.encoder.examples import Example
from pipeline.train.encoder.labels import Label
from pipeline.train.encoder.net import Network, Output, as_tensors

Tensor: TypeAlias = torch.Tensor
Advance = Callable[[int, float], None]
"""Told after each epoch: its number from 0, and the mean loss."""
_WEIGHTS = {"types": 1.0, "modality": 0.5, "polarity": 0.2, "names": 0.3}
_SLOTS = (1.0, 0.4, 0.5, 0.3, 0.2, 0.2)  # of the links, in the order of Slot: the subject above all
_CLIP = 1.0
_WARM = 0.1  # share of the steps in which the rate grows
_NEVER = -1e4


class Recipe(NamedTuple):
    """How long and how fast is learned: `epochs` over the examples, of which every second is augmented, in steps of
    `batch` passages; the rates of body and heads at their peak; the seed of all that is random."""

    epochs: int = 5
    batch: int = 2
    body_rate: float = 1e-4
    head_rate: float = 1e-3
    seed: int = 0


class Lesson(NamedTuple):
    """One passage to learn from: what the frozen layers make of it, its inputs, and what is right: the type of each
    anchor (-1: unknown) among those admitted, modality and polarity (-1: no fact), the targets that fill each slot
    (anchors by targets and nobody by slots), and the tag of each piece."""

    hidden: Tensor
    inputs: Inputs
    types: Tensor
    admitted: Tensor
    modality: Tensor
    polarity: Tensor
    may: Tensor
    fill: Tensor
    tags: Tensor


class Reader:
    """Makes lessons of examples for one network."""

    def __init__(self, network: Network, tokenizer: Tokenizer, settings: EncoderSettings) -> None:
        self.network, self.tokenizer, self.settings = network, tokenizer, settings

    def held(self, question: Question) -> Iterator[tuple[Pieces, Passage, Held]]:
        """The passages of a question as they are fed."""
        pieces = self.tokenizer.pieces(question.text)
        for passage in passages(question, pieces, self.settings):
            yield pieces, passage, inputs_of(question, pieces, passage, self.settings)

    def lessons(self, example: Example) -> Iterator[Lesson]:
        """The lessons of one example."""
        question = example.asking.question
        for pieces, passage, held in self.held(question):
            inputs = as_tensors(held.inputs)
            labels = [example.labels[at] for at in held.anchors]
            nobody = np.ones((len(labels), 1, len(self.settings.slots)), dtype=bool)
            may = np.concatenate([fillable(question, held, self.settings.slots), nobody], axis=1)
            yield Lesson(
                self.network.bottom(inputs.ids).half(),
                inputs,
                torch.tensor([self.settings.types.index(each.type) if each else -1 for each in labels]),
                self._admitted(question, held),
                _classes([each.modality if each and each.type else None for each in labels], self.settings.modalities),
                _classes([each.polarity if each and each.type else None for each in labels], self.settings.polarities),
                torch.from_numpy(may),
                self._fill(labels, held) & torch.from_numpy(may),
                self._tags(example, pieces, passage, len(held.inputs.ids)),
            )

    def ask(self, question: Question) -> Answer:
        """What the network answers."""
        self.network.eval()
        return answer(question, self.tokenizer.pieces(question.text), self._read(question), self.settings)

    def _read(self, question: Question) -> Iterator[Read]:
        for _, passage, held in self.held(question):
            with torch.no_grad():
                inputs = as_tensors(held.inputs)
                output = self.network(self.network.bottom(inputs.ids), inputs)
            yield Read(passage, held, Scores(*(each.numpy() for each in output)))

    def _admitted(self, question: Question, held: Held) -> Tensor:
        found = torch.zeros((len(held.anchors), len(self.settings.types)), dtype=torch.bool)
        for row, at in enumerate(held.anchors):
            for name in ("", *question.anchors[at].admitted):
                found[row, self.settings.types.index(name)] = True
        return found

    def _fill(self, labels: Sequence[Label | None], held: Held) -> Tensor:
        found = torch.zeros((len(labels), len(held.targets) + 1, len(self.settings.slots)), dtype=torch.bool)
        column = {index: at for at, index in enumerate(held.targets)} | {NOBODY: len(held.targets)}
        for row, label in enumerate(labels):
            for at, slot in enumerate(self.settings.slots if label else ()):
                for index in label.links.get(slot, ()) if label else ():
                    if index in column:
                        found[row, column[index], at] = True
        return found

    def _tags(self, example: Example, pieces: Pieces, passage: Passage, width: int) -> Tensor:
        found = torch.zeros(width, dtype=torch.long)
        for span, label in example.names:
            for at, row in enumerate(passage.rows(pieces.within(span))):
                found[row] = self.settings.tags.index(f"{'I' if at else 'B'}-{label}")
        return found


def fit(reader: Reader, examples: Sequence[Example], recipe: Recipe, advance: Advance | None = None) -> None:
    """Fit the reader's network to `examples`; each epoch sees all of them, every second one with other names and
    figures. The same seed, data and machine give the same weights."""
    torch.manual_seed(recipe.seed)
    random = Random(recipe.seed)
    network = reader.network
    plain = [lesson for example in examples for lesson in reader.lessons(example)]
    steps = recipe.epochs * math.ceil(len(plain) / recipe.batch)
    optimizer = torch.optim.AdamW(_groups(network, recipe), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate((step + 1) / (steps + 1)))
    for epoch in range(recipe.epochs):
        other = [lesson for each in examples for lesson in reader.lessons(augmented(each, random))] if epoch % 2 else []
        lessons = other or list(plain)
        random.shuffle(lessons)
        network.train()
        total = 0.0
        for at in range(0, len(lessons), recipe.batch):
            losses = [loss(network(each.hidden.float(), each.inputs), each) for each in lessons[at : at + recipe.batch]]
            mean = torch.stack(losses).mean()
            optimizer.zero_grad()
            mean.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
            optimizer.step()
            schedule.step()
            total += float(mean.detach()) * len(losses)
        if advance:
            advance(epoch, total / max(len(lessons), 1))


def loss(output: Output, lesson: Lesson) -> Tensor:
    """How far the scores of a passage are from what is right (cross-entropies; several right targets share theirs)."""
    types = output.types.masked_fill(~lesson.admitted, _NEVER)
    parts = [
        _WEIGHTS["types"] * _entropy(types, lesson.types),
        _WEIGHTS["modality"] * _entropy(output.modality, lesson.modality),
        _WEIGHTS["polarity"] * _entropy(output.polarity, lesson.polarity),
        _WEIGHTS["names"] * functional.cross_entropy(output.names, lesson.tags),
    ]
    links = output.links.masked_fill(~lesson.may, _NEVER)
    right = links.masked_fill(~lesson.fill, _NEVER)
    told = lesson.fill.any(dim=1)
    missed = torch.logsumexp(links, dim=1) - torch.logsumexp(right, dim=1)
    for at, weight in enumerate(_SLOTS):
        if told[:, at].any():
            parts.append(weight * missed[told[:, at], at].mean())
    return torch.stack(parts).sum()


def _entropy(scores: Tensor, right: Tensor) -> Tensor:
    if not (right >= 0).any():
        return scores.sum() * 0.0
    return functional.cross_entropy(scores, right, ignore_index=-1)


def _classes(values: Sequence[object], labels: Sequence[object]) -> Tensor:
    return torch.tensor([labels.index(value) if value is not None else -1 for value in values], dtype=torch.long)


def _groups(network: Network, recipe: Recipe) -> list[dict[str, object]]:
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    return [
        {"params": body, "lr": recipe.body_rate},
        {"params": list(network.heads.parameters()), "lr": recipe.head_rate},
    ]


def _rate(done: float) -> float:
    """Up in the first tenth, then down to zero along a line."""
    return done / _WARM if done < _WARM else max(0.0, (1.0 - done) / (1.0 - _WARM))
