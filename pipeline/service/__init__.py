"""Extraction over HTTP: `create_app` makes the application, `serve` runs it. Needs the extra `service`."""

from pipeline.service.app import create_app
from pipeline.service.server import serve
from pipeline.service.settings import Settings

__all__ = ["Settings", "create_app", "serve"]
