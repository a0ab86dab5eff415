"""Style networks in Torch7's files, as layers.

Three kinds are known: jcjohnson's fast-neural-style (Johnson et al. 2016), a table with the network under "model", which takes
and gives BGR in 0..255 less VGG's means; texture networks (Ulyanov et al. 2016), which are the network itself, take RGB in 0..1
and give the former; and generators of CycleGAN and pix2pix, which are graphs, and take and give BGR in -1..1. Texture networks
that mix noise in at each scale are read, too; online-neural-doodle's (2016) take a mask for each colour of a plan instead of
RGB, at a tenth of its height. Every module becomes a layer; which modules there are differs from model to model (batch norms
that have learned in the papers', instance norms in later ones), so nothing is taken for granted but the kinds of modules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from restyle.contract.inputs.regions import MAXIMUM_REGIONS
from restyle.contract.sentence import said
from restyle.models.foreign.generators import SIGNED, UNSIGNED
from restyle.models.foreign.layers import Draft, Layer, affine, branches, colors, conv, draft, norm, plain, residual, transposed
from restyle.models.foreign.opening import reading
from restyle.models.foreign.torch7 import Torch7Object, Value, read_torch7
from restyle.models.foreign.torch7_graph import is_graph, unrolled

__all__ = ["read_torch7_network"]

_VGG_MEANS = (103.939, 116.779, 123.68)  # BGR, of 0..255: preprocess.lua of fast-neural-style, utils.lua of texture_nets
_BGR = (2, 1, 0)
_MOST_MODULES = 2000  # texture networks of six scales have some 250
_DEEPEST = 50
_MASK = 0.1  # what a mask has where its colour is, as apply.lua of online-neural-doodle hands it over
_HALVING = (4, 1, 2)  # kernel, padding and stride of a U-Net's convolutions
_DEFAULT_EPS = 1e-5  # of Torch7's norms
_NOTHING = ("Identity", "Dropout", "SpatialDropout", "TotalVariation", "TVLoss")
"""Modules that pass a picture on in use."""
_POINTWISE = ("InstanceNormalization", "SpatialBatchNormalization", "ReLU", "LeakyReLU")
"""What gives the same before and after each pixel is repeated."""
_EDGES = {"SpatialReflectionPadding": "reflect", "SpatialReplicationPadding": "replicate"}


def read_torch7_network(path: Path) -> Draft:
    """The network in a Torch7 file, mapping RGB in 0..1, or the masks of a plan, to RGB in 0..1; raises WeightsDamaged."""
    content = read_torch7(path)
    blue, green, red = _VGG_MEANS
    entry = [colors(255.0, (-blue, -green, -red), _BGR)] if isinstance(content, dict) else []
    end = colors(1 / 255, (red / 255, green / 255, blue / 255), _BGR)
    planes = None
    with reading(path, said("its network is of no kind that is known here")):
        network = _network(content)
        is_generator = is_graph(network)
        if is_generator:
            network = unrolled(network)
            entry, end = [colors(*SIGNED, _BGR)], colors(*UNSIGNED, _BGR)
        _check_size(network)
        planes = _planes(network)
        if planes is not None:
            entry = [affine(torch.full((planes,), _MASK), torch.zeros(planes))]
        if is_generator:
            _look_at_the_picture(network)
        layers = list(_joined(_flat(network)))
    return replace(draft([*entry, *layers, end], planes), family="domain" if is_generator else "style")


def _network(content: Value) -> Torch7Object:
    found = content.get("model") if isinstance(content, dict) else content
    if not isinstance(found, Torch7Object):
        raise ValueError("there is no network in it")
    return found


def _check_size(network: Torch7Object) -> None:
    """ValueError for modules that hold themselves, or each other so often that a few of them never end."""
    found, seen = [(network, 0)], 0
    while found:
        module, depth = found.pop()
        seen += 1
        if seen > _MOST_MODULES or depth > _DEEPEST:
            raise ValueError("more or deeper nested modules than any network has")
        found += [(child, depth + 1) for child in module.children()] if "modules" in module.fields else []


def _look_at_the_picture(network: Torch7Object) -> None:
    """Generators were used as they were trained: their batch norms take the one picture's own statistics."""
    for holder in _modules(network):
        held: Any = holder.fields.get("modules")
        for number, module in list(held.items()) if isinstance(held, dict) else ():
            if _name(module) == "SpatialBatchNormalization":
                held[number] = Torch7Object("nn.InstanceNormalization", module.fields)


