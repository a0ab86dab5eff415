"""A face in backlight grows brighter, and its skin keeps its hue."""

import colorsys

import pytest
import skimage.data
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.host.device import pick_device
from restyle.pictures.image import Image, luma

FACE = (slice(80, 180), slice(180, 270))  # of scikit-image's astronaut
SHADE = 0.35
DEGREES = 360


@pytest.fixture(scope="module")
def backlit():
    """The astronaut in the shade, before a sky."""
    photo = torch.from_numpy(skimage.data.astronaut().copy()).permute(2, 0, 1)[None].float() / 255
    rows, columns = torch.meshgrid(torch.linspace(-1, 1, 512), torch.linspace(-1, 1, 512), indexing="ij")
    inside = torch.sigmoid(12 * (1 - torch.hypot(0.8 * (rows - 0.2), 1.1 * (columns + 0.1))))[None, None]
    sky = torch.tensor([0.88, 0.93, 0.98]).view(1, 3, 1, 1)
    return torch.lerp(sky, photo * SHADE, inside)


@pytest.mark.parametrize("look", ["natural", "vivid", "open-shadows"])
def test_a_face_in_backlight_is_lit_and_keeps_its_hue(backlit, look):
    context = Context(pick_device("cpu"))
    made = run(ENHANCE_PHOTO, inputs_of(Image(backlit)), EnhancePhotoParams(look=look), context).picture.pixels
    before, after = (picture[(slice(None), slice(None), *FACE)] for picture in (backlit, made))
    assert float(luma(after).mean()) > 1.3 * float(luma(before).mean())
    assert abs(hue(after) - hue(before)) < 8


def hue(face):
    """Of the median colour, in degrees."""
    return DEGREES * colorsys.rgb_to_hsv(*face[0].flatten(1).median(1).values.tolist())[0]
