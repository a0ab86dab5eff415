"""Enlarging band by band is enlarging at once."""

import pytest
import torch
from torch.nn.functional import interpolate

from restyle.pictures.bands import bands
from restyle.pictures.enlarging import Enlarged, enlarged_rows

# Sides that grow evenly, unevenly, not at all, and shrink.
SIZES = [((7, 9), (70, 45)), ((5, 4), (33, 17)), ((6, 6), (6, 6)), ((1, 1), (20, 30)), ((40, 8), (31, 64))]


@pytest.mark.parametrize(("small", "large"), SIZES)
@pytest.mark.parametrize("kernel", ["bicubic", "bilinear"])
def test_rows_are_those_of_the_whole(small, large, kernel):
    maps = torch.rand(2, 3, *small, generator=torch.Generator().manual_seed(1))
    whole = interpolate(maps, size=large, mode=kernel, align_corners=False)

    smooth = Enlarged(maps, *large)
    for band in bands(large[0], 8):
        found = smooth.rows(band.rows) if kernel == "bicubic" else enlarged_rows(maps, band.rows, *large)
        # float32 sums in another order.
        torch.testing.assert_close(found, whole[:, :, band.rows], rtol=1e-5, atol=1e-5)
