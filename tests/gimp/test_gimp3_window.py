"""Restyle in a window of GIMP 3, by keys and clicks: dialog, result, undo, repeat, cancel. One start of GIMP for all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import skimage.data
from PIL import Image
from tests.gimp.desktop import PICTURES, PROBE_AGAIN_S, Desktop, eventually
from tests.gimp.gimp2_driver import stop
from tests.gimp.gimp3_driver import CHECKS, PLUGIN_SOURCE, Gimp3, Installation
from tests.gimp.server_process import end_server, open_jobs, plugin_runs, start_server

RESTYLE = "python-fu-restyle-neural-style"
KEYS = {"python-fu-window-probe": "F12", "python-fu-shim-filter": "F9"}
DIALOG, SHIM_DIALOG, CHOOSER, SEARCH = "^Neural Style$", "^Shim Filter$", "^Select a File$", "Search"
# Everything answers within seconds on an idle machine. The limit only ends what waits in vain: a shared machine was seen to take
# more than a minute until the server had read PyTorch from the disk and begun to paint.
PATIENCE_S = 300
# A job that nobody asks for any more ends after the server's lease of 10 s.
LEASE_S = 300
QUICK = {"working-size": 64, "steps": 1}
# From the right and lower edges of a window that fills the screen: left of the docks, 230 px wide.
CANCEL_BUTTON = (-272, -17)
LONG = {"working-size": 512, "steps": 2000}


@dataclass
class Story:
    """What was seen, step by step."""

    gimp: Gimp3
    desktop: Desktop
    process: Any
    main: str = ""
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def look(self) -> dict[str, Any]:
        """What the image holds now."""
        log = self.gimp.folder / "window.jsonl"
        before = len(lines(log))
        self.desktop.press_until("F12", self.main, lambda: len(lines(log)) > before, "probe", PROBE_AGAIN_S)
        return lines(log)[-1]

    def until_layers(self, count: int) -> dict[str, Any]:
        def state() -> dict[str, Any] | None:
            if self.plugin_runs():  # it may be just about to write
                return None
            found = self.look()
            return found if len(found["layers"]) == count else None

        return eventually(state, PATIENCE_S, f"{count} layers")

    def picture(self, name: str) -> None:
        if PICTURES:
            self.desktop.screenshot(PICTURES / f"gimp3-{name}.png")

    def plugin_runs(self) -> bool:
        return plugin_runs(self.gimp.profile)

    def is_cancelled(self) -> bool:
        """Press Cancel, which is away for a moment where the progress bar goes to another process."""
        self.desktop.click_in(self.main, *CANCEL_BUTTON)
        return not self.plugin_runs()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def choose_style(story: Story, dialog: str, path: Path) -> None:
    """Choose a file in the dialog's first row, beside the preview and below the pictures that are offered."""
    desktop = story.desktop
    desktop.key("ctrl+l", window=desktop.click_until_there(dialog, 664, 176, CHOOSER))
    desktop.type(str(path))
    desktop.press_until_gone("Return", CHOOSER)


def open_by_search(story: Story) -> str:
    """Open the filter's dialog as one who types its name into GIMP's search of commands."""
    story.desktop.press_until_there("slash", story.main, SEARCH)
    story.desktop.type("Neural Style")
    story.picture("search")
    story.desktop.act_until(lambda: story.desktop.key("Down", "Return"), lambda: story.desktop.windows(DIALOG), "dialog")
    return story.desktop.wait_for(DIALOG)


def tell(story: Story, style: Path) -> None:
    """The whole story; each step waits for what it needs."""
    desktop = story.desktop
    story.states["before"] = story.look()
    shim = desktop.press_until_there("F9", story.main, SHIM_DIALOG)
    log = Path(story.gimp.environment["SHIM_PROBE_LOG"])
    seen = eventually(lambda: lines(log), PATIENCE_S, "look at the shim's dialog")[0]
    desktop.focus(shim)
    desktop.press_until_gone("Escape", SHIM_DIALOG)
    story.facts["shim"] = seen | eventually(lambda: lines(log)[1:], PATIENCE_S, "shim dialog's answer")[0]

    dialog = open_by_search(story)
    choose_style(story, dialog, style)
    cancel(story, dialog)

    story.gimp.remember(RESTYLE, QUICK)
    dialog = desktop.press_until_there("ctrl+shift+f", story.main, DIALOG)  # Re-Show Last
    choose_style(story, dialog, style)
    story.picture("dialog")
    desktop.focus(dialog)
    desktop.press_until_gone("alt+o", DIALOG)
    story.states["painted"] = story.until_layers(2)
    story.picture("result")
    desktop.key("ctrl+z", window=story.main)
    story.states["undone"] = story.until_layers(1)

    desktop.key("ctrl+f", window=story.main)
    story.states["repeated"] = story.until_layers(2)
    story.facts["dialogs while repeating"] = desktop.windows(DIALOG)
    desktop.key("ctrl+z", window=story.main)
    story.states["undone again"] = story.until_layers(1)


