"""The application behind a socket, until it is told to stop."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING

import uvicorn

from pipeline.service.app import create_app

if TYPE_CHECKING:
    from pipeline.service.settings import Settings
    from pipeline.service.work import Factory

_LOG = logging.getLogger(__name__)
_GRACE = 5


def serve(settings: Settings, *, host: str = "127.0.0.1", port: int = 8000, factory: Factory | None = None) -> None:
    """Answer requests at `host` and `port` (0: a free one) until SIGTERM or SIGINT; what is being worked on then is
    finished first. Raises OSError where the address cannot be had."""
    app = create_app(settings, factory) if factory else create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.request_timeout) + _GRACE,
    )
    with listen(host, port) as listening:
        bound = listening.getsockname()
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        _LOG.info("listening on http://%s:%d", shown, bound[1])
        uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound
