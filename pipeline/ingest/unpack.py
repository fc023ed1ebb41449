"""Compressed streams to plain ones, and reads that end at a limit whatever a file claims about its size."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from pipeline.ingest.extras import needing
from pipeline.ingest.kinds import Compression
from pipeline.ingest.options import IngestError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# What one step can unpack to is bounded by its size: a kilobyte of zstd holds 32 MB at most.
_STEP = 1024
# Prose shrinks to a third, a table of repeats to a fiftieth; beyond this nobody meant it to be read.
MAX_RATIO = 200


class _Decompressor(Protocol):
    """A single stream or frame, as zlib and zstandard give it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def buffered(stream: BinaryIO) -> io.BufferedReader:
    """`stream` with a buffer, so that its beginning can be looked at."""
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", stream))


def unpacked(stream: BinaryIO, compression: Compression, limit: int) -> io.BufferedReader:
    """What `stream` holds, decompressed while it is read.

    Reading raises IngestError with `format` where the data are broken or cut off, and with `too_large` where more
    than `limit` bytes come out that are more than 200 times what went in. Raises IngestError with `extra`.
    """
    if compression is Compression.GZIP:
        start: Callable[[], _Decompressor] = lambda: zlib.decompressobj(wbits=31)  # noqa: E731
        failure: type[Exception] = zlib.error
    else:
        with needing("zst", "a .zst file"):
            import zstandard
        start = zstandard.ZstdDecompressor().decompressobj
        failure = zstandard.ZstdError
    return io.BufferedReader(_Unpacked(stream, start, failure, limit), 1 << 16)


def guarded(stream: BinaryIO, packed: int, limit: int) -> io.BufferedReader:
    """`stream`, which another library unpacks from `packed` bytes; reading raises IngestError with `too_large` where
    more than `limit` bytes come out that are more than 200 times as many."""
    return io.BufferedReader(_Guarded(stream, packed, limit), 1 << 16)


def read_whole(stream: BinaryIO, limit: int) -> bytes:
    """All that is left in `stream`. Raises IngestError with `too_large` where that is more than `limit` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise IngestError("too_large", f"larger than the limit of {limit} bytes")
    return data


def check_ratio(plain: int, packed: int, limit: int) -> None:
    """Raises IngestError with `too_large` where `plain` bytes cannot be an honest content of `packed` bytes."""
    if plain > limit and plain > MAX_RATIO * packed:
        raise IngestError("too_large", f"unpacks to more than {MAX_RATIO} times its size")


class _Guarded(io.RawIOBase):
    """A stream that ends with an error where it gives more than it may."""

    def __init__(self, plain: BinaryIO, packed: int, limit: int) -> None:
        self._plain = plain
        self._packed = packed
        self._limit = limit
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        data = self._plain.read(len(target))
        target[: len(data)] = data
        self._out += len(data)
        check_ratio(self._out, self._packed, self._limit)
        return len(data)


class _Unpacked(io.RawIOBase):
    """A compressed stream, of one or more frames, as a plain one."""

    def __init__(
        self, packed: BinaryIO, start: Callable[[], _Decompressor], failure: type[Exception], limit: int
    ) -> None:
        self._packed = packed
        self._start = start
        self._failure = failure
        self._limit = limit
        self._frame = start()
        self._begun = False
        self._left = b""
        self._ready = memoryview(b"")
        self._in = self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._ready:
            if not (chunk := self._left or self._next()):
                if self._begun:
                    raise IngestError("format", "the compressed data are cut off")
                return 0
            self._left = b""
            self._unpack(chunk)
        target = memoryview(buffer).cast("B")
        size = min(len(target), len(self._ready))
        target[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._packed.close()
        super().close()

    def _next(self) -> bytes:
        chunk = self._packed.read(_STEP)
        self._in += len(chunk)
        return chunk

    def _unpack(self, chunk: bytes) -> None:
        if not self._begun and self._in > len(chunk) and not chunk.strip(b"\0"):
            return  # padding behind the last frame
        try:
            plain = self._frame.decompress(chunk)
        except self._failure as error:
            raise IngestError("format", f"the compressed data are broken: {error}") from error
        self._begun = True
        if self._frame.eof:
            self._left = self._frame.unused_data
            self._frame = self._start()
            self._begun = False
        self._out += len(plain)
        check_ratio(self._out, self._in, self._limit)
        self._ready = memoryview(plain)
