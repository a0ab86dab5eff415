"""The style pictures that come with Restyle, in Neural Style's dialog in a window of each GIMP: a click takes another one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.gimp.desktop import eventually
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.open_dialog import CHANGED, LEFT, MIDDLE, SERIES, Story, open_dialog

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
    story.close()


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with open_dialog(request.param, tmp_path_factory.mktemp("shelf"), "neural-style", TITLE) as found:
        tell(found)
        yield found


def test_the_dialog_begins_with_a_style_and_previews_it(story: Story) -> None:
    assert story.seen["painted"] > CHANGED


def test_a_click_on_another_picture_takes_it(story: Story) -> None:
    assert story.seen["another"] > CHANGED
