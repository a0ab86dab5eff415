"""Colours keep their meaning on the way from files and to files."""

from __future__ import annotations

from io import BytesIO

import imagecodecs
import numpy as np
import PIL.Image
import pytest
import torch
from PIL import ImageCms
from tests.core.pictures.files_written import ADOBE_RGB, GREY_GAMMA, LOSSLESS, SRGB, photo, stored, write_reference

from restyle.pictures.files import Metadata, open_image, save_image
from restyle.pictures.image import Image


@pytest.mark.parametrize(("suffix", "dtype"), LOSSLESS)
def test_a_colour_profile_is_converted_and_given_back(tmp_path, suffix, dtype):
    samples = photo(3, dtype)
    scale = 1 if dtype == np.float32 else np.iinfo(dtype).max
    write_reference(tmp_path / f"a{suffix}", samples)
    image, metadata = open_image(tmp_path / f"a{suffix}")
    save_image(image, tmp_path / f"b{suffix}", Metadata(metadata.dtype, icc_profile=ADOBE_RGB))
    # b now shows the same colours, in other numbers.
    tagged, found = open_image(tmp_path / f"b{suffix}")
    assert found.icc_profile == ADOBE_RGB
    # 8 bits of Adobe RGB are coarse where it is dark; 16 bits are not.
    assert (tagged.pixels - image.pixels).abs().max() < (12 / 255 if dtype == np.uint8 else 1e-3)
    save_image(tagged, tmp_path / f"c{suffix}", found)
    first, second = (stored(tmp_path / f"{name}{suffix}") for name in "bc")
    # The whole way there and back again costs less than 1e-4 of the range: nothing in 8 bits.
    assert np.abs(first.astype(float) - second).max() / scale < (1e-9 if dtype == np.uint8 else 1e-4)


def test_colours_beyond_srgb_survive_the_way_there_and_back(tmp_path):
    green = np.zeros((4, 4, 3), np.uint8)
    green[..., 1] = 255
    PIL.Image.fromarray(green).save(tmp_path / "a.png", icc_profile=ADOBE_RGB)
    image, metadata = open_image(tmp_path / "a.png")
    assert image.pixels[:, 0].max() < 0
    save_image(image, tmp_path / "b.png", metadata)
    assert np.array_equal(imagecodecs.png_decode((tmp_path / "b.png").read_bytes()), green)


def test_conversion_agrees_with_pillow_s_in_8_bits(tmp_path):
    picture = PIL.Image.fromarray(photo())
    picture.save(tmp_path / "a.png", icc_profile=ADOBE_RGB)
    profiles = [ImageCms.ImageCmsProfile(BytesIO(profile)) for profile in (ADOBE_RGB, SRGB)]
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    expected = np.asarray(ImageCms.profileToProfile(picture, *profiles, renderingIntent=intent), float)
    image, _ = open_image(tmp_path / "a.png")
    # Little CMS's own 8-bit shortcut is off by up to a step.
    assert np.abs(image.pixels[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255 - expected).max() < 1.6


def test_an_srgb_profile_changes_no_number_and_is_kept(tmp_path):
    PIL.Image.fromarray(photo()).save(tmp_path / "a.png", icc_profile=SRGB)
    image, metadata = open_image(tmp_path / "a.png")
    assert metadata.icc_profile == SRGB
    assert image.to_bytes(channels=3, dtype="u8") == photo().tobytes()


def test_a_grey_profile_is_followed_and_given_back_to_grey_results_only(tmp_path):
    samples = photo(1)
    PIL.Image.fromarray(samples[..., 0]).save(tmp_path / "a.png", icc_profile=GREY_GAMMA)
    image, metadata = open_image(tmp_path / "a.png")
    save_image(image, tmp_path / "b.png", metadata)
    with PIL.Image.open(tmp_path / "b.png") as picture:
        assert picture.info["icc_profile"] == GREY_GAMMA
        assert np.abs(np.asarray(picture).astype(int) - samples[..., 0]).max() <= 1
    painted = image.with_pixels(image.pixels * torch.tensor([1.0, 0.5, 0.2]).view(1, 3, 1, 1))
    save_image(painted, tmp_path / "c.png", metadata)
    with PIL.Image.open(tmp_path / "c.png") as picture:
        assert picture.mode == "RGB"
        assert "icc_profile" not in picture.info


PROFILES = {"words": b"nonsense", "zeros": b"\0" * 200, "cut off": SRGB[:100], "of greys": GREY_GAMMA}
"""By names: what is in them tells the second in which it was made, and workers must agree on the tests that there are."""


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES.keys())
def test_a_profile_that_does_not_fit_is_left_out(tmp_path, profile):
    PIL.Image.fromarray(photo()).save(tmp_path / "a.png", icc_profile=profile)
    image, metadata = open_image(tmp_path / "a.png")
    assert metadata.icc_profile is None
    assert any("profile cannot be used" in note for note in metadata.notes)
    assert image.to_bytes(channels=3, dtype="u8") == photo().tobytes()


def test_a_coloured_result_of_a_grey_photo_is_saved_in_colour(tmp_path):
    save_image(Image(torch.rand(1, 3, 8, 8)), tmp_path / "a.png", Metadata(is_grey=True))
    with PIL.Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "RGB"
