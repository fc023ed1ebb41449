"""The network, its fitting and its export, and models of the hub: only where torch is installed (extra `train`)."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

import numpy as np  # noqa: E402
from tiny_encoder import build, seal  # noqa: E402
from tiny_encoder import settings as tiny_settings  # noqa: E402
from tokenizers import Regex, Tokenizer, models, pre_tokenizers  # noqa: E402

from pipeline.encoder.blend import Blend  # noqa: E402
from pipeline.encoder.hub import HubModel  # noqa: E402
from pipeline.encoder.model import INPUTS, MODEL, Encoder  # noqa: E402
from pipeline.encoder.question import Slot  # noqa: E402
from pipeline.encoder.tokenizing import Tokenizer as OurTokenizer  # noqa: E402
from pipeline.evaluate.gold import load_gold  # noqa: E402
from pipeline.extract import Extractor  # noqa: E402
from pipeline.link.revise import Second  # noqa: E402
from pipeline.schema import Article, Kind, Published  # noqa: E402
from pipeline.train.encoder.examples import Example, Maker, load_examples  # noqa: E402
from pipeline.train.encoder.export import difference, export  # noqa: E402
from pipeline.train.encoder.fitting import Reader, Recipe, fit, loss  # noqa: E402
from pipeline.train.encoder.net import Network, Shape, as_tensors  # noqa: E402

CORPUS = Path(__file__).parents[1] / "corpus"
LAYERS = Shape(layers=2, frozen=1, middle=1)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    pairs = [pair for pair in load_examples(CORPUS, "train") if pair[0].lang == "fr"][:2]
    maker = Maker(load_gold(CORPUS / "gold"))
    return [maker.example(article, gold) for article, gold in pairs]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A reader with random weights and pieces of one word or mark."""
    torch.manual_seed(0)
    made = tiny_settings()
    config = transformers.BertConfig(
        vocab_size=200, hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        attn_implementation="eager",
    )  # fmt: skip
    network = Network(transformers.BertModel(config, add_pooling_layer=False), LAYERS, made)
    return Reader(network, OurTokenizer(build(tmp_path / "tokenizer")), made)


def test_fitting_learns_what_is_right_about_the_examples(reader: Reader, examples: list[Example]) -> None:
    told: list[float] = []
    recipe = Recipe(epochs=6, body_rate=1e-3, head_rate=5e-3)
    fit(reader, examples, recipe, lambda epoch, mean: told.append(mean))
    assert len(told) == 6
    assert told[4] < 0.7 * told[0]  # the last one but one was not augmented


def test_the_same_seed_gives_the_same_weights(tmp_path: Path, reader: Reader, examples: list[Example]) -> None:
    start = {name: value.clone() for name, value in reader.network.state_dict().items()}
    found = []
    for _ in range(2):
        reader.network.load_state_dict(start)
        fit(reader, examples[:1], Recipe(epochs=2))
        found.append({name: value.clone() for name, value in reader.network.state_dict().items()})
    assert all(torch.equal(found[0][name], found[1][name]) for name in start)


def test_frozen_layers_stay_as_they_were(reader: Reader, examples: list[Example]) -> None:
    before = reader.network.encoder.encoder.layer[0].output.dense.weight.clone()
    moved = reader.network.encoder.encoder.layer[1].output.dense.weight.clone()
    fit(reader, examples[:1], Recipe(epochs=1))
    assert torch.equal(before, reader.network.encoder.encoder.layer[0].output.dense.weight)
    assert not torch.equal(moved, reader.network.encoder.encoder.layer[1].output.dense.weight)


def test_the_loss_of_what_is_right_is_less_than_of_what_is_wrong(reader: Reader, examples: list[Example]) -> None:
    lesson = next(reader.lessons(examples[0]))
    output = reader.network.eval()(lesson.hidden.float(), lesson.inputs)
    right = output.links.masked_fill(lesson.fill, 20.0)
    wrong = output.links.masked_fill(lesson.fill, -20.0)
    assert loss(output._replace(links=right), lesson) < loss(output._replace(links=wrong), lesson)


