"""Fast Style's dialog without a mouse and without eyes, in a window of each GIMP: each control has a name, Tab comes to all of
them, letters to rows and buttons, arrows to styles, and Enter paints."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import skimage.data
from PIL import Image
from tests.gimp.desktop import Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import key_of, open_window
from tests.gimp.gimp3_driver import Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.open_dialog import SERIES
from tests.gimp.server_process import end_server

TITLE = "^Fast Style$"
SPOKEN = Path(__file__).with_name("spoken")
GALLERY, FIRST = "Style", "The Starry Night (van Gogh)"
PREVIEW = "The photo before and after: the arrow keys move the line between them."
# Rows that must be there, each with a letter.
ROWS = {"Style", "Mixed with", "Stroke size", "Strength", "Colours", "Keep faces", "Animation", "Preview", "Full size", "Preset"}
MOST_TABS = 50


@dataclass
class Story:
    desktop: Desktop
    dialog: str
    log: Path
    seen: dict[str, Any] = field(default_factory=dict)

    def now(self) -> dict[str, Any]:
        """What is in the dialog."""
        found = [one for one in json.loads(self.log.read_text()) if one["title"] == "Fast Style"] if self.log.exists() else []
        return found[0] if found else {}

    def press(self, key: str, until: Callable[[list[str]], object]) -> list[str]:
        """Press a key in the dialog; the kind and the name of what has the focus, once they are as asked."""
        self.desktop.key(key, window=self.dialog)
        return eventually(lambda: until(focus := self.now()["focus"]) and focus, PATIENCE_S, f"focus after {key}")


def tell(story: Story) -> None:
    story.seen["dialog"] = dialog = eventually(story.now, PATIENCE_S, "dialog")
    letters = {row(part["name"]): part["letter"] for part in dialog["parts"] if part["letter"]}
    story.seen["letters"] = letters
    story.seen["gallery"] = story.press(f"alt+{letters[GALLERY]}", lambda focus: focus[1] == FIRST)
    story.seen["next"] = story.press("Right", lambda focus: focus[1] != FIRST)
    visited = [story.seen["next"]]
    while len(visited) < MOST_TABS and visited[0] not in visited[1:]:
        visited.append(story.press("Tab", lambda focus: focus != visited[-1]))
    story.seen["visited"] = visited
    story.press(f"alt+{letters[GALLERY]}", lambda focus: focus == story.seen["next"])
    story.desktop.press_until_gone("Return", TITLE)


def row(name: str) -> str:
    """What a row is called, without its unit."""
    return name.partition(" (")[0].rstrip(":")


@contextmanager
def opened(series: str, folder: Path) -> Iterator[Story]:
    log = folder / "spoken.json"
    given = {"RESTYLE_TEST_SPOKEN": str(log)}
    if series == "2.10":
        need_gimp2()
        gimp2, python = Gimp2(folder, {"GTK_MODULES": "gail", **given}), python_of("3")
        listen(gimp2.install(PLUGIN_SOURCE, python=python), "spoken2")
        try:
            with open_window(gimp2, python, Image.fromarray(skimage.data.chelsea())) as window:
                dialog = window.desktop.press_until_there(key_of("fast-style"), window.main, TITLE)
                yield Story(window.desktop, dialog, log)
        finally:
            end_server(folder / "restyle")
        return
    gimp3 = Gimp3(gimp3_of(series), folder)
    listen(gimp3.install(PLUGIN_SOURCE), "spoken3")
    gimp3.bind_keys({"python-fu-restyle-fast-style": "F9"})
    with open_photo(gimp3, folder, given) as (desktop, main):
        yield Story(desktop, desktop.press_until_there("F9", main, TITLE), log)


def listen(plugin: Path, module: str) -> None:
    """Let the plug-in's own process tell what its dialogs have."""
    shutil.copy(SPOKEN / f"{module}.py", plugin)
    entry = plugin / "restyle.py"
    entry.write_text(
        entry.read_text().replace("\nfrom restyle_plugin import menu", f"\nimport {module}\nfrom restyle_plugin import menu")
    )
    assert module in entry.read_text()


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with opened(request.param, tmp_path_factory.mktemp("keyboard")) as found:
        tell(found)
        yield found


def test_each_control_has_a_name(story: Story) -> None:
    assert [part for part in story.seen["dialog"]["parts"] if not part["name"].strip()] == []


def test_each_row_has_a_letter_and_no_two_have_the_same(story: Story) -> None:
    parts = [part for part in story.seen["dialog"]["parts"] if part["letter"]]
    letters = [part["letter"] for part in parts]
    assert len(letters) == len(set(letters)), parts
    assert set(story.seen["letters"]) >= ROWS


def test_a_letter_leads_to_the_chosen_style_and_arrows_to_the_next(story: Story) -> None:
    assert story.seen["gallery"][1] == FIRST
    assert story.seen["next"][1] not in ("", FIRST)


def test_tab_comes_to_all(story: Story) -> None:
    visited = {row(name) for _, name in story.seen["visited"]}
    assert visited >= {PREVIEW, "OK", "Cancel", "Strength", "Keep faces", "Favourite", "Animation", "Full size"}
