"""The preview in Fast Style's dialog, in a window of each GIMP: it appears, its split follows the mouse, it can be off.

A part of it is shown at full size."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image
from tests.gimp.desktop import Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import FAST_KEY, open_window
from tests.gimp.gimp3_driver import Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.server_process import end_server

TITLE = "^Fast Style$"
# The picture of the preview is 320 pixels wide, 13 from the dialog's edge in GIMP 2.10 and 24 in GIMP 3; the switch is below it.
LEFT, RIGHT, MIDDLE = 28, 328, 132
SWITCH, FULL_SIZE = (60, 273), (170, 273)
SHOWN = (48, 60, 312, 210)
# Where the gallery is, and how much of it changes when a few of those thumbnails do.
GALLERY, MOST_PAINTED = (370, 40, 840, 230), 0.05
# Deviation of what is shown there, of 255: an empty window has less.
DRAWN = 25
# A style changes a photo by a quarter of the range; two pictures of one window differ by nothing.
CHANGED = 8
PICTURES = Path(os.environ["RESTYLE_TEST_PICTURES"]) if "RESTYLE_TEST_PICTURES" in os.environ else None


Prepare = Callable[[Path], None]


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


def tell(story: Story) -> None:
    # At once: on a warm server all thumbnails are the photo's after some seconds.
    first = eventually(lambda: (shown := gallery(story)).std() > DRAWN and [shown], PATIENCE_S, "thumbnails")[0]
    story.seen["painted"] = eventually(lambda: (apart := story.apart()) > CHANGED and apart, PATIENCE_S, "preview")
    story.desktop.click_in(story.dialog, (LEFT + RIGHT) // 2, MIDDLE)
    story.picture("preview")
    story.seen["thumbnails"] = eventually(
        lambda: (share := repainted(story, first)) > MOST_PAINTED and share, PATIENCE_S, "gallery"
    )
    story.picture("gallery")
    look_closely(story)
    story.desktop.click_in(story.dialog, *SWITCH)
    story.seen["switched off"] = story.apart()
    story.picture("preview-off")
    story.desktop.click_in(story.dialog, *SWITCH)
    story.desktop.key("Escape", window=story.dialog)
    story.desktop.wait_until_gone(TITLE, PATIENCE_S)


def look_closely(story: Story) -> None:
    """At full size, while the line stands at the left edge: all is after."""
    story.desktop.click_in(story.dialog, *SWITCH)
    story.desktop.click_in(story.dialog, LEFT, MIDDLE)
    small = story.look()
    story.desktop.click_in(story.dialog, *FULL_SIZE)
    photo = eventually(lambda: difference(story, small) > CHANGED and [story.look()], PATIENCE_S, "larger")[0]
    story.desktop.click_in(story.dialog, *SWITCH)
    story.seen["painted at full size"] = eventually(
        lambda: (apart := difference(story, photo)) > CHANGED and apart, PATIENCE_S, "painted at full size"
    )
    middle = story.look()
    story.desktop.drag_in(story.dialog, (RIGHT - 60, MIDDLE), (LEFT + 60, MIDDLE))
    story.seen["moved"] = difference(story, middle)
    story.picture("preview-full-size")
    story.desktop.click_in(story.dialog, *FULL_SIZE)


def difference(story: Story, picture: np.ndarray) -> float:
    return float(np.abs(story.look() - picture).mean())


def gallery(story: Story) -> np.ndarray:
    """What is right of the preview."""
    path = story.desktop.screenshot(story.folder / "dialog.png", story.dialog)
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB").crop(GALLERY), dtype=float)


def repainted(story: Story, first: np.ndarray) -> float:
    """How far the gallery is from the first look at it: the shipped thumbnails give way to the photo's."""
    return float((np.abs(gallery(story) - first).max(axis=2) > CHANGED).mean())


def nothing(home: Path) -> None:
    """Leave Restyle's home empty."""


@contextmanager
def in_gimp2(folder: Path, key: str = FAST_KEY, title: str = TITLE, prepare: Prepare = nothing) -> Iterator[Story]:
    gimp, python = Gimp2(folder), python_of("3")
    prepare(Path(gimp.environment["RESTYLE_HOME"]))
    gimp.install(PLUGIN_SOURCE, python=python)
    try:
        with open_window(gimp, python, Image.fromarray(skimage.data.chelsea())) as window:
            dialog = window.desktop.press_until_there(key, window.main, title, PATIENCE_S)
            yield Story(window.desktop, dialog, folder, "gimp2.10")
    finally:
        end_server(Path(gimp.environment["RESTYLE_HOME"]))


@contextmanager
def in_gimp3(
    series: str, folder: Path, filter_id: str = "fast-style", title: str = TITLE, prepare: Prepare = nothing
) -> Iterator[Story]:
    gimp = Gimp3(gimp3_of(series), folder)
    gimp.install(PLUGIN_SOURCE)
    prepare(Path(gimp.environment["RESTYLE_HOME"]))
    gimp.bind_keys({f"python-fu-restyle-{filter_id}": "F9"})
    with open_photo(gimp, folder) as (desktop, main):
        yield Story(desktop, desktop.press_until_there("F9", main, title, PATIENCE_S), folder, f"gimp{series}")


@pytest.fixture(scope="module", params=["2.10", "3.0", "3.2"])
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("preview")
    if request.param == "2.10":
        need_gimp2()
    with in_gimp2(folder) if request.param == "2.10" else in_gimp3(request.param, folder) as found:
        tell(found)
        yield found


def test_the_preview_appears_and_its_split_follows_the_mouse(story: Story) -> None:
    assert story.seen["painted"] > CHANGED


def test_at_full_size_another_part_is_shown_where_the_picture_is_dragged(story: Story) -> None:
    assert story.seen["painted at full size"] > CHANGED
    assert story.seen["moved"] > CHANGED


def test_the_gallery_shows_the_photo_in_its_styles(story: Story) -> None:
    assert story.seen["thumbnails"] > MOST_PAINTED


def test_switched_off_it_shows_the_photo(story: Story) -> None:
    assert story.seen["switched off"] < CHANGED
