"""Focus: what stays, what is blurred, and what must not run into what."""

import math

import pytest
import torch
from tests.loading import inputs_of

from restyle.contract.errors import InvalidInput
from restyle.filters.focus import CONTENT, REGIONS, SELECTION, FocusParams
from restyle.filters.focus.method import focus, most_radius
from restyle.pictures.color import linear_to_srgb, srgb_to_linear
from restyle.pictures.image import Image
from restyle.regions import Regions

SIZE = (160, 200)
RED = torch.tensor([0.8, 0.05, 0.05]).view(1, 3, 1, 1)
GREEN = torch.tensor([0.1, 0.5, 0.15]).view(1, 3, 1, 1)


def focused(context, photo, selection=None, regions=None, **settings):
    inputs = inputs_of(Image(photo)).replaced(SELECTION, selection).replaced(REGIONS, regions)
    return focus(inputs, FocusParams(**settings), context).pixels


def noise(height=SIZE[0], width=SIZE[1]):
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1))


def disc(radius=40.0):
    rows, columns = torch.meshgrid(torch.arange(SIZE[0]), torch.arange(SIZE[1]), indexing="ij")
    return (torch.hypot(rows - SIZE[0] / 2, columns - SIZE[1] / 2) < radius).float()[None, None]


def roughness(pixels):
    return float((pixels[..., 1:] - pixels[..., :-1]).abs().mean())


def test_without_blur_the_photo_stays_bit_for_bit(context):
    photo = noise()
    assert torch.equal(focused(context, photo, blur=0), photo)


def test_the_selection_stays_bit_for_bit_and_all_else_is_blurred(context):
    photo, mask = noise(), torch.zeros(1, 1, *SIZE)
    mask[..., :100] = 1
    made = focused(context, photo, mask, edge=0)
    assert torch.equal(made[..., :100], photo[..., :100])
    assert roughness(made[..., 104:]) < roughness(photo) / 5


@pytest.mark.parametrize("shape", ["round", "cats-eye", "5", "8"])
def test_what_is_even_stays_as_it_is(context, shape):
    even = torch.tensor([0.9, 0.4, 0.02]).view(1, 3, 1, 1).expand(1, 3, *SIZE)
    made = focused(context, even, disc(), shape=shape, highlights=100, falloff=0)
    # Fourier transforms of float32 are exact to some 1e-6 of the brightest light.
    torch.testing.assert_close(made, even, atol=1e-3, rtol=0)


def test_the_subject_does_not_bleed_into_the_background(context):
    """Soft edges included: the photo is a mixture there, in linear light."""
    alpha = torch.nn.functional.avg_pool2d(disc(), 3, 1, 1)
    photo = linear_to_srgb(torch.lerp(srgb_to_linear(GREEN), srgb_to_linear(RED), alpha))
    for edge in (0, 50):
        made = focused(context, photo, disc(), edge=edge, blur=60, falloff=0)
        beside = (disc(44) - disc(42)) > 0
        # The background is one green, so it stays that green right up to the edge; four 8-bit steps are not seen in a blur.
        assert float((made - GREEN).abs().amax(1, keepdim=True)[beside].max()) < 4 / 255
        inside = disc(37) > 0
        assert float((made - RED).abs().amax(1, keepdim=True)[inside].max()) < 2 / 255


def test_light_is_mixed_and_not_its_encoding(context):
    stripes = torch.zeros(1, 3, *SIZE)
    stripes[..., ::2] = 1
    made = focused(context, stripes, torch.zeros(1, 1, *SIZE), highlights=0, falloff=0)
    half = float(linear_to_srgb(torch.tensor(0.5)))
    torch.testing.assert_close(made[..., 30:-30], torch.full_like(made[..., 30:-30], half), atol=0.02, rtol=0)


def test_a_light_becomes_a_disc_of_the_radius_that_is_asked_for(context):
    photo = torch.zeros(1, 3, *SIZE)
    photo[..., 79:81, 99:101] = 1
    made = focused(context, photo, torch.zeros(1, 1, *SIZE), blur=80, highlights=100, falloff=0)
    radius = 0.8 * most_radius(*SIZE)
    seen = made[0, 0] > made.max() / 2
    assert math.sqrt(float(seen.sum()) / math.pi) == pytest.approx(radius, rel=0.1)
    # A disc is even from its middle to its rim.
    assert float(made[0, 0, 80, 100 : 100 + int(radius) - 3].std()) < 0.02


def test_highlights_bloom(context):
    photo = torch.full((1, 3, *SIZE), 0.2)
    photo[..., 78:82, 98:102] = 1
    dull, bright = (focused(context, photo, torch.zeros(1, 1, *SIZE), highlights=share, falloff=0).max() for share in (0, 80))
    assert bright > dull + 0.1


