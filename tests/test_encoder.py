"""The encoder at run time: passages, exact decoding, answers, and what rules and encoder make of a text together."""

from __future__ import annotations

import itertools
import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_encoder import build, seal

from pipeline.encoder.answer import Read, Scores, answer
from pipeline.encoder.blend import BLEND, Blend
from pipeline.encoder.decode import Choices, Reading, Rules, decode, matched
from pipeline.encoder.hub import windows
from pipeline.encoder.inputs import Held, Inputs
from pipeline.encoder.model import FOLDER, Encoder
from pipeline.encoder.names import with_names
from pipeline.encoder.passages import Passage, Pieces, passages
from pipeline.encoder.question import NOBODY, Anchor, Answer, FoundName, Opinion, Question, Slot, Target
from pipeline.encoder.settings import EncoderSettings
from pipeline.extract import Extractor
from pipeline.language import load_pack
from pipeline.link.asking import asking
from pipeline.link.linker import bench_of, link_on
from pipeline.link.revise import Second
from pipeline.schema import Article, EntityMention, Kind, Mentions, Modality, Polarity, Published, Sentence, Span
from pipeline.segment import segment
from pipeline.versions import models_folder

LONG = "Le ciel est bleu et la mer est calme. " * 120
TEXT = (
    "Renault a livré 21 400 exemplaires en septembre, contre 18 300 un an plus tôt. "
    "Peugeot vise 30 000 ventes en 2025, a indiqué Stellantis. La marque ouvrira une usine à Lille."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("models") / "encoder")


@pytest.fixture(scope="module")
def rules() -> Extractor:
    return Extractor.load("fr", rules_only=True)


def article(text: str) -> Article:
    return Article("a", text, Published("2024-10"), "fr")


def asked_about(extractor: Extractor, text: str) -> Question:
    doc = segment(article(text), extractor.knowledge.pack.segment)
    bench = bench_of(doc, extractor.detect(article(text)), extractor.knowledge)
    return asking(bench, link_on(bench)[0]).question


# ---- passages


SMALL = EncoderSettings(types=("",), marks=(), title=3, room=60, before=10, after=4)


@st.composite
def texts(draw: st.DrawFn) -> tuple[Question, Pieces]:
    """A text of words of one letter, with anchors of up to 8 words."""
    count = draw(st.integers(1, 400))
    text = "x " * count
    starts = sorted(draw(st.sets(st.integers(0, count - 1), max_size=12)))
    anchors = []
    for start in starts:
        stop = min(start + draw(st.integers(1, 8)), count)
        anchors.append(Anchor(Span.cut(text, 2 * start, 2 * stop - 1), "", ()))
    pieces = Pieces([5] * count, [2 * at for at in range(count)], [2 * at + 1 for at in range(count)])
    return Question(text, [Sentence(0, len(text), 0)], anchors, ()), pieces


@given(texts())
def test_every_anchor_lies_whole_in_the_one_passage_that_is_asked_about_it(case: tuple[Question, Pieces]) -> None:
    question, pieces = case
    found = passages(question, pieces, SMALL)
    assert [at for each in found for at in each.anchors] == list(range(len(question.anchors)))
    for each in found:
        assert each.end - each.start <= SMALL.room
        assert len(set(each.pieces())) == len(each.pieces())
        for at in each.anchors:
            held = pieces.within(question.anchors[at].span)
            assert len(each.rows(held)) == len(held)


@given(texts())
def test_passages_begin_with_the_title_and_the_words_before_their_first_anchor(
    case: tuple[Question, Pieces],
) -> None:
    question, pieces = case
    for each in passages(question, pieces, SMALL):
        first = pieces.within(question.anchors[each.anchors[0]].span).start
        assert first - each.start <= SMALL.before
        assert each.pieces()[:1] == [0]


def test_text_without_a_figure_is_not_read(folder: Path, rules: Extractor) -> None:
    question = asked_about(rules, LONG)
    assert question.anchors == []
    assert Encoder(folder).read(question) == Answer({}, ())


def test_a_fact_at_the_end_of_a_long_article_is_read_and_the_text_before_it_is_not(
    tmp_path: Path, rules: Extractor
) -> None:
    question = asked_about(rules, TEXT + "\n\n" + LONG + "\n\n" + TEXT)
    encoder = Encoder(build(tmp_path))
    pieces = encoder._tokenizer.pieces(question.text)
    held = passages(question, pieces, encoder.settings)
    assert sum(len(each.pieces()) for each in held) < len(pieces.ids) / 3
    found = encoder.read(question)
    assert sorted(found.opinions) == list(range(len(question.anchors)))
    assert question.anchors[-1].span.start > len(TEXT) + len(LONG)


