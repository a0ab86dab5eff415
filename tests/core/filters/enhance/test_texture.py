"""What is in the box cleans a photo of noise, and leaves its texture: no plastic leaves, wood or fur."""

import pytest
import skimage.data
import torch
from tests.loading import inputs_of
from torch.nn import functional as F

from restyle.context import Context
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.host.device import pick_device
from restyle.pictures.image import Image, luma

NOISE = 3 / 255


def kept(pixels):
    """How much of the finest contrasts the detail network leaves: relative to the same photo in the same light."""
    whole, light = (enhanced(pixels, change) for change in ("everything", "light_and_colour"))
    return fine(whole) / fine(light)


def enhanced(pixels, change):
    context = Context(pick_device("cpu", "float32"))
    return run(ENHANCE_PHOTO, inputs_of(Image(pixels)), EnhancePhotoParams(change=change), context).picture.pixels


def fine(picture):
    light = luma(picture)
    return float((light - F.avg_pool2d(light, 3, stride=1, padding=1))[:, :, 8:-8, 8:-8].std())


@pytest.mark.parametrize("name", ["coffee", "chelsea"])
def test_wood_and_fur_keep_their_texture(name):
    pixels = torch.from_numpy(getattr(skimage.data, name)()[:256, :256].copy()).permute(2, 0, 1)[None].float() / 255
    assert kept(pixels) > 0.95


def test_a_wall_does_not_keep_its_noise():
    generator = torch.Generator().manual_seed(5)
    wall = torch.linspace(0.3, 0.5, 192).expand(1, 3, 128, 192)
    assert kept(wall + NOISE * torch.randn(wall.shape, generator=generator)) < 0.8
