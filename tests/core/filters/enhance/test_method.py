"""What Enhance Photo promises of every picture, whatever its networks have learned."""

import pytest
import torch
from tests.golden.scenes import scene

from restyle.contract.errors import Cancelled, WeightsDamaged, WeightsUnavailable
from restyle.contract.progress import CallbackProgress
from restyle.engine.any_size import meter
from restyle.filters.enhance import denoise, in_the_box, method
from restyle.filters.enhance import published as published_looks
from restyle.host.home import models_folder
from restyle.models.kept import write_kept
from restyle.networks.dped import dped_generator
from restyle.pictures import bands
from restyle.pictures.image import luma

ROUNDING = 1e-5  # of a few float32 operations on values in 0..1
LOOKS = ("natural", "vivid", "open-shadows", "dped-iphone", "adaptive-lut")


@pytest.fixture
def photo():
    """A scene of sky, hills and a house, 96 x 72."""
    return scene(72, 96)


@pytest.fixture
def small_bands(monkeypatch):
    """Bands of a few rows everywhere, and a report of each layer of DPED's."""
    for module in (denoise, in_the_box, method):
        monkeypatch.setattr(module, "BAND_PIXELS", 96 * 16)
    for module in (bands, published_looks):
        monkeypatch.setattr(module, "STRIP_PIXELS", 96 * 16)
    monkeypatch.setattr(meter, "INTERVAL_S", 0.0)


