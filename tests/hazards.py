"""Extractors for tests of the running half: they do what an article's text tells them to, in a worker process too."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import psutil
from stand_in import StandIn

from pipeline.schema import Article, Extraction

DIE, SEGFAULT, HANG, SLEEP, EAT = "MEURS", "FAUTE", "BOUCLE", "DORS", "MANGE"
KILL_MACHINE = re.compile(r"PANNE (\S+)")


class Hazard(StandIn):
    """The stand-in, with articles that end, block or fill the process that works on them."""

    @classmethod
    def load(cls, lang: str) -> Hazard:
        return cls()

    def extract(self, source: Article) -> Extraction:
        if DIE in source.text:
            os._exit(3)
        if SEGFAULT in source.text:
            os.kill(os.getpid(), signal.SIGSEGV)
        while HANG in source.text:
            try:
                time.sleep(0)
            except BaseException:  # not even an exception from outside gets it out
                continue
        if SLEEP in source.text:
            time.sleep(1e6)
        if EAT in source.text:
            held = []
            while True:
                held.append(bytearray(50_000_000))
        if found := KILL_MACHINE.search(source.text):
            _kill_machine_once(Path(found.group(1)))
        return super().extract(source)


class Slow(StandIn):
    """The stand-in, as slow as the extractor."""

    @classmethod
    def load(cls, lang: str) -> Slow:
        return cls()

    def extract(self, source: Article) -> Extraction:
        time.sleep(0.01)
        return super().extract(source)


def broken(lang: str) -> StandIn:
    """A factory that fails."""
    raise RuntimeError("there is no extractor")


def _kill_machine_once(mark: Path) -> None:
    """Kill the process that hands out work here, a Dask worker, as where its machine fails: two generations up."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return
    psutil.Process().parents()[1].kill()
    time.sleep(1e6)
