"""Libraries that only some readers need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.ingest.options import IngestError


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Around imports: raises IngestError with `extra`, which says how to get what reading `what` needs."""
    try:
        yield
    except ImportError as error:
        library = error.name or str(error)
        message = f"{what} needs {library}, which is not installed: pip install 'autofacts[{extra}]'"
        raise IngestError("extra", message) from error
