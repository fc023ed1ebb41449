"""Files and folders elsewhere ("s3://bucket/folder", "memory://x"), through fsspec, as far as reading needs them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from pipeline.ingest.extras import needing
from pipeline.ingest.options import IngestError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ADDRESS = re.compile(r"(?!file://)[A-Za-z][A-Za-z0-9+.-]*://")


def is_address(path: str) -> bool:
    """True for "s3://bucket/folder" and its like; "file://" is a path."""
    return _ADDRESS.match(path) is not None


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file or folder that fsspec reaches, with what readers ask a `Path`."""

    files: AbstractFileSystem
    path: str

    @property
    def name(self) -> str:
        return self.path.rstrip("/").rpartition("/")[2]

    @property
    def address(self) -> str:
        return str(self.files.unstrip_protocol(self.path))

    def with_name(self, name: str) -> RemoteFile:
        folder, slash, _ = self.path.rstrip("/").rpartition("/")
        return RemoteFile(self.files, f"{folder}{slash}{name}")

    def is_file(self) -> bool:
        return bool(self.files.isfile(self.path))

    def is_dir(self) -> bool:
        return bool(self.files.isdir(self.path))

    def open(self, mode: str) -> BinaryIO:
        return cast("BinaryIO", self.files.open(self.path, mode))

    def children(self) -> tuple[list[RemoteFile], list[RemoteFile]]:
        """The files and the folders in this folder by name. Raises OSError."""
        files: list[RemoteFile] = []
        folders: list[RemoteFile] = []
        for entry in self.files.ls(self.path, detail=True):
            child = RemoteFile(self.files, str(entry["name"]).rstrip("/"))
            if child.path.strip("/") != self.path.strip("/"):
                (folders if entry["type"] == "directory" else files).append(child)
        return sorted(files, key=lambda file: file.name), sorted(folders, key=lambda folder: folder.name)


def at_address(address: str) -> RemoteFile:
    """What `address` points to. Raises IngestError with `extra` where a library is missing that speaks its protocol,
    with `unreadable` where nothing does."""
    with needing("remote", address):
        from fsspec.core import url_to_fs

        try:
            files, path = url_to_fs(address)
        except ValueError as error:
            raise IngestError("unreadable", str(error)) from error
    return RemoteFile(files, path)
