"""Bounds of ONNX files that onnxruntime shall run: one picture in, one out, by steps that come to an end.

A graph of a few bytes can run without end (loops), open other files (data outside of it), or claim any size. So it may hold only
steps of picture networks, none of which holds another graph, and tensors whose numbers are all there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from restyle.models.foreign.protobuf import Fields, message_in, read_fields, read_varint

__all__ = ["MOST_NODES", "check_runnable", "dimensions"]

MOST_NODES = 5000
_MOST_ATTRIBUTE_FIELDS = 20_000
_MOST_DIMENSIONS = 8
_COLORS = 3
_PICTURE_DIMENSIONS = 4
_PLACES_OF_COLORS = (1, 3)

_MODEL_FUNCTIONS = 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_INPUT, _GRAPH_OUTPUT, _GRAPH_SPARSE = 1, 5, 11, 12, 15
_NODE_OPERATION, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS = 5, 10
_ATTRIBUTE_GRAPHS = (6, 11, 22, 23)  # and sparse tensors, which no picture network has
_TENSOR_DIMENSIONS, _TENSOR_NAME, _TENSOR_PLACE = 1, 8, 14
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR, _TENSOR_SHAPE, _SHAPE_DIMENSION, _DIMENSION_SIZE = 1, 2, 1, 2, 1, 1

_STEPS = frozenset(
    (
        *("Abs", "Add", "Cast", "Ceil", "Clip", "Constant", "ConstantOfShape", "Div", "Elu", "Equal", "Erf", "Exp", "Floor"),
        *("Gelu", "Greater", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Less", "Log", "Max", "Min", "Mod", "Mul"),
        *("Neg", "Not", "PRelu", "Pow", "Range", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign", "Softmax"),
        *("Softplus", "Sqrt", "Sub", "Sum", "Tanh", "Where"),
        *("AveragePool", "BatchNormalization", "Conv", "ConvTranspose", "DequantizeLinear", "Dropout", "Einsum", "Gemm"),
        *("GlobalAveragePool", "GlobalMaxPool", "GroupNormalization", "InstanceNormalization", "LayerNormalization", "LRN"),
        *("MatMul", "MaxPool", "MeanVarianceNormalization", "QuantizeLinear", "ReduceL2", "ReduceMax", "ReduceMean"),
        *("ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"),
        *("Concat", "DepthToSpace", "Expand", "Flatten", "Gather", "GridSample", "Pad", "Reshape", "Resize", "Shape", "Size"),
        *("Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze", "Upsample"),
    )
)
"""What picture networks are exported with; no loop, no condition, no sequence, no random numbers is among it."""


def check_runnable(model: Fields, graph: Fields) -> None:
    """ValueError or TypeError unless a model and its graph keep within the bounds."""
    nodes = [read_fields(node) for node in _messages(graph, _GRAPH_NODE)]
    if not nodes or len(nodes) > MOST_NODES or _MODEL_FUNCTIONS in model or _GRAPH_SPARSE in graph:
        raise ValueError("a network of no steps, too many, or such as it explains itself")
    for node in nodes:
        _check_node(node)
    kept = [read_fields(tensor) for tensor in _messages(graph, _GRAPH_INITIALIZER)]
    for tensor in kept:
        _check_tensor(tensor)
    names = {message_in(tensor, _TENSOR_NAME) for tensor in kept}
    # Old exporters list weights among what is given.
    given = [value for value in map(read_fields, _messages(graph, _GRAPH_INPUT)) if message_in(value, _VALUE_NAME) not in names]
    made = [read_fields(value) for value in _messages(graph, _GRAPH_OUTPUT)]
    if len(given) != 1 or not _may_be_picture(given[0]):
        raise ValueError("it does not take one picture of three colours alone")
    if not made or not _may_be_picture(made[0]):
        raise ValueError("it does not give a picture of three colours")


def dimensions(tensor: Fields) -> tuple[int, ...]:
    """The shape of a tensor: sizes, one field each or all packed into one. ValueError for too many."""
    sizes: list[int] = []
    for item in tensor.get(_TENSOR_DIMENSIONS, []):
        at = 0
        if isinstance(item, int):
            sizes.append(item)
        while isinstance(item, bytes) and at < len(item) and len(sizes) <= _MOST_DIMENSIONS:
            size, at = read_varint(item, at)
            sizes.append(size)
    if len(sizes) > _MOST_DIMENSIONS:
        raise ValueError("a tensor of no possible shape")
    return tuple(sizes)


def _messages(fields: Fields, number: int) -> Iterator[bytes]:
    return (item for item in fields.get(number, []) if isinstance(item, bytes))


def _check_node(node: Fields) -> None:
    name, domain = message_in(node, _NODE_OPERATION).decode(), message_in(node, _NODE_DOMAIN)
    if domain not in (b"", b"ai.onnx") or name not in _STEPS:
        raise ValueError(f"it has the step {name[:40]}, which no network of pictures needs")
    for item in _messages(node, _NODE_ATTRIBUTE):
        attribute = read_fields(item, _MOST_ATTRIBUTE_FIELDS)
        if any(number in attribute for number in _ATTRIBUTE_GRAPHS):
            raise ValueError("a step that holds another graph")
        for number in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS):
            for tensor in _messages(attribute, number):
                _check_tensor(read_fields(tensor))


def _check_tensor(tensor: Fields) -> None:
    """That its numbers are in the file: no fewer than a bit for each, as the smallest kind has."""
    stored = sum(len(item) if isinstance(item, bytes) else 1 for items in tensor.values() for item in items)
    if _TENSOR_PLACE in tensor and tensor[_TENSOR_PLACE][-1] != 0:
        raise ValueError("a tensor whose numbers are in another file")
    if math.prod(dimensions(tensor)) > 2 * stored:
        raise ValueError("a tensor larger than its numbers")


def _may_be_picture(value: Fields) -> bool:
    """Whether what is declared of a value leaves it a picture (1, 3, H, W) or (1, H, W, 3), or leaves that open."""
    shape = read_fields(
        message_in(read_fields(message_in(read_fields(message_in(value, _VALUE_TYPE)), _TYPE_TENSOR)), _TENSOR_SHAPE)
    )
    sizes = [read_fields(item).get(_DIMENSION_SIZE, [0])[-1] for item in _messages(shape, _SHAPE_DIMENSION)]
    if not sizes:
        return True
    return len(sizes) == _PICTURE_DIMENSIONS and any(sizes[place] in (0, _COLORS) for place in _PLACES_OF_COLORS)
