"""An animation in a window of GIMP 3: the dialog paints its frames, and the new image opens."""

from __future__ import annotations

from pathlib import Path

import pytest
import skimage.data
from PIL import Image, ImageDraw
from tests.gimp.desktop import PICTURES, eventually
from tests.gimp.gimp3_driver import PLUGIN_SOURCE, SERIES, Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of

FAST = "python-fu-restyle-fast-style"


def write_animation(path: Path) -> None:
    frames = []
    for number in range(3):
        frame = Image.fromarray(skimage.data.chelsea()).resize((300, 200))
        ImageDraw.Draw(frame).ellipse((40 + 60 * number, 40, 100 + 60 * number, 100), fill=(220, 30, 30))
        frames.append(frame)
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=80, loop=0, disposal=1)


@pytest.mark.parametrize("series", SERIES)
def test_the_painted_animation_opens_in_a_window_of_its_own(window_tools: None, tmp_path: Path, series: str) -> None:
    gimp = Gimp3(gimp3_of(series), tmp_path)
    gimp.install(PLUGIN_SOURCE)
    gimp.bind_keys({FAST: "F9"})
    gimp.remember(FAST, {"animation": "yes"})
    write_animation(tmp_path / "photo.gif")
    with open_photo(gimp, tmp_path, photo=tmp_path / "photo.gif") as (desktop, main):
        dialog = desktop.press_until_there("F9", main, "^Fast Style$")
        if PICTURES:
            desktop.screenshot(PICTURES / f"animation-dialog-{series}.png", dialog)
        desktop.press_until_gone("alt+o", "^Fast Style$")
        eventually(lambda: desktop.windows(r"Untitled.*3 layers"), PATIENCE_S, "the painted animation")
        if PICTURES:
            desktop.screenshot(PICTURES / f"animation-{series}.png")
