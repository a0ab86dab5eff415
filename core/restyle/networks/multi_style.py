"""One feed-forward network for many styles: Johnson et al. 2016 with conditional instance norms (Dumoulin et al. 2017).

Where we differ: the first convolution already strides and nothing but the last two layers works at full size, which is where
the time goes; widths are half of Johnson's; neighbours are repeated where Johnson transposes convolutions, which leaves no
checkerboard (Odena et al. 2016). All that tells one style from another are the norms' weights and biases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor, nn

from restyle.networks import blocks
from restyle.networks.blocks import ChannelAffine, ConditionalInstanceNorm, ConvLayer, Residual
from restyle.networks.saving import save_whole

__all__ = [
    "MULTI_STYLE",
    "MultiStyleShape",
    "StyleName",
    "multi_style_network",
    "names_of",
    "network_of",
    "read_multi_style",
    "save_multi_style",
    "select_styles",
    "style_tables",
    "trunk_hash",
]

CONTRAST = 4.0  # RGB in 0..1 becomes -2..2, about unit deviation
KIND = "multi-style"
MAX_CHANNELS, MAX_BLOCKS, MAX_STYLES = 512, 32, 1024  # far above what is ours: a file that says more is damaged


@dataclass(frozen=True)
class MultiStyleShape:
    """Sizes of the network: channels at half, quarter, half and full size, and the number of residual blocks."""

    widths: tuple[int, ...] = (32, 80, 32, 16)
    blocks: int = 5


@dataclass(frozen=True)
class StyleName:
    """One style of a network: its id in settings, and the words that a person reads."""

    id: str
    title: str
    artist: str = ""


MULTI_STYLE = MultiStyleShape()


def multi_style_network(
    styles: int, shape: MultiStyleShape = MULTI_STYLE, norm: type[ConditionalInstanceNorm] = ConditionalInstanceNorm
) -> blocks.Sequence:
    """Return the network with random weights: RGB (N, 3, H, W) in 0..1 and a mixture (N or 1, styles) to RGB of about 0..1.

    Sides that are no multiples of 4 come out as the next one.
    """
    half, quarter, half_again, full = shape.widths

    def layer(into: int, out: int, kernel: int, stride: int = 1, upsample: int = 1) -> tuple[nn.Module, ...]:
        convolution = ConvLayer(into, out, kernel, stride=stride, upsample=upsample, bias=False)
        return convolution, norm(out, styles)

    def residual() -> Residual:
        return Residual(blocks.Sequence(*layer(quarter, quarter, 3), nn.ReLU(), *layer(quarter, quarter, 3)))

    return blocks.Sequence(
        ChannelAffine(torch.full((3,), CONTRAST), torch.full((3,), -CONTRAST / 2)),
        *layer(3, half, 5, stride=2), nn.ReLU(),
        *layer(half, quarter, 3, stride=2), nn.ReLU(),
        *(residual() for _ in range(shape.blocks)),
        *layer(quarter, half_again, 3, upsample=2), nn.ReLU(),
        *layer(half_again, full, 3, upsample=2), nn.ReLU(),
        ConvLayer(full, 3, 5),
        ChannelAffine(torch.full((3,), 1 / CONTRAST), torch.full((3,), 0.5)),
    )  # fmt: skip


def network_of(metadata: Mapping[str, str], norm: type[ConditionalInstanceNorm] = ConditionalInstanceNorm) -> blocks.Sequence:
    """Return the network, with random weights, that a file's metadata describe; ValueError where they describe none."""
    try:
        architecture = json.loads(metadata["architecture"])
        widths, count, styles = architecture["widths"], architecture["blocks"], architecture["styles"]
        sound = architecture["kind"] == KIND and len(widths) == 4 and all(1 <= int(width) <= MAX_CHANNELS for width in widths)
        sound = sound and 0 <= int(count) <= MAX_BLOCKS and 1 <= int(styles) <= MAX_STYLES
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("these metadata describe no network of styles") from error
    if not sound:
        raise ValueError("these metadata describe no network of styles, or an absurd one")
    return multi_style_network(int(styles), MultiStyleShape(tuple(int(width) for width in widths), int(count)), norm)


def names_of(metadata: Mapping[str, str]) -> tuple[StyleName, ...]:
    """Return the styles' names in the order of the tables; ValueError where a file does not give them."""
    try:
        entries = json.loads(metadata["styles"])
        return tuple(StyleName(str(entry["id"]), str(entry["title"]), str(entry.get("artist", ""))) for entry in entries)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError("these metadata name no styles") from error


def read_multi_style(path: str | Path) -> tuple[blocks.Sequence, tuple[StyleName, ...]]:
    """Read a network in float32, in evaluation mode.

    ValueError or RuntimeError where it is something else, SafetensorError and OSError where it cannot be read.
    """
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        network, names = network_of(metadata), names_of(metadata)
        state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - no mapping
    network.load_state_dict(state)
    return network.requires_grad_(False).eval(), names


def save_multi_style(
    path: str | Path,
    state: Mapping[str, Tensor],
    names: Sequence[StyleName],
    shape: MultiStyleShape = MULTI_STYLE,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write a network in float16; the name appears when all is written. Raises OSError and SafetensorError."""
    half = {name: tensor.detach().half().contiguous().cpu() for name, tensor in state.items()}
    architecture = {"kind": KIND, "widths": shape.widths, "blocks": shape.blocks, "styles": len(names)}
    described = {
        "architecture": json.dumps(architecture),
        "styles": json.dumps([asdict(name) for name in names], ensure_ascii=False),
        "trunk": trunk_hash(state),
        "version": "1",
        **(metadata or {}),
    }
    save_whole(half, path, described)


def style_tables(state: Mapping[str, Tensor]) -> list[str]:
    """Return the names of the tensors (styles, C) in a state: all else is the trunk that styles share."""
    return [name for name, tensor in state.items() if tensor.ndim == 2]


def select_styles(state: Mapping[str, Tensor], indices: list[int]) -> dict[str, Tensor]:
    """Return the state of a network that has these styles only, in this order."""
    tables = set(style_tables(state))
    return {name: tensor[indices].clone() if name in tables else tensor for name, tensor in state.items()}


def trunk_hash(state: Mapping[str, Tensor]) -> str:
    """Return a fingerprint of all that styles share, as float16: the styles of networks of equal trunk can be mixed."""
    digest = hashlib.sha256()
    tables = set(style_tables(state))
    for name in sorted(set(state) - tables):
        digest.update(name.encode())
        digest.update(state[name].detach().half().contiguous().cpu().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:16]