def test_the_ground_goes_out_of_focus_with_its_distance(context):
    photo, mask = noise(), torch.zeros(1, 1, *SIZE)
    mask[:, :, 60:120, 80:120] = 1
    made = focused(context, photo, mask, falloff=100, edge=0)[..., :70]
    far, middle, near = (roughness(made[:, :, rows]) for rows in (slice(0, 10), slice(80, 90), slice(118, 122)))
    assert far < middle / 1.5 < near / 3
    alike = focused(context, photo, mask, falloff=0, edge=0)[..., :70]
    assert roughness(alike[:, :, 118:122]) < near / 3


def test_the_ground_line_may_be_said_or_drawn_and_distances_painted(context):
    photo, nothing = noise(), torch.zeros(1, 1, *SIZE)
    said = focused(context, photo, nothing, ground_line=25)
    line = torch.zeros(1, 1, *SIZE)
    line[:, :, 39:41] = 1
    drawn = focused(context, photo, nothing, Regions(("line",), line))
    torch.testing.assert_close(drawn, said, atol=2 / 255, rtol=0)
    assert torch.equal(said[:, :, 40], said[:, :, 40])
    assert roughness(said[:, :, 39:41]) > 4 * roughness(said[:, :, 150:])
    near = torch.ones(1, 1, *SIZE)
    near[..., :100] = 0
    painted = focused(context, photo, nothing, Regions(("distance",), near))
    assert torch.equal(painted[..., :90], photo[..., :90])
    assert roughness(painted[..., 110:]) < roughness(photo) / 5


def test_regions_called_so_are_the_subject(context):
    photo, mask = noise(), torch.zeros(1, 1, *SIZE)
    mask[..., :100] = 1
    expected = focused(context, photo, mask)
    assert torch.equal(focused(context, photo, regions=Regions(("Person", "sky"), torch.cat((mask, 1 - mask), 1))), expected)


def test_what_stands_out_is_found(context):
    photo = torch.lerp(GREEN, RED, disc()) + (noise() - 0.5) * 0.1
    made = focused(context, photo, subject="thing", falloff=0)
    torch.testing.assert_close(made[disc(34).expand_as(made) > 0], photo[disc(34).expand_as(made) > 0])
    beyond = disc(50).expand_as(made) == 0
    assert float((made - photo)[beyond].abs().mean()) > 0.01


def test_a_person_who_is_not_there_is_said(context):
    with pytest.raises(InvalidInput, match="No face"):
        focused(context, noise(), subject="person")


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (2, 3), (8, 20000), (700, 5)])
@pytest.mark.parametrize("subject", ["auto", "none"])
def test_any_size_gives_a_picture(context, size, subject):
    photo = noise(*size)
    made = focused(context, photo, subject=subject, shape="cats-eye", blur=100)
    assert made.shape == photo.shape
    assert bool(torch.isfinite(made).all())


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("everywhere", [0.0, 1.0, None])
def test_black_and_white_with_the_subject_everywhere_or_nowhere(context, value, everywhere):
    photo = torch.full((1, 3, 60, 80), value)
    mask = None if everywhere is None else torch.full((1, 1, 60, 80), everywhere)
    torch.testing.assert_close(focused(context, photo, mask, highlights=100), photo, atol=1e-3, rtol=0)


def test_grey_stays_grey(context):
    grey = noise()[:, :1].expand(1, 3, *SIZE).contiguous()
    made = focused(context, grey, disc())
    assert float((made - made[:, :1]).abs().max()) < 1e-4


def test_large_radii_on_smaller_copies_are_what_small_steps_give(context, monkeypatch):
    from restyle.filters.focus import blurring

    smooth = torch.nn.functional.avg_pool2d(noise(440, 420), 41, 1)
    mask = torch.zeros(1, 1, 400, 380)
    mask[:, :, 100:300, 100:200] = 1
    whole = focused(context, smooth, mask)
    monkeypatch.setattr(blurring, "LEAST_PIXELS", 400)
    # A copy takes what is as fine as its pixels from a disc's rim: that is not seen in a smooth picture.
    torch.testing.assert_close(focused(context, smooth, mask), whole, atol=1.5 / 255, rtol=0)


def test_bands_give_the_whole(context, monkeypatch):
    from restyle.filters.focus import method

    photo = noise(400, 120)
    mask = torch.zeros(1, 1, 400, 120)
    mask[:, :, 100:300, 30:60] = 1
    whole = focused(context, photo, mask, shape="cats-eye", blur=20)
    monkeypatch.setattr(method, "BAND_PIXELS", 120 * 32)
    # Transforms of other sizes are rounded otherwise.
    torch.testing.assert_close(focused(context, photo, mask, shape="cats-eye", blur=20), whole, atol=1e-3, rtol=0)


def test_content_is_not_written_into(context):
    photo = noise()
    kept = photo.clone()
    focused(context, photo, disc())
    assert torch.equal(photo, kept)
    assert CONTENT.name == "content"
