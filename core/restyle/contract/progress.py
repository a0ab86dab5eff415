"""How a method tells how far it is, and learns that it shall stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from restyle.contract.errors import Cancelled

if TYPE_CHECKING:
    from restyle.pictures.image import Image

__all__ = [
    "CallbackProgress",
    "Frame",
    "FramedProgress",
    "PartProgress",
    "Preview",
    "Progress",
    "Report",
    "ShownProgress",
    "SilentProgress",
]

PART_STEPS = 1000
"""Of the whole, that parts are counted in."""

Preview = Callable[[], "Image"]
"""Makes the picture as it is at this step. Called at most once, by the method's own thread before ``step`` returns, and only
where somebody looks: what a preview costs is paid by those who want one."""

Frame = tuple[int, int, int, int]
"""Which part of the layer a preview shows, whatever size it has itself: x, y, width and height in the layer's pixels. It may
reach beyond the right and the lower edge."""


@dataclass(frozen=True)
class Report:
    """Where a job stands: ``step`` of ``of`` is done, ``message`` says what comes now."""

    step: int
    of: int
    message: str
    preview: Preview | None = None
    frame: Frame | None = None


class Progress(Protocol):
    """What a method asks of whoever started it."""

    def step(self, i: int, *, of: int, message: str = "", preview: Preview | None = None, frame: Frame | None = None) -> None:
        """Report that ``i`` of ``of`` steps are done, and offer a ``preview``; raises Cancelled when the job shall end.

        ``frame``: what the preview shows of what the method was given, None for all of it.
        """

    def note(self, sentence: str) -> None:
        """Keep one sentence for the user, shown with the result (say, that less memory had to do)."""


class SilentProgress:
    """Nobody listens, nobody cancels; the notes are kept."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def step(self, i: int, *, of: int, message: str = "", preview: Preview | None = None, frame: Frame | None = None) -> None:
        """Do nothing."""

    def note(self, sentence: str) -> None:
        """Keep the sentence once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


class CallbackProgress(SilentProgress):
    """Hands each report to ``on_report``; ends the work once ``is_cancelled()`` is true."""

    def __init__(self, on_report: Callable[[Report], None], is_cancelled: Callable[[], bool] = lambda: False) -> None:
        super().__init__()
        self._on_report = on_report
        self._is_cancelled = is_cancelled

    def step(self, i: int, *, of: int, message: str = "", preview: Preview | None = None, frame: Frame | None = None) -> None:
        """Report, or raise Cancelled."""
        if self._is_cancelled():
            raise Cancelled
        self._on_report(Report(i, of, message, preview, frame))


@dataclass(frozen=True)
class PartProgress:
    """A part of the work counts its own steps; ``whole`` hears of them as going from ``start`` to ``end``, both in 0..1."""

    whole: Progress
    start: float
    end: float

    def step(self, i: int, *, of: int, message: str = "", preview: Preview | None = None, frame: Frame | None = None) -> None:
        """Report where this brings the whole."""
        place = self.start + (self.end - self.start) * i / of
        self.whole.step(round(PART_STEPS * place), of=PART_STEPS, message=message, preview=preview, frame=frame)

    def note(self, sentence: str) -> None:
        """Keep it with the whole's."""
        self.whole.note(sentence)


@dataclass(frozen=True)
class FramedProgress:
    """Of work on a part of the layer: what it shows lies in ``frame`` of what ``whole`` is told of."""

    whole: Progress
    frame: Frame

    def step(self, i: int, *, of: int, message: str = "", preview: Preview | None = None, frame: Frame | None = None) -> None:
        """Report where the preview lies in the whole."""
        x, y, width, height = self.frame
        if frame is not None:
            x, y, width, height = x + frame[0], y + frame[1], frame[2], frame[3]
        self.whole.step(i, of=of, message=message, preview=preview, frame=(x, y, width, height))

    def note(self, sentence: str) -> None:
        """Keep it with the whole's."""
        self.whole.note(sentence)


@dataclass(frozen=True)
class ShownProgress:
    """Of work on something else than is wanted, a grey picture say: ``whole`` is shown what ``shown`` makes of its previews."""

    whole: Progress
    shown: Callable[[Image], Image]

    def step(self, i: int, *, of: int, message: str = "", preview: Preview | None = None, frame: Frame | None = None) -> None:
        """Report with the preview as it shall look."""
        looked = None if preview is None else lambda: self.shown(preview())
        self.whole.step(i, of=of, message=message, preview=looked, frame=frame)

    def note(self, sentence: str) -> None:
        """Keep it with the whole's."""
        self.whole.note(sentence)
