"""Style networks in files of any kind, recognised by what is in them and never by their names.

Torch7 (fast-neural-style, texture networks), PyTorch (TransformerNet of pytorch/examples, with or without the running statistics
that its instance norms once kept; ReCoNet), NumPy and TensorFlow (lengstrom/fast-style-transfer), ONNX (TransformerNet, as the
ONNX model zoo has it; any other network is kept as it is, for onnxruntime); generators of CycleGAN and pix2pix in Torch7's,
PyTorch's and ONNX's files. Widths and numbers of blocks are taken from the tensors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from torch import Tensor

from restyle.contract.errors import UnusableModel, WeightsDamaged
from restyle.contract.sentence import said
from restyle.models.foreign.generators import numbered_generator, read_generator
from restyle.models.foreign.layers import Draft, Layer, colors, conv, draft, norm, plain, residual, transposed
from restyle.models.foreign.onnx import is_onnx, kind_of_onnx, read_onnx_layers, read_whole_onnx
from restyle.models.foreign.opening import check_file, reading
from restyle.models.foreign.readers import StateDict, check_finite, read_state_dict
from restyle.models.foreign.tflite import is_tflite
from restyle.models.foreign.torch7 import is_torch7
from restyle.models.foreign.torch7_network import read_torch7_network

__all__ = ["read_style_network"]

_BLACK = (0.0, 0.0, 0.0)
_PYTORCH_EPS = 1e-5
_ENGSTROM_EPS = 1e-3
_TANH, _TANH_SHIFT = 150.0, 127.5
"""How Engstrom's networks end, and ReCoNet's after them."""
_ENGSTROM_BLOCKS = 5
_WRAPPERS = ("module.", "_orig_mod.", "model.", "net.", "network.", "transformer.", "generator.")
_DISTILLED = re.compile(r"_sd\d*(?=\.)")
"""After the names of layers that a smaller network has learned from a larger one."""
_RECONET_NORM = re.compile(r"^(conv|deconv)(\d)\.instance\.")
_STATISTICS = re.compile(r"\.(running_mean|running_var|num_batches_tracked)$")


def read_style_network(path: Path) -> Draft:
    """The style network in a file, mapping RGB in 0..1 to RGB of about 0..1.

    Raises UnusableModel with the reason: broken, holding code, or a model of another kind.
    """
    try:
        check_file(path)
        with reading(path, said("its network is of no kind that is known here")):
            found = _read(path)
        check_finite(path, found.state)
        return found
    except WeightsDamaged as error:
        raise UnusableModel(path, error.reason) from error


def _read(path: Path) -> Draft:
    if is_torch7(path):
        return read_torch7_network(path)
    if is_onnx(path):
        return _of_onnx(path)
    if is_tflite(path):
        raise ValueError("it is a TFLite network, of which those alone are read that `restyle models list` names")
    return _named(read_state_dict(path))


def _of_onnx(path: Path) -> Draft:
    kind = kind_of_onnx(path)
    if kind == "whole":
        return read_whole_onnx(path)
    layers = read_onnx_layers(path)
    return _transformer_net(_by_name(layers)) if kind == "transformer" else _named(numbered_generator(layers))


def _named(state: StateDict) -> Draft:
    """The network of a state dict, by the names of its tensors."""
    state = {_plain(name): tensor for name, tensor in state.items()}
    if "conv1.conv2d.weight" in state:
        kept = {name: tensor for name, tensor in state.items() if not _STATISTICS.search(name)}
        if "conv1.instance.weight" in kept:
            return _transformer_net({_RECONET_NORM.sub(_norm_of, name): tensor for name, tensor in kept.items()}, has_tanh=True)
        return _transformer_net(kept)
    if "Variable" in state:
        return _engstrom(state)
    if (generator := read_generator(state)) is not None:
        return generator
    raise ValueError("its tensors have the names of no style network")


def _plain(name: str) -> str:
    """A tensor's name without what wrappers put before it: copies on several devices, compiled ones, training programs."""
    while wrapper := next((prefix for prefix in _WRAPPERS if name.startswith(prefix)), None):
        name = name.removeprefix(wrapper)
    return _DISTILLED.sub("", name)


def _norm_of(found: re.Match[str]) -> str:
    """TransformerNet's name of a norm that ReCoNet counts to its convolution."""
    kind, number = found.groups()
    return f"in{int(number) + (3 if kind == 'deconv' else 0)}."


