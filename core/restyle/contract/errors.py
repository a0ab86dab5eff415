"""Every error that Restyle raises on purpose, as one tree.

    RestyleError
    ├── Cancelled
    ├── InvalidInput
    │   ├── InvalidParameter
    │   ├── InvalidImage
    │   │   ├── UnreadableImage
    │   │   ├── ImageTooLarge
    │   │   └── ImageTooSmall
    │   ├── MissingInput
    │   └── UnusableInvitation
    ├── UnknownFilter
    ├── WeightsError
    │   ├── UnknownWeights
    │   ├── WeightsUnavailable
    │   │   └── DownloadFailed
    │   ├── WeightsDamaged
    │   ├── UnusableModel
    │   └── UnknownModel
    ├── MissingLibrary
    ├── DeviceUnavailable
    ├── OutOfMemory
    ├── NotFinite
    ├── OutputUnwritable
    │   └── PaintingRescued
    ├── HomeUnusable
    ├── SystemRefused
    ├── TrainingInProgress
    └── ServerError
        ├── Unauthorized
        ├── UnknownImage
        ├── UnknownJob
        ├── BodyTooLarge
        ├── TooManyJobs
        ├── QuotaExceeded
        ├── NotAllowed
        ├── ServerBusy
        ├── ServerLeaving
        ├── ServerStopped
        ├── ServerUnreachable
        ├── Refused
        └── InternalError

``code`` is stable: programs and translations may rely on it. ``str(error)`` is one sentence for the person
at the screen, and says what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

__all__ = [
    "BodyTooLarge",
    "Cancelled",
    "DeviceUnavailable",
    "DownloadFailed",
    "HomeUnusable",
    "ImageTooLarge",
    "ImageTooSmall",
    "InternalError",
    "InvalidImage",
    "InvalidInput",
    "InvalidParameter",
    "MissingInput",
    "MissingLibrary",
    "NotAllowed",
    "NotFinite",
    "OutOfMemory",
    "OutputUnwritable",
    "PaintingRescued",
    "QuotaExceeded",
    "Refused",
    "RestyleError",
    "ServerBusy",
    "ServerError",
    "ServerLeaving",
    "ServerStopped",
    "ServerUnreachable",
    "SystemRefused",
    "TooManyJobs",
    "TrainingInProgress",
    "Unauthorized",
    "UnknownFilter",
    "UnknownImage",
    "UnknownJob",
    "UnknownModel",
    "UnknownWeights",
    "UnreadableImage",
    "UnusableInvitation",
    "UnusableModel",
    "WeightsDamaged",
    "WeightsError",
    "WeightsUnavailable",
]


class RestyleError(Exception):
    """The root: one sentence for the user, and a stable code for programs."""

    code: ClassVar[str] = "error"
    command = ""
    """What the sentence advises, as a command: for who reads it in a terminal, "" where there is none."""


class Cancelled(RestyleError):
    """The user, or the loss of the client, ended the job."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("The work was cancelled; nothing was changed.")


class InvalidInput(RestyleError):
    """What came from outside does not fit what the filter asks for."""

    code = "invalid-input"


class InvalidParameter(InvalidInput):
    """A parameter is missing, unknown, of another type or out of its bounds."""

    code = "invalid-parameter"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The setting {name} cannot be used: {reason}.")
        self.name = name


class InvalidImage(InvalidInput):
    """The pixels do not fit what was said of them."""

    code = "invalid-image"


class UnreadableImage(InvalidImage):
    """A file is no picture that can be read."""

    code = "unreadable-image"

    def __init__(self, path: object, reason: str | None = None) -> None:
        why = f" ({reason})" if reason else ""
        super().__init__(f"{path} cannot be read as a picture{why}; open it and save it anew as PNG, JPEG or TIFF.")


class ImageTooLarge(InvalidImage):
    """The picture has more pixels than can be worked on."""

    code = "image-too-large"

    def __init__(self, width: int, height: int, maximum_pixels: int) -> None:
        super().__init__(
            f"The picture has {width} x {height} pixels, more than {maximum_pixels // 1_000_000} million; "
            "scale it down or select a part of it."
        )


class ImageTooSmall(InvalidImage):
    """The picture has too few pixels to be worked on."""

    code = "image-too-small"

    def __init__(self, width: int, height: int, minimum: int) -> None:
        super().__init__(
            f"The picture has {width} x {height} pixels; at least {minimum} x {minimum} are needed, so take a larger one."
        )


