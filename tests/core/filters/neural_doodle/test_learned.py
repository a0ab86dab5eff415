"""Networks of plans: brought along with their colours, and painting plans in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.core.models.foreign.torch7_writer import Builder, Module, write_torch7
from tests.loading import inputs_of

from restyle.cli import main
from restyle.context import Context
from restyle.contract.errors import InvalidInput, MissingInput, UnknownModel, UnusableModel
from restyle.contract.loaded import Loaded
from restyle.engine.run import run
from restyle.filters.fast_style import FAST_STYLE, FastStyleParams
from restyle.filters.neural_doodle import NEURAL_DOODLE, PLAN, NeuralDoodleParams
from restyle.filters.neural_doodle.learned import masks_for
from restyle.host.device import pick_device
from restyle.models.entries import PLANS_FOLDER
from restyle.models.own_models import read_style_model
from restyle.models.plan_colors import given_colors
from restyle.models.store import Store
from restyle.pictures.image import Image
from restyle.regions import Regions

BLUE, RED, GREEN = (0, 0, 255), (255, 0, 0), (0, 255, 0)
COLORS = np.array([(0.4, 1.2, 254.6), RED, GREEN], np.float64)  # means of many pixels, as they are published


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_torch7(tmp_path_factory.mktemp("published") / "night.t7", Builder(8).doodle(3))


@pytest.fixture
def store(tmp_path: Path, network: Path) -> Store:
    np.save(network.with_suffix(".npy"), COLORS)
    found = Store(tmp_path)
    found.import_any(network)
    network.with_suffix(".npy").unlink()
    return found


def plan(*colors: tuple[int, int, int], height: int = 64, width: int = 96) -> Image:
    """Columns of equal width."""
    pixels = torch.empty(1, 3, height, width)
    for i, color in enumerate(colors):
        pixels[..., width * i // len(colors) : width * (i + 1) // len(colors)] = torch.tensor(color).view(1, 3, 1, 1) / 255
    return Image(pixels)


def painted(store: Store, picture: Image, notes: list[str] | None = None, **params) -> torch.Tensor:
    context = Context(pick_device("cpu", "float32"), store=store)
    values = NeuralDoodleParams.parse({"painter": "night", **params})
    made = run(NEURAL_DOODLE, Loaded({PLAN.name: picture}), values, context)
    if notes is not None:
        notes += context.progress.notes
    return made.picture.pixels


def test_it_lies_with_the_painters_of_plans_and_knows_its_colours(store):
    assert list(store.own_models(PLANS_FOLDER)) == ["night"]
    assert store.own_models() == {}
    model = read_style_model(store.own_models(PLANS_FOLDER)["night"])
    assert model.planes == 3
    assert model.metadata["plan_colors"] == '["#0001ff", "#ff0000", "#00ff00"]'


def test_each_colour_is_painted_in_its_own_way_and_noise_by_the_seed(store):
    columns = painted(store, plan(BLUE, RED, GREEN))
    assert columns.shape == (1, 3, 64, 96)
    # Each column is as in a plan that has its middle in the same place.
    again = painted(store, plan(BLUE, RED, GREEN))
    other = painted(store, plan(BLUE, RED, GREEN), seed=7)
    swapped = painted(store, plan(GREEN, RED, BLUE))
    assert torch.equal(columns, again)
    assert (columns - other).abs().mean() > 1e-3
    left, middle = (..., slice(8, 24)), (..., slice(40, 56))
    assert (columns[left] - swapped[left]).abs().mean() > 5 * (columns[middle] - swapped[middle]).abs().mean()


def test_no_two_scales_have_the_same_noise(store):
    from restyle.networks.noise import Noise, seeded
    from restyle.networks.transformer import build

    model = read_style_model(store.own_models(PLANS_FOLDER)["night"])
    for seed in (0, 5):
        seeds = [block.seed for block in seeded(build(model.architecture), seed).modules() if isinstance(block, Noise)]
        assert len(set(seeds)) == len(seeds) == 2


@pytest.mark.parametrize("size", [(1, 1), (40, 300), (67, 97)])
def test_a_plan_of_any_size_is_painted_at_its_size(store, size):
    result = painted(store, plan(BLUE, GREEN, height=size[0], width=size[1]))
    assert result.shape[2:] == size
    assert result.isfinite().all()


def test_larger_strokes_are_painted_smaller(store):
    fine, coarse = (painted(store, plan(BLUE, height=192, width=192), style_scale=scale) for scale in (0.5, 2))
    assert fine.diff(dim=3).abs().mean() != pytest.approx(float(coarse.diff(dim=3).abs().mean()), rel=0.05)
    assert coarse.shape == fine.shape


def test_a_colour_that_it_has_not_learned_takes_the_nearest_and_a_note_says_so(store):
    notes: list[str] = []
    near = painted(store, plan((30, 30, 220), RED), notes)
    assert not notes
    assert torch.equal(near, painted(store, plan(BLUE, RED)))
    painted(store, plan((255, 255, 0), BLUE), notes)
    assert len(notes) == 1
    assert "no yellow" in notes[0]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [(("0", "2"), (0, 2)), (("0", "7", "200"), (0, 1, 2)), (("1", "5", "6", "7"), (0, 1, 2, 0)), (("rest", "red"), (0, 1))],
)
def test_numbers_are_the_colours_in_their_order(names, wanted):
    masks = torch.eye(len(names)).view(1, len(names), 1, len(names)).repeat_interleave(4, 3)
    found = masks_for(Regions(names, masks), (BLUE, RED, GREEN), (1, 4 * len(names)))
    assert found.sum(1).eq(1).all()
    assert found[0, :, 0, 1::4].argmax(0).tolist() == list(wanted)


def test_colours_are_found_beside_it_or_given(tmp_path, network):
    store = Store(tmp_path)
    with pytest.raises(UnusableModel, match=r"paints plans in 3 colours.*does not say which colours.*night\.npy"):
        store.import_any(network)
    with pytest.raises(UnusableModel, match="2 are given"):
        store.import_any(network, colors=given_colors("#0000ff,ff0000"))
    assert store.import_any(network, "Dusk", given_colors("#0000ff, #ff0000, #00ff00")).stem == "Dusk"
    np.save(network.parent / "gen_doodles.hdf5colors.npy", COLORS.astype(np.float32))
    try:
        assert store.import_any(network).stem == "night"
    finally:
        (network.parent / "gen_doodles.hdf5colors.npy").unlink()


def test_the_file_itself_may_be_dropped_into_the_folder(tmp_path, network):
    store = Store(tmp_path)
    folder = store.folder / "neural_doodle"
    folder.mkdir(parents=True)
    (folder / "night.t7").write_bytes(network.read_bytes())
    with pytest.raises(UnusableModel, match="does not say which colours"):
        painted(store, plan(BLUE, RED))
    np.save(folder / "night.npy", COLORS)
    assert painted(store, plan(BLUE, RED)).isfinite().all()


@pytest.mark.parametrize("text", ["", "blue,red", "#12345", "nowhere.npy", "0000ff," * 40 + "0000ff"])
def test_what_says_no_colours_is_refused(text):
    with pytest.raises(InvalidInput, match="says no colours"):
        given_colors(text)


@pytest.mark.parametrize(
    "numbers", [np.zeros((3, 4)), np.zeros(3), np.full((3, 3), np.nan), np.zeros((500, 3)), np.zeros((9000, 3)), np.array([{}])]
)
def test_a_file_that_holds_something_else_is_refused(tmp_path, numbers):
    np.save(tmp_path / "a.npy", numbers)
    with pytest.raises(InvalidInput, match="says no colours"):
        given_colors(str(tmp_path / "a.npy"))


def test_it_is_no_fast_style_and_a_fast_style_no_painter_of_plans(tmp_path, store, network):
    (store.folder / "night.t7").write_bytes(network.read_bytes())
    photo = plan(BLUE, RED)
    context = Context(pick_device("cpu", "float32"), store=store)
    with pytest.raises(UnusableModel, match=r"paints plans in 3 colours, not photos.*Neural Doodle"):
        run(FAST_STYLE, inputs_of(photo), FastStyleParams(style_name="night"), context)
    candy = write_torch7(tmp_path / "candy.t7", Builder(9).texture_net(4))
    (store.folder / "neural_doodle" / "candy.t7").write_bytes(candy.read_bytes())
    with pytest.raises(UnusableModel, match="paints photos, not plans"):
        painted(store, photo, painter="candy")
    with pytest.raises(UnusableModel, match="leave out the colours"):
        store.import_any(candy, colors=(BLUE,))


def test_a_texture_network_that_mixes_noise_into_a_photo_is_a_fast_style(tmp_path):
    fill = Module("nn.NoiseFill", num_noise_channels=2, mult=1.0)
    store = Store(tmp_path)
    store.import_any(write_torch7(tmp_path / "waves.t7", Builder(10).noisy(fill, 5)))
    photo = Image(torch.rand(1, 3, 67, 97, generator=torch.Generator().manual_seed(0)))
    context = Context(pick_device("cpu", "float32"), store=store)
    result = run(FAST_STYLE, inputs_of(photo), FastStyleParams(style_name="waves"), context).picture.pixels
    assert result.shape == photo.pixels.shape
    assert (result - photo.pixels).abs().mean() > 0.02


def test_without_a_painter_a_style_is_needed_and_an_unknown_painter_is_named(store):
    with pytest.raises(MissingInput, match="Style"):
        painted(store, plan(BLUE, RED), painter="")
    with pytest.raises(UnknownModel, match=r"no painter of plans called day; choose one of night\."):
        painted(store, plan(BLUE, RED), painter="day")


def test_a_network_of_other_weights_than_it_says_is_refused(store):
    from restyle.models.kept import write_kept

    path = store.own_models(PLANS_FOLDER)["night"]
    model = read_style_model(path)
    more = model.metadata | {"plan_colors": '["#0000ff", "#ff0000"]'}
    write_kept(path, model.state, more)
    with pytest.raises(UnusableModel, match="not those of the network"):
        painted(store, plan(BLUE, RED))


def test_on_the_command_line_it_is_imported_with_its_colours_and_paints(tmp_path, network, monkeypatch, capsys):
    from PIL import Image as Pillow

    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    assert main(["models", "import", str(network), "--colors", "0000ff,ff0000,00ff00"]) == 0
    assert main(["models"]) == 0
    assert "night" in capsys.readouterr().out
    assert main(["models", "verify"]) == 0
    pixels = (plan(BLUE, RED).pixels[0].permute(1, 2, 0) * 255).byte().numpy()
    Pillow.fromarray(pixels).save(tmp_path / "plan.png")
    given, made = str(tmp_path / "plan.png"), str(tmp_path / "out.png")
    assert main(["neural-doodle", given, "--painter", "night", "-o", made, "--device", "cpu"]) == 0
    with Pillow.open(made) as opened:
        assert opened.size == (96, 64)
