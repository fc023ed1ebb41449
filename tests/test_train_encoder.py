"""What the encoder is trained from: wheels and their weights, the smaller vocabulary, labels, augmentation, the blend.

The network itself needs the extra `train`; the tests of it are left out where that is not installed.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.encoder.question import NOBODY, Slot
from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.link.party import PartyMention
from pipeline.link.weighing import Option
from pipeline.schema import Article, Modality, Published, QuantityMention
from pipeline.train.encoder.augment import augmented
from pipeline.train.encoder.examples import Example, Maker
from pipeline.train.encoder.mixing import Decision, fit_blend
from pipeline.train.encoder.vocabulary import pruned
from pipeline.train.encoder.weights import dequantised, read_pretrained
from pipeline.train.encoder.wheels import Pinned, wheel

CORPUS = Path(__file__).parents[1] / "corpus"
TEXT = (
    "Renault en France\n\n"
    "Renault a livré 21 400 exemplaires de la Renault 5 en septembre, contre 18 300 un an plus tôt. "
    "Peugeot vise 30 000 ventes en 2025. Il fait 12 degrés à Lyon."
)
GOLD = {
    "id": "a",
    "lang": "fr",
    "published": "2024-10",
    "entities": [
        {"name": "Renault", "type": "ORG"},
        {"name": "Renault 5", "type": "MODEL"},
        {"name": "Peugeot", "type": "ORG"},
        {"name": "Lyon", "type": "PLACE"},
    ],
    "dates": [],
}


def fact(quote: str, **slots: object) -> dict[str, object]:
    """A gold fact with the slots that are given."""
    names = ("subject", "object", "metric", "value", "low", "high", "unit", "qualifier", "per", "basis", "period")
    empty: dict[str, object] = dict.fromkeys((*names, "place", "source", "previous", "converted"))
    start = TEXT.index(quote)
    span = {"start": start, "end": start + len(quote)}
    common = {"modality": "actual", "polarity": "positive", "optional": False, "quote": quote, "span": span}
    return {**empty, **common, **slots}


def figure(value: int) -> dict[str, object]:
    return {"value": value, "low": None, "high": None, "unit": "vehicle"}


@pytest.fixture(scope="module")
def example() -> Example:
    september = {"value": "2024-09", "mod": None, "start": "2024-09-01", "end": "2024-09-30"}
    party = {"name": "Renault", "kind": "brand"}
    delivered = fact("21 400 exemplaires", type="deliveries", subject=party, value=21400, unit="vehicle")
    delivered |= {"object": {"name": "Renault 5", "kind": "model"}, "period": september, "previous": figure(18300)}
    sold = fact(
        "30 000 ventes", type="sales", subject={"name": "Peugeot", "kind": "brand"}, modality="planned", value=30000,
        unit="vehicle",
    )  # fmt: skip
    gold = GoldArticle.model_validate({**GOLD, "facts": [delivered, sold]})
    return Maker({"a": gold}).example(Article("a", TEXT, Published("2024-10"), "fr"), gold)


# ---- wheels and weights


def test_a_wheel_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some_project-1.0-py3-none-any.whl").write_bytes(b"other")
    with pytest.raises(ValueError, match="not the pinned 00ff"):
        wheel(Pinned("some-project", "1.0", "00ff", "MIT", "nothing"), tmp_path)


def test_a_wheel_that_cannot_be_had_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ValueError, match=r"pip could not fetch no-such 1\.0"):
        wheel(Pinned("no-such", "1.0", "0" * 64, "MIT", "nothing"), tmp_path)


def test_blocks_of_four_bits_are_scale_times_nibble_less_eight() -> None:
    block = struct.pack("<e16B", 0.5, *[0x1F if at == 0 else 0x88 for at in range(16)])
    found = dequantised(block)
    assert found[0] == 0.5 * (15 - 8)  # low nibble of the first byte
    assert found[16] == 0.5 * (1 - 8)  # its high nibble
    assert not found[1:16].any()
    assert not found[17:].any()


def test_tensors_are_found_by_their_names(tmp_path: Path) -> None:
    head = b"E5Q4" + struct.pack("<i", 1) + struct.pack("<7i", 4, 1, 1, 8, 3, 5, 2) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5i", 1, 0, 2, 1, 3) + struct.pack("<Q", 2) + bytes(2 * 4 + 4 + 2) + struct.pack("<iI", 0, 0)
    row = struct.pack("<H", 6) + b"emb.ln" + struct.pack("<BI", 0, 4)
    data = np.array([1, 2, 3, 4], np.float32).tobytes()
    at = len(head) + 4 + len(row) + 16
    path = tmp_path / "model.bin"
    path.write_bytes(head + struct.pack("<i", 1) + row + struct.pack("<QQ", at, len(data)) + data)
    found = read_pretrained(path)
    assert found.sizes[:7] == (4, 1, 1, 8, 3, 5, 2)
    assert found.floats("emb.ln").tolist() == [1, 2, 3, 4]


def test_a_file_that_is_cut_off_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"E5Q4")
    with pytest.raises(ValueError, match=r"model\.bin: is not a model"):
        read_pretrained(tmp_path / "model.bin")


# ---- vocabulary


def test_the_smaller_vocabulary_cuts_what_it_must_as_before(tmp_path: Path) -> None:
    pieces = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "▁",
        "▁le",
        "▁groupe",
        "▁SUV",
        "▁Xiaomi",
        "▁zzyzx",
        "▁rare",
        "a",
        "e",
        "r",
        "z",
    ]
    whole = Tokenizer(models.Unigram([(piece, -float(at)) for at, piece in enumerate(pieces)], unk_id=3))
    whole.pre_tokenizer = pre_tokenizers.Metaspace()
    whole.save(str(tmp_path / "tokenizer.json"))
    table, ids = pruned(tmp_path / "tokenizer.json", {"groupe": 3.0, "rare": 0.1}, ["le Xiaomi"], kept=len(pieces) - 2)
    kept = [pieces[at] for at in ids]
    small = Tokenizer.from_str(table)
    assert {"▁SUV", "▁le", "▁Xiaomi", "▁groupe", "a"} <= set(kept)  # acronyms, texts, frequent words, letters
    assert "▁zzyzx" not in kept
    assert small.encode("le Xiaomi SUV groupe").tokens == whole.encode("le Xiaomi SUV groupe").tokens
    assert json.loads(table)["model"]["vocab"][:4] == [["<s>", 0.0], ["<pad>", -1.0], ["</s>", -2.0], ["<unk>", -3.0]]


# ---- labels


def test_gold_is_laid_on_figures_and_what_fills_their_slots(example: Example) -> None:
    by_text = {
        anchor.span.text: label for anchor, label in zip(example.asking.question.anchors, example.labels, strict=True)
    }
    delivered, old, sold = (by_text[text] for text in ("21 400 exemplaires", "18 300", "30 000 ventes"))
    assert (delivered.type, old.type, sold.type) == ("deliveries", "", "sales")
    assert (sold.modality, sold.links[Slot.OBJECT]) == (Modality.PLANNED, (NOBODY,))
    targets = example.asking.question.targets
    filled = {slot: {targets[at].span.text for at in each if at != NOBODY} for slot, each in delivered.links.items()}
    assert filled[Slot.SUBJECT] == {"Renault"}
    assert filled[Slot.OBJECT] == {"Renault 5"}
    assert filled[Slot.PREVIOUS] == {"18 300"}
    assert filled[Slot.PERIOD] == {"septembre"}
    assert Slot.SUBJECT in delivered.kept


def test_names_stand_where_the_text_has_them(example: Example) -> None:
    assert [(span.text, label) for span, label in example.names] == [
        ("Renault", "ORG"), ("Renault", "ORG"), ("Renault 5", "MODEL"), ("Peugeot", "ORG"), ("Lyon", "PLACE"),
    ]  # fmt: skip


# ---- augmentation


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_other_names_and_figures_leave_the_labels_where_they_were(example: Example, seed: int) -> None:
    found = augmented(example, Random(seed))
    old, new = example.asking.question, found.asking.question
    assert found.labels == example.labels
    assert [each.fills for each in new.targets] == [each.fills for each in old.targets]
    assert all(new.text[each.span.start : each.span.end] == each.span.text for each in (*new.anchors, *new.targets))
    assert [new.text[s.start] for s in new.sentences[1:]]  # sentences still begin inside the text
    written: dict[str, set[str]] = {}
    for before, after, filler in zip(old.targets, new.targets, example.asking.fillers, strict=True):
        if isinstance(filler, QuantityMention):
            assert len(after.span.text) == len(before.span.text)
            assert after.span.text[0] == before.span.text[0]
        elif isinstance(filler, PartyMention) and not filler.anaphor:
            written.setdefault(filler.name, set()).add(after.span.text)
    assert all(len(forms) == 1 for forms in written.values())  # one party, one name


def test_augmentation_changes_something_and_is_the_same_for_the_same_seed(example: Example) -> None:
    one, same = (augmented(example, Random(3)).asking.question.text for _ in range(2))
    assert one == same != example.asking.question.text


# ---- the blend


def decision(article: int, *, rules: bool, encoder: bool, part: str = "subject") -> Decision:
    """Two options: that of the rules and another, which the encoder prefers where one of the two is wrong."""
    likes_first = rules == encoder
    first = Option("rules", {"rules": 1.0, "encoder": -0.1 if likes_first else -2.0})
    second = Option("other", {"rules": 0.0, "encoder": -2.0 if likes_first else -0.1})
    return Decision(f"a{article}", part, [first, second], [rules, not rules])


def test_an_encoder_that_sees_where_rules_are_wrong_gets_weight() -> None:
    told = [decision(at, rules=at % 3 != 0, encoder=True) for at in range(60)]
    blend, quality = fit_blend(told)
    assert blend.weights["subject"]["encoder"] > 0
    assert quality["subject"].both == 1.0 > quality["subject"].rules
    assert quality["subject"].possible == 1.0


def test_an_encoder_that_knows_nothing_gets_none() -> None:
    told = [decision(at, rules=True, encoder=at % 2 == 0) for at in range(60)]
    blend, quality = fit_blend(told)
    assert not blend.decides("subject")
    assert quality["subject"].both == quality["subject"].rules == 1.0


# ---- the command


def test_the_command_names_what_is_missing() -> None:
    pytest.importorskip("onnx")
    try:
        import torch  # noqa: F401

        pytest.skip("the extra is installed")
    except ModuleNotFoundError:
        done = CliRunner().invoke(app, ["train", "encoder"])
    assert done.exit_code == 2
    assert "pip install 'autofacts[train]'" in done.stderr


def test_gold_of_the_corpus_lies_on_its_figures() -> None:
    """Most figures of facts are found with their subject among the targets; a broken alignment would show here."""
    known = load_gold(CORPUS / "gold")
    from pipeline.train.encoder.examples import load_examples

    pairs = [pair for pair in load_examples(CORPUS, "dev") if pair[0].lang == "fr"][:6]
    maker = Maker(known)
    found = [maker.example(article, gold) for article, gold in pairs]
    labels = [label for each in found for label in each.labels if label and label.type]
    facts = sum(len(gold.facts) for _, gold in pairs)
    assert len(labels) > 0.7 * facts
    assert sum(Slot.SUBJECT in label.links for label in labels) > 0.7 * len(labels)
