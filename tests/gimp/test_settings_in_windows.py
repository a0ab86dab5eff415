"""Settings… and Doctor… in a window of each GIMP: by keys alone a device is settled, and a report is copied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.gimp.desktop import PICTURES, Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import DOCTOR_KEY, SETTINGS_KEY, open_window
from tests.gimp.gimp3_driver import Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of, need_gimp2, python_of

SETTINGS, DOCTOR = "^Settings$", "^Restyle's doctor$"
CACHED_BYTES = 2_500_000
# The line that says what came of a click on Copy is at the lower left, above the buttons; a window that has none there is flat.
OK_BUTTON = (-50, -28)
COPY_BUTTON = (-180, -30)
TOLD = (12, -76, 400, -50)
WRITTEN = 5


def tell(desktop: Desktop, main: str, keys: tuple[str, str], home: Path, name: str) -> dict[str, object]:
    seen: dict[str, object] = {}
    dialog = desktop.press_until_there(keys[0], main, SETTINGS, PATIENCE_S)
    # From where it computes, where the keyboard's focus is at once in GIMP 2.10, past the line to the device: its second choice.
    desktop.key(*["Tab"] * (2 if name == "gimp2.10" else 3), "Down", window=dialog)
    if PICTURES:
        desktop.screenshot(PICTURES / f"{name}-settings.png", dialog)
    desktop.click_in(dialog, *OK_BUTTON)
    desktop.wait_until_gone(SETTINGS, PATIENCE_S)
    path = home / "preferences.json"
    seen["settled"] = json.loads(eventually(lambda: path.exists() and path.read_text(), PATIENCE_S, "preferences"))
    window = desktop.press_until_there(keys[1], main, DOCTOR, PATIENCE_S)
    seen["before"] = written(desktop, window, home)
    desktop.click_in(window, *COPY_BUTTON)
    seen["copied"] = eventually(
        lambda: (deviation := written(desktop, window, home)) > WRITTEN and deviation, PATIENCE_S, "copied"
    )
    if PICTURES:
        desktop.screenshot(PICTURES / f"{name}-doctor.png", window)
    desktop.press_until_gone("Escape", DOCTOR)
    return seen


def written(desktop: Desktop, window: str, home: Path) -> float:
    """How uneven the line below the text is."""
    with Image.open(desktop.screenshot(home / "doctor.png", window)) as picture:
        left, top, right, bottom = TOLD
        line = picture.convert("L").crop((left, picture.height + top, right, picture.height + bottom))
        return float(np.asarray(line, dtype=float).std())


@pytest.fixture(scope="module", params=["2.10", "3.0", "3.2"])
def seen(
    request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, object]]:
    folder = tmp_path_factory.mktemp("settings")
    home = folder / "restyle"
    (home / "cache").mkdir(parents=True)
    (home / "cache" / "kernel.bin").write_bytes(bytes(CACHED_BYTES))
    if request.param == "2.10":
        need_gimp2()
        gimp, python = Gimp2(folder), python_of("3")
        gimp.install(PLUGIN_SOURCE, python=python)
        with open_window(gimp, python, (64, 48)) as window:
            yield tell(window.desktop, window.main, (SETTINGS_KEY, DOCTOR_KEY), home, "gimp2.10")
        return
    gimp3 = Gimp3(gimp3_of(request.param), folder)
    gimp3.install(PLUGIN_SOURCE)
    gimp3.bind_keys({"python-fu-restyle-settings": "F9", "python-fu-restyle-doctor": "F10"})
    with open_photo(gimp3, folder) as (desktop, main):
        yield tell(desktop, main, ("F9", "F10"), home, f"gimp{request.param}")


def test_a_device_is_settled_by_keys(seen: dict[str, object]) -> None:
    assert seen["settled"] == {"device": "cpu", "memory_gb": 0.0, "styles": "", "grows": True}


def test_a_click_copies_the_report_and_says_so(seen: dict[str, object]) -> None:
    assert seen["before"] < WRITTEN < seen["copied"]  # type: ignore[operator]
