"""JSON lines and JSON files, cut into their objects without taking the whole in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.ingest.decode import decode
from pipeline.ingest.nesting import check_json
from pipeline.ingest.options import IngestError, IngestOptions
from pipeline.ingest.records import Fault, Piece, piece_of

_CHUNK = 1 << 16
_MARK = b"\xef\xbb\xbf"
_STRUCTURE = re.compile(rb'["{}\[\],]')
_IN_STRING = re.compile(rb'["\\]')
_BLANKS = b" \t\r\n"


def read_json_lines(stream: BinaryIO, options: IngestOptions) -> Iterator[Piece | Fault]:
    """The objects of `stream`, one a line, numbered by their lines; blank lines are passed over."""
    limit = options.max_bytes
    number = 0
    while line := stream.readline(limit + 2):
        number += 1
        if len(line) > limit + 1 or (len(line) > limit and not line.endswith(b"\n")):
            while not line.endswith(b"\n") and (line := stream.readline(_CHUNK)):
                pass
            yield Fault(number, "too_large", f"line {number} is larger than the limit of {limit} bytes")
            continue
        line = line.removeprefix(_MARK) if number == 1 else line
        if line.strip():
            yield _piece(number, line, options)


def read_json(stream: BinaryIO, options: IngestOptions) -> Iterator[Piece | Fault]:
    """The objects of the array in `stream`, or those that stand in it one after the other, numbered from 1."""
    for number, value in enumerate(_values(stream, options.max_bytes), 1):
        if value is None:
            yield Fault(number, "too_large", f"value {number} is larger than the limit of {options.max_bytes} bytes")
        else:
            yield _piece(number, value, options)


def _piece(number: int, source: bytes, options: IngestOptions) -> Piece | Fault:
    try:
        check_json(source, options.max_depth)
        try:
            data = json.loads(source)
        except UnicodeDecodeError:
            data = json.loads(decode(source))
    except IngestError as error:
        return Fault(number, error.reason, error.message)
    except (ValueError, RecursionError) as error:
        return Fault(number, "format", f"no JSON: {error}")
    if not isinstance(data, dict):
        return Fault(number, "format", "no JSON object")
    return piece_of(number, data, options.fields)


def _values(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The bytes of each value in the array of `stream`, or of each value at its top; None for one beyond `limit`.

    Only brackets, strings and commas are looked at: whether a value is JSON is for its reader to say.
    Raises IngestError with `format` where the file ends inside an array, an object or a string.
    """
    cutter = Cutter(limit)
    begun = False
    while chunk := stream.read(_CHUNK):
        if not begun:
            chunk = chunk.removeprefix(_MARK).lstrip(_BLANKS)
            begun = bool(chunk)
            if chunk.startswith(b"["):
                cutter.in_array = True
                chunk = chunk[1:]
        yield from cutter.feed(chunk)
    yield from cutter.end()
    if not begun:
        raise IngestError("empty", "the file is empty")


class Cutter:
    """Cuts a stream of JSON at the ends of its outermost values, whatever the chunks it comes in."""

    def __init__(self, limit: int) -> None:
        self.in_array = False
        self._limit = limit
        self._depth = 0
        self._in_string = False
        self._escaped = 0
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        start, at = 0, self._escaped
        while match := (_IN_STRING if self._in_string else _STRUCTURE).search(chunk, at):
            sign, at = match.group(), match.end()
            if sign == b"\\":
                at += 1
            elif sign == b'"':
                self._in_string = not self._in_string
            elif sign in b"{[":
                self._depth += 1
            elif sign in b"}]":
                self._depth -= 1
                if self._depth <= 0:
                    # The bracket that closes the array is no part of its last value.
                    yield from self._value(chunk[start : at if self._depth == 0 else at - 1])
                    start = at
                if self._depth < 0:
                    self._depth, self.in_array = 0, False
            elif self._depth == 0:
                yield from self._value(chunk[start : at - 1])
                start = at
        self._escaped = max(at - len(chunk), 0)
        self._keep(chunk[start:])

    def end(self) -> Iterator[bytes | None]:
        if self.in_array or self._in_string or self._depth:
            raise IngestError("format", "the JSON ends inside an array, an object or a string")
        yield from self._value(b"")

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= self._limit:
            self._parts.append(part)
        else:
            self._parts.clear()

    def _value(self, part: bytes) -> Iterator[bytes | None]:
        self._keep(part)
        value = b"".join(self._parts).strip(_BLANKS)
        if self._size > self._limit:
            yield None
        elif value:
            yield value
        self._parts.clear()
        self._size = 0