def _planes(network: Torch7Object) -> int | None:
    """How many colours a plan has of which this network paints; None for networks that take a picture."""
    found = (module for module in _modules(network) if _name(module) == "NoiseFill" and "n_colors" in module.fields)
    fill = next(found, None)
    if fill is None:
        return None
    planes = _whole(fill, "n_colors")
    if not 1 <= planes <= MAXIMUM_REGIONS:
        raise ValueError(f"masks of {planes} colours")
    return planes


def _modules(network: Torch7Object) -> list[Torch7Object]:
    """All of them, the network first."""
    children = network.children() if "modules" in network.fields else []
    return [network, *(module for child in children for module in _modules(child))]


def _flat(module: Torch7Object) -> list[Torch7Object]:
    """Modules in a row, without the sequences that they stand in and without those that do nothing."""
    name = _name(module)
    if name == "Sequential":
        return [inner for child in module.children() for inner in _flat(child)]
    return [] if name in _NOTHING else [module]


def _name(module: Torch7Object) -> str:
    package, _, name = module.class_name.rpartition(".")
    return name if package in ("", "nn", "cudnn") else module.class_name


def _joined(modules: list[Torch7Object]) -> Iterator[Layer]:
    """The layers of modules in a row; a few of which are a layer only together with what comes after."""
    at, upsample = 0, 1
    while at < len(modules):
        module, after = modules[at], modules[at + 1] if at + 1 < len(modules) else None
        name = _name(module)
        at += 1
        if name == "SpatialUpSamplingNearest" and _meets_convolution(modules[at:]):
            upsample *= _whole(module, "scale_factor")
        elif name in _EDGES and after is not None and _lacks(after, _padding(module)):
            yield _convolution(after, _EDGES[name], upsample)
            at, upsample = at + 1, 1
        elif "Convolution" in name and "Full" not in name:
            yield _convolution(module, None, upsample)
            upsample = 1
        elif name == "ConcatTable" and after is not None and _name(after) == "CAddTable":
            yield _residual(module)
            at += 1
        elif name in _LAYERS:
            yield _LAYERS[name](module)
        else:
            raise ValueError(f"the module {module.class_name[:60]}")


def _meets_convolution(modules: list[Torch7Object]) -> bool:
    """Whether these begin with a convolution, but for what can as well be done before pixels are repeated."""
    for module in modules:
        name = _name(module)
        if name not in _POINTWISE and name not in _EDGES:
            return name in ("SpatialConvolution", "SpatialConvolutionMM")
    return False


def _lacks(module: Torch7Object, padding: int) -> bool:
    """Whether a padding is what this convolution loses at its edges: then both are one layer."""
    is_convolution = _name(module) in ("SpatialConvolution", "SpatialConvolutionMM")
    return is_convolution and _whole(module, "padW", 0) == 0 and padding == _whole(module, "kW") // 2


def _residual(module: Torch7Object) -> Layer:
    """Two paths that are added: a body, and the picture itself or its middle, in either order."""
    paths = [_flat(path) for path in module.children()]
    paths.sort(key=lambda path: any("Convolution" in _name(item) for item in path))
    if len(paths) != 2:
        raise ValueError("a sum of other than two paths")
    return residual(_joined(paths[1]), sum(_shave(item) for item in paths[0]))


def _shave(module: Torch7Object) -> int:
    if _name(module) != "ShaveImage":
        raise ValueError(f"a path beside a sum with {module.class_name[:60]}")
    return _whole(module, "size")


