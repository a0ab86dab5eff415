"""What networks never see of a layer comes back, what a style hides does not paint, and greys stay grey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from tests.core.engine.declared import PlainParams, declare
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.filter import Filter
from restyle.contract.loaded import Loaded, Style
from restyle.contract.outputs import PictureOutput
from restyle.contract.params import Params
from restyle.contract.progress import SilentProgress
from restyle.contract.settings import CONTENT, STYLES
from restyle.engine.run import run
from restyle.filters import find_filter
from restyle.host.device import pick_device
from restyle.pictures.image import Image

TEST = declare(PlainParams)


@pytest.fixture
def apply(install: Callable[..., None], context: Context) -> Callable[..., Image]:
    def apply_method(method: Callable[..., Image], inputs: Loaded, declared: Filter[Any] = TEST) -> Image:
        install(method)
        return run(declared, inputs, declared.params(), context).picture

    return apply_method


def wide(height: int = 64, width: int = 80) -> torch.Tensor:
    """Colours from -0.5 to 60: beyond sRGB, and as bright as the sun in HDR."""
    values = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1)) * 1.9 - 0.5
    values[..., :8, :8] = 60.3
    return values


def seen(inputs: Loaded, params: Params, context: Context) -> Image:
    """What the method saw, which was in 0..1."""
    pixels = inputs[CONTENT].pixels
    assert pixels.min() >= 0
    assert pixels.max() <= 1
    return Image(pixels)


def test_where_nothing_is_changed_wide_and_bright_colours_come_back_bit_for_bit(apply):
    assert torch.equal(apply(seen, inputs_of(Image(wide()))).pixels, wide())


def test_light_above_white_comes_back_whatever_is_painted(apply):
    painted = apply(lambda inputs, *_: Image(inputs[CONTENT].pixels * 0.5), inputs_of(Image(wide()))).pixels
    # A grey of 60.3 was seen as white and painted as half of it.
    assert torch.allclose(painted[..., :8, :8], torch.tensor(0.5 + 59.3))


def test_colours_beyond_srgb_come_back_as_far_as_the_colour_was_left_alone(apply):
    red = torch.tensor([1.1, -0.5, -0.2]).view(1, 3, 1, 1).expand(1, 3, 64, 64)
    blue = torch.tensor([0.1, 0.2, 0.8]).view(1, 3, 1, 1)
    for share in (0.0, 0.1, 1.0):
        painted = apply(
            lambda inputs, *_, share=share: Image(torch.lerp(inputs[CONTENT].pixels, blue, share)), inputs_of(Image(red))
        )
        # The channel that is changed most is red, by 0.9 of the range.
        kept = max(0.0, 1 - 0.9 * share / 0.5)
        expected = torch.lerp(red.clamp(0, 1), blue, share) + (red - red.clamp(0, 1)) * kept
        assert torch.allclose(painted.pixels, expected, atol=1e-6)


def test_within_a_selection_and_beside_it_wide_colours_are_kept(apply):
    selection = torch.zeros(1, 1, 200, 300)
    selection[..., 90:110, 140:160] = 1
    content = Image(wide(200, 300), torch.rand(1, 1, 200, 300).round())
    assert torch.equal(apply(seen, inputs_of(content, selection=selection)).pixels, content.pixels)


def test_a_guide_is_flat_colours_whatever_the_photo_s_range(apply):
    declared = replace(TEST, outputs=(PictureOutput("result", "Result", role="guide"),))
    assert torch.equal(apply(seen, inputs_of(Image(wide())), declared).pixels, wide().clamp(0, 1))


def tinted(inputs: Loaded, params: Params, context: Context) -> Image:
    return Image(inputs[CONTENT].pixels * torch.tensor([0.9, 0.6, 0.3]).view(1, 3, 1, 1))


GREY = Image(torch.rand(1, 1, 40, 50).expand(1, 3, 40, 50).contiguous())
COLOURED = Image(torch.rand(1, 3, 40, 50))


def test_a_grey_photo_with_grey_styles_stays_grey_whatever_the_method_paints(apply):
    painted = apply(tinted, inputs_of(GREY, (Style(GREY), Style(GREY)))).pixels
    assert torch.equal(painted[:, 0], painted[:, 1])
    assert torch.equal(painted[:, 0], painted[:, 2])


@pytest.mark.parametrize(("content", "styles"), [(GREY, (GREY, COLOURED)), (COLOURED, (GREY,)), (GREY, ())])
def test_where_anything_has_colours_the_painting_may(apply, content, styles):
    painted = apply(tinted, inputs_of(content, [Style(style) for style in styles])).pixels
    assert (painted[:, 0] - painted[:, 2]).abs().max() > 0.1


def test_a_style_s_hidden_colours_are_not_seen_and_its_faint_ones_are_faint(apply):
    pixels = torch.full((1, 3, 64, 64), 0.25)
    alpha = torch.ones(1, 1, 64, 64)
    for rows, faint in ((slice(0, 20), 0.0), (slice(20, 40), 1 / 255)):
        pixels[..., rows, 20:40], alpha[..., rows, 20:40] = 1.0, faint
    styles = []
    apply(lambda inputs, *_: styles.extend(inputs[STYLES]) or inputs[CONTENT], inputs_of(COLOURED, [Style(Image(pixels, alpha))]))
    assert (styles[0].image.pixels - 0.25).abs().max() < 1.01 / 255


def test_a_style_that_is_all_transparent_is_one_sentence(apply):
    hidden = Image(COLOURED.pixels, torch.zeros(1, 1, 40, 50))
    with pytest.raises(InvalidInput, match="transparent"):
        apply(seen, inputs_of(COLOURED, [Style(hidden)]))


@pytest.mark.parametrize("name", ["any-style", "fast-style", "photo-style", "enhance-photo"])
@pytest.mark.parametrize("alpha", [None, torch.rand(1, 1, 64, 80).round()])
def test_strength_0_is_the_identity_in_every_filter_that_has_it(name, alpha):
    declared = find_filter(name)
    assert "strength" in declared.params.model_fields
    content = Image(wide(), alpha)
    styles = [Style(COLOURED)] if any(item.name == "styles" for item in declared.inputs) else []
    context = Context(pick_device("cpu", "float32"), SilentProgress())
    result = run(declared, inputs_of(content, styles), declared.params(strength=0.0), context).picture
    assert torch.equal(result.pixels, content.pixels)
    assert result.alpha is alpha
