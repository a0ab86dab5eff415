"""Any Style with the weights that ship, on drawn pictures."""

import pytest
import torch
from safetensors.torch import save_file

from restyle.context import Context
from restyle.device import pick_device
from restyle.errors import Cancelled, InvalidParameter, WeightsDamaged
from restyle.filters.any_style import instant
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.image import Image
from restyle.inputs import Inputs, Style
from restyle.losses import moments
from restyle.progress import CallbackProgress
from restyle.regions import Regions
from restyle.run import run


def colour_distance(result, style) -> float:
    return float(sum((first - second).abs().sum() for first, second in zip(moments(result), moments(style), strict=True)))


def psnr(first, second) -> float:
    return float(-10 * torch.log10((first - second).square().mean()))


def test_the_result_has_the_styles_colours(paint, photo, painting, red):
    for style in (painting, red):
        assert colour_distance(paint(photo, style), style) < 0.6 * colour_distance(photo, style)


def test_at_no_strength_the_photo_comes_back(paint, photo, painting):
    assert torch.equal(paint(photo, painting, strength=0.0), photo)


def test_strength_leads_from_the_photo_to_the_painting(paint, photo, red):
    near, half, far = (colour_distance(paint(photo, red, strength=strength), red) for strength in (100.0, 50.0, 0.0))
    assert near < half < far


def test_steps_bring_the_painting_nearer_to_the_style(paint, photo, painting):
    instantly, refined = (paint(photo, painting, refinement=steps) for steps in (0, 10))
    assert colour_distance(refined, painting) < colour_distance(photo, painting)
    assert not torch.equal(refined, instantly)


def test_two_styles_meet_between_them_by_weight(paint, photo, painting, red):
    near, far = (colour_distance(paint(photo, painting, red, weights=[1.0, share]), red) for share in (3.0, 0.3))
    assert near < far
    assert torch.equal(paint(photo, painting, red, weights=[1.0, 0.0]), paint(photo, painting))


def test_the_photos_colours_can_be_kept(paint, photo, red):
    kept = paint(photo, red, preserve_colors="luminance")
    assert colour_distance(kept, photo) < 0.5 * colour_distance(paint(photo, red), photo)


def test_each_region_takes_its_own_style(paint, photo, red):
    half = torch.zeros(1, 2, 96, 128)
    half[:, 0, :, :64] = 1
    half[:, 1, :, 64:] = 1
    blue = red.flip(1)
    both = torch.cat((red, blue), 3)
    stripes = torch.zeros(1, 2, 96, 192)
    stripes[:, 0, :, :96] = 1
    stripes[:, 1, :, 96:] = 1
    names = ("left", "right")
    result = paint(photo, both, regions=Regions(names, half), style_regions=[Regions(names, stripes)])
    # Away from the border, where the two meet.
    left, right = result[..., :48], result[..., 80:]
    assert colour_distance(left, red) < 0.5 * colour_distance(left, blue)
    assert colour_distance(right, blue) < 0.5 * colour_distance(right, red)


def test_pieces_leave_no_trace(paint, photo, painting, monkeypatch):
    whole = paint(photo, painting)
    monkeypatch.setattr(instant, "PIECE_PX", 48)
    # The seams that would show begin at about 40 dB; statistics are summed in another order.
    assert psnr(paint(photo, painting), whole) > 60


def test_bfloat16_paints_nearly_the_same(paint, photo, painting):
    try:
        reduced = paint(photo, painting, precision="bfloat16")
    except InvalidParameter:
        pytest.skip("this processor has no bfloat16")
    assert psnr(reduced, paint(photo, painting)) > 30


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


def test_a_level_that_there_is_not_is_refused(paint, photo, painting):
    with pytest.raises(InvalidParameter, match="relu9_1"):
        paint(photo, painting, level_strengths={"relu9_1": 1.0})


@pytest.mark.parametrize("guided", [False, True])
def test_progress_only_grows_and_it_can_be_cancelled_at_any_piece(paint, photo, painting, red, monkeypatch, guided):
    monkeypatch.setattr(instant, "PIECE_PX", 48)
    half = torch.zeros(1, 2, 96, 128)
    half[:, 0, :, :64] = 1
    half[:, 1] = 1 - half[:, 0]
    halves = Regions(("left", "right"), half)
    given = {"regions": halves, "style_regions": [halves] * 2} if guided else {}
    reports = []
    paint(photo, painting, red, progress=CallbackProgress(reports.append), **given)
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    # Four pieces of the photo at least, measured and painted, and of each style.
    assert len(set(places)) >= 16
    last = len(reports)
    for count in (last // 2, last - 1):
        reports.clear()
        with pytest.raises(Cancelled):
            paint(photo, painting, red, progress=CallbackProgress(reports.append, lambda n=count: len(reports) >= n), **given)
        assert len(reports) == count


def test_progress_of_steps_that_start_instantly_only_grows(photo, painting):
    reports = []
    context = Context(pick_device("cpu", "float32"), CallbackProgress(reports.append))
    params = NeuralStyleParams(init="instant", steps=4, working_size=96, features="compact")
    run(NEURAL_STYLE, Inputs(Image(photo), (Style(Image(painting)),)), params, context)
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)


def test_weights_of_another_form_are_refused_in_one_sentence(paint, photo, painting, tmp_path, monkeypatch):
    save_file({"other": torch.zeros(1)}, tmp_path / "any_style.safetensors")
    monkeypatch.setattr("restyle.weights.store.SHIPPED_FOLDER", tmp_path)
    monkeypatch.setattr(instant.CompactEncoder, "from_file", lambda *_, **__: instant.CompactEncoder())
    (tmp_path / "compact_encoder.safetensors").touch()
    with pytest.raises(WeightsDamaged, match="any_style"):
        paint(photo, painting)
