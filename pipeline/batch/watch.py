"""A folder in which articles arrive: each is extracted once it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.batch.progress import Tally
from pipeline.batch.record import RunRecord
from pipeline.batch.run import Running, extract_with, workforce
from pipeline.batch.work import BatchOptions
from pipeline.ingest import Inputs, Source, discover

DEFAULT_PAUSE = 2.0
_Look = dict[str, tuple[int, int]]
"""The files in a folder: size and time of change by name."""
