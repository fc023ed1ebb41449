"""The limits of the service: what is too large, too slow or too much is refused, and harms nobody else."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import psutil
import pytest
from live_service import DIES, FAILS, HANGS, poisoned, running
from stand_in import SENTENCE
from starlette.types import Receive, Scope, Send

from pipeline.service import Settings, create_app
from pipeline.service.guard import Guard
from pipeline.service.metrics import Metrics

ROOT = Path(__file__).parents[1]
JSON = {"Content-Type": "application/json"}


# ---- articles that harm


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    limits = Settings(workers=1, timeout=0.5, wait=0.3, max_requests=3)
    with running(create_app(limits, poisoned)) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


@pytest.mark.parametrize(
    ("word", "status", "said"),
    [
        (HANGS, 504, "the article takes longer than 0.5 s"),
        (DIES, 500, "the process that worked on the article ended"),
        (FAILS, 500, "the extractor fails on the article"),
    ],
)
def test_an_article_that_harms_costs_its_own_answer_alone(
    client: httpx.Client, word: str, status: int, said: str
) -> None:
    response = client.post("/extract", json={"text": f"{word} {SENTENCE}", "lang": "fr"})
    assert (response.status_code, response.json()["detail"]) == (status, said)
    assert "secret" not in response.text
    assert client.post("/extract", json={"text": SENTENCE, "lang": "fr"}).status_code == 200


def test_among_many_it_stops_nobody(client: httpx.Client) -> None:
    texts = [SENTENCE, f"{DIES} {SENTENCE}", SENTENCE, f"{FAILS} {SENTENCE}", SENTENCE]
    articles = [{"text": text, "lang": "fr"} for text in texts]
    results = client.post("/extract", json={"articles": articles}).json()["results"]
    assert ["facts" in result for result in results] == [True, False, True, False, True]


def test_what_a_request_has_no_time_left_for_is_not_begun() -> None:
    limits = Settings(workers=1, timeout=0.3, request_timeout=0.2)
    articles = [{"text": text, "lang": "fr"} for text in (HANGS, SENTENCE)]
    with running(create_app(limits, poisoned)) as url:
        results = httpx.post(f"{url}/extract", json={"articles": articles}, timeout=30).json()["results"]
    details = [result["problem"]["detail"] for result in results]
    assert details == ["the article takes longer than 0.3 s", "not begun: the articles before it took 0.2 s"]


def test_who_waits_too_long_for_a_worker_or_comes_on_top_is_sent_away(client: httpx.Client) -> None:
    def ask(number: int) -> httpx.Response:
        time.sleep(0.05 * number)
        return client.post("/extract", json={"text": f"{HANGS} {number}", "lang": "fr"})

    with ThreadPoolExecutor(5) as threads:
        responses = list(threads.map(ask, range(5)))
    assert responses[0].status_code == 504
    details = {r.json()["detail"] for r in responses if r.status_code == 503}
    assert details == {"no worker was free within 0.3 s", "3 requests are worked on or wait"}
    assert all(r.headers["retry-after"] == "2" for r in responses if r.status_code == 503)
    assert client.get("/health").status_code == 200
    assert client.post("/extract", json={"text": SENTENCE, "lang": "fr"}).status_code == 200


def test_clients_that_come_again_are_all_served_in_the_end(client: httpx.Client) -> None:
    def ask(number: int) -> int:
        while True:
            response = client.post("/extract", json={"text": SENTENCE, "id": str(number), "lang": "fr"})
            if response.status_code != 503:
                return response.status_code
            time.sleep(0.05)

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(ask, range(60))) == [200] * 60


def test_a_large_body_gets_its_answer_over_a_socket(client: httpx.Client) -> None:
    response = client.post("/extract", json={"text": "a" * 1_000_000})
    assert (response.status_code, response.json()["detail"]) == (413, "the body is larger than 1000000 bytes")


# ---- bodies, before the application sees them


async def answers(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that gives back the body it gets."""
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def ask_guard(content: bytes | AsyncIterator[bytes], headers: dict[str, str] = JSON, **limits: float) -> httpx.Response:
    guard = Guard(answers, Settings(**limits), Metrics(), frozenset)  # type: ignore[arg-type]

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://service") as client:
            return await client.post("/", content=content, headers=headers)

    return asyncio.run(ask())


