"""The published painters: what they paint, what they are asked, and what is said where their weights are not here."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tests.core.models.foreign.tflite_writer import small_network, write_tflite
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidInput, WeightsDamaged, WeightsUnavailable
from restyle.contract.loaded import Style
from restyle.contract.progress import CallbackProgress
from restyle.contract.settings import STYLES
from restyle.engine.run import run
from restyle.filters.any_style import ANY_STYLE, AnyStyleParams
from restyle.filters.any_style.one_pass import paint_published
from restyle.host.device import pick_device
from restyle.models.foreign.graphs import graph_notes
from restyle.models.foreign.tflite_network import read_tflite_network
from restyle.models.kept import write_kept
from restyle.models.manifest import known_weights
from restyle.models.store import Store
from restyle.networks.microast import MicroAST
from restyle.pictures.image import Image
from restyle.regions import Regions

NAMES = ("microast", "magenta")


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """Networks of the right form with random weights."""
    folder = tmp_path_factory.mktemp("any-style")
    store = Store(folder)
    torch.manual_seed(0)
    write_kept(store.folder / known_weights()["any-style-microast"].filename, MicroAST().state_dict(), {})
    transformer = read_tflite_network(write_tflite(folder / "a.tflite", small_network(styles=3)[0]))
    # The mean of a painting's colours stands for the 100 numbers that are read of it.
    predictor = {"inputs": ["0"], "outputs": ["1"], "operators": [{"type": "mean", "inputs": ["0"], "output": "1"}]}
    drafts = {"predictor.": replace(transformer, architecture=predictor, state={}), "transformer.": transformer}
    write_kept(store.folder / known_weights()["any-style-magenta"].filename, *graph_notes(drafts))
    return store


@pytest.fixture
def context(store) -> Context:
    return Context(pick_device("cpu", "float32"), store=store)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_painting_has_the_photos_size_whatever_the_strokes(name, scale, photo, painting, context):
    odd = photo[:, :, :93, :127]
    painted = paint_published(name, odd, ((1.0, painting),), scale, context)
    assert painted.shape == odd.shape
    assert painted.min() >= 0
    assert painted.max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_styles_are_blended_by_their_weights(name, photo, painting, red, context):
    first, second = (paint_published(name, photo, ((1.0, style),), 1.0, context) for style in (painting, red))
    both = paint_published(name, photo, ((1.0, painting), (3.0, red)), 1.0, context)
    same = paint_published(name, photo, ((1.0, painting), (3.0, painting)), 1.0, context)
    assert torch.allclose(same, first, atol=1e-5)
    apart = (first - second).abs().mean()
    assert (both - second).abs().mean() < 0.8 * apart
    assert (both - first).abs().mean() > 0.2 * apart


@pytest.mark.parametrize("name", NAMES)
def test_where_weights_are_missing_the_command_is_said(name, photo, painting, context, tmp_path):
    with pytest.raises(WeightsUnavailable, match=f"any-style-{name}"):
        paint_published(name, photo, ((1.0, painting),), 1.0, replace(context, store=Store(tmp_path)))


@pytest.mark.parametrize("name", NAMES)
def test_other_weights_under_their_name_are_refused(name, photo, painting, context, tmp_path):
    store = Store(tmp_path)
    write_kept(store.folder / known_weights()[f"any-style-{name}"].filename, {"a": torch.zeros(1)}, {"architecture": "{}"})
    with pytest.raises(WeightsDamaged):
        paint_published(name, photo, ((1.0, painting),), 1.0, replace(context, store=store))


@pytest.mark.parametrize("name", NAMES)
def test_it_tells_how_far_it_is_and_can_be_cancelled(name, photo, painting, context):
    reports = []
    progress = CallbackProgress(reports.append)
    paint_published(name, photo, ((1.0, painting), (1.0, painting)), 1.0, replace(context, progress=progress))
    assert [(report.step, report.of) for report in reports] == [(0, 3), (1, 3), (2, 3)]
    with pytest.raises(Cancelled):
        paint_published(name, photo, ((1.0, painting),), 1.0, replace(context, progress=CallbackProgress(print, lambda: True)))


@pytest.mark.parametrize("name", NAMES)
def test_the_published_weights_turn_a_photo_towards_the_style(name, photo, painting, red, context, reference, tmp_path):
    store = Store(tmp_path)
    for file in ("microast/decoder_iter_160000.pth.tar", "magenta/style_transfer_f16_384.tflite"):
        store.import_any(reference / "any_style" / file)
    context = replace(context, store=store)
    reddish, other = (paint_published(name, photo, ((1.0, style),), 1.0, context) for style in (red, painting))
    assert (reddish[:, 0] - reddish[:, 2]).mean() > (other[:, 0] - other[:, 2]).mean() + 0.1
    assert reddish.std() > 0.02


@pytest.mark.parametrize("name", NAMES)
def test_the_filter_paints_small_and_gives_the_photos_size_and_alpha(name, photo, painting, context):
    alpha = torch.full((1, 1, 96, 128), 0.5)
    inputs = inputs_of(Image(photo, alpha), (Style(Image(painting)),))
    result = run(ANY_STYLE, inputs, AnyStyleParams(painter=name, working_size=64), context).picture
    assert result.pixels.shape == photo.shape
    assert torch.equal(result.alpha, alpha)
    assert not torch.equal(result.pixels, photo)


@pytest.mark.parametrize("name", NAMES)
def test_each_style_paints_its_own_region(name, photo, painting, red, context):
    left = Regions(("left",), (torch.arange(128) < 64).float().view(1, 1, 1, 128).repeat(1, 1, 96, 1))
    styles = (Style(Image(painting)), Style(Image(red)))
    inputs = inputs_of(Image(photo), styles, regions=left)
    both = run(ANY_STYLE, inputs, AnyStyleParams(painter=name, mixing="regions"), context).picture.pixels
    for columns, style in ((slice(0, 60), painting), (slice(68, 128), red)):
        alone = run(
            ANY_STYLE, inputs_of(Image(photo), (Style(Image(style)),)), AnyStyleParams(painter=name), context
        ).picture.pixels
        assert torch.equal(both[..., columns], alone[..., columns])
    named = inputs.replaced(STYLES, (Style(Image(painting)), Style(Image(red), region="nowhere")))
    with pytest.raises(InvalidInput, match="nowhere"):
        run(ANY_STYLE, named, AnyStyleParams(painter=name), context)
