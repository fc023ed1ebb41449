"""Folder, file, archive, stream or address to `Article`: one small reader a format, metadata and publication date."""

from pipeline.ingest.discover import Inputs, PassedOver, Source, Survey, discover
from pipeline.ingest.identify import available_packs, language_of
from pipeline.ingest.item import Format, Item
from pipeline.ingest.items import items
from pipeline.ingest.names import Names
from pipeline.ingest.options import DEFAULT_MAX_BYTES, Fields, IngestError, IngestOptions
from pipeline.ingest.overview import InputRow, overview
from pipeline.ingest.publication import parse_published
from pipeline.ingest.read import articles_of, read_articles, read_inputs
from pipeline.ingest.remote import is_address

__all__ = [
    "DEFAULT_MAX_BYTES",
    "Fields",
    "Format",
    "IngestError",
    "IngestOptions",
    "InputRow",
    "Inputs",
    "Item",
    "Names",
    "PassedOver",
    "Source",
    "Survey",
    "articles_of",
    "available_packs",
    "discover",
    "is_address",
    "items",
    "language_of",
    "overview",
    "parse_published",
    "read_articles",
    "read_inputs",
]
