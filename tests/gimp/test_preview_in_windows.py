"""The preview in Fast Style's dialog, in a window of each GIMP: it appears, its split follows the mouse, it can be off.

A part of it is shown at full size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.gimp.desktop import eventually
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.open_dialog import CHANGED, LEFT, MIDDLE, RIGHT, SERIES, Story, open_dialog

# Below the preview.
SWITCH, FULL_SIZE = (60, 273), (170, 273)
# Where the gallery is, and how much of it changes when a few of those thumbnails do.
GALLERY, MOST_PAINTED = (370, 40, 840, 230), 0.05
# Deviation of what is shown there, of 255: an empty window has less.
DRAWN = 25


def tell(story: Story) -> None:
    # Off, as it was the last time, it leaves the thumbnails as they are shipped.
    first = eventually(lambda: (shown := gallery(story)).std() > DRAWN and [shown], PATIENCE_S, "thumbnails")[0]
    story.desktop.click_in(story.dialog, *SWITCH)
    eventually(lambda: story.apart() > CHANGED, PATIENCE_S, "preview")
    story.close()
    story.open()
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
    story.close()


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


def switch_off(home: Path) -> None:
    """As if the preview had been switched off the last time."""
    (home / "remembered.json").write_text(json.dumps({"preview": False}))


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


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with open_dialog(request.param, tmp_path_factory.mktemp("preview"), prepare=switch_off) as found:
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
