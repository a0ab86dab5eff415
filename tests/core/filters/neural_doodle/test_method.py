"""Neural Doodle as a whole, on small pictures."""

import pytest
import torch

from restyle.context import Context
from restyle.contract.errors import Cancelled
from restyle.contract.loaded import Loaded, Style
from restyle.contract.progress import CallbackProgress, SilentProgress
from restyle.engine.run import run
from restyle.features.perceptual import load_perceptual
from restyle.filters.neural_doodle import NEURAL_DOODLE, PLAN, STYLES, NeuralDoodleParams
from restyle.filters.neural_doodle.brushwork import RegionGrams, work_over
from restyle.filters.neural_doodle.guides import Plans
from restyle.filters.neural_doodle.pairing import pair_plans
from restyle.filters.neural_doodle.piecing import Pieced, Piecing, piece_together, pieced_at_full_size
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions.maps import read_maps

SIZE = (64, 80)
CONTEXT = Context(pick_device("cpu", "float32"))


def halves(upper, lower, size=SIZE):
    rows = size[0] // 2
    parts = [torch.tensor(color).view(1, 3, 1, 1).expand(1, 3, rows, size[1]) for color in (upper, lower)]
    return torch.cat(parts, 2).contiguous()


BLUE, GREEN = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)
PLAN_OF_PAINTING = Image(halves(BLUE, GREEN))
TURNED = Image(halves(GREEN, BLUE))


@pytest.fixture
def painting():
    """Reddish dots where its plan is blue, yellowish lines where it is green."""
    generator = torch.Generator().manual_seed(0)
    grain = 0.2 * torch.rand(1, 1, *SIZE, generator=generator)
    lines = 0.2 * (torch.arange(SIZE[1]) % 6 < 3).float().view(1, 1, 1, -1)
    colours = halves((0.7, 0.1, 0.1), (0.6, 0.6, 0.0))
    texture = torch.cat((grain[:, :, : SIZE[0] // 2], lines.expand(1, 1, SIZE[0] // 2, SIZE[1])), 2)
    return Image((colours + texture).clamp(0, 1))


def painted(plan, painting, theirs=PLAN_OF_PAINTING, progress=None, **params):
    regions = None if theirs is None else read_maps([theirs])[0]
    inputs = Loaded({PLAN.name: plan, STYLES.name: (Style(painting, 1.0, regions),)})
    context = Context(CONTEXT.device, progress or SilentProgress())
    return run(NEURAL_DOODLE, inputs, NeuralDoodleParams.parse({"brushwork": 10, **params}), context).picture.pixels


def test_each_colour_becomes_what_it_is_in_the_painting(painting):
    result = painted(TURNED, painting)
    half = SIZE[0] // 2
    for ours, theirs in ((slice(0, half - 4), slice(half, None)), (slice(half + 4, None), slice(0, half))):
        wanted, got = painting.pixels[:, :, theirs].mean((2, 3)), result[:, :, ours].mean((2, 3))
        assert (wanted - got).abs().max() < 0.05
    # The border lies where the plan has it, within 2 % of the size: red is much less where it is yellow, green much more.
    is_yellow = result[0, 1].mean(1) > 0.4
    assert abs(int(is_yellow.sum()) - half) <= 2


def test_the_same_seed_gives_the_same_picture_and_another_another(painting):
    first, same, other = (painted(TURNED, painting, seed=seed, brushwork=0) for seed in (1, 1, 2))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_working_over_brings_a_picture_nearer_to_the_painting(painting):
    regions = read_maps([PLAN_OF_PAINTING])[0]
    plans = Plans.of(pair_plans(TURNED, Style(painting, 1.0, regions), CONTEXT).regions, 1.0)
    network = load_perceptual("deep", CONTEXT)
    before = torch.rand(1, 3, *SIZE, generator=torch.Generator().manual_seed(0))
    distance = RegionGrams(network, before, painting.pixels, plans)
    after = work_over(before, painting.pixels, plans, network, 10, CONTEXT)
    # From noise, in a few steps.
    assert distance(after) < 0.85 * distance(before)
    # The painting is at its own statistics wherever its parts lie.
    whole = RegionGrams(network, painting.pixels, painting.pixels, Plans(regions.masks, regions.masks))
    assert whole(painting.pixels) < 0.01


@pytest.mark.parametrize("size", [(1, 1), (40, 300), (160, 200)])
def test_a_plan_of_any_size_is_painted_at_its_size(painting, size):
    plan = Image(torch.nn.functional.interpolate(TURNED.pixels, size, mode="nearest"))
    result = painted(plan, painting, brushwork=0, working_size=128)
    assert result.shape == plan.pixels.shape
    assert result.isfinite().all()


def test_full_size_is_made_band_by_band_of_the_painting_s_own_pixels(painting, monkeypatch):
    regions = read_maps([PLAN_OF_PAINTING])[0]
    plans = Plans(regions.masks, regions.masks)
    pieced = piece_together(plans, painting.pixels, SIZE, Piecing(0.0, 0), CONTEXT)
    large = torch.nn.functional.interpolate(painting.pixels, scale_factor=3, mode="nearest")
    size = 3 * SIZE[0], 3 * SIZE[1]
    made = []
    for rows in (7, 1000):
        monkeypatch.setattr("restyle.filters.neural_doodle.piecing.BAND_ROWS", rows)
        made.append(pieced_at_full_size(pieced, pieced.picture, large, size))
    torch.testing.assert_close(*made)
    # Patches in their own places make the larger painting itself, up to the bell over a few pixels.
    middles = torch.arange((SIZE[0] - 4) * (SIZE[1] - 4)).view(SIZE[0] - 4, SIZE[1] - 4)
    own = Pieced(painting.pixels, middles, SIZE)
    assert (pieced_at_full_size(own, painting.pixels, large, size) - large).abs().max() < 1e-5
    # Sharper than the small picture, enlarged: the lines keep their edges.
    enlarged = torch.nn.functional.interpolate(pieced.picture, size, mode="bicubic")
    assert made[0].diff(dim=3).abs().max() > 1.5 * enlarged.diff(dim=3).abs().max()


def test_progress_only_grows_and_it_can_be_cancelled_at_any_step(painting):
    seen = []
    painted(TURNED, painting, progress=CallbackProgress(seen.append))
    places = [report.step / report.of for report in seen]
    assert places == sorted(places)
    assert [report for report in seen if report.preview][-1].preview().pixels.shape == (1, 3, *SIZE)
    last = len(seen)
    for stop in (3, last - 1):
        seen.clear()
        with pytest.raises(Cancelled):
            painted(TURNED, painting, progress=CallbackProgress(seen.append, lambda stop=stop: len(seen) >= stop))


def test_as_published_each_colour_becomes_what_it_is_in_the_painting_too(painting, monkeypatch):
    monkeypatch.setattr("restyle.filters.neural_doodle.published.STEPS", 40)
    result = painted(TURNED, painting, mode="published")
    half = SIZE[0] // 2
    # The painting's parts have green 0.2 and 0.7; a few steps from noise go part of the way.
    assert result[0, 1, : half - 6].mean() > result[0, 1, half + 6 :].mean() + 0.08
    assert torch.equal(result, painted(TURNED, painting, mode="published"))
