"""One target under atheris: `one.py TARGET [options of libFuzzer] [FOLDER …]`; `run.py` calls it."""

from __future__ import annotations

import sys

import atheris

name = sys.argv.pop(1)
with atheris.instrument_imports(include=["pipeline"]):
    from targets import TARGETS

target = TARGETS[name]
target(b"")  # what is loaded once is not the first input's fault
atheris.Setup(sys.argv, lambda data: target(data) and None)
atheris.Fuzz()
