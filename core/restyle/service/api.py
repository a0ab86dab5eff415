"""The HTTP API as a FastAPI app: routes for images and jobs, and one typed route per filter."""

# No `from __future__ import annotations` here: FastAPI would look the types of routes made in a loop up in this module.

import sys
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from restyle.contract.errors import InvalidParameter, NotAllowed, RestyleError, UnknownFilter
from restyle.contract.filter import AnyFilter
from restyle.contract.inputs.single import MAXIMUM_REF_LENGTH
from restyle.contract.request import body_model, use_of_body
from restyle.contract.sentence import said
from restyle.pictures.paths import path_of
from restyle.service.guard import Guard, user_of
from restyle.service.images import Pixels, StoredImage
from restyle.service.job import Files, Purpose, Terms
from restyle.service.model_routes import add_model_routes
from restyle.service.polling import until
from restyle.service.problems import http_problem, invalid_request, problem_of, problem_responses, respond
from restyle.service.service import Service
from restyle.service.transfer import PixelResponse, discard, receive_pixels
from restyle.service.users import HERE
from restyle.service.wire import MAXIMUM_ID_LENGTH, Dtype, Health, ImageStatus, JobStatus
from restyle.version import VERSION

__all__ = ["MAXIMUM_SIDE_PX", "MAXIMUM_WAIT_MS", "create_app"]

MAXIMUM_SIDE_PX = 524_288
"""GIMP's own limit (GIMP_MAX_IMAGE_SIZE)."""

MAXIMUM_WAIT_MS = 10_000
"""Longer polls would outlast the socket timeouts of careful clients."""

Side = Annotated[int, Query(ge=1, le=MAXIMUM_SIDE_PX)]
Channels = Annotated[int, Query(ge=1, le=4, description="1 grey or mask, 2 grey and alpha, 3 RGB, 4 RGBA")]

Client = Annotated[
    str,
    Query(
        max_length=MAXIMUM_ID_LENGTH,
        description="A name that the client chose for itself: its newer jobs of a filter end the previews before them.",
    ),
]
Frames = Annotated[
    str,
    Query(
        max_length=MAXIMUM_ID_LENGTH,
        description="A name for frames that are sent in order: what was made of the one before is held.",
    ),
]
ABSOLUTE = r"^[A-Za-z]:[/\\][^\x00]*$" if sys.platform == "win32" else r"^/[^\x00]*$"

