"""Change the World leads a photo into another world, whatever its form, and says in one sentence what is not here yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tests.core.filters.change_the_world.wheel import vintage_generator
from tests.core.models.foreign.generators import residual_generator, shaken, unet
from tests.core.models.foreign.onnx_writer import Graph, write_graph
from tests.core.models.ranged_server import serving
from tests.loading import inputs_of
from torch import Tensor, nn

from restyle.context import Context
from restyle.contract.catalogue import describe_filter
from restyle.contract.errors import UnknownModel, UnusableModel, WeightsUnavailable
from restyle.engine.any_size import apply_at_any_size
from restyle.engine.run import run
from restyle.filters.change_the_world import CHANGE_THE_WORLD, ChangeTheWorldParams
from restyle.filters.change_the_world.models import WEIGHTS
from restyle.host.device import pick_device
from restyle.models.entries import PublishedFile, WeightsEntry
from restyle.models.fetch import sha256_of
from restyle.models.manifest import for_the_plugin
from restyle.models.store import Store
from restyle.pictures.image import Image

PARITY = 1e-4


def saved(network: nn.Module, path: Path) -> Path:
    torch.save({f"model.{name}": tensor.clone() for name, tensor in network.state_dict().items()}, path)
    return path


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a residual generator, a U-Net, and one that was dropped into the folder."""
    torch.manual_seed(1)
    home = tmp_path_factory.mktemp("worlds")
    store = Store(home)
    for name, network in (("blocks", residual_generator(blocks=2, width=4)), ("net", unet(6))):
        store.import_any(saved(shaken(network), home / f"{name}.pth"))
    saved(shaken(residual_generator(blocks=1, width=4)), store.folder / "change_the_world" / "dropped.pth")
    return home


@pytest.fixture
def context(worlds: Path) -> Context:
    return Context(pick_device("cpu", "float32"), store=Store(worlds))


@pytest.fixture(scope="module")
def photo() -> Image:
    from skimage.data import astronaut

    return Image(torch.from_numpy(astronaut()[20:116, 150:278].copy()).permute(2, 0, 1)[None].float() / 255)


def change(photo: Image, context: Context, world: str = "blocks", **values) -> Image:
    return run(CHANGE_THE_WORLD, inputs_of(photo), ChangeTheWorldParams.parse({"world": world, **values}), context).picture


def difference(first: Tensor, second: Tensor) -> float:
    return float((first - second).abs().mean())


def test_generators_are_listed_by_themselves_and_not_among_styles(worlds):
    store = Store(worlds)
    assert list(store.own_models("change_the_world")) == ["blocks", "dropped", "net"]
    assert list(store.own_models()) == []


@pytest.mark.parametrize("size", [(1, 1), (30, 200), (97, 131), (8, 700)])
@pytest.mark.parametrize("world", ["blocks", "net"])
def test_the_result_has_the_photo_s_size_whatever_that_is(context, size, world):
    content = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))
    result = change(Image(content), context, world).pixels
    assert result.shape == content.shape
    assert result.isfinite().all()


@pytest.mark.parametrize("kind", ["black", "grey", "alpha"])
def test_odd_pictures_are_changed_too(photo, context, kind):
    pixels = {"black": 0 * photo.pixels, "grey": photo.pixels[:, :1].expand(-1, 3, -1, -1), "alpha": photo.pixels}[kind]
    alpha = torch.linspace(0, 1, photo.width).expand(1, 1, photo.height, photo.width) if kind == "alpha" else None
    result = change(Image(pixels.contiguous(), alpha), context)
    assert result.pixels.isfinite().all()
    assert 0 <= float(result.pixels.min()) <= float(result.pixels.max()) <= 1


def test_the_result_is_what_plain_pytorch_makes_of_the_photo(photo, context, worlds):
    network = residual_generator(blocks=2, width=4)
    state = torch.load(worlds / "blocks.pth", weights_only=True)
    network.load_state_dict({name.removeprefix("model."): tensor for name, tensor in state.items()})
    with torch.no_grad():
        theirs = (network(photo.pixels * 2 - 1) + 1) / 2
    assert float((change(photo, context).pixels - theirs.clamp(0, 1)).abs().max()) < PARITY


def test_strength_colours_and_scale_do_as_they_say(photo, context):
    whole = change(photo, context).pixels
    assert torch.equal(change(photo, context, strength=0).pixels, photo.pixels)
    assert torch.allclose(change(photo, context, strength=50).pixels, (photo.pixels + whole) / 2, atol=1e-6)
    assert difference(change(photo, context, scale=2).pixels, whole) > 1e-3
    kept = change(photo, context, preserve_colors="histogram").pixels
    assert float((kept.mean((2, 3)) - photo.pixels.mean((2, 3))).abs().max()) < 0.02


def test_layers_changed_with_one_reference_agree_where_they_show_the_same(photo, context):
    params = ChangeTheWorldParams(world="blocks")
    halves = [Image(photo.pixels[..., :96].contiguous()), Image(photo.pixels[..., 32:].contiguous())]

    def overlap(reference: Image | None) -> float:
        made = [run(CHANGE_THE_WORLD, inputs_of(half, reference=reference), params, context).picture.pixels for half in halves]
        return difference(made[0][..., 60:68], made[1][..., 28:36])

    assert overlap(photo) < overlap(None) / 4


