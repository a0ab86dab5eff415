"""The networks whose features say what a picture is like, by the name that a person chooses them by."""

from __future__ import annotations

from typing import Literal

from safetensors import SafetensorError

from restyle.context import Context
from restyle.contract.errors import WeightsDamaged
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.encoder import CompactEncoder
from restyle.networks.features import FeatureTrunk, Pooling
from restyle.networks.vgg import vgg19_from_state_dict

__all__ = ["PerceptualName", "load_perceptual"]

PerceptualName = Literal["compact", "vgg19"]


def load_perceptual(name: PerceptualName, context: Context, pooling: Pooling = "max") -> FeatureTrunk:
    """The network on the context's device, in its precision, not to be trained; raises WeightsUnavailable, WeightsDamaged."""
    network = _vgg19(context, pooling) if name == "vgg19" else _compact(context, pooling)
    device = context.device
    network = network.to(device=device.torch_device, dtype=device.precision)
    return network.to(memory_format=device.memory_format)  # type: ignore[no-any-return, call-overload]


def _compact(context: Context, pooling: Pooling) -> FeatureTrunk:
    path = context.store.path("compact-encoder")
    try:
        return CompactEncoder.from_file(path, pooling)
    except (SafetensorError, RuntimeError, OSError) as error:
        raise WeightsDamaged(path, "it is broken or of another form") from error


def _vgg19(context: Context, pooling: Pooling) -> FeatureTrunk:
    path = context.store.path("vgg19")
    try:
        return vgg19_from_state_dict(read_state_dict(path), pooling)
    except (KeyError, ValueError) as error:
        raise WeightsDamaged(path, "it is no VGG-19") from error
