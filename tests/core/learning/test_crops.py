"""Crops and drawn pictures: their size, their range, their variety."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage

from restyle.learning.crops import picture_paths, pictures_of, plain_crop, read_picture, recolour
from restyle.learning.synthetic import draw_picture

SIZE = 24


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of several sizes: the left half red, the right half blue."""
    for index, (height, width) in enumerate(((200, 150), (16, 40), (24, 24))):
        pixels = np.zeros((height, width, 3), dtype=np.uint8)
        pixels[:, : width // 2, 0] = 255
        pixels[:, width // 2 :, 2] = 255
        PillowImage.fromarray(pixels).save(tmp_path / f"picture{index}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_crops_have_the_size_asked_for_whatever_the_pictures_size(folder: Path) -> None:
    pictures = pictures_of(map(read_picture, picture_paths(folder)), SIZE)
    generator = torch.Generator().manual_seed(0)
    for _ in range(30):
        crop = plain_crop(pictures, SIZE, generator)
        assert crop.shape == (3, SIZE, SIZE)
        # Red and blue alone, and nothing but mixtures of both at the edge between them.
        torch.testing.assert_close(crop[0] + crop[2], torch.ones(SIZE, SIZE), rtol=0, atol=0.02)
        assert float(crop[1].max()) == 0


def test_recolouring_stays_in_range_and_keeps_what_is_flat_flat() -> None:
    generator = torch.Generator().manual_seed(3)
    for _ in range(50):
        picture = recolour(torch.rand(3, 1, 1, generator=generator).expand(3, 8, 8), generator)
        assert float(picture.min()) >= 0
        assert float(picture.max()) <= 1
        assert float(picture.std(dim=(1, 2)).max()) < 1e-4


def test_drawn_pictures_are_within_range_and_some_are_of_one_pure_colour() -> None:
    generator = torch.Generator().manual_seed(5)
    pictures = [draw_picture(SIZE, generator) for _ in range(200)]
    flat = [picture for picture in pictures if float(picture.std(dim=(1, 2)).max()) == 0]
    assert all(picture.shape == (3, SIZE, SIZE) and picture.min() >= 0 and picture.max() <= 1 for picture in pictures)
    assert len(flat) > 20
    assert any(float(picture.min()) == 0 and float(picture.max()) == 1 for picture in flat)