# ---- decoding


LOGS = st.floats(-6, 0).map(lambda value: round(value, 3))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Choices], Rules]:
    """Up to four anchors with two types, two parties and each other as fillers, some combinations forbidden."""
    count = draw(st.integers(1, 4))
    choices = []
    for index in range(count):
        types = {name: draw(LOGS) for name in draw(st.sampled_from([("", "a"), ("", "a", "b")]))}
        slots = {slot: {at: draw(LOGS) for at in (NOBODY, 0, 1)} for slot in (Slot.SUBJECT, Slot.OBJECT)}
        others = [10 + at for at in range(count) if at != index]
        slots[Slot.PREVIOUS] = {at: draw(LOGS) for at in (NOBODY, *others)}
        choices.append(Choices(types, slots))
    forbidden = draw(
        st.sets(st.tuples(st.integers(0, 3), st.sampled_from("ab"), st.sampled_from(Slot), st.integers(0, 13)))
    )
    return choices, Rules(
        lambda index, name, slot, target: (index, name, slot, target) not in forbidden,
        lambda _, one, other: one == other,
        lambda _, target: target - 10 if target >= 10 else None,
    )


def options(index: int, choices: Choices, rules: Rules) -> list[tuple[float, Reading]]:
    """Every reading of one anchor that the constraints allow, with its score."""
    found = [(choices.types[""], Reading("", {}))]
    for name in (name for name in choices.types if name):
        for targets in itertools.product(*choices.slots.values()):
            fillers = dict(zip(choices.slots, targets, strict=True))
            parties = fillers[Slot.SUBJECT], fillers[Slot.OBJECT]
            if NOBODY not in parties and rules.same(index, *parties):
                continue
            if all(target == NOBODY or rules.may(index, name, slot, target) for slot, target in fillers.items()):
                cost = sum(max(each.values()) - each[fillers[slot]] for slot, each in choices.slots.items())
                named = {slot: target for slot, target in fillers.items() if target != NOBODY}
                found.append((choices.types[name] - cost, Reading(name, named)))
    return found


def legal(readings: list[Reading], rules: Rules) -> bool:
    """A figure that another one replaces states nothing, and is replaced once."""
    replaced = [
        rules.figure(index, reading.fillers[Slot.PREVIOUS])
        for index, reading in enumerate(readings)
        if Slot.PREVIOUS in reading.fillers
    ]
    return len(set(replaced)) == len(replaced) and not any(readings[at].type for at in replaced if at is not None)


def score(readings: list[Reading], choices: list[Choices]) -> float:
    total = 0.0
    for reading, each in zip(readings, choices, strict=True):
        total += each.types[reading.type]
        for slot, logs in each.slots.items() if reading.type else ():
            total -= max(logs.values()) - logs[reading.fillers.get(slot, NOBODY)]
    return total


@settings(max_examples=60, deadline=None)
@given(cases())
def test_decoding_finds_what_trying_all_finds(case: tuple[list[Choices], Rules]) -> None:
    choices, rules = case
    found = decode(choices, rules)
    assert legal(found, rules)
    # Anchors bear on each other only by whether they state anything and what they replace: of readings alike in that,
    # the best stands for all.
    every = []
    for index, each in enumerate(choices):
        best: dict[tuple[bool, int], tuple[float, Reading]] = {}
        for value, reading in options(index, each, rules):
            sort = (bool(reading.type), reading.fillers.get(Slot.PREVIOUS, NOBODY))
            best[sort] = max(best.get(sort, (value, reading)), (value, reading), key=lambda option: option[0])
        every.append(list(best.values()))
    highest = max(
        sum(value for value, _ in combination)
        for combination in itertools.product(*every)
        if legal([reading for _, reading in combination], rules)
    )
    assert score(found, choices) == pytest.approx(highest)


@given(st.integers(0, 7), st.integers(1, 3), st.data())
def test_pairs_are_those_that_trying_all_finds(count: int, reach: int, data: st.DataObject) -> None:
    near = [(i, j) for i in range(count) for j in range(count) if i != j and abs(i - j) <= reach]
    gains = {pair: data.draw(st.floats(-1, 2).map(lambda v: round(v, 2))) for pair in near}

    def best(free: frozenset[int]) -> float:
        if not free:
            return 0.0
        first, *others = sorted(free)
        rest = free - {first}
        found = [best(rest)]
        for other in others:
            for pair in ((first, other), (other, first)):
                if pair in gains:
                    found.append(gains[pair] + best(rest - {other}))
        return max(found)

    pairs = matched(count, gains, reach)
    nodes = [node for pair in pairs for node in pair]
    assert len(nodes) == len(set(nodes))
    assert sum(gains[pair] for pair in pairs) == pytest.approx(best(frozenset(range(count))))


