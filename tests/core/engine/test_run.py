"""What run does around every method."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.engine.declared import SizedParams, declare
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidInput, MissingInput, NotFinite
from restyle.contract.filter import Needs
from restyle.contract.inputs import Layer, Mask, Pictures
from restyle.contract.loaded import Loaded, Style
from restyle.contract.params import Params
from restyle.contract.progress import CallbackProgress
from restyle.contract.settings import CONTENT, REGIONS, SELECTION, STYLES
from restyle.engine.run import run
from restyle.pictures.image import Image
from restyle.regions import Regions


def invert(inputs: Loaded, params: Params, context: Context) -> Image:
    return Image(1 - inputs[CONTENT].pixels)


def test_the_method_sees_the_content_and_its_result_keeps_the_alpha(install, context):
    content = Image(torch.rand(1, 3, 40, 50), torch.rand(1, 1, 40, 50).clamp_min(0.01))
    install(invert)
    result = run(declare(), inputs_of(content), SizedParams(), context).picture
    assert torch.equal(result.pixels, 1 - content.pixels)
    assert torch.equal(result.alpha, content.alpha)


def test_colours_out_of_range_are_clipped(install, context):
    install(lambda inputs, params, context: Image(inputs[CONTENT].pixels * 4 - 2))
    result = run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40))), SizedParams(), context).picture
    assert result.pixels.min() == 0
    assert result.pixels.max() == 1


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_result_that_is_not_finite_is_refused_and_never_black(install, context, number):
    def method(inputs, params, context):
        pixels = inputs[CONTENT].pixels.clone()
        pixels[0, 1, 3, 5] = number
        return Image(pixels)

    install(method)
    with pytest.raises(NotFinite, match="is no picture"):
        run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40))), SizedParams(), context)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 500), (3, 2), (400, 1), (31, 33), (9, 4000)])
def test_pictures_of_any_size_work_and_no_method_sees_tiny_or_narrow_ones(install, context, height, width):
    seen = []

    def method(inputs, params, context):
        for image in (inputs[CONTENT], inputs[STYLES][0].image):
            seen.append((image.height, image.width))
        return Image(1 - inputs[CONTENT].pixels)

    install(method)
    content = Image(torch.rand(1, 3, height, width))
    result = run(declare(), inputs_of(content, (Style(Image(torch.rand(1, 3, 1, 2))),)), SizedParams(), context).picture
    assert torch.equal(result.pixels, 1 - content.pixels)
    assert all(min(size) >= 32 and max(size) <= 8 * min(size) for size in seen)


def test_a_filter_that_asks_for_more_pixels_gets_mirror_images(install, context):
    def method(inputs, params, context):
        assert (inputs[CONTENT].height, inputs[CONTENT].width) == (100, 100)
        assert torch.equal(inputs[CONTENT].pixels[..., 60:], inputs[CONTENT].pixels[..., 20:60].flip(-1))
        return inputs[CONTENT]

    install(method)
    run(declare(needs=Needs(least_px=100)), inputs_of(Image(torch.rand(1, 3, 70, 60))), SizedParams(), context)


def test_transparent_pixels_come_to_the_method_in_the_colours_around_them(install, context):
    pixels = torch.full((1, 3, 64, 64), 0.25)
    alpha = torch.ones(1, 1, 64, 64)
    pixels[..., 20:40, 20:40], alpha[..., 20:40, 20:40] = 1.0, 0.0
    seen = []
    install(lambda inputs, params, context: seen.append(inputs) or inputs[CONTENT])
    result = run(declare(), inputs_of(Image(pixels, alpha), (Style(Image(pixels, alpha)),)), SizedParams(), context).picture
    for image in (seen[0][CONTENT], seen[0][STYLES][0].image):
        # The fill averages equal numbers, which rounds in the last place.
        assert torch.allclose(image.pixels, torch.full_like(pixels, 0.25), atol=1e-6)
        assert image.alpha is None
    assert torch.equal(result.alpha, alpha)


def test_only_what_the_selection_touches_is_painted(install, context):
    content = Image(torch.rand(1, 3, 300, 400))
    selection = torch.zeros(1, 1, 300, 400)
    selection[..., 150:200, 200:280] = 0.5
    seen = []

    def method(inputs, params, context):
        seen.append(inputs)
        return Image(1 - inputs[CONTENT].pixels)

    install(method)
    result = run(declare(), inputs_of(content, selection=selection), SizedParams(), context).picture
    part = seen[0]
    assert part[SELECTION].shape[-2:] == part[CONTENT].pixels.shape[-2:]
    assert part[SELECTION].sum() == selection.sum()
    assert part[CONTENT].width < 200
    assert torch.equal(result.pixels[..., 150:200, 200:280], 1 - content.pixels[..., 150:200, 200:280])
    assert torch.equal(result.pixels[..., :100, :], content.pixels[..., :100, :])


def test_previews_say_which_part_of_the_layer_they_show(install, context):
    selection = torch.zeros(1, 1, 300, 400)
    selection[..., 150:200, 200:280] = 1
    told, seen = [], []

    def method(inputs, params, context):
        part = context.part(0.5, 1.0)
        part.progress.step(0, of=1, preview=lambda: inputs[CONTENT])
        part.framed((3, 4, 20, 30)).progress.step(0, of=1, preview=lambda: inputs[CONTENT])
        seen.append(inputs[CONTENT])
        return inputs[CONTENT]

    install(method)
    telling = replace(context, progress=CallbackProgress(told.append))
    content = Image(torch.rand(1, 3, 300, 400))
    run(declare(), inputs_of(content, selection=selection), SizedParams(), telling)
    x, y, width, height = told[0].frame
    assert torch.equal(content.pixels[..., y : y + height, x : x + width], seen[0].pixels)
    assert told[1].frame == (x + 3, y + 4, 20, 30)
    run(declare(), inputs_of(content), SizedParams(), telling)
    assert (told[2].frame, told[3].frame) == (None, (3, 4, 20, 30))


def test_a_selection_that_cuts_nothing_is_only_told(install, context):
    content, told = Image(torch.rand(1, 3, 300, 400)), Mask("selection", "Selection", "What stays.", cuts=False)
    selection = torch.zeros(1, 1, 300, 400)
    selection[..., :50, :50] = 1
    seen = []

    def method(inputs, params, context):
        seen.append(inputs[told])
        return Image(1 - inputs[CONTENT].pixels)

    install(method)
    for mask in (selection, torch.zeros(1, 1, 300, 400)):
        result = run(declare(inputs=(CONTENT, told)), inputs_of(content, selection=mask), SizedParams(), context).picture
        assert torch.equal(seen.pop(), mask)
        assert torch.equal(result.pixels, 1 - content.pixels)


def test_regions_come_to_the_method_as_they_lie_in_the_part_that_it_sees(install, context):
    columns = torch.arange(400) >= 240
    regions = Regions(("left", "right"), torch.stack((~columns, columns)).float().expand(1, 300, 2, 400).transpose(1, 2))
    selection = torch.zeros(1, 1, 300, 400)
    selection[..., 150:200, 200:280] = 1
    seen = []

    def method(inputs, params, context):
        seen.append(inputs)
        return inputs[CONTENT]

    install(method)
    style = Style(Image(torch.rand(1, 3, 50, 60)), regions=Regions(("a",), torch.full((1, 1, 2, 2), 3.0)))
    content = Image(torch.rand(1, 3, 300, 400))
    run(declare(), inputs_of(content, (style,), selection, regions), SizedParams(), context)
    (found,) = seen
    assert found[REGIONS].masks.shape[2:] == found[CONTENT].pixels.shape[2:]
    # The margin of 32 pixels lies to the left of what is selected.
    assert found[REGIONS].mask("right")[0, 0, 0].nonzero().min() == 240 - (200 - 32)
    assert found[STYLES][0].regions.masks.max() == 1


def test_regions_of_tiny_pictures_grow_with_them(install, context):
    seen = []

    def method(inputs, params, context):
        seen.append(inputs)
        return inputs[CONTENT]

    install(method)
    regions = Regions(("a", "b"), torch.eye(2).view(1, 2, 1, 2))
    run(declare(), inputs_of(Image(torch.rand(1, 3, 1, 2)), regions=regions), SizedParams(), context)
    (found,) = seen
    assert found[REGIONS].masks.shape[2:] == found[CONTENT].pixels.shape[2:]
    # Mirrored as the picture is: a b b a a b …
    assert found[REGIONS].mask("b")[0, 0, 0, :4].tolist() == [0, 1, 1, 0]


def test_a_selection_of_nothing_is_refused_in_one_sentence(install, context):
    install(invert)
    with pytest.raises(InvalidInput, match="outside of this picture"):
        run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40)), selection=torch.zeros(1, 1, 40, 40)), SizedParams(), context)


def test_a_selection_of_another_size_is_refused(install, context):
    install(invert)
    with pytest.raises(InvalidInput, match="equally large"):
        run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40)), selection=torch.ones(1, 1, 40, 41)), SizedParams(), context)


def test_too_few_and_too_many_styles_are_refused_by_name(install, context):
    install(invert)
    picture = Image(torch.rand(1, 3, 40, 40))
    with pytest.raises(MissingInput, match="Style: choose 0 to 2"):
        run(declare(), inputs_of(picture, (Style(picture),) * 3), SizedParams(), context)
    one = declare(inputs=(Layer("content", "Photo", ""), Pictures("styles", "Style", "")))
    with pytest.raises(MissingInput, match="Style: choose 1"):
        run(one, inputs_of(picture), SizedParams(), context)


def test_styles_that_all_weigh_nothing_are_refused(install, context):
    install(invert)
    picture = Image(torch.rand(1, 3, 40, 40))
    with pytest.raises(InvalidInput, match="weight 0"):
        run(declare(), inputs_of(picture, (Style(picture, 0.0),)), SizedParams(), context)


def test_other_errors_and_cancel_pass_through_unchanged(install, context):
    for error in (RuntimeError("shapes differ"), Cancelled()):

        def method(inputs, params, context, error=error):
            raise error

        install(method)
        with pytest.raises(type(error)) as caught:
            run(declare(), inputs_of(Image(torch.rand(1, 3, 40, 40))), SizedParams(), context)
        assert caught.value is error


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.data())
def test_pixels_that_are_not_transparent_are_never_touched_by_the_fill(height, width, data):
    from restyle.pictures.transparency import fill_transparent

    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 1000)))
    pixels = torch.rand(1, 3, height, width, generator=generator)
    alpha = (torch.rand(1, 1, height, width, generator=generator) > 0.7).float()
    filled = fill_transparent(Image(pixels, alpha))
    assert torch.equal(torch.where(alpha > 0, filled, 0), torch.where(alpha > 0, pixels, 0))
    if alpha.any():
        visible = pixels[alpha.expand_as(pixels) > 0]
        # Every filled colour is an average of visible ones (up to rounding).
        assert filled.min() >= visible.min() - 1e-5
        assert filled.max() <= visible.max() + 1e-5


def test_an_opaque_picture_is_filled_by_doing_nothing():
    from restyle.pictures.transparency import fill_transparent

    pixels = torch.rand(1, 3, 8, 8)
    assert fill_transparent(Image(pixels)) is pixels
    assert fill_transparent(Image(pixels, torch.full((1, 1, 8, 8), 0.5))) is pixels
