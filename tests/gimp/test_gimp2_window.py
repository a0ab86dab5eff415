"""GIMP 2.10 in a window: menu, dialog, undo, repeat, cancel, messages. One start of GIMP for each Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.gimp.desktop import eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import KEYS, PATIENCE_S, Window, open_window
from tests.gimp.installations import python_of

pytestmark = pytest.mark.usefixtures("gimp2_program", "window_tools")
DEFAULTS = [50.0, 512, 1, "adam", True, [0.5, 0.25, 1.0], "hällo", "two\nlines", -7, 0.125, None, None, "Sans"]
RESOURCES = ["2. Hardness 050", "Golden", "Default", "Wood"]


def play(window: Window) -> dict[str, Any]:
    """Use GIMP as a person would; what was seen on the way."""
    dialog = window.run("rows")
    facts: dict[str, Any] = {**dialog, "rows": dialog["widgets"], "untouched": window.run("probe")}
    facts["cancelled"] = (window.invert("Escape"), window.run("probe"))
    facts["default values"] = window.invert("Return")
    facts["inverted"] = window.run("probe")
    facts["undone"] = window.press_until("ctrl+z", 1)
    facts["redone"] = window.press_until("ctrl+y", 2)
    window.press_until("ctrl+z", 1)
    facts["changed values"] = window.invert("Right", "Right", "Right", "Return")
    before = len(window.entries())
    window.desktop.key("ctrl+f", window=window.main)
    facts["repeated values"] = window.answer("invert", before)["values"]
    facts["dialogs while repeating"] = window.desktop.windows("^Invert$")
    window.answer("inverted", before)
    facts["remembered values"] = window.invert("Return")
    facts["reset values"] = window.invert("alt+r", "Return")
    facts["before slow"] = window.run("probe")
    slow = window.run("slow")["pid"]
    eventually(lambda: is_cancelled(window, slow), PATIENCE_S, "the end of the cancelled plug-in")
    facts["after slow"] = window.run("probe")
    key = f"ctrl+shift+alt+{KEYS['fail']}"
    facts["message"] = bool(window.desktop.press_until_there(key, window.main, "GIMP Message"))
    return facts


def is_cancelled(window: Window, pid: int) -> bool:
    """Press Cancel, on the right of GIMP's status bar; whether that ended a plug-in."""
    window.desktop.click_in(window.main, -60, -20)
    return not Path(f"/proc/{pid}").exists()


@pytest.fixture(scope="module", params=["3", "2.7"])
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    python, gimp = python_of(request.param), Gimp2(tmp_path_factory.mktemp("window"))
    with open_window(gimp, python, (451, 300)) as window:
        return play(window)


def test_the_dialog_has_a_row_for_each_parameter_with_its_help(facts: dict[str, Any]) -> None:
    catalogue = json.loads((PLUGIN_SOURCE / "restyle_plugin" / "catalogue.json").read_text())
    shown = {(text or "").rstrip(":"): tooltip for kind, text, tooltip in facts["rows"] if kind == "GtkLabel"}
    declared = next(item for item in catalogue["filters"] if item["id"] == "neural-style")
    for param in declared["params"]:
        if param["dialog"]:
            assert shown[param["title"]] == param["description"]
    kinds = [kind for kind, _, _ in facts["rows"]]
    assert kinds.count("GtkFileChooserButton") == kinds.count("GimpDrawableComboBox") == 4
    assert {"More styles", "For experts", "OK", "Cancel", "Reset"} <= shown.keys()


def test_why_ok_is_grey_stands_above_it(facts: dict[str, Any]) -> None:
    assert "Choose a picture to go on." in [text for kind, text, _ in facts["rows"] if kind == "GtkLabel"]


def test_the_unfolded_dialog_fits_the_screen_and_folding_leaves_no_hole(facts: dict[str, Any]) -> None:
    folded, unfolded, folded_again = facts["heights"]
    assert folded < unfolded <= facts["screen"]
    assert folded_again == folded


def test_every_widget_gives_its_default_back(facts: dict[str, Any]) -> None:
    assert facts["default values"] == [*DEFAULTS, *RESOURCES, None]


def test_a_cancelled_dialog_changes_nothing(facts: dict[str, Any]) -> None:
    values, image = facts["cancelled"]
    assert values is None
    assert image == facts["untouched"]


def test_one_undo_removes_the_result_and_brings_the_same_pixels_back(facts: dict[str, Any]) -> None:
    assert [name for name, _ in facts["inverted"]["layers"]] == ["inverted", "photo.png"]
    assert facts["untouched"]["dirty"] is False
    assert facts["undone"] == facts["untouched"]
    assert facts["redone"]["layers"] == facts["inverted"]["layers"]


def test_the_keyboard_changes_a_value(facts: dict[str, Any]) -> None:
    assert facts["changed values"] == [53.0, *facts["default values"][1:]]


def test_repeat_uses_the_last_values_without_a_dialog(facts: dict[str, Any]) -> None:
    assert facts["repeated values"] == facts["changed values"]
    assert facts["dialogs while repeating"] == []


def test_the_dialog_remembers_and_resets(facts: dict[str, Any]) -> None:
    assert facts["remembered values"] == facts["changed values"]
    assert facts["reset values"] == facts["default values"]


def test_cancel_in_the_status_bar_ends_the_plug_in_and_leaves_the_image(facts: dict[str, Any]) -> None:
    assert facts["after slow"] == facts["before slow"]


def test_a_failure_is_told_in_a_window(facts: dict[str, Any]) -> None:
    assert facts["message"]
