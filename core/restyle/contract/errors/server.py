"""What the server says, or what keeps it from saying anything."""

from __future__ import annotations

from restyle.contract.errors.base import RestyleError
from restyle.contract.sentence import said

__all__ = [
    "BodyTooLarge",
    "InternalError",
    "NotAllowed",
    "QuotaExceeded",
    "Refused",
    "ServerBusy",
    "ServerError",
    "ServerLeaving",
    "ServerStopped",
    "ServerUnreachable",
    "TooManyJobs",
    "Unauthorized",
    "UnknownImage",
    "UnknownJob",
]


class ServerError(RestyleError):
    """The server cannot do what it was asked."""

    code = "server"


class Unauthorized(ServerError):
    """The request does not carry the server's token; ``from_afar``: that of a member, who may have been withdrawn."""

    code = "unauthorized"

    def __init__(self, *, from_afar: bool = False) -> None:
        super().__init__(
            said("That server does not let this computer in (any more); ask for a new line of `restyle server pair`.")
            if from_afar
            else said("This server belongs to another program; start the filter again.")
        )


class UnknownImage(ServerError):
    """The server holds no such image (any more)."""

    code = "unknown-image"

    def __init__(self) -> None:
        super().__init__(said("The server does not hold this picture any more; start the filter again."))


class UnknownJob(ServerError):
    """The server knows no such job (any more)."""

    code = "unknown-job"

    def __init__(self) -> None:
        super().__init__(said("The server does not know this job any more; start the filter again."))


class BodyTooLarge(ServerError):
    """The request, or all that was uploaded together, is larger than the server takes."""

    code = "body-too-large"

    def __init__(self) -> None:
        super().__init__(said("The picture is larger than the server takes; scale it down or select a part of it."))


class TooManyJobs(ServerError):
    """The queue is full."""

    code = "too-many-jobs"

    def __init__(self) -> None:
        super().__init__(said("Too many jobs are waiting; try again when some have ended."))


class QuotaExceeded(ServerError):
    """A member wants more of a server at once than it gives to each: ``share`` says of what, and how much."""

    code = "quota-exceeded"

    def __init__(self, share: str) -> None:
        super().__init__(
            said("The server gives each user {share} at once; wait until something of yours has ended.", share=share)
        )


class NotAllowed(ServerError):
    """Something that only programs on the server's own computer may ask for."""

    code = "not-allowed"

    def __init__(self, what: str) -> None:
        super().__init__(said("From another computer {what} cannot be used; compute on this one for that.", what=what))


class ServerBusy(ServerError):
    """A server that shall listen for other computers finds one that runs already."""

    code = "server-busy"

    def __init__(self) -> None:
        super().__init__(said("A server runs already; end it with `restyle server stop`, and start this one again."))


class ServerLeaving(ServerError):
    """The server was asked to end and takes no more jobs."""

    code = "server-leaving"

    def __init__(self) -> None:
        super().__init__(said("The server is ending, probably for an update; start the filter again in a moment."))


class ServerStopped(ServerError):
    """The server was told to end at once, by a signal or by hand, while it worked on this."""

    code = "server-stopped"

    def __init__(self) -> None:
        super().__init__(said("The server was stopped, so nothing was changed; start the filter again."))


class ServerUnreachable(ServerError):
    """The server in another room that was chosen cannot be used: ``place`` is what people call it."""

    code = "server-unreachable"

    def __init__(self, place: str, reason: object) -> None:
        self.place, self.reason = place, str(reason).rstrip(".")
        super().__init__(
            said(
                "The server {place} cannot be used ({reason}); see to it, or let `restyle server forget` it.",
                place=place,
                reason=self.reason,
            )
        )


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
        super().__init__(said("Something went wrong inside Restyle; please report it with the log, {log}.", log=log))