def test_the_export_answers_as_the_network_and_runs_without_torch(
    reader: Reader, examples: list[Example], tmp_path: Path
) -> None:
    question = examples[0].asking.question
    wanted = reader.ask(question)
    passages = [held.inputs for _, _, held in reader.held(question)]
    folder = build(tmp_path / "model")
    torch_network = reader.network
    export(torch_network, passages[0], folder / MODEL)
    seal(folder)
    found = Encoder(folder).read(question)
    assert found.opinions.keys() == wanted.opinions.keys()
    for index, opinion in found.opinions.items():
        assert max(opinion.modality.values()) == pytest.approx(max(wanted.opinions[index].modality.values()), abs=0.1)
    assert difference(torch_network, folder / MODEL, passages) < 0.02
    assert len(INPUTS) == len(as_tensors(passages[0]))
    assert np.isfinite([log for each in found.opinions.values() for log in each.types.values()]).all()


# ---- models of the hub

TEXT = "Zorglub a livré 21 400 voitures en septembre."


@pytest.fixture(scope="module")
def hub_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the Hugging Face kind that calls one word an organisation and another one something else."""
    folder = tmp_path_factory.mktemp("hub")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "Zorglub", "a", "livré", "voitures", "en", "septembre", ".", "Xylo"]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\w+|[^\w\s]"), "removed", invert=True)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    labels = {0: "O", 1: "B-ORG", 2: "B-MISC"}
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=1, intermediate_size=16,
        id2label=labels, label2id={name: at for at, name in labels.items()},
    )  # fmt: skip
    model = transformers.BertForTokenClassification(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.bert.embeddings.LayerNorm.weight.fill_(1)
        for layer in model.bert.encoder.layer:
            layer.attention.output.LayerNorm.weight.fill_(1)
            layer.output.LayerNorm.weight.fill_(1)
        model.bert.embeddings.word_embeddings.weight[words.index("Zorglub"), 0] = 9.0
        model.bert.embeddings.word_embeddings.weight[words.index("Xylo"), 1] = 9.0
        model.classifier.weight[1, 0] = model.classifier.weight[2, 1] = 9.0
        model.classifier.bias[0] = 5.0
    model.save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def test_names_of_a_hub_model_become_entities_where_no_rule_has_read_anything(hub_model: Path) -> None:
    article = Article("a", TEXT + " Xylo en septembre.", Published("2024-10"), "fr")
    plain = Extractor.load("fr", rules_only=True)
    voted = replace(plain, voter=HubModel(str(hub_model)))
    added = set(voted.detect(article).entities) - set(plain.detect(article).entities)
    assert {(each.name, each.kind, each.known) for each in added} <= {("Zorglub", Kind.COMPANY, False)}
    assert any(each.name == "Zorglub" for each in voted.detect(article).entities)


def test_a_hub_model_that_is_none_is_named(tmp_path: Path) -> None:
    logging.disable(logging.ERROR)
    try:
        with pytest.raises(ValueError, match="no token-classification model can be loaded"):
            HubModel(str(tmp_path))
    finally:
        logging.disable(logging.NOTSET)


def test_the_encoder_can_be_asked_about_what_a_hub_model_found(hub_model: Path, tmp_path: Path) -> None:
    encoder = Encoder(build(tmp_path))
    voted = replace(
        Extractor.load("fr", rules_only=True),
        voter=HubModel(str(hub_model)),
        second=Second(encoder, Blend(weights={slot: {"rules": 1.0} for slot in Slot})),
    )
    facts = voted.extract(Article("a", TEXT, Published("2024-10"), "fr")).facts
    assert [(fact.type, fact.subject.name if fact.subject else None) for fact in facts] == [("deliveries", "Zorglub")]
