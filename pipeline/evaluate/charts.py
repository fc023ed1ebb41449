"""The geometry of the report's charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.evaluate.bootstrap import Interval, Intervals
from pipeline.evaluate.calibration import LEVELS, Bin, Calibration, Level, Thresholds
from pipeline.evaluate.measures import PRF, Scores
from pipeline.page import Box, Chart, Dot, Label, Line, Tick

WIDTH, HEIGHT = 360.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 12.0, 12.0, 40.0
_ROW, _LABEL = 30.0, 64.0
_FOOT = 0.25  # of the height, for the bar of the fullest bin
_PLOT = Chart(
    summary="",
    width=WIDTH,
    height=HEIGHT,
    left=_LEFT,
    right=WIDTH - _RIGHT,
    top=_TOP,
    bottom=HEIGHT - _BOTTOM,
)


def reliability_chart(found: Calibration) -> Chart:
    """The share that is right over the confidence: on the diagonal where confidence can be believed. Bars at the
    foot show how many facts each bin holds."""
    most = max(each.facts for each in found.bins)
    return replace(
        _PLOT,
        summary=f"Reliability: expected calibration error {found.ece:.3f} over {found.facts} facts; table below.",
        x_axis="confidence",
        y_axis="share that is right",
        x_ticks=_ticks(_x),
        y_ticks=_ticks(_y),
        boxes=tuple(_bin_box(each, most) for each in found.bins),
        lines=(
            Line(_path([(0, 0), (1, 1)]), "guide"),
            Line(_path([(each.confidence, each.right) for each in found.bins]), "right"),
        ),
        dots=tuple(_bin_dot(each) for each in found.bins),
    )


def _bin_box(each: Bin, most: int) -> Box:
    top = _y(_FOOT * each.facts / most)
    words = f"{each.facts} facts from {each.low:.1f} to {each.high:.1f}"
    return Box(_x(each.low) + 1, top, _x(each.high) - _x(each.low) - 2, _y(0) - top, words)


def _bin_dot(each: Bin) -> Dot:
    words = f"confidence {each.confidence:.2f}: {each.right:.2f} right, {each.facts} facts"
    return Dot(_x(each.confidence), _y(each.right), 4, words, "right")


def threshold_chart(found: Thresholds) -> Chart:
    """Precision over recall as the threshold rises, for the three levels; dots stand at every 0.1."""
    lines, dots, labels = [], [], []
    for level in LEVELS:
        curve = [(prf.recall, prf.precision) for point in found.points if (prf := _level(point, level))]
        lines.append(Line(_path(curve), level))
        for point in found.points:
            prf = _level(point, level)
            if round(point.threshold * 100) % 10 == 0:
                words = f"{level}, confidence from {point.threshold:.2f}: P {prf.precision:.3f}, R {prf.recall:.3f}"
                dots.append(Dot(_x(prf.recall), _y(prf.precision), 3.5, words, level))
        end = _level(found.points[0], level)
        labels.append(Label(_x(min(end.recall + 0.02, 0.9)), _y(end.precision) + 4, level, level))
    return replace(
        _PLOT,
        summary=f"Precision and recall for {len(found.points)} thresholds on confidence; table below.",
        x_axis="recall",
        y_axis="precision",
        x_ticks=_ticks(_x),
        y_ticks=_ticks(_y),
        lines=tuple(lines),
        dots=tuple(dots),
        labels=tuple(labels),
    )


def interval_chart(scores: Scores, found: Intervals) -> Chart:
    """Precision, recall and F1, core and full, each as a dot on its interval."""
    rows = [
        (f"{level} {name}", level, value, ends)
        for level, prf, parts in (("core", scores.core, found.core), ("full", scores.full, found.full))
        for name, value, ends in (
            ("P", prf.precision, parts.precision),
            ("R", prf.recall, parts.recall),
            ("F1", prf.f1, parts.f1),
        )
    ]
    bottom = _TOP + _ROW * len(rows)

    def x(value: float) -> float:
        return round(_LABEL + value * (WIDTH - _RIGHT - _LABEL), 1)

    middles = [round(_TOP + _ROW * (at + 0.5), 1) for at in range(len(rows))]
    return replace(
        _PLOT,
        summary="; ".join(f"{name} {_with_ends(value, ends)}" for name, _, value, ends in rows),
        height=bottom + 24,
        left=_LABEL,
        bottom=bottom,
        x_ticks=_ticks(x),
        lines=tuple(
            Line(f"{x(ends.low)},{y} {x(ends.high)},{y}", f"interval {level}")
            for y, (_, level, _, ends) in zip(middles, rows, strict=True)
        ),
        dots=tuple(
            Dot(x(value), y, 5, f"{name} {_with_ends(value, ends)}", level)
            for y, (name, level, value, ends) in zip(middles, rows, strict=True)
        ),
        labels=tuple(
            Label(_LABEL - 8, y + 4, name, "end") for y, (name, *_) in zip(middles, rows, strict=True)
        ),
    )


def _with_ends(value: float, ends: Interval) -> str:
    return f"{value:.3f} ({ends.low:.3f} to {ends.high:.3f})"


def _level(point: object, level: Level) -> PRF:
    found: PRF = getattr(point, level)
    return found


def _ticks(scale: Callable[[float], float]) -> tuple[Tick, ...]:
    return tuple(Tick(scale(at / 5), f"{at / 5:.1f}") for at in range(6))


def _x(value: float) -> float:
    return round(_LEFT + value * (WIDTH - _LEFT - _RIGHT), 1)


def _y(value: float) -> float:
    return round(HEIGHT - _BOTTOM - value * (HEIGHT - _TOP - _BOTTOM), 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_x(x)},{_y(y)}" for x, y in points)
