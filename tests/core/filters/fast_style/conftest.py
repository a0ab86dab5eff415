"""Small networks with random weights in a folder of models of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.core.models.foreign.test_style_networks import Published

from restyle.context import Context
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.networks.multi_style import MultiStyleShape, StyleName, multi_style_network, save_multi_style
from restyle.pictures.image import Image

SHAPE = MultiStyleShape((4, 4, 4, 4), 1)


def random_tables(network: torch.nn.Module, seed: int) -> dict[str, torch.Tensor]:
    """The network's weights, with norms (all that styles differ in) of their own."""
    generator = torch.Generator().manual_seed(seed)
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    for tensor in state.values():
        if tensor.ndim == 2:
            tensor.add_(torch.randn(tensor.shape, generator=generator), alpha=0.5)
    return state


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with: two styles of one trunk in a file, a third learned from the same trunk, and two foreign ones."""
    torch.manual_seed(1)
    home = tmp_path_factory.mktemp("models")
    store = Store(home)
    folder = store.folder / "fast_style"
    folder.mkdir(parents=True)
    many = multi_style_network(2, SHAPE)
    state = random_tables(many, 1)
    names = [StyleName("dawn", "Dawn"), StyleName("dusk", "Dusk")]
    save_multi_style(folder / "dawn.safetensors", state, names, SHAPE, {"trunk": "one"})
    second = {name: tensor.flip(0) if tensor.ndim == 2 else tensor for name, tensor in state.items()}
    save_multi_style(folder / "dusk.safetensors", second, names[::-1], SHAPE, {"trunk": "one"})
    for seed, name in enumerate(("candy", "mosaic")):
        torch.manual_seed(seed)
        torch.save(Published((4, 4, 4), 1).named(), home / f"{name}.pth")
        store.import_any(home / f"{name}.pth")
    return home


@pytest.fixture
def context(models: Path) -> Context:
    return Context(pick_device("cpu", "float32"), store=Store(models))


@pytest.fixture(scope="session")
def photo() -> Image:
    from skimage.data import astronaut

    return Image(torch.from_numpy(astronaut()[20:116, 150:278].copy()).permute(2, 0, 1)[None].float() / 255)