# ---- answers


def test_opinions_are_probabilities_of_what_is_admitted(folder: Path, rules: Extractor) -> None:
    question = asked_about(rules, TEXT)
    found = Encoder(folder).read(question)
    assert len(found.opinions) == len(question.anchors)
    for index, opinion in found.opinions.items():
        assert set(opinion.types) == {"", *question.anchors[index].admitted}
        for logs in (opinion.types, opinion.modality, opinion.polarity, *opinion.links.values()):
            assert math.fsum(map(math.exp, logs.values())) == pytest.approx(1.0, abs=1e-5)
        for slot, links in opinion.links.items():
            assert all(at == NOBODY or slot in question.targets[at].fills for at in links)


def test_names_hold_no_space_or_mark_at_their_ends(folder: Path, rules: Extractor) -> None:
    for name in Encoder(folder).read(asked_about(rules, TEXT)).names:
        assert name.span.text == TEXT[name.span.start : name.span.end]
        assert name.span.text == name.span.text.strip(" ,.'")


def test_the_same_question_has_the_same_answer(folder: Path, rules: Extractor) -> None:
    question = asked_about(rules, TEXT)
    assert Encoder(folder).read(question) == Encoder(folder).read(question)


def test_an_answer_can_be_laid_on_a_question_with_more_targets() -> None:
    span, other = Span.cut("12 ab cd", 0, 2), Span.cut("12 ab cd", 3, 5)
    party = frozenset({Slot.SUBJECT})
    old = Question("12 ab cd", (), [Anchor(span, "a", ("a",))], [Target(Span.cut("12 ab cd", 6, 8), party)])
    new = old._replace(targets=[Target(other, party), *old.targets])
    opinion = Opinion(
        {"": -1.0, "a": -0.5}, {Modality.ACTUAL: 0.0}, {Polarity.POSITIVE: 0.0}, {Slot.SUBJECT: {0: -0.1, NOBODY: -2.4}}
    )
    laid = Answer({0: opinion}, ()).laid_on(old, new)
    assert laid.opinions[0].links == {Slot.SUBJECT: {1: -0.1, NOBODY: -2.4}}


# ---- names that no rule knows


FOUND = Span.cut("Zorglub et Renault ont 12 usines", 0, 7)


@pytest.mark.parametrize(
    ("name", "added"),
    [
        (FoundName(FOUND, "ORG", 0.95), [("Zorglub", Kind.COMPANY)]),
        (FoundName(FOUND, "MODEL", 0.95), [("Zorglub", Kind.MODEL)]),
        (FoundName(FOUND, "ORG", 0.5), []),  # too unsure
        (FoundName(Span.cut("Zorglub et Renault ont 12 usines", 8, 18), "ORG", 1.0), []),  # touches a known name
        (FoundName(Span.cut("Zorglub et Renault ont 12 usines", 26, 32), "ORG", 1.0), []),  # an ordinary word
    ],
)
def test_names_are_added_where_no_rule_has_read_anything(name: FoundName, added: list[tuple[str, Kind]]) -> None:
    known = EntityMention(Span.cut("Zorglub et Renault ont 12 usines", 11, 18), "Renault", Kind.BRAND)
    found = with_names(Mentions(entities=(known,)), [name])
    assert [(each.name, each.kind) for each in found.entities if each is not known] == added


# ---- rules and encoder together


def test_an_encoder_that_is_not_believed_changes_no_fact_and_says_what_it_thinks(
    folder: Path, rules: Extractor
) -> None:
    plain = rules.extract(article(TEXT))
    both = replace(rules, second=Second(Encoder(folder), Blend())).extract(article(TEXT))
    assert both.facts == plain.facts
    assert all("encoder:subject" in each for each in both.evidence.values())
    assert not any(name.startswith("encoder") for each in plain.evidence.values() for name in each)


def test_an_encoder_that_alone_is_believed_links_as_it_likes_within_the_ontology(
    folder: Path, rules: Extractor
) -> None:
    blend = Blend(weights={part: {"encoder": 1.0} for part in ("type", "modality", *Slot)})
    found = replace(rules, second=Second(Encoder(folder), blend)).extract(article(TEXT))
    types = rules.knowledge.ontology.types
    assert [fact.subject for fact in found.facts] != [fact.subject for fact in rules.extract(article(TEXT)).facts]
    for fact in found.facts:
        row = types[fact.type]
        assert fact.subject is None or fact.subject.kind in row.subjects
        assert fact.object is None or (fact.object.kind in row.objects and fact.object.name != fact.subject.name)


