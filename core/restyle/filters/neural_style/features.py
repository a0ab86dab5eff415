"""Which network describes content and style, and which of its layers count how much at which size of the picture.

By VGG-19, deep layers make forms where the picture is small, and shallow ones strokes at its full size. The encoder's
deepest layer tells less, and makes forms where they are looked at: at full size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidParameter
from restyle.contract.sentence import said
from restyle.features.perceptual import PerceptualName, automatic_network, load_perceptual
from restyle.filters.neural_style import NeuralStyleParams
from restyle.networks.features import FeatureTrunk

__all__ = ["Features", "Layers", "load_features", "network_name"]

LayerWeights = Mapping[str, float]

LARGEST_COARSE_PX = 384
"""Longer side up to which a picture is laid out, and beyond which its strokes are made."""

# The paper's layers: style conv1_1 to conv5_1 alike, content conv4_2.
_VGG_STYLE = dict.fromkeys(("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"), 0.2)
_STYLE = dict.fromkeys(("relu1_1", "relu2_1", "relu3_1", "relu4_1"), 0.2)
_VGG_CONTENT = {"relu4_2": 1.0}
_DEEP_CONTENT = {"relu4_1": 1.0}
# Where strokes are made. The encoder's relu5_1 is a third off VGG-19's: what of it cannot be reached outweighs all that can,
# unless it counts little. On smaller pictures it took the photo away and made no larger forms. VGG-19's would cost most here.
_DEEP_FINE_STYLE = {**_STYLE, "relu5_1": 0.05}
# Content is held by a layer that sees windows, too, and by relu4_1, which keeps the forms.
_FINE_CONTENT = {"relu3_1": 0.5, "relu4_1": 1.0}


@dataclass(frozen=True)
class Layers:
    """The layers that style and content are compared in, with their weights."""

    style: LayerWeights
    content: LayerWeights


@dataclass(frozen=True)
class Features:
    """A network on its device, and the layers that count: up to `LARGEST_COARSE_PX`, and beyond."""

    network: FeatureTrunk
    coarse: Layers
    fine: Layers

    def layers_at(self, picture: Tensor) -> Layers:
        """Those that a picture (1, 3, H, W) of this size is compared in."""
        return self.coarse if max(picture.shape[2:]) <= LARGEST_COARSE_PX else self.fine


def network_name(params: NeuralStyleParams, context: Context) -> PerceptualName:
    """The network that ``params`` ask for: automatic is VGG-19 where it has been fetched, and else the one in the box."""
    if params.features == "automatic":
        return automatic_network(context)
    return "vgg19" if params.features == "vgg19" else "deep"


def load_features(params: NeuralStyleParams, context: Context) -> Features:
    """The network that ``params`` ask for.

    Raises WeightsUnavailable, WeightsDamaged, and InvalidParameter for a layer that the network does not have.
    """
    name = network_name(params, context)
    network = load_perceptual(name, context, pooling=params.pooling)
    if name == "vgg19":
        style, fine_style, content = _VGG_STYLE, _STYLE, _VGG_CONTENT
    else:
        style, fine_style, content = _STYLE, _DEEP_FINE_STYLE, _DEEP_CONTENT

    def chosen(style: LayerWeights, content: LayerWeights) -> Layers:
        return Layers(
            _chosen(network, "style_layer_weights", params.style_layer_weights, style),
            _chosen(network, "content_layer_weights", params.content_layer_weights, content),
        )

    return Features(network, chosen(style, content), chosen(fine_style, _FINE_CONTENT))


def _chosen(network: FeatureTrunk, name: str, wanted: LayerWeights, default: LayerWeights) -> LayerWeights:
    """The layers that count: those of a weight above zero, or the default where none are named."""
    unknown = sorted(set(wanted) - set(network.layers))
    if unknown:
        raise InvalidParameter(
            name, said("there is no layer {unknown}, take some of {names}", unknown=unknown[0], names=", ".join(network.layers))
        )
    chosen = {layer: weight for layer, weight in wanted.items() if weight > 0} if wanted else default
    if not chosen:
        raise InvalidParameter(name, said("all weights are 0, give at least one layer more"))
    return chosen
