"""A comparison of two runs for a terminal."""

from __future__ import annotations

from collections import Counter

from pipeline.evaluate.compare import Comparison
from pipeline.evaluate.measures import PRF


def comparison_text(found: Comparison) -> str:
    """Scores of both runs with their differences, then what was won and lost, fact by fact."""
    of_split = f" of split {found.split}" if found.split else ""
    blocks = [
        [f"{found.articles} articles{of_split}"],
        _score_lines(found),
        _type_lines(found),
        _slot_lines(found),
        _change_lines(found),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _score_lines(found: Comparison) -> list[str]:
    lines = [f"{'':22}{'A':>7}{'B':>7}{'B - A':>8}"]
    for name, a, b, p in (
        ("core", found.facts.a.core, found.facts.b.core, found.core_p),
        ("full", found.facts.a.full, found.facts.b.full, found.full_p),
    ):
        lines += [
            _line(f"{name} P", a.precision, b.precision),
            _line(f"{name} R", a.recall, b.recall),
            f"{_line(f'{name} F1', a.f1, b.f1)}   p = {p:.4f}",
        ]
    # Of detected figures gold does not always say whether they are right: only their recall is sure.
    for what, each in found.mentions.items():
        lines.append(
            _line("figure R", each.a.recall, each.b.recall)
            if what == "figure"
            else _line(f"{what} F1", each.a.f1, each.b.f1)
        )
    return lines


def _type_lines(found: Comparison) -> list[str]:
    lines = [f"{'type':22}{'gold':>5}{'core A':>8}{'core B':>8}{'B - A':>8}{'full A':>8}{'full B':>8}{'B - A':>8}"]
    for name, each in found.by_type.items():
        if each.a != each.b:
            cells = _cells(each.a.core, each.b.core) + _cells(each.a.full, each.b.full)
            lines.append(f"{name:22}{each.a.core.tp + each.a.core.fn:5}{cells}")
    return lines if len(lines) > 1 else ["no type differs"]


def _slot_lines(found: Comparison) -> list[str]:
    differ = {slot: each for slot, each in found.slots.items() if each.a.accuracy != each.b.accuracy}
    lines = [_line(slot, each.a.accuracy, each.b.accuracy) for slot, each in differ.items()]
    return [f"{'slot':22}{'A':>7}{'B':>7}{'B - A':>8}", *lines] if lines else []


def _change_lines(found: Comparison) -> list[str]:
    counts = Counter(change.outcome for change in found.changes) + Counter(found.withheld)
    lines = [f"won {counts['won']}, lost {counts['lost']}, mixed {counts['mixed']}"]
    if found.withheld:
        lines.append(f"{sum(found.withheld.values())} of them in held-out articles: not shown one by one")
    for outcome in ("won", "lost", "mixed"):
        for change in found.changes:
            if change.outcome == outcome:
                about = f"{change.article_id} | {change.type} | {change.figure}"
                lines.append(f"{outcome} | {about} | {change.before} -> {change.after} | « {change.quote} »")
    return lines


def _line(name: str, a: float, b: float) -> str:
    return f"{name:22}{a:7.3f}{b:7.3f}{b - a:+8.3f}"


def _cells(a: PRF, b: PRF) -> str:
    return f"{a.f1:8.3f}{b.f1:8.3f}{b.f1 - a.f1:+8.3f}"
