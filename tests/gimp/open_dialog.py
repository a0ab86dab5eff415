"""A filter's dialog over a photo in a window of any GIMP, and what its preview shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from tests.gimp.desktop import Desktop
from tests.gimp.probed_window import SERIES, ProbedWindow, nothing, open_probed

__all__ = ["CHANGED", "LEFT", "MIDDLE", "RIGHT", "SERIES", "TITLE", "Story", "open_dialog"]

TITLE = "^Fast Style$"
# The picture of the preview is 320 pixels wide, 13 from the dialog's edge in GIMP 2.10 and 24 in GIMP 3.
LEFT, RIGHT, MIDDLE = 28, 328, 132
SHOWN = (48, 60, 312, 210)
# A style changes a photo by a quarter of the range; two pictures of one window differ by nothing.
CHANGED = 8


@dataclass
class Story:
    """``filter_id``, ``title``: whose dialog it is."""

    window: ProbedWindow
    filter_id: str
    title: str
    dialog: str = ""
    seen: dict[str, float] = field(default_factory=dict)

    @property
    def desktop(self) -> Desktop:
        """The screen."""
        return self.window.desktop

    @property
    def folder(self) -> Path:
        """Where the GIMP's files are."""
        return self.window.folder

    @property
    def name(self) -> str:
        """The GIMP's."""
        return self.window.name

    def open(self) -> None:
        """Open the dialog."""
        self.dialog = self.window.open(self.filter_id, self.title)

    def close(self) -> None:
        """Cancel the dialog."""
        self.desktop.focus(self.dialog)
        self.desktop.press_until_gone("Escape", self.title)

    def look(self) -> np.ndarray:
        path = self.desktop.screenshot(self.folder / "dialog.png", self.dialog)
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB").crop(SHOWN), dtype=float)

    def apart(self) -> float:
        """How far the picture with the split at its left edge (all after) is from that with it at its right edge."""
        self.desktop.click_in(self.dialog, LEFT, MIDDLE)
        after = self.look()
        self.desktop.click_in(self.dialog, RIGHT, MIDDLE)
        return float(np.abs(after - self.look()).mean())

    def picture(self, name: str) -> None:
        """Leave a picture of the dialog, where pictures are wanted."""
        self.window.picture(name, self.dialog)


@contextmanager
def open_dialog(
    series: str, folder: Path, filter_id: str = "fast-style", title: str = TITLE, prepare: Callable[[Path], None] = nothing
) -> Iterator[Story]:
    """Open a filter's dialog in a window of a GIMP of ``SERIES``; ``prepare`` gets Restyle's home before GIMP starts."""
    with open_probed(series, folder, prepare=prepare) as window:
        story = Story(window, filter_id, title)
        story.open()
        yield story