def test_rules_that_alone_are_believed_keep_all(folder: Path, rules: Extractor) -> None:
    blend = Blend(weights={part: {"rules": 9.0} for part in ("type", "modality", *Slot)})
    found = replace(rules, second=Second(Encoder(folder), blend)).extract(article(TEXT))
    assert found.facts == rules.extract(article(TEXT)).facts


def test_blends_give_probabilities() -> None:
    logs = Blend(weights={"type": {"encoder": 1.0, "rules": 2.0}}).logs(
        "type", [{"encoder": -1.0, "rules": 1.0}, {"encoder": 0.0}]
    )
    assert math.fsum(map(math.exp, logs)) == pytest.approx(1.0)
    assert logs[0] - logs[1] == pytest.approx(1.0)


# ---- files


def test_a_changed_file_is_refused_by_name(tmp_path: Path) -> None:
    folder = build(tmp_path)
    (folder / BLEND).write_text('{"weights": {"type": {"rules": 1}}}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"blend\.json: is not the file of manifest\.toml"):
        Encoder(folder)


def test_a_file_that_is_no_blend_is_refused_by_name(tmp_path: Path) -> None:
    folder = build(tmp_path)
    (folder / BLEND).write_text('{"wait": 1}', encoding="utf-8")
    seal(folder)
    with pytest.raises(ValueError, match=r"(?s)blend\.json: .*wait"):
        Encoder(folder)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Encoder(tmp_path)


# ---- profiles


def run(*arguments: str, models: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | ({"AUTOFACTS_MODELS": str(models)} if models else {})
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


@pytest.fixture
def press(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(f" date 2024-10 {TEXT}", encoding="utf-8")
    return tmp_path / "a.txt"


def test_the_accurate_profile_needs_a_model(press: Path, tmp_path: Path) -> None:
    done = run("extract", str(press), "--output", str(tmp_path / "out"), "--profile", "accurate")
    assert done.returncode == 2
    assert "no model of the encoder" in done.stderr


def test_the_installed_encoder_is_used_unless_rules_alone_are_asked_for(press: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(models_folder(), models)
    build(models / FOLDER, Blend(weights={slot: {"encoder": 1.0} for slot in Slot}))
    outs = {}
    for profile, options in {"fast": ["--profile", "fast"], "accurate": ["--profile", "accurate"], "": []}.items():
        out = tmp_path / f"out{profile}"
        done = run("extract", str(press), "--output", str(out), "--workers", "1", *options, models=models)
        assert done.returncode == 0, done.stderr
        outs[profile] = (out / "facts.jsonl").read_bytes()
    assert outs[""] == outs["accurate"] != outs["fast"]


def test_results_of_one_profile_are_not_kept_for_another(press: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    run("extract", str(press), "--output", out, "--workers", "0")
    again = run("extract", str(press), "--output", out, "--workers", "0", "--changed-only")
    other = run("extract", str(press), "--output", out, "--workers", "0", "--changed-only", "--profile", "fast")
    assert "0 extracted now, 1 known" in again.stderr
    assert "0 extracted now" not in other.stderr


# ---- windows of hub models


@given(st.lists(st.integers(1, 2500), min_size=1, max_size=6))
def test_windows_hold_the_whole_text_once(lengths: list[int]) -> None:
    text = "\n\n".join(("mot " * length)[:length].strip() for length in lengths)
    found = windows(segment(article(text), load_pack("fr").segment))
    assert all(end - start <= 900 for start, end in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    covered = "".join(text[start:end] for start, end in found)
    assert "".join(covered.split()) == "".join(text.split())


def test_a_piece_that_is_a_space_alone_is_no_name() -> None:
    made = EncoderSettings(types=("",), marks=())
    pieces = Pieces([4, 5, 6], [0, 3, 4], [2, 3, 6])  # "ab", a space, "cd"
    passage = Passage(0, 0, 3, ())
    tags = np.full((5, len(made.tags)), -9.0, dtype=np.float32)
    tags[:, 0] = 0.0
    tags[2, 1] = 9.0
    empty = np.zeros((0, 0), np.float32)
    scores = Scores(tags, empty, empty, empty, np.zeros((0, 1, len(made.slots)), np.float32))
    held = Held(Inputs(np.array([0, 4, 5, 6, 2]), *[empty] * 3, np.zeros((0, 0, 0), np.float32), empty), (), ())
    read = [Read(passage, held, scores)]
    assert answer(Question("ab  cd", (), (), ()), pieces, read, made).names == []
    tags[1, 1] = 9.0
    assert [n.span.text for n in answer(Question("ab  cd", (), (), ()), pieces, read, made).names] == ["ab"]
