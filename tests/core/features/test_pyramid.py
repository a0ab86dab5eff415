"""The pyramid of a picture."""

import torch

from restyle.features.pyramid import LEVELS, pyramid


def test_each_level_is_half_as_large_and_of_the_same_mean() -> None:
    picture = torch.rand(2, 3, 40, 64)
    levels = pyramid(picture)
    assert [level.shape[2:] for level in levels] == [(40, 64), (20, 32), (10, 16)]
    assert len(levels) == LEVELS
    for level in levels:
        torch.testing.assert_close(level.mean((2, 3)), picture.mean((2, 3)))


def test_no_level_is_smaller_than_asked_for() -> None:
    assert [level.shape[2] for level in pyramid(torch.rand(1, 3, 70, 90), 32)] == [70, 35]
