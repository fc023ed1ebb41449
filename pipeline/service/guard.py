"""What stands before the application: ids and logs of requests, and limits that hold before anything is read."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.service.metrics import Metrics
from pipeline.service.problems import problem, problem_response
from pipeline.service.settings import Settings

_LOG = logging.getLogger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class _RefusedError(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass
class _Exchange:
    """A request and the status of its answer; `path` is for logs and labels, so nothing that a client can choose."""

    method: str
    id: str
    path: str = "other"
    status: int = 500
    began: float = field(default_factory=time.perf_counter)


class Guard:
    """ASGI middleware. Reads the bodies of POST requests, as far as the limits let it, and hands them on whole."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, paths: Callable[[], frozenset[str]]) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._paths = paths
        self._places = settings.max_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = self._begin(scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = exchange.id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if exchange.method == "POST":
                await self._post(scope, receive, answer)
            else:
                await self._app(scope, receive, answer)
        finally:
            self._end(exchange)

    def _begin(self, scope: Scope) -> _Exchange:
        given = Headers(scope=scope).get("x-request-id", "")
        exchange = _Exchange(
            method=scope["method"] if scope["method"] in _METHODS else "other",
            id=given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex,
        )
        if scope["path"] in self._paths():
            exchange.path = scope["path"]
        scope["request_id"] = exchange.id
        return exchange

    def _end(self, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.began
        self._metrics.answered(exchange.path, exchange.method, exchange.status, seconds)
        _LOG.info("%s %s %d %.0f ms %s", exchange.method, exchange.path, exchange.status, 1000 * seconds, exchange.id)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = False
        try:
            self._check_head(Headers(scope=scope))
            self._take_place()
            taken = True
            body = await self._body(receive)
            await self._app(scope, _replay(body, receive), send)
        except _RefusedError as error:
            # The rest of the body is not read: the connection cannot be used again.
            found = problem(error.status, error.detail, request_id=scope["request_id"])
            await problem_response(found, {"Connection": "close"})(scope, receive, send)
        finally:
            if taken:
                self._places += 1
                self._metrics.in_progress.dec()

    def _check_head(self, headers: Headers) -> None:
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            raise _RefusedError(415, "the body must be application/json")
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise _RefusedError(415, "the body must not be compressed")
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._settings.max_bytes:
            raise self._too_large()

    def _take_place(self) -> None:
        if self._places <= 0:
            raise _RefusedError(503, f"{self._settings.max_requests} requests are worked on or wait")
        self._places -= 1
        self._metrics.in_progress.inc()

    async def _body(self, receive: Receive) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_timeout):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _RefusedError(400, "the body ends before it is whole")
                    body += message.get("body", b"")
                    if len(body) > self._settings.max_bytes:
                        raise self._too_large()
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise _RefusedError(408, f"the body took longer than {self._settings.body_timeout:g} s") from None

    def _too_large(self) -> _RefusedError:
        return _RefusedError(413, f"the body is larger than {self._settings.max_bytes} bytes")


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read already, then what comes."""
    parts = [body]

    async def replayed() -> Message:
        if parts:
            return {"type": "http.request", "body": parts.pop(), "more_body": False}
        return await receive()

    return replayed