@pytest.fixture
def published(home_of_its_own):
    """DPED's generator and lookup tables with random numbers, under the names of what is published."""
    torch.manual_seed(0)
    folder = models_folder(home_of_its_own)
    arrays = {}
    state = list(dped_generator().state_dict().values())
    kernels = [tensor for tensor in state if tensor.ndim == 4]
    biases = [tensor for tensor in state if tensor.ndim == 1]
    for number, kernel in enumerate(kernels, start=1):
        arrays[f"generator/W{number}"] = kernel.permute(2, 3, 1, 0).contiguous()
        arrays[f"generator/b{number}"] = torch.zeros(kernel.shape[0])
    for index in range((len(biases) - len(kernels)) // 2):
        arrays["generator/Variable" + (f"_{2 * index}" if index else "")] = torch.zeros(64)
        arrays[f"generator/Variable_{2 * index + 1}"] = torch.ones(64)
    write_kept(folder / "dped_iphone.safetensors", arrays, {})
    tables = {f"luts.{index}.LUT": torch.rand(3, 33, 33, 33) for index in range(3)}
    place = 1
    for before, after in ((3, 16), (16, 32), (32, 64), (64, 128), (128, 128)):
        tables[f"classifier.model.{place}.weight"] = torch.randn(after, before, 3, 3) * 0.1
        tables[f"classifier.model.{place}.bias"] = torch.zeros(after)
        place += 2
    tables[f"classifier.model.{place + 1}.weight"] = torch.randn(3, 128, 8, 8) * 0.01
    tables[f"classifier.model.{place + 1}.bias"] = torch.full((3,), 0.33)
    write_kept(folder / "adaptive_lut.safetensors", tables, {})


@pytest.mark.parametrize("look", LOOKS)
def test_a_photo_is_changed_and_keeps_size_range_and_alpha(enhance, published, photo, look):
    alpha = torch.linspace(0, 1, 96).expand(1, 1, 72, 96).clone()
    result = enhance(photo, alpha=alpha, look=look)
    assert result.pixels.shape == photo.shape
    assert (result.pixels - photo).abs().mean() > 0.01
    assert torch.equal(result.alpha, alpha)


def test_colours_of_transparent_pixels_come_back_untouched(enhance, photo):
    alpha = torch.ones(1, 1, 72, 96)
    alpha[..., :30] = 0
    made = enhance(photo, alpha=alpha).pixels
    assert torch.equal(made[..., :30], photo[..., :30])
    assert (made[..., 30:] - photo[..., 30:]).abs().mean() > 0.01


@pytest.mark.parametrize("look", LOOKS)
def test_a_grey_photo_stays_grey(enhance, published, photo, look):
    grey = luma(photo).expand(1, 3, 72, 96).contiguous()
    made = enhance(grey, look=look, protect_skin=0, protect_highlights=0).pixels
    assert torch.equal(made[:, 0], made[:, 1])
    assert torch.equal(made[:, 0], made[:, 2])


@pytest.mark.parametrize("look", LOOKS)
def test_strength_0_gives_the_photo_back_and_more_is_more(enhance, published, photo, look):
    assert torch.equal(enhance(photo, look=look, strength=0).pixels, photo)
    changes = [
        (enhance(photo, look=look, strength=strength, change="light_and_colour").pixels - photo).abs().mean()
        for strength in (0, 50, 100, 150)
    ]
    assert changes == sorted(changes)
    assert changes[1] > 0


@pytest.mark.parametrize("size", [(1, 1), (8, 20000), (20000, 8), (3, 5)])
@pytest.mark.parametrize("change", ["everything", "light_and_colour"])
def test_any_size_works(enhance, size, change):
    photo = torch.rand((1, 3, *size), generator=torch.Generator().manual_seed(0))
    made = enhance(photo, change=change, denoise=50).pixels
    assert made.shape == photo.shape
    assert torch.isfinite(made).all()


@pytest.mark.parametrize("level", [0.0, 1.0])
@pytest.mark.parametrize("look", ["natural", "vivid", "open-shadows"])
def test_black_stays_black_and_white_white(enhance, level, look):
    flat = torch.full((1, 3, 40, 60), level)
    assert (enhance(flat, look=look, change="light_and_colour").pixels - flat).abs().max() < ROUNDING


def test_the_selected_part_is_what_it_would_be_in_the_whole(enhance, photo):
    selection = torch.zeros(1, 1, 72, 96)
    selection[..., :20, :20] = 1
    part, whole = enhance(photo, selection=selection).pixels, enhance(photo).pixels
    assert torch.equal(part[..., :20, :20], whole[..., :20, :20])
    assert torch.equal(part[..., 60:, 60:], photo[..., 60:, 60:])


def test_bands_make_no_difference(enhance, monkeypatch):
    photo = scene(200, 120)
    whole = enhance(photo, denoise=40).pixels
    monkeypatch.setattr(in_the_box, "BAND_PIXELS", 120 * 24)
    monkeypatch.setattr(bands, "STRIP_PIXELS", 120 * 5)
    assert (enhance(photo, denoise=40).pixels - whole).abs().max() < ROUNDING


def test_a_smooth_gradient_of_16_bits_stays_smooth(enhance):
    ramp = torch.linspace(0.3, 0.4, 2048).expand(1, 3, 16, 2048).contiguous() * torch.tensor([1.0, 0.8, 0.6]).view(1, 3, 1, 1)
    made = enhance(ramp, change="light_and_colour").pixels
    steps = made[..., 1:] - made[..., :-1]
    # A step of the ramp is 3 of 65535; were there 8 bits anywhere, some steps were 257 and most 0.
    assert steps.max() < 12 / 65535
    assert steps[:, :, 0].gt(0).float().mean() > 0.95


def test_light_and_colour_only_is_a_matter_of_colour_and_place(enhance, photo):
    flat = photo.clone()
    flat[..., 40:60, 40:60] = 0.5
    made = enhance(flat, change="light_and_colour").pixels[..., 40:60, 40:60]
    # Local light changes over the whole picture, not from pixel to pixel.
    assert (made[..., 1:] - made[..., :-1]).abs().max() < 2 / 255


def test_what_is_not_fetched_says_how_to_get_it(enhance, photo):
    with pytest.raises(WeightsUnavailable, match="dped-sony"):
        enhance(photo, look="dped-sony")
    with pytest.raises(WeightsUnavailable, match="adaptive-lut"):
        enhance(photo, look="adaptive-lut")


@pytest.mark.parametrize("look", LOOKS)
def test_damaged_weights_are_named(enhance, published, photo, home_of_its_own, look):
    names = {"dped-iphone": "dped_iphone", "adaptive-lut": "adaptive_lut"}
    path = models_folder(home_of_its_own) / f"{names.get(look, 'enhancer')}.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsDamaged, match=path.name):
        enhance(photo, look=look)


def test_weights_of_another_network_are_refused(enhance, published, photo, home_of_its_own):
    folder = models_folder(home_of_its_own)
    (folder / "adaptive_lut.safetensors").write_bytes((folder / "dped_iphone.safetensors").read_bytes())
    with pytest.raises(WeightsDamaged, match="adaptive_lut"):
        enhance(photo, look="adaptive-lut")


@pytest.mark.parametrize("change", ["everything", "light_and_colour"])
@pytest.mark.parametrize("look", LOOKS)
def test_progress_only_grows_and_it_can_be_stopped_at_any_band(enhance, published, photo, small_bands, look, change):
    noisy = photo + 0.1 * torch.randn(photo.shape, generator=torch.Generator().manual_seed(0))
    reports = []
    enhance(noisy, progress=CallbackProgress(reports.append), look=look, change=change, denoise=50)
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    assert len({report.message for report in reports}) >= 2
    last = len(reports)
    assert last >= 6
    for count in (last // 2, last - 1):
        reports.clear()
        progress = CallbackProgress(reports.append, lambda n=count: len(reports) >= n)
        with pytest.raises(Cancelled):
            enhance(noisy, progress=progress, look=look, change=change, denoise=50)
        assert len(reports) == count


@pytest.mark.parametrize("change", ["everything", "light_and_colour"])
def test_bands_after_dped_leave_no_trace(enhance, published, photo, request, change):
    whole = enhance(photo, look="dped-iphone", change=change, strength=70).pixels
    request.getfixturevalue("small_bands")
    assert torch.allclose(enhance(photo, look="dped-iphone", change=change, strength=70).pixels, whole, atol=ROUNDING)


def test_the_same_photo_gives_the_same_picture(enhance, photo):
    assert torch.equal(enhance(photo, denoise=30).pixels, enhance(photo, denoise=30).pixels)
