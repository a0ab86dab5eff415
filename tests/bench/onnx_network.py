"""A network of blocks as an ONNX file, for peers that read nothing else: OpenCV's dnn and onnxruntime."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from restyle.networks.blocks import ChannelAffine, ConvLayer, InstanceNorm, Residual, ScaledTanh, Sequence

__all__ = ["onnx_bytes"]

OPSET = 13
IR_VERSION = 8


def onnx_bytes(network: Sequence, height: int, width: int) -> bytes:
    """The network for pictures (1, 3, height, width), from "x" to "y"; TypeError for blocks that no bench has asked for."""
    import onnx

    graph = _Graph()
    last = graph.sequence(network, "x")
    graph.node("Identity", [last], "y")
    shape = [1, 3, height, width]
    made = onnx.helper.make_graph(
        graph.nodes,
        "network",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, shape)],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, shape)],
        graph.weights,
    )
    model = onnx.helper.make_model(made, opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    return model.SerializeToString()


class _Graph:
    def __init__(self) -> None:
        self.nodes: list = []
        self.weights: list = []

    def node(self, kind: str, inputs: list[str], name: str = "", **attributes: object) -> str:
        import onnx

        name = name or f"{kind}{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(kind, inputs, [name], name=f"node_{name}", **attributes))
        return name

    def weight(self, values: Tensor | np.ndarray) -> str:
        import onnx

        name = f"w{len(self.weights)}"
        array = values.detach().float().numpy() if isinstance(values, Tensor) else values
        self.weights.append(onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def sequence(self, blocks: Sequence, value: str) -> str:
        for block in blocks:
            value = self.block(block, value)
        return value

    def block(self, block: nn.Module, value: str) -> str:
        if isinstance(block, ConvLayer):
            return self.convolution(block, value)
        if isinstance(block, InstanceNorm):
            inputs = [value, self.weight(block.weight), self.weight(block.bias)]
            return self.node("InstanceNormalization", inputs, epsilon=block.eps)
        if isinstance(block, nn.ReLU):
            return self.node("Relu", [value])
        if isinstance(block, Residual):
            return self.node("Add", [value, self.sequence(block.body, value)])
        if isinstance(block, ScaledTanh):
            scaled = self.node("Mul", [self.node("Tanh", [value]), self.weight(np.float32([block.scale]))])
            return self.node("Add", [scaled, self.weight(np.float32([block.shift]))])
        if isinstance(block, ChannelAffine):
            scaled = self.node("Mul", [value, self.weight(block.scale.view(1, -1, 1, 1))])
            return self.node("Add", [scaled, self.weight(block.shift.view(1, -1, 1, 1))])
        raise TypeError(type(block).__name__)

    def convolution(self, block: ConvLayer, value: str) -> str:
        half = block.kernel // 2
        if block.upsample > 1:
            scales = self.weight(np.float32([1, 1, block.upsample, block.upsample]))
            value = self.node(
                "Resize", [value, "", scales], mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"
            )
        pads = [0, 0, 0, 0]
        if block.edges == "reflect":
            value = self.node("Pad", [value, self.weight(np.int64([0, 0, half, half, 0, 0, half, half]))], mode="reflect")
        elif block.edges == "zero":
            pads = [half] * 4
        inputs = [value, self.weight(block.weight), *([] if block.bias is None else [self.weight(block.bias)])]
        return self.node("Conv", inputs, kernel_shape=[block.kernel] * 2, strides=[block.step] * 2, pads=pads)
