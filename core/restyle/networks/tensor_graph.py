"""A graph of a few operators on pictures, described by data: what networks of other programs become that are no row of layers.

Operators compute as TFLite's do: SAME is TensorFlow's (zeros, and with a stride more of them below and to the right), a mean is
one of a whole picture and keeps its axes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from restyle.networks.blocks import same_padding

__all__ = ["TensorGraph"]

Described = Mapping[str, Any]
Compute = Callable[[Described, list[Tensor], Mapping[str, Tensor]], Tensor]
RELU6_MOST = 6.0


class TensorGraph(nn.Module):
    """The graph of an ``architecture`` with the tensors of ``state``, which are kept in float32.

    The architecture is a mapping of "inputs" and "outputs" (one), lists of names, and "operators" in the order in which they run:
    each has its "type", the names of its "inputs" and its "output", and what its type needs. Raises KeyError, TypeError or
    ValueError for another.
    """

    def __init__(self, architecture: Any, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        self._inputs: tuple[str, ...] = tuple(architecture["inputs"])
        self._output: str
        (self._output,) = architecture["outputs"]
        self._operators: tuple[Described, ...] = tuple(architecture["operators"])
        _check(self._inputs, self._output, self._operators, state)
        self._last_use = {name: i for i, operator in enumerate(self._operators) for name in operator["inputs"]}
        self._constants = tuple(state)
        for name, tensor in state.items():
            self.register_buffer(f"tensor_{name}", tensor.to(torch.float32))

    def forward(self, *inputs: Tensor) -> Tensor:
        """The output for these inputs, (N, C, H, W) each."""
        constants = {name: self.get_buffer(f"tensor_{name}") for name in self._constants}
        values = dict(zip(self._inputs, inputs, strict=True))
        for i, operator in enumerate(self._operators):
            operands = [values[name] if name in values else constants[name] for name in operator["inputs"]]
            values[operator["output"]] = _OPERATORS[operator["type"]](operator, operands, constants)
            for name in operator["inputs"]:
                # What nobody asks for any more: all of a large picture's maps would fill the memory.
                if self._last_use[name] == i and name != self._output:
                    values.pop(name, None)
        return values[self._output]


def _check(inputs: Sequence[str], output: str, operators: Sequence[Described], state: Mapping[str, Tensor]) -> None:
    known = {*inputs, *state}
    for operator in operators:
        if operator["type"] not in _OPERATORS:
            raise ValueError(f"there is no operator {operator['type']}")
        needed = {*operator["inputs"], *(operator[part] for part in ("weight", "bias") if part in operator)}
        if not needed <= known:
            raise ValueError(f"{min(needed - known)} is used before it is there")
        known.add(operator["output"])
    if output not in known:
        raise ValueError("nothing makes the output")


def _convolved(operator: Described, operands: list[Tensor], constants: Mapping[str, Tensor]) -> Tensor:
    weight, bias = constants[operator["weight"]], constants[operator["bias"]]
    (hidden,), stride, dilation = operands, operator["stride"], operator["dilation"]
    if operator["padding"] == "same":
        kernel = [(size - 1) * apart + 1 for size, apart in zip(weight.shape[2:], dilation, strict=True)]
        rows, columns = (same_padding(hidden.shape[2 + axis], kernel[axis], stride[axis]) for axis in (0, 1))
        hidden = F.pad(hidden, (*columns, *rows))
    made = F.conv2d(hidden, weight, bias, stride, dilation=dilation, groups=operator["groups"])
    return _ACTIVATIONS[operator["activation"]](made)


def _elementwise(compute: Callable[[Tensor, Tensor], Tensor]) -> Compute:
    def run(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
        first, second = operands
        return _ACTIVATIONS[operator["activation"]](compute(first, second))

    return run


def _unary(compute: Callable[[Tensor], Tensor]) -> Compute:
    return lambda _operator, operands, _constants: compute(*operands)


def _mirrored(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
    return F.pad(operands[0], operator["margins"], mode="reflect")


def _enlarged(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
    rows, columns = operator["factor"]
    return F.interpolate(operands[0], scale_factor=(float(rows), float(columns)), mode="nearest")


_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda made: made,
    "relu": F.relu,
    "relu6": lambda made: made.clamp(0, RELU6_MOST),
}
_OPERATORS: dict[str, Compute] = {
    "add": _elementwise(torch.add),
    "conv": _convolved,
    "enlarge": _enlarged,
    "mean": _unary(lambda hidden: hidden.mean((2, 3), keepdim=True)),
    "mirror_pad": _mirrored,
    "mul": _elementwise(torch.mul),
    "rsqrt": _unary(torch.rsqrt),
    "sigmoid": _unary(torch.sigmoid),
    "squared_difference": _elementwise(lambda first, second: (first - second).square()),
    "sub": _elementwise(torch.sub),
}
