"""What the writers of all formats share: where rows go, and how they are gathered."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from pipeline.tables.shape import Row, Table

Write = Callable[[Table, Row], None]
"""Takes one row of one table."""
Flush = Callable[[Table, list[Row]], None]

_ROWS = 2_000
_CHARACTERS = 16_000_000


class MissingExtraError(ImportError):
    """A library that a format needs is not installed; the message says what to run."""


def need(module: str, extra: str, purpose: str) -> ModuleType:
    """The library `module`. Raises MissingExtraError, naming the extra that brings it, where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"{purpose} needs {module}: pip install 'autofacts[{extra}]'") from error


class Buffer:
    """Gathers rows and hands them on by the thousand, tables in their given order, parents before children."""

    def __init__(self, tables: tuple[Table, ...], flush: Flush) -> None:
        self._flush = flush
        self._tables = tables
        self._rows: dict[str, list[Row]] = {table.name: [] for table in tables}
        self._count = self._characters = 0

    def write(self, table: Table, row: Row) -> None:
        """Take a row; now and then all that were taken are handed on."""
        self._rows[table.name].append(row)
        self._count += 1
        self._characters += sum(len(cell) for cell in row if isinstance(cell, str))
        if self._count >= _ROWS or self._characters >= _CHARACTERS:
            self.drain()

    def drain(self) -> None:
        """Hand on what is left."""
        for table in self._tables:
            if self._rows[table.name]:
                self._flush(table, self._rows[table.name])
                self._rows[table.name] = []
        self._count = self._characters = 0