def cancel(story: Story, dialog: str) -> None:
    """Start a painting that would take minutes and press Cancel on the progress bar."""
    desktop = story.desktop
    desktop.focus(dialog)
    desktop.press_until_gone("alt+o", DIALOG)
    eventually(lambda: open_jobs(story.gimp.home) > 0, PATIENCE_S, "running job")
    story.picture("progress")
    assert story.plugin_runs()
    eventually(story.is_cancelled, PATIENCE_S, "plug-in's end")
    story.states["cancelled"] = story.look()
    eventually(lambda: open_jobs(story.gimp.home) == 0, LEASE_S, "job's end")
    story.facts["idle after cancel"] = True


@pytest.fixture(scope="module")
def story(gimp3_installation: Installation, desktop: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    gimp = Gimp3(gimp3_installation, tmp_path_factory.mktemp("gimp3-window"))
    gimp.install(PLUGIN_SOURCE)
    gimp.install_probe()
    gimp.install(CHECKS / "window_probe.py")
    gimp.bind_keys(KEYS)
    gimp.remember(RESTYLE, LONG)
    gimp.environment |= {"DISPLAY": desktop.display, "WINDOW_PROBE_LOG": str(gimp.folder / "window.jsonl")}
    photo, style = gimp.folder / "photo.png", gimp.folder / "style.png"
    Image.fromarray(skimage.data.chelsea()).save(photo)
    Image.fromarray(skimage.data.immunohistochemistry()).save(style)
    if not gimp.can_run_server():
        start_server(gimp.home)
    process = gimp.start(["--no-splash", str(photo)], window=True)
    try:
        found = Story(gimp, desktop, process, desktop.wait_for("photo", PATIENCE_S))
        desktop.fill_screen(found.main)
        tell(found, style)
        yield found
    except AssertionError:
        desktop.screenshot(gimp.folder / "failure.png")
        for log in sorted(gimp.home.rglob("*.log")):
            print(log, log.read_text(errors="replace")[-4000:], sep="\n")
        raise
    finally:
        stop(process)
        end_server(gimp.home)


def test_the_dialog_shows_the_picture_and_the_main_rows_and_folds_the_rest(story: Story) -> None:
    seen = story.facts["shim"]
    for label in ("Style picture", "Or a layer", "Style strength (%)", "Style scale", "Colours", "Detail (px)"):
        assert label in seen["labels"], seen
    assert seen["folded"] == ["More styles", "Advanced"]
    assert "Optimizer" not in seen["labels"]
    assert (seen["sliders"], seen["combos"]) == (4, 2)


def test_ok_waits_for_a_picture_and_says_so(story: Story) -> None:
    seen = story.facts["shim"]
    assert "OK" not in seen["buttons"]
    assert "Cancel" in seen["buttons"]
    assert {"Choose a picture to go on.", "Reset"} <= set(seen["labels"])


def test_a_chosen_layer_is_shown_and_opens_the_way(story: Story) -> None:
    before, seen = story.facts["shim"], story.facts["shim"]["with layer"]
    assert seen["pictures"] == before["pictures"] + 1
    assert "OK" in seen["buttons"]
    assert "Choose a picture to go on." not in seen["labels"]


def test_a_choice_that_takes_other_words_too_follows_its_value(story: Story) -> None:
    seen = story.facts["shim"]
    assert "Model" in seen["labels"]
    assert (seen["words"], seen["with model"]["words"]) == (["The Night"], ["The Wave"])


def test_a_file_that_is_chosen_later_replaces_the_layer(story: Story) -> None:
    """A layer goes before a file, so one that stays behind would win unseen."""
    assert not story.facts["shim"]["with file"]["layer"]
    assert "OK" in story.facts["shim"]["with file"]["buttons"]


def test_the_unfolded_dialog_fits_the_screen_and_folding_leaves_no_hole(story: Story) -> None:
    seen = story.facts["shim"]
    folded, unfolded, folded_again = seen["heights"]
    assert folded < unfolded <= seen["screen"]
    assert folded_again == folded


def test_a_cancelled_dialog_ends_the_call(story: Story) -> None:
    assert story.facts["shim"]["chosen"] is None


def test_ok_puts_the_result_above_the_photo(story: Story) -> None:
    above, below = story.states["painted"]["layers"]
    (photo,) = story.states["before"]["layers"]
    assert below == photo
    assert above["size"] == photo["size"]
    assert above["offsets"] == photo["offsets"]
    assert above["pixels"] != photo["pixels"]


def test_one_undo_brings_back_the_same_pixels_and_a_clean_image(story: Story) -> None:
    assert story.states["undone"] == story.states["before"]
    assert not story.states["undone"]["dirty"]


def test_repeat_last_paints_again_without_a_dialog(story: Story) -> None:
    assert story.facts["dialogs while repeating"] == []
    assert story.states["repeated"]["layers"][0]["pixels"] == story.states["painted"]["layers"][0]["pixels"]
    assert story.states["undone again"] == story.states["before"]


def test_cancel_leaves_the_image_as_it_was_and_nothing_running(story: Story) -> None:
    assert story.states["cancelled"] == story.states["before"]
    assert story.facts["idle after cancel"]
