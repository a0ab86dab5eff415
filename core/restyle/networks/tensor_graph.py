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

    The architecture is a mapping of "inputs" and "outputs", lists of names, and "operators" in the order in which they run:
    each has its "type", the names of its "inputs" and its "output", and what its type needs. Raises KeyError, TypeError or
    ValueError for another.
    """

    def __init__(self, architecture: Any, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        self._inputs: tuple[str, ...] = tuple(architecture["inputs"])
        self._outputs: tuple[str, ...] = tuple(architecture["outputs"])
        self._operators: tuple[Described, ...] = tuple(architecture["operators"])
        _check(self._inputs, self._outputs, self._operators, state)
        self._last_use = {name: i for i, operator in enumerate(self._operators) for name in operator["inputs"]}
        self._constants = tuple(state)
        for name, tensor in state.items():
            self.register_buffer(f"tensor_{name}", tensor.to(torch.float32))

    def forward(self, *inputs: Tensor) -> Tensor:
        """The output for these inputs, (N, C, H, W) each, of a graph that has one; ValueError where it has several."""
        (made,) = self.outputs(*inputs)
        return made

    def outputs(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        """All outputs for these inputs, in the order in which the architecture names them."""
        constants = {name: self.get_buffer(f"tensor_{name}") for name in self._constants}
        values = dict(zip(self._inputs, inputs, strict=True))
        for i, operator in enumerate(self._operators):
            operands = [values[name] if name in values else constants[name] for name in operator["inputs"]]
            values[operator["output"]] = _OPERATORS[operator["type"]](operator, operands, constants)
            for name in operator["inputs"]:
                # What nobody asks for any more: all of a large picture's maps would fill the memory.
                if self._last_use[name] == i and name not in self._outputs:
                    values.pop(name, None)
        return tuple(values[name] for name in self._outputs)


def _check(inputs: Sequence[str], outputs: Sequence[str], operators: Sequence[Described], state: Mapping[str, Tensor]) -> None:
    known = {*inputs, *state}
    for operator in operators:
        if operator["type"] not in _OPERATORS:
            raise ValueError(f"there is no operator {operator['type']}")
        needed = {*operator["inputs"], *(operator[part] for part in ("weight", "bias", "slope") if part in operator)}
        if not needed <= known:
            raise ValueError(f"{min(needed - known)} is used before it is there")
        known.add(operator["output"])
    if not outputs or not known.issuperset(outputs):
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


def _transposed(operator: Described, operands: list[Tensor], constants: Mapping[str, Tensor]) -> Tensor:
    weight, stride = constants[operator["weight"]], operator["stride"]
    (hidden,) = operands
    # Of the whole result SAME leaves out what is more than stride times the size, the odd row and column at the end.
    extra = [size - step for size, step in zip(weight.shape[2:], stride, strict=True)]
    whole = F.conv_transpose2d(hidden, weight, stride=tuple(stride))
    (up, down), (left, right) = ((more // 2, more - more // 2) for more in extra)
    return whole[:, :, up : whole.shape[2] - down, left : whole.shape[3] - right]


def _pooled(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
    (hidden,), kernel, stride = operands, operator["kernel"], operator["stride"]
    if operator["padding"] == "same":
        rows, columns = (same_padding(hidden.shape[2 + axis], kernel[axis], stride[axis]) for axis in (0, 1))
        hidden = F.pad(hidden, (*columns, *rows), value=-torch.inf)
    return F.max_pool2d(hidden, tuple(kernel), tuple(stride))


def _leaning(operator: Described, operands: list[Tensor], constants: Mapping[str, Tensor]) -> Tensor:
    return F.prelu(operands[0], constants[operator["slope"]])


def _enlarged_smoothly(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
    (hidden,), (rows, columns) = operands, operator["factor"]
    size = hidden.shape[2] * rows, hidden.shape[3] * columns
    if operator["places"] != "first":
        return F.interpolate(hidden, size=size, mode="bilinear", align_corners=operator["places"] == "corners")
    # TensorFlow's first way: pixel i of the result looks at i / factor, and the last ones go on.
    ends = F.pad(hidden, (0, 1, 0, 1), mode="replicate")
    whole = (hidden.shape[2] * rows + 1, hidden.shape[3] * columns + 1)
    return F.interpolate(ends, size=whole, mode="bilinear", align_corners=True)[:, :, : size[0], : size[1]]


def _listed(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
    """As TFLite numbers them: place by place, each with all of its channels."""
    return operands[0].permute(0, 2, 3, 1).reshape(len(operands[0]), *operator["shape"])


def _joined(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
    return torch.cat(operands, 1)


def _taken(operator: Described, operands: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
    first, last = operator["channels"]
    return operands[0][:, first:last]


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
    "channels": _taken,
    "concat": _joined,
    "conv": _convolved,
    "enlarge": _enlarged,
    "enlarge_bilinear": _enlarged_smoothly,
    "list": _listed,
    "max_pool": _pooled,
    "mean": _unary(lambda hidden: hidden.mean((2, 3), keepdim=True)),
    "mirror_pad": _mirrored,
    "mul": _elementwise(torch.mul),
    "pad": lambda operator, operands, _: F.pad(operands[0], operator["margins"]),
    "prelu": _leaning,
    "relu": _unary(F.relu),
    "rsqrt": _unary(torch.rsqrt),
    "sigmoid": _unary(torch.sigmoid),
    "softmax": _unary(lambda hidden: hidden.softmax(1)),
    "squared_difference": _elementwise(lambda first, second: (first - second).square()),
    "sub": _elementwise(torch.sub),
    "transposed_conv": _transposed,
}
