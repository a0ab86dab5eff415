"""A network that is not here, in Enhance Photo's dialog in a window of each GIMP: offered, downloaded, then there."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.gimp.desktop import eventually
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.open_dialog import CHANGED, SERIES, Story, open_dialog
from tests.gimp.server_process import server_pid

TITLE = "^Enhance Photo$"
SERVER = Path(__file__).with_name("published_here.py")
# "Look" in the dialog; the first of the networks that are not in the box is the fourth of its choices.
LOOK = {"gimp2.10": (630, 64), "gimp3.0": (636, 81), "gimp3.2": (636, 81)}
TO_DPED = ["Down"] * 3
# The button of what is offered, from the lower right corner.
BUTTON = {"gimp2.10": (-52, -155), "gimp3.0": (-74, -129), "gimp3.2": (-74, -129)}
NAME = "dped_iphone.safetensors"
OK = "alt+o"
PART_BYTES = 300_000


@contextmanager
def published(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen([sys.executable, str(SERVER), str(home)])
    try:
        eventually(lambda: server_pid(home), PATIENCE_S, "server")
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def tell(story: Story) -> None:
    desktop, dialog, models = story.desktop, story.dialog, story.folder / "restyle" / "models"
    eventually(lambda: story.apart() > CHANGED, PATIENCE_S, "preview")
    height = desktop.size(dialog)[1]
    desktop.click_in(dialog, *LOOK[story.name])
    desktop.key(*TO_DPED)
    desktop.key("Return")
    story.seen["grown"] = eventually(lambda: desktop.size(dialog)[1] - height, PATIENCE_S, "offer")
    desktop.click_in(dialog, 200, -20)  # on nothing: no tooltip hides the rows
    story.picture("download-offered")
    desktop.key(OK, window=dialog)
    story.seen["open"] = float(bool(desktop.windows(TITLE)))
    desktop.click_in(dialog, *BUTTON[story.name])
    eventually(lambda: (models / NAME).exists() or has_come_so_far(models), PATIENCE_S, "a part of it")
    story.picture("download-coming")
    eventually(lambda: (models / NAME).exists(), PATIENCE_S, "the network")
    story.picture("download-here")
    desktop.press_until_gone(OK, TITLE)


def has_come_so_far(models: Path) -> bool:
    """Whether enough of it is here that one sees the bar."""
    with contextlib.suppress(FileNotFoundError):  # it has just got its own name
        return any(os.path.getsize(part) > PART_BYTES for part in models.glob("*.part"))
    return True


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("download")
    with published(folder / "restyle"), open_dialog(request.param, folder, "enhance-photo", TITLE) as found:
        tell(found)
        yield found


def test_a_network_that_is_not_here_is_offered_and_comes(story: Story) -> None:
    assert story.seen["grown"] > 0


def test_ok_waits_for_it(story: Story) -> None:
    assert story.seen["open"]
