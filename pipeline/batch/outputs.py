"""The files of a run, by name."""

from __future__ import annotations

from typing import Final

FACTS, ARTICLES, ERRORS = "facts.jsonl", "articles.jsonl", "errors.jsonl"
REJECTIONS, EXPLANATIONS = "rejections.jsonl", "explanations.jsonl"
OUTPUTS: Final = (FACTS, ARTICLES, ERRORS, REJECTIONS, EXPLANATIONS)
"""All that a run can write, in the order in which `Outcome.lines` and the ledger hold it."""

PARTS, QUARANTINE, RUN = "parts", "quarantine", "run.json"
HOME = ".autofacts"
"""The folder, in that of the run, of what is for the next run and not for people: ledger and lock."""


def wanted_outputs(rejections: bool, explain: bool) -> tuple[str, ...]:
    """The files of a run that asks for rejections and explanations or does not."""
    optional = {REJECTIONS: rejections, EXPLANATIONS: explain}
    return tuple(name for name in OUTPUTS if optional.get(name, True))


def part_name(name: str, number: int) -> str:
    """The file of part `number` of an output: "facts-00012.jsonl"."""
    stem, _, suffix = name.partition(".")
    return f"{stem}-{number:05}.{suffix}"
