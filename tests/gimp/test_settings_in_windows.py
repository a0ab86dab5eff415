"""Settings… and Doctor… in a window of each GIMP: by keys alone a device is settled, and a report is copied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.gimp.desktop import Desktop, eventually
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.probed_window import SERIES, ProbedWindow, open_probed

SETTINGS, DOCTOR = "^Settings$", "^Restyle's doctor$"
CACHED_BYTES = 2_500_000
# The line that says what came of a click on Copy is at the lower left, above the buttons; a window that has none there is flat.
OK_BUTTON = (-50, -28)
COPY_BUTTON = (-180, -30)
TOLD = (12, -76, 400, -50)
WRITTEN = 5


def tell(story: ProbedWindow) -> None:
    desktop, seen = story.desktop, story.seen
    dialog = story.open("settings", SETTINGS)
    # From where it computes, where the keyboard's focus is at once in GIMP 2.10, past the line to the device: its second choice.
    desktop.key(*["Tab"] * (2 if story.name == "gimp2.10" else 3), "Down", window=dialog)
    story.picture("settings", dialog)
    desktop.click_in(dialog, *OK_BUTTON)
    desktop.wait_until_gone(SETTINGS)
    path = story.home / "preferences.json"
    seen["settled"] = json.loads(eventually(lambda: path.exists() and path.read_text(), PATIENCE_S, "preferences"))
    window = story.open("doctor", DOCTOR)
    seen["before"] = written(desktop, window, story.home)
    desktop.click_in(window, *COPY_BUTTON)
    seen["copied"] = eventually(
        lambda: (deviation := written(desktop, window, story.home)) > WRITTEN and deviation, PATIENCE_S, "copied"
    )
    story.picture("doctor", window)
    desktop.press_until_gone("Escape", DOCTOR)


def written(desktop: Desktop, window: str, home: Path) -> float:
    """How uneven the line below the text is."""
    with Image.open(desktop.screenshot(home / "doctor.png", window)) as picture:
        left, top, right, bottom = TOLD
        line = picture.convert("L").crop((left, picture.height + top, right, picture.height + bottom))
        return float(np.asarray(line, dtype=float).std())


def fill_cache(home: Path) -> None:
    """There is something to clear."""
    (home / "cache").mkdir()
    (home / "cache" / "kernel.bin").write_bytes(bytes(CACHED_BYTES))


@pytest.fixture(scope="module", params=SERIES)
def seen(
    request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, object]]:
    with open_probed(request.param, tmp_path_factory.mktemp("settings"), prepare=fill_cache) as found:
        tell(found)
        yield found.seen


def test_a_device_is_settled_by_keys(seen: dict[str, object]) -> None:
    assert seen["settled"] == {"device": "cpu", "memory_gb": 0.0, "styles": "", "grows": True}


def test_a_click_copies_the_report_and_says_so(seen: dict[str, object]) -> None:
    assert seen["before"] < WRITTEN < seen["copied"]  # type: ignore[operator]
