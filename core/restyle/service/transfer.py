"""Transfer: raw pictures into and out of the server without needless copies."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from restyle.contract.errors import InvalidImage
from restyle.contract.sentence import said
from restyle.service.images import Arrival

__all__ = ["PixelResponse", "discard", "receive_pixels"]

CHUNK_BYTES = 1 << 20
"""Written piecemeal, the connection's buffer never holds a second copy of the picture."""

MAXIMUM_DISCARD_BYTES = 1 << 30
"""A client that sends more than this after a refusal is cut off."""


async def receive_pixels(request: Request, arrival: Arrival) -> None:
    """Read the body, which must have exactly the length of the form; raises InvalidImage, BodyTooLarge, ClientDisconnect."""
    expected = arrival.form.size_bytes
    declared = request.headers.get("content-length")
    if declared is not None and int(declared) != expected:
        raise _wrong_length(int(declared), expected)
    async for chunk in request.stream():
        if len(arrival.raw) + len(chunk) > expected:
            raise _wrong_length(len(arrival.raw) + len(chunk), expected)
        arrival.add(chunk)
    if len(arrival.raw) != expected:
        raise _wrong_length(len(arrival.raw), expected)


async def discard(request: Request) -> None:
    """Read what a refused client still sends: one that is cut off while sending never sees the answer."""
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > MAXIMUM_DISCARD_BYTES:
                return
    except (ClientDisconnect, RuntimeError):
        # Gone, or its body was read to the end before.
        return


class PixelResponse(Response):
    """A raw picture."""

    media_type = "application/octet-stream"

    def __init__(self, raw: bytes | bytearray, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(headers={"Content-Length": str(len(raw)), **(headers or {})})
        self._raw = memoryview(raw)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the picture in pieces."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for first in range(0, len(self._raw), CHUNK_BYTES):
            chunk = self._raw[first : first + CHUNK_BYTES]
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _wrong_length(received: int, expected: int) -> InvalidImage:
    return InvalidImage(
        said(
            "The picture came with {received} bytes where {expected} were expected; start the filter again.",
            received=received,
            expected=expected,
        )
    )
