"""A chart as its parts, in the units of its view box; `templates/chart.svg.j2` draws them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point with its radius and the words that a pointer brings up."""

    x: float
    y: float
    r: float
    label: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points "x,y x,y"; `style` is a class of the style sheet."""

    points: str
    style: str


@dataclass(frozen=True, slots=True)
class Box:
    """A bar."""

    x: float
    y: float
    width: float
    height: float
    label: str
    style: str = "box"


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol, drawn by the `d` of a path, that leads to `href` within the page; `label` as for a dot."""

    path: str
    href: str
    label: str
    style: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place."""

    x: float
    y: float
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is to be drawn; `summary` says it in words for those who do not see it.

    The plot lies between `left` and `right`, `top` and `bottom`.
    """

    summary: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    x_axis: str = ""
    y_axis: str = ""
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
