"""Tiles cover the picture, and blending them back changes nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from restyle.tiling import blend_tiles, map_tiles, plan_tiles


@st.composite
def layouts(draw):
    size = draw(st.integers(1, 24))
    overlap = draw(st.integers(0, size - 1))
    # At most some ten tiles in a row: more of them show nothing new.
    longest = size + 9 * (size - overlap)
    return draw(st.integers(1, longest)), draw(st.integers(1, longest)), size, overlap


@settings(max_examples=60, deadline=None)
@given(layouts())
def test_tiles_cover_every_pixel_and_overlap_as_asked(layout):
    height, width, size, overlap = layout
    tiles = plan_tiles(height, width, size=size, overlap=overlap)
    covered = torch.zeros(height, width)
    for tile in tiles:
        assert (tile.height, tile.width) == (min(size, height), min(size, width))
        assert 0 <= tile.top <= height - tile.height
        assert 0 <= tile.left <= width - tile.width
        tile.cut(covered).add_(1)
    assert covered.min() >= 1
    lefts = sorted({tile.left for tile in tiles})
    assert all(left + size - following >= overlap for left, following in pairwise(lefts))


@settings(max_examples=60, deadline=None)
@given(layouts(), st.integers(0, 99))
def test_the_identity_through_tiles_is_the_identity(layout, seed):
    height, width, size, overlap = layout
    picture = torch.rand(1, 2, height, width, generator=torch.Generator().manual_seed(seed))
    # Weights near a corner of a wide overlap are as small as 1e-6; float32 still divides them out to 1e-5.
    assert torch.allclose(map_tiles(lambda tile: tile, picture, size=size, overlap=overlap), picture, atol=1e-4)


def test_a_picture_that_fits_is_one_tile_and_unchanged():
    picture = torch.rand(1, 3, 30, 40)
    assert len(plan_tiles(30, 40, size=40, overlap=8)) == 1
    assert torch.equal(map_tiles(lambda tile: tile, picture, size=40, overlap=8), picture)


def test_a_local_function_through_tiles_shows_no_seams():
    picture = torch.rand(1, 1, 90, 130)

    def blur(tile: torch.Tensor) -> torch.Tensor:
        return F.avg_pool2d(F.pad(tile, (2, 2, 2, 2), mode="replicate"), 5, stride=1)

    tiled, whole = map_tiles(blur, picture, size=48, overlap=24), blur(picture)
    # The two wrong pixels at a tile's edge have at most sin²(π/2 · 1.5/24) = 1 % of the weight.
    assert (tiled - whole).abs().max() < 0.01


def test_different_tiles_fade_into_one_another_monotonically():
    tiles = plan_tiles(1, 60, size=40, overlap=20)
    pieces = ((tile, torch.full((1, 1, 1, tile.width), float(index))) for index, tile in enumerate(tiles))
    blended = blend_tiles(pieces, 1, 60, overlap=20).flatten()
    assert blended[:20].max() == 0
    assert blended[40:].min() == 1
    assert blended.diff().min() >= 0
    # A raised cosine over 20 pixels climbs by no more than π/2 / 20 per pixel.
    assert blended.diff().max() < 0.08


@pytest.mark.parametrize(("size", "overlap"), [(8, 8), (8, 9), (8, -1)])
def test_an_overlap_that_leaves_no_progress_is_refused(size, overlap):
    with pytest.raises(ValueError, match="cannot overlap"):
        plan_tiles(20, 20, size=size, overlap=overlap)


def test_no_tiles_at_all_are_refused():
    with pytest.raises(ValueError, match="no tiles"):
        blend_tiles((), 4, 4, overlap=0)
