"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from pipeline.service.messages import Problem, Wrong

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER = {"Retry-After": "2"}
_SCHEMA = {"schema": {"$ref": "#/components/schemas/Problem"}}


def problem(status: int, detail: str, *, request_id: str | None = None, errors: list[Wrong] | None = None) -> Problem:
    """The problem of an HTTP status, with what happened in this case."""
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, detail=detail, request_id=request_id, errors=errors)


def problem_response(found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The response that tells a client of a problem; where it is one of load, also when to come again."""
    own = dict(headers or {}) | (_RETRY_AFTER if found.status == HTTPStatus.SERVICE_UNAVAILABLE else {})
    body = found.model_dump_json(exclude_none=True)
    return Response(body, status_code=found.status, headers=own, media_type=MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of responses with these statuses."""
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: _SCHEMA}} for status in statuses}


def handle_problems(app: FastAPI) -> None:
    """Have `app` answer each error with problem details."""

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        found = problem(error.status_code, str(error.detail), request_id=_id_of(request))
        return problem_response(found, error.headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if any(wrong["type"] == "json_invalid" for wrong in error.errors()):
            return problem_response(problem(400, "the body is no JSON", request_id=_id_of(request)))
        errors = _wrongs(error.errors())
        detail = f"the request is not as described: {errors[0].detail}"
        return problem_response(problem(422, detail, request_id=_id_of(request), errors=errors))

    async def internal(request: Request, error: Exception) -> Response:
        return problem_response(problem(500, "an error of the service", request_id=_id_of(request)))

    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, internal)


def _wrongs(errors: Iterable[Mapping[str, Any]]) -> list[Wrong]:
    # What was given is not repeated: it may be long, or no text that JSON can hold.
    return [Wrong(pointer=_pointer(wrong["loc"]), detail=str(wrong["msg"])) for wrong in errors]


def _pointer(place: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901) to a place in the body; one in the query stays as "query/…"."""
    where, *steps = [str(step).replace("~", "~0").replace("/", "~1") for step in place if step not in ("one", "many")]
    return "".join(f"/{step}" for step in steps) if where == "body" else "/".join([where, *steps])


def _id_of(request: Request) -> str | None:
    found = request.scope.get("request_id")
    return str(found) if found else None
