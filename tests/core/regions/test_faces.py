"""Faces are found, and held by those who paint in one pass."""

import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image as PillowImage
from torch.nn import functional as F

from restyle.pictures.image import luma
from restyle.regions import Regions
from restyle.regions.faces import face_mask, with_features

FACE = (0.13, 0.35, 0.34, 0.53)
"""Of the astronaut: top, bottom, left and right, in shares of the sides."""


def opened(pixels):
    return torch.from_numpy(np.array(pixels)).permute(2, 0, 1)[None, :3].float() / 255


@pytest.fixture(scope="module")
def astronaut():
    return opened(skimage.data.astronaut())


def inside(mask):
    height, width = mask.shape[2:]
    top, bottom, left, right = (round(share * side) for share, side in zip(FACE, (height, height, width, width), strict=True))
    return mask[:, :, top:bottom, left:right]


def test_a_face_is_found_where_it_is(astronaut):
    mask = face_mask(astronaut)
    assert float(inside(mask).mean()) > 0.8
    assert float(mask.mean()) < 0.1
    assert float(mask[:, :, :, :60].max()) == 0


@pytest.mark.parametrize("degrees", [-20, 20])
def test_a_tilted_head_has_a_face_too(astronaut, degrees):
    turned = PillowImage.fromarray(skimage.data.astronaut()).rotate(
        degrees, PillowImage.Resampling.BICUBIC, fillcolor=(90, 90, 90)
    )
    upright = PillowImage.fromarray((face_mask(astronaut)[0, 0].numpy() * 255).astype(np.uint8))
    expected = torch.from_numpy(np.array(upright.rotate(degrees))).float() / 255
    found = face_mask(opened(turned))[0, 0]
    assert float((found * expected).sum() / expected.sum()) > 0.7


@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket"])
def test_where_nobody_is_no_face_is_found(name):
    assert face_mask(opened(getattr(skimage.data, name)())) is None


@pytest.mark.parametrize("size", [(1, 1), (8, 2000), (40, 10)])
def test_pictures_of_any_size_can_be_asked(size):
    assert face_mask(torch.rand(1, 3, *size)) is None


def test_regions_that_are_called_so_count(astronaut):
    helmet = torch.zeros(1, 2, 8, 8)
    helmet[:, 1, 6:, 5:] = 1
    mask = face_mask(astronaut, Regions(("sky", "Person"), helmet))
    assert float(mask[:, :, -20:, -20:].min()) == 1
    assert float(inside(mask).mean()) > 0.8
    assert face_mask(torch.rand(1, 3, 64, 64), Regions(("sky",), torch.ones(1, 1, 8, 8))) is None


def test_a_face_gets_its_features_back_and_all_else_stays(astronaut):
    torch.manual_seed(0)
    small = F.interpolate(astronaut, (256, 256), mode="bilinear", antialias=True)
    painted = (0.6 * small.flip(1) + 0.4 * torch.rand(1, 3, 256, 256)).clamp(0, 1)
    faces = face_mask(small)
    kept = with_features(painted, small, faces, 0.8)
    outside = (faces == 0).expand_as(kept)
    assert torch.equal(kept[outside], painted[outside])

    def likeness(picture):
        pairs = torch.stack([inside(luma(picture)).flatten(), inside(luma(small)).flatten()])
        return float(torch.corrcoef(pairs)[0, 1])

    assert likeness(kept) > likeness(painted) + 0.05
    assert torch.equal(with_features(painted, small, faces, 0.0), painted)
