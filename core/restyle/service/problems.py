"""Problems: every failure as application/problem+json (RFC 9457), with the code of the RestyleError behind it."""

from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from restyle.contract.errors import (
    BodyTooLarge,
    InvalidInput,
    InvalidParameter,
    NotAllowed,
    QuotaExceeded,
    RestyleError,
    ServerLeaving,
    TooManyJobs,
    Unauthorized,
    UnknownFilter,
    UnknownImage,
    UnknownJob,
    UnknownWeights,
)
from restyle.contract.refusals import reason_of
from restyle.contract.sentence import said
from restyle.service.sayings import Said

__all__ = ["MEDIA_TYPE", "Problem", "http_problem", "invalid_request", "problem_of", "problem_responses", "respond"]

MEDIA_TYPE = "application/problem+json"

TYPE_PREFIX = "https://restyle.invalid/problems/"
"""Names, not addresses: the top-level domain .invalid never resolves (RFC 2606)."""

STATUS: dict[type[RestyleError], HTTPStatus] = {
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    UnknownFilter: HTTPStatus.NOT_FOUND,
    UnknownImage: HTTPStatus.NOT_FOUND,
    UnknownJob: HTTPStatus.NOT_FOUND,
    UnknownWeights: HTTPStatus.NOT_FOUND,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAllowed: HTTPStatus.FORBIDDEN,
    QuotaExceeded: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyJobs: HTTPStatus.TOO_MANY_REQUESTS,
    ServerLeaving: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""By class or its nearest base; all else is the server's own failure."""


class Problem(BaseModel):
    """What went wrong: ``detail`` is one sentence for the user, made of what is ``said``; ``code`` is stable for programs."""

    type: str
    title: str
    status: int
    detail: str
    said: Said | None
    code: str


def problem_of(error: RestyleError) -> Problem:
    """The problem that tells of ``error``."""
    status = next((STATUS[base] for base in type(error).__mro__ if base in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)
    title = error.code.replace("-", " ").capitalize()
    return Problem(
        type=TYPE_PREFIX + error.code,
        title=title,
        status=status,
        detail=str(error),
        said=Said.of(error.sentence),
        code=error.code,
    )


def http_problem(status: int) -> Problem:
    """The problem of a plain HTTP failure, such as 404 or 405."""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return problem_of(BodyTooLarge())
    known = HTTPStatus(status)
    reason = f"{status} {known.phrase}"
    detail = said("The server cannot answer this request ({reason}); restart GIMP, or update Restyle.", reason=reason)
    return Problem(
        type="about:blank",
        title=known.phrase,
        status=status,
        detail=detail,
        said=Said.of(detail),
        code=known.phrase.lower().replace(" ", "-"),
    )


def invalid_request(errors: list[Any]) -> InvalidInput:
    """The error that names the first of pydantic's ``errors``: a setting, or another part of the request."""
    place = [str(part) for part in errors[0]["loc"]]
    reason = reason_of(errors[0])
    if place[0] != "body":
        return InvalidParameter(".".join(place[1:]), reason)
    if place[1:2] == ["params"] and len(place) > 2:
        return InvalidParameter(".".join(place[2:]), reason)
    return InvalidInput(said("The request cannot be used, at {names}: {reason}.", names=".".join(place), reason=reason))


def respond(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The HTTP response that carries ``problem``."""
    return JSONResponse(problem.model_dump(), status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's words for the failures of a route; 401 and 421 are the guard's and can happen everywhere."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": http_problem(status).title, "content": content} for status in (401, 421, *statuses)}
