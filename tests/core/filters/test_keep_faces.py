"""All that paint hold faces more firmly, at the default as well, and nothing else."""

from pathlib import Path

import pytest
import skimage.data
import torch
from torch.nn import functional as F

from restyle.api import apply
from restyle.pictures.image import Image, luma

SIDE = 384  # a face of fewer pixels than the astronaut's then has none of its features in the coarsest stage
FACE = (slice(None), slice(None), slice(51, 132), slice(132, 204))
DEFAULT = 50
LEAST_GAIN = 0.015
"""Of correlation with the photo's brightness: a third to a half of what was measured where it is least."""

PAINTERS = {"fast-style": {}, "any-style": {}, "neural-style": {"steps": 30}}


def photo(name, side):
    pixels = torch.from_numpy(getattr(skimage.data, name)().copy()).permute(2, 0, 1)[None].float() / 255
    return Image(F.interpolate(pixels, (side, side), mode="bilinear", antialias=True))


@pytest.fixture
def painted(root: Path):
    """Paint in lines of lead, across faces if nobody keeps them."""

    def call(filter_id, content, keep, **params):
        styles = {} if filter_id == "fast-style" else {"styles": [root / "plugin/restyle/restyle_plugin/styles/glass.jpg"]}
        return apply(filter_id, content, keep_faces=keep, **styles, **params, precision="float32", device="cpu").pixels

    return call


def likeness(picture, other):
    pairs = torch.stack([luma(picture)[FACE].flatten(), luma(other)[FACE].flatten()])
    return float(torch.corrcoef(pairs)[0, 1])


@pytest.mark.parametrize("filter_id", PAINTERS)
def test_a_face_is_more_like_the_photo_by_default(filter_id, painted):
    content = photo("astronaut", SIDE)
    free, kept = (painted(filter_id, content, keep, **PAINTERS[filter_id]) for keep in (0, DEFAULT))
    assert likeness(kept, content.pixels) > likeness(free, content.pixels) + LEAST_GAIN


@pytest.mark.parametrize(
    ("filter_id", "params"), [("fast-style", {}), ("any-style", {"steps": 2}), ("neural-style", {"steps": 2})]
)
def test_without_a_face_nothing_changes(filter_id, params, painted):
    content = photo("chelsea", 96)
    assert torch.equal(painted(filter_id, content, 0, **params), painted(filter_id, content, 100, **params))