async def drops(count: int, pause: float = 0) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(pause)
        yield b"x" * 10


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"x" * 100, JSON, 200),
        (b"x" * 101, JSON, 413),
        (drops(10), JSON, 200),
        (drops(11), JSON, 413),
        (drops(10, pause=0.05), JSON, 408),
        (b"{}", {"Content-Type": "Application/JSON; charset=utf-8"}, 200),
        (b"{}", {}, 415),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", JSON | {"Content-Encoding": "gzip"}, 415),
        (b"{}", JSON | {"Content-Length": "9" * 30}, 413),
    ],
)
def test_bodies(content: bytes | AsyncIterator[bytes], headers: dict[str, str], status: int) -> None:
    response = ask_guard(content, headers, max_bytes=100, body_timeout=0.2)
    assert response.status_code == status
    assert status == 200 or response.json()["status"] == status


# ---- slow clients


async def much(scope: Scope, receive: Receive, send: Send) -> None:
    """An application whose answer no buffer holds."""
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(200):
            await send({"type": "http.response.body", "body": b"x" * 1_000_000, "more_body": True})
        await send({"type": "http.response.body"})


SLOW = Settings(head_timeout=0.3, send_timeout=0.3, max_connections=3)


def ended(connection: socket.socket, within: float = 3) -> bool:
    """Whether the service ends `connection` by itself."""
    connection.settimeout(within)
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def connected(url: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nA: " + b"b" * 1000])
def test_the_head_of_a_request_must_come_in_time(sent: bytes) -> None:
    with running(answers, SLOW) as url, connected(url) as connection:  # type: ignore[arg-type]
        connection.sendall(sent)
        assert ended(connection)


def test_drops_do_not_keep_a_connection_open() -> None:
    with running(answers, SLOW) as url, connected(url) as connection:  # type: ignore[arg-type]
        sent = 0
        with suppress(ConnectionError):
            while sent < 100:
                connection.sendall(b"G")
                sent += 1
                time.sleep(0.05)
        assert sent < 60


def test_who_does_not_take_the_answer_is_left() -> None:
    with running(much, SLOW) as url, connected(url) as connection:  # type: ignore[arg-type]
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1)
        assert ended(connection)
        with httpx.stream("GET", url) as response:  # who takes it gets it all
            assert sum(map(len, response.iter_raw())) == 200_000_000


def test_connections_beyond_the_limit_are_ended_at_once() -> None:
    limits = Settings(max_connections=3)
    with running(answers, limits) as url, ExitStack() as stack:  # type: ignore[arg-type]
        first = [stack.enter_context(connected(url)) for _ in range(3)]
        time.sleep(0.1)
        assert ended(stack.enter_context(connected(url)), within=1)
        assert not ended(first[0], within=0.2)


@pytest.mark.parametrize("name", ["workers", "max_bytes", "timeout", "wait"])
def test_a_limit_is_above_zero(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be above 0, and is 0"):
        Settings(**{name: 0})


# ---- the program


SERVE = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve", "--workers", "1", "--port"]


@pytest.fixture
def program() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, ready, and its address."""
    process = subprocess.Popen([*SERVE, "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "listening on http://127.0.0.1:" in line
        yield process, line.split()[-1]
    finally:
        process.kill()
        process.communicate()


def test_the_program_stops_when_told_after_the_work_in_hand(program: tuple[subprocess.Popen[str], str]) -> None:
    process, url = program
    second = subprocess.run(
        [*SERVE, url.rpartition(":")[2]], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 2
    assert re.search(r"cannot listen at 127.0.0.1:\d+: Address already in use", second.stderr)
    children = psutil.Process(process.pid).children(recursive=True)
    with httpx.Client(base_url=url, timeout=60) as client, ThreadPoolExecutor(1) as thread:
        assert client.get("/health").status_code == 200
        long = "Renault a livré 21 400 Renault 5 en septembre. " * 1_000
        answer = thread.submit(client.post, "/extract", json={"text": long, "lang": "fr"})
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert answer.result().status_code == 200
    assert process.wait(timeout=20) in (0, -signal.SIGTERM)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
