"""Folder, file or stream to `Article`: one small reader a format, metadata and publication date."""

from pipeline.ingest.discover import Inputs, Source, discover
from pipeline.ingest.identify import available_packs, language_of
from pipeline.ingest.options import DEFAULT_MAX_BYTES, IngestError, IngestOptions
from pipeline.ingest.publication import parse_published
from pipeline.ingest.read import read_articles, read_inputs

__all__ = [
    "DEFAULT_MAX_BYTES",
    "IngestError",
    "IngestOptions",
    "Inputs",
    "Source",
    "available_packs",
    "discover",
    "language_of",
    "parse_published",
    "read_articles",
    "read_inputs",
]
