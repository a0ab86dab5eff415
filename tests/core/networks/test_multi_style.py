"""The network of many styles: its styles are its norms, and its files say what they are."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from restyle.networks.blocks import fixed_mixture, instance_norms
from restyle.networks.multi_style import (
    MultiStyleShape,
    StyleName,
    multi_style_network,
    network_of,
    read_multi_style,
    save_multi_style,
    select_styles,
    style_tables,
    trunk_hash,
)

TINY = MultiStyleShape((4, 8, 4, 4), 1)
NAMES = (StyleName("one", "One", "A"), StyleName("two", "Two"))


@pytest.fixture
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    network = multi_style_network(2, TINY)
    for norm in instance_norms(network):
        torch.nn.init.normal_(norm.weight, 1, 0.5)
    return network.requires_grad_(False).eval()


def test_styles_differ_in_their_norms_alone(network: torch.nn.Module) -> None:
    picture = torch.rand(1, 3, 32, 40)
    first, second = (network(picture, torch.eye(2)[i : i + 1]) for i in range(2))
    assert (first - second).abs().max() > 0.01
    tables = set(style_tables(network.state_dict()))
    norms = {name for name, _ in network.named_parameters() if name.rsplit(".", 1)[0] in _norm_names(network)}
    assert tables == norms


def _norm_names(network: torch.nn.Module) -> set[str]:
    norms = list(instance_norms(network))
    return {name for name, module in network.named_modules() if any(module is norm for norm in norms)}


def test_a_picked_style_is_the_network_of_that_style_alone(network: torch.nn.Module) -> None:
    picture = torch.rand(1, 3, 32, 32)
    alone = multi_style_network(1, TINY)
    alone.load_state_dict(select_styles(network.state_dict(), [1]))
    fixed = fixed_mixture(network, torch.tensor([0.0, 1.0]))
    assert torch.allclose(alone(picture, torch.ones(1, 1)), fixed(picture), atol=1e-5)  # order of float32 sums


def test_a_file_brings_back_names_and_pictures(network: torch.nn.Module, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_multi_style(path, network.state_dict(), NAMES, TINY, {"title": "Both"})
    read, names = read_multi_style(path)
    assert names == NAMES
    picture, mixture = torch.rand(1, 3, 32, 32), torch.full((1, 2), 0.5)
    # Weights went through float16: 11 bits.
    assert torch.allclose(read(picture, mixture), network(picture, mixture), atol=5e-3)
    assert [file.name for file in tmp_path.iterdir()] == ["model.safetensors"]
    assert all(tensor.dtype == torch.float16 for tensor in load_file(path).values())


def test_networks_of_one_trunk_have_one_fingerprint(network: torch.nn.Module) -> None:
    state = network.state_dict()
    assert trunk_hash(select_styles(state, [0])) == trunk_hash(state)
    other = dict(multi_style_network(2, TINY).state_dict())
    assert trunk_hash(other) != trunk_hash(state)


@pytest.mark.parametrize(
    "architecture",
    [
        "",
        "[]",
        json.dumps({"kind": "multi-style"}),
        json.dumps({"kind": "another", "widths": [4, 8, 4, 4], "blocks": 1, "styles": 1}),
        json.dumps({"kind": "multi-style", "widths": [4, 8, 4], "blocks": 1, "styles": 1}),
        json.dumps({"kind": "multi-style", "widths": [4, 10**9, 4, 4], "blocks": 1, "styles": 1}),
        json.dumps({"kind": "multi-style", "widths": [4, 8, 4, 4], "blocks": 10**9, "styles": 1}),
        json.dumps({"kind": "multi-style", "widths": ["x", 8, 4, 4], "blocks": 1, "styles": 1}),
    ],
)
def test_metadata_of_another_or_an_absurd_network_are_refused(architecture: str) -> None:
    with pytest.raises(ValueError, match="describe no network of styles"):
        network_of({"architecture": architecture})
