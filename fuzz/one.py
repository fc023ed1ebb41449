"""One target under atheris: `one.py TARGET [options of libFuzzer] [FOLDER …]`; `run.py` calls it."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

name = sys.argv.pop(1)
with atheris.instrument_imports(include=["pipeline"]):
    from targets import TARGETS

target = TARGETS[name]
for seed in sorted((Path(__file__).resolve().parent / "seeds" / name).iterdir()):
    target(seed.read_bytes())  # what is loaded once is not the fault of the first input
atheris.Setup(sys.argv, lambda data: target(data) and None)
atheris.Fuzz()