Output = Annotated[
    str | None,
    Query(
        max_length=MAXIMUM_REF_LENGTH,
        pattern=ABSOLUTE,
        description="For programs on this computer: the pictures are files, their refs paths, and the result is written here.",
    ),
]
Folder = Annotated[
    str | None,
    Query(
        max_length=MAXIMUM_REF_LENGTH,
        pattern=ABSOLUTE,
        description="Where paths start that are not absolute; the output's own without.",
    ),
]
Seen = Annotated[int, Query(ge=0, description="The last revision that the client knows.")]
Wait = Annotated[int, Query(ge=0, le=MAXIMUM_WAIT_MS)]
MostPx = Annotated[int, Query(ge=0, description="The longer side at most, 0 for as large as it is painted.")]

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
        dependencies=[Security(HTTPBearer(auto_error=False)), Depends(_only_known_parameters)],
        redirect_slashes=False,
    )
    app.add_exception_handler(RestyleError, _on_restyle_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_middleware(Guard, token=service.token, lifetime=service.lifetime, log=service.log, members=service.members)
    _add_server_routes(app, service)
    _add_upload_route(app, service)
    _add_image_routes(app, service)
    for declared in service.filters:
        _add_filter_route(app, service, declared)
    _add_job_routes(app, service)
    add_model_routes(app, service.downloads)
    return app


def _add_server_routes(app: FastAPI, service: Service) -> None:
    @app.get("/v1/health", responses=problem_responses(422))
    async def health() -> Health:
        """What the server is and does."""
        return service.health()

    @app.get("/v1/filters", responses=problem_responses(422))
    async def filters() -> dict[str, Any]:
        """The catalogue: every filter with its inputs and parameters."""
        return service.catalogue

    @app.post("/v1/shutdown", status_code=204, response_class=Response, responses=problem_responses(403, 422))
    async def shutdown(request: Request, at_once: bool = False) -> None:
        """Finish the jobs, or end them ``at_once``, take no new ones, then end."""
        if user_of(request) != HERE:
            raise NotAllowed(said("a command to end the server"))
        service.lifetime.leave(at_once=at_once)


def _add_upload_route(app: FastAPI, service: Service) -> None:
    @app.post(
        "/v1/images",
        status_code=201,
        responses=problem_responses(413, 422, 429),
        openapi_extra={"requestBody": {**RAW_BODY, "required": True}},
    )
    async def upload(request: Request, width: Side, height: Side, channels: Channels, dtype: Dtype) -> ImageStatus:
        """Take a raw picture: interleaved rows, little-endian, straight alpha, sRGB-encoded.

        Its id is the SHA-256 of "WIDTH HEIGHT CHANNELS DTYPE\\n" and the body. Each upload of it is one claim to it. Of a client
        on another computer the id is another one, which others cannot guess.
        """
        form = Pixels(width, height, channels, dtype)
        try:
            with service.images.arrival(form, user_of(request)) as arrival:
                await receive_pixels(request, arrival)
                return _status_of(service.images.add_upload(arrival))
        except RestyleError:
            await discard(request)
            raise

    @app.post("/v1/images/{image_id}/claims", status_code=201, responses=problem_responses(404, 422))
    async def claim(request: Request, image_id: str) -> ImageStatus:
        """Claim an upload that is here already, by its hash, instead of sending it again."""
        return _status_of(service.images.claim(image_id, user_of(request)))


def _add_image_routes(app: FastAPI, service: Service) -> None:
    @app.get(
        "/v1/images/{image_id}",
        status_code=200,
        response_class=PixelResponse,
        responses={200: RAW_BODY, **problem_responses(404, 422)},
    )
    async def download(request: Request, image_id: str, channels: Channels | None = None, dtype: Dtype | None = None) -> Response:
        """Give a raw picture in the form asked for, or in its own."""
        with service.images.held(image_id, user_of(request)) as stored:
            return PixelResponse(await run_in_threadpool(stored.as_bytes, channels, dtype))

    @app.delete("/v1/images/{image_id}", status_code=204, response_class=Response, responses=problem_responses(422))
    async def drop(request: Request, image_id: str) -> None:
        """Give a claim to a picture back, if it is known; it goes with the last, but jobs that use it keep it until they end."""
        service.images.drop(image_id, user_of(request))


def _add_filter_route(app: FastAPI, service: Service, declared: AnyFilter) -> None:
    async def start(
        request: Request,
        body: Any,
        purpose: Purpose = "result",
        client: Client = "",
        folder: Folder = None,
        output: Output = None,
        sequence: Frames = "",
    ) -> JobStatus:
        terms = Terms(purpose, client, declared.needs.is_quick, _files(folder, output), user_of(request), sequence)
        return service.submit(use_of_body(declared, body), terms)

    start.__annotations__["body"] = body_model(declared)
    app.post(
        f"/v1/filters/{declared.id}/jobs",
        status_code=202,
        name=f"start_{declared.id.replace('-', '_')}",
        summary=f"Start {declared.title}",
        description=declared.summary,
        responses=problem_responses(400, 403, 404, 413, 422, 429, 503),
    )(start)


def _add_job_routes(app: FastAPI, service: Service) -> None:
    @app.post("/v1/filters/{filter_id}/jobs", include_in_schema=False)
    async def start_unknown(filter_id: str) -> None:
        raise UnknownFilter(filter_id)

    @app.get("/v1/jobs/{job_id}", responses=problem_responses(404, 422))
    async def job(request: Request, job_id: str, seen: Seen = 0, wait_ms: Wait = 0) -> JobStatus:
        """How the job stands, as soon as its revision is greater than ``seen``, it has ended, or the time is over."""
        return await until(service.jobs, request, job_id, lambda status: status.revision > seen, wait_ms)

    @app.get(
        "/v1/jobs/{job_id}/preview",
        status_code=200,
        response_class=PixelResponse,
        responses={200: RAW_BODY, 204: {"description": "No newer picture"}, **problem_responses(404, 422)},
    )
    async def preview(request: Request, job_id: str, seen: Seen = 0, wait_ms: Wait = 0, most_px: MostPx = 0) -> Response:
        """The picture as it is being painted, 8-bit RGB of the size in the headers, if its revision is greater than ``seen``.

        It is made because it is asked for: the first comes a step later, and none comes from a filter that paints at once. Where
        it shows a part of the layer, Restyle-Frame has that part's x, y, width and height in the layer's pixels.
        """
        await until(service.jobs, request, job_id, lambda _: service.jobs.preview(job_id).revision > seen, wait_ms)
        shown = service.jobs.preview(job_id)
        if shown.image is None or shown.revision <= seen:
            return Response(status_code=204)
        with service.images.held(shown.image) as stored:
            width, height, raw = await run_in_threadpool(stored.as_small_bytes, most_px)
            headers = {"Restyle-Width": str(width), "Restyle-Height": str(height), "Restyle-Revision": str(shown.revision)}
            if shown.frame is not None:
                headers["Restyle-Frame"] = " ".join(map(str, shown.frame))
            return PixelResponse(raw, headers)

    @app.get("/v1/jobs/{job_id}/files/{name}", response_class=Response, responses={200: RAW_BODY, **problem_responses(404, 422)})
    async def file(job_id: str, name: str) -> Response:
        """Give a file that the job made."""
        return PixelResponse(service.jobs.file(job_id, name))

    @app.delete("/v1/jobs/{job_id}", status_code=204, response_class=Response, responses=problem_responses(422))
    async def cancel(job_id: str) -> None:
        """Cancel the job, or forget it with its result where it has ended."""
        service.jobs.delete(job_id)


def _files(folder: str | None, output: str | None) -> Files | None:
    """The files of a job that is done on files."""
    if output is None:
        return None
    target = path_of(output)
    return Files(target.parent if folder is None else path_of(folder), target)


def _status_of(stored: StoredImage) -> ImageStatus:
    return ImageStatus.model_validate({"id": stored.id, **asdict(stored.form)})


async def _only_known_parameters(request: Request) -> None:
    """A misspelt parameter is a mistake to be told of, as a misspelt field of a body is."""
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise InvalidParameter(unknown[0], said("the server knows no such parameter"))


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