def _convolution(module: Torch7Object, edges: str | None, upsample: int) -> Layer:
    kernel, pad = _same(module, "kW", "kH"), _same(module, "padW", "padH", 0)
    if edges is None:
        # An even kernel with one pixel around is TensorFlow's SAME on sides that can be halved.
        is_halving = (kernel, pad, _same(module, "dW", "dH", 1)) == _HALVING
        if pad not in (0, kernel // 2) and not is_halving:
            raise ValueError(f"a convolution of {kernel} with {pad} zeros around")
        edges = "same" if is_halving else "zero" if pad else "none"
    if _whole(module, "groups", 1) != 1:
        raise ValueError("a convolution in groups")
    weight = _tensor(module, "weight")
    # Older convolutions keep their kernels as rows of a matrix.
    weight = weight.reshape(_whole(module, "nOutputPlane"), _whole(module, "nInputPlane"), kernel, kernel)
    return conv(weight, _optional(module, "bias"), stride=_same(module, "dW", "dH", 1), edges=edges, upsample=upsample)


def _full_convolution(module: Torch7Object) -> Layer:
    kernel, stride = _same(module, "kW", "kH"), _same(module, "dW", "dH", 1)
    pad, more = _same(module, "padW", "padH", 0), _same(module, "adjW", "adjH", 0)
    if kernel + more - 2 * pad != stride:
        raise ValueError("a transposed convolution to no whole multiple of the size")
    return transposed(_tensor(module, "weight"), _optional(module, "bias"), stride=stride, offset=pad)


def _instance_norm(module: Torch7Object) -> Layer:
    weight = _tensor(module, "weight")
    return norm(weight, _tensor(module, "bias"), _real(module, "eps", _DEFAULT_EPS))


def _batch_norm(module: Torch7Object) -> Layer:
    """What a batch norm does when it has learned: a factor and a sum."""
    mean, eps = _tensor(module, "running_mean"), _real(module, "eps", _DEFAULT_EPS)
    deviation = _optional(module, "running_std")  # of old versions: the inverse already
    inverse = deviation if deviation is not None else 1 / (_tensor(module, "running_var") + eps).sqrt()
    weight, bias = _optional(module, "weight"), _optional(module, "bias")
    scale = inverse if weight is None else inverse * weight
    return affine(scale, -mean * scale + (0 if bias is None else bias))


def _noise(module: Torch7Object) -> Layer:
    return plain("noise", channels=_whole(module, "num_planes"), scale=_real(module, "mult", 1.0), spread="normal")


def _noise_fill(module: Torch7Object) -> Layer:
    """The picture, and noise in further channels."""
    if _whole(module, "num_mask_noise_times", 0):
        raise ValueError("noise within masks")
    channels = _whole(module, "num_noise_channels")
    scale, shift = _real(module, "mult_noise", _real(module, "mult", 1.0)), 0.0
    if "buffer" in module.fields:
        # The later form of texture_nets: about 0, where the one before it was above.
        scale, shift = 2 * scale, -scale
    return branches([[], [plain("noise", channels=channels, scale=scale, shift=shift)]] if channels else [[]])


def _concat(module: Torch7Object) -> Layer:
    if _whole(module, "dimension", 2) != 2:
        raise ValueError("branches that are joined elsewhere than in their channels")
    return branches(_joined(_flat(item)) for item in module.children())


_LAYERS: dict[str, Callable[[Torch7Object], Layer]] = {
    "SpatialFullConvolution": _full_convolution,
    "InstanceNormalization": _instance_norm,
    "SpatialBatchNormalization": _batch_norm,
    "ReLU": lambda module: plain("relu"),
    "LeakyReLU": lambda module: plain("leaky", slope=_real(module, "negval")),
    "GenNoise": _noise,
    "NoiseFill": _noise_fill,
    "Tanh": lambda module: plain("tanh", scale=1.0, shift=0.0),
    "MulConstant": lambda module: _factor(_real(module, "constant_scalar")),
    "SpatialReflectionPadding": lambda module: plain("pad", size=_padding(module)),
    "SpatialUpSamplingNearest": lambda module: plain("enlarge", factor=_whole(module, "scale_factor")),
    "SpatialAveragePooling": lambda module: plain("pool", size=_same(module, "kW", "kH")),
    "Concat": _concat,
}


def _factor(factor: float) -> Layer:
    return colors(factor, (0.0, 0.0, 0.0))


def _padding(module: Torch7Object) -> int:
    sides = {_whole(module, f"pad_{side}") for side in "lrtb"}
    if len(sides) != 1:
        raise ValueError("a padding that differs from side to side")
    return sides.pop()


def _same(module: Torch7Object, first: str, second: str, default: int | None = None) -> int:
    value = _whole(module, first, default)
    if _whole(module, second, default) != value:
        raise ValueError(f"{module.class_name[:60]} that is no square")
    return value


def _whole(module: Torch7Object, name: str, default: int | None = None) -> int:
    value = module.fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{module.class_name[:60]} without {name}")
    return value


def _real(module: Torch7Object, name: str, default: float | None = None) -> float:
    value = module.fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{module.class_name[:60]} without {name}")
    return float(value)


def _tensor(module: Torch7Object, name: str) -> Tensor:
    value: Any = module.fields.get(name)
    if not isinstance(value, Tensor):
        raise ValueError(f"{module.class_name[:60]} without {name}")
    return value.to(torch.float32)


def _optional(module: Torch7Object, name: str) -> Tensor | None:
    value: Any = module.fields.get(name)
    return value.to(torch.float32) if isinstance(value, Tensor) and value.numel() else None
