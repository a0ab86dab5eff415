"""A long painting in a window of each GIMP: it grows on the canvas, and Cancel and undo leave the image as it was."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import skimage.data
from PIL import Image
from tests.gimp.desktop import Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import DREAM_KEY, open_window
from tests.gimp.gimp3_driver import CHECKS, Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.server_process import end_server

# Deep Dream needs no second picture. So many steps that they take far longer than it takes to be shown, and end all the same.
TITLE, DREAM = "^DeepDream$", "python-fu-restyle-deep-dream"
SETTINGS = {"working-size": 256, "steps": 40}
GROWING, GROWN = "DeepDream\u2026", "DeepDream"
# From the right and lower edges of GIMP's window.
CANCEL_IN_GIMP2, CANCEL_IN_GIMP3 = (-60, -20), (-272, -17)
# Of a machine that does ten other things.
PAINTING_S = 600
ANSWER_S = 20
PICTURES = Path(os.environ["RESTYLE_TEST_PICTURES"]) if "RESTYLE_TEST_PICTURES" in os.environ else None

State = dict[str, Any]


@dataclass
class Story:
    """``look``: the image's layers as (name, hash of the pixels), from the top, and whether it is changed."""

    desktop: Desktop
    main: str
    folder: Path
    key: str
    cancel: tuple[int, int]
    look: Callable[[], State]
    name: str
    seen: dict[str, State] = field(default_factory=dict)

    def until(self, question: Callable[[State], bool], what: str) -> State:
        return eventually(lambda: question(found := self.look()) and found, PATIENCE_S, what)  # type: ignore[return-value]

    def is_painting(self) -> bool:
        """Whether this GIMP's plug-in runs."""
        entry = str(self.folder / "profile" / "plug-ins" / "restyle" / "restyle.py")
        return any(entry in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))

    def start(self) -> None:
        self.desktop.press_until_there(self.key, self.main, TITLE, PATIENCE_S)
        self.desktop.press_until_gone("alt+o", TITLE)

    def is_cancelled(self) -> bool:
        """Press Cancel, which is away for a moment where another plug-in, such as the probe, has just ended."""
        self.desktop.click_in(self.main, *self.cancel)
        return not self.is_painting()

    def picture(self, name: str) -> None:
        if PICTURES:
            self.desktop.screenshot(PICTURES / f"{self.name}-canvas-{name}.png")


def tell(story: Story) -> None:
    desktop, seen = story.desktop, story.seen
    seen["before"] = story.look()
    story.start()
    photo = seen["before"]["layers"][0][1]
    seen["growing"] = story.until(lambda now: now["layers"][0][0] == GROWING and now["layers"][0][1] != photo, "growth")
    story.picture("growing")
    seen["grown further"] = story.until(lambda now: now["layers"][0] != seen["growing"]["layers"][0], "further growth")
    story.picture("grown-further")
    eventually(story.is_cancelled, PATIENCE_S, "the end of the plug-in")
    seen["cancelled"] = story.look()
    story.picture("cancelled")
    story.start()
    eventually(lambda: not story.is_painting(), PAINTING_S, "the painting")
    seen["painted"] = story.look()
    story.picture("painted")
    desktop.key("ctrl+z", window=story.main)
    seen["undone"] = story.until(lambda now: len(now["layers"]) == 1, "undo")


@contextmanager
def in_gimp2(folder: Path) -> Iterator[Story]:
    gimp, python = Gimp2(folder), python_of("3")
    gimp.install(PLUGIN_SOURCE, python=python)
    home = Path(gimp.environment["RESTYLE_HOME"])
    home.mkdir(mode=0o700)
    stored = json.dumps({"names": list(SETTINGS), "values": list(SETTINGS.values())})
    (home / "remembered.json").write_text(json.dumps({f"last values of {DREAM}": stored}))
    try:
        with open_window(gimp, python, Image.fromarray(skimage.data.chelsea())) as window:
            window.desktop.fill_screen(window.main)

            def look() -> State:
                found = window.run("probe")
                return {"layers": found["layers"], "dirty": found["dirty"]}

            yield Story(window.desktop, window.main, folder, DREAM_KEY, CANCEL_IN_GIMP2, look, "gimp2.10")
    finally:
        end_server(home)


@contextmanager
def in_gimp3(series: str, folder: Path) -> Iterator[Story]:
    gimp = Gimp3(gimp3_of(series), folder)
    gimp.install(PLUGIN_SOURCE)
    gimp.install(CHECKS / "window_probe.py")
    gimp.bind_keys({DREAM: "F9", "python-fu-window-probe": "F12"})
    gimp.remember(DREAM, SETTINGS)
    log = folder / "window.jsonl"
    log.touch()
    with open_photo(gimp, folder, {"WINDOW_PROBE_LOG": str(log)}) as (desktop, main):

        def look() -> State:
            before = len(log.read_text().splitlines())

            def answer() -> list[str]:
                # A busy GIMP may let a key pass; one more look does no harm.
                desktop.key("F12", window=main)
                with contextlib.suppress(AssertionError):
                    eventually(lambda: log.read_text().splitlines()[before:], ANSWER_S, "probe")
                return log.read_text().splitlines()[before:]

            found = json.loads(eventually(answer, PATIENCE_S, "probe")[-1])
            return {"layers": [[layer["name"], layer["pixels"]] for layer in found["layers"]], "dirty": found["dirty"]}

        yield Story(desktop, main, folder, "F9", CANCEL_IN_GIMP3, look, f"gimp{series}")


@pytest.fixture(scope="module", params=["2.10", "3.0", "3.2"])
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("canvas")
    if request.param == "2.10":
        need_gimp2()
    with in_gimp2(folder) if request.param == "2.10" else in_gimp3(request.param, folder) as found:
        tell(found)
        yield found


def test_a_long_painting_is_seen_above_the_photo_and_sharpens(story: Story) -> None:
    before, growing, further = (story.seen[name] for name in ("before", "growing", "grown further"))
    assert [state["layers"][1:] for state in (growing, further)] == [before["layers"]] * 2
    assert [state["layers"][0][0] for state in (growing, further)] == [GROWING] * 2
    assert growing["layers"][0] != further["layers"][0]


def test_cancel_in_the_middle_leaves_the_image_as_it_was(story: Story) -> None:
    assert story.seen["before"]["dirty"] is False
    assert story.seen["cancelled"] == story.seen["before"]


def test_the_painting_takes_its_place_and_one_undo_leaves_the_image_as_it_was(story: Story) -> None:
    (name, _), *others = story.seen["painted"]["layers"]
    assert (name, others) == (GROWN, story.seen["before"]["layers"])
    assert story.seen["undone"] == story.seen["before"]
