"""Image: bytes to tensors and back without loss."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from restyle.contract.errors import InvalidImage
from restyle.pictures.image import PIXEL_DTYPES, Image


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 70),
    st.integers(1, 9),
    st.sampled_from([3, 4]),
    st.sampled_from(["u8", "u16", "f32"]),
    st.integers(0, 99),
)
def test_colour_samples_come_back_exactly(height, width, channels, dtype, seed):
    random = np.random.default_rng(seed)
    kind = PIXEL_DTYPES[dtype]
    samples = random.random((height, width, channels), np.float32)
    if dtype != "f32":
        samples = random.integers(0, np.iinfo(kind).max, samples.shape, kind, endpoint=True)
    data = samples.astype(kind).tobytes()
    image = Image.from_bytes(data, width, height, channels=channels, dtype=dtype)
    assert (image.width, image.height) == (width, height)
    assert image.to_bytes(channels=channels, dtype=dtype) == data


@pytest.mark.parametrize(("dtype", "limit"), [("u8", 255), ("u16", 65535)])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_grey_level_comes_back_exactly(dtype, limit, channels):
    levels = np.repeat(np.arange(limit + 1, dtype=PIXEL_DTYPES[dtype]), channels)
    image = Image.from_bytes(levels.tobytes(), limit + 1, 1, channels=channels, dtype=dtype)
    assert image.pixels.shape == (1, 3, 1, limit + 1)
    assert image.pixels.min() == 0
    assert image.pixels.max() == 1
    assert image.to_bytes(channels=channels, dtype=dtype) == levels.tobytes()


def test_samples_are_little_endian():
    image = Image.from_bytes(b"\x00\x80", 1, 1, channels=1, dtype="u16")
    assert image.pixels[0, 0, 0, 0].item() == pytest.approx(0x8000 / 65535)


def test_rows_are_interleaved_from_the_top_left():
    image = Image.from_bytes(bytes(range(24)), 4, 2, channels=3, dtype="u8")
    assert (image.pixels[0, :, 1, 2] * 255).round().tolist() == [18, 19, 20]


def test_alpha_travels_apart_and_opaque_is_written_where_there_is_none():
    image = Image.from_bytes(bytes([10, 20, 30, 0, 40, 50, 60, 255]), 2, 1, channels=4, dtype="u8")
    assert image.alpha is not None
    assert image.alpha.flatten().tolist() == [0, 1]
    assert Image(image.pixels).to_bytes(channels=4, dtype="u8") == bytes([10, 20, 30, 255, 40, 50, 60, 255])


def test_grey_of_colours_is_rec709_luma():
    red = Image(torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1))
    assert red.to_bytes(channels=1, dtype="u8") == bytes([round(0.2126 * 255)])


def test_integers_are_rounded_and_clipped_but_floats_pass():
    image = Image(torch.tensor([-0.5, 0.5, 1.5]).view(1, 3, 1, 1))
    assert image.to_bytes(channels=3, dtype="u8") == bytes([0, 128, 255])
    assert np.frombuffer(image.to_bytes(channels=3, dtype="f32"), "<f4").tolist() == [-0.5, 0.5, 1.5]


@pytest.mark.parametrize(("width", "height", "size"), [(2, 2, 11), (2, 2, 13), (0, 2, 0), (2, -1, 0)])
def test_bytes_that_do_not_fit_the_size_are_refused(width, height, size):
    with pytest.raises(InvalidImage):
        Image.from_bytes(bytes(size), width, height, channels=3, dtype="u8")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_samples_that_are_not_finite_are_refused(value):
    with pytest.raises(InvalidImage, match="finite"):
        Image.from_bytes(np.full(3, value, "<f4").tobytes(), 1, 1, channels=3, dtype="f32")


def test_the_bytes_that_came_may_change_afterwards():
    data = bytearray(range(12))
    image = Image.from_bytes(data, 2, 2, channels=3, dtype="u8")
    data[:] = bytes(12)
    assert image.to_bytes(channels=3, dtype="u8") == bytes(range(12))


def test_blend_mixes_by_the_mask_and_keeps_the_own_alpha():
    alpha = torch.rand(1, 1, 1, 3)
    black, white = Image(torch.zeros(1, 3, 1, 3), alpha), Image(torch.ones(1, 3, 1, 3))
    mixed = black.blend(white, torch.tensor([0.0, 0.25, 1.0]).view(1, 1, 1, 3))
    assert mixed.pixels[0, 1, 0].tolist() == [0.0, 0.25, 1.0]
    assert mixed.alpha is alpha


def test_results_in_other_precisions_can_be_written():
    image = Image(torch.full((1, 3, 2, 2), 0.5, dtype=torch.bfloat16, requires_grad=True))
    assert image.to_bytes(channels=3, dtype="u8") == bytes([128] * 12)
