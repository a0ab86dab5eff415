"""Several styles on one photo, in the filters that paint with them: each paints its own region, and no other."""

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.engine.run import run
from restyle.filters.any_style import ANY_STYLE
from restyle.filters.neural_style import NEURAL_STYLE
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions import Regions

HEIGHT, WIDTH = 64, 96
STEPS = {"neural-style": {"steps": 40, "style_strength": 80, "init": "content"}, "any-style": {}}
RED, BLUE, GREEN = (0.8, 0.2, 0.2), (0.2, 0.2, 0.8), (0.2, 0.8, 0.2)


def texture(color, height=HEIGHT, width=WIDTH):
    noise = 0.08 * torch.randn(1, 1, height, width, generator=torch.Generator().manual_seed(1))
    return (torch.tensor(color).view(1, 3, 1, 1) + noise).clamp(0, 1)


@pytest.fixture
def left():
    """The left half; what lies beside it is the rest."""
    return Regions(("left",), (torch.arange(WIDTH) < WIDTH // 2).float().view(1, 1, 1, WIDTH).repeat(1, 1, HEIGHT, 1))


@pytest.fixture(params=[NEURAL_STYLE, ANY_STYLE], ids=lambda declared: declared.id)
def paint(request):
    """A call of a filter with a few steps; the result is (3, H, W)."""
    declared = request.param

    def call(photo, *styles, regions, selection=None, **params):
        context = Context(pick_device("cpu", "float32"))
        parsed = declared.params.parse({**STEPS[declared.id], **params})
        return run(declared, inputs_of(Image(photo), styles, selection, regions), parsed, context).picture.pixels[0]

    return call


def styles(*colors, weights=(1.0, 1.0, 1.0)):
    return [Style(Image(texture(color)), weight) for color, weight in zip(colors, weights, strict=False)]


def redness(part):
    return float((part[0] - part[2]).mean())


def halves(picture):
    """Up to the border, but for a stroke's width."""
    return picture[..., : WIDTH // 2 - 4], picture[..., WIDTH // 2 + 4 :]


def test_each_region_takes_its_own_style(paint, left):
    one, other = halves(paint(texture((0.5,) * 3), *styles(RED, BLUE), regions=left, mixing="regions"))
    # Red less blue is 0.6 in the one style and -0.6 in the other; some steps go a part of the way.
    assert redness(one) > 0.15
    assert redness(other) < -0.15


def test_no_palette_bleeds_over_the_border(paint, left):
    one, other = halves(paint(texture((0.5,) * 3), *styles(RED, BLUE), regions=left, mixing="regions"))
    near = redness(one[..., -4:]) - redness(other[..., :4])
    far = redness(one[..., 8:24]) - redness(other[..., -24:-8])
    # Were what sees both sides not left out, it would be half of it.
    assert near > 0.6 * far


def test_mixed_styles_are_the_same_everywhere(paint, left):
    one, other = halves(paint(texture((0.5,) * 3), *styles(RED, BLUE), regions=left))
    assert abs(redness(one) - redness(other)) < 0.1


def test_a_style_paints_the_region_that_it_names(paint, left):
    red, blue = styles(RED, BLUE)
    named = [red, Style(blue.image, region="left")]
    one, other = halves(paint(texture((0.5,) * 3), *named, regions=left))
    assert redness(one) < -0.15
    assert redness(other) > 0.15


def test_weights_and_styles_too_many_change_nothing(paint, left):
    photo = texture((0.5,) * 3)
    plain = paint(photo, *styles(RED, BLUE), regions=left, mixing="regions")
    more = paint(photo, *styles(RED, BLUE, GREEN, weights=(5.0, 0.1, 2.0)), regions=left, mixing="regions")
    assert torch.equal(plain, more)


def test_a_selection_does_not_change_which_style_paints_what(paint, left):
    selection = torch.zeros(1, 1, HEIGHT, WIDTH)
    selection[..., WIDTH // 2 + 40 :] = 1
    photo = texture((0.5,) * 3)
    painted = paint(photo, *styles(RED, BLUE), regions=left, selection=selection, mixing="regions")
    assert redness(painted[..., WIDTH // 2 + 40 :]) < -0.3


@pytest.mark.parametrize("way", ["luminance", "histogram"])
def test_each_region_keeps_the_colours_that_it_had(paint, left, way):
    photo = torch.cat((texture((0.3, 0.6, 0.3), width=WIDTH // 2), texture((0.7, 0.5, 0.3), width=WIDTH // 2)), 3)
    painted = paint(photo, *styles(RED, BLUE), regions=left, mixing="regions", preserve_colors=way)
    for part, wanted in zip(halves(painted), halves(photo[0]), strict=True):
        # With the colours of all of the photo both would be about as far as the two halves' means are apart: 0.4.
        assert (part.mean((1, 2)) - wanted.mean((1, 2))).norm() < 0.1


def test_in_a_photo_of_one_region_its_equal_in_the_style_guides(paint):
    """What is selected may lie in one region alone."""
    halves_of_style = torch.cat((texture(RED), texture(BLUE)), 3)
    masks = torch.cat((torch.ones(1, 1, HEIGHT, WIDTH), torch.zeros(1, 1, HEIGHT, WIDTH)), 3)
    guided = Style(Image(halves_of_style), regions=Regions(("sky",), masks))
    photo = texture((0.5,) * 3)
    everywhere = Regions(("sky",), torch.ones(1, 1, HEIGHT, WIDTH))
    assert redness(paint(photo, guided, regions=everywhere)) > 0.15
    sky = Regions(("sky",), (torch.arange(HEIGHT) < HEIGHT // 2).float().view(1, 1, HEIGHT, 1).repeat(1, 1, 1, WIDTH))
    selection = torch.zeros(1, 1, HEIGHT, WIDTH)
    selection[:, :, : HEIGHT // 2 - 8] = 1
    painted = paint(photo, guided, regions=sky, selection=selection)
    assert redness(painted[:, : HEIGHT // 2 - 8]) > 0.15
