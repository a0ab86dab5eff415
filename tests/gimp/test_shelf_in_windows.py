"""The style pictures that come with Restyle, in Neural Style's dialog in a window of each GIMP: a click takes another one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.gimp.desktop import eventually
from tests.gimp.gimp2_session import PAINT_KEY
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.installations import need_gimp2
from tests.gimp.test_preview_in_windows import CHANGED, LEFT, MIDDLE, Story, in_gimp2, in_gimp3

TITLE = "^Neural Style$"
# The third picture of the first row.
THIRD = (560, 44)


def tell(story: Story) -> None:
    # Nobody has chosen a style.
    story.seen["painted"] = eventually(lambda: (apart := story.apart()) > CHANGED and apart, PATIENCE_S, "preview")
    story.desktop.click_in(story.dialog, LEFT, MIDDLE)
    first = story.look()
    story.picture("shelf")
    story.desktop.click_in(story.dialog, *THIRD)
    story.seen["another"] = eventually(
        lambda: (apart := float(np.abs(story.look() - first).mean())) > CHANGED and apart, PATIENCE_S, "another style"
    )
    story.picture("shelf-third")
    story.desktop.key("Escape", window=story.dialog)
    story.desktop.wait_until_gone(TITLE, PATIENCE_S)


@pytest.fixture(scope="module", params=["2.10", "3.0", "3.2"])
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("shelf")
    if request.param == "2.10":
        need_gimp2()
        opened = in_gimp2(folder, PAINT_KEY, TITLE)
    else:
        opened = in_gimp3(request.param, folder, "neural-style", TITLE)
    with opened as found:
        tell(found)
        yield found


def test_the_dialog_begins_with_a_style_and_previews_it(story: Story) -> None:
    assert story.seen["painted"] > CHANGED


def test_a_click_on_another_picture_takes_it(story: Story) -> None:
    assert story.seen["another"] > CHANGED
