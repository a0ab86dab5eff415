"""Local light: what it opens and what it leaves, on drawn scenes."""

from dataclasses import replace

import pytest
import torch
from tests.golden.scenes import scene

from restyle.filters.enhance.local_light import LocalLight, darkest_third, exposed
from restyle.filters.enhance.looks import LOOKS
from restyle.pictures.guided import GuidedLines, guided, guided_lines
from restyle.pictures.image import luma

NATURAL = LOOKS["natural"]
ROUNDING = 1e-5  # of a few float32 operations on values in 0..1
HEIGHT, WIDTH = 96, 128


def backlit() -> torch.Tensor:
    """Bright sky above dark, coloured ground with texture."""
    photo = torch.full((1, 3, HEIGHT, WIDTH), 0.92)
    texture = torch.rand((1, 1, 48, WIDTH), generator=torch.Generator().manual_seed(0)) * 0.12 + 0.02
    photo[:, :, 48:] = texture * torch.tensor([1.0, 0.8, 0.5]).view(1, 3, 1, 1)
    return photo


def lit(photo: torch.Tensor, amount: float = 1.0, noise: float = 0.0) -> torch.Tensor:
    light = LocalLight.of(photo, (HEIGHT, WIDTH), NATURAL, amount, noise)
    return light.applied(photo, slice(0, HEIGHT))


def test_shadows_under_a_bright_sky_are_opened_and_the_sky_stays():
    photo = backlit()
    made = lit(photo)
    assert darkest_third(made) > 2 * darkest_third(photo)
    assert (made[:, :, :40] - photo[:, :, :40]).abs().max() < 1 / 255


def test_a_dark_photo_without_backlight_keeps_its_mood():
    night = backlit() * 0.5
    assert darkest_third(lit(night)) < darkest_third(night) + 0.03


def test_an_open_photo_is_left_alone():
    photo = scene(HEIGHT, WIDTH) * 0.6 + 0.4
    assert torch.equal(lit(photo), photo)


def test_hues_in_the_shadows_stay():
    photo, made = backlit(), lit(backlit())
    before, after = (pixels[:, :, 60:] / luma(pixels[:, :, 60:]) for pixels in (photo, made))
    assert (after - before).abs().mean() < 0.01


def test_there_is_no_halo_at_the_skyline():
    sky, ground = lit(backlit())[:, :, :48], lit(backlit())[:, :, 48:]
    assert (luma(sky)[:, :, -4:] - luma(sky)[:, :, :4].mean()).abs().max() < 0.01
    # Next to the sky the lines follow its edge and texture less, which changes the mean a little; a halo would be half of it.
    assert luma(ground)[:, :, 1:5].mean() / luma(ground)[:, :, 30:40].mean() == pytest.approx(1, abs=0.2)


def test_noise_in_opened_shadows_grows_no_stronger():
    generator = torch.Generator().manual_seed(1)
    photo = backlit()
    photo[:, :, 48:] = 0.08 + 0.004 * torch.randn((1, 3, 48, WIDTH), generator=generator)
    flat = (slice(None), slice(None), slice(60, 90), slice(10, -10))
    plain, clean = lit(photo), lit(photo, noise=0.004 * 0.75)
    assert plain[flat].std() > 1.8 * photo[flat].std()
    assert clean[flat].std() < 1.2 * photo[flat].std()
    assert abs(float(clean[flat].mean() - plain[flat].mean())) < 0.01


def test_black_and_white_stay_and_no_brightness_swaps_places():
    ramp = torch.linspace(0, 1, 512).expand(1, 3, 1, 512)
    for gain, power in ((7.4, 1), (2.0, 2), (1.2, 6)):
        made = exposed(ramp, gain, power)
        assert made[..., 0].abs().max() == 0
        assert (made[..., -1] - 1).abs().max() < ROUNDING
        assert (made.diff() > -ROUNDING).all()


@pytest.mark.parametrize(("amount", "least", "most"), [(0.5, 0.2, 0.7), (1.5, 1.1, 2.0)])
def test_the_amount_is_how_far_shadows_are_opened(amount, least, most):
    photo = backlit()
    gain, full = (darkest_third(lit(photo, share)) - darkest_third(photo) for share in (amount, 1.0))
    assert least < gain / full < most


def test_a_look_that_wants_more_opens_more():
    photo = backlit()
    looks = (NATURAL, LOOKS["open-shadows"])
    thirds = [darkest_third(LocalLight.of(photo, (HEIGHT, WIDTH), look, 1, 0).applied(photo, slice(0, HEIGHT))) for look in looks]
    assert thirds[1] > thirds[0] + 0.02
    closed = replace(NATURAL, opening=0.0)
    assert torch.equal(LocalLight.of(photo, (HEIGHT, WIDTH), closed, 1, 0).applied(photo, slice(0, HEIGHT)), photo)


def test_lines_follow_edges_and_level_texture():
    guide = luma(backlit())
    made = guided(guide, guide, 8, 0.02)
    assert (made[:, :, 40:44] - 0.92).abs().max() < 0.1
    assert made[:, :, 70:].std() < guide[:, :, 70:].std() / 2


def test_rows_of_lines_are_those_of_the_whole():
    photo = backlit()
    lines = GuidedLines(guided_lines(luma(photo), photo, 4, 0.02), 200, 300)
    guide = torch.rand((1, 1, 200, 300), generator=torch.Generator().manual_seed(0))
    whole = lines.picture(guide, slice(0, 200))
    parts = [lines.picture(guide[:, :, row : row + 7], slice(row, min(row + 7, 200))) for row in range(0, 200, 7)]
    assert torch.allclose(torch.cat(parts, 2), whole, atol=ROUNDING)
