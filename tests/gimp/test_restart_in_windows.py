"""GIMP closed and started again, in a window of each: a dialog begins with what was chosen before."""

from __future__ import annotations

import pytest
from tests.gimp.preset_bar import WAVES, chosen, put_presets, saved
from tests.gimp.probed_window import SERIES, open_probed

TITLE, FAST = "^Fast Style$", "fast-style"


@pytest.mark.parametrize("series", SERIES)
def test_a_dialog_begins_as_it_was_left_before_gimp_was_closed(
    window_tools: None, tmp_path_factory: pytest.TempPathFactory, series: str
) -> None:
    folder = tmp_path_factory.mktemp("restart")
    with open_probed(series, folder, prepare=put_presets) as window:
        dialog = window.open(FAST, TITLE)
        before = chosen(window, dialog, "Waves", WAVES)
        window.confirm(TITLE)
        layers = window.painted()["layers"]
        # A clean image lets GIMP close without a question.
        window.desktop.key("ctrl+z", window=window.main)
        window.until(lambda now: len(now["layers"]) < len(layers), "undo")
        window.desktop.key("ctrl+q", window=window.main)
        window.desktop.wait_until_gone("photo")
    with open_probed(series, folder) as window:
        dialog = window.open(FAST, TITLE)
        window.picture("restarted", dialog)
        assert saved(window, dialog, "After")["params"] == before["params"]
