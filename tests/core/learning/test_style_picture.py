"""What of a style's picture is learned."""

import pytest
import torch

from restyle.learning.fine_tuning import STYLE_PX
from restyle.learning.style_picture import LEAST_SIDE_PX, MOST_STRIP_PIXELS, scaled_style


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_long_strip_the_middle_is_learned(turned: bool) -> None:
    strip = torch.zeros(1, 3, 1, 5000)
    strip[..., 2400:2600] = 1
    scaled = scaled_style(strip.transpose(2, 3) if turned else strip, STYLE_PX)
    assert min(scaled.shape[2:]) == LEAST_SIDE_PX
    # Sides are whole pixels.
    assert scaled[0, 0].numel() == pytest.approx(MOST_STRIP_PIXELS, rel=0.01)
    assert float(scaled.mean()) > 0.5


def test_a_picture_that_is_no_strip_is_learned_whole() -> None:
    for height, width, size in ((300, 400, STYLE_PX), (1500, 2000, STYLE_PX), (300, 400, 4 * STYLE_PX), (100, 1600, STYLE_PX)):
        scaled = scaled_style(torch.rand(1, 3, height, width), size)
        assert scaled.shape[3] / scaled.shape[2] == pytest.approx(width / height, rel=0.02)
        assert scaled[0, 0].numel() == pytest.approx(size**2, rel=0.02)
