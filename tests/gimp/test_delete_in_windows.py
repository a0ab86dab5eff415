"""A style of one's own, deleted in Fast Style's dialog in a window of each GIMP, is no second style any more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.gimp.desktop import eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.open_dialog import SERIES, Story, open_dialog

# The first of the gallery; the button below it (from the right) and the second style's row, from above.
FIRST, NOTHING = (402, 70), (200, 400)
DELETE_X, DELETE_Y = -50, {"gimp2.10": 252, "gimp3.0": 284, "gimp3.2": 284}
SECOND_X, SECOND_Y = 600, {"gimp2.10": 287, "gimp3.0": 323, "gimp3.2": 323}
LOOKED_AT_X, LOOKED_AT_PX = (530, 700), 8
# Two texts differ by more, of 255; one and the same by nothing.
CHANGED = 1
MINE = "mine"


def prepare(home: Path) -> None:
    """A favourite of one's own stands in front, in the gallery and among second styles."""
    folder = home / "models" / "fast_style"
    folder.mkdir(parents=True)
    shutil.copy(PLUGIN_SOURCE / "restyle_plugin" / "thumbnails" / "comic.jpg", folder / f"{MINE}.jpg")
    (folder / f"{MINE}.safetensors").write_bytes(b"")
    (home / "remembered.json").write_text(json.dumps({"favourite styles": [MINE], "preview": False}))


def row(story: Story) -> np.ndarray:
    """What the second style's row says."""
    path = story.desktop.screenshot(story.folder / "dialog.png", story.dialog)
    with Image.open(path) as picture:
        left, right, middle = *LOOKED_AT_X, SECOND_Y[story.name]
        box = (left, middle - LOOKED_AT_PX, right, middle + LOOKED_AT_PX)
        return np.asarray(picture.convert("RGB").crop(box), dtype=float)


def tell(story: Story) -> None:
    # A window is there before it is drawn.
    none = eventually(lambda: (shown := row(story)).std() > CHANGED and [shown], PATIENCE_S, "the row")[0]
    story.desktop.click_in(story.dialog, SECOND_X, SECOND_Y[story.name])
    story.desktop.key("Home")
    story.desktop.key("Return")
    mine = eventually(lambda: difference(row(story), none) > CHANGED and [row(story)], PATIENCE_S, "second style")[0]
    story.picture("second-style")
    story.desktop.click_in(story.dialog, *FIRST)
    story.desktop.click_in(story.dialog, DELETE_X, DELETE_Y[story.name])
    story.desktop.click_in(story.dialog, DELETE_X, DELETE_Y[story.name])
    story.desktop.point_at(story.dialog, *NOTHING)  # no tooltip hides the row
    story.seen["changed"] = eventually(
        lambda: (apart := difference(row(story), mine)) > CHANGED and apart, PATIENCE_S, "no second style"
    )
    eventually(lambda: difference(row(story), none) < CHANGED, PATIENCE_S, "none")
    story.picture("second-style-deleted")
    story.close()


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with open_dialog(request.param, tmp_path_factory.mktemp("delete"), prepare=prepare) as found:
        tell(found)
        yield found


def test_a_deleted_style_is_no_second_style_any_more(story: Story) -> None:
    assert story.seen["changed"] > CHANGED
