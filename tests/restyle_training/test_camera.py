"""The camera model: what it does to pictures, and what it leaves alone."""

import io

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage
from tests.golden.scenes import scene
from torch.nn import functional as F

from restyle.pictures.image import luma
from restyle_training.camera import Augmentation, photograph
from restyle_training.jpeg import compressed

ALL_BAD = Augmentation(good_light=0.0, good_detail=0.0)
ALL_GOOD = Augmentation(good_light=1.0, good_detail=1.0)


def scenes(count=4, size=64):
    picture = F.interpolate(scene(48, 64), (size, size), mode="bilinear", antialias=True)
    return picture.expand(count, -1, -1, -1).clone()


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_a_good_camera_changes_nothing():
    shot = photograph(scenes(), generator(), ALL_GOOD)
    # There and back through linear light, in float32.
    assert (shot.photo - scenes()).abs().max() < 1e-4


def test_each_picture_gets_its_own_phone_and_values_stay_in_range():
    shot = photograph(scenes(), generator(), ALL_BAD)
    assert shot.photo.min() >= 0
    assert shot.photo.max() <= 1
    changes = (shot.photo - scenes()).abs().mean((1, 2, 3))
    assert (changes > 0.01).all()
    assert len({round(float(change), 6) for change in changes}) == len(changes)


def test_phones_are_darker_duller_and_flatter_on_average():
    shot = photograph(scenes(48), generator(), ALL_BAD)
    photos, good = shot.clean, scenes(48)
    assert luma(photos).mean() < luma(good).mean()
    assert (photos - luma(photos)).abs().mean() < 0.9 * (good - luma(good)).abs().mean()


def test_the_clean_picture_shares_light_but_not_blur_and_noise():
    shot = photograph(scenes(12), generator(), ALL_BAD)
    assert (F.avg_pool2d(shot.photo, 16) - F.avg_pool2d(shot.clean, 16)).abs().mean() < 0.02
    assert (shot.photo - shot.clean).abs().mean() > 0.005


def test_the_same_dice_give_the_same_photo():
    first, second, other = (photograph(scenes(), generator(seed), ALL_BAD).photo for seed in (3, 3, 4))
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("quality", [50, 75, 95])
def test_jpeg_loses_about_what_real_jpeg_loses(quality):
    picture = (scenes(1, 128) + torch.randn((1, 3, 128, 128), generator=generator()) * 0.02).clamp(0, 1)
    file = io.BytesIO()
    samples = (picture[0].permute(1, 2, 0) * 255).round().byte().numpy()
    PillowImage.fromarray(samples).save(file, "JPEG", quality=quality)
    real = torch.from_numpy(np.array(PillowImage.open(file))).permute(2, 0, 1)[None] / 255
    ours = compressed(picture, torch.full((1, 1, 1, 1), float(quality)))
    lost, lost_really = ((other - picture).square().mean() for other in (ours, real))
    # Another luma (Rec. 709 for Rec. 601) and another enlargement of chroma; the blocks and the steps are the same.
    assert 0.6 < lost / lost_really < 1.5


def test_jpeg_of_the_best_quality_loses_next_to_nothing_of_grey():
    grey = luma(scenes(2)).expand(-1, 3, -1, -1)
    assert (compressed(grey, torch.full((2, 1, 1, 1), 100.0)) - grey).abs().max() < 4 / 255
