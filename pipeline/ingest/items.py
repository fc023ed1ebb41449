"""Sources to items, with the ids that their articles will have."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.ingest.contents import Entry, contents, entry_of
from pipeline.ingest.discover import Inputs, PassedOver
from pipeline.ingest.item import Item
from pipeline.ingest.kinds import stem_of
from pipeline.ingest.names import Names
from pipeline.ingest.options import IngestOptions
from pipeline.ingest.records import Fault, Piece
from pipeline.schema import ErrorRecord


def items(
    inputs: Inputs, options: IngestOptions | None = None, names: Names | None = None
) -> Iterator[Item | ErrorRecord]:
    """The articles-to-be of `inputs`, one after the other, in the order of `Inputs.walk` and within a file in its own.

    What cannot be read is an ErrorRecord in its place; nothing is raised. Memory holds one item, and of a PDF, feed
    or compressed Parquet file the whole. `names` are the ids and files of an earlier call that this one goes on from.
    """
    options = options or IngestOptions()
    names = names or Names()
    for found in inputs.walk():
        if isinstance(found, PassedOver):
            continue
        if isinstance(found, ErrorRecord):
            yield found
            continue
        for entry, piece in contents(entry_of(found), options, names):
            if isinstance(piece, Fault):
                yield ErrorRecord(path=_locator(entry, piece.number), reason=piece.reason, message=piece.message)
            elif isinstance(piece, Piece):
                yield _item(entry, piece, names)


def _item(entry: Entry, piece: Piece, names: Names) -> Item | ErrorRecord:
    locator = _locator(entry, piece.number)
    wanted = _ids(entry, piece, locator)
    own = next((name for name in wanted if names.take(name)), None)
    if own is None:
        message = f"another article has the id {wanted[0]!r}"
        return ErrorRecord(path=locator, reason="duplicate_id", message=message)
    return Item(
        locator=locator,
        id=own,
        format=piece.format,
        payload=piece.payload,
        stem="" if piece.number else stem_of(entry.file_name),
        beside=piece.beside,
        problem=piece.problem,
        charset=piece.charset,
    )


def _ids(entry: Entry, piece: Piece, locator: str) -> list[str]:
    """The ids that an article may have, the first that is free counts (`Item`)."""
    if piece.number:
        name, folder = piece.id, entry.file_name
    else:
        name, folder = piece.id or stem_of(entry.file_name) or "stdin", entry.folder
    if name is None:
        return [locator]
    return [name, f"{folder}/{name}", locator] if folder else [name, locator]


def _locator(entry: Entry, number: int) -> str:
    return f"{entry.locator}#{number}" if number else entry.locator
