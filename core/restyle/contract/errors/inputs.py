"""What was handed in cannot be used: pictures, parameters, names."""

from __future__ import annotations

from restyle.contract.errors.base import RestyleError
from restyle.contract.sentence import as_declared, said

__all__ = [
    "ImageTooLarge",
    "InvalidImage",
    "InvalidInput",
    "InvalidParameter",
    "MissingInput",
    "UnknownFilter",
    "UnreadableImage",
    "UnusableInvitation",
]


class InvalidInput(RestyleError):
    """What came from outside does not fit what the filter asks for."""

    code = "invalid-input"


class InvalidParameter(InvalidInput):
    """A parameter is missing, unknown, of another type or out of its bounds."""

    code = "invalid-parameter"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(said("The setting {name} cannot be used: {reason}.", name=name, reason=reason))
        self.name = name


class InvalidImage(InvalidInput):
    """The pixels do not fit what was said of them."""

    code = "invalid-image"


class UnreadableImage(InvalidImage):
    """A file is no picture that can be read."""

    code = "unreadable-image"

    def __init__(self, path: object, reason: str | None = None) -> None:
        super().__init__(
            said(
                "{path} cannot be read as a picture ({reason}); open it and save it anew as PNG, JPEG or TIFF.",
                path=path,
                reason=reason,
            )
            if reason
            else said("{path} cannot be read as a picture; open it and save it anew as PNG, JPEG or TIFF.", path=path)
        )


class ImageTooLarge(InvalidImage):
    """The picture has more pixels than can be worked on."""

    code = "image-too-large"

    def __init__(self, width: int, height: int, maximum_pixels: int) -> None:
        super().__init__(
            said(
                "The picture has {width} x {height} pixels, more than {most} million; scale it down or select a part of it.",
                width=width,
                height=height,
                most=maximum_pixels // 1_000_000,
            )
        )


class MissingInput(InvalidInput):
    """A filter was asked to run without a picture that it needs, or with too many."""

    code = "missing-input"

    def __init__(self, title: str, minimum: int, maximum: int) -> None:
        super().__init__(
            said("{title}: choose {count}.", title=as_declared(title), count=minimum)
            if minimum == maximum
            else said("{title}: choose {minimum} to {maximum}.", title=as_declared(title), minimum=minimum, maximum=maximum)
        )


class UnusableInvitation(InvalidInput):
    """A line is not what `restyle server pair` prints."""

    code = "unusable-invitation"

    def __init__(self) -> None:
        super().__init__(
            said("This is not the line that `restyle server pair` prints; paste all of it, from restyle: to its end.")
        )


class UnknownFilter(RestyleError):
    """No filter has this name."""

    code = "unknown-filter"

    def __init__(self, filter_id: str) -> None:
        super().__init__(said("There is no filter called {filter_id}; `restyle list` names them all.", filter_id=filter_id))
