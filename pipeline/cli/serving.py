"""The command that answers over HTTP."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from pipeline.cli.common import fail


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all of the machine's.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that extract.")] = 2,
    max_requests: Annotated[int, typer.Option(min=1, help="Requests worked on or waiting; more get 503.")] = 64,
    max_bytes: Annotated[int, typer.Option(min=1, help="Size of a request; a larger one gets 413.")] = 1_000_000,
    max_articles: Annotated[int, typer.Option(min=1, help="Articles in a request; more get 413.")] = 100,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one article; longer gets 504.")] = 30,
) -> None:
    """Answer POST /extract and /detect over HTTP until stopped. A description is at /."""
    try:
        from pipeline.service import Settings
        from pipeline.service import serve as run
    except ModuleNotFoundError as error:
        fail(f"serve needs {error.name}: pip install 'autofacts[service]'")
    settings = Settings(
        workers=workers,
        max_requests=max_requests,
        max_bytes=max_bytes,
        max_articles=max_articles,
        timeout=timeout,
    )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True)
    try:
        run(settings, host=host, port=port)
    except OSError as error:
        fail(f"cannot listen at {host}:{port}: {error.strerror or error}")