class MissingInput(InvalidInput):
    """A filter was asked to run without a picture that it needs, or with too many."""

    code = "missing-input"

    def __init__(self, title: str, minimum: int, maximum: int) -> None:
        count = str(minimum) if minimum == maximum else f"{minimum} to {maximum}"
        super().__init__(f"{title}: choose {count}.")


class UnusableInvitation(InvalidInput):
    """A line is not what `restyle server pair` prints."""

    code = "unusable-invitation"

    def __init__(self) -> None:
        super().__init__("This is not the line that `restyle server pair` prints; paste all of it, from restyle: to its end.")


class UnknownFilter(RestyleError):
    """No filter has this name."""

    code = "unknown-filter"

    def __init__(self, filter_id: str) -> None:
        super().__init__(f"There is no filter called {filter_id}; `restyle list` names them all.")


class WeightsError(RestyleError):
    """Trained weights that a filter needs cannot be used."""

    code = "weights"


class UnknownWeights(WeightsError):
    """The manifest has no weights of this name."""

    code = "unknown-weights"

    def __init__(self, weights_id: str) -> None:
        super().__init__(f"There are no weights called {weights_id}; `restyle models` lists them all.")


class WeightsUnavailable(WeightsError):
    """The weights are not on this computer; those without a ``url`` come with Restyle."""

    code = "weights-unavailable"

    def __init__(self, weights_id: str, url: str | None = None) -> None:
        super().__init__(
            f"The weights {weights_id} are not on this computer yet; choose Download in the filter's dialog."
            if url
            else f"The weights {weights_id}, which come with Restyle, are missing; install Restyle again."
        )
        self.weights_id = weights_id
        self.command = f"restyle models fetch {weights_id}" if url else ""


class DownloadFailed(WeightsUnavailable):
    """The place where the weights are published cannot be reached, or does not have them."""

    code = "download-failed"

    def __init__(self, weights_id: str, url: str) -> None:
        WeightsError.__init__(
            self, f"{weights_id} did not come from {url}; look after the connection and try again: it goes on where it stopped."
        )
        self.weights_id = weights_id
        self.command = f"restyle models fetch {weights_id}"


class WeightsDamaged(WeightsError):
    """A weights file is not what the manifest says, or holds more than tensors."""

    code = "weights-damaged"

    def __init__(self, path: object, reason: str, advice: str = "delete it and fetch it again") -> None:
        super().__init__(f"The weights file {path} cannot be used ({reason}); {advice}.")
        self.reason = reason


class UnusableModel(WeightsError):
    """A file that somebody wants to use as a model of his own is none that can be used."""

    code = "unusable-model"

    def __init__(self, path: object, reason: str, advice: str = "choose the file as its author published it") -> None:
        super().__init__(f"{path} cannot be used as a model ({reason}); {advice}.")


class UnknownModel(WeightsError):
    """No model has this name."""

    code = "unknown-model"

    def __init__(self, name: str, known: Sequence[str], kind: str = "style", otherwise: str = "import one") -> None:
        advice = f"choose one of {', '.join(known)}" if known else otherwise
        super().__init__(f"There is no {kind} called {name}; {advice}.")


class MissingLibrary(RestyleError):
    """Something optional was asked for whose library is not installed."""

    code = "missing-library"

    def __init__(self, what: str, library: str) -> None:
        super().__init__(f"{what} needs {library}, which is not here; run `pip install {library}` where Restyle is installed.")


class DeviceUnavailable(RestyleError):
    """The computer has no such device."""

    code = "device-unavailable"

    def __init__(self, device: str) -> None:
        super().__init__(f"This computer has no usable {device} device; choose auto or cpu.")


class OutOfMemory(RestyleError):
    """Memory did not suffice, even in the smallest way of working."""

    code = "out-of-memory"

    def __init__(self) -> None:
        super().__init__("There is too little free memory for this picture; close other programs or choose less detail.")


class NotFinite(RestyleError):
    """What was computed are no numbers: weights that overflow, or a precision too small for them."""

    code = "not-finite"

    def __init__(self) -> None:
        super().__init__(
            "What came out is no picture, because its numbers grew beyond all bounds; choose other settings or another model."
        )


class OutputUnwritable(RestyleError):
    """The result cannot be stored where it was asked for."""

    code = "output-unwritable"

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"The result cannot be saved as {path} ({reason}); choose another name or folder.")
        self.reason = reason


