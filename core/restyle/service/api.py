"""The HTTP API as a FastAPI app: routes for images and jobs, and one typed route per filter."""

# No `from __future__ import annotations` here: FastAPI would look the types of routes made in a loop up in this module.

import asyncio
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from restyle.contract.errors import RestyleError, UnknownFilter
from restyle.contract.filter import Filter
from restyle.service.guard import Guard
from restyle.service.images import Pixels
from restyle.service.problems import MEDIA_TYPE, http_problem, invalid_request, problem_of, respond
from restyle.service.service import Service
from restyle.service.transfer import PixelResponse, discard, receive_pixels
from restyle.service.wire import ACTIVE, Dtype, Health, ImageStatus, JobStatus, job_request
from restyle.version import VERSION

__all__ = ["MAXIMUM_SIDE_PX", "MAXIMUM_WAIT_MS", "create_app"]

MAXIMUM_SIDE_PX = 524_288
"""GIMP's own limit (GIMP_MAX_IMAGE_SIZE)."""

MAXIMUM_WAIT_MS = 10_000
"""Longer polls would outlast the socket timeouts of careful clients."""

Side = Annotated[int, Query(ge=1, le=MAXIMUM_SIDE_PX)]
Channels = Annotated[int, Query(ge=1, le=4, description="1 grey or mask, 2 grey and alpha, 3 RGB, 4 RGBA")]

RAW_BODY: dict[str, Any] = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


def create_app(service: Service) -> FastAPI:
    """The app over ``service``; whoever serves it starts the worker and calls ``service.expire`` now and then."""
    app = FastAPI(
        title="Restyle",
        version=VERSION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        # The guard checks the token; this only tells readers of the schema about it.
        dependencies=[Security(HTTPBearer(auto_error=False))],
        redirect_slashes=False,
    )
    app.add_exception_handler(RestyleError, _on_restyle_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_middleware(Guard, token=service.token, lifetime=service.lifetime, log=service.log)
    _add_server_routes(app, service)
    _add_upload_route(app, service)
    _add_image_routes(app, service)
    for declared in service.filters:
        _add_filter_route(app, service, declared)
    _add_job_routes(app, service)
    return app


def _add_server_routes(app: FastAPI, service: Service) -> None:
    @app.get("/v1/health", responses=_problems())
    async def health() -> Health:
        """What the server is and does."""
        return service.health()

    @app.get("/v1/filters", responses=_problems())
    async def filters() -> dict[str, Any]:
        """The catalogue: every filter with its inputs and parameters."""
        return service.catalogue

    @app.post("/v1/shutdown", status_code=204, response_class=Response, responses=_problems())
    async def shutdown() -> None:
        """Finish the jobs, take no new ones, then end."""
        service.lifetime.leave()


def _add_upload_route(app: FastAPI, service: Service) -> None:
    @app.post(
        "/v1/images",
        status_code=201,
        responses=_problems(413, 422),
        openapi_extra={"requestBody": {**RAW_BODY, "required": True}},
    )
    async def upload(request: Request, width: Side, height: Side, channels: Channels, dtype: Dtype) -> ImageStatus:
        """Take a raw picture: interleaved rows, little-endian, straight alpha, sRGB-encoded."""
        form = Pixels(width, height, channels, dtype)
        try:
            with service.images.room_for(form.size_bytes) as room:
                stored = service.images.add_upload(form, await receive_pixels(request, form), room)
        except RestyleError:
            await discard(request)
            raise
        return ImageStatus(id=stored.id, width=width, height=height, channels=channels, dtype=dtype)


def _add_image_routes(app: FastAPI, service: Service) -> None:
    @app.get(
        "/v1/images/{image_id}",
        status_code=200,
        response_class=PixelResponse,
        responses={200: RAW_BODY, **_problems(404, 422)},
    )
    async def download(image_id: str, channels: Channels | None = None, dtype: Dtype | None = None) -> Response:
        """Give a raw picture in the form asked for, or in its own."""
        stored = service.images.hold(image_id)
        try:
            return PixelResponse(await run_in_threadpool(stored.as_bytes, channels, dtype))
        finally:
            service.images.release(stored)

    @app.delete("/v1/images/{image_id}", status_code=204, response_class=Response, responses=_problems(422))
    async def drop(image_id: str) -> None:
        """Forget a picture, if it is known; jobs that use it keep it until they end."""
        service.images.drop(image_id)


def _add_filter_route(app: FastAPI, service: Service, declared: Filter) -> None:
    async def start(body: Any) -> JobStatus:
        return service.submit(declared, body)

    start.__annotations__["body"] = job_request(declared)
    app.post(
        f"/v1/filters/{declared.id}/jobs",
        status_code=202,
        name=f"start_{declared.id.replace('-', '_')}",
        summary=f"Start {declared.title}",
        description=declared.summary,
        responses=_problems(400, 404, 413, 422, 429, 503),
    )(start)


def _add_job_routes(app: FastAPI, service: Service) -> None:
    @app.post("/v1/filters/{filter_id}/jobs", include_in_schema=False)
    async def start_unknown(filter_id: str) -> None:
        raise UnknownFilter(filter_id)

    @app.get("/v1/jobs/{job_id}", responses=_problems(404, 422))
    async def job(
        request: Request,
        job_id: str,
        seen: Annotated[int, Query(ge=0, description="The last revision that the client knows.")] = 0,
        wait_ms: Annotated[int, Query(ge=0, le=MAXIMUM_WAIT_MS)] = 0,
    ) -> JobStatus:
        """How the job stands, as soon as its revision is greater than ``seen``, it has ended, or the time is over."""
        return await _long_poll(service, request, job_id, seen, wait_ms)

    @app.delete("/v1/jobs/{job_id}", status_code=204, response_class=Response, responses=_problems(422))
    async def cancel(job_id: str) -> None:
        """Cancel the job, or forget it with its result where it has ended."""
        service.jobs.delete(job_id)


async def _long_poll(service: Service, request: Request, job_id: str, seen: int, wait_ms: int) -> JobStatus:
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(changed.set)

    with service.jobs.watch(job_id, wake):
        status = service.jobs.status(job_id)
        if wait_ms and status.revision <= seen and status.state in ACTIVE:
            # A client that vanished must not renew its lease by a poll that still waits.
            waits = {asyncio.ensure_future(changed.wait()), asyncio.ensure_future(_disconnected(request))}
            _, pending = await asyncio.wait(waits, timeout=wait_ms / 1000, return_when=asyncio.FIRST_COMPLETED)
            for wait in pending:
                wait.cancel()
            status = service.jobs.status(job_id)
    return status


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's words for the failures of a route; 401 and 421 are the guard's and can happen everywhere."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": http_problem(status).title, "content": content} for status in (401, 421, *statuses)}


async def _on_restyle_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RestyleError):
        raise error
    return respond(problem_of(error))


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return respond(problem_of(invalid_request(list(error.errors()))))


async def _on_http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return respond(http_problem(error.status_code), dict(error.headers or {}))