def _by_name(layers: list[tuple[Tensor, Tensor]]) -> StateDict:
    """Weights and biases in the order in which a picture meets them, under the names of TransformerNet."""
    blocks = (len(layers) - 11) // 4
    names = [f"{kind}{number}" for number in (1, 2, 3) for kind in ("conv", "in")]
    names += [f"res{block}.{kind}{number}" for block in range(1, blocks + 1) for number in (1, 2) for kind in ("conv", "in")]
    names += ["deconv1", "in4", "deconv2", "in5", "deconv3"]
    state: StateDict = {}
    if len(names) != len(layers):
        raise ValueError("it has more or fewer layers than are known")
    for name, (weight, bias) in zip(names, layers, strict=True):
        full = f"{name}.conv2d" if "conv" in name.rpartition(".")[2] else name
        state |= {f"{full}.weight": weight, f"{full}.bias": bias}
    return state


def _transformer_net(state: StateDict, *, has_tanh: bool = False) -> Draft:
    """TransformerNet of pytorch/examples: mirrored edges, nearest neighbours when it enlarges, RGB in 0..255.

    ``has_tanh``: of ReCoNet (Gao et al., ACCV 2018), which ends with one.
    """
    left = dict(state)

    def normed(name: str, after: str, *, relu: bool = True, stride: int = 1, upsample: int = 1) -> Iterator[Layer]:
        yield conv(left.pop(f"{name}.conv2d.weight"), left.pop(f"{name}.conv2d.bias"), stride=stride, upsample=upsample)
        yield norm(left.pop(f"{after}.weight"), left.pop(f"{after}.bias"), _PYTORCH_EPS)
        if relu:
            yield plain("relu")

    layers = [
        colors(255.0, _BLACK),
        *normed("conv1", "in1"),
        *normed("conv2", "in2", stride=2),
        *normed("conv3", "in3", stride=2),
    ]
    block = 1
    while f"res{block}.conv1.conv2d.weight" in left:
        first = normed(f"res{block}.conv1", f"res{block}.in1")
        layers.append(residual([*first, *normed(f"res{block}.conv2", f"res{block}.in2", relu=False)]))
        block += 1
    layers += [*normed("deconv1", "in4", upsample=2), *normed("deconv2", "in5", upsample=2)]
    layers.append(conv(left.pop("deconv3.conv2d.weight"), left.pop("deconv3.conv2d.bias")))
    if has_tanh:
        layers += [colors(1 / 255, _BLACK), plain("tanh", scale=_TANH, shift=_TANH_SHIFT)]
    layers.append(colors(1 / 255, _BLACK))
    return _complete(layers, left)


def _engstrom(state: StateDict) -> Draft:
    """lengstrom/fast-style-transfer: TensorFlow's SAME edges, no biases, an instance norm after every convolution."""
    left = {name: tensor for name, tensor in state.items() if re.fullmatch(r"Variable(_\d+)?", name)}
    numbers = iter(range(len(left)))

    def take() -> Tensor:
        number = next(numbers)
        return left.pop(f"Variable_{number}" if number else "Variable")

    def normed(*, up: bool = False, stride: int = 1, relu: bool = True) -> Iterator[Layer]:
        weight, shift, scale = take(), take(), take()
        if up:
            # TensorFlow: height, width, out, in; PyTorch: in, out, height, width.
            yield transposed(weight.permute(3, 2, 0, 1), None, stride=2, offset=0)
        else:
            yield conv(weight.permute(3, 2, 0, 1), None, stride=stride, edges="same")
        yield norm(scale, shift, _ENGSTROM_EPS)
        if relu:
            yield plain("relu")

    layers = [colors(255.0, _BLACK), *normed(), *normed(stride=2), *normed(stride=2)]
    layers += [residual([*normed(), *normed(relu=False)]) for _ in range(_ENGSTROM_BLOCKS)]
    layers += [*normed(up=True), *normed(up=True), *normed(relu=False)]
    layers += [plain("tanh", scale=_TANH, shift=_TANH_SHIFT), colors(1 / 255, _BLACK)]
    return _complete(layers, left)


def _complete(layers: list[Layer], left: StateDict) -> Draft:
    """The network, unless tensors are left: then it is another one, and would paint nonsense."""
    if left:
        raise ValueError(f"it has more layers than are known, {min(left)[:60]} for one")
    return draft(layers)
