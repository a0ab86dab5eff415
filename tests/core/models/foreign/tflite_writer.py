"""A small writer of TFLite's files, and a network in one that has a bit of everything."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np

KINDS = {"float32": 0, "float16": 1, "int32": 2, "int8": 9}
ADD, CONV, DEPTHWISE, DEQUANTIZE, LOGISTIC, MUL, MEAN, SUB, RSQRT = 0, 3, 4, 6, 14, 18, 40, 41, 76
ENLARGE, SQUARED_DIFFERENCE, MIRROR_PAD, QUANTIZE = 97, 99, 100, 114
SAME, VALID = 0, 1
RELU, RELU6 = 1, 3


def tflite_bytes(root: dict[int, Any]) -> bytes:
    """A file with this root table: a dict of its fields by number, where ("b", 3) is a number of that kind, an array a vector of
    numbers, another dict a table and a list a vector of tables."""
    out = bytearray(8)
    out[4:] = b"TFL3"
    struct.pack_into("<I", out, 0, _add(out, root))
    return bytes(out)


def _add(out: bytearray, part: Any) -> int:
    """The place of a part that is appended, its own parts behind it."""
    _align(out)
    if isinstance(part, dict):
        return _add_table(out, part)
    at = len(out)
    if isinstance(part, list):
        out += struct.pack("<I", len(part)) + bytes(4 * len(part))
        for i, item in enumerate(part):
            _point(out, at + 4 + 4 * i, item)
    else:
        out += struct.pack("<I", part.size) + part.tobytes()
    return at


def _add_table(out: bytearray, fields: dict[int, Any]) -> int:
    places, size = {}, 4
    for field, value in fields.items():
        places[field] = size
        size += struct.calcsize("<" + value[0]) if isinstance(value, tuple) else 4
    listed = [places.get(field, 0) for field in range(max(fields, default=-1) + 1)]
    head = struct.pack(f"<HH{len(listed)}H", 4 + 2 * len(listed), size, *listed)
    at = len(out) + len(head)
    out += head + struct.pack("<i", len(head)) + bytes(size - 4)
    for field, value in fields.items():
        if isinstance(value, tuple):
            struct.pack_into("<" + value[0], out, at + places[field], value[1])
        else:
            _point(out, at + places[field], value)
    return at


def _point(out: bytearray, place: int, part: Any) -> None:
    struct.pack_into("<I", out, place, _add(out, part) - place)


def _align(out: bytearray) -> None:
    out += bytes(-len(out) % 4)


class Network:
    """Tensors and operators as they are added; all have their numbers in the file."""

    def __init__(self) -> None:
        self.tensors: list[dict[int, Any]] = []
        self.buffers: list[dict[int, Any]] = [{}]
        self.operators: list[dict[int, Any]] = []
        self.codes: list[int] = []

    def tensor(self, *shape: int) -> int:
        self.tensors.append({0: np.array(shape, "<i4"), 1: ("b", KINDS["float32"]), 2: ("I", 0)})
        return len(self.tensors) - 1

    def constant(self, values: Any, scale: Any = None, zero: int = 0, along: int = 0) -> int:
        array = np.asarray(values)
        self.buffers.append({0: np.frombuffer(array.tobytes(), "u1")})
        shape = np.array(array.shape, "<i4")
        self.tensors.append({0: shape, 1: ("b", KINDS[array.dtype.name]), 2: ("I", len(self.buffers) - 1)})
        if scale is not None:
            scales = np.atleast_1d(np.asarray(scale, "<f4"))
            self.tensors[-1][4] = {2: scales, 3: np.full(len(scales), zero, "<i8"), 6: ("i", along)}
        return len(self.tensors) - 1

    def add(self, code: int, inputs: list[int], shape: tuple[int, ...], options: dict[int, Any] | None = None) -> int:
        if code not in self.codes:
            self.codes.append(code)
        output = self.tensor(*shape)
        operator = {0: ("I", self.codes.index(code)), 1: np.array(inputs, "<i4"), 2: np.array([output], "<i4")}
        self.operators.append(operator | ({} if options is None else {3: ("B", 1), 4: options}))
        return output

    def root(self, inputs: list[int], outputs: list[int]) -> dict[int, Any]:
        graph = {0: self.tensors, 1: np.array(inputs, "<i4"), 2: np.array(outputs, "<i4"), 3: self.operators}
        codes = [{0: ("b", min(code, 127)), 3: ("i", code)} for code in self.codes]
        return {0: ("I", 3), 1: codes, 2: [graph], 4: self.buffers}


def small_network(seed: int = 0, styles: int = 5) -> tuple[dict[int, Any], dict[str, Any]]:
    """A transformer in small for pictures of 8 x 8 (its root table), and its weights as they are stored."""
    generator = np.random.default_rng(seed)
    stored = {
        "kernel": generator.integers(-127, 128, (4, 3, 3, 3)).astype("i1"),
        "kernel_scale": generator.uniform(0.001, 0.003, 4).astype("<f4"),
        "bias": generator.integers(-1000, 1000, 4).astype("<i4"),
        "bias_scale": generator.uniform(1e-4, 3e-4, 4).astype("<f4"),
        "depthwise": generator.normal(0, 0.3, (1, 3, 3, 4)).astype("<f2"),
        "zero": np.zeros(4, "<f4"),
        "by_style": generator.normal(0, 0.5, (4, 1, 1, styles)).astype("<f4"),
        "last": generator.normal(0, 0.5, (3, 1, 1, 4)).astype("<f4"),
    }
    network = Network()
    photo, style = network.tensor(1, 8, 8, 3), network.tensor(1, 1, 1, styles)
    margins = network.constant(np.array([[0, 0], [1, 1], [1, 1], [0, 0]], "<i4"))
    wide = network.add(QUANTIZE, [network.add(MIRROR_PAD, [photo, margins], (1, 10, 10, 3), {0: ("b", 0)})], (1, 10, 10, 3))
    kernel, bias = (
        network.constant(stored["kernel"], stored["kernel_scale"]),
        network.constant(stored["bias"], stored["bias_scale"]),
    )
    hidden = network.add(CONV, [wide, kernel, bias], (1, 8, 8, 4), convolution(VALID, 1, RELU))
    halved = network.add(DEQUANTIZE, [network.constant(stored["depthwise"])], (1, 3, 3, 4))
    zero = network.constant(stored["zero"])
    hidden = network.add(DEPTHWISE, [hidden, halved, zero], (1, 4, 4, 4), depthwise(SAME, 2, RELU6))
    hidden = _normed(
        network,
        hidden,
        network.add(CONV, [style, network.constant(stored["by_style"]), zero], (1, 1, 1, 4), convolution(SAME, 1, 0)),
    )
    hidden = network.add(ENLARGE, [hidden, network.constant(np.array([8, 8], "<i4"))], (1, 8, 8, 4), {0: ("b", 0)})
    hidden = network.add(
        CONV,
        [hidden, network.constant(stored["last"]), network.constant(np.zeros(3, "<f4"))],
        (1, 8, 8, 3),
        convolution(SAME, 1, 0),
    )
    return network.root([photo, style], [network.add(LOGISTIC, [hidden], (1, 8, 8, 3))]), stored


def _normed(network: Network, hidden: int, shift: int) -> int:
    """As converters write an instance norm: of variance 1, and mean ``shift``."""
    axes, keep = network.constant(np.array([1, 2], "<i4")), {0: ("b", 1)}
    mean = network.add(MEAN, [hidden, axes], (1, 1, 1, 4), keep)
    squares = network.add(SQUARED_DIFFERENCE, [hidden, mean], (1, 4, 4, 4))
    variance = network.add(MEAN, [squares, axes], (1, 1, 1, 4), keep)
    epsilon = network.constant(np.array(5, "i1"), 0.002, 0)
    gain = network.add(RSQRT, [network.add(ADD, [variance, epsilon], (1, 1, 1, 4), {0: ("b", 0)})], (1, 1, 1, 4))
    moved = network.add(SUB, [shift, network.add(MUL, [mean, gain], (1, 1, 1, 4))], (1, 1, 1, 4))
    return network.add(ADD, [network.add(MUL, [hidden, gain], (1, 4, 4, 4)), moved], (1, 4, 4, 4))


def convolution(padding: int, stride: int, activation: int) -> dict[int, Any]:
    return {0: ("b", padding), 1: ("i", stride), 2: ("i", stride), 3: ("b", activation)}


def depthwise(padding: int, stride: int, activation: int) -> dict[int, Any]:
    return {0: ("b", padding), 1: ("i", stride), 2: ("i", stride), 3: ("i", 1), 4: ("b", activation)}


def write_tflite(path: Path, root: dict[int, Any]) -> Path:
    path.write_bytes(tflite_bytes(root))
    return path
