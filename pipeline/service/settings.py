"""What limits the service."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits; times are in seconds. Raises ValueError for one that is not above 0.

    `max_bytes` and `max_articles` bound the body of one request, `body_timeout` how long it may take to arrive,
    `max_requests` the requests that are worked on or wait. `timeout` is the time of one article, `request_timeout`
    that of all articles of a request. `wait` is how long an article may wait for one of the `workers` (processes).
    `max_connections` bounds connections, `head_timeout` the time until the head of a request is there, `send_timeout`
    that in which a client takes nothing of its answer.
    """

    workers: int = 2
    max_requests: int = 64
    max_bytes: int = 1_000_000
    max_articles: int = 100
    max_connections: int = 1000
    head_timeout: float = 10
    body_timeout: float = 10
    send_timeout: float = 30
    wait: float = 30
    timeout: float = 30
    request_timeout: float = 120

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) <= 0:
                raise ValueError(f"{field.name} must be above 0, and is {getattr(self, field.name)}")
