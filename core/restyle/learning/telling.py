"""Telling: how far a training is, what is left of its time, and now and then a picture."""

from __future__ import annotations

import time
from collections.abc import Callable

from restyle.context import Context
from restyle.contract.sentence import said, span
from restyle.pictures.image import Image

__all__ = ["Telling"]

PREVIEW_EVERY_S = 4.0


class Telling:
    """Tells the progress after each step; a picture, where somebody wants one, now and then."""

    def __init__(self, context: Context) -> None:
        self._context, self._pictured = context, time.monotonic()
        self._began: tuple[float, float] | None = None

    def tell(self, seconds: float, of: float, how: str, picture: Callable[[Context], Image]) -> None:
        """``seconds`` of the training's time are spent; ``picture`` makes one, with nobody to tell of it. Raises Cancelled."""

        def preview() -> Image:
            self._pictured = time.monotonic()
            return picture(Context(self._context.device, store=self._context.store))

        # A picture takes as long as some steps.
        offered = preview if time.monotonic() - self._pictured > PREVIEW_EVERY_S else None
        message = said("Learning, {left} left; {how}", left=self._left(seconds, of), how=how)
        self._context.progress.step(round(seconds), of=round(of) + 1, message=message, preview=offered)

    def _left(self, seconds: float, of: float) -> str:
        """A budget is of time spent in steps; what is between them, pictures and checkpoints, comes on top."""
        if self._began is None:
            self._began = time.monotonic(), seconds
        (began, spent), now = self._began, time.monotonic()
        slower = max((now - began) / (seconds - spent), 1.0) if seconds > spent else 1.0
        return span((of - seconds) * slower)
