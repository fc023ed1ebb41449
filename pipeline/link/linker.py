"""Mentions to candidates: one for each figure that states something, one for each event."""

from __future__ import annotations

from dataclasses import replace

from pipeline.link.bench import Bench, Knowledge
from pipeline.link.candidate import Candidate
from pipeline.link.carry import carry_units
from pipeline.link.events import add_events
from pipeline.link.figures import from_figures
from pipeline.link.scene import Scene
from pipeline.schema import Document, Mentions, Rejection


def link(doc: Document, mentions: Mentions, knowledge: Knowledge) -> tuple[list[Candidate], list[Rejection]]:
    """Candidates of `doc` in the order of the text, and the figures that state nothing, with the reason."""
    return link_on(bench_of(doc, mentions, knowledge))


def bench_of(doc: Document, mentions: Mentions, knowledge: Knowledge) -> Bench:
    """The document laid out for linking, figures without a unit in that of their neighbours."""
    scene = Scene(doc, mentions)
    quantities = carry_units(scene, knowledge.pack, knowledge.units, knowledge.ontology)
    if quantities != mentions.quantities:
        scene = Scene(doc, replace(mentions, quantities=quantities))
    return Bench.lay(scene, knowledge)


def link_on(bench: Bench) -> tuple[list[Candidate], list[Rejection]]:
    """As `link`, of a document laid out already."""
    figures, rejections = from_figures(bench)
    candidates = add_events(bench, figures)
    return sorted(candidates, key=lambda c: (c.anchor.start, c.anchor.end, c.type)), rejections