class PaintingRescued(OutputUnwritable):
    """The result could not be stored where it was asked for when the work was done, and is kept elsewhere."""

    code = "painting-rescued"

    def __init__(self, path: object, reason: str, rescued: object) -> None:
        super().__init__(path, reason)
        self.args = (f"The result could not be saved as {path} ({reason}); it is kept as {rescued}, take it from there.",)
        self.rescued = rescued


class HomeUnusable(RestyleError):
    """Restyle's own folder cannot be written, or is somebody else's."""

    code = "home-unusable"

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            f"Restyle's folder {path} cannot be used ({reason}); make room or take it over, or set RESTYLE_HOME to another."
        )


class SystemRefused(RestyleError):
    """The system refused something in the middle of the work: a full disk, a permission, a drive that went."""

    code = "system-refused"

    def __init__(self, error: OSError) -> None:
        place = f": {error.filename}" if error.filename else ""
        super().__init__(f"The system refused ({error.strerror or error}{place}); make room or allow it, and try again.")


class TrainingInProgress(RestyleError):
    """Another training writes to the same model."""

    code = "training-in-progress"

    def __init__(self) -> None:
        super().__init__("This is being learned already; wait until that is done, or choose another name.")


class ServerError(RestyleError):
    """The server cannot do what it was asked."""

    code = "server"


class Unauthorized(ServerError):
    """The request does not carry the server's token; ``from_afar``: that of a member, who may have been withdrawn."""

    code = "unauthorized"

    def __init__(self, *, from_afar: bool = False) -> None:
        super().__init__(
            "That server does not let this computer in (any more); ask for a new line of `restyle server pair`."
            if from_afar
            else "This server belongs to another program; start the filter again."
        )


class UnknownImage(ServerError):
    """The server holds no such image (any more)."""

    code = "unknown-image"

    def __init__(self) -> None:
        super().__init__("The server does not hold this picture any more; start the filter again.")


class UnknownJob(ServerError):
    """The server knows no such job (any more)."""

    code = "unknown-job"

    def __init__(self) -> None:
        super().__init__("The server does not know this job any more; start the filter again.")


class BodyTooLarge(ServerError):
    """The request, or all that was uploaded together, is larger than the server takes."""

    code = "body-too-large"

    def __init__(self) -> None:
        super().__init__("The picture is larger than the server takes; scale it down or select a part of it.")


class TooManyJobs(ServerError):
    """The queue is full."""

    code = "too-many-jobs"

    def __init__(self) -> None:
        super().__init__("Too many jobs are waiting; try again when some have ended.")


class QuotaExceeded(ServerError):
    """A member wants more of a server at once than it gives to each: ``share`` says of what, and how much."""

    code = "quota-exceeded"

    def __init__(self, share: str) -> None:
        super().__init__(f"The server gives each user {share} at once; wait until something of yours has ended.")


class NotAllowed(ServerError):
    """Something that only programs on the server's own computer may ask for."""

    code = "not-allowed"

    def __init__(self, what: str) -> None:
        super().__init__(f"From another computer {what} cannot be used; compute on this one for that.")


class ServerBusy(ServerError):
    """A server that shall listen for other computers finds one that runs already."""

    code = "server-busy"

    def __init__(self) -> None:
        super().__init__("A server runs already; end it with `restyle server stop`, and start this one again.")


class ServerLeaving(ServerError):
    """The server was asked to end and takes no more jobs."""

    code = "server-leaving"

    def __init__(self) -> None:
        super().__init__("The server is ending, probably for an update; start the filter again in a moment.")


class ServerStopped(ServerError):
    """The server was told to end at once, by a signal or by hand, while it worked on this."""

    code = "server-stopped"

    def __init__(self) -> None:
        super().__init__("The server was stopped, so nothing was changed; start the filter again.")


class ServerUnreachable(ServerError):
    """The server in another room that was chosen cannot be used: ``place`` is what people call it."""

    code = "server-unreachable"

    def __init__(self, place: str, reason: object) -> None:
        self.place, self.reason = place, str(reason).rstrip(".")
        super().__init__(f"The server {place} cannot be used ({self.reason}); see to it, or let `restyle server forget` it.")


class Refused(ServerError):
    """The server could not do it, for a reason of its own: ``problem`` is its code, the sentence as well is its own."""

    code = "refused"

    def __init__(self, problem: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = problem


class InternalError(ServerError):
    """Something failed that nobody foresaw; the log has the traceback."""

    code = "internal-error"

    def __init__(self, log: object) -> None:
        super().__init__(f"Something went wrong inside Restyle; please report it with the log, {log}.")
