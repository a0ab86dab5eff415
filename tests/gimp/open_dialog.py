"""A filter's dialog over a photo in a window of any GIMP, and what its preview shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image
from tests.gimp.desktop import PICTURES, Desktop
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import FILTERS, open_window
from tests.gimp.gimp3_driver import Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.server_process import end_server

__all__ = ["CHANGED", "LEFT", "MIDDLE", "RIGHT", "SERIES", "TITLE", "Story", "open_dialog"]

SERIES = ("2.10", "3.0", "3.2")
TITLE = "^Fast Style$"
# The picture of the preview is 320 pixels wide, 13 from the dialog's edge in GIMP 2.10 and 24 in GIMP 3.
LEFT, RIGHT, MIDDLE = 28, 328, 132
SHOWN = (48, 60, 312, 210)
# A style changes a photo by a quarter of the range; two pictures of one window differ by nothing.
CHANGED = 8


@dataclass
class Story:
    desktop: Desktop
    dialog: str
    folder: Path
    name: str
    seen: dict[str, float] = field(default_factory=dict)

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
        if PICTURES:
            self.desktop.screenshot(PICTURES / f"{self.name}-{name}.png", self.dialog)


def _nothing(home: Path) -> None:
    """Leave Restyle's home empty."""


@contextmanager
def open_dialog(
    series: str,
    folder: Path,
    filter_id: str = "fast-style",
    title: str = TITLE,
    prepare: Callable[[Path], None] = _nothing,
) -> Iterator[Story]:
    """Open a filter's dialog in a window of a GIMP of ``SERIES``; ``prepare`` gets Restyle's home before GIMP starts."""
    opened = _window_of_2(folder, prepare) if series == "2.10" else _window_of_3(series, folder, filter_id, prepare)
    with opened as (desktop, main):
        key = f"ctrl+shift+alt+{FILTERS[filter_id]}" if series == "2.10" else "F9"
        yield Story(desktop, desktop.press_until_there(key, main, title, PATIENCE_S), folder, f"gimp{series}")


@contextmanager
def _window_of_2(folder: Path, prepare: Callable[[Path], None]) -> Iterator[tuple[Desktop, str]]:
    need_gimp2()
    gimp, python = Gimp2(folder), python_of("3")
    home = Path(gimp.environment["RESTYLE_HOME"])
    prepare(home)
    gimp.install(PLUGIN_SOURCE, python=python)
    try:
        with open_window(gimp, python, Image.fromarray(skimage.data.chelsea())) as window:
            yield window.desktop, window.main
    finally:
        end_server(home)


@contextmanager
def _window_of_3(series: str, folder: Path, filter_id: str, prepare: Callable[[Path], None]) -> Iterator[tuple[Desktop, str]]:
    gimp = Gimp3(gimp3_of(series), folder)
    gimp.install(PLUGIN_SOURCE)
    prepare(gimp.home)
    gimp.bind_keys({f"python-fu-restyle-{filter_id}": "F9"})
    with open_photo(gimp, folder) as shown:
        yield shown
