"""FarClient: has it done by the server in another room that was chosen; where that is not to be had, does it here and says so.

Files are read and written here, so that all that holds of files holds in this way, too; over the network go pixels.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from restyle.contract.errors import Refused, RestyleError, ServerUnreachable
from restyle.contract.progress import Progress
from restyle.contract.request import Use
from restyle.contract.sentence import said_by_system
from restyle.service.clients.client import Client, Done
from restyle.service.clients.there import begun, seen_through
from restyle.service.connection import exchange, request
from restyle.service.remote.chosen import chosen_server, connection_to
from restyle.service.remote.invitation import Invitation
from restyle.version import PROTOCOL

if TYPE_CHECKING:
    from restyle.contract.result import Result
    from restyle.pictures.image import Image

__all__ = ["FarClient", "far_client", "health_of"]

DTYPE = "f32"
"""As precise as results are, and the way back to a file's depth is this side's."""

MASK, RGB, RGBA = 1, 3, 4


class FarClient(Client):
    """A client of an invitation's server, with one that does things here for what it cannot or may not do."""

    def __init__(self, invitation: Invitation, here: Client) -> None:
        self._invitation = invitation
        self._connection = connection_to(invitation)
        self._here = here

    def perform(self, use: Use[Any], output: Path, progress: Progress) -> Done:
        """Have it done there, or do it here."""
        try:
            stays = _why_it_stays(use)
            if stays:
                raise ServerUnreachable(self._invitation.place, stays)
            health_of(self._invitation)
            return self._perform(use, output, progress)
        except ServerUnreachable as error:
            # Nothing is written before all is done: it can be done again.
            progress.note(f"The server {error.place} cannot be used for this ({error.reason}), so this computer does it.")
            return self._here.perform(use, output, progress)

    def _perform(self, use: Use[Any], output: Path, progress: Progress) -> Done:
        from restyle.engine.on_files import make_on_files

        devices: list[str | None] = []

        def make(open_picture: Callable[[str], Image]) -> Result:
            try:
                with _Uploads(self._exchange) as uploads:
                    return self._made(use, open_picture, progress, uploads, devices)
            except OSError as error:
                raise ServerUnreachable(self._invitation.place, said_by_system(error)) from error
            except Refused as error:
                # What is missing or full is so there.
                raise Refused(error.problem, f"On {self._invitation.place}: {error}") from error

        make_on_files(use, output, make, progress)
        return Done(f"{devices[-1]} of {self._invitation.place}")

    def _made(
        self,
        use: Use[Any],
        open_picture: Callable[[str], Image],
        progress: Progress,
        uploads: _Uploads,
        devices: list[str | None],
    ) -> Result:
        from restyle.contract.result import Result
        from restyle.engine.opening import blended

        # Opened before anything is sent: a file that cannot be read is no fault of the server's.
        pictures = {ref: open_picture(ref) for ref in use.refs()}
        asked = use.request()
        mask = use.filter.mask
        ids = {ref: uploads.picture(picture) for ref, picture in pictures.items() if mask is None or ref != use.inputs[mask.name]}
        if mask is not None and use.inputs[mask.name] is not None:
            ids[use.inputs[mask.name]] = uploads.mask(pictures[use.inputs[mask.name]])
        body = asked.with_refs(ids.__getitem__).model_dump(mode="json", exclude={"filter"})
        with begun(self._connection, f"/v1/filters/{use.filter.id}/jobs", body) as job:
            done = seen_through(self._connection, job, progress)
            devices.append(done["device"])
            outputs = {made["name"]: made for made in done["results"]}
            result = Result(
                {name: self._download(use, pictures, made) for name, made in outputs.items() if made["kind"] == "picture"},
                {name: self._file(done["id"], name) for name, made in outputs.items() if made["kind"] == "file"},
            )
        return blended(use, open_picture, result)

    def _download(self, use: Use[Any], pictures: dict[str, Image], made: Any) -> Image:
        from restyle.pictures.image import Image

        query = urlencode({"channels": RGBA, "dtype": DTYPE})
        raw = self._exchange("GET", f"/v1/images/{made['image']}?{query}", None)
        picture = Image.from_bytes(raw, made["width"], made["height"], channels=RGBA, dtype=DTYPE)
        declared = {output.name: output for output in use.filter.outputs if output.kind == "picture"}[made["name"]]
        layer = use.filter.layer
        if declared.alpha == "layer" and layer is not None and declared.size == "content":
            is_opaque = pictures[use.inputs[layer.name]].alpha is None
        else:
            is_opaque = picture.alpha is not None and bool((picture.alpha == 1).all())
        return Image(picture.pixels) if is_opaque else picture

    def _file(self, job_id: str, name: str) -> bytes:
        return self._exchange("GET", f"/v1/jobs/{job_id}/files/{name}", None)

    def _exchange(self, method: str, path: str, body: bytes | None) -> bytes:
        return exchange(self._connection, method, path, body)


class _Uploads:
    """Pictures on the server for as long as a block lasts."""

    def __init__(self, ask: Callable[[str, str, bytes | None], bytes]) -> None:
        self._ask = ask
        self._ids: list[str] = []

    def __enter__(self) -> _Uploads:
        return self

    def __exit__(self, *exception: object) -> None:
        for image_id in self._ids:
            try:
                self._ask("DELETE", f"/v1/images/{image_id}", None)
            except (OSError, RestyleError):
                return  # it forgets them by itself

    def picture(self, picture: Image) -> str:
        """Send one with all that it has; its id there."""
        return self._send(picture, RGB if picture.alpha is None else RGBA)

    def mask(self, picture: Image) -> str:
        """Send one as where to work and where not; its id there."""
        from restyle.pictures.image import Image
        from restyle.pictures.masks import mask_of

        return self._send(Image(mask_of(picture).expand(1, RGB, -1, -1)), MASK)

    def _send(self, picture: Image, channels: int) -> str:
        form = {"width": picture.width, "height": picture.height, "channels": channels, "dtype": DTYPE}
        answer = self._ask("POST", f"/v1/images?{urlencode(form)}", picture.to_bytes(channels=channels, dtype=DTYPE))
        self._ids.append(str(json.loads(answer)["id"]))
        return self._ids[-1]


def far_client(home: Path, here: Client) -> FarClient | None:
    """The client of the server that was chosen, None where none was."""
    invitation = chosen_server(home)
    return None if invitation is None else FarClient(invitation, here)


def health_of(invitation: Invitation) -> dict[str, Any]:
    """What a server in another room says of itself. Raises ServerUnreachable where it is none that can be used."""
    try:
        health: dict[str, Any] = request(connection_to(invitation), "GET", "/v1/health")
        protocol = int(health["protocol"])
    except OSError as error:
        raise ServerUnreachable(invitation.place, said_by_system(error)) from error
    except Refused as error:
        raise ServerUnreachable(invitation.place, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ServerUnreachable(invitation.place, "another program answers there") from error
    if protocol != PROTOCOL:
        reason = f"it speaks protocol {protocol}, and this Restyle protocol {PROTOCOL}: bring both to the same version"
        raise ServerUnreachable(invitation.place, reason)
    return health


def _why_it_stays(use: Use[Any]) -> str:
    """What of this computer's disk a use needs that is not sent; "" where nothing."""
    if use.filter.needs.stays:
        return "what it makes is kept on this computer"
    for name, _ in use.params.own_models():
        return f"{name} is on this computer alone"
    for title in use.params.given_folders():
        return f"the folder of {title} is on this computer alone"
    return ""
