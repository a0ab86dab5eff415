"""Style networks in ONNX files; TransformerNet and the residual generators of CycleGAN are read without onnxruntime.

Exported networks come for one size of picture alone; with the weights in the network's own form they serve every size. Names
are lost or changed by exporters, so the layers are known by their order: what the graph does, one letter for each kind of node,
must be what one of them does.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from restyle.contract.sentence import said
from restyle.models.foreign.layers import Draft
from restyle.models.foreign.onnx_bounds import MOST_NODES, check_runnable, dimensions
from restyle.models.foreign.opening import check_file, reading
from restyle.models.foreign.protobuf import Fields, message_in, read_fields

__all__ = ["ONNX_KIND", "is_onnx", "kind_of_onnx", "read_onnx_layers", "read_whole_onnx"]

ONNX_KIND = "onnx"
"""What an architecture says of a model that is an ONNX file as it is, its bytes being the one tensor of this name."""

_MOST_BYTES = 256 << 20
_MOST_PARTS = 4 * MOST_NODES
_MODEL_VERSION, _MODEL_GRAPH = 1, 7
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_INPUT, _NODE_OUTPUT, _NODE_OPERATION, _NODE_ATTRIBUTE = 1, 2, 4, 5
_ATTRIBUTE_TENSOR = 5
_TENSOR_TYPE, _TENSOR_FLOATS, _TENSOR_NAME, _TENSOR_RAW = 2, 4, 8, 9
_FLOAT32 = 1

_LETTERS = {
    "Conv": "C",
    "InstanceNormalization": "I",
    "Relu": "R",
    "Add": "A",
    "Upsample": "U",
    "Resize": "U",
    "ConvTranspose": "T",
    "Tanh": "H",
}
_SILENT = (
    "Cast",
    "Ceil",
    "Concat",
    "Constant",
    "Div",
    "Floor",
    "Gather",
    "Identity",
    "Mul",
    "Pad",
    "Shape",
    "Slice",
    "Unsqueeze",
)
"""What moves pixels and sizes about, but does not compute with them."""
_STRIDED = 2  # convolutions of a generator that halve the picture

OnnxKind = Literal["transformer", "generator", "whole"]
"""TransformerNet, a residual generator as CycleGAN's authors have it, any other network."""

_KINDS: dict[OnnxKind, re.Pattern[str]] = {
    "transformer": re.compile("(CIR){3}(CIRCIA)+(UCIR){2}C"),
    "generator": re.compile("(CIR){3}(CIRCIA)+(TIR){2}CH"),
}


def is_onnx(path: Path) -> bool:
    """Whether the file begins as an ONNX model does: with its version, a small number, and its producer's name or graph."""
    with path.open("rb") as file:
        head = file.read(3)
    return len(head) == 3 and head[0] == _MODEL_VERSION << 3 and 0 < head[1] < 32 and head[2] & 7 == 2


def kind_of_onnx(path: Path) -> OnnxKind:
    """Which network the graph is; raises WeightsDamaged for what is no ONNX at all."""
    _, graph = _model(path)
    names = [name for _, name in _does(graph)]
    # What it does not know has no letter, and matches nothing.
    letters = "".join(_LETTERS.get(name, "?") for name in names if name not in _SILENT)
    kind: OnnxKind = next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(letters)), "whole")
    # Generators mirror the picture before all convolutions but those with a stride; such with zeros are run as they are.
    is_as_known = kind != "generator" or names.count("Pad") == letters.count("C") - _STRIDED
    return kind if is_as_known else "whole"


def read_whole_onnx(path: Path) -> Draft:
    """The file as it is, for onnxruntime to run; raises WeightsDamaged unless it keeps within `onnx_bounds`."""
    model, graph = _model(path)
    with reading(path, said("it is an ONNX file of no network that paints")):
        check_runnable(model, graph)
    does = _does(graph)
    # Tanh at the very end: colours in -1..1, as generators have them.
    is_signed = bool(does) and does[-1][1] == "Tanh"
    content = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8)
    return Draft({"kind": ONNX_KIND, "signed": is_signed}, {ONNX_KIND: content}, family="domain" if is_signed else "style")


def read_onnx_layers(path: Path) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of every convolution and norm of a TransformerNet, in the order of the graph; raises WeightsDamaged."""
    _, graph = _model(path)
    with reading(path, said("its weights are not those of its graph")):
        return _layers(graph)


def _model(path: Path) -> tuple[Fields, Fields]:
    """A file's model and its graph."""
    check_file(path)
    with reading(path, said("it is no ONNX network, or damaged")):
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is larger than any style network")
        model = read_fields(path.read_bytes())
        graph = read_fields(message_in(model, _MODEL_GRAPH), _MOST_PARTS)
        _does(graph)
        return model, graph


def _does(graph: Fields) -> list[tuple[Fields, str]]:
    """Every node with the name of its operation."""
    nodes = [read_fields(node) for node in graph.get(_GRAPH_NODE, []) if isinstance(node, bytes)]
    return [(node, _text(node, _NODE_OPERATION)) for node in nodes]


def _layers(graph: Fields) -> list[tuple[Tensor, Tensor]]:
    does = _does(graph)
    tensors = _initializers(graph) | _constants(does)
    found = []
    for node, name in does:
        if name in ("Conv", "InstanceNormalization"):
            _, weight, bias = (item.decode() for item in node[_NODE_INPUT] if isinstance(item, bytes))
            found.append((tensors[weight], tensors[bias]))
    return found


def _initializers(graph: Fields) -> dict[str, Tensor]:
    parts = [read_fields(part) for part in graph.get(_GRAPH_INITIALIZER, []) if isinstance(part, bytes)]
    return {_text(part, _TENSOR_NAME): _tensor(part) for part in parts if part.get(_TENSOR_TYPE) == [_FLOAT32]}


def _constants(does: list[tuple[Fields, str]]) -> dict[str, Tensor]:
    """Some exporters keep weights in nodes of their own."""
    found = {}
    for node, name in does:
        if name == "Constant" and _NODE_ATTRIBUTE in node:
            part = read_fields(message_in(read_fields(message_in(node, _NODE_ATTRIBUTE)), _ATTRIBUTE_TENSOR))
            if part.get(_TENSOR_TYPE) == [_FLOAT32]:
                found[_text(node, _NODE_OUTPUT)] = _tensor(part)
    return found


def _tensor(part: Fields) -> Tensor:
    shape = dimensions(part)
    raw = message_in(part, _TENSOR_RAW) or message_in(part, _TENSOR_FLOATS)
    if len(raw) != 4 * math.prod(shape):
        raise ValueError("a tensor's size is not that of its shape")
    return torch.from_numpy(np.frombuffer(raw, "<f4").reshape(shape).astype(np.float32))


def _text(fields: Fields, number: int) -> str:
    return message_in(fields, number).decode()
