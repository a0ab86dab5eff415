"""A small writer of ONNX: TransformerNet as PyTorch exports it for one size of picture (opset 9), from its state dict."""

from __future__ import annotations

import struct
from pathlib import Path

import torch
from tests.core.models.foreign.bundle_writer import field, varint


def tensor(name: str, value: torch.Tensor) -> bytes:
    dimensions = b"".join(field(1, size) for size in value.shape)
    kind = 7 if value.dtype == torch.int64 else 1
    return dimensions + field(2, kind) + field(8, name.encode()) + field(9, value.contiguous().numpy().tobytes())


def attribute(name: str, value: int | float | str | list[int]) -> bytes:
    head = field(1, name.encode())
    if isinstance(value, str):
        return head + field(4, value.encode()) + field(20, 3)
    if isinstance(value, float):
        return head + varint(2 << 3 | 5) + struct.pack("<f", value) + field(20, 1)
    if isinstance(value, int):
        return head + field(3, value) + field(20, 2)
    return head + b"".join(field(8, item) for item in value) + field(20, 7)


class Graph:
    """Nodes one after another; the last output is the next input."""

    def __init__(self) -> None:
        self.nodes, self.initializers, self.last, self.count = [], [], "input1", 0

    def add(self, operation: str, *inputs: str, **attributes: int | float | str | list[int]) -> str:
        self.count += 1
        names = [self.last, *inputs]
        self.last = str(self.count)
        node = b"".join(field(1, name.encode()) for name in names) + field(2, self.last.encode()) + field(4, operation.encode())
        self.nodes.append(node + b"".join(field(5, attribute(name, value)) for name, value in attributes.items()))
        return self.last

    def hold(self, value: torch.Tensor) -> str:
        """Exporters number what has no name."""
        name = f"w{len(self.initializers)}"
        self.initializers.append(tensor(name, value))
        return name


def value_info(name: str, shape: tuple[int, ...]) -> bytes:
    dimensions = b"".join(field(1, field(1, size)) for size in shape)
    return field(1, name.encode()) + field(2, field(1, field(1, 1) + field(2, dimensions)))


def write_onnx(path: Path, state: dict[str, torch.Tensor], height: int, width: int, blocks: int, edges: str = "reflect") -> Path:
    graph = Graph()

    def conv(name: str, stride: int = 1) -> None:
        kernel = state[f"{name}.conv2d.weight"].shape[2]
        half = kernel // 2
        graph.add("Pad", mode=edges, pads=[0, 0, half, half, 0, 0, half, half])
        weight, bias = (graph.hold(state[f"{name}.conv2d.{part}"]) for part in ("weight", "bias"))
        graph.add("Conv", weight, bias, kernel_shape=[kernel, kernel], strides=[stride, stride])

    def norm(name: str) -> None:
        graph.add("InstanceNormalization", *(graph.hold(state[f"{name}.{part}"]) for part in ("weight", "bias")), epsilon=1e-5)

    for number, stride in ((1, 1), (2, 2), (3, 2)):
        conv(f"conv{number}", stride)
        norm(f"in{number}")
        graph.add("Relu")
    for block in range(1, blocks + 1):
        kept = graph.last
        conv(f"res{block}.conv1")
        norm(f"res{block}.in1")
        graph.add("Relu")
        conv(f"res{block}.conv2")
        norm(f"res{block}.in2")
        graph.add("Add", kept)
    for number in (1, 2):
        graph.add("Upsample", graph.hold(torch.tensor([1.0, 1.0, 2.0, 2.0])), mode="nearest")
        conv(f"deconv{number}")
        norm(f"in{number + 3}")
        graph.add("Relu")
    conv("deconv3")
    content = b"".join(field(1, node) for node in graph.nodes) + field(2, b"style")
    content += b"".join(field(5, item) for item in graph.initializers)
    content += field(11, value_info("input1", (1, 3, height, width))) + field(12, value_info(graph.last, (1, 3, height, width)))
    path.write_bytes(field(1, 4) + field(2, b"pytorch") + field(7, content) + field(8, field(2, 9)))
    return path


def write_unknown_onnx(path: Path, bounded: bool, height: int | None = None, width: int | None = None) -> Path:
    """A network that no reader here knows: the negative of the picture, of any size, in 0..255 or (by a sigmoid) in 0..1."""
    graph = Graph()
    graph.add("Neg")
    if bounded:
        graph.add("Sigmoid")
    else:
        graph.add("Add", graph.hold(torch.full((1, 3, 1, 1), 255.0)))
    return write_graph(path, graph, height, width)


def write_graph(path: Path, graph: Graph, height: int | None = None, width: int | None = None) -> Path:
    """A network from a picture of this size, or of any, to one; its last output is the answer."""
    sizes = tuple(side or 0 for side in (height, width))
    dimensions = b"".join(field(1, field(1, side) if side else field(2, b"any")) for side in (1, 3, *sizes))

    def info(name: str) -> bytes:
        return field(1, name.encode()) + field(2, field(1, field(1, 1) + field(2, dimensions)))

    content = b"".join(field(1, node) for node in graph.nodes) + field(2, b"style")
    content += b"".join(field(5, item) for item in graph.initializers) + field(11, info("input1")) + field(12, info(graph.last))
    path.write_bytes(field(1, 4) + field(2, b"pytorch") + field(7, content) + field(8, field(2, 9)))
    return path
