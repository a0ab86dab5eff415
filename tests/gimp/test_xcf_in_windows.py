"""A style picture that only GIMP can open, an XCF, in Neural Style's dialog in a window of each GIMP: it is seen, twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.gimp.desktop import eventually
from tests.gimp.gimp2_driver import Gimp2, scheme_string
from tests.gimp.gimp3_driver import Gimp3
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.installations import gimp3_of, need_gimp2
from tests.gimp.open_dialog import SERIES, Story, open_dialog

TITLE = "^Neural Style$"
MAGENTA, SIDE_PX = (255, 0, 255), 64
# Among the pictures that are offered, and beside the file's name; each a little smaller than it is.
SEEN_TWICE_PX = 1.5 * SIDE_PX**2
IN_GIMP2 = """(let* ((image (car (gimp-image-new 64 64 RGB)))
                     (layer (car (gimp-layer-new image 64 64 RGB-IMAGE "style" 100 LAYER-MODE-NORMAL))))
                (gimp-image-insert-layer image layer 0 0)
                (gimp-context-set-foreground '(255 0 255))
                (gimp-drawable-fill layer FILL-FOREGROUND)
                (gimp-xcf-save 0 image layer {path} "style"))"""
IN_GIMP3 = """
from gi.repository import Gegl, Gio
image = Gimp.Image.new(64, 64, Gimp.ImageBaseType.RGB)
layer = Gimp.Layer.new(image, "style", 64, 64, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
image.insert_layer(layer, None, 0)
layer.get_buffer().set(Gegl.Rectangle.new(0, 0, 64, 64), "R'G'B' u8", bytes((255, 0, 255)) * 64 * 64)
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path({path!r}), None)
"""


def make_style(series: str, folder: Path) -> Path:
    """An XCF of that GIMP, all of one colour."""
    path = folder / "style.xcf"
    if series == "2.10":
        need_gimp2()
        said = Gimp2(folder).run_scheme(IN_GIMP2.format(path=scheme_string(str(path)))).output
    else:
        said = Gimp3(gimp3_of(series), folder).run(IN_GIMP3.format(path=str(path))).stderr
    assert path.exists(), said
    return path


def pixels_seen(story: Story) -> int:
    """How many of the dialog's pixels have the style's colour."""
    with Image.open(story.desktop.screenshot(story.folder / "dialog.png", story.dialog)) as picture:
        return int((np.asarray(picture.convert("RGB")) == MAGENTA).all(axis=2).sum())


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("xcf")
    style = make_style(request.param, folder)

    def prepare(home: Path) -> None:
        """The style was the last one that was used."""
        (home / "remembered.json").write_text(json.dumps({"recent style pictures": [str(style)], "preview": False}))

    with open_dialog(request.param, folder, "neural-style", TITLE, prepare) as found:
        yield found


def test_an_xcf_is_seen_where_it_is_offered_and_where_it_is_chosen(story: Story) -> None:
    eventually(lambda: pixels_seen(story) > SEEN_TWICE_PX, PATIENCE_S, "the style's colour")
