"""The gradient in tiles, and how it is made even."""

import pytest
import torch
from tests.golden.scenes import scene

from restyle.context import Context
from restyle.filters.deep_dream import DeepDreamParams, ascent
from restyle.filters.deep_dream.ascent import Shift, evened, guided_by, seen_energy
from restyle.filters.deep_dream.dreamer import load_dreamer
from restyle.host.device import pick_device


@pytest.fixture
def see():
    """Strokes: each feature sees 14 pixels, fewer than a tile's surroundings have."""
    return load_dreamer(DeepDreamParams(seen="strokes"), Context(pick_device("cpu", "float32"))).see


@pytest.mark.parametrize("first", [32, 64])
def test_tiles_give_the_gradient_of_the_whole(see, monkeypatch, first):
    picture, shift = scene(96, 160), Shift((5, 30), (first, first))
    whole = ascent.ascent(see, seen_energy, picture, shift)
    monkeypatch.setattr(ascent, "TILE_PX", 64)
    seen = []

    def counting(tile):
        seen.append(tile.shape)
        return see(tile)

    tiled = ascent.ascent(counting, seen_energy, picture, shift)
    assert len(seen) > 4
    assert max(max(shape[2:]) for shape in seen) <= 64 + 3 * 32
    # Convolutions of other sizes are rounded in another order.
    torch.testing.assert_close(tiled, whole, rtol=1e-3, atol=1e-4 * float(whole.abs().max()))


def test_shifts_are_drawn_from_their_own_chance():
    first, again, other = (Shift.drawn(torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert first == again != other


@pytest.mark.parametrize("smoothness", [0.0, 0.5, 1.0])
def test_an_evened_gradient_has_magnitude_one_where_it_counts(smoothness):
    gradient = torch.randn((1, 3, 80, 90), generator=torch.Generator().manual_seed(0)) * 1e-7
    where = torch.zeros(1, 1, 80, 90)
    where[..., 20:60, 30:70] = 1
    even = evened(gradient, smoothness, where)
    assert float(even[..., 20:60, 30:70].abs().mean()) == pytest.approx(1, rel=1e-4)
    assert float(even[..., :20, :].abs().max()) == 0


def test_smoothness_moves_energy_from_pixels_to_forms():
    noise = torch.randn((1, 3, 64, 64), generator=torch.Generator().manual_seed(0))

    def of_forms(gradient):
        return float(torch.nn.functional.avg_pool2d(gradient, 8).square().mean() / gradient.square().mean())

    assert of_forms(evened(noise, 1.0, None)) > 5 * of_forms(evened(noise, 0.0, None))


def test_each_place_goes_towards_what_fits_it_best_in_the_guide():
    guide = torch.tensor([[1.0, 0.0], [0.0, 2.0]]).T.reshape(1, 2, 1, 2)
    features = torch.tensor([[3.0, 1.0], [1.0, 1.0]]).T.reshape(1, 2, 1, 2).requires_grad_(True)
    guided_by(guide)(features).backward()
    towards = features.grad[0, :, 0].T * ascent.FEATURE_SCALE
    assert towards.tolist() == [[1.0, 0.0], [0.0, 2.0]]
