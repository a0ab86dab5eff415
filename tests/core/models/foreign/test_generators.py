"""Generators of CycleGAN and pix2pix change pictures here as plain PyTorch does, in whatever form their files come."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.core.models.foreign.generators import residual_generator, shaken, unet
from tests.core.models.foreign.torch7_writer import Builder, Module, write_torch7
from torch import Tensor, nn

from restyle.context import Context
from restyle.contract.errors import UnusableModel
from restyle.engine.any_size import apply_at_any_size
from restyle.engine.proof import check_that_it_paints
from restyle.host.device import pick_device
from restyle.models.foreign.style_networks import read_style_network
from restyle.networks.transformer import build

PARITY = 1e-4
"""What the issue allows; sums in another order stay a hundred times below."""


@pytest.fixture(scope="module")
def photo() -> Tensor:
    from skimage.data import astronaut

    return torch.from_numpy(astronaut()[40:168, 140:268].copy()).permute(2, 0, 1)[None].float() / 255


@torch.no_grad()
def changed(path: Path, photo: Tensor) -> Tensor:
    draft = read_style_network(path)
    assert draft.family == "domain"
    network = build(draft.architecture)
    network.load_state_dict(draft.state)
    check_that_it_paints(network.eval())
    return apply_at_any_size(network, photo, Context(pick_device("cpu", "float32")))


@torch.no_grad()
def described(network: nn.Module, photo: Tensor) -> Tensor:
    return (network(photo * 2 - 1) + 1) / 2


def difference(first: Tensor, second: Tensor) -> float:
    return float((first - second).abs().max())


@pytest.mark.parametrize("prefix", ["model.", "module.model.", ""])
@pytest.mark.parametrize("kind", ["instance", "tracked", "affine", "batch"])
def test_residual_generators_change_pictures_as_in_pytorch(tmp_path, photo, kind, prefix):
    torch.manual_seed(1)
    network = shaken(residual_generator(kind, blocks=9 if kind == "instance" else 6))
    # Instance norms look at the picture, whatever statistics they kept; batch norms have learned.
    network.train(kind != "batch")
    torch.save(
        {f"{prefix}{name}": tensor.clone() for name, tensor in network.state_dict().items()}, tmp_path / "latest_net_G.pth"
    )
    theirs = described(network, photo)
    assert theirs.std() > 0.05
    assert difference(changed(tmp_path / "latest_net_G.pth", photo), theirs) < PARITY


@pytest.mark.parametrize("form", ["dropout", "zeros", "enlarging", "legacy"])
def test_other_forms_of_residual_generators_are_told_by_their_places(tmp_path, photo, form):
    torch.manual_seed(2)
    made = residual_generator(dropout=form == "dropout", is_mirrored=form != "zeros", is_enlarging=form == "enlarging", blocks=2)
    network = shaken(made).eval()
    path = tmp_path / "latest_net_G.pth"
    torch.save(network.state_dict(), path, _use_new_zipfile_serialization=form != "legacy")
    assert difference(changed(path, photo), described(network, photo)) < PARITY


@pytest.mark.parametrize("depth", [7, 8])
@pytest.mark.parametrize("kind", ["batch", "instance"])
def test_unets_change_pictures_as_in_pytorch(tmp_path, photo, kind, depth):
    torch.manual_seed(3)
    network = shaken(unet(depth, kind))
    network.train()  # the authors show them with the picture's own statistics
    torch.save({f"model.{name}": tensor.clone() for name, tensor in network.state_dict().items()}, tmp_path / "latest_net_G.pth")
    whole = torch.cat([torch.cat([photo, photo.flip(3)], 3), torch.cat([photo.flip(2), photo], 3)], 2)
    assert difference(changed(tmp_path / "latest_net_G.pth", whole), described(network, whole)) < PARITY
    # Sides that cannot be halved so often are continued, and cut off again.
    assert changed(tmp_path / "latest_net_G.pth", whole[..., :101, :67]).shape == (1, 3, 101, 67)


def torch7_module(layer: nn.Module) -> Module:
    """A layer as Torch7 saves it."""
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        is_up = isinstance(layer, nn.ConvTranspose2d)
        (kernel, _), (stride, _), (pad, _) = layer.kernel_size, layer.stride, layer.padding
        more = layer.output_padding[0]
        sizes = {"kW": kernel, "kH": kernel, "dW": stride, "dH": stride, "padW": pad, "padH": pad, "adjW": more, "adjH": more}
        planes = {"nInputPlane": layer.in_channels, "nOutputPlane": layer.out_channels}
        bias = {} if layer.bias is None else {"bias": layer.bias.detach().numpy()}
        name = "nn.SpatialFullConvolution" if is_up else "nn.SpatialConvolution"
        return Module(name, weight=layer.weight.detach().numpy(), **bias, **planes, **sizes, train=True)
    if isinstance(layer, nn.InstanceNorm2d):
        ones = np.ones(layer.num_features, np.float32)
        return Module("nn.InstanceNormalization", weight=ones, bias=0 * ones, eps=layer.eps, nOutput=layer.num_features)
    if isinstance(layer, nn.BatchNorm2d):
        parts = {name: tensor.detach().numpy() for name, tensor in layer.state_dict().items() if tensor.ndim}
        return Module("nn.SpatialBatchNormalization", **parts, eps=layer.eps, train=True)
    if isinstance(layer, nn.LeakyReLU):
        return Module("nn.LeakyReLU", negval=layer.negative_slope, inplace=True)
    if isinstance(layer, nn.ReflectionPad2d):
        return Builder().pad(layer.padding[0])
    return {nn.ReLU: Builder().relu(), nn.Tanh: Module("nn.Tanh")}[type(layer)]


def torch7_modules(network: nn.Module, *, is_within: bool = False) -> list[Module]:
    """A network's modules in the order in which they run; each level of a U-Net but the outermost ends in a join."""
    found: list[Module] = []
    for layer in network.children():
        if hasattr(layer, "conv_block"):
            body = Module("nn.Sequential", modules=torch7_modules(layer.conv_block))
            paths = Module("nn.ConcatTable", modules=[body, Module("nn.Identity")])
            found.append(Module("nn.Sequential", modules=[paths, Module("nn.CAddTable")]))
        elif hasattr(layer, "model"):
            found += [*torch7_modules(layer.model), Module("nn.JoinTable", dimension=2)]
        else:
            found.append(torch7_module(layer))
    return found


