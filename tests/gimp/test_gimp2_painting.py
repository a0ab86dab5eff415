"""Neural Style as a person uses it in GIMP 2.10: its dialog, a style file, the result, and undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.gimp.desktop import eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2, pythons
from tests.gimp.gimp2_session import PATIENCE_S, Window, key_of, open_window
from tests.gimp.server_process import end_server, plugin_runs

pytestmark = pytest.mark.usefixtures("gimp2_program", "window_tools")
PICTURE = (200, 160)
TITLE, CHOOSER = "^Neural Style$", "^Style picture$"


def choose_style(window: Window, style: Path) -> None:
    """Open the dialog, choose a file in it by keyboard, and press OK."""
    desktop = window.desktop
    dialog = desktop.press_until_there(key_of("neural-style"), window.main, TITLE)
    chooser = desktop.press_until_there("space", dialog, CHOOSER)  # the file button has the focus
    desktop.key("slash", window=chooser)  # begins a path; then all of it
    desktop.key("ctrl+a")
    desktop.type(str(style))
    desktop.key("Return")
    desktop.wait_until_gone(CHOOSER)
    desktop.focus(dialog)
    desktop.press_until_gone("alt+o", TITLE)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    gimp = Gimp2(tmp_path_factory.mktemp("painting"))
    gimp.install(PLUGIN_SOURCE)
    style = gimp.folder / "style.png"
    Image.radial_gradient("L").convert("RGB").resize((64, 64)).save(style)
    with open_window(gimp, pythons()["3"], PICTURE) as window:
        seen: dict[str, Any] = {"before": window.run("probe")}
        choose_style(window, style)
        eventually(lambda: not plugin_runs(gimp.profile), PATIENCE_S, "the painting")
        seen["painted"] = window.run("probe")
        seen["undone"] = window.press_until("ctrl+z", 1)
        yield seen
    end_server(Path(gimp.environment["RESTYLE_HOME"]))


def test_the_dialog_paints_a_layer_above(facts: dict[str, Any]) -> None:
    assert [name for name, _ in facts["painted"]["layers"]] == ["style (Neural Style)", "photo.png"]
    assert facts["painted"]["layers"][1] == facts["before"]["layers"][0]
    assert facts["painted"]["layers"][0][1] != facts["before"]["layers"][0][1]


def test_one_undo_leaves_the_image_as_it_was(facts: dict[str, Any]) -> None:
    assert facts["before"]["dirty"] is False
    assert facts["undone"] == facts["before"]
