"""Pieces: they cover a picture once, and networks see in them what they see in the whole."""

import pytest
import torch

from restyle.filters.any_style.pieces import GRID_PX, on_grid, pieces
from restyle.filters.any_style.reading import Reading
from restyle.networks.encoder import CompactEncoder
from restyle.networks.painter import LEVELS, PAINTER_WIDTHS, SEEN, Painter


@pytest.mark.parametrize("size", [(16, 16), (48, 80), (160, 96)])
def test_pieces_cover_every_pixel_once(size: tuple[int, int]) -> None:
    count = torch.zeros(1, 1, *size)
    for piece in pieces(*size, 48):
        count[:, :, piece.inner[0], piece.inner[1]] += 1
    assert bool((count == 1).all())


@pytest.mark.parametrize("size", [(1, 1), (16, 32), (33, 70), (3, 40)])
def test_a_picture_on_the_grid_begins_as_it_was(size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size)
    gridded = on_grid(picture)
    assert gridded.shape[2] % GRID_PX == gridded.shape[3] % GRID_PX == 0
    assert torch.equal(gridded[:, :, : size[0], : size[1]], picture)


PLAIN = (torch.ones(1, 1, 1, 1), torch.zeros(1, 1, 1, 1))


def painted(reading: Reading, painter: Painter) -> torch.Tensor:
    out = torch.empty(reading.gridded.shape)
    for piece, features in reading:
        hidden = None
        for level in PAINTER_WIDTHS:
            hidden = painter.painted(level, features[level] if level in SEEN else None, hidden, PLAIN)
        out[:, :, piece.inner[0], piece.inner[1]] = piece.trimmed(hidden)
    return out


@torch.no_grad()
def test_reading_and_painting_in_pieces_is_exact() -> None:
    torch.manual_seed(3)
    encoder, painter = CompactEncoder(padding="reflect").eval(), Painter().eval()
    picture = torch.rand(1, 3, 400, 48)
    whole, parts = (Reading(encoder, picture, size, torch.device("cpu"), torch.channels_last, lambda: None) for size in (400, 64))
    first, second = painted(whole, painter), painted(parts, painter)
    # Sums of other order: float32's rounding through some thirty layers.
    assert float((first - second).abs().max()) < 1e-4 * float(first.abs().max())
    (cloud,), (other,) = whole.clouds([None]), parts.clouds([None])
    for level in LEVELS:
        assert torch.allclose(cloud[level].covariance, other[level].covariance, rtol=1e-3, atol=1e-4)
