"""Guard: the outermost layer of the app. Nobody without the token gets in, and no failure gets out unnamed."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from restyle.contract.errors import InternalError, Unauthorized
from restyle.service.lifetime import Lifetime
from restyle.service.problems import http_problem, problem_of, respond
from restyle.service.remote.members import Members
from restyle.service.users import HERE

__all__ = ["Guard", "user_of"]

HOSTS = frozenset({"localhost", "127.0.0.1", "restyle"})
"""The names by which the plug-in calls the server; a web page that rebinds its own name to 127.0.0.1 comes with that name."""

MAXIMUM_JSON_BYTES = 1 << 20
"""Requests for jobs have a few kilobytes."""

IMAGES_PATH = "/v1/images"
"""Takes larger bodies, and bounds them itself."""

USER = "restyle.user"
"""Where a request that was let in says whose it is."""

_log = logging.getLogger(__name__)


class Guard:
    """ASGI middleware: host, token, size of JSON bodies, open requests, unforeseen failures.

    What comes by TLS comes from another computer: it must have the token of one of ``members``, whose name `user_of` gives.
    """

    def __init__(self, app: ASGIApp, *, token: str, lifetime: Lifetime, log: Path, members: Members | None = None) -> None:
        self._app = app
        self._members = members
        self._expected = f"Bearer {token}".encode()
        self._lifetime = lifetime
        self._log_path = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if headers.get("host", "").rsplit(":", 1)[0] not in HOSTS:
            await respond(http_problem(HTTPStatus.MISDIRECTED_REQUEST))(scope, receive, send)
        elif (user := self._user(scope, headers.get("authorization", ""))) is None:
            refused = problem_of(Unauthorized(from_afar=_is_from_afar(scope)))
            await respond(refused, {"WWW-Authenticate": "Bearer"})(scope, receive, send)
        else:
            scope[USER] = user
            with self._lifetime.request():
                await self._pass_on(scope, receive, send)

    def _user(self, scope: Scope, authorization: str) -> str | None:
        """Who asks, HERE for a program on this computer; None for nobody who may."""
        if not _is_from_afar(scope):
            return HERE if secrets.compare_digest(authorization.encode(), self._expected) else None
        scheme, _, token = authorization.partition(" ")
        return self._members.of_token(token) if self._members is not None and scheme == "Bearer" else None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive if scope["path"] == IMAGES_PATH else _bounded(receive), watched_send)
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if has_begun:
                raise
            await respond(problem_of(InternalError(self._log_path)))(scope, receive, send)


def user_of(request: Request) -> str:
    """The name of the member who asks from another computer, HERE for programs on this one."""
    return str(request.scope[USER])


def _is_from_afar(scope: Scope) -> bool:
    return bool(scope["scheme"] == "https")


def _bounded(receive: Receive) -> Receive:
    """``receive`` that refuses to go on behind MAXIMUM_JSON_BYTES."""
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAXIMUM_JSON_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive_bounded
