"""A network of blocks as an ONNX file, for peers that read nothing else: OpenCV's dnn and onnxruntime."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from restyle.networks.blocks import ChannelAffine, ConvLayer, InstanceNorm, Residual, ScaledTanh, Sequence
from tests.core.models.foreign.bundle_writer import field
from tests.core.models.foreign.onnx_writer import Graph, value_info

__all__ = ["INPUT", "onnx_bytes"]

INPUT = "input1"
OPSET, IR_VERSION = 9, 4


def onnx_bytes(network: Sequence, height: int, width: int) -> bytes:
    """The network for pictures (1, 3, height, width); TypeError for blocks that no bench has asked for."""
    graph = Graph()
    _add_all(graph, network)
    content = b"".join(field(1, node) for node in graph.nodes) + field(2, b"network")
    content += b"".join(field(5, item) for item in graph.initializers)
    content += field(11, value_info(INPUT, (1, 3, height, width))) + field(12, value_info(graph.last, (1, 3, height, width)))
    return field(1, IR_VERSION) + field(2, b"restyle") + field(7, content) + field(8, field(2, OPSET))


def _add_all(graph: Graph, blocks: Sequence) -> None:
    for block in blocks:
        _add(graph, block)


def _add(graph: Graph, block: nn.Module) -> None:
    if isinstance(block, ConvLayer):
        _add_convolution(graph, block)
    elif isinstance(block, InstanceNorm):
        graph.add("InstanceNormalization", graph.hold(block.weight), graph.hold(block.bias), epsilon=float(block.eps))
    elif isinstance(block, nn.ReLU):
        graph.add("Relu")
    elif isinstance(block, Residual):
        kept = graph.last
        _add_all(graph, block.body)
        graph.add("Add", kept)
    elif isinstance(block, ScaledTanh):
        graph.add("Tanh")
        _add_affine(graph, torch.full((3,), block.scale), torch.full((3,), block.shift))
    elif isinstance(block, ChannelAffine):
        _add_affine(graph, block.scale, block.shift)
    else:
        raise TypeError(type(block).__name__)


def _add_affine(graph: Graph, scale: Tensor, shift: Tensor) -> None:
    graph.add("Mul", graph.hold(scale.view(1, -1, 1, 1)))
    graph.add("Add", graph.hold(shift.view(1, -1, 1, 1)))


def _add_convolution(graph: Graph, block: ConvLayer) -> None:
    half = block.kernel // 2
    if block.upsample > 1:
        graph.add("Upsample", graph.hold(torch.tensor([1.0, 1.0, block.upsample, block.upsample])), mode="nearest")
    if block.edges == "reflect":
        graph.add("Pad", mode="reflect", pads=[0, 0, half, half, 0, 0, half, half])
    pads = [half] * 4 if block.edges == "zero" else [0] * 4
    held = [graph.hold(block.weight), *([] if block.bias is None else [graph.hold(block.bias)])]
    graph.add("Conv", *held, kernel_shape=[block.kernel] * 2, strides=[block.step] * 2, pads=pads)
