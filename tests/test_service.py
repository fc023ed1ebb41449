"""The service over a real socket, with the real extractor: what it answers, under load and to nonsense."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import httpx
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_service import running
from schemathesis.checks import load_all_checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from typer.main import get_command

from pipeline import __version__, extract
from pipeline.cli import app, serving
from pipeline.emit import detect_record, fact_schema, json_line
from pipeline.extract import Extractor
from pipeline.ingest import available_packs
from pipeline.schema import Article, Published
from pipeline.service import Settings, create_app

TEXT = "Renault a livré 21 400 exemplaires de la Renault 5 en septembre, a indiqué le groupe."
POLISH = "Według firmy sprzedaż Renault w trzecim kwartale tego roku była wyższa niż rok wcześniej."
PAGE = (Path(__file__).parents[1] / "docs" / "service.md").read_text(encoding="utf-8")
JSON = {"Content-Type": "application/json"}
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))  # make fuzz-service sets it


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(create_app(Settings(workers=2))) as address:
        yield address


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60) as client:
        yield client


# ---- answers


def test_one_article_gives_the_facts_that_the_library_gives(client: httpx.Client) -> None:
    response = client.post("/extract", json={"text": TEXT, "id": "a", "published": "2024-10", "lang": "fr"})
    facts = extract(TEXT, published="2024-10", article_id="a").facts
    assert response.status_code == 200
    assert response.json() == {
        "id": "a",
        "lang": "fr",
        "published": "2024-10",
        "facts": [json.loads(json_line(fact)) for fact in facts],
        "rejections": None,
        "explanations": None,
    }
    assert facts


def test_an_article_without_id_is_named_by_its_text(client: httpx.Client) -> None:
    first, second, other = (
        client.post("/extract", json={"text": text}).json() for text in (TEXT, TEXT, f"{TEXT} Oui.")
    )
    assert re.fullmatch(r"text-[0-9a-f]{16}", first["id"])
    assert first == second
    assert first["id"] != other["id"]
    assert first["facts"][0]["article_id"] == first["id"]


def test_rejections_and_explanations_come_on_demand(client: httpx.Client) -> None:
    asked = {"text": TEXT, "published": "2024-10"}
    answer = client.post("/extract?rejections=true&explain=true", json=asked).json()
    assert [e["fact_id"] for e in answer["explanations"]] == [f["id"] for f in answer["facts"]]
    assert all(e["trace"] for e in answer["explanations"])
    assert answer["rejections"] == []
    answer = client.post("/extract?rejections=true", json={"text": "Renault vise 30 % et 45 ans."}).json()
    assert {rejection["article_id"] for rejection in answer["rejections"]} == {answer["id"]}


def test_many_articles_are_answered_in_order_each_with_its_own_trouble(client: httpx.Client) -> None:
    texts = [TEXT, POLISH, TEXT.replace("21 400", "3 100")]
    asked = {"articles": [{"text": text, "id": str(i)} for i, text in enumerate(texts)]}
    first, refused, last = client.post("/extract", json=asked).json()["results"]
    assert [first["facts"][0]["quantity"]["value"], last["facts"][0]["quantity"]["value"]] == [21400, 3100]
    assert refused == {
        "id": "1",
        "problem": {
            "type": "about:blank",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "the language is 'pl', for which there is no pack",
        },
    }


def test_detect_gives_the_mentions_that_the_library_gives(client: httpx.Client) -> None:
    found = Extractor.load("fr").detect(Article("a", TEXT, Published("2024-10")))
    expected = json.loads(json_line(detect_record("a", found)))
    article = {"text": TEXT, "id": "a", "published": "2024-10"}
    assert client.post("/detect", json=article).json() == expected
    assert client.post("/detect", json={"articles": [article, article]}).json() == {"results": [expected, expected]}


def test_offsets_count_the_characters_of_the_text_as_given(client: httpx.Client) -> None:
    text = f"\ufeff 🚗\r\n\u0301 {TEXT}"
    for fact in client.post("/extract", json={"text": text}).json()["facts"]:
        for span in [*fact["evidence"], fact["quantity"]["span"]]:
            assert text[span["start"] : span["end"]] == span["text"]


# ---- what is wrong is said as problem details


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 422, "Field required"),
        (b"{", 400, "the body is no JSON"),
        (b"[" * 200_000, 400, "error parsing the body"),
        (b'{"text": ' + b"1" * 5000 + b"}", 400, "error parsing the body"),
        (b"\xff\xfe", 400, "the body is no JSON"),
        (b"null", 422, ""),
        (b"[]", 422, ""),
        (b'"text"', 422, ""),
        (b"{}", 422, "/text: Field required"),
        (b'{"text": ""}', 422, "/text: String should have at least 1 character"),
        (b'{"text": 3}', 422, "/text: Input should be a valid string"),
        (b'{"text": NaN}', 422, "/text: Input should be a valid string"),
        (b'{"text": "\\ud800"}', 422, "/text: Input should be a valid string"),
        (b'{"text": "T", "path": "/etc/passwd"}', 422, "/path: Extra inputs are not permitted"),
        (b'{"text": "T", "published": "hier"}', 422, "/published: String should match pattern"),
        (b'{"text": "T", "published": "2024-02-31"}', 422, "/published: Value error, the calendar has no such day"),
        (b'{"text": "T", "lang": "xx"}', 422, "/lang: Value error, there is no pack for it"),
        (b'{"articles": []}', 422, "/articles: List should have at least 1 item"),
        (b'{"articles": [{"text": "T"}, {"id": "a/b"}]}', 422, "/articles/1/text: Field required"),
        (b'{"articles": [{"text": "T"}], "text": "T"}', 422, "/text: Extra inputs are not permitted"),
        (json.dumps({"articles": [{"text": "T"}] * 101}).encode(), 413, "101 articles are more than 100"),
        (json.dumps({"text": POLISH}).encode(), 422, "the language is 'pl', for which there is no pack"),
    ],
)
@pytest.mark.parametrize("path", ["/extract", "/detect"])
def test_bad_bodies(client: httpx.Client, path: str, body: bytes, status: int, said: str) -> None:
    response = client.post(path, content=body, headers=JSON)
    found = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, found["status"]) == (status, status)
    assert found["type"] == "about:blank"
    assert found["request_id"] == response.headers["x-request-id"]
    pointed = [f"{wrong['pointer']}: {wrong['detail']}" for wrong in found.get("errors", ())]
    assert any(said in words for words in [found["detail"], *pointed]), found


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/extract", 405),
        ("DELETE", "/detect", 405),
        ("POST", "/schema", 405),
        ("GET", "/docs", 404),
        ("GET", "/../../../etc/passwd", 404),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "//etc/passwd", 404),
        ("GET", "/static/..%2f..%2fpyproject.toml", 404),
    ],
)
def test_there_is_nothing_else(client: httpx.Client, method: str, path: str, status: int) -> None:
    response = client.request(method, path, headers=JSON)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert ("allow" in response.headers) == (status == 405)


def test_no_file_of_the_server_is_read(client: httpx.Client) -> None:
    for name in ("/etc/passwd", "file:///etc/passwd", "../pyproject.toml"):
        answer = client.post("/extract", json={"text": name, "id": name, "lang": "fr"})
        assert answer.json()["facts"] == []
        assert "root:" not in answer.text


# ---- around it


def test_request_ids_are_kept_where_they_are_sane(client: httpx.Client) -> None:
    assert client.get("/health", headers={"X-Request-ID": "a-1"}).headers["x-request-id"] == "a-1"
    assert client.get("/health", headers={"X-Request-ID": "a b" * 99}).headers["x-request-id"] != "a b" * 99


def test_health_schema_and_description(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok", "version": __version__, "packs": sorted(available_packs())}
    assert client.get("/schema").json() == fact_schema()
    page = client.get("/")
    assert "POST /extract" in page.text
    assert not re.search(r"<script|<link|@import|url\(|//", page.text.replace("https://json-schema.org", ""))
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_answers_are_as_the_description_says(client: httpx.Client) -> None:
    description = client.get("/openapi.json").json()
    asked = {"text": TEXT, "published": "2024-10"}
    answer = client.post("/extract?rejections=true&explain=true", json=asked).json()
    schema = {"$ref": "#/components/schemas/ExtractAnswer", "components": description["components"]}
    jsonschema_rs.validator_for(schema).validate(answer)
    assert answer["facts"]


def test_metrics_count_requests_articles_and_facts(client: httpx.Client) -> None:
    def figure(name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.M)
        return float(found.group(1)) if found else 0

    names = (
        'autofacts_requests_total{method="POST",path="/extract",status="200"}',
        'autofacts_articles_total{status="200",verb="extract"}',
        "autofacts_facts_total",
    )
    before = [figure(name) for name in names]
    client.post("/extract", json={"articles": [{"text": TEXT}, {"text": TEXT}]})
    assert [figure(name) - then for name, then in zip(names, before, strict=True)] == [1, 2, 2]
    client.get("/a-path-of-my-own")
    assert "a-path-of-my-own" not in client.get("/metrics").text


# ---- load


def test_five_hundred_requests_of_twenty_clients_are_all_answered(url: str) -> None:
    async def ask(client: httpx.AsyncClient, number: int) -> None:
        text = TEXT.replace("21 400", str(number))
        response = await client.post("/extract", json={"text": text, "id": str(number)})
        assert response.status_code == 200, response.text
        answer = response.json()
        assert answer["id"] == str(number)
        assert [fact["quantity"]["value"] for fact in answer["facts"]] == [number]

    async def one_client(numbers: range) -> int:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            for number in numbers:
                await ask(client, number)
        return len(numbers)

    async def all_clients() -> list[int]:
        return await asyncio.gather(*(one_client(range(1000 + i, 1500 + i, 20)) for i in range(20)))

    assert sum(asyncio.run(all_clients())) == 500


# ---- docs/service.md


def test_the_commands_of_the_page_are_answered_as_it_says(client: httpx.Client) -> None:
    commands = [shlex.split(line) for line in PAGE.splitlines() if line.startswith("curl ")]
    answers = []
    for _, url, _, body, *rest in commands:
        headers = dict(header.split(": ") for header in rest[1:]) | JSON
        path = url.removeprefix("http://127.0.0.1:8000")
        answers.append(client.post(path, content=body.encode(), headers=headers).json())
    one, many, wrong = answers
    assert (one["id"], len(one["facts"])) == ("a", 1)
    assert ["facts" in result for result in many["results"]] == [True, False]
    (expected,) = re.findall(r"```json\n(.*?)```", PAGE, re.S)
    assert wrong == json.loads(expected)


def test_the_page_knows_the_paths_the_options_and_their_defaults(client: httpx.Client) -> None:
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in PAGE
    options = get_command(app).commands["serve"].params  # type: ignore[attr-defined]
    assert not {option.opts[0] for option in options if f"{option.opts[0]}" not in PAGE} - {"--help"}
    given = inspect.signature(serving.serve).parameters
    limits = {field.name: field.default for field in fields(Settings) if field.name in given}
    assert {name: given[name].default for name in limits} == limits


# ---- nonsense by the description

load_all_checks()
# Not positive_data_acceptance: a text in a language without a pack is as described, and refused.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


def cases(url: str) -> st.SearchStrategy[schemathesis.Case]:
    """Requests to all operations of the description: some as it says, some not."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 6
    return st.one_of(
        operation.as_strategy(mode)
        for operation in operations
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or operation.method == "post"
    )


def test_fuzz(url: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases(url))
    def answered_as_described(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, timeout=60)

    answered_as_described()
