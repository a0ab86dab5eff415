"""Heads for tests: scikit-image's astronaut, and the same as if it were painted."""

import numpy as np
import pytest
import skimage.data
import torch

from restyle.pictures.resizing import resized


@pytest.fixture(scope="session")
def astronaut():
    """Her head and shoulders, 256 x 256."""
    photo = torch.from_numpy(skimage.data.astronaut().copy()).permute(2, 0, 1)[None].float() / 255
    return photo[:, :, :256, 96:352].contiguous()


@pytest.fixture(scope="session")
def painted(astronaut):
    """She, mirrored and larger, in few tones of warm colours with slanting strokes."""
    larger = resized(astronaut.flip(3), 320, 320).clamp(0, 1)
    down, across = torch.meshgrid(torch.arange(320), torch.arange(320), indexing="ij")
    strokes = 0.06 * torch.sin((down + 2 * across) / 2.5)
    tones = (larger * 6).round() / 6
    tint = torch.tensor([1.0, 0.75, 0.35]).view(1, 3, 1, 1)
    return (tones * tint + strokes).clamp(0, 1)


@pytest.fixture(scope="session")
def noise():
    """Nobody."""
    return torch.from_numpy(np.random.default_rng(0).random((1, 3, 96, 128), np.float32))
