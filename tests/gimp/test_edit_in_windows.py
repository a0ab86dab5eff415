"""Edit Restyled Layer and presets in a window of each GIMP: a preset is chosen, its painting edited into another, and undone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import skimage.data
from PIL import Image
from tests.gimp.desktop import PICTURES, Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import EDIT_KEY, FAST_KEY, open_window
from tests.gimp.gimp3_driver import CHECKS, Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.server_process import end_server, plugin_runs

TITLE, EDITING = "^Fast Style$", "^Edit Fast Style$"
WAVES = {"style_name": "great-wave", "strength": 60.0, "stroke_size": 1.5}
NIGHT = {"style_name": "starry-night", "strength": 80.0, "stroke_size": 1.0}
# Until the preview shows what was chosen last, for a picture of it.
SETTLE_S = 8


@dataclass(frozen=True)
class Places:
    """Where a dialog has the name of a preset and the history, from its lower right corner."""

    name: tuple[int, int]
    history: tuple[int, int]


IN_GIMP2 = Places((-700, -98), (-110, -98))
IN_GIMP3 = Places((-700, -117), (-114, -117))


@dataclass
class Story:
    desktop: Desktop
    main: str
    folder: Path
    home: Path
    key: str
    places: Places
    look: Callable[[], list[tuple[str, str]]]
    name: str
    seen: dict[str, Any] = field(default_factory=dict)

    def open(self, key: str, title: str) -> str:
        return self.desktop.press_until_there(key, self.main, title, PATIENCE_S)

    def until(self, question: Callable[[list[tuple[str, str]]], bool], what: str) -> list[tuple[str, str]]:
        """The image's layers, (name, hash of the pixels), once they are as asked and nobody writes into them any more."""
        return eventually(lambda: not self.is_painting() and question(found := self.look()) and found, PATIENCE_S, what)

    def is_painting(self) -> bool:
        """Whether this GIMP's plug-in runs."""
        return plugin_runs(self.folder / "profile")

    def saved(self, dialog: str, name: str) -> dict[str, Any]:
        """Save the dialog's settings under a name; the request in the preset's file."""
        self.desktop.click_in(dialog, *self.places.name)
        self.desktop.key("ctrl+a")
        self.desktop.type(name)
        self.desktop.key("Return")
        path = presets_of(self.home) / f"{name}.json"
        return eventually(lambda: read(path), PATIENCE_S, str(path))

    def choose(self, dialog: str, number: int) -> None:
        """Choose a preset by the keyboard: each press takes the next one's settings."""
        self.desktop.click_in(dialog, *self.places.name)
        self.desktop.key("ctrl+a", "BackSpace", *["Down"] * number)

    def recall(self, dialog: str, number: int) -> None:
        """Choose from the history."""
        self.desktop.click_in(dialog, *self.places.history)
        self.desktop.key("Escape", *["Down"] * number)

    def picture(self, name: str, dialog: str) -> None:
        if PICTURES:
            time.sleep(SETTLE_S)
            self.desktop.screenshot(PICTURES / f"{self.name}-{name}.png", dialog)


def presets_of(home: Path) -> Path:
    return home / "presets" / "fast-style"


