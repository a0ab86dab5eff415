"""A small writer of Torch7's binary files, and the networks of fast-neural-style and texture_nets as their code builds them."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np

KINDS = {"float32": "Float", "float64": "Double", "int64": "Long", "uint8": "Byte"}


class Module:
    """An object of a class with a table of fields."""

    def __init__(self, class_name: str, **fields: Any) -> None:
        self.class_name, self.fields = class_name, fields


class Torch7Writer:
    """Values one after another; the same object twice is written once and referred to."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.known: dict[int, int] = {}
        self.kept: list[Any] = []

    def write(self, value: Any) -> None:
        if value is None:
            self.ints(0)
        elif isinstance(value, (bool, np.bool_)):
            self.ints(5, int(value))
        elif isinstance(value, (int, float)):
            self.ints(1)
            self.out += struct.pack("<d", value)
        elif isinstance(value, str):
            self.ints(2)
            self.text(value)
        elif isinstance(value, (list, dict)):
            self.table(value)
        elif isinstance(value, Module):
            self.module(value)
        else:
            self.tensor(np.asarray(value))

    def ints(self, *values: int) -> None:
        self.out += struct.pack(f"<{len(values)}i", *values)

    def longs(self, *values: int) -> None:
        self.out += struct.pack(f"<{len(values)}q", *values)

    def text(self, text: str) -> None:
        data = text.encode()
        self.ints(len(data))
        self.out += data

    def is_new(self, value: Any, kind: int) -> bool:
        """Write kind and index; whether the content has to follow."""
        new = id(value) not in self.known
        self.known.setdefault(id(value), len(self.known) + 1)
        self.kept.append(value)  # so that no other value gets its id
        self.ints(kind, self.known[id(value)])
        return new

    def table(self, value: list[Any] | dict[Any, Any]) -> None:
        if self.is_new(value, 3):
            items = dict(enumerate(value, start=1)) if isinstance(value, list) else value
            self.ints(len(items))
            for key, item in items.items():
                self.write(key)
                self.write(item)

    def named(self, class_name: str) -> None:
        self.text("V 1")
        self.text(class_name)

    def module(self, value: Module) -> None:
        if self.is_new(value, 4):
            self.named(value.class_name)
            self.table(value.fields)

    def tensor(self, value: np.ndarray) -> None:
        kind = KINDS[value.dtype.name]
        if self.is_new(value, 4):
            self.named(f"torch.{kind}Tensor")
            content = np.array(value, order="C")  # another object: a storage has an index of its own
            self.ints(content.ndim)
            self.longs(*content.shape)
            self.longs(*(stride // content.itemsize for stride in content.strides))
            self.longs(1)
            if not content.size:
                self.ints(0)
            elif self.is_new(content, 4):
                self.named(f"torch.{kind}Storage")
                self.longs(content.size)
                self.out += content.tobytes()


def write_torch7(path: Path, value: Any) -> Path:
    writer = Torch7Writer()
    writer.write(value)
    path.write_bytes(writer.out)
    return path


class Builder:
    """Modules with random weights, all fields that Torch7 saves with them."""

    def __init__(self, seed: int = 0, package: str = "nn") -> None:
        self.random = np.random.default_rng(seed)
        self.package = package

    def sequence(self, *modules: Module) -> Module:
        return Module("nn.Sequential", modules=list(modules), train=False, _type="torch.FloatTensor")

    def numbers(self, *shape: int, scale: float) -> np.ndarray:
        return (self.random.standard_normal(shape) * scale).astype(np.float32)

    def conv(self, before: int, after: int, kernel: int, stride: int = 1, pad: int = 0) -> Module:
        weight = self.numbers(after, before, kernel, kernel, scale=(before * kernel**2) ** -0.5)
        sizes = {"kW": kernel, "kH": kernel, "dW": stride, "dH": stride, "padW": pad, "padH": pad}
        bias = self.numbers(after, scale=0.1)
        name = f"{self.package}.SpatialConvolution"
        return Module(name, nInputPlane=before, nOutputPlane=after, weight=weight, bias=bias, groups=1, train=False, **sizes)

    def full(self, before: int, after: int) -> Module:
        weight = self.numbers(before, after, 3, 3, scale=(before * 9 / 4) ** -0.5)
        sizes = {"kW": 3, "kH": 3, "dW": 2, "dH": 2, "padW": 1, "padH": 1, "adjW": 1, "adjH": 1}
        bias = self.numbers(after, scale=0.1)
        return Module("nn.SpatialFullConvolution", nInputPlane=before, nOutputPlane=after, weight=weight, bias=bias, **sizes)

    def norm(self, channels: int, kind: str) -> Module:
        weight, bias = self.numbers(channels, scale=0.3) + np.float32(1), self.numbers(channels, scale=0.2)
        mean, var = self.numbers(channels, scale=0.2), np.abs(self.numbers(channels, scale=1)) + np.float32(0.5)
        fields = {"weight": weight, "bias": bias, "eps": 1e-5, "running_mean": mean, "running_var": var, "train": False}
        return Module(f"nn.{kind}", nOutput=channels, prev_N=-1, momentum=0.1, affine=True, **fields)

    def relu(self) -> Module:
        return Module("nn.ReLU", inplace=True, val=0, threshold=0, train=False)

    def pad(self, size: int, kind: str = "Reflection") -> Module:
        return Module(f"nn.Spatial{kind}Padding", pad_l=size, pad_r=size, pad_t=size, pad_b=size)

    def residual(self, channels: int, norm: str, pad: str = "none") -> Module:
        edge = [] if pad == "none" else [self.pad(1, pad)]
        body = [*edge, self.conv(channels, channels, 3), self.norm(channels, norm), self.relu()]
        body += [*edge, self.conv(channels, channels, 3), self.norm(channels, norm)]
        beside = Module("nn.ShaveImage", size=2) if pad == "none" else Module("nn.Identity")
        paths = Module("nn.ConcatTable", modules=[self.sequence(*body), beside])
        return self.sequence(paths, Module("nn.CAddTable", inplace=False))

    def johnson(self, norm: str, width: int = 8, up: str = "full", pad: int = 40) -> dict[str, Any]:
        """A checkpoint of fast-neural-style with padding_type reflect-start, and what else its file holds."""
        two, four = 2 * width, 4 * width

        def enlarged(before: int, after: int) -> list[Module]:
            if up == "full":
                return [self.full(before, after), self.norm(after, norm), self.relu()]
            nearest = Module("nn.SpatialUpSamplingNearest", scale_factor=2)
            first = [nearest, self.norm(before, norm), self.relu()]
            return [*first, self.conv(before, after, 3, pad=1), self.norm(after, norm), self.relu()]

        model = self.sequence(
            self.pad(pad),
            *(self.conv(3, width, 9, pad=4), self.norm(width, norm), self.relu()),
            *(self.conv(width, two, 3, 2, 1), self.norm(two, norm), self.relu()),
            *(self.conv(two, four, 3, 2, 1), self.norm(four, norm), self.relu()),
            *(self.residual(four, norm) for _ in range(5)),
            *enlarged(four, two),
            *enlarged(two, width),
            self.conv(width, 3, 9, pad=4),
            Module("nn.Tanh"),
            Module("nn.MulConstant", constant_scalar=150.0, inplace=False),
            Module("nn.TotalVariation", strength=1e-6),
        )
        return {"opt": {"arch": "c9s1-32", "gpu": -1, "tv_strength": 1e-6}, "loss_history": [1.0, 0.5], "model": model}

    def texture_net(self, width: int = 8) -> Module:
        """texture_nets' johnson model: a network without a table around it, mirrored or repeated edges."""
        norm, two = "InstanceNormalization", 2 * width
        return self.sequence(
            *(self.pad(4, "Replication"), self.conv(3, width, 9), self.norm(width, norm), self.relu()),
            *(self.pad(1, "Replication"), self.conv(width, two, 3, 2), self.norm(two, norm), self.relu()),
            self.residual(two, norm, "Replication"),
            *(self.full(two, width), self.norm(width, norm), self.relu()),
            *(self.pad(1, "Replication"), self.conv(width, 3, 3), Module("nn.TVLoss", strength=0)),
        )

    def noisy(self, fill: Module, before: int, out: int = 3, width: int = 6) -> Module:
        """Ulyanov's networks with noise at two scales, the coarse one beside the fine; ``before``: channels after ``fill``."""
        norm, edge = "SpatialBatchNormalization", "Replication"
        deep = self.sequence(
            *(self.pad(1, edge), self.conv(before, width, 3, 2), self.norm(width, norm), self.leaky()),
            Module("nn.Concat", dimension=2, modules=[Module("nn.GenNoise", num_planes=2, mult=1), Module("nn.Identity")]),
            *(self.pad(1, edge), self.conv(width + 2, width, 3), self.norm(width, norm), self.leaky()),
            Module("nn.SpatialUpSamplingNearest", scale_factor=2),
            self.norm(width, norm),
        )
        skip = Module("nn.Concat", dimension=2, modules=[Module("nn.GenNoise", num_planes=2, mult=1), Module("nn.Identity")])
        both = Module("nn.Concat", dimension=2, modules=[self.sequence(skip), deep])
        return self.sequence(fill, both, self.conv(before + 2 + width, out, 1))

    def leaky(self) -> Module:
        return Module("nn.LeakyReLU", negval=0.01, inplace=True)

    def doodle(self, colors: int) -> Module:
        """online-neural-doodle's form: masks of so many colours go in."""
        more = {"num_noise_channels": 0, "num_mask_noise_times": 0, "mult_noise": 1, "mult_noise_mask": 1, "out_size": colors}
        return self.noisy(Module("nn.NoiseFill", n_colors=colors, **more), colors)
