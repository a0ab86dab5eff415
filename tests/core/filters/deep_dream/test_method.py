"""DeepDream with the encoder that ships, on drawn pictures."""

import pytest
import torch
from tests.golden.scenes import scene, strokes
from tests.loading import inputs_of
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.errors import Cancelled, WeightsUnavailable
from restyle.contract.loaded import Style
from restyle.contract.progress import CallbackProgress, SilentProgress
from restyle.engine.run import run
from restyle.filters.deep_dream import DEEP_DREAM, GUIDE_PICTURE, DeepDreamParams
from restyle.filters.deep_dream.ascent import guided_by, seen_energy
from restyle.filters.deep_dream.dreamer import load_dreamer
from restyle.filters.deep_dream.method import working_bytes
from restyle.host.device import pick_device
from restyle.pictures.image import Image, luma

QUICK = {"seen": "eddies", "octaves": 2, "steps": 2}


@pytest.fixture
def photo():
    """A scene of sky, hills and a house, 128 x 96."""
    return scene(96, 128)


@pytest.fixture
def dream():
    """A call of the filter with few steps; further parameters by name."""

    def call(photo, *, guide=None, selection=None, progress=None, precision="float32", **params):
        context = Context(pick_device("cpu", precision), progress or SilentProgress())
        guides = () if guide is None else (Style(Image(guide)),)
        inputs = inputs_of(Image(photo), (), selection).replaced(GUIDE_PICTURE, guides)
        return run(DEEP_DREAM, inputs, DeepDreamParams.parse({**QUICK, **params}), context).picture.pixels

    return call


@pytest.fixture
def see():
    """What the layer of the quick settings sees in a picture."""
    return load_dreamer(DeepDreamParams(seen="eddies"), Context(pick_device("cpu", "float32"))).see


def rough(picture):
    """What a picture has beyond its own blur."""
    return luma(picture - F.avg_pool2d(picture, 3, stride=1, padding=1, count_include_pad=False)).flatten()


def test_at_no_strength_the_photo_comes_back(dream, photo):
    assert torch.equal(dream(photo, strength=0.0), photo)


def test_the_layer_sees_more_in_the_dream_the_stronger_it_is(dream, photo, see):
    seen = [float(seen_energy(see(dream(photo, strength=strength)))) for strength in (0.0, 50.0, 100.0)]
    assert seen[1] > 1.3 * seen[0]
    assert seen[2] > 1.1 * seen[1]


CHANGES = {
    "seen": "strokes",
    "strength": 80.0,
    "octaves": 1,
    "octave_zoom": 1.2,
    "colours": 0.0,
    "working_size": 96,
    "steps": 3,
    "smoothness": 0.0,
    "seed": 1,
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_each_setting_changes_the_picture(dream, photo, name):
    changed = dream(photo, **{name: CHANGES[name]})
    assert changed.shape == photo.shape
    assert (changed - dream(photo)).abs().mean() > 0.2 / 255


def test_every_setting_is_tried_here_or_in_a_file_of_its_own():
    assert {*CHANGES, "features"} == set(DeepDreamParams.model_fields)


def test_one_octave_dreams_about_as_strongly_as_four(dream, photo):
    # The smallest octave has sides of 64: all four are there.
    one, four = (float((dream(photo, octaves=n, octave_zoom=1.1) - photo).abs().mean()) for n in (1, 4))
    assert 0.6 * four < one < four


def test_the_same_seed_gives_the_same_dream(dream, photo):
    first = dream(photo, seed=7)
    torch.manual_seed(99)  # what is drawn must come from its own seed
    assert torch.equal(first, dream(photo, seed=7))


def test_without_colours_hues_stay_where_nothing_is_clipped(dream, photo):
    photo = 0.3 + 0.4 * photo

    def hue_change(made):
        inside = ((made > 0) & (made < 1)).all(1, keepdim=True)
        return float((((made - luma(made)) - (photo - luma(photo))).abs() * inside).mean())

    assert hue_change(dream(photo, colours=0.0)) < 0.05 * hue_change(dream(photo, colours=100.0))


def test_a_guide_is_what_is_dreamt_of(dream, photo, see):
    guide = strokes(96, 96)
    likeness = guided_by(see(guide))

    def alike(made):
        # Any dream has more of everything.
        return float(likeness(see(made)) / seen_energy(see(made)).sqrt())

    assert alike(dream(photo, guide=guide)) > 1.05 * alike(dream(photo))


def test_a_selection_dreams_alone(dream, photo):
    selection = torch.zeros(1, 1, 96, 128)
    selection[..., 24:72, 40:100] = 1
    made = dream(photo, selection=selection, octaves=1)
    changed = (made - photo).abs().amax(1, keepdim=True)
    assert changed[selection == 0].max() == 0
    assert changed[selection == 1].mean() > 1 / 255


def test_a_photo_larger_than_the_detail_keeps_its_own(dream):
    photo = 0.3 + 0.4 * torch.rand((1, 3, 190, 250), generator=torch.Generator().manual_seed(0))
    made = dream(photo, working_size=64)
    assert made.shape == photo.shape
    assert (made - photo).abs().mean() > 1 / 255
    assert torch.corrcoef(torch.stack((rough(made), rough(photo))))[0, 1] > 0.95


@pytest.mark.parametrize("size", [(1, 1), (17, 230), (300, 40)])
def test_odd_sizes_dream(dream, size):
    photo = torch.rand((1, 3, *size), generator=torch.Generator().manual_seed(1))
    made = dream(photo, octaves=10, steps=1, guide=photo)
    assert made.shape == photo.shape
    assert bool(torch.isfinite(made).all())


@pytest.mark.parametrize("smoothness", [0.0, 100.0])
def test_a_black_photo_gives_a_finite_picture(dream, smoothness):
    assert bool(torch.isfinite(dream(torch.zeros(1, 3, 64, 64), smoothness=smoothness)).all())


def test_progress_only_grows_and_it_can_be_cancelled_at_any_step(dream, photo):
    reports = []
    dream(photo, progress=CallbackProgress(reports.append))
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    last = len(reports)
    assert last >= 4
    for count in (last // 2, last - 1):
        reports.clear()
        with pytest.raises(Cancelled):
            dream(photo, progress=CallbackProgress(reports.append, lambda n=count: len(reports) >= n))
        assert len(reports) == count


def test_memory_of_a_larger_dream_grows_by_its_picture_alone():
    inputs = inputs_of(Image(torch.zeros(1, 3, 3000, 4000)))
    context = Context(pick_device("cpu", "float32"))
    small, large = (working_bytes(inputs, DeepDreamParams(working_size=size), context) for size in (1024, 2048))
    assert large - small == (2048 * 1536 - 1024 * 768) * 240


@pytest.mark.parametrize("features", ["vgg19", "googlenet"])
def test_a_network_that_is_not_here_says_how_to_get_it(dream, photo, features):
    with pytest.raises(WeightsUnavailable, match=f"{features}"):
        dream(photo, features=features)