def test_what_is_not_here_is_one_sentence_that_says_how_to_get_it(photo, tmp_path):
    context = Context(pick_device("cpu", "float32"), store=Store(tmp_path))
    with pytest.raises(WeightsUnavailable, match="weights cyclegan-monet are not on this computer yet; "):
        run(CHANGE_THE_WORLD, inputs_of(photo), ChangeTheWorldParams(), context)
    with pytest.raises(UnknownModel, match="no world called narnia; choose one of cyclegan-monet, "):
        change(photo, context, "narnia")


def test_a_broken_file_is_one_sentence(photo, tmp_path):
    store = Store(tmp_path)
    (store.folder / "change_the_world").mkdir(parents=True)
    (store.folder / "change_the_world" / "broken.pth").write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(UnusableModel, match="cannot be used as a model"):
        change(photo, Context(pick_device("cpu", "float32"), store=store), "broken")


def test_an_onnx_file_that_ends_in_tanh_has_colours_about_nought(photo, tmp_path):
    graph = Graph()
    graph.add("Neg")
    graph.add("Tanh")
    path = write_graph(tmp_path / "negative.onnx", graph)
    store = Store(tmp_path / "home")
    assert store.import_any(path).parent.name == "change_the_world"
    result = change(photo, Context(pick_device("cpu", "float32"), store=store), "negative").pixels
    assert torch.allclose(result, (torch.tanh(1 - 2 * photo.pixels) + 1) / 2, atol=1e-5)


def test_every_published_world_has_an_address_and_a_place_of_its_own():
    assert len({entry.id for entry in WEIGHTS}) == len({entry.filename for entry in WEIGHTS}) == len(WEIGHTS) > 20
    for entry in WEIGHTS:
        assert entry.url is not None
        assert entry.url.startswith("http://efrosgans.eecs.berkeley.edu/")
        assert entry.url.endswith(".pth")


def test_a_dialog_can_offer_each_of_them():
    (world,) = (item for item in describe_filter(CHANGE_THE_WORLD)["params"] if item["name"] == "world")
    offered = {item["value"] for item in world["weights"] if item["is_needed"]}
    assert offered == {choice["value"] for choice in world["choices"]} == {entry.id for entry in WEIGHTS}
    published = json.loads(next(text for path, text in for_the_plugin().items() if path.name == "published.json"))
    assert {published[name]["filename"] for name in offered} == {entry.filename for entry in WEIGHTS}


def test_a_fetch_without_a_published_hash_notes_and_shows_its_own(photo, tmp_path, monkeypatch, capsys):
    from restyle.cli import main
    from restyle.models import manifest

    torch.manual_seed(3)
    content = saved(shaken(residual_generator(blocks=1, width=4)), tmp_path / "a.pth").read_bytes()
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    with serving(content) as server:
        files = (PublishedFile(server.url),)
        entry = WeightsEntry("far", "World: Far", "change_the_world/far.safetensors", "none", "here", files, form="domain")
        known = {**manifest.known_weights(), "far": entry}
        monkeypatch.setattr(manifest, "known_weights", lambda: known)
        monkeypatch.setattr("restyle.models.store.known_weights", lambda: known)
        store = Store(tmp_path)
        store.fetch("far")
    assert store.own_hash("far") == sha256_of(tmp_path / "a.pth")
    assert main(["models", "list"]) == 0
    assert store.own_hash("far") in capsys.readouterr().out
    result = change(photo, Context(pick_device("cpu", "float32"), store=store), "far").pixels
    assert difference(result, photo.pixels) > 0.01
    store.verify("far")


def test_a_style_fetched_as_a_world_is_refused(tmp_path, models_of_styles):
    with serving(models_of_styles.read_bytes()) as server:
        files = (PublishedFile(server.url),)
        entry = WeightsEntry("far", "World: Far", "change_the_world/far.safetensors", "none", "here", files, form="domain")
        store = Store(tmp_path, {"far": entry})
        with pytest.raises(Exception, match="a network for another use"):
            store.fetch("far")
    assert not list((tmp_path / "models").rglob("*.safetensors"))


@pytest.fixture
def models_of_styles(tmp_path: Path) -> Path:
    from tests.core.models.foreign.test_style_networks import Published

    torch.save(Published((4, 4, 4), 1).named(), tmp_path / "style.pth")
    return tmp_path / "style.pth"


def plain_vintage(state: dict[str, Tensor]) -> nn.Module:
    """The generator of the wheel by its description: nine blocks, norms with weights."""
    network = residual_generator("affine", width=64, blocks=9)
    network.load_state_dict({name.removeprefix("model.").replace(".block.", ".conv_block."): t for name, t in state.items()})
    return network.eval()


def test_the_wheel_s_real_generator_changes_a_photo_as_in_pytorch(root, photo):
    path = vintage_generator(root / "build" / "vintagify")
    if path is None:
        pytest.skip("the wheel vintagify cannot be fetched here")
    from restyle.models.foreign.style_networks import read_style_network
    from restyle.networks.transformer import build

    draft = read_style_network(path)
    network = build(draft.architecture)
    network.load_state_dict(draft.state)
    with torch.no_grad():
        theirs = (plain_vintage(torch.load(path, map_location="cpu", weights_only=True))(photo.pixels * 2 - 1) + 1) / 2
    ours = apply_at_any_size(network.eval(), photo.pixels, Context(pick_device("cpu", "float32")))
    assert float((ours - theirs).abs().max()) < PARITY
    reduced = apply_at_any_size(network, photo.pixels, Context(pick_device("cpu")))
    assert float(-10 * torch.log10((reduced - theirs).square().mean())) > 40
