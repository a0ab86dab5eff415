"""What this computer cannot do, or does not let be done."""

from __future__ import annotations

from restyle.contract.errors.base import RestyleError

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
