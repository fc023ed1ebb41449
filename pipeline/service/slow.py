"""Connections that would cost without asking: heads of requests that come drop by drop, answers that nobody takes."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.service.settings import Settings


def protocol(settings: Settings) -> type[H11Protocol]:
    """The protocol of a connection for uvicorn, with the limits of `settings` for slow clients.

    A connection is ended at once where there are `max_connections` others, where the head of a request takes longer
    than `head_timeout`, and where the client takes nothing of an answer for `send_timeout`.
    """

    class Limited(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._waits_since = self.loop.time()
            self._stuck: asyncio.TimerHandle | None = None
            self._look = self.loop.call_later(settings.head_timeout, self._look_at_head)
            if len(self.connections) > settings.max_connections:
                transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            self._look.cancel()
            self._unstuck()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            self._waits_since = self.loop.time()
            super().on_response_complete()

        def pause_writing(self) -> None:
            self._stuck = self.loop.call_later(settings.send_timeout, self.transport.abort)
            super().pause_writing()

        def resume_writing(self) -> None:
            self._unstuck()
            super().resume_writing()

        def _look_at_head(self) -> None:
            working = self.cycle is not None and not self.cycle.response_complete
            if not working and self.loop.time() - self._waits_since >= settings.head_timeout:
                self.transport.abort()
                return
            self._look = self.loop.call_later(settings.head_timeout, self._look_at_head)

        def _unstuck(self) -> None:
            if self._stuck is not None:
                self._stuck.cancel()
                self._stuck = None

    return Limited
