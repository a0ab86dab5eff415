"""Any Style with the weights that ship, on drawn pictures."""

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidParameter, WeightsUnavailable
from restyle.contract.loaded import Style
from restyle.contract.progress import CallbackProgress
from restyle.features.moments import moments
from restyle.filters.any_style import AnyStyleParams
from restyle.filters.any_style.method import working_bytes
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions import Regions


def colour_distance(result, style) -> float:
    return float(sum((first - second).abs().sum() for first, second in zip(moments(result), moments(style), strict=True)))


def psnr(first, second) -> float:
    return float(-10 * torch.log10((first - second).square().mean()))


def test_the_result_has_the_styles_colours(paint, photo, painting, red):
    for style in (painting, red):
        assert colour_distance(paint(photo, style), style) < 0.5 * colour_distance(photo, style)


CHANGES = {
    "strength": 50.0,
    "style_scale": 2.0,
    "preserve_colors": "histogram",
    "working_size": 64,
    "steps": 12,
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_each_setting_changes_the_picture(paint, photo, painting, name):
    changed = paint(photo, painting, **{name: CHANGES[name]})
    assert changed.shape == photo.shape
    assert (changed - paint(photo, painting)).abs().mean() > 0.2 / 255


def test_every_setting_is_tried_here_or_in_a_file_of_its_own():
    elsewhere = {
        "painter": "test_one_pass.py",
        "mixing": "test_mixing.py",
        "regions": "neural_style/test_method.py",
        "keep_faces": "filters/test_keep_faces.py",
    }
    assert {*CHANGES, *elsewhere} == set(AnyStyleParams.model_fields)


@pytest.mark.parametrize("scale", [0.5, 4.0])
def test_larger_strokes_are_promised_more_memory(scale):
    inputs = inputs_of(Image(torch.zeros(1, 3, 300, 400)), (Style(Image(torch.zeros(1, 3, 30, 40))),))
    context = Context(pick_device("cpu", "float32"))
    promised = {
        painter: working_bytes(inputs, AnyStyleParams(painter=painter, style_scale=scale), context)
        / working_bytes(inputs, AnyStyleParams(painter=painter), context)
        for painter in ("restyle", "microast")
    }
    # Restyle measures the style larger, the published painters enlarge the photo for strokes that are finer.
    assert (promised["restyle"] > 1) == (scale > 1)
    assert (promised["microast"] > 1) == (scale < 1)


def test_a_reference_that_enlarges_strokes_is_promised_more_memory():
    small, style = Image(torch.zeros(1, 3, 100, 100)), (Style(Image(torch.zeros(1, 3, 30, 40))),)
    context = Context(pick_device("cpu", "float32"))
    alone, beside = (
        working_bytes(inputs_of(small, style, reference=reference), AnyStyleParams(), context)
        for reference in (None, Image(torch.zeros(1, 3, 300, 300)))
    )
    assert beside > alone


def test_at_no_strength_the_photo_comes_back(paint, photo, painting):
    assert torch.equal(paint(photo, painting, strength=0.0), photo)


def test_strength_leads_from_the_photo_to_the_painting(paint, photo, red):
    near, half, far = (colour_distance(paint(photo, red, strength=strength), red) for strength in (100.0, 50.0, 0.0))
    assert near < half < far


def test_more_steps_leave_less_of_the_photo(paint, photo, painting):
    few, many = (float((paint(photo, painting, steps=steps) - photo).abs().mean()) for steps in (1, 12))
    assert many > few + 1 / 255


def test_two_styles_meet_between_them_by_weight(paint, photo, painting, red):
    near, far = (colour_distance(paint(photo, painting, red, weights=[1.0, share]), red) for share in (3.0, 0.3))
    assert near < far
    assert torch.equal(paint(photo, painting, red, weights=[1.0, 0.0]), paint(photo, painting))


def test_the_photos_colours_can_be_kept(paint, photo, red):
    kept = paint(photo, red, preserve_colors="luminance")
    assert colour_distance(kept, photo) < 0.5 * colour_distance(paint(photo, red), photo)


def test_what_is_red_in_the_style_guides_its_own_region_alone(paint, photo, red):
    half = torch.zeros(1, 2, 96, 128)
    half[:, 0, :, :64] = 1
    half[:, 1, :, 64:] = 1
    blue = red.flip(1)
    both = torch.cat((red, blue), 3)
    stripes = torch.zeros(1, 2, 96, 192)
    stripes[:, 0, :, :96] = 1
    stripes[:, 1, :, 96:] = 1
    names = ("left", "right")
    # A picture as small as this has one scale; it takes more steps there than a larger one at each of its three.
    result = paint(photo, both, steps=30, regions=Regions(names, half), style_regions=[Regions(names, stripes)])
    # Away from the border, where the two meet.
    left, right = result[..., :48], result[..., 80:]
    assert colour_distance(left, red) < 0.5 * colour_distance(left, blue)
    assert colour_distance(right, blue) < 0.5 * colour_distance(right, red)


def test_bfloat16_paints_nearly_the_same(paint, photo, painting):
    try:
        reduced = paint(photo, painting, precision="bfloat16")
    except InvalidParameter:
        pytest.skip("this processor has no bfloat16")
    # Steps of full length in the direction of a rounded gradient: a dozen of them add up to more than one pass would,
    # the more so as deep features are the sum of many roundings.
    assert psnr(reduced, paint(photo, painting)) > 19


def test_a_photo_larger_than_the_detail_keeps_its_size(paint, photo, painting):
    assert paint(photo, painting, working_size=64).shape == photo.shape


@pytest.mark.parametrize("size", [(1, 1), (17, 230), (300, 40)])
def test_odd_sizes_are_painted(paint, painting, size):
    photo = torch.rand((1, 3, *size), generator=torch.Generator().manual_seed(1))
    result = paint(photo, painting)
    assert result.shape == photo.shape
    assert bool(torch.isfinite(result).all())


def test_flat_photos_and_styles_give_finite_pictures(paint, photo, painting):
    flat = torch.full((1, 3, 64, 64), 0.5)
    for result in (paint(flat, painting), paint(photo, flat)):
        assert bool(torch.isfinite(result).all())


@pytest.mark.parametrize("painter", ["microast", "magenta"])
def test_a_published_painter_says_how_to_get_it(paint, photo, painting, painter, home_of_its_own):
    with pytest.raises(WeightsUnavailable, match=f"any-style-{painter}"):
        paint(photo, painting, painter=painter)


def test_progress_only_grows_and_it_can_be_cancelled_at_any_step(paint, photo, painting, red):
    reports = []
    paint(photo, painting, red, progress=CallbackProgress(reports.append))
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    last = len(reports)
    assert last >= 4
    for count in (last // 2, last - 1):
        reports.clear()
        with pytest.raises(Cancelled):
            paint(photo, painting, red, progress=CallbackProgress(reports.append, lambda n=count: len(reports) >= n))
        assert len(reports) == count


def test_layers_that_have_a_reference_get_their_colours_in_the_same_way(paint, photo, painting):
    """Halves of a picture, one dark and one light: by themselves each would get all of the style's range."""
    dark, light = 0.3 * photo, 0.5 + 0.5 * photo
    both = torch.cat((dark, light), 3)
    alone = [float(paint(half, painting).mean()) for half in (dark, light)]
    together = [float(paint(half, painting, reference=both).mean()) for half in (dark, light)]
    assert alone[1] - alone[0] < 0.5 * (together[1] - together[0])


def test_a_photo_that_is_its_own_reference_is_painted_as_without(paint, photo, painting):
    assert psnr(paint(photo, painting, reference=photo), paint(photo, painting)) > 30
