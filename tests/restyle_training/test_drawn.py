"""The drawn styles: each is a picture of its own, the same wherever it is drawn."""

import numpy as np
import pytest

from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle_training.drawn import __main__ as drawing
from restyle_training.drawn import canvas
from restyle_training.drawn.gallery import DRAWN


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """The same rules on fewer pixels."""
    monkeypatch.setattr(canvas, "SIZE", (96, 72))
    monkeypatch.setattr(canvas, "SUPERSAMPLING", 1)


def test_each_shipped_style_without_a_painting_is_drawn():
    assert {style.id for style in SHIPPED_STYLES.values() if not style.painting} <= set(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_a_style_has_forms_and_is_always_the_same(name):
    first, again = (np.asarray(canvas.picture(DRAWN[name]()), dtype=float) for _ in range(2))
    assert first.shape == (72, 96, 3)
    assert np.array_equal(first, again)
    # A flat picture, or noise alone, would be no style: large parts differ from one another.
    blocks = first.reshape(6, 12, 8, 12, 3).mean((1, 3))
    assert blocks.std((0, 1)).max() > 6


def test_they_are_written_by_name(tmp_path):
    assert drawing.main([str(tmp_path), "glass", "paper"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["glass.jpg", "paper.jpg"]
