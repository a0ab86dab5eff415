"""All that paint hold faces more firmly when asked, and nothing else."""

import pytest
import skimage.data
import torch
from torch.nn import functional as F

from restyle.api import apply
from restyle.pictures.image import Image, luma

FACE = (slice(None), slice(None), slice(34, 88), slice(88, 136))  # of the astronaut at 256 px
PAINTERS = {
    "fast-style": {},
    "any-style": {"steps": 4, "working_size": 256},
    "neural-style": {"steps": 6, "working_size": 256},
}


def photo(name, side=256):
    pixels = torch.from_numpy(getattr(skimage.data, name)().copy()).permute(2, 0, 1)[None].float() / 255
    return Image(F.interpolate(pixels, (side, side), mode="bilinear", antialias=True))


def painted(filter_id, content, keep):
    styles = {} if filter_id == "fast-style" else {"styles": [photo("coffee")]}
    return apply(filter_id, content, keep_faces=keep, **styles, **PAINTERS[filter_id], precision="float32", device="cpu").pixels


def likeness(picture, other):
    pairs = torch.stack([luma(picture)[FACE].flatten(), luma(other)[FACE].flatten()])
    return float(torch.corrcoef(pairs)[0, 1])


@pytest.mark.parametrize("filter_id", PAINTERS)
def test_a_face_that_is_kept_is_more_like_the_photo(filter_id):
    content = photo("astronaut")
    free, kept = (painted(filter_id, content, keep) for keep in (0, 100))
    assert likeness(kept, content.pixels) > likeness(free, content.pixels)


@pytest.mark.parametrize("filter_id", PAINTERS)
def test_without_a_face_nothing_changes(filter_id):
    content = photo("chelsea", 96)
    assert torch.equal(painted(filter_id, content, 0), painted(filter_id, content, 100))
