"""The targets of fuzz/: their seeds, what was found once among them, and what hypothesis makes of these."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FUZZ = Path(__file__).parents[1] / "fuzz"
sys.path.insert(0, str(FUZZ))

from targets import TARGETS  # noqa: E402  # a folder of scripts

SEEDS = {name: [path.read_bytes() for path in sorted((FUZZ / "seeds" / name).iterdir())] for name in TARGETS}


def test_every_target_has_seeds_and_every_seed_a_target() -> None:
    assert {path.name for path in (FUZZ / "seeds").iterdir()} == TARGETS.keys()
    assert all(SEEDS.values())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds(name: str) -> None:
    for seed in SEEDS[name]:
        TARGETS[name](seed)


@st.composite
def damaged(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A seed with pieces cut out, doubled, or overwritten."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 24)))
        data[start:stop] = draw(st.binary(max_size=12) | st.just(bytes(data[start:stop]) * 2))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_seeds(name: str) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(damaged(SEEDS[name]))
    def run(data: bytes) -> None:
        TARGETS[name](data)

    run()
