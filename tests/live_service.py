"""The service behind a real socket, and an extractor that does what its article says."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from stand_in import StandIn

from pipeline.schema import Article, Extraction
from pipeline.service import Settings
from pipeline.service.server import listen
from pipeline.service.slow import protocol

HANGS, DIES, FAILS = "HANGS", "DIES", "FAILS"


class Poisoned(StandIn):
    """Hangs, dies or fails where the article says so."""

    def extract(self, source: Article) -> Extraction:
        if HANGS in source.text:
            time.sleep(60)
        if DIES in source.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if FAILS in source.text:
            raise RuntimeError("a secret of the house")
        return super().extract(source)


def poisoned(lang: str) -> Poisoned:
    return Poisoned()


@contextmanager
def running(app: FastAPI, settings: Settings | None = None) -> Iterator[str]:
    """The address of `app`, served by uvicorn in a thread, with the limits of `settings` for connections."""
    listening = listen("127.0.0.1", 0)
    limited = protocol(settings or Settings())
    server = uvicorn.Server(uvicorn.Config(app, http=limited, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
