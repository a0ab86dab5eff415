"""Neural Style as a person uses it in GIMP 2.10: its dialog, a style file, the result, undo, and GIMP's own Cancel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from PIL import Image
from tests.gimp.desktop import eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2, pythons
from tests.gimp.gimp2_session import PAINT_KEY, PATIENCE_S, Window, open_window
from tests.gimp.server_process import end_server

pytestmark = pytest.mark.usefixtures("gimp2_program", "window_tools")
# Starting the server reads PyTorch from a cold disk; the small picture itself takes seconds.
PAINTING_S = 240
# A job ends ten seconds after the last question about it; the machine may be busy.
LEASE_S = 300
# Large enough that it is not painted before Cancel is pressed.
PICTURE = (200, 160)
TITLE = "^Neural Style$"


def choose_style(window: Window, style: Path) -> None:
    """Open the dialog, choose a file in it by keyboard, and press OK."""
    desktop = window.desktop
    desktop.key(PAINT_KEY, window=window.main)
    dialog = desktop.wait_for(TITLE, PATIENCE_S)
    desktop.key("space", window=dialog)  # the file button has the focus
    chooser = desktop.wait_for("^Style picture$", PATIENCE_S)
    desktop.key("slash", window=chooser)  # begins a path; then all of it
    desktop.key("ctrl+a")
    desktop.type(str(style))
    desktop.key("Return")
    desktop.wait_until_gone("^Style picture$", PATIENCE_S)
    desktop.focus(dialog)
    desktop.press_until_gone("alt+o", TITLE)


def painted(window: Window, layers: int) -> dict[str, Any]:
    def probed() -> dict[str, Any] | None:
        entry = window.run("probe")
        # One that is still growing is not the painting yet.
        is_done = not any(name.endswith("…") for name, _ in entry["layers"])
        return entry if len(entry["layers"]) == layers and is_done else None

    return eventually(probed, PAINTING_S, f"{layers} layers")  # type: ignore[return-value]


def plugins_of(gimp: Gimp2) -> list[psutil.Process]:
    """The running processes of the plug-in."""
    entry = str(gimp.profile / "plug-ins" / "restyle" / "restyle.py")
    return [process for process in psutil.process_iter(["cmdline"]) if entry in (process.info["cmdline"] or [])]


def play(gimp: Gimp2, window: Window, style: Path) -> dict[str, Any]:
    facts: dict[str, Any] = {"before": window.run("probe")}
    choose_style(window, style)
    facts["painted"] = painted(window, 2)
    facts["undone"] = window.press_until("ctrl+z", 1)
    # Repeat Last would repeat the probe; a person presses Ctrl+F after painting.
    desktop = window.desktop
    desktop.key(PAINT_KEY, window=window.main)
    dialog = desktop.wait_for(TITLE, PATIENCE_S)
    desktop.focus(dialog)
    desktop.press_until_gone("alt+o", TITLE)  # the style of last time is still chosen
    running = eventually(lambda: plugins_of(gimp), PATIENCE_S, "the plug-in at work")
    desktop.click_in(window.main, -60, -20)  # Cancel, on the right of the status bar
    eventually(lambda: not any(process.is_running() for process in running), PATIENCE_S, "its end")
    facts["cancelled"] = window.run("probe")
    home = Path(gimp.environment["RESTYLE_HOME"])
    eventually(lambda: open_jobs(home) == 0, LEASE_S, "the end of the job that nobody asks for")
    facts["left"] = plugins_of(gimp)
    return facts


def open_jobs(home: Path) -> int:
    """How many jobs the server has queued or running."""
    connection = json.loads((home / "server" / "connection.json").read_text())
    scheme, _, place = connection["address"].partition(":")
    transport = httpx.HTTPTransport(uds=place) if scheme == "unix" else None
    with httpx.Client(transport=transport, headers={"Authorization": f"Bearer {connection['token']}"}) as client:
        host = "restyle" if transport else place
        return int(client.get(f"http://{host}/v1/health").raise_for_status().json()["jobs"])


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    gimp = Gimp2(tmp_path_factory.mktemp("painting"))
    gimp.install(PLUGIN_SOURCE)
    style = gimp.folder / "style.png"
    Image.radial_gradient("L").convert("RGB").resize((64, 64)).save(style)
    with open_window(gimp, pythons()["3"], PICTURE) as window:
        yield play(gimp, window, style)
    end_server(Path(gimp.environment["RESTYLE_HOME"]))


def test_the_dialog_paints_a_layer_above(facts: dict[str, Any]) -> None:
    assert [name for name, _ in facts["painted"]["layers"]] == ["style (Neural Style)", "photo.png"]
    assert facts["painted"]["layers"][1] == facts["before"]["layers"][0]
    assert facts["painted"]["layers"][0][1] != facts["before"]["layers"][0][1]


def test_one_undo_leaves_the_image_as_it_was(facts: dict[str, Any]) -> None:
    assert facts["before"]["dirty"] is False
    assert facts["undone"] == facts["before"]


def test_gimps_cancel_leaves_the_image_as_it_was_and_neither_process_nor_job(facts: dict[str, Any]) -> None:
    assert facts["cancelled"] == facts["before"]
    assert facts["left"] == []