def read(path: Path) -> dict[str, Any]:
    """A file's JSON, {} while it is not all there."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def put_presets(home: Path) -> None:
    presets_of(home).mkdir(parents=True)
    for name, params in (("Night", NIGHT), ("Waves", WAVES)):
        request = {"filter": "fast-style", "inputs": {}, "params": params}
        (presets_of(home) / f"{name}.json").write_text(json.dumps(request))


def tell(story: Story) -> None:
    desktop, seen = story.desktop, story.seen
    dialog = story.open(story.key, TITLE)
    story.choose(dialog, 2)
    seen["chosen"] = story.saved(dialog, "Copy")
    story.picture("preset", dialog)
    desktop.press_until_gone("alt+o", TITLE)
    seen["painted"] = story.until(lambda layers: len(layers) == 2, "a painting")

    dialog = story.open(EDIT_KEY, EDITING)
    seen["opened"] = story.saved(dialog, "As it was made")
    story.choose(dialog, 3)
    story.picture("edit", dialog)
    desktop.press_until_gone("alt+o", EDITING)
    seen["edited"] = story.until(lambda layers: layers[0][0] != seen["painted"][0][0], "the edited painting")
    desktop.key("ctrl+z", window=story.main)
    seen["undone"] = story.until(lambda layers: layers[0][0] != seen["edited"][0][0], "undo")

    dialog = story.open(EDIT_KEY, EDITING)
    story.recall(dialog, 2)
    seen["used before"] = story.saved(dialog, "Used before")
    desktop.press_until_gone("Escape", EDITING)


@contextmanager
def in_gimp2(folder: Path) -> Iterator[Story]:
    gimp, python = Gimp2(folder), python_of("3")
    gimp.install(PLUGIN_SOURCE, python=python)
    home = Path(gimp.environment["RESTYLE_HOME"])
    put_presets(home)
    try:
        with open_window(gimp, python, Image.fromarray(skimage.data.chelsea())) as window:
            look = lambda: [(name, pixels) for name, pixels in window.run("probe")["layers"]]  # noqa: E731
            yield Story(window.desktop, window.main, folder, home, FAST_KEY, IN_GIMP2, look, "gimp2.10")
    finally:
        end_server(home)


@contextmanager
def in_gimp3(series: str, folder: Path) -> Iterator[Story]:
    gimp = Gimp3(gimp3_of(series), folder)
    gimp.install(PLUGIN_SOURCE)
    gimp.install(CHECKS / "window_probe.py")
    edit = "python-fu-restyle-edit-restyled-layer"
    gimp.bind_keys({"python-fu-restyle-fast-style": "F9", edit: "<Primary><Shift><Alt>e", "python-fu-window-probe": "F12"})
    put_presets(gimp.home)
    log = folder / "window.jsonl"
    log.touch()
    with open_photo(gimp, folder, {"WINDOW_PROBE_LOG": str(log)}) as (desktop, main):

        def look() -> list[tuple[str, str]]:
            before = len(log.read_text().splitlines())
            desktop.key("F12", window=main)
            lines = eventually(lambda: log.read_text().splitlines()[before:], PATIENCE_S, "probe")
            return [(layer["name"], layer["pixels"]) for layer in json.loads(lines[-1])["layers"]]

        yield Story(desktop, main, folder, gimp.home, "F9", IN_GIMP3, look, f"gimp{series}")


@pytest.fixture(scope="module", params=["2.10", "3.0", "3.2"])
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("edit")
    if request.param == "2.10":
        need_gimp2()
    with in_gimp2(folder) if request.param == "2.10" else in_gimp3(request.param, folder) as found:
        tell(found)
        yield found


def test_a_preset_sets_the_dialog(story: Story) -> None:
    assert story.seen["chosen"]["params"].items() >= WAVES.items()
    assert story.seen["painted"][0][0].startswith("The Great Wave")


def test_editing_opens_the_dialog_as_the_layer_was_made(story: Story) -> None:
    assert story.seen["opened"] == story.seen["chosen"]


def test_the_edited_layer_takes_the_place_of_the_old_one(story: Story) -> None:
    painted, edited = story.seen["painted"], story.seen["edited"]
    assert edited[1:] == painted[1:]
    assert edited[0][1] != painted[0][1]
    assert edited[0][0].startswith("The Starry Night")


def test_one_undo_brings_the_old_painting_back(story: Story) -> None:
    assert story.seen["undone"] == story.seen["painted"]


def test_the_history_has_what_was_chosen_before(story: Story) -> None:
    assert story.seen["used before"] == story.seen["chosen"]
