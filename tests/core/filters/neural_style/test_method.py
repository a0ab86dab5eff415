"""Every setting of Neural Style does what it says; progress, cancel, odd pictures."""

import pytest
import torch

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidParameter, WeightsUnavailable
from restyle.contract.progress import CallbackProgress
from restyle.contract.settings import QUICK_STEPS
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style.features import load_features
from restyle.host.device import pick_device
from restyle.networks.vgg import VGG19
from restyle.pictures.image import luma
from restyle.pictures.resizing import resized

CHANGES = {
    "style_strength": 80.0,
    "style_scale": 2.0,
    "preserve_colors": "histogram",
    "working_size": 64,
    "steps": 6,
    "init": "content",
    "smoothness": 90.0,
    "pooling": "average",
    "optimizer": "lbfgs",
    "content_layer_weights": {"relu4_2": 1.0},
    "style_layer_weights": {"relu1_1": 1.0},
    "regions": "auto",
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_each_setting_changes_the_picture(paint, photo, painting, name):
    changed = paint(photo, painting, **{name: CHANGES[name]})

    assert changed.shape == photo.shape
    assert changed.isfinite().all()
    assert 0 <= changed.min() <= changed.max() <= 1
    assert (changed - paint(photo, painting)).abs().mean() > 0.2 / 255


def test_every_setting_is_tried_here():
    elsewhere = {"features", "seed", "init_color", "mixing", "keep_faces"}

    assert set(CHANGES) | elsewhere == set(NeuralStyleParams.model_fields)


def test_more_smoothness_means_less_variation(paint, photo, painting):
    rough, smooth = (paint(photo, painting, smoothness=value) for value in (0, 100))

    assert smooth.diff(dim=3).abs().mean() < rough.diff(dim=3).abs().mean()


def test_a_seed_gives_its_own_noise_and_always_the_same(paint, photo, painting):
    first, again, other = (paint(photo, painting, init="noise", seed=seed) for seed in (1, 1, 2))

    assert torch.equal(first, again)
    assert (first - other).abs().mean() > 1 / 255


def test_the_flat_colour_to_start_from_shows(paint, photo, painting):
    settings = {"init": "color", "steps": 1, "style_strength": 0}

    red, blue = (paint(photo, painting, init_color=color, **settings) for color in ("#ff0000", "#0000ff"))

    assert red[:, 0].mean() > blue[:, 0].mean() + 0.3
    assert blue[:, 2].mean() > red[:, 2].mean() + 0.3


def test_luminance_only_keeps_the_hues_of_the_photo(paint, photo, painting):
    kept = paint(photo, painting, preserve_colors="luminance")
    chroma, wanted = kept - luma(kept), photo - luma(photo)

    # Colours are paled where brightness leaves no room for them, and turned nowhere.
    assert (chroma * wanted).sum() / (chroma.norm() * wanted.norm()) > 0.97
    assert (luma(kept) - luma(photo)).abs().mean() > 5 / 255


def test_a_matched_histogram_keeps_the_photos_mean_colour(paint, photo, painting):
    kept, changed = (paint(photo, painting, preserve_colors=way) for way in ("histogram", "no"))
    wanted = photo.mean((0, 2, 3))

    assert (kept.mean((0, 2, 3)) - wanted).norm() < (changed.mean((0, 2, 3)) - wanted).norm()


def test_two_styles_by_weight_lie_between_the_two(paint, photo, painting):
    grey = torch.full((1, 3, 80, 80), 0.5)
    settings = {"steps": 30, "style_strength": 80}

    only_first = paint(photo, painting, grey, weights=[1.0, 0.0], **settings)
    both = paint(photo, painting, grey, weights=[1.0, 1.0], **settings)
    only_second = paint(photo, painting, grey, weights=[0.0, 1.0], **settings)

    assert torch.equal(only_first, paint(photo, painting, **settings))
    contrasts = [float(picture.std()) for picture in (only_first, both, only_second)]
    assert contrasts == sorted(contrasts, reverse=True)


def test_what_keeps_the_photo_s_colours_is_shown_in_them(paint, photo, painting):
    reports = []

    kept = paint(photo, painting, progress=CallbackProgress(reports.append), preserve_colors="luminance")

    (last,) = [report.preview() for report in reports if report.preview][-1:]
    chroma = kept - luma(kept)
    shown = resized(last.pixels, *kept.shape[2:])
    assert float((shown - luma(shown) - chroma).abs().mean()) < 0.1 * float(chroma.abs().mean())


def test_progress_tells_size_and_step_and_shows_the_picture(paint, photo, painting):
    reports = []

    paint(photo, painting, progress=CallbackProgress(reports.append))

    painted = reports[1:]
    assert "Painting at 96 px, step 1 of" in painted[0].message
    assert painted[-1].step == painted[-1].of == len(painted) - 1
    previews = [report.preview for report in painted if report.preview]
    assert len(previews) >= 2
    assert previews[-1]().pixels.shape == (1, 3, 72, 96)


def test_cancelling_ends_the_work_at_the_next_step(paint, photo, painting):
    reports = []
    progress = CallbackProgress(reports.append, lambda: len(reports) >= 3)

    with pytest.raises(Cancelled):
        paint(photo, painting, progress=progress)
    assert len(reports) == 3


@pytest.mark.parametrize("name", ["style_layer_weights", "content_layer_weights"])
def test_an_unknown_layer_is_named(paint, photo, painting, name):
    with pytest.raises(InvalidParameter, match="relu9_9"):
        paint(photo, painting, **{name: {"relu9_9": 1.0}})


def test_vgg19_without_its_weights_says_how_to_get_them(paint, photo, painting):
    with pytest.raises(WeightsUnavailable, match="vgg19"):
        paint(photo, painting, features="vgg19")


def test_automatic_features_are_those_in_the_box_without_vgg19(paint, photo, painting, home_of_its_own):
    automatic, deep = (paint(photo, painting, features=name, steps=2) for name in ("automatic", "compact"))
    assert torch.equal(automatic, deep)


def test_forms_are_looked_at_where_strokes_are_and_outweigh_none(home_of_its_own):
    features = load_features(NeuralStyleParams.parse({"features": "compact"}), Context(pick_device("cpu", "float32")))
    small, large = (features.layers_at(torch.empty(1, 3, side, side)).style for side in (128, 512))

    assert set(large) - set(small) == {"relu5_1"}
    assert large["relu5_1"] < min(small.values())


@pytest.fixture
def fetched_vgg19(home_of_its_own):
    """A VGG-19 of random weights, where a fetched one lies."""
    from safetensors.torch import save_file

    from restyle.networks.torchvision_vgg import convolution_places

    torch.manual_seed(0)
    network = VGG19()
    state = {}
    for layer in network.layers:
        index = convolution_places()[layer]
        state[f"features.{index}.weight"] = network.convolution(layer).weight.detach()
        state[f"features.{index}.bias"] = network.convolution(layer).bias.detach()
    (home_of_its_own / "models").mkdir()
    save_file(state, home_of_its_own / "models" / "vgg19.safetensors")


def test_vgg19_paints_when_its_weights_are_there(paint, photo, painting, fetched_vgg19):
    result = paint(photo, painting, features="vgg19", steps=2)

    assert result.isfinite().all()
    assert (result - photo).abs().mean() > 1 / 255


def test_automatic_features_are_vgg19s_where_it_was_fetched(paint, photo, painting, fetched_vgg19):
    automatic, vgg19 = (paint(photo, painting, features=name, steps=2) for name in ("automatic", "vgg19"))
    assert torch.equal(automatic, vgg19)


@pytest.mark.parametrize("size", [(32, 32), (32, 250), (300, 40), (33, 47)])
def test_small_and_narrow_pictures_are_painted(paint, painting, size):
    photo = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))

    result = paint(photo, painting, steps=3)

    assert result.shape == photo.shape
    assert result.isfinite().all()


