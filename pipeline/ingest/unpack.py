"""Compressed streams to plain ones, and reads that end at a limit whatever a file claims about its size."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from pipeline.ingest.extras import needing
from pipeline.ingest.kinds import Compression
from pipeline.ingest.options import IngestError, IngestOptions

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# What one step can unpack to is bounded by its size: a kilobyte of zstd holds 32 MB at most.
_STEP = 1024
_PART = 1 << 16


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


def unpacked(stream: BinaryIO, compression: Compression, options: IngestOptions) -> io.BufferedReader:
    """What `stream` holds, decompressed while it is read.

    Reading raises IngestError with `format` where the data are broken or cut off, and with `too_large` where more
    than `options.max_bytes` come out that are more than `options.max_ratio` times what went in. Raises IngestError with
    `extra`.
    """
    if compression is Compression.GZIP:
        start: Callable[[], _Decompressor] = lambda: zlib.decompressobj(wbits=31)  # noqa: E731
        failure: type[Exception] = zlib.error
    else:
        with needing("zst", "a .zst file"):
            import zstandard
        start = zstandard.ZstdDecompressor().decompressobj
        failure = zstandard.ZstdError
    return io.BufferedReader(_Unpacked(stream, start, failure, options), _PART)


def guarded(stream: BinaryIO, packed: int, options: IngestOptions) -> io.BufferedReader:
    """`stream`, which another library unpacks from `packed` bytes; reading raises IngestError with `too_large` where
    more than `options.max_bytes` come out that are more than `options.max_ratio` times as many."""
    return io.BufferedReader(_Guarded(stream, packed, options), _PART)


def read_whole(stream: BinaryIO, limit: int) -> bytes:
    """All that is left in `stream`. Raises IngestError with `too_large` where that is more than `limit` bytes."""
    # In pieces: a read of `limit` bytes would set that much memory aside for a short text.
    parts: list[bytes] = []
    size = 0
    while part := stream.read(_PART):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise IngestError("too_large", f"larger than the limit of {limit} bytes")
    return b"".join(parts)


def check_ratio(plain: int, packed: int, options: IngestOptions) -> None:
    """Raises IngestError with `too_large` where `plain` bytes cannot be an honest content of `packed` bytes."""
    if plain > options.max_bytes and plain > options.max_ratio * packed:
        raise IngestError("too_large", f"unpacks to more than {options.max_ratio} times its size")


class Short:
    """`stream` for libraries that read ahead: a read returns what there is, so that an error further on does not take
    with it what came before. `count` is the number of bytes read."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read1(size)
        self.count += len(data)
        return data


class _Guarded(io.RawIOBase):
    """A stream that ends with an error where it gives more than it may."""

    def __init__(self, plain: BinaryIO, packed: int, options: IngestOptions) -> None:
        self._plain = plain
        self._packed = packed
        self._options = options
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        data = self._plain.read(len(target))
        target[: len(data)] = data
        self._out += len(data)
        check_ratio(self._out, self._packed, self._options)
        return len(data)


class _Unpacked(io.RawIOBase):
    """A compressed stream, of one or more frames, as a plain one."""

    def __init__(
        self, packed: BinaryIO, start: Callable[[], _Decompressor], failure: type[Exception], options: IngestOptions
    ) -> None:
        self._packed = packed
        self._start = start
        self._failure = failure
        self._options = options
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
        check_ratio(self._out, self._in, self._options)
        self._ready = memoryview(plain)
