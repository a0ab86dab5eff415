"""Bands of rows."""

import pytest
import torch

from restyle.pictures.bands import bands


@pytest.mark.parametrize(("height", "count"), [(1, 64), (100, 9), (9, 1)])
def test_bands_cover_all_rows_once(height, count):
    rows = [row for band in bands(height, count, margin=5, unit=8) for row in range(band.rows.start, band.rows.stop)]
    assert rows == list(range(height))
    assert all(band.around.start % 8 == 0 for band in bands(height, count, margin=5, unit=8))


def test_a_band_knows_its_own_rows_of_what_lies_around():
    picture = torch.arange(50.0).view(1, 1, 50, 1)
    for band in bands(50, 12, margin=5):
        assert torch.equal(band.inner(picture[:, :, band.around]), picture[:, :, band.rows])