def write_graph(path: Path, modules: list[Module]) -> Path:
    """As nngraph saves a graph: nodes hold their children, and are listed in the order in which they run."""
    nodes = [Module("nngraph.Node", data={"module": module, "mapindex": {}}, id=i) for i, module in enumerate(modules)]
    first = Module("nngraph.Node", data={"data": {}, "mapindex": {}}, id=-1)
    nodes = [first, *nodes, Module("nngraph.Node", data={"input": {}}, id=len(modules))]
    for node, after in pairwise(nodes):
        node.fields["children"] = [after]
    return write_torch7(path, Module("nn.gModule", innode=first, fg={"nodes": nodes}, forwardnodes=nodes, verbose=False))


def bgr(pixels: Tensor) -> Tensor:
    return pixels.flip(1)


def test_torch7_s_residual_generators_take_blue_first(tmp_path, photo):
    torch.manual_seed(4)
    network = shaken(residual_generator(blocks=6))
    path = write_graph(tmp_path / "latest_net_G.t7", torch7_modules(network))
    assert difference(changed(path, photo), bgr(described(network, bgr(photo)))) < PARITY


def test_torch7_s_unets_join_what_comes_back_first(tmp_path, photo):
    torch.manual_seed(5)
    network = shaken(unet(7)).train()
    modules = torch7_modules(network.model)
    path = write_graph(tmp_path / "latest_net_G.t7", modules)
    # PyTorch's version joins the other way round: its kernels meet their channels in the other order.
    with torch.no_grad():
        for level in network.modules():
            if hasattr(level, "model") and any(hasattr(inner, "model") for inner in level.model):
                up = next(layer for layer in level.model if isinstance(layer, nn.ConvTranspose2d))
                up.weight.copy_(torch.cat(up.weight.chunk(2)[::-1]))
    assert difference(changed(path, photo), bgr(described(network, bgr(photo)))) < PARITY


@pytest.mark.parametrize("damage", ["missing", "more", "wide", "norm", "deep"])
def test_what_is_no_generator_is_one_sentence(tmp_path, damage):
    torch.manual_seed(6)
    state = dict(residual_generator("affine", blocks=1).state_dict())
    if damage == "missing":
        del state["4.weight"]
    elif damage == "more":
        state["10.conv_block.1.scale"] = torch.ones(3)
    elif damage == "wide":
        state["4.weight"] = torch.zeros(16, 5, 3, 3)
    elif damage == "norm":
        state["5.weight"] = torch.ones(3)
    else:
        state = {".".join(["1"] * 60) + ".weight": torch.ones(3, 3, 4, 4), "0.weight": torch.ones(3, 3, 4, 4)}
    torch.save(state, tmp_path / "a.pth")
    with pytest.raises(UnusableModel, match="cannot be used as a model"):
        read_style_network(tmp_path / "a.pth")


def test_a_graph_that_does_not_join_is_one_sentence(tmp_path):
    modules = torch7_modules(unet(3).model)
    for kept in (modules[:-4], [*modules, Module("nn.JoinTable", dimension=2)]):
        with pytest.raises(UnusableModel, match="cannot be used as a model"):
            changed(write_graph(tmp_path / "a.t7", kept), torch.rand(1, 3, 64, 64))
