"""The application: what can be asked, and what is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Query, Request, Response
from starlette.responses import HTMLResponse, JSONResponse

from pipeline import __version__
from pipeline.emit import DetectRecord, fact_schema
from pipeline.ingest import available_packs
from pipeline.service.guard import Guard
from pipeline.service.messages import (
    ArticlesIn,
    Asked,
    DetectAnswers,
    ExtractAnswer,
    ExtractAnswers,
    Health,
    NoAnswer,
)
from pipeline.service.metrics import Metrics
from pipeline.service.page import SECURITY, page
from pipeline.service.pool import Pool
from pipeline.service.problems import described, handle_problems, problem, problem_response
from pipeline.service.settings import Settings
from pipeline.service.work import Factory, Outcome, Task, load_extractor

_REFUSALS = described(400, 408, 413, 415, 422, 500, 503, 504)
_JSON = "application/json"
_ABOUT = "Facts about the motor industry out of news articles. Errors are problem details (RFC 9457)."


def create_app(settings: Settings | None = None, factory: Factory = load_extractor) -> FastAPI:
    """The service as an ASGI application, with workers of its own, which its lifespan starts and ends.

    `factory` loads the extractor of a language; workers import it by its name.
    """
    settings = settings or Settings()
    metrics = Metrics()
    pool = Pool(settings, factory)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(
        title="autofacts", version=__version__, description=_ABOUT, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    app.include_router(_work_routes(_Desk(settings, pool, metrics)))
    app.include_router(_other_routes(metrics))
    handle_problems(app)
    app.add_middleware(Guard, settings=settings, metrics=metrics, paths=lambda: _paths(app))
    return app


class _Desk:
    """Takes what was asked to the workers and puts their answers together."""

    def __init__(self, settings: Settings, pool: Pool, metrics: Metrics) -> None:
        self._settings = settings
        self._pool = pool
        self._metrics = metrics

    async def answer(self, request_id: str, tasks: list[Task], *, many: bool) -> Response:
        """The response to one task, or to many: these one after the other, so that no client holds all workers."""
        if len(tasks) > self._settings.max_articles:
            detail = f"{len(tasks)} articles are more than {self._settings.max_articles}"
            return problem_response(problem(413, detail, request_id=request_id))
        if many:
            results = await self._results(tasks)
            return Response(b'{"results":[' + b",".join(results) + b"]}", media_type=_JSON)
        outcome = await self._run(tasks[0])
        if outcome.status == 200:
            return Response(outcome.body, media_type=_JSON)
        return problem_response(problem(outcome.status, outcome.detail, request_id=request_id))

    async def _results(self, tasks: list[Task]) -> list[bytes]:
        limit = self._settings.request_timeout
        ends = time.monotonic() + limit
        results = []
        for task in tasks:
            if time.monotonic() < ends:
                outcome = await self._run(task)
            else:
                outcome = Outcome(504, detail=f"not begun: the articles before it took {limit:g} s")
            results.append(outcome.body if outcome.status == 200 else _no_answer(task, outcome))
        return results

    async def _run(self, task: Task) -> Outcome:
        outcome = await self._pool.run(task)
        self._metrics.worked(task.verb, outcome.status, outcome.facts)
        return outcome


def _no_answer(task: Task, outcome: Outcome) -> bytes:
    found = NoAnswer(id=task.id, problem=problem(outcome.status, outcome.detail))
    return found.model_dump_json(exclude_none=True).encode()


def _work_routes(desk: _Desk) -> APIRouter:
    router = APIRouter(responses=_REFUSALS)

    @router.post("/extract", response_model=ExtractAnswer | ExtractAnswers)
    async def extract(
        request: Request,
        asked: Asked,
        rejections: Annotated[bool, Query(description="add what did not become a fact, and why")] = False,
        explain: Annotated[bool, Query(description="add what led to each fact")] = False,
    ) -> Response:
        """The facts of an article, or of several."""
        tasks = _tasks(asked, "extract", rejections=rejections, explain=explain)
        return await desk.answer(request.scope["request_id"], tasks, many=isinstance(asked, ArticlesIn))

    @router.post("/detect", response_model=DetectRecord | DetectAnswers)
    async def detect(request: Request, asked: Asked) -> Response:
        """The dates, numbers, quantities and entities in an article, or in several."""
        tasks = _tasks(asked, "detect")
        return await desk.answer(request.scope["request_id"], tasks, many=isinstance(asked, ArticlesIn))

    return router


def _tasks(
    asked: Asked, verb: Literal["extract", "detect"], *, rejections: bool = False, explain: bool = False
) -> list[Task]:
    articles = asked.articles if isinstance(asked, ArticlesIn) else [asked]
    return [Task(article, verb, rejections=rejections, explain=explain) for article in articles]


def _other_routes(metrics: Metrics) -> APIRouter:
    router = APIRouter()

    @router.get("/schema", response_class=JSONResponse)
    async def schema() -> Response:
        """The JSON Schema of a fact."""
        return JSONResponse(fact_schema())

    @router.get("/health")
    async def health() -> Health:
        """That the service answers."""
        return Health(version=__version__, packs=sorted(available_packs()))

    @router.get("/metrics", responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}})
    async def figures() -> Response:
        """Counts and times in Prometheus' text format."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    @router.get("/", response_class=HTMLResponse)
    async def index(request: Request) -> Response:
        """This description, to be read by people."""
        html = await asyncio.to_thread(page, request.app.openapi())
        return HTMLResponse(html, headers=SECURITY)

    return router


def _paths(app: FastAPI) -> frozenset[str]:
    return frozenset([*app.openapi()["paths"], "/openapi.json"])
