"""Networks in TFLite's files, as a graph of a few operators for `restyle.networks.tensor_graph` to run.

Weights become real numbers in PyTorch's layout. Activations stay real numbers, too: where the file rounds them to eight bits
(quantize, dequantize) nothing is done. What its converter worked out for one size of picture alone, the targets of enlargements,
becomes a factor, so that the network serves every size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from restyle.contract.sentence import said
from restyle.models.foreign.layers import Draft
from restyle.models.foreign.opening import check_file, reading
from restyle.models.foreign.readers import check_finite
from restyle.models.foreign.tflite import Array, TfliteGraph, TfliteOperator, read_tflite

__all__ = ["read_tflite_network"]

_MOST_FACTOR = 8  # that a layer enlarges by
_MOST_CHANNELS = 1024  # that are added to those of a layer
_MOST_PIXELS = 64  # of a stride, a dilation, a margin

_ACTIVATIONS = {0: "none", 1: "relu", 3: "relu6"}
_PADDINGS = {0: "same", 1: "valid"}
_QUANTIZE, _DEQUANTIZE = 114, 6


@dataclass(frozen=True)
class _Reading:
    """A graph as it is read; tensors are named by their numbers in the file."""

    graph: TfliteGraph
    aliases: dict[int, int] = field(default_factory=dict)
    """What is another tensor but for rounding."""
    state: dict[str, Tensor] = field(default_factory=dict)

    def real(self, index: int) -> int:
        """The tensor that ``index`` was before it was rounded."""
        return self.aliases.get(index, index)

    def names(self, indices: Sequence[int]) -> list[str]:
        return [str(self.real(index)) for index in indices]

    def constant(self, index: int) -> Array:
        return self.graph.constant(self.real(index))

    def kept(self, index: int, numbers: Array) -> str:
        """The name under which ``numbers`` are kept."""
        name = str(self.real(index))
        self.state[name] = torch.from_numpy(numbers.astype(numbers.dtype.newbyteorder("="), order="C"))
        return name

    def factor(self, source: int, target: int) -> list[int]:
        """How many times the size of ``source`` the sides at ``target`` are."""
        pairs = list(zip(self.constant(target).tolist(), self.graph.shape(source)[1:3], strict=True))
        factor = [after // before for after, before in pairs]
        if [before * times for (_, before), times in zip(pairs, factor, strict=True)] != [after for after, _ in pairs]:
            raise ValueError("it enlarges by no whole number")
        if max(factor) > _MOST_FACTOR:
            raise ValueError("it enlarges in a way that is not known here")
        return factor

    def described(self, operator: TfliteOperator) -> dict[str, Any]:
        if operator.number not in _DESCRIBED:
            raise ValueError(f"it needs TFLite's operator {operator.number}")
        kind, describe = _DESCRIBED[operator.number]
        return {"type": kind, "output": str(operator.output), **describe(self, operator)}


def read_tflite_network(path: Path) -> Draft:
    """The graph of a file, as `TensorGraph` takes it, and its weights (float32 or float16).

    Raises WeightsDamaged, also for operators that are not known here.
    """
    check_file(path)
    with reading(path, said("it is no TFLite network that is known here, or damaged")):
        graph, described = _Reading(read_tflite(path)), []
        for operator in graph.graph.operators:
            if operator.number in (_QUANTIZE, _DEQUANTIZE):
                graph.aliases[operator.output] = graph.real(operator.inputs[0])
            else:
                described.append(graph.described(operator))
        ends = {"inputs": graph.names(graph.graph.inputs), "outputs": graph.names(graph.graph.outputs)}
        found = Draft({**ends, "operators": described}, graph.state)
    check_finite(path, found.state)
    return found


def _convolution(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    kernel = reading.constant(operator.inputs[1]).transpose(0, 3, 1, 2)  # from out, height, width, in
    return _windows(reading, operator, kernel, 1, activation=3)


def _depthwise(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    kernel = reading.constant(operator.inputs[1]).transpose(3, 0, 1, 2)  # from one, height, width, channels
    if operator.option(3, kind="i") != 1 or kernel.shape[1] != 1:
        raise ValueError("a convolution by channels that makes several of each")
    return _windows(reading, operator, kernel, len(kernel), activation=4)


def _windows(reading: _Reading, operator: TfliteOperator, kernel: Array, groups: int, activation: int) -> dict[str, Any]:
    """A convolution; the option ``activation`` is followed by the dilations."""
    source, weight, bias = operator.inputs
    strides, dilations = (operator.option(2, kind="i"), operator.option(1, kind="i")), (activation + 2, activation + 1)
    return {
        "inputs": reading.names([source]),
        "weight": reading.kept(weight, kernel),
        "bias": reading.kept(bias, reading.constant(bias)),
        "groups": groups,
        "padding": _PADDINGS[operator.option(0)],
        "stride": _few(strides),
        "dilation": _few(operator.option(item, 1, "i") for item in dilations),
        "activation": _ACTIVATIONS[operator.option(activation)],
    }


def _elementwise(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    for index in operator.inputs:
        if reading.graph.is_constant(reading.real(index)):
            numbers = reading.constant(index)
            if numbers.size != 1:
                raise ValueError("it computes with a constant of several numbers")
            reading.kept(index, numbers.reshape(1))
    return {"inputs": reading.names(operator.inputs), "activation": _ACTIVATIONS[operator.option(0)]}


def _plain(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    return {"inputs": reading.names(operator.inputs)}


def _mean(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    source, axes = operator.inputs
    if sorted(reading.constant(axes).tolist()) != [1, 2] or not operator.option(0):
        raise ValueError("it takes means of something else than whole pictures")
    return {"inputs": reading.names([source])}


def _mirror_pad(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    source, margins = operator.inputs
    images, rows, columns, channels = reading.constant(margins).tolist()
    if images != [0, 0] or channels != [0, 0] or operator.option(0):
        raise ValueError("it mirrors something else than pictures at their outermost pixels")
    return {"inputs": reading.names([source]), "margins": _few((*columns, *rows), 0)}


def _enlarged(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    source, target = operator.inputs
    if operator.option(0) or operator.option(1):
        raise ValueError("it enlarges in a way that is not known here")
    return {"inputs": reading.names([source]), "factor": reading.factor(source, target)}


def _enlarged_smoothly(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    source, target = operator.inputs
    places = "corners" if operator.option(2) else "middles" if operator.option(3) else "first"
    return {"inputs": reading.names([source]), "factor": reading.factor(source, target), "places": places}


def _max_pool(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    if operator.option(5):
        raise ValueError("it pools in a way that is not known here")
    return {
        "inputs": reading.names(operator.inputs),
        "padding": _PADDINGS[operator.option(0)],
        "stride": _few(operator.option(item, kind="i") for item in (2, 1)),
        "kernel": _few(operator.option(item, kind="i") for item in (4, 3)),
    }


def _transposed(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    _, weight, source = operator.inputs
    kernel = reading.constant(weight).transpose(3, 0, 1, 2)  # from out, height, width, in
    stride = _few(operator.option(item, kind="i") for item in (2, 1))
    if operator.option(0) or operator.option(3) or any(size < step for size, step in zip(kernel.shape[2:], stride, strict=True)):
        raise ValueError("a transposed convolution of another kind than is known here")
    return {"inputs": reading.names([source]), "weight": reading.kept(weight, kernel), "stride": stride}


def _pad(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    source, margins = operator.inputs
    images, rows, columns, channels = reading.constant(margins).tolist()
    if images != [0, 0] or min(channels) < 0 or max(channels) > _MOST_CHANNELS:
        raise ValueError("it pads something else than pictures and their channels")
    return {"inputs": reading.names([source]), "margins": [*_few((*columns, *rows), 0), *channels]}


def _prelu(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    source, slope = operator.inputs
    numbers = reading.constant(slope)
    if numbers.size != numbers.shape[-1]:
        raise ValueError("a slope for each place, not for each channel")
    return {"inputs": reading.names([source]), "slope": reading.kept(slope, numbers.reshape(-1))}


def _added(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    """A sum; one with a number for each channel is a picture of these."""
    (*_, last), shapes = operator.inputs, [reading.graph.shape(index) for index in operator.inputs]
    if reading.graph.is_constant(reading.real(last)) and shapes[-1] == shapes[0][-1:] != (1,):
        reading.kept(last, reading.constant(last).reshape(1, -1, 1, 1))
        return {"inputs": reading.names(operator.inputs), "activation": _ACTIVATIONS[operator.option(0)]}
    return _elementwise(reading, operator)


def _concat(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    axis, dimensions = operator.option(0, kind="i"), len(reading.graph.shape(operator.output))
    # Channels are last in the file and second here; lists are what they were.
    if axis % dimensions != (3 if dimensions == 4 else 1) or operator.option(1):
        raise ValueError("it joins something else than channels or lists")
    return {"inputs": reading.names(operator.inputs)}


def _list(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    before, after = reading.graph.shape(operator.inputs[0]), reading.graph.shape(operator.output)
    if len(before) != 4 or before[0] != after[0]:
        raise ValueError("it takes something else apart than pictures")
    return {"inputs": reading.names(operator.inputs[:1]), "shape": list(after[1:])}


def _channels(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    source, *numbers = operator.inputs
    begin, end, steps = (reading.constant(index).tolist() for index in numbers)
    shape, (begins, ends) = reading.graph.shape(source), (operator.option(item, kind="i") for item in (0, 1))
    firsts = [0 if begins >> axis & 1 else begin[axis] for axis in range(len(shape))]
    lasts = [size if ends >> axis & 1 else min(end[axis], size) for axis, size in enumerate(shape)]
    whole = all(firsts[axis] == 0 and lasts[axis] == shape[axis] for axis in range(3))
    if len(shape) != 4 or not whole or set(steps) != {1} or not 0 <= firsts[3] < lasts[3] <= shape[3]:
        raise ValueError("it takes something else than some channels")
    return {"inputs": reading.names([source]), "channels": [firsts[3], lasts[3]]}


def _softmax(reading: _Reading, operator: TfliteOperator) -> dict[str, Any]:
    beta = 0.0 if operator.options is None else float(operator.options.number(0, "f"))
    if beta != 1 or len(reading.graph.shape(operator.output)) != 4:
        raise ValueError("a softmax of another kind than is known here")
    return _plain(reading, operator)


def _few(pixels: Iterable[int], least: int = 1) -> list[int]:
    """Numbers of pixels, of which a network has no more than its layers bear."""
    found = list(pixels)
    if not all(least <= count <= _MOST_PIXELS for count in found):
        raise ValueError("a layer of no possible reach")
    return found


_DESCRIBED: dict[int, tuple[str, Callable[[_Reading, TfliteOperator], dict[str, Any]]]] = {
    0: ("add", _added),
    2: ("concat", _concat),
    3: ("conv", _convolution),
    4: ("conv", _depthwise),
    14: ("sigmoid", _plain),
    17: ("max_pool", _max_pool),
    18: ("mul", _elementwise),
    19: ("relu", _plain),
    22: ("list", _list),
    23: ("enlarge_bilinear", _enlarged_smoothly),
    25: ("softmax", _softmax),
    34: ("pad", _pad),
    40: ("mean", _mean),
    41: ("sub", _elementwise),
    45: ("channels", _channels),
    54: ("prelu", _prelu),
    67: ("transposed_conv", _transposed),
    76: ("rsqrt", _plain),
    97: ("enlarge", _enlarged),
    99: ("squared_difference", _elementwise),
    100: ("mirror_pad", _mirror_pad),
}
"""What is known of TFLite's operators, by their numbers: what they are called here, and how one is described."""
