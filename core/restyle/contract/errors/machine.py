"""What this computer cannot do, or does not let be done."""

from __future__ import annotations

from restyle.contract.errors.base import RestyleError
from restyle.contract.sentence import said, said_by_system

__all__ = [
    "DeviceUnavailable",
    "HomeUnusable",
    "MissingLibrary",
    "NotFinite",
    "OutOfMemory",
    "OutputUnwritable",
    "PaintingRescued",
    "SystemRefused",
    "TrainingInProgress",
]


class MissingLibrary(RestyleError):
    """Something optional was asked for whose library is not installed."""

    code = "missing-library"

    def __init__(self, what: str, library: str) -> None:
        super().__init__(
            said(
                "{what} needs {library}, which is not here; run `pip install {library}` where Restyle is installed.",
                what=what,
                library=library,
            )
        )


class DeviceUnavailable(RestyleError):
    """The computer has no such device."""

    code = "device-unavailable"

    def __init__(self, device: str) -> None:
        super().__init__(said("This computer has no usable {device} device; choose auto or cpu.", device=device))


class OutOfMemory(RestyleError):
    """Memory did not suffice, even in the smallest way of working."""

    code = "out-of-memory"

    def __init__(self) -> None:
        super().__init__(said("There is too little free memory for this picture; close other programs or choose less detail."))


class NotFinite(RestyleError):
    """What was computed are no numbers: weights that overflow, or a precision too small for them."""

    code = "not-finite"

    def __init__(self) -> None:
        super().__init__(
            said(
                "What came out is no picture, because its numbers grew beyond all bounds; choose other settings or another model."
            )
        )


class OutputUnwritable(RestyleError):
    """The result cannot be stored where it was asked for."""

    code = "output-unwritable"

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            said("The result cannot be saved as {path} ({reason}); choose another name or folder.", path=path, reason=reason)
        )
        self.reason = reason


class PaintingRescued(OutputUnwritable):
    """The result could not be stored where it was asked for when the work was done, and is kept elsewhere."""

    code = "painting-rescued"

    def __init__(self, path: object, reason: str, rescued: object) -> None:
        super().__init__(path, reason)
        self.args = (
            said(
                "The result could not be saved as {path} ({reason}); it is kept as {rescued}, take it from there.",
                path=path,
                reason=reason,
                rescued=rescued,
            ),
        )
        self.rescued = rescued


class HomeUnusable(RestyleError):
    """Restyle's own folder cannot be written, or is somebody else's."""

    code = "home-unusable"

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            said(
                "Restyle's folder {path} cannot be used ({reason}); make room or take it over, or set RESTYLE_HOME to another.",
                path=path,
                reason=reason,
            )
        )


class SystemRefused(RestyleError):
    """The system refused something in the middle of the work: a full disk, a permission, a drive that went."""

    code = "system-refused"

    def __init__(self, error: OSError) -> None:
        reason = said_by_system(error)
        super().__init__(
            said(
                "The system refused ({reason}: {file}); make room or allow it, and try again.", reason=reason, file=error.filename
            )
            if error.filename
            else said("The system refused ({reason}); make room or allow it, and try again.", reason=reason)
        )


class TrainingInProgress(RestyleError):
    """Another training writes to the same model."""

    code = "training-in-progress"

    def __init__(self) -> None:
        super().__init__(said("This is being learned already; wait until that is done, or choose another name."))
