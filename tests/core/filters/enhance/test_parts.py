"""Protection, denoising, the vivid grade and the light without detail, each by itself."""

import pytest
import torch
from tests.golden.scenes import scene
from torch.nn import functional as F

from restyle.context import Context
from restyle.filters.enhance.denoise import denoised, noise_level
from restyle.filters.enhance.protection import Protection, skin_likeness
from restyle.filters.enhance.published import LightAndColour
from restyle.filters.enhance.vivid import graded
from restyle.host.device import pick_device
from restyle.pictures import bands
from restyle.pictures.image import luma

CONTEXT = Context(pick_device("cpu", "float32"))


def colour(red, green, blue):
    return torch.tensor([red, green, blue]).view(1, 3, 1, 1)


@pytest.mark.parametrize("skin", [(0.91, 0.75, 0.65), (0.78, 0.57, 0.44), (0.55, 0.36, 0.26), (0.33, 0.21, 0.15)])
def test_skin_of_all_tones_is_told(skin):
    assert skin_likeness(colour(*skin)) > 0.5


@pytest.mark.parametrize(
    "other", [(0.5, 0.5, 0.5), (0.2, 0.5, 0.2), (0.4, 0.6, 0.9), (0.95, 0.1, 0.1), (0.9, 0.9, 0.1), (0, 0, 0)]
)
def test_what_is_no_skin_is_told(other):
    assert skin_likeness(colour(*other)) < 0.05


def test_protected_skin_takes_light_but_no_more_colour():
    photo, enhanced = colour(0.7, 0.5, 0.4), colour(0.85, 0.5, 0.3)
    made = Protection(1.0, 0.0).applied(photo, enhanced)
    assert abs(float(luma(made) - luma(enhanced))) < 1e-5
    before, after = ((picture - luma(picture)).norm() for picture in (photo, made))
    assert after < before * 1.1
    assert torch.equal(Protection(0.0, 0.0).applied(photo, enhanced), enhanced)


def test_protected_highlights_grow_no_brighter_and_may_grow_darker():
    bright = colour(0.96, 0.96, 0.96)
    protection = Protection(0.0, 1.0)
    assert (protection.applied(bright, colour(1.0, 1.0, 1.0)) - bright).abs().max() < 1e-5
    assert torch.equal(protection.applied(bright, colour(0.8, 0.8, 0.8)), colour(0.8, 0.8, 0.8))
    assert torch.equal(protection.applied(colour(0.5, 0.5, 0.5), colour(0.7, 0.7, 0.7)), colour(0.7, 0.7, 0.7))


@pytest.mark.parametrize("deviation", [0.01, 0.05])
def test_noise_is_measured_and_taken_out(deviation):
    clean = F.interpolate(scene(36, 48), (144, 192), mode="bilinear")
    noisy = clean + torch.randn(clean.shape, generator=torch.Generator().manual_seed(0)) * deviation
    # Luma of independent channels has 0.75 of their deviation.
    assert noise_level(noisy) == pytest.approx(0.75 * deviation, rel=0.3)
    made = denoised(noisy, 1.0, CONTEXT)
    assert (made - clean).square().mean() < (noisy - clean).square().mean() / 2


def test_a_picture_without_noise_is_left_alone():
    flat = torch.full((1, 3, 64, 64), 0.4)
    assert noise_level(flat) == 0
    assert denoised(flat, 1.0, CONTEXT) is flat
    assert noise_level(torch.rand(1, 3, 2, 50)) == 0


def test_vivid_gives_dull_photos_more_colour_and_leaves_vivid_ones():
    dull, vivid = scene(40, 60) * 0.2 + 0.4, scene(40, 60)
    for _ in range(3):
        vivid = graded(vivid, vivid)
    richer = graded(dull, dull)
    assert (richer - luma(richer)).abs().mean() > 1.2 * (dull - luma(dull)).abs().mean()
    assert (graded(vivid, vivid) - vivid).abs().mean() < 0.01
    assert richer.min() >= 0
    assert richer.max() <= 1


def test_light_without_detail_leaves_the_photos_texture():
    photo = scene(80, 80)
    noise = torch.randn(photo.shape, generator=torch.Generator().manual_seed(0)) * 0.1
    made = LightAndColour.of(photo, photo * 0.7 + 0.2 + noise).applied(photo, slice(0, 80))
    assert (made - (photo * 0.7 + 0.2)).abs().mean() < 0.03


@pytest.mark.parametrize(("height", "width"), [(83, 50), (2, 90), (40, 3)])
def test_light_without_detail_is_the_same_in_parts(monkeypatch, height, width):
    photo, made = torch.rand(2, 1, 3, height, width, generator=torch.Generator().manual_seed(0))
    whole = LightAndColour.of(photo, made).applied(photo, slice(0, height))
    monkeypatch.setattr(bands, "STRIP_PIXELS", 1)
    light = LightAndColour.of(photo, made)
    parts = [light.applied(photo[:, :, row : row + 1], slice(row, row + 1)) for row in range(height)]
    assert torch.allclose(torch.cat(parts, 2), whole, atol=1e-5)
    # The rows of a map are those that PyTorch enlarges it to.
    slope, offset = F.interpolate(light.lines.lines, (height, width), mode="bilinear", align_corners=False).chunk(2, 1)
    assert torch.allclose(whole - photo, slope * luma(photo) + offset, atol=1e-5)