@pytest.mark.parametrize("style", [torch.zeros(1, 3, 32, 32), torch.ones(1, 3, 32, 200), torch.full((1, 3, 40, 40), 0.5)])
@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_flat_styles_on_flat_photos_never_give_invalid_numbers(paint, style, optimizer):
    for value in (0.0, 0.5, 1.0):
        assert paint(torch.full((1, 3, 40, 48), value), style, steps=6, optimizer=optimizer).isfinite().all()


def test_a_larger_photo_keeps_its_size(paint, painting):
    photo = torch.rand(1, 3, 180, 260, generator=torch.Generator().manual_seed(0))

    assert paint(photo, painting, working_size=64, steps=2).shape == photo.shape


def test_an_instant_painting_saves_the_coarse_scales(paint, photo, painting):
    def steps_at(init):
        reports = []
        paint(photo, painting, init=init, steps=20, working_size=256, progress=CallbackProgress(reports.append))
        return [report.message for report in reports if "Painting at" in report.message]

    photo = resized(photo, 192, 256)
    instant, plain = steps_at("instant"), steps_at("content")
    # Eight and six quick steps, and the fourteen that the finest scale takes; without them, twenty and fourteen.
    assert sum("128 px" in message for message in instant) == QUICK_STEPS
    assert sum("128 px" in message for message in plain) == 20
    assert sum("256 px" in message for message in instant) == sum("256 px" in message for message in plain) + 6
