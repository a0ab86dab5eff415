"""TFLite's files (`.tflite`), as data: operators, tensors, and real numbers for what is stored rounded or in half precision.

Format: tensorflow/compiler/mlir/lite/schema/schema.fbs. What the operators do is for `tflite_network` to say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from restyle.models.foreign.flatbuffer import Table, root_table

__all__ = ["Array", "TfliteGraph", "TfliteOperator", "is_tflite", "read_tflite"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

_IDENTIFIER = b"TFL3"
_IDENTIFIER_AT = 4
_MOST_BYTES = 64 << 20
_MOST_PARTS = 10_000  # operators, tensors and buffers each
_MOST_OPERANDS = 8
_MOST_DIMENSIONS = 8
_MOST_COPIES = 2  # times its file that a model's weights may hold as they are stored, when several tensors are the same numbers

_MODEL_CODES, _MODEL_GRAPHS, _MODEL_BUFFERS = 1, 2, 4
_CODE_OLD, _CODE_NEW = 0, 3
_GRAPH_TENSORS, _GRAPH_INPUTS, _GRAPH_OUTPUTS, _GRAPH_OPERATORS = 0, 1, 2, 3
_TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_BUFFER, _TENSOR_QUANTIZATION = 0, 1, 2, 4
_SCALE, _ZERO_POINT, _QUANTIZED_DIMENSION = 2, 3, 6
_OPERATOR_CODE, _OPERATOR_INPUTS, _OPERATOR_OUTPUTS, _OPERATOR_OPTIONS = 0, 1, 2, 4
_BUFFER_DATA = 0

_KINDS = {0: "<f4", 1: "<f2", 2: "<i4", 9: "i1"}
"""NumPy's names of the kinds of numbers that are read."""


@dataclass(frozen=True)
class TfliteOperator:
    """One operator: its number among TFLite's, the tensors it takes and the one it makes."""

    number: int
    inputs: list[int]
    output: int
    options: Table | None

    def option(self, field: int, default: int = 0, kind: str = "b") -> int:
        """A number among its options, which is a byte unless ``kind`` says otherwise."""
        return default if self.options is None else int(self.options.number(field, kind, default))


class TfliteGraph:
    """The one graph of a file. All that is asked of it raises ValueError or IndexError for damage."""

    def __init__(self, content: bytes) -> None:
        model = root_table(content)
        (self._main,) = model.tables(_MODEL_GRAPHS, 1)
        self._tensors = self._main.tables(_GRAPH_TENSORS, _MOST_PARTS)
        self._buffers = model.tables(_MODEL_BUFFERS, _MOST_PARTS)
        self._codes = [_code(table) for table in model.tables(_MODEL_CODES, _MOST_PARTS)]
        self._room = _MOST_COPIES * len(content)

    @property
    def inputs(self) -> list[int]:
        """The tensors that are given."""
        return _listed(self._main, _GRAPH_INPUTS)

    @property
    def outputs(self) -> list[int]:
        """The tensors that are asked for."""
        return _listed(self._main, _GRAPH_OUTPUTS)

    @property
    def operators(self) -> list[TfliteOperator]:
        """In the order in which they run."""
        return [self._operator(table) for table in self._main.tables(_GRAPH_OPERATORS, _MOST_PARTS)]

    def shape(self, index: int) -> tuple[int, ...]:
        """The shape of a tensor for the size of picture that the file was made for."""
        sizes = self._tensor(index).numbers(_TENSOR_SHAPE, "<i4")
        if len(sizes) > _MOST_DIMENSIONS or (sizes < 0).any():
            raise ValueError("a tensor of no possible shape")
        return tuple(int(size) for size in sizes)

    def is_constant(self, index: int) -> bool:
        """Whether the numbers of a tensor are in the file."""
        return bool(len(self._data(index)))

    def constant(self, index: int) -> Array:
        """A constant in the layout of the file: float32, float16 or int32, and float32 for what is stored rounded."""
        kind = self._tensor(index).number(_TENSOR_TYPE, "b")
        if kind not in _KINDS or not self.is_constant(index):
            raise ValueError("weights of an unknown kind, or none")
        data, shape, dtype = self._data(index), self.shape(index), np.dtype(_KINDS[kind])
        self._room -= len(data)
        if len(data) != math.prod(shape) * dtype.itemsize or self._room < 0:
            raise ValueError("a tensor's size is not that of its shape")
        stored: Array = data.view(dtype).reshape(shape)
        return self._real(index, stored)

    def _operator(self, table: Table) -> TfliteOperator:
        (output,) = _listed(table, _OPERATOR_OUTPUTS)
        number = self._codes[table.number(_OPERATOR_CODE, "I")]
        return TfliteOperator(number, _listed(table, _OPERATOR_INPUTS), output, table.table(_OPERATOR_OPTIONS))

    def _tensor(self, index: int) -> Table:
        if not 0 <= index < len(self._tensors):
            raise ValueError("an operator of a tensor that is not there")
        return self._tensors[index]

    def _data(self, index: int) -> Array:
        number: int = self._tensor(index).number(_TENSOR_BUFFER, "I")
        data: Array = self._buffers[number].numbers(_BUFFER_DATA, "u1")
        return data

    def _real(self, index: int, stored: Array) -> Array:
        """What ``stored`` stands for: (stored - zero) scale, one of each for all or for every channel."""
        quantization = self._tensor(index).table(_TENSOR_QUANTIZATION)
        scale = np.empty(0) if quantization is None else quantization.numbers(_SCALE, "<f4")
        if quantization is None or not len(scale):
            return stored
        zero, along = quantization.numbers(_ZERO_POINT, "<i8"), quantization.number(_QUANTIZED_DIMENSION, "i")
        spread = [1] * stored.ndim
        if len(scale) > 1:
            spread[along] = stored.shape[along]
        # In doubles: a bias has 32 bits, more than single precision holds.
        real = (stored.astype(np.float64) - zero.reshape(spread)) * scale.astype(np.float64).reshape(spread)
        rounded: Array = real.astype(np.float32)
        return rounded


def is_tflite(path: Path) -> bool:
    """Whether the file says that it is one."""
    with path.open("rb") as file:
        return file.read(_IDENTIFIER_AT + len(_IDENTIFIER))[_IDENTIFIER_AT:] == _IDENTIFIER


def read_tflite(path: Path) -> TfliteGraph:
    """The graph of a file; raises ValueError or OSError for what is none."""
    if path.stat().st_size > _MOST_BYTES or not is_tflite(path):
        raise ValueError("it does not say that it is one, or is larger than any")
    return TfliteGraph(path.read_bytes())


def _code(table: Table) -> int:
    # Numbers beyond a byte came later, into a field of their own.
    return max(int(table.number(_CODE_OLD, "b")), int(table.number(_CODE_NEW, "i")))


def _listed(table: Table, field: int) -> list[int]:
    numbers: Sequence[int] = table.numbers(field, "<i4").tolist()
    if not 0 < len(numbers) <= _MOST_OPERANDS:
        raise ValueError("an operator of nothing, or of more than any takes")
    return list(numbers)
