"""Subject and sky each by its own strength: found, or given by name; nothing else moves."""

import pytest
import skimage.data
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions import Regions
from restyle.regions.sky import find_sky

HORIZON, HEIGHT, WIDTH = 60, 120, 160
EDGE = 12  # pixels on each side of the horizon that are neither
STEP = 1.5 / 255


@pytest.fixture
def landscape():
    """A blue sky that grows lighter towards the horizon, over ground as dark as in backlight."""
    torch.manual_seed(3)
    pixels = torch.rand(1, 3, HEIGHT, WIDTH) * 0.15 + 0.05
    light = torch.linspace(0.5, 0.95, HORIZON).view(1, 1, -1, 1)
    pixels[:, :, :HORIZON] = light * torch.tensor([0.6, 0.8, 1.0]).view(1, 3, 1, 1)
    return pixels


def enhanced(pixels, given=None, **params):
    context = Context(pick_device("cpu", "float32"))
    return run(ENHANCE_PHOTO, inputs_of(Image(pixels), regions=given), EnhancePhotoParams(**params), context).picture.pixels


def away(one, other, rows):
    return float((one - other)[:, :, rows].abs().max())


SKY, GROUND = slice(0, HORIZON - EDGE), slice(HORIZON + EDGE, HEIGHT)


def test_a_sky_of_strength_0_stays_and_the_ground_is_changed_as_ever(landscape):
    usual, kept = enhanced(landscape), enhanced(landscape, sky=0)
    assert away(kept, landscape, SKY) < STEP
    assert away(kept, usual, GROUND) < STEP
    assert away(usual, landscape, GROUND) > 10 * STEP


def test_without_a_subject_that_is_known_all_but_the_sky_is_it(landscape):
    usual, kept = enhanced(landscape), enhanced(landscape, subject=0)
    assert away(kept, landscape, GROUND) < STEP
    assert away(kept, usual, SKY) < STEP


@pytest.mark.parametrize(("name", "setting"), [("Sky", "sky"), ("blue", "sky"), ("person", "subject"), ("red", "subject")])
def test_regions_say_by_their_names_where_both_are(landscape, name, setting):
    left = torch.zeros(1, 1, HEIGHT, WIDTH)
    left[..., : WIDTH // 2] = 1
    kept = enhanced(landscape, Regions((name,), left), **{setting: 0})
    edge = WIDTH // 2
    assert float((kept - landscape)[..., : edge - EDGE].abs().max()) < STEP
    assert away(kept[..., edge + EDGE :], enhanced(landscape)[..., edge + EDGE :], GROUND) < STEP


@pytest.mark.parametrize("given", [None, Regions(("house",), torch.ones(1, 1, 8, 8))])
def test_where_neither_is_given_and_none_is_looked_for_nothing_is_apart(landscape, given):
    usual = enhanced(landscape)
    assert torch.equal(enhanced(landscape, given, sky=0, subject=50, regions="given"), usual)


def test_more_than_all_goes_beyond_and_stays_within_white(landscape):
    usual, more = enhanced(landscape), enhanced(landscape, subject=150)
    ground = (slice(None), slice(None), GROUND)
    assert float((more - landscape)[ground].abs().mean()) > 1.3 * float((usual - landscape)[ground].abs().mean())
    assert float(more.min()) >= 0
    assert float(more.max()) <= 1


def test_the_sky_is_found_behind_branches_and_above_a_pale_wall(landscape):
    small = landscape.clone()
    small[:, :, : HORIZON + 20, 40:44] = 0.05  # a trunk
    small[:, :, 10:, 120:] = torch.tensor([0.65, 0.6, 0.5]).view(1, 3, 1, 1)  # a wall that does not reach the edge
    sky = find_sky(small)[0, 0]
    assert float(sky[2 : HORIZON - EDGE, 10:30].mean()) == 1
    assert float(sky[2 : HORIZON - EDGE, 60:110].mean()) == 1
    assert float(sky[HORIZON + EDGE :].max()) == 0
    assert float(sky[20:, 125:].max()) == 0


@pytest.mark.parametrize("name", ["coffee", "chelsea"])
def test_where_there_is_no_sky_none_is_found(name):
    photo = torch.from_numpy(getattr(skimage.data, name)().copy()).permute(2, 0, 1)[None].float() / 255
    assert float(find_sky(photo).max()) == 0


def test_a_photo_of_nothing_but_sky_is_sky_and_no_warning():
    assert float(find_sky(torch.ones(1, 3, 48, 64)).min()) == 1
