"""The application behind a socket, until it is told to stop."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING

import uvicorn

from pipeline.service.app import create_app
from pipeline.service.slow import protocol

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
        http=protocol(settings),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.request_timeout) + _GRACE,
    )
    with listen(host, port) as listening:
        _Server(config).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says where it listens once it does, which may be at a port that nobody has chosen."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            host, port = listening.getsockname()[:2]
            _LOG.info("listening on http://%s:%d", f"[{host}]" if ":" in host else host, port)


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
